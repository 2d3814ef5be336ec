"""The date of a list of registered patients or of practices, in the forms that the publisher has used."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from analysis.extracts.delimited import Records
from analysis.extracts.months import MONTHS
from analysis.extracts.reading import SetAside

_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")  # 2026-07-01
# 01Jul2026, 01OCT2017, 01-Apr-17, 1 September 2020. Two figures of a year are of this century: there is no older list.
_MONTH_IN_LETTERS = re.compile(r"(\d{1,2})[-\s/]?([A-Za-z]{3,9})[-\s/]?(\d{4}|\d{2})")
_CENTURY = 2000


def list_dates(records: Records) -> list[dt.date]:
    """The ``EXTRACT_DATE`` of each record.

    Raises
    ------
    SetAside
        One of them cannot be read with certainty: of ``01/07/2026`` it cannot be told which figure is the month.
    """
    column = records.text("EXTRACT_DATE").to_pylist()
    by_text = {text: parse_list_date(text) for text in set(column)}
    wrong = np.array([by_text[text] is None for text in column], dtype=bool)
    if wrong.any():
        raise SetAside(
            f"its EXTRACT_DATE cannot be read with certainty in {records.quote('EXTRACT_DATE', wrong)}; write it as "
            "2026-07-01 in a copy to use the file"
        )
    return [date for text in column if (date := by_text[text])]


def parse_list_date(text: str) -> dt.date | None:
    """The date that ``text`` names, or ``None`` where it names none, or could name two.

    >>> parse_list_date("01OCT2017"), parse_list_date("01/07/2026")
    (datetime.date(2017, 10, 1), None)
    """
    try:
        if match := _YEAR_FIRST.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := _MONTH_IN_LETTERS.fullmatch(text):
            word, year = match[2].lower(), int(match[3])
            months = [number for number, name in enumerate(MONTHS, 1) if word in (name, name[:3], name[:4])]
            return dt.date(year + (_CENTURY if year < _CENTURY else 0), months[0], int(match[1])) if months else None
    except ValueError:  # no such day or month
        return None
    return None
