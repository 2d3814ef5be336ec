"""The furniture that every page shares: base template, style, script, and a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


@cache
def asset(name: str) -> str:
    """The text of ``style.css`` or ``script.js``, as it stands inside its element."""
    return "\n" + (TEMPLATES / name).read_text(encoding="utf-8").strip() + "\n"


def csp_hash(text: str) -> str:
    """The hash by which a Content-Security-Policy allows an inline element.

    >>> csp_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def content_security_policy() -> str:
    """Our style, our script, images inside the page; nothing from anywhere else and nothing sent."""
    return (
        f"default-src 'none'; style-src {csp_hash(asset('style.css'))}; script-src {csp_hash(asset('script.js'))}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,  # every text may come from an extract
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(asset=lambda name: Markup(asset(name)))  # noqa: S704 our own files
    return environment


def fill(template: str, **values: object) -> str:
    """Fill a template. What is put in is escaped unless it knows how to show itself as HTML."""
    return _environment().get_template(template).render(values)
