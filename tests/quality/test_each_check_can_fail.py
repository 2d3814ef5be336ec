"""Each check is proven able to fail, on its own fault, at the right place."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd
import pytest
from tests.quality.small_world import World, anomaly, small_world
from tests.quality.test_unguarded_checks import UNGUARDED

from analysis.columns import CONTRACTED, STAFF
from analysis.quality import Outcome

LINE_2 = {"census": "2022-09", "file_row": 2}  # link worker, staff, U00001
LINE_3 = {"census": "2022-09", "file_row": 3}  # link worker, contracted, U00001
JUNE_LINE_2 = {"census": "2022-06", "file_row": 2}


def _twice(world: World, **selection: object) -> World:
    rows = world.workforce
    picked = rows[rows["census"] == selection["census"]]
    return replace(world, workforce=pd.concat([rows, picked], ignore_index=True))


def _figure_twice(world: World) -> World:
    again = world.bulletin.iloc[[0]].assign(file_row=40)
    return replace(world, bulletin=pd.concat([world.bulletin, again], ignore_index=True))


@dataclass(frozen=True)
class Fault:
    """A fault put into the small world: the check that must fail, and the places it must name."""

    check: str
    what: str
    corrupt: Callable[[World], World]
    # (file, line, column, value), as far as the fault has one
    places: list[tuple[str, int | None, str, object]] = field(default_factory=list)


SEP, JUN = "september.csv", "june.csv"
FAULTS = [
    Fault(
        "columns",
        "a column is missing",
        lambda w: replace(w, workforce=w.workforce.drop(columns="fte")),
        [("", None, "fte", "absent")],
    ),
    Fault(
        "columns",
        "FTE is text",
        lambda w: replace(w, workforce=w.workforce.astype({"fte": "str"})),
        [("", None, "fte", "str")],
    ),
    Fault(
        "needed-values",
        "an ICB code is missing",
        lambda w: w.with_rows(LINE_2, icb_code=None),
        [(SEP, 2, "icb_code", None)],
    ),
    Fault("needed-values", "an FTE is missing", lambda w: w.with_rows(LINE_3, fte=None), [(SEP, 3, "fte", None)]),
    Fault(
        "pcn-code",
        "a PCN code has four digits",
        lambda w: w.with_rows(LINE_2, pcn_code="U0001"),
        [(SEP, 2, "pcn_code", "U0001")],
    ),
    Fault(
        "pcn-code",
        "a PCN code ends in a line break",
        lambda w: w.with_rows(LINE_2, pcn_code="U00001\n"),
        [(SEP, 2, "pcn_code", "U00001\n")],
    ),
    Fault(
        "organisation-codes",
        "a name stands for a code",
        lambda w: w.with_rows(LINE_2, region_code="London"),
        [(SEP, 2, "region_code", "London")],
    ),
    Fault(
        "data-source",
        "a third data source",
        lambda w: w.with_rows(LINE_2, data_source="ARRS claims"),
        [(SEP, 2, "data_source", "ARRS claims")],
    ),
    Fault(
        "role-known",
        "a role that the vocabulary lacks",
        lambda w: w.with_rows(LINE_2, staff_role="Robots", role="unknown"),
        [(SEP, 2, "staff_role", "Robots")],
    ),
    Fault(
        "identifier-of-staff",
        "a person without identifier",
        lambda w: w.with_rows(LINE_2, person_id=None),
        [(SEP, 2, "person_id", None)],
    ),
    Fault(
        "no-identifier-of-contracted-services",
        "a service with identifier",
        lambda w: w.with_rows(LINE_3, person_id="7"),
        [(SEP, 3, "person_id", "7")],
    ),
    Fault("fte-of-staff", "a person with no hours", lambda w: w.with_rows(LINE_2, fte=0.0), [(SEP, 2, "fte", 0.0)]),
    Fault(
        "fte-of-staff", "a person with negative hours", lambda w: w.with_rows(LINE_2, fte=-0.1), [(SEP, 2, "fte", -0.1)]
    ),
    Fault(
        "fte-of-staff",
        "a person with more than two jobs",
        lambda w: w.with_rows(LINE_2, fte=2.01),
        [(SEP, 2, "fte", 2.01)],
    ),
    Fault(
        "fte-of-contracted-services",
        "a service with no hours",
        lambda w: w.with_rows(LINE_3, fte=0.0),
        [(SEP, 3, "fte", 0.0)],
    ),
    Fault(
        "staff-fte-possible",
        "a person with more hours than a week has",
        lambda w: w.with_rows(LINE_2, fte=4.5),
        [(SEP, 2, "fte", 4.5)],
    ),
    Fault(
        "staff-fte-possible",
        "a person with minus one FTE",
        lambda w: w.with_rows(LINE_2, fte=-1.0),
        [(SEP, 2, "fte", -1.0)],
    ),
    Fault(
        "fte-of-contracted-services",
        "a service of 15.1 FTE",
        lambda w: w.with_rows(LINE_3, fte=15.1),
        [(SEP, 3, "fte", 15.1)],
    ),
    Fault(
        "contracted-fte-possible",
        "a service with infinite hours",
        lambda w: w.with_rows(LINE_3, fte=math.inf),
        [(SEP, 3, "fte", "inf")],
    ),
    Fault(
        "contracted-fte-possible",
        "a service of 30 FTE",
        lambda w: w.with_rows(LINE_3, fte=30.0),
        [(SEP, 3, "fte", 30.0)],
    ),
    Fault(
        "one-census-per-extract",
        "a row of June in the September extract",
        lambda w: w.with_rows(JUNE_LINE_2, sha256="sha september.csv"),
        [(SEP, 2, "census", "2022-06"), (SEP, 2, "census", "2022-09")],
    ),
    Fault(
        "one-extract-per-census",
        "September from two extracts",
        lambda w: w.with_rows(LINE_3, sha256="sha june.csv"),
        [(JUN, 3, "census", "2022-09"), (SEP, 2, "census", "2022-09")],
    ),
    Fault(
        "one-icb-per-pcn",
        "a PCN in two ICBs",
        lambda w: w.with_rows(LINE_3, icb_code="QMJ"),
        [(SEP, 3, "icb_code", "U00001: QWE, QMJ")],
    ),
    Fault(
        "one-name-per-pcn",
        "a PCN with two names",
        lambda w: w.with_rows(LINE_3, pcn_name="Other"),
        [(SEP, 3, "pcn_name", "U00001: PCN U00001, Other")],
    ),
    Fault(
        "census-of-the-report",
        "no row of the census of the report",
        lambda w: w.without_rows(census="2022-09"),
        [("", None, "census", "no individual-level extract")],
    ),
    Fault(
        "no-census-missing",
        "June is March",
        lambda w: w.with_rows({"census": "2022-06"}, census="2022-03"),
        [("", None, "census", "no individual-level extract")],
    ),
    Fault(
        "both-data-sources",
        "a census without contracted services",
        lambda w: w.without_rows(census="2022-06", data_source=CONTRACTED),
        [(JUN, None, "contracted_rows", 0)],
    ),
    Fault(
        "both-data-sources",
        "a census without staff",
        lambda w: w.without_rows(census="2022-06", data_source=STAFF),
        [(JUN, None, "staff_rows", 0)],
    ),
    Fault(
        "rows-do-not-fall",
        "an extract cut short",
        lambda w: w.without_rows(census="2022-09", role="hwbc").without_rows(census="2022-09", role="manager"),
        [(SEP, None, "rows_change_pct", -25.0)],
    ),
    Fault(
        "rows-per-pcn",
        "every row of September twice",
        lambda w: _twice(w, census="2022-09"),
        [(SEP, None, "rows_per_pcn_ratio", 2.0)],
    ),
    Fault(
        "coverage-does-not-fall",
        "two PCNs fewer",
        lambda w: w.without_rows(census="2022-09", pcn_code="U00003").without_rows(census="2022-09", pcn_code="U00002"),
        [(SEP, None, "reporting_share_change_pp", -25.0)],
    ),
    Fault(
        "link-workers-present",
        "link workers under another name",
        lambda w: w.with_rows({"census": "2022-06", "role": "splw"}, role="manager"),
        [(JUN, None, "role", "Social Prescribing Link Workers (rows: 0)")],
    ),
    Fault(
        "expected-roles-present",
        "no coaches",
        lambda w: w.without_rows(census="2022-06", role="hwbc"),
        [(JUN, None, "role", "Health and Wellbeing Coaches (rows: 0)")],
    ),
    Fault(
        "no-role-before-its-start",
        "a mental health link worker before April 2023",
        lambda w: w.with_rows(LINE_2, role="splw_mh"),
        [(SEP, None, "role", "Social Prescribing Link Workers (Mental Health Practitioners) (rows: 1)")],
    ),
    Fault(
        "published-fte-at-period",
        "more than half an FTE too much",
        lambda w: w.with_rows(LINE_2, fte=1.51),
        [
            (
                SEP,
                None,
                "FTE of Social Prescribing Link Workers",
                "5.01 in the extract, 4.50 in the bulletin tables workbook",
            )
        ],
    ),
    Fault(
        "published-fte-earlier",
        "more than half an FTE too much in June",
        lambda w: w.with_rows(JUNE_LINE_2, fte=1.6),
        [
            (
                JUN,
                None,
                "FTE of Social Prescribing Link Workers",
                "3.60 in the extract, 3 in the bulletin tables workbook",
            )
        ],
    ),
    Fault(
        "published-headcount-at-period",
        "two people with one identifier",
        lambda w: w.with_rows({"census": "2022-09", "role": "hwbc"}, person_id="1"),
        [
            (
                SEP,
                None,
                "headcount of Health and Wellbeing Coaches",
                "1 in the extract, 3 in the bulletin tables workbook",
            )
        ],
    ),
    Fault(
        "published-headcount-earlier",
        "two people with one identifier in June",
        lambda w: w.with_rows({"census": "2022-06", "role": "hwbc"}, person_id="1"),
        [
            (
                JUN,
                None,
                "headcount of Health and Wellbeing Coaches",
                "1 in the extract, 2 in the bulletin tables workbook",
            )
        ],
    ),
    Fault(
        "published-pcns-at-period",
        "one PCN more reports",
        lambda w: w.with_rows({"census": "2022-09", "file_row": 5}, pcn_code="U00004"),
        [
            (SEP, None, "PCNs reporting", "4 in the extract, 3 in the bulletin tables workbook"),
            (SEP, None, "PCNs reporting staff", "4 in the extract, 3 in the bulletin tables workbook"),
        ],
    ),
    Fault(
        "published-pcns-earlier",
        "one PCN more reports staff in June",
        lambda w: w.with_figures({"census": "2022-06", "measure": "pcns_reporting_staff"}, value=1.0),
        [(JUN, None, "PCNs reporting staff", "2 in the extract, 1 in the bulletin tables workbook")],
    ),
    Fault(
        "bulletin-columns",
        "a column is missing",
        lambda w: replace(w, bulletin=w.bulletin.drop(columns="label")),
        [("", None, "label", "absent")],
    ),
    Fault(
        "bulletin-figures-possible",
        "a negative headcount",
        lambda w: w.with_figures({"measure": "headcount", "role": "hwbc", "census": "2022-09"}, value=-3.0),
        [("tables.xlsx", 7, "headcount: hwbc", -3.0)],
    ),
    Fault(
        "bulletin-figures-possible",
        "a cell that is no number",
        lambda w: w.with_figures({"measure": "headcount", "role": "hwbc", "census": "2022-09"}, value=math.nan),
        [("tables.xlsx", 7, "headcount: hwbc", None)],
    ),
    Fault(
        "bulletin-figures-once",
        "two rows for link workers",
        _figure_twice,
        [("tables.xlsx", 4, "fte: splw", 2), ("tables.xlsx", 40, "fte: splw", 2)],
    ),
    Fault(
        "bulletin-link-workers",
        "the label of link workers has drifted",
        lambda w: w.without_figures(measure="fte", role="splw", census="2022-09"),
        [("tables.xlsx", None, "row of Table 1a or 1b", "Social Prescribing Link Workers")],
    ),
    Fault(
        "bulletin-roles",
        "the label of coaches has drifted",
        lambda w: w.without_figures(measure="fte", role="hwbc", census="2022-09"),
        [("tables.xlsx", None, "row of Table 1a or 1b", "Health and Wellbeing Coaches")],
    ),
    Fault(
        "bulletin-coverage-rows",
        "no number of active PCNs",
        lambda w: w.without_figures(measure="pcns_active", census="2022-09"),
        [("tables.xlsx", None, "row of Table 1a or 1b", "pcns_active")],
    ),
    Fault(
        "bulletin-coverage-possible",
        "more PCNs report than are active",
        lambda w: w.with_figures({"measure": "pcns_active", "census": "2022-06"}, value=1.0),
        [("tables.xlsx", None, "PCNs active, reporting, reporting staff", "1, 2, 2")],
    ),
    Fault(
        "bulletin-coverage-possible",
        "more PCNs report staff than report",
        lambda w: w.with_figures({"measure": "pcns_reporting_staff", "census": "2022-06"}, value=3.0),
        [("tables.xlsx", None, "PCNs active, reporting, reporting staff", "4, 2, 3")],
    ),
    Fault(
        "anomalies-still-there",
        "an anomaly that the extract no longer has",
        lambda w: replace(w, anomalies=(anomaly(pcn_code="U00002"),)),
        [("", None, "U00002", "0.0: 0 of 1 rows")],
    ),
]


@pytest.mark.parametrize(
    ("female", "failed"),
    [
        (400.0, set()),
        (402.0, set()),
        (402.1, {"bulletin-genders-add-up"}),
        (370.0, {"bulletin-genders-add-up", "bulletin-genders-near-all"}),
    ],
)
def test_genders_add_up_to_the_figure_of_all(female: float, failed: set[str]) -> None:
    """Two FTE are rounding; more is told, and a twentieth of the figure stops the report."""
    checks = ("bulletin-genders-add-up", "bulletin-genders-near-all")
    validation = with_genders(small_world(), female).validate()
    assert {check for check in checks if validation[check].outcome is Outcome.FAILED} == failed
    if failed:
        (place,) = validation["bulletin-genders-add-up"].unexpected
        assert (place.census, place.column) == ("2022-09", "FTE of Social Prescribing Link Workers")
        assert place.value == f"450.00 in all, {female + 50:,.2f} by gender"
    assert validation["bulletin-genders-near-all"].stops == ("bulletin-genders-near-all" in failed)


def with_genders(world: World, female: float) -> World:
    """The small world's 450 FTE of link workers by gender, too: ``female`` and 50 others; men are none."""
    whole = world.bulletin.assign(value=world.bulletin["value"] * 100)
    row = whole[(whole["measure"] == "fte") & (whole["role"] == "splw") & (whole["census"] == "2022-09")]
    parts = [
        row.assign(gender=gender, value=value)
        for gender, value in (("female", female), ("male", 0.0), ("other_or_unknown", 50.0))
    ]
    return replace(world, bulletin=pd.concat([whole, *parts], ignore_index=True))


def test_the_small_world_passes_every_check() -> None:
    """Without a fault nothing fails, and only the empty register has nothing to assess.

    Checks that need a list of patients, or figures of a whole country, have their own test beside this one.
    """
    checks = [check for check in small_world().validate().checks if check.id not in UNGUARDED]
    assert {c.id: c.found for c in checks if c.outcome is not Outcome.PASSED} == {
        **dict.fromkeys(
            ("bulletin-genders-near-all", "bulletin-genders-add-up"),
            "The bulletin tables have no role with a figure for each gender.",
        ),
        "anomalies-still-there": "No entry of the register concerns a census at hand.",
    }


def test_every_check_has_a_fault_that_makes_it_fail() -> None:
    """No check is there that no fault of the table below brings to fail."""
    genders = {"bulletin-genders-near-all", "bulletin-genders-add-up"}  # the test below
    assert {fault.check for fault in FAULTS} | UNGUARDED | genders == {
        check.id for check in small_world().validate().checks
    }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}: {fault.what}")
def test_a_fault_makes_its_check_fail_at_its_place(fault: Fault) -> None:
    """The check of the fault fails, and says where."""
    check = fault.corrupt(small_world()).validate()[fault.check]
    assert check.outcome is Outcome.FAILED
    assert [(p.file, p.row, p.column, p.value) for p in check.unexpected] == fault.places
    assert check.unexpected_count == len(fault.places)


@pytest.mark.parametrize(
    ("check", "world"),
    [
        ("fte-of-staff", small_world().with_rows(LINE_2, fte=2.0)),
        ("fte-of-contracted-services", small_world().with_rows(LINE_3, fte=14.13)),
        ("staff-fte-possible", small_world().with_rows(LINE_2, fte=4.48)),
        ("contracted-fte-possible", small_world().with_rows(LINE_3, fte=29.9)),
        ("published-fte-at-period", small_world().with_rows(LINE_2, fte=1.5)),
        ("organisation-codes", small_world().with_rows(LINE_2, sub_icb_code="Z9B2Z")),
        ("pcn-code", small_world().with_rows(LINE_2, pcn_code="U00000")),
    ],
)
def test_the_limit_itself_is_still_in(check: str, world: World) -> None:
    """Two FTE of staff, all hours of a week, half an FTE from the published total, five-character codes and U00000 are allowed."""
    assert world.validate()[check].outcome is Outcome.PASSED


def test_identical_rows_are_no_fault() -> None:
    """Contracted rows carry no identifier: two equal ones are two services, and pass."""
    picked = {"census": "2022-09", "data_source": CONTRACTED}
    world = small_world().with_rows(picked, pcn_code="U00001", pcn_name="PCN U00001")
    rows = world.workforce
    assert rows.drop(columns="file_row").duplicated().sum() == 2
    assert [c.id for c in world.validate().checks if c.outcome is Outcome.FAILED] == []
