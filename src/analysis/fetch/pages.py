"""What the publisher's pages say: which editions there are, and where the files of one lie. Parsed, never executed."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from analysis.extracts.months import censuses_in_name
from analysis.fetch.errors import FetchError, NotPublishedError
from analysis.fetch.publisher import Publication, SourceFile
from analysis.fetch.site import Site

_MOST_BYTES_IN_NAME = 150  # of UTF-8; file systems allow 255, and a copy's note and the record's ending come on top
_NOT_IN_NAMES = '<>:"/\\|?*'  # on one system or another


def links(page: str) -> list[str]:
    """The ``href`` of every link of a page, in order, each once."""
    found = (anchor.attributes.get("href") or "" for anchor in LexborHTMLParser(page).css("a[href]"))
    return list(dict.fromkeys(href for href in found if href.strip()))


def editions(page: str, publication: Publication) -> dict[str, str]:
    """The editions that a publication's page links to: month (``YYYY-MM``) and link, newest first."""
    found: dict[str, str] = {}
    for href in links(page):
        month = publication.edition_of(unquote(_path(href)))
        if month:
            found.setdefault(month, href)
    return dict(sorted(found.items(), reverse=True))


def addresses(page: str, page_url: str, source: SourceFile, month: str, site: Site) -> list[str]:
    """The addresses at which a page has a file, those named for ``month`` first.

    Raises
    ------
    NotPublishedError
        The page links to no such file.
    FetchError
        It does, at another host alone.
    """
    fitting = [href for href in links(page) if source.fits(unquote(_path(href)))]
    if not fitting:
        raise NotPublishedError(
            f"{page_url} links to no file whose address ends in {' or '.join(source.endings)} and contains "
            f"{source.contains!r}.",
            "Files are found by their address; the page has none of this kind, or its files have new names.",
            "Open the page in a browser. If the file is there, put it into RAW, and bring "
            "src/analysis/fetch/publisher.toml up to date.",
        )
    found: list[str] = []
    refused: FetchError | None = None
    for href in fitting:
        try:
            address = site.resolve(href, page_url)
        except FetchError as error:
            refused = refused or error
            continue
        if address not in found:
            found.append(address)
    if not found and refused:
        raise refused
    return sorted(found, key=lambda address: month not in censuses_in_name(file_name(address)))


def file_name(address: str) -> str:
    """The name that a file at ``address`` gets on this disk: never a path, never hidden, never too long."""
    name = unquote(_path(address).rpartition("/")[2])
    name = "".join("_" if c in _NOT_IN_NAMES or not c.isprintable() else c for c in name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    while len(f"{stem}{dot}{ending}".encode()) > _MOST_BYTES_IN_NAME and stem:
        stem = stem[:-1]
    return f"{stem}{dot}{ending}"[:_MOST_BYTES_IN_NAME] or "file"


def _path(href: str) -> str:
    try:
        return urlsplit(href.strip()).path
    except ValueError:
        return ""
