"""What every reader returns: a typed table, and what was noticed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from analysis.characters import printable

Kind = Literal["bulletin", "deprivation", "patients", "practice_map", "workforce"]


class SetAside(Exception):  # noqa: N818 - says what happens to the file
    """A file that a report can do without cannot be used: it is listed with this reason.

    The reason continues a sentence that begins with the file's name.
    """


@dataclass(frozen=True)
class Note:
    """Something the reader of a report should know about an input.

    ``text`` continues a sentence that begins with the file's name. ``census`` is the month it is about, so that a
    report of an earlier period does not show it; ``None`` when it is about the whole file.
    """

    text: str
    census: str | None = None

    def __post_init__(self) -> None:
        """Names and cells are quoted in a note: only what can be printed is kept of them."""
        object.__setattr__(self, "text", printable(self.text))


@dataclass(frozen=True)
class Reading:
    """One extract as read: ``table`` (pyarrow), how many rows it has for each census month, and the notes.

    Of deprivation scores ``rows`` has years, ``YYYY``.
    """

    kind: Kind
    table: Any
    rows: Mapping[str, int]
    encoding: str
    synthetic: bool
    notes: tuple[Note, ...] = ()
