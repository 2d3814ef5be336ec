"""The arithmetic on the compact table gives what adding up the rows one by one gives, exactly: on arbitrary extracts."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from measures.measure_frames import ROLES, compact_table, workforce_rows

from analysis.columns import CONTRACTED, LEVELS, STAFF, WORKFORCE
from analysis.extracts.compact import compact
from analysis.extracts.load import compact_frames
from analysis.extracts.workforce import SCHEMA
from analysis.facts.row_counts import RowCounts, row_counts
from analysis.measures.base import ALL_LEVELS, all_codes
from analysis.measures.compact_table import CompactTable
from analysis.measures.decomposition import decomposition
from analysis.measures.growth import growth
from analysis.measures.hours import hours
from analysis.measures.notes import first_after_break
from analysis.measures.totals import totals
from analysis.periods import SPANS, shift
from analysis.registers.breaks import Breaks, load_breaks

NO_BREAKS = Breaks(())
few = settings(max_examples=max(12, settings().max_examples // 8))
CENSUSES = ("2021-06", "2021-09", "2022-06", "2022-09")
PCNS = tuple(f"U0000{number}" for number in range(5))
ICBS = ("QA1", "QB2", "QC3")
CODES = ("splw", "hwbc", "splw_hwbc", "arrs13")
AMOUNTS = {"fte": None, "fte_staff": STAFF, "fte_contracted": CONTRACTED}


def world(rows: list[tuple], astray: list[int]) -> pd.DataFrame:
    """Rows of extracts; those at the places ``astray`` lie in another ICB than their network's other rows."""
    people = [None if source == "contracted" else person for *_, source, person in rows]
    frame = workforce_rows([(*row[:5], person) for row, person in zip(rows, people, strict=True)])
    text = frame.astype({"icb_code": "str", "icb_name": "str"})
    for place in astray:
        text.loc[place % len(text), ["icb_code", "icb_name"]] = ["QD4", "NHS QD4 ICB"]
    return text.astype({"icb_code": "category", "icb_name": "category"})


one_row = st.tuples(
    st.sampled_from(CENSUSES),
    st.sampled_from(PCNS),
    st.sampled_from(("splw", "hwbc", "cc", "manager")),
    st.integers(-(10**8), 3 * 10**9).map(lambda billionths: billionths / 10**9),
    st.sampled_from(("staff", "contracted")),
    st.sampled_from("abcdef"),
)
worlds = st.builds(world, st.lists(one_row, min_size=1, max_size=40), st.lists(st.integers(0, 100), max_size=2))


def exact(fte: float) -> Fraction:
    """The FTE that the extract prints, to nine decimals."""
    return Fraction(round(fte * 10**9), 10**9)


def area(row, level: str) -> str:
    return "ENG" if level == "england" else str(getattr(row, LEVELS[level][0]))


@few
@given(worlds)
def test_totals_are_those_of_the_rows(rows):
    """FTE by data source, rows, networks and people: of every level, role and group, to the last bit."""
    fte: dict[tuple, Fraction] = defaultdict(Fraction)
    counted, people, networks = defaultdict(int), defaultdict(set), defaultdict(set)
    for row in rows.itertuples():
        for level in ALL_LEVELS:
            for code in (code for code in all_codes(ROLES) if row.role in ROLES.members(code)):
                key = (level, area(row, level), row.census, code)
                for name, source in AMOUNTS.items():
                    fte[*key, name] += exact(row.fte) if source in {None, row.data_source} else 0
                counted[key] += 1
                networks[key].add(row.pcn_code)
                if row.data_source == STAFF:
                    people[key].add(row.person_id)
    found = totals(compact_table(rows), ROLES, NO_BREAKS)
    for row in found.dropna(subset="fte").itertuples():
        key = (row.level, row.area_code, row.census, row.role)
        assert (row.fte, row.fte_staff, row.fte_contracted) == tuple(float(fte[*key, name]) for name in AMOUNTS)
        assert (row.rows, row.pcns_with_role) == (counted[key], len(networks[key]))
        assert row.headcount == len(people[key])
    seen = set(
        found.loc[found["fte"].notna(), ["level", "area_code", "census", "role"]].itertuples(index=False, name=None)
    )
    astray = rows["icb_code"] == "QD4"  # an area of which no network reported as its own has no figure
    whole = {key for key in counted if key[0] != "icb" or not (astray & (rows["census"] == key[2])).any()}
    started = {key for key in whole if key[0] != "pcn" or key[3] in {"splw", "hwbc", "cc", "splw_all"}}
    assert started <= seen


@few
@given(worlds)
def test_rows_of_origins_are_those_of_the_extract(rows):
    found = RowCounts(lambda: row_counts(compact_table(rows).cells), ROLES)
    counted = defaultdict(int)
    for row in rows.itertuples():
        for level in ("england", "region", "icb"):
            for code in ["all", *(code for code in all_codes(ROLES) if row.role in ROLES.members(code))]:
                for source in ("all", row.data_source):
                    counted[row.census, area(row, level), code, source] += 1
    for key, number in counted.items():
        assert found.of(*key) == number
    assert sum(found.of(census, "ENG", "all", "all") for census in CENSUSES) == len(rows)
    assert found.of("2019-01", "ENG", "all", "all") == found.of("2021-06", "none such", "all", "all") == 0


@few
@given(worlds)
def test_hours_are_those_of_each_person(rows):
    fte: dict[tuple, Fraction] = defaultdict(Fraction)
    for row in rows[rows["data_source"] == STAFF].itertuples():
        for code in (code for code in CODES if row.role in ROLES.members(code)):
            fte[row.census, code, row.person_id] += exact(row.fte)
    for row in hours(compact_table(rows), ROLES, NO_BREAKS, CODES).dropna(subset="fte_people").itertuples():
        people = [
            round(float(n), 6) for (census, code, _), n in fte.items() if (census, code) == (row.census, row.role)
        ]
        assert row.people == len(people)
        assert abs(row.fte_people - sum(people)) < 1e-9
        assert row.people_full_time == sum(n >= 1 for n in people)
        assert row.people_nearly_full_time == sum(n >= 0.9 for n in people)


@few
@given(worlds, st.sampled_from(CENSUSES), st.sampled_from(CENSUSES))
def test_a_change_is_divided_as_network_by_network(rows, start, end):
    """In both, newly reporting and dropped out, in England and in ICBs, each network where it lies at the later one."""
    lies: dict[str, dict[str, str]] = {start: {}, end: {}}
    fte: dict[tuple, Fraction] = defaultdict(Fraction)
    for row in rows.itertuples():
        if row.census in lies:
            lies[row.census].setdefault(row.pcn_code, str(row.icb_code))
        for code in (code for code in CODES if row.role in ROLES.members(code)):
            for source in ("all", row.data_source):
                fte[row.census, row.pcn_code, code, source] += exact(row.fte)
    found = decomposition(compact_table(rows), ROLES, NO_BREAKS, [(start, end)], levels=("england", "icb"), codes=CODES)
    where = lies[start] | lies[end]
    for row in found[found["note"] == ""].itertuples():
        here = [pcn for pcn, icb in where.items() if row.area_code in {"ENG", icb}]
        both = [pcn for pcn in here if pcn in lies[start] and pcn in lies[end]]
        new, gone = ([p for p in here if p not in lies[other]] for other in (start, end))
        then, now = ({pcn: fte[census, pcn, row.role, row.data_source] for pcn in here} for census in (start, end))
        assert (row.pcns_in_both, row.pcns_newly_reporting, row.pcns_dropped_out) == (len(both), len(new), len(gone))
        assert row.in_both_fte == float(sum(now[pcn] - then[pcn] for pcn in both))
        assert row.newly_reporting_fte == float(sum(now[pcn] for pcn in new))
        assert row.dropped_out_fte == -float(sum(then[pcn] for pcn in gone))
        assert row.change_fte == float(sum(now.values()) - sum(then.values()))
    held = {"ENG", *where.values()} if where else set()
    assert set(found["area_code"]) == held


@few
@given(worlds)
def test_growth_compares_with_the_figure_of_the_same_area(rows):
    table = compact_table(rows)
    summed = totals(table, ROLES, NO_BREAKS)
    value = summed.set_index(["level", "area_code", "role", "census"])["fte"].to_dict()
    for row in growth(summed, table, ROLES, NO_BREAKS, measures=["fte"]).itertuples():
        for span, months in SPANS.items():
            before = value.get((row.level, row.area_code, row.role, shift(row.census, -months)), np.nan)
            np.testing.assert_equal(getattr(row, f"change_{span}"), row.value - before)


@few
@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(rows, random):
    """Sums of whole billionths are the same in any order; networks take their names from their first row."""
    places = list(range(len(rows)))
    random.shuffle(places)
    stable = rows[rows["icb_code"] != "QD4"]
    shuffled = rows.iloc[places][lambda frame: frame["icb_code"] != "QD4"]
    made, again = (totals(compact_table(frame), ROLES, load_breaks()) for frame in (stable, shuffled))
    pd.testing.assert_frame_equal(made, again, check_exact=True)


@few
@given(worlds)
def test_each_extract_adds_its_own_slice(rows):
    """The tables of single censuses, one below the other, give what the whole gives."""
    parts = [
        compact(pa.Table.from_pandas(part[list(WORKFORCE)], SCHEMA, preserve_index=False))
        for _, part in rows.groupby("census", observed=True)
    ]
    cells, people = compact_frames(parts)
    sliced = CompactTable(cells.assign(role=cells["staff_role"]), people)
    for measure in (totals, decomposition):
        pd.testing.assert_frame_equal(
            measure(sliced, ROLES, NO_BREAKS), measure(compact_table(rows), ROLES, NO_BREAKS), check_exact=True
        )


@few
@given(worlds, st.sampled_from(["fte", "fte_staff", "headcount"]))
def test_a_break_marks_what_walking_along_each_series_finds(rows, measure):
    """The first figure after each break that has a figure before it; without breaks of areas, which have their tests."""
    breaks = Breaks(tuple(entry for entry in load_breaks().breaks if entry.kind != "geography"))
    frame = totals(compact_table(rows), ROLES, breaks)
    marked = set()
    for (level, _, code), series in frame.dropna(subset=measure).groupby(["level", "area_code", "role"]):
        before = None
        for place, census in series["census"].sort_values().items():
            after = breaks.censuses(measure, level, code, ROLES)
            if before and any(before < broken <= census for broken in after):
                marked.add(place)
            before = census
    found = first_after_break(frame, measure, [measure], ROLES, breaks)
    assert set(found[found].index) == marked
