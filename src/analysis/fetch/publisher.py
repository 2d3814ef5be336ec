"""Where the extracts are published: addresses, files and limits, from ``publisher.toml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from analysis.extracts.months import MONTHS
from analysis.periods import census_date, census_of, shift
from analysis.registers.files import Entry, read_register

What = Literal["individual", "bulletin", "patients", "map"]
PUBLISHER_FILE = Path(__file__).parent / "publisher.toml"
# The last part of an edition's address, as "30-june-2026", "june-2026" or with more behind the year.
_EDITION = re.compile(r"(?:\d{1,2}(?:st|nd|rd|th)?-)?([a-z]+)-(20\d{2})(?!\d)")


class Publication(Entry):
    """A series of editions: its ``name``, the ``path`` of its page, and how an edition's address goes on from there."""

    name: str = Field(min_length=1)
    path: str = Field(pattern=r"^/[^?#]*[^/?#]$")
    edition: str = Field(pattern=r"\{month\}-\{year\}$")

    def edition_path(self, month: str) -> str:
        """The path of the page of the edition of ``month`` (``YYYY-MM``)."""
        day = census_date(month)
        return f"{self.path}/{self.edition.format(day=day.day, month=MONTHS[day.month - 1], year=day.year)}"

    def edition_of(self, path: str) -> str | None:
        """The month (``YYYY-MM``) of the edition whose page has this path, or ``None`` when it is no edition's."""
        head, _, last = path.rstrip("/").lower().rpartition("/")
        match = _EDITION.match(last)
        if head != self.path.lower() or match is None or match[1] not in MONTHS:
            return None
        return census_of(int(match[2]), MONTHS.index(match[1]) + 1)


class SourceFile(Entry):
    """One file of an edition, and how it is told among the links of the edition's page."""

    publication: str
    kind: str
    endings: tuple[str, ...] = Field(min_length=1)
    contains: str = Field(min_length=3)
    months_later: int = Field(ge=0, le=12)
    each_edition: bool

    def fits(self, path: str) -> bool:
        """Whether the path of an address is that of this file."""
        name = path.rpartition("/")[2].lower()
        return name.endswith(self.endings) and self.contains.lower() in name

    def edition_month(self, census: str) -> str:
        """The month in the name of the edition that goes with ``census``."""
        return shift(census, self.months_later)


class Limits(Entry):
    """Bounds on what is read and how long is waited; seconds and bytes. The reasons stand in ``publisher.toml``."""

    page_bytes: int = Field(gt=0)
    file_bytes: int = Field(gt=0)
    connect_seconds: float = Field(gt=0)
    read_seconds: float = Field(gt=0)
    total_seconds: float = Field(gt=0)
    attempts: int = Field(ge=1, le=10)
    first_wait_seconds: float = Field(ge=0)
    longest_wait_seconds: float = Field(ge=0)
    pause_seconds: float = Field(ge=0)
    redirects: int = Field(ge=0, le=20)


class Publisher(Entry):
    """The publisher's site as ``publisher.toml`` describes it."""

    hosts: tuple[str, ...] = Field(min_length=1)
    site: str = Field(pattern=r"^https://[^/?#]+$")
    licence: str = Field(min_length=1)
    publications: Mapping[str, Publication]
    files: Mapping[What, SourceFile]
    limits: Limits


def load_publisher(path: Path | None = None) -> Publisher:
    """Read ``publisher.toml``.

    Raises
    ------
    RegisterError
        It cannot be read, or a key or value in it is wrong.
    """
    file, publisher = read_register(PUBLISHER_FILE.name, Publisher, path or PUBLISHER_FILE)
    for name, source in publisher.files.items():
        if source.publication not in publisher.publications:
            raise file.error(f"files.{name}: publication {source.publication!r} is unknown", publisher.publications)
    return publisher
