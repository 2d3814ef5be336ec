"""Census months as the publisher writes them: in column headings, with their misspellings, and in file names."""

from __future__ import annotations

import datetime as dt
import difflib
import re

from analysis.periods import FIRST_CENSUS, census_of

# Written out, because calendar.month_name follows the locale of the process and the extracts do not.
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# "Janaury" (bulletin tables, Table 1a, 2024) is 0.86 like "january"; "june" and "july" are 0.5 like each other.
_ALIKE = 0.8
_SHORTEST = 3  # letters: "ma" and "ju" begin two months each
_NOTE = re.compile(r"\s*\[\s*notes?\b[^\]]*\]", re.IGNORECASE)
# The shorthand of official statistics behind a figure or a heading: [r] revised, [p] provisional, [x], [c], ...
_MARK = re.compile(r"\s*\[\s*[a-z]{1,2}\s*\]", re.IGNORECASE)
_WORD_YEAR = re.compile(r"([A-Za-z]+)\.?\s+(20\d{2})")
_WORD_YEAR_IN_NAME = re.compile(r"([A-Za-z]{3,})[\s_.-]*(20\d{2})(?!\d)")
_MONTH_YEAR_DIGITS = re.compile(r"(?<!\d)(0[1-9]|1[0-2])(20\d{2})(?!\d)")
_YEAR_MONTH_DIGITS = re.compile(r"(?<!\d)(20\d{2})[-_]?(0[1-9]|1[0-2])(?!\d)")


def without_notes(label: str) -> str:
    """``label`` without its ``[Note 8]`` or ``[Notes 11,12, 20]``, its white space made single.

    >>> without_notes("Social Workers  (Mental Health Practitioners) [Notes 12,20]")
    'Social Workers (Mental Health Practitioners)'
    """
    return " ".join(_NOTE.sub(" ", label).split())


def without_marks(text: str) -> tuple[str, tuple[str, ...]]:
    r"""``text`` without its notes and its shorthand, and the shorthand that stood there.

    >>> without_marks("12.5 [r]"), without_marks("August\n2023 [Note 4]")
    (('12.5', ('[r]',)), ('August 2023', ()))
    """
    plain = without_notes(text)
    rest = " ".join(_MARK.sub(" ", plain).split())
    return (rest, tuple(mark.strip() for mark in _MARK.findall(plain))) if rest else (plain, ())


def month_of_word(word: str) -> int | None:
    """The number of the month that ``word`` names, in full, shortened to three letters or more, or misspelt."""
    lowered = word.lower()
    if len(lowered) < _SHORTEST:
        return None
    for number, name in enumerate(MONTHS, start=1):
        if name.startswith(lowered):
            return number
    close = difflib.get_close_matches(lowered, MONTHS, n=1, cutoff=_ALIKE)
    return MONTHS.index(close[0]) + 1 if close else None


def census_of_heading(cell: object) -> str | None:
    r"""The census that a column heading names, or ``None`` when it names none.

    >>> census_of_heading("September 2021  [Note 8]"), census_of_heading("Janaury\n2024 [r]"), census_of_heading("All")
    ('2021-09', '2024-01', None)
    """
    if isinstance(cell, dt.date):
        return census_of(cell.year, cell.month)
    if not isinstance(cell, str):
        return None
    match = _WORD_YEAR.fullmatch(without_marks(cell)[0])
    month = month_of_word(match[1]) if match else None
    return census_of(int(match[2]), month) if match and month else None


def censuses_in_name(name: str) -> set[str]:
    """The census months that a file name states: ``December 2021``, ``.122021.`` or ``2021-12``.

    Months before the series began are something else (a financial year, for example) and are left out.
    """
    found = {(int(year), int(month)) for month, year in _MONTH_YEAR_DIGITS.findall(name)}
    found |= {(int(year), int(month)) for year, month in _YEAR_MONTH_DIGITS.findall(name)}
    found |= {(int(year), month) for word, year in _WORD_YEAR_IN_NAME.findall(name) if (month := month_of_word(word))}
    return {census for year, month in found if (census := census_of(year, month)) >= FIRST_CENSUS}
