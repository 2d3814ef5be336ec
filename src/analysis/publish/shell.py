"""The furniture that every page shares: base template, style, script, and a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


# In this order: later rules win in a style, and scripts use the helpers.
STYLES = (
    *("base", "page_frame", "contents", "first_screen", "tables", "charts", "origins", "lists"),
    *("area_finder", "icb_tiles", "dark", "forced_colours", "print"),
)
SCRIPTS = (
    *("helpers", "tables", "origins", "charts", "headings", "contents", "details", "search"),
    *("area_finder", "icb_tiles"),
)


@cache
def _parts(folder: str, names: tuple[str, ...], suffix: str) -> str:
    texts = [(TEMPLATES / folder / f"{name}{suffix}").read_text(encoding="utf-8") for name in names]
    # Each page carries them: without the spaces that stand before lines for whoever reads the sources.
    return "\n".join(line.strip() for text in texts for line in text.splitlines())


# Parts that only a page with the element of this class needs: pages of areas are sent by e-mail, and are kept small.
NEEDED_WITH = {"area_finder": 'class="area-finder"', "icb_tiles": 'class="icb-tiles"'}


def _needed(names: tuple[str, ...], body: str) -> tuple[str, ...]:
    return tuple(name for name in names if NEEDED_WITH.get(name, "") in body)


def style(body: str = "") -> str:
    """The style of a page that holds ``body``, as it stands inside its element."""
    return f"\n{_parts('style', _needed(STYLES, body), '.css')}"


def script(body: str = "") -> str:
    """The script of a page that holds ``body``, in a scope of its own, as it stands inside its element.

    It adds to a page that is whole without it.
    """
    return f'\n(() => {{\n"use strict";\n{_parts("script", _needed(SCRIPTS, body), ".js")}}})();\n'


def csp_hash(text: str) -> str:
    """The hash by which a Content-Security-Policy allows an inline element.

    >>> csp_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def content_security_policy(style: str, script: str) -> str:
    """Allow this style, this script and images inside the page; nothing from anywhere else, and nothing sent."""
    return (
        f"default-src 'none'; style-src {csp_hash(style)}; script-src {csp_hash(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,  # every text may come from an extract
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, **values: object) -> str:
    """Fill a template. What is put in is escaped unless it knows how to show itself as HTML.

    A page has the style and the script that its ``body`` needs, and the policy that allows these two.
    """
    body = str(values.get("body", ""))
    furniture = {"style": Markup(style(body)), "script": Markup(script(body))}  # noqa: S704 our own files
    policy = content_security_policy(**furniture)
    return _environment().get_template(template).render(csp=policy, **furniture, **values)
