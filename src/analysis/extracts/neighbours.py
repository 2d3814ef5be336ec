"""Files of other publications that people keep beside the extracts, told by their columns, sheets or titles.

None of them is an extract of this report. A known one is listed under the name of its publication.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

GENERAL_PRACTICE = "General Practice Workforce"
_INDIVIDUAL = f"{GENERAL_PRACTICE}, individual level"
# Of the columns (lower case): all of the first, at least one of the second, none of the third.
_CSV: tuple[tuple[str, frozenset[str], frozenset[str], frozenset[str]], ...] = (
    (f"{GENERAL_PRACTICE}, practice level", frozenset({"prac_code", "prac_name"}), frozenset(), frozenset()),
    (
        _INDIVIDUAL,
        frozenset({"staff_role", "fte"}),
        frozenset({"country_qualification_group", "country_qualification_area", "age_band", "age_years", "gender"}),
        frozenset({"pcn_code", "pcn_name"}),
    ),
    (
        "Patients Registered at a GP Practice, by small area",
        frozenset({"practice_code", "lsoa_code", "number_of_patients"}),
        frozenset(),
        frozenset(),
    ),
    (
        "Patients Registered at a GP Practice, by single year of age",
        frozenset({"extract_date", "sex", "age", "org_code", "number_of_patients"}),
        frozenset(),
        frozenset(),
    ),
    (
        "Patients Registered at a GP Practice, totals by practice",
        frozenset({"extract_date", "sex", "age", "code", "number_of_patients"}),
        frozenset(),
        frozenset(),
    ),
    (
        "Appointments in General Practice",
        frozenset({"appt_status", "count_of_appointments"}),
        frozenset(),
        frozenset(),
    ),
)
_OTHER = "it is {}, another publication"
_SHEETS = (
    (_OTHER.format("the ODS PCN workbook"), frozenset({"pcndetails", "pcn core partner details"})),
    ("it defines the columns of the individual-level CSV", frozenset({"individual-level csv definition"})),
)
_TITLES = (
    ("primary care workforce quarterly update", "Primary Care Workforce Quarterly Update"),
    ("general practice workforce", f"{GENERAL_PRACTICE}, bulletin tables"),
    ("patients registered at a gp practice", "Patients Registered at a GP Practice, as a workbook"),
    ("appointments in general practice", "Appointments in General Practice"),
)


def known_csv(header: Collection[str]) -> str | None:
    """Why a CSV with these columns is no extract, when it is a known neighbour; it follows the file's name."""
    columns = {name.strip().casefold() for name in header}
    for name, all_of, one_of, none_of in _CSV:
        if all_of <= columns and (not one_of or one_of & columns) and not none_of & columns:
            return _OTHER.format(name)
    return None


def known_workbook(sheets: Sequence[str], titles: Sequence[str]) -> str | None:
    """Why a workbook is no extract, when its sheets or the texts at the head of some make it a known neighbour."""
    folded = {" ".join(sheet.split()).casefold() for sheet in sheets}
    for reason, needed in _SHEETS:
        if needed <= folded:
            return reason
    for words, name in _TITLES:
        if any(words in title.casefold() for title in titles):
            return _OTHER.format(name)
    return None
