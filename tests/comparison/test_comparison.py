"""One report against another: worked by hand on a country of three PCNs."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.comparison import ReportResults, compare_reports, comparison_tables, first_report
from analysis.comparison.text import what_changed
from analysis.errors import UsageError
from analysis.facts.fact import Fact, Facts, Origin, Status
from analysis.registers.breaks import load_breaks
from analysis.registers.roles import load_roles

MARCH, JUNE = "2022-03", "2022-06"
NAMES = {"U00001": "North", "U00002": "South", "U00003": "West"}


def fact(fact_id, value, *, unit="FTE", status=Status.REPORTED):
    return Fact(fact_id, value, unit, fact_id.rpartition(".")[2], "", status, Origin("made up", "sum"))


def totals(rows):
    """A totals frame from ``{census: {pcn: fte}}`` for link workers; England is their sum."""
    made = []
    for census, by_pcn in rows.items():
        made.append(("england", "ENG", "England", census, "splw", sum(by_pcn.values())))
        made += [("pcn", code, NAMES[code], census, "splw", fte) for code, fte in by_pcn.items()]
    return pd.DataFrame(made, columns=["level", "area_code", "area_name", "census", "role", "fte"])


def assessment(verdict, *, value=1000.0, measure="fte"):
    reading = {"measure": measure, "role": "splw", "baseline": None, "date": "on_or_before", "main": True}
    return {
        "targets": {
            "splw-2019": {
                "name": "2019 target",
                "in_short": verdict,
                "parts": {},
                "readings": [{**reading, "verdict": verdict, "value": value, "note": ""}],
            }
        }
    }


def report(period, rows, *, facts=(), verdict="reached", inputs=(), synthetic=False):
    england = [fact(f"fte.splw.ENG.{census}", sum(by_pcn.values())) for census, by_pcn in rows.items()]
    return ReportResults(period, synthetic, Facts([*england, *facts]), assessment(verdict), totals(rows), tuple(inputs))


def extract(sha, census, file="a.csv"):
    return {"sha256": sha, "kind": "workforce", "first_census": census, "last_census": census, "file": file}


OLD = report(MARCH, {MARCH: {"U00001": 10.0, "U00002": 20.0}}, inputs=[extract("aa", MARCH)])


def test_the_first_report_says_it_is_the_first():
    comparison = first_report(MARCH)

    assert comparison.is_first
    assert comparison_tables(comparison) == ()


def test_a_report_that_only_adds_a_census_revises_nothing():
    new = report(JUNE, {MARCH: {"U00001": 10.0, "U00002": 20.0}, JUNE: {"U00001": 11.0, "U00002": 20.0}})

    assert compare_reports(OLD, new).revised.empty


def test_a_revision_is_taken_apart_into_coverage_and_revision():
    new = report(JUNE, {MARCH: {"U00001": 12.5, "U00003": 4.0}, JUNE: {"U00001": 12.5}})

    revised = compare_reports(OLD, new).revised.iloc[0]

    assert revised["fact_id"] == "fte.splw.ENG.2022-03"
    assert (revised["old"], revised["new"]) == (30.0, 16.5)
    assert revised["change"] == pytest.approx(-13.5)
    assert revised["coverage_part"] == pytest.approx(4.0 - 20.0)
    assert revised["revision_part"] == pytest.approx(2.5)


fte = st.floats(0.01, 50, allow_nan=False)
pcns = st.dictionaries(st.sampled_from(sorted(NAMES)), fte, min_size=1)


@given(before=pcns, after=pcns)
def test_coverage_and_revision_add_up_to_the_change(before, after):
    revised = compare_reports(report(MARCH, {MARCH: before}), report(MARCH, {MARCH: after})).revised

    for row in revised.itertuples():
        assert row.coverage_part + row.revision_part == pytest.approx(row.change, abs=1e-9)


def test_where_parts_cannot_be_told_they_are_not_available_rather_than_zero():
    old = report(MARCH, {MARCH: {"U00001": 1.0}}, facts=[fact("headcount.splw.ENG.2022-03", 5, unit="people")])
    new = report(MARCH, {MARCH: {"U00001": 1.0}}, facts=[fact("headcount.splw.ENG.2022-03", 7, unit="people")])

    revised = compare_reports(old, new).revised.iloc[0]

    assert pd.isna(revised["coverage_part"])
    assert revised["parts_note"] == "[x]"
    assert revised["change"] == 2


def test_figures_that_one_report_alone_has_are_no_revisions():
    old = report(MARCH, {MARCH: {"U00001": 1.0}}, facts=[fact("change.fte.splw.ENG.2021-03.2022-03", 0.5)])
    new = report(JUNE, {MARCH: {"U00001": 1.0}, JUNE: {"U00001": 2.0}})

    assert compare_reports(old, new).revised.empty


def test_a_figure_that_moves_on_with_the_reports_census_is_no_revision():
    so_far = [
        Fact("so_far.splw", value, "FTE", period, "", Status.REPORTED, Origin("made up", "sum"))
        for value, period in ((1.0, MARCH), (2.0, JUNE))
    ]
    old = report(MARCH, {MARCH: {"U00001": 1.0}}, facts=so_far[:1])
    new = report(JUNE, {MARCH: {"U00001": 1.0}}, facts=so_far[1:])

    assert compare_reports(old, new).revised.empty


def test_sums_in_another_order_are_no_revision():
    old = report(MARCH, {MARCH: {"U00001": 0.1 + 0.2}})
    new = report(MARCH, {MARCH: {"U00001": 0.3}})

    assert compare_reports(old, new).revised.empty


def test_revisions_are_ranked_by_what_was_revised_and_not_by_coverage():
    facts_old = [fact("fte.splw.QE1.2022-03", 1.0), fact("fte.splw.QHM.2022-03", 1.0)]
    facts_new = [fact("fte.splw.QE1.2022-03", 2.0), fact("fte.splw.QHM.2022-03", 6.0)]
    old = report(MARCH, {MARCH: {"U00001": 10.0}}, facts=facts_old)
    new = report(MARCH, {MARCH: {"U00001": 10.5, "U00002": 90.0}}, facts=facts_new)

    ranked = compare_reports(old, new).revised["fact_id"].tolist()

    assert ranked == ["fte.splw.QHM.2022-03", "fte.splw.QE1.2022-03", "fte.splw.ENG.2022-03"]


def test_a_figure_that_became_available_is_listed_with_its_reason():
    gone = fact("fte.cc.ENG.2022-03", None, status=Status.NOT_APPLICABLE)
    old = report(MARCH, {MARCH: {"U00001": 1.0}}, facts=[gone])
    new = report(MARCH, {MARCH: {"U00001": 1.0}}, facts=[fact("fte.cc.ENG.2022-03", 3.0)])

    revised = compare_reports(old, new).revised.iloc[0]

    assert (revised["old_note"], revised["new"], revised["change_note"]) == ("[z]", 3.0, "[z]")


def test_a_reading_whose_date_came_to_be_covered_is_no_revision():
    """It has another verdict, and the verdicts tell so."""
    name = "reading.cc-2022.fte.cc.2022-06.on_or_before.reported.2022-03"
    old = report(MARCH, {MARCH: {"U00001": 1.0}}, facts=[fact(name, None, status=Status.NOT_APPLICABLE)])
    new = report(MARCH, {MARCH: {"U00001": 1.0}}, facts=[fact(name, 3.0)])

    assert compare_reports(old, new).revised.empty


def test_figures_of_one_report_alone_are_counted_apart_from_revised_ones():
    old = report(MARCH, {MARCH: {"U00001": 1.0}}, facts=[fact("fte.cc.ENG.2022-03", None)])
    new = report(MARCH, {MARCH: {"U00001": 2.0}}, facts=[fact("fte.cc.ENG.2022-03", 3.0)])

    counts = compare_reports(old, new).counts

    assert counts["figures of the same census revised"] == 1
    assert counts["figures of the same census in one report alone"] == 1


def test_what_changed_tells_first_what_became_of_the_headline():
    told = what_changed(compare_reports(OLD, report(MARCH, {MARCH: {"U00001": 30.0}}, verdict="not reached"))).text

    assert "2019 target: not reached; before, reached." in told


def in_boards(period, boards, *, facts=()):
    """A report of link workers in boards, ``{code: FTE}``, with the registers of the project."""
    made = report(period, {period: {"U00001": sum(boards.values())}}, facts=facts)
    rows = [("icb", code, f"Board {code}", period, "splw", fte) for code, fte in boards.items()]
    frame = pd.concat([made.totals, pd.DataFrame(rows, columns=made.totals.columns)], ignore_index=True)
    return dataclasses.replace(made, totals=frame, roles=load_roles(), breaks=load_breaks())


def test_boards_are_not_compared_over_a_change_of_their_areas():
    """A board that kept its code may have taken over networks of another: in April 2026 three were divided."""
    old, new = in_boards("2022-09", {"QRL": 51.8, "QNQ": 40.0}), in_boards("2026-06", {"QRL": 121.9})

    comparison = compare_reports(old, new)

    assert comparison.areas.empty
    assert "changes-areas" not in {table.id for table in comparison_tables(comparison)}
    assert "Integrated care boards: their areas changed in April 2026." in what_changed(comparison).text


@pytest.mark.parametrize(
    ("old", "new", "marked"), [("2022-09", "2025-11", "[b]"), ("2022-06", "2022-09", ""), ("2025-11", "2026-06", "")]
)
def test_a_change_across_a_break_in_the_series_says_so(old, new, marked):
    """In April 2023 a second link worker role was opened: the first does not compare with figures before it."""
    before = [fact(f"fte.splw.ENG.{old}", 50.0)]
    comparison = compare_reports(in_boards(old, {"QRL": 50.0}), in_boards(new, {"QRL": 60.0}, facts=before))

    assert comparison.figures.set_index("unit").loc["FTE", "change_note"] == marked
    assert comparison.areas["change_note"].tolist() == [marked]
    assert ("across a break in the series." in what_changed(comparison).text) == bool(marked)
    assert comparison_tables(comparison)


def test_new_and_gone_pcns_are_those_of_the_reports_own_censuses_largest_first():
    new = report(JUNE, {MARCH: {"U00001": 10.0, "U00002": 20.0}, JUNE: {"U00001": 11.0, "U00003": 7.0}})

    places = compare_reports(OLD, new).places

    listed = places[["kind", "change", "code", "name", "fte"]].to_dict("split")["data"]
    assert listed == [["PCN", "gone", "U00002", "South", 20.0], ["PCN", "new", "U00003", "West", 7.0]]


def test_pcns_of_a_census_known_nationally_alone_are_not_gone():
    whole = report(JUNE, {JUNE: {"U00001": 31.0}})
    national = dataclasses.replace(whole, totals=whole.totals[whole.totals["level"] == "england"])

    assert compare_reports(OLD, national).places.empty
    assert compare_reports(national, report("2022-09", {"2022-09": {"U00001": 31.0}})).places.empty


def test_a_changed_verdict_is_listed_with_both_values():
    new = report(JUNE, {MARCH: {"U00001": 10.0, "U00002": 20.0}}, verdict="not reached")

    verdicts = compare_reports(OLD, new).verdicts.iloc[0]

    assert (verdicts["old_verdict"], verdicts["new_verdict"]) == ("reached", "not reached")
    assert verdicts["baseline"] == "[z]"


def test_a_target_that_is_new_has_no_earlier_verdict():
    old = ReportResults(MARCH, False, OLD.facts, {"targets": {}}, OLD.totals, OLD.inputs)

    verdicts = compare_reports(old, OLD).verdicts.iloc[0]

    assert (verdicts["old_verdict"], verdicts["old_note"], verdicts["new_verdict"]) == ("[z]", "[z]", "reached")
    counts = compare_reports(old, OLD).counts
    assert counts["readings of targets new or gone"] == 1
    assert counts["readings of targets with another verdict"] == 0


def test_a_replaced_extract_is_told_from_a_new_one():
    new = report(JUNE, {MARCH: {"U00001": 10.0, "U00002": 20.0}}, inputs=[extract("bb", MARCH), extract("cc", JUNE)])

    inputs = compare_reports(OLD, new).inputs

    assert inputs[["change", "old_sha256", "new_sha256"]].to_numpy().tolist() == [
        ["new", "[z]", "cc"],
        ["replaced", "aa", "bb"],
    ]


def test_an_extract_under_another_name_is_the_same_extract():
    new = report(MARCH, {MARCH: {"U00001": 10.0, "U00002": 20.0}}, inputs=[extract("aa", MARCH, file="b.csv")])

    assert compare_reports(OLD, new).inputs.empty


def test_synthetic_and_published_figures_are_not_compared():
    with pytest.raises(UsageError, match="synthetic"):
        compare_reports(OLD, report(JUNE, {JUNE: {"U00001": 1.0}}, synthetic=True))


def test_the_tables_hold_each_kind_of_change_and_say_when_they_are_cut():
    rows = {MARCH: {"U00001": 12.0, "U00002": 21.0}, JUNE: {"U00003": 1.0}}
    new = report(JUNE, rows, verdict="not reached", inputs=[extract("bb", MARCH)])

    tables = {table.id: table for table in comparison_tables(compare_reports(OLD, new), rows=1)}

    assert list(tables) == [
        f"changes-{name}" for name in ("figures", "summary", "verdicts", "revised", "places", "inputs")
    ]
    assert len(tables["changes-places"].frame) > 1, "the download has every row"
    assert tables["changes-places"].to_html().count("<tr>") == 2
    assert "The download has all" in tables["changes-places"].to_html()
    assert "The download has all" not in tables["changes-verdicts"].to_html()
    assert "fte.splw.ENG.2022-03" in tables["changes-revised"].to_html()
