"""Each check of what nothing published guards is proven able to fail, and to pass without its fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest
from tests.quality.small_world import World, small_roles, small_world, typed

from analysis.columns import STAFF
from analysis.quality import Check, Outcome, Severity
from analysis.quality.engine import examine
from analysis.quality.judgement import judge, skipped_check
from analysis.quality.rules import Suite
from analysis.quality.unguarded import PATIENT_TYPES, Given, unguarded_suites
from analysis.registers.anomalies import Anomalies
from analysis.registers.breaks import load_breaks
from analysis.registers.files import RegisterFile

NETWORKS = [f"U{number:05d}" for number in range(1, 1_251)]
LINE_3 = {"census": "2022-09", "file_row": 3}  # link worker, contracted, U00001


def england_list(date: str = "2022-10-01", **patients: int) -> pd.DataFrame:
    """A list of 1,250 networks with 48,000 patients each, sixty million in all; ``patients`` sets those of a code."""
    networks = [("pcn", code, patients.get(code, 48_000)) for code in NETWORKS]
    regions = [("region", f"Y{number}", 10_000_000) for number in range(56, 62)]
    frame = pd.DataFrame([*networks, *regions], columns=["org_type", "org_code", "patients"])
    return frame.assign(list_date=pd.Timestamp(date), sha256="sha list").astype(
        {"list_date": "datetime64[us]", "org_type": "category", "sha256": "category"}
    )


def listed_world(patients: pd.DataFrame | None = None) -> World:
    return replace(small_world(), patients=england_list() if patients is None else patients)


def with_more_rows(world: World, number: int, **values: object) -> World:
    """More rows of September, all alike but for what ``values`` says."""
    model = world.workforce[world.workforce["file_row"] == 2].tail(1).astype(object).assign(**values)
    return replace(
        world, workforce=typed(pd.concat([world.workforce.astype(object), *([model] * number)], ignore_index=True))
    )


def national_world(now: float, before: float = 400.0) -> World:
    """The small world without a workbook, after five quarters in which the register has link workers growing by 5%."""
    world = small_world().without_workbook()
    censuses = ["2021-06", "2021-09", "2021-12", "2022-03", "2022-06"]
    known = [
        ("fte", census, "splw", "all", before * 1.05 ** (place - 4), "a table", "2022-06")
        for place, census in enumerate(censuses)
    ]
    published = pd.DataFrame(known, columns=["measure", "census", "role", "data_source", "value", "source", "edition"])
    return replace(world.with_rows({"census": "2022-09", "file_row": 2}, fte=now), published=published)


def book_world(value: float) -> World:
    """The small world with another figure in the workbook than in the register, of a role large enough to tell."""
    world = small_world()
    book = world.bulletin.assign(value=world.bulletin["value"] * 100)
    large = replace(world, bulletin=book, published=world.published.assign(value=world.published["value"] * 100))
    return large.with_figures({"measure": "fte", "role": "splw", "census": "2022-09"}, value=value)


@dataclass(frozen=True)
class Fault:
    """A check, what was done to it, the world that it must fail in, and one that is as it should be."""

    check: str
    what: str
    make: Callable[[], World]
    good: Callable[[], World] = listed_world


FAULTS = [
    Fault(
        "census-not-in-the-future", "a census of tomorrow", lambda: replace(listed_world(), today=dt.date(2022, 9, 29))
    ),
    Fault("staff-rows-once", "a row of staff five times", lambda: with_more_rows(listed_world(), 4)),
    Fault("contracted-rows-once", "every contracted row thrice", lambda: _contracted_again(listed_world())),
    Fault(
        "codes-of-their-level",
        "an ICB code among sub-ICBs",
        lambda: listed_world().with_rows(LINE_3, sub_icb_code="QWE"),
    ),
    Fault("codes-of-their-level", "a region code among ICBs", lambda: listed_world().with_rows(LINE_3, icb_code="Y56")),
    Fault(
        "codes-of-their-level", "an ICB code among regions", lambda: listed_world().with_rows(LINE_3, region_code="QWE")
    ),
    Fault(
        "codes-of-known-form", "a code of a new form", lambda: listed_world().with_rows(LINE_3, sub_icb_code="123456")
    ),
    Fault("one-sub-icb-per-pcn", "a network in two", lambda: listed_world().with_rows(LINE_3, sub_icb_code="36M")),
    Fault("one-icb-per-sub-icb", "a sub-ICB in two", lambda: listed_world().with_rows(LINE_3, icb_code="QWU")),
    Fault("one-region-per-icb", "an ICB in two", lambda: listed_world().with_rows(LINE_3, region_code="Y57")),
    Fault(
        "no-total-row",
        "a network with nothing but one row of 6 FTE",
        lambda: with_more_rows(listed_world(), 1, pcn_code="U00009", fte=6.0),
        lambda: with_more_rows(listed_world(), 14, pcn_code="U00009"),
    ),
    Fault(
        "no-network-without-patients",
        "the same with 7 FTE and no patients",
        lambda: with_more_rows(listed_world(), 7, pcn_code="U99999"),
        lambda: with_more_rows(listed_world(), 5, pcn_code="U99999"),
    ),
    Fault("networks-listed", "networks that the list does not have", lambda: _off_list(0)),
    Fault("nearly-all-networks-listed", "the same, one of three", lambda: _off_list(2)),
    Fault(
        "no-role-nearly-known",
        "link workers without their first words",
        lambda: listed_world().with_rows(LINE_3, role="unknown", staff_role="Link Worker"),
        lambda: listed_world().with_rows(LINE_3, role="unknown", staff_role="Social Workers"),
    ),
    Fault(
        "change-possible",
        "a hundredth of the figure before",
        lambda: national_world(4.0),
        lambda: national_world(410.0),
    ),
    Fault("change-usual", "a fall by a tenth", lambda: national_world(350.0), lambda: national_world(410.0)),
    Fault(
        "no-role-renamed",
        "half of the role under a new name",
        lambda: national_world(200.0).with_rows(LINE_3, role="unknown", staff_role="Community Navigators", fte=205.0),
        lambda: national_world(200.0).with_rows(LINE_3, role="unknown", staff_role="Community Navigators", fte=20.0),
    ),
    Fault(
        "bulletin-near-register", "a figure of another magnitude", lambda: book_world(45.0), lambda: book_world(450.0)
    ),
    Fault("bulletin-as-registered", "a revised figure", lambda: book_world(451.0), lambda: book_world(450.4)),
    Fault("patients-possible", "a network of 48 million", lambda: listed_world(england_list(U00001=48_000_000))),
    Fault("patients-of-england", "half of the networks", lambda: listed_world(england_list().iloc[:600])),
    Fault("patients-of-england", "thousands", lambda: listed_world(_times(1_000))),
    Fault("networks-of-england", "one network", lambda: listed_world(england_list().iloc[1_249:])),
    Fault(
        "networks-of-england",
        "nobody in 40 networks",
        lambda: listed_world(england_list(**dict.fromkeys(NETWORKS[:40], 0))),
    ),
    Fault(
        "levels-add-up",
        "networks missing at the end",
        lambda: listed_world(england_list().drop(index=range(1_200, 1_250))),
    ),
    Fault("levels-add-up", "a region missing", lambda: listed_world(_with_icbs(england_list().iloc[:-1]))),
    Fault(
        "patients-follow",
        "a tenth more than a year before",
        lambda: listed_world(
            pd.concat([_times(0.9).assign(list_date=pd.Timestamp("2021-10-01")), england_list()], ignore_index=True)
        ),
        lambda: listed_world(
            pd.concat([_times(0.99).assign(list_date=pd.Timestamp("2021-10-01")), england_list()], ignore_index=True)
        ),
    ),
]
UNGUARDED = {fault.check for fault in FAULTS}


def _contracted_again(world: World) -> World:
    contracted = world.workforce[world.workforce["data_source"] != STAFF]
    return replace(world, workforce=pd.concat([world.workforce, contracted, contracted], ignore_index=True))


def _off_list(kept: int) -> World:
    """The small world with a list that has the first of its three networks alone, or none of them, and 100 more."""
    return listed_world(england_list().iloc[3 - kept :] if kept == 0 else england_list().drop(index=[2]))


def _times(factor: float) -> pd.DataFrame:
    whole = england_list()
    return whole.assign(patients=(whole["patients"] * factor).astype("int64"))


def _with_icbs(patients: pd.DataFrame) -> pd.DataFrame:
    icbs = pd.DataFrame({"org_type": "icb", "org_code": "QWE", "patients": [60_000_000]})
    return pd.concat(
        [patients.astype({"org_type": object}), icbs.assign(list_date=pd.Timestamp("2022-10-01"), sha256="sha list")],
        ignore_index=True,
    )


def judged(world: World, check_id: str) -> Check:
    """The one check, without the sixty others: these worlds are many."""
    catalogue, lists = world.catalogue, world.patients
    if lists is None:
        lists = pd.DataFrame(columns=list(PATIENT_TYPES)).astype(PATIENT_TYPES)
    given = Given(world.workforce, world.bulletin, lists, catalogue, small_roles(), world.published)
    for suite in unguarded_suites(given, breaks=load_breaks(), today=world.today):
        for rule in suite.rules:
            if rule.id == check_id:
                if suite.skipped:
                    return skipped_check(rule, suite.skipped)
                [one] = examine([Suite(suite.name, suite.make, [rule])])
                return judge(
                    one.frame, rule, one.findings[rule.id], Anomalies((), RegisterFile(Path("anomalies.toml"))), {}
                )[0]
    raise KeyError(check_id)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.check}: {fault.what}")
def test_a_fault_makes_its_check_fail_and_nothing_else_does(fault: Fault) -> None:
    check = judged(fault.make(), fault.check)
    assert check.outcome is Outcome.FAILED, check.found
    assert check.unexpected
    good = judged(fault.good(), fault.check)
    assert good.outcome in (Outcome.PASSED, Outcome.NOT_ASSESSED), good.found


def test_a_good_world_with_a_list_has_no_failure_and_critical_checks_ask_who_decided() -> None:
    validation = listed_world().validate()
    assert [check.id for check in validation.checks if check.outcome is Outcome.FAILED] == []
    critical = {check for check in UNGUARDED if validation[check].severity is Severity.CRITICAL}
    assert {"staff-rows-once", "change-possible", "patients-of-england", "census-not-in-the-future"} <= critical
