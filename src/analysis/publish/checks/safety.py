"""Rules of safety: nothing from elsewhere, nothing of this machine, no text that has become markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.publish.checks.fault import Fault
from analysis.publish.checks.page_tree import Element, PageTree
from analysis.publish.checks.source import Source
from analysis.publish.paths import own_places
from analysis.publish.shell import csp_hash

_LOADING = frozenset(
    ["src", "srcset", "poster", "data", "background", "action", "formaction", "manifest", "ping", "xlink:href"]
)
_CSS_REMOTE = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)", re.IGNORECASE)
_SCHEME = re.compile(r"^\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINK_SCHEMES = {"http", "https", "mailto"}  # followed by the reader's own choice, never loaded by the page
# What our templates and results make. Anything else is text that was not escaped.
_DOCUMENT = "html head meta title style body script header footer main nav section article div p span a br hr"
_TEXT = (
    "h1 h2 h3 h4 h5 h6 ul ol li dl dt dd dfn table caption thead tbody tfoot tr th td colgroup col figure figcaption "
    "details summary strong em b i small sub sup abbr code pre kbd samp q cite blockquote time data img del s ins "
    "wbr mark bdi"
)
_CONTROLS = "fieldset legend label input button output dialog"
_DRAWING = (
    "svg g path rect circle ellipse line polyline polygon text tspan desc defs clippath lineargradient radialgradient "
    "stop use symbol pattern marker mask"
)
_KNOWN = frozenset(name for names in (_DOCUMENT, _TEXT, _CONTROLS, _DRAWING) for name in names.split())


def remote(page: PageTree) -> Iterator[Fault]:
    """Nothing is loaded: what the page needs is in it."""
    for element in page.elements:
        for name, value in element.attributes.items():
            if name in _LOADING and not (value or "").startswith(("data:image/", "#")):
                yield page.fault("no remote address", element, f"{name} would load {(value or '')[:60]!r}")
    for element in page.named("link", "image", "use", "base"):
        href = element.get("href") if "href" in element.attributes else "#"
        if not href.startswith(("#", "data:image/")):
            yield page.fault("no remote address", element, f"href would load {href[:60]!r}")
    for element in page.named("meta"):
        if element.get("http-equiv").lower() == "refresh":
            yield page.fault("no remote address", element, "the page would send its reader elsewhere")
    for element in page.named("style"):
        if _CSS_REMOTE.search(element.node.text()):
            yield page.fault("no remote address", element, "the style would load something")


def machine_paths(html: str) -> Iterator[Fault]:
    """No path of the machine that made the page, in text or in attributes."""
    for match in re.finditer("|".join(rf"{re.escape(place)}[/\\][^\s<>\"']*" for place in own_places()), html):
        line = html.count("\n", 0, match.start()) + 1
        yield Fault("no path of a machine", match[0][:100], line, "the page names a place on the machine that made it")


def control_characters(html: str) -> Iterator[Fault]:
    """No character that no text has: a zero byte, say, which browsers and readers each treat in their own way."""
    for match in _CONTROL.finditer(html):
        line = html.count("\n", 0, match.start()) + 1
        yield Fault("no control character", repr(match[0]), line, "the page holds a control character")


def escaped(page: PageTree) -> Iterator[Fault]:
    """No element, attribute or address that our templates do not make: it would be text that was not escaped."""
    yield from lost_elements(page.source)
    for element in page.elements:
        if element.name not in _KNOWN:
            yield page.fault("no unescaped text", element, f"<{element.name}> is no element of our pages")
        for name, value in element.attributes.items():
            if name.startswith("on"):
                yield page.fault("no unescaped text", element, f"{name} is an event handler")
            if name in {"style", "srcdoc", "is"}:
                yield page.fault("no unescaped text", element, f"the attribute {name} is not used on our pages")
            scheme = _SCHEME.match(value or "") if name in {"href", "xlink:href"} else None
            if scheme and scheme[1].lower() not in _LINK_SCHEMES:
                yield page.fault("no unescaped text", element, f"the address begins {scheme[0]!r}")
    for script in _running_scripts(page)[:-1]:
        yield page.fault("no unescaped text", script, "only the last script of the page is ours")


def lost_elements(source: Source) -> Iterator[Fault]:
    """No start tag that becomes no element."""
    for name, line in source.lost():
        message = "there can be no such element where it stands, and browsers pass over it"
        yield Fault("no unescaped text", f"<{name}>", line, message)


def _running_scripts(page: PageTree) -> list[Element]:
    """The scripts that a browser runs: a block of JSON is text to it, whatever stands in it."""
    return [script for script in page.named("script") if script.get("type") != "application/json"]


def policy(page: PageTree) -> Iterator[Fault]:
    """The policy is there, allows nothing by default, and names our style and script by true hashes."""
    policies = (each for each in page.named("meta") if each.get("http-equiv").lower() == "content-security-policy")
    meta = next(policies, None)
    if meta is None:
        yield Fault("content security policy", "<head>", None, "the page has no Content-Security-Policy")
        return
    content = meta.get("content")
    directives = {part.split()[0]: part.split()[1:] for part in content.split(";") if part.split()}
    if directives.get("default-src") != ["'none'"]:
        yield page.fault("content security policy", meta, "default-src is not 'none'")
    if "unsafe" in content or "*" in content or "http" in content:
        yield page.fault("content security policy", meta, "the policy allows more than the page needs")
    for name, directive in (("style", "style-src"), ("script", "script-src")):
        found = _running_scripts(page) if name == "script" else page.named(name)
        for element in found:
            if csp_hash(element.node.text()) not in directives.get(directive, []):
                yield page.fault("content security policy", element, f"{directive} does not name this element's hash")
        if len(directives.get(directive, [])) != len(found):
            yield page.fault("content security policy", meta, f"{directive} names a hash that no element has")


RULES = (remote, escaped, policy)
