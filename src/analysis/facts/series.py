"""Facts of the series: levels, coverage, growth, and the figures scaled up for coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.columns import CONTRACTED, ENGLAND, STAFF
from analysis.facts.fact import Fact, Origin
from analysis.facts.labels import MEASURE_LABELS, list_distance
from analysis.facts.lineage import (
    AREA_LEVELS,
    EXACT,
    ONE_PLACE,
    TWO_PLACES,
    WHOLE,
    Inputs,
    area_roles,
    make_fact,
    national_roles,
)
from analysis.measures.national import BULLETIN, REGISTER
from analysis.measures.totals import NOTES
from analysis.periods import SPANS, census_date, long_date, month_label
from analysis.registers.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    import pandas as pd

PUBLISHED = (BULLETIN, REGISTER)  # sources of figures that were published, and not summed here
# measure -> (unit, what it is, the expression over the tidy frame)
_LEVELS: Mapping[str, tuple[str, str, str]] = {
    "fte": ("FTE", "full-time equivalent of all rows, staff and contracted services", "sum of fte"),
    "fte_staff": ("FTE", f"full-time equivalent of rows of {STAFF}", f"sum of fte where data_source = {STAFF}"),
    "fte_contracted": (
        "FTE",
        f"full-time equivalent of rows of {CONTRACTED}",
        f"sum of fte where data_source = {CONTRACTED}",
    ),
    "headcount": (
        "people",
        f"distinct people in rows of {STAFF}; not additive over roles or areas",
        f"number of distinct person_id where data_source = {STAFF}",
    ),
    "pcns_with_role": ("PCNs", "PCNs with any row of the role", "number of distinct pcn_code"),
}
# What a fact is made of for each area; England has the rest, too. More would make a file that nobody reads.
_AREA_MEASURES = ("fte", "headcount", "pcns_reporting", "pcns_expected")
_NOTE_OF = {measure: column for column, measures in NOTES.items() for measure in measures}
_PCN_COUNTS = {
    "pcns_reporting": "PCNs with any row of any role",
    "pcns_reporting_staff": f"PCNs with any row of {STAFF}",
    "pcns_contracted_only": f"PCNs with rows of {CONTRACTED} and none of {STAFF}",
    "pcns_active": "PCNs active, as the publisher counts them",
}
# How the PCNs that could have reported are known (analysis.measures.coverage): what they are, and how they are counted.
_EXPECTED = {
    "published": ("PCNs active, as the publisher counts them", ""),
    "list": (
        "PCNs on the list of registered patients of {listed}, {distance}",
        "number of ORG_CODE of PCNs on the list, and with its own area",
    ),
    "published_before": (
        "PCNs active, as last published in the year before the census",
        "the latest pcns_active.ENG before {census}",
    ),
    "seen": (
        "PCNs seen in an extract of the census or the year before it, where they were seen last",
        "number of distinct pcn_code in the extracts of the census and the twelve months before it",
    ),
    "": ("PCNs that could have reported: not known", "no published number, no list of registered patients near it"),
}
_TOO_HIGH = "; PCNs on the list that are in no known area are left out, so that it is too high"
# column of the measure, the census compared with, whether a percentage
_CHANGES = tuple(
    (f"change_{span}{suffix}", f"{span}_ago_census", percent)
    for span in SPANS
    for suffix, percent in (("", False), ("_pct", True))
)
_GROSSED = {
    "grossed_pcns": "as if PCNs that did not report were like those that did",
    "grossed_patients": "as if patients of PCNs that did not report were served like those of PCNs that did",
}


def levels(totals: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``fte``, ``fte_staff``, ``fte_contracted``, ``headcount``, ``pcns_with_role`` by role, area and census."""
    national = totals["level"] == "england"
    areas = totals["level"].isin(AREA_LEVELS) & totals["role"].isin(area_roles(roles))
    for row in totals[national | areas].to_dict("records"):
        role, area, census = str(row["role"]), str(row["area_code"]), str(row["census"])
        members = roles.members(role)
        # Roles that had not begun have no figure in the bulletin tables.
        cells = sum(roles.starts(member) <= census for member in members)
        for measure, (unit, meaning, expression) in _LEVELS.items():
            if area != ENGLAND and measure not in _AREA_MEASURES:
                continue
            yield make_fact(
                f"{measure}.{role}.{area}.{census}",
                row[measure],
                unit,
                census,
                Origin(
                    f"{roles.names[role]}, {row['area_name']}, {long_date(census_date(census))}: {meaning}",
                    f"{inputs.as_published(census)}; role in ({', '.join(members)}), census = {census}"
                    if row["source"] in PUBLISHED
                    else f"{expression}; role in ({', '.join(members)}), census = {census}, area = {area}",
                    WHOLE if unit == "FTE" else EXACT,
                    inputs.of([census], role=role, area=area, measure=measure, cells=cells),
                ),
                note=row[_NOTE_OF[measure]],
            )
        if area == ENGLAND:
            yield _direct_share(row, role, census, roles, inputs)


def _direct_share(row: dict[Hashable, Any], role: str, census: str, roles: Roles, inputs: Inputs) -> Fact:
    return make_fact(
        f"direct_share_pct.{role}.{ENGLAND}.{census}",
        row["direct_share_pct"],
        "%",
        census,
        Origin(
            f"{roles.names[role]}, England, {month_label(census)}: share of FTE in rows of {STAFF}",
            f"100 × fte_staff.{role}.{ENGLAND}.{census} / fte.{role}.{ENGLAND}.{census}",
            ONE_PLACE,
            inputs.of([census], role=role),
        ),
        note=row["direct_share_note"],
        decimals=1,
    )


def coverage(frame: pd.DataFrame, inputs: Inputs) -> Iterator[Fact]:
    """``pcns_…`` and ``coverage`` by area and census."""
    for row in frame[frame["level"].isin(AREA_LEVELS)].to_dict("records"):
        area, census, where = str(row["area_code"]), str(row["census"]), f"{row['area_name']}, "
        for measure, meaning in _PCN_COUNTS.items():
            if area != ENGLAND and measure not in _AREA_MEASURES:
                continue
            published = measure == "pcns_active" or row["source"] in PUBLISHED
            yield make_fact(
                f"{measure}.{area}.{census}",
                row[measure],
                "PCNs",
                census,
                Origin(
                    f"{where}{month_label(census)}: {meaning}",
                    inputs.as_published(census) if published else "number of distinct pcn_code",
                    EXACT,
                    inputs.of_published(census) if published else inputs.of([census], area=area),
                ),
                note=row["pcns_active_note"] if measure == "pcns_active" else row["note"],
            )
        yield from _expected(row, inputs)


def _expected(row: dict[Hashable, Any], inputs: Inputs) -> Iterator[Fact]:
    """How many PCNs could have reported, and the share that did."""
    area, census, basis = str(row["area_code"]), str(row["census"]), str(row["pcns_expected_basis"])
    where = f"{row['area_name']}, {month_label(census)}"
    meaning, expression = _EXPECTED[basis]
    if basis == "list":
        meaning = meaning.format(listed=long_date(row["list_date"]), distance=list_distance(census, row["list_date"]))
    too_high = _TOO_HIGH if row["pcns_unplaced"] > 0 and area != ENGLAND else ""
    own = inputs.of([census], area=area)
    sources = inputs.of_expected(census, basis)
    yield make_fact(
        f"pcns_expected.{area}.{census}",
        row["pcns_expected"],
        "PCNs",
        census,
        Origin(
            f"{where}: {meaning}",
            inputs.as_published(census) if basis == "published" else expression.format(census=census),
            EXACT,
            sources or own,
        ),
        note=row["pcns_expected_note"],
    )
    yield make_fact(
        f"coverage.{area}.{census}",
        row["reporting_share_pct"],
        "%",
        census,
        Origin(
            f"{where}: share of PCNs that report, of {meaning}{too_high}",
            f"100 × reporting PCNs among pcns_expected.{area}.{census} / pcns_expected.{area}.{census}"
            if basis in {"list", "seen"}
            else f"100 × pcns_reporting.{area}.{census} / pcns_expected.{area}.{census}",
            ONE_PLACE,
            tuple(dict.fromkeys(own + sources)),
        ),
        note=row["reporting_share_note"],
        decimals=1,
    )


def growth(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``change_month``, ``change_quarter``, ``change_year`` and their percentages, England."""
    england = frame[(frame["level"] == "england") & frame["role"].isin(national_roles(roles))]
    for row in england.to_dict("records"):
        role, census, measure = str(row["role"]), str(row["census"]), str(row["measure"])
        for column, against, percent in _CHANGES:
            earlier = row[against]
            if not isinstance(earlier, str):
                continue
            yield make_fact(
                f"{column}.{measure}.{role}.{ENGLAND}.{census}",
                row[column],
                "%" if percent else ("people" if measure == "headcount" else "FTE"),
                census,
                Origin(
                    f"{roles.names[role]}, England: change of {measure} from {month_label(earlier)} to "
                    f"{month_label(census)}, as reported",
                    f"100 × ({measure}.{role}.{ENGLAND}.{census} / {measure}.{role}.{ENGLAND}.{earlier} − 1)"
                    if percent
                    else f"{measure}.{role}.{ENGLAND}.{census} − {measure}.{role}.{ENGLAND}.{earlier}",
                    ONE_PLACE if percent else WHOLE,
                    inputs.of([earlier, census], role=role, measure=measure),
                ),
                note=row[f"{column}_note"],
                decimals=1 if percent else 0,
                signed=True,
            )


def bounds(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``grossed_pcns`` and ``grossed_patients`` by measure, role and census, England: estimates."""
    for row in frame[frame["role"].isin(national_roles(roles))].to_dict("records"):
        role, census, measure = str(row["role"]), str(row["census"]), str(row["measure"])
        figure = f"{measure}.{role}.{ENGLAND}.{census}"
        reporting = "pcns_reporting" if measure == "fte" else "pcns_reporting_staff"
        expressions = {
            "grossed_pcns": f"{figure} × pcns_expected.{ENGLAND}.{census} / {reporting}.{ENGLAND}.{census}",
            "grossed_patients": f"{figure}, of it that of PCNs on the list × patients of all PCNs on the list "
            "/ patients of those that reported",
        }
        for column, assumption in _GROSSED.items():
            yield make_fact(
                f"{column}.{measure}.{role}.{ENGLAND}.{census}",
                row[column],
                "people" if measure == "headcount" else "FTE",
                census,
                Origin(
                    f"{roles.names[role]}, England, {month_label(census)}: {MEASURE_LABELS[measure]}, scaled up "
                    f"{assumption}; an estimate",
                    expressions[column],
                    WHOLE,
                    inputs.of([census], role=role, measure=measure) + inputs.of_bound(column, [census]),
                ),
                note=row[f"{column}_note"],
            )


def entrants(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """Means and medians of newcomers and incumbents, and newcomers with none, England."""
    new, old = "PCNs that report and did not at the census before", "PCNs that report and did so at the census before"
    mean, median = "sum of fte / number of PCNs", "middle value of the FTE of the PCNs, in order"
    figures = {
        "fte_per_newly_reporting_pcn": (f"mean FTE of {new}", mean, "FTE per PCN"),
        "fte_per_incumbent_pcn": (f"mean FTE of {old}", mean, "FTE per PCN"),
        "median_newly_reporting": (f"median FTE of {new}", median, "FTE per PCN"),
        "median_incumbent": (f"median FTE of {old}", median, "FTE per PCN"),
        "pcns_newly_reporting_none": (f"{new}, and have nobody in the role", "number of PCNs", "PCNs"),
    }
    for row in frame.to_dict("records"):
        role, census, earlier = str(row["role"]), str(row["census"]), str(row["from_census"])
        for column, (meaning, expression, unit) in figures.items():
            counted = unit == "PCNs"
            yield make_fact(
                f"{column}.{role}.{ENGLAND}.{census}",
                row[column],
                unit,
                census,
                Origin(
                    f"{roles.names[role]}, {month_label(census)}: {meaning} ({month_label(earlier)})",
                    expression if counted else f"{expression}, those with nobody in the role included",
                    EXACT if counted else TWO_PLACES,
                    inputs.of([earlier, census], role=role),
                ),
                note=row["note"],
                decimals=0 if counted else 2,
            )
