"""Each chart of the report says what its data say, shows what is missing as missing, and fits the page."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pandas as pd
import pytest
from charts import chart_frames as made
from charts import figures as charts
from charts.arial import text_px
from charts.chart_frames import NAN, QUARTERS, FactsByShape

from analysis.charts.data import NothingToDrawError, by_census
from analysis.charts.figure import Figure
from analysis.errors import UsageError
from analysis.facts.fact import Facts, UnknownFactError
from analysis.periods import expected_censuses
from analysis.registers.breaks import Break, load_breaks
from analysis.registers.roles import load_roles

FACTS = FactsByShape()
SPLW, CC = (load_roles().words[code] for code in ("splw", "cc"))
GOAL = charts.Goal("2019 target", 1000.0, "2021-03")
INCREASE = charts.Goal("2022 target", 500.0, "2021-11")

_MAKE: dict[str, Callable[[], Figure]] = {
    "trend": lambda: charts.trend(made.totals(), facts=FACTS, goal=GOAL, role=SPLW),
    "increase": lambda: charts.increase(
        made.totals(), facts=FACTS, goal=INCREASE, baselines=["2020-12", "2021-06"], role=SPLW
    ),
    "coverage": lambda: charts.coverage(made.coverage(), facts=FACTS),
    "decomposition": lambda: charts.decomposition(made.decomposition(), role=SPLW),
    "bounds": lambda: charts.bounds(made.bounds(), facts=FACTS, role=SPLW),
    "direct_share": lambda: charts.direct_share(made.totals(), facts=FACTS, role=SPLW),
    "entrants": lambda: charts.entrants(made.entrants(), facts=FACTS, role=SPLW),
    "area_trend": lambda: charts.area_trend(made.totals(), area_code="ENG", facts=FACTS, role=SPLW),
    "icb_rates": lambda: charts.icb_rates(
        made.places(42, name="NHS Kent and Medway {} ICB"), census="2022-03", facts=FACTS, role=SPLW
    ),
    "funnel": lambda: charts.funnel(
        made.places(104, level="sub_icb", name="NHS Nottingham and Nottinghamshire ICB - {:03d}"),
        census="2022-03",
        facts=FACTS,
        role=SPLW,
    ),
    "distribution": lambda: charts.distribution(made.distribution_bands(), census="2022-03", facts=FACTS, role=SPLW),
    "deprivation": lambda: charts.deprivation(
        made.deprivation_fifths(), census="2022-03", facts=FACTS, england=0.42, role=SPLW
    ),
}
EVERY = {name: functools.cache(make) for name, make in _MAKE.items()}
# Bytes: what the page can afford for a chart; the funnel has a mark for each of more than a hundred areas,
# the ICBs 42 names, written out twice.
BUDGET = {**dict.fromkeys(EVERY, 25_000), "icb_rates": 30_000, "funnel": 45_000}


def svgs(figure: Figure) -> list[ET.Element]:
    """The drawings of a figure, parsed as XML, their tags without the namespace."""
    parsed = [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", str(figure.svg), re.DOTALL)]  # noqa: S314 - our own
    for element in (element for svg in parsed for element in svg.iter()):
        element.tag = element.tag.rpartition("}")[2]
    return parsed


def marks(figure: Figure, drawing: int = 0) -> list[str]:
    """What the marks of a drawing say, wide by default."""
    found = [mark for mark in svgs(figure)[drawing].iter() if mark.get("class") == "mark"]
    return [mark.get("aria-label") or mark.findtext("title") for mark in found]


def texts(figure: Figure, drawing: int = 0) -> str:
    """All that is written on a drawing, wide by default."""
    return " ".join(" ".join(text.itertext()) for text in svgs(figure)[drawing].iter("text"))


@pytest.fixture(scope="module", params=EVERY)
def each(request: pytest.FixtureRequest) -> tuple[str, Figure]:
    return request.param, EVERY[request.param]()


def test_every_chart_is_within_its_budget(each: tuple[str, Figure]) -> None:
    name, figure = each
    assert len(figure.svg.encode()) <= BUDGET[name]


def test_every_chart_has_its_data_as_a_table_with_a_reason_for_each_gap(each: tuple[str, Figure]) -> None:
    """Table refuses a missing value without its reason; this asks that all that is marked can be looked up."""
    _, figure = each
    assert len(figure.table.frame) > 0
    assert figure.table.id.startswith("chart-")
    assert figure.table.title


def test_every_chart_of_the_same_data_has_the_same_bytes(each: tuple[str, Figure]) -> None:
    name, figure = each
    assert _MAKE[name]().to_html() == figure.to_html()


def test_the_wide_and_the_narrow_drawing_have_the_same_marks(each: tuple[str, Figure]) -> None:
    _, figure = each
    assert marks(figure, 0) == marks(figure, 1)
    assert all(marks(figure))


def test_no_text_of_a_chart_leaves_its_drawing(each: tuple[str, Figure]) -> None:
    """Measured with the widths of Arial, from the groups' moves and the text's own place and alignment."""
    _, figure = each
    for svg in svgs(figure):
        width, height = (float(side) for side in svg.get("viewBox").split()[2:])
        written = placed_texts(svg)
        assert len(written) > 4
        for x, y, text, anchor in written:
            length = text_px(text)
            left = {"start": x, "middle": x - length / 2, "end": x - length}[anchor]
            assert left >= -1, text
            assert left + length <= width + 1, text
            assert 8 <= y <= height, text


def placed_texts(svg: ET.Element) -> list[tuple[float, float, str, str]]:
    """Place, words and alignment of each line of text of a drawing."""
    found = []

    def walk(element: ET.Element, x: float, y: float, anchor: str) -> None:
        move = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", element.get("transform", ""))
        x, y = (x + float(move[1]), y + float(move[2])) if move else (x, y)
        anchor = element.get("text-anchor", anchor)
        if element.tag == "text":
            lines = [line for line in element.itertext() if line.strip()]
            place = x + float(element.get("x", 0)), y + float(element.get("y", 0))
            found.extend((*place, line, anchor) for line in lines)
        for child in element:
            walk(child, x, y, anchor)

    walk(svg, 0, 0, "start")
    return found


def test_the_trend_says_when_the_target_was_reached_and_that_counting_contracted_services_decides() -> None:
    figure = EVERY["trend"]()
    assert str(figure.title) == (
        "Counting contracted services, reported link workers reached the 2019 target in March 2021 "
        "and stood at «fte.splw.ENG.2022-03» FTE in March 2022"
    )
    assert "first in March 2021" in figure.alternative
    assert "2019 target: 1,000 FTE by March 2021" in marks(figure)


@pytest.mark.parametrize(
    ("fte", "words"),
    [
        ((100.0, 200.0, 300.0, 400.0, 500.0, 600.0), "below the 2019 target"),
        ((2000.0,) * 6, "in March 2021, when the 2019 target was due, and at"),
        ((100.0, 200.0, 3000.0, 3100.0, 3200.0, 3300.0), "in June 2021, after it was due, and stood"),
        ((100.0, 200.0, 300.0, 400.0, 500.0, 2000.0), "reached the 2019 target in March 2022, at «"),
        ((100.0, 2000.0, 2000.0, 2000.0, 2000.0, 900.0), "in March 2021 but stood below it,"),
        ((NAN,) * 6, "No figure for link workers at any census"),
    ],
)
def test_the_trend_is_told_as_the_figures_have_it(fte: tuple[float, ...], words: str) -> None:
    assert words in str(charts.trend(made.totals(fte), facts=FACTS, goal=GOAL, role=SPLW).title)


def test_a_missing_value_breaks_the_line_and_has_no_mark() -> None:
    figure = charts.area_trend(made.totals((10, NAN, 30, 40, 50, 60)), area_code="ENG", facts=FACTS, role=SPLW)
    assert not [words for words in marks(figure) if words.startswith("March 2021")]
    lines = [path.get("d") for path in svgs(figure)[0].iter("path") if "L" in path.get("d", "")]
    assert [line.count("M") for line in lines] == [2], "two pieces, none across the gap"
    assert "no value for March 2021" in figure.alternative


def test_a_census_that_is_not_among_the_rows_breaks_the_line_too() -> None:
    """A straight line across a census that was taken and not loaded would state what nobody knows."""
    partial = made.totals().query("census != '2021-06'")
    rows = by_census(partial, {"fte": "note"}, "totals")
    assert list(rows["census"]) == QUARTERS
    assert rows.loc["2021-06", "note"] == "[x]"
    figure = charts.area_trend(partial, area_code="ENG", facts=FACTS, role=SPLW)
    assert "no value for June 2021" in figure.alternative
    assert "[x]" in figure.table.to_html()


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_censuses_can_be_drawn(count: int) -> None:
    figure = charts.trend(made.totals().tail(count), facts=FACTS, goal=GOAL, role=SPLW)
    assert len(marks(figure)) == 2 * count


def test_a_role_without_any_value_gets_an_empty_plot_that_says_so() -> None:
    figure = charts.trend(made.totals((NAN,) * 6), facts=FACTS, goal=GOAL, role=SPLW)
    assert "No value at any census" in texts(figure)
    assert "All reported: no value at any census." in figure.alternative


def test_years_of_monthly_censuses_are_drawn_with_thinned_labels_and_marks() -> None:
    censuses = expected_censuses("2020-03", "2026-06")
    figure = charts.trend(
        made.totals([100.0 + 10 * place for place in range(len(censuses))], censuses), facts=FACTS, goal=GOAL, role=SPLW
    )
    assert len(marks(figure)) < 2 * len(censuses)
    assert any(words.startswith("June 2026") for words in marks(figure))
    assert len(figure.svg.encode()) <= 32_000
    assert len(figure.table.frame) == len(censuses), "the table has them all"


def test_a_series_of_staff_without_figures_is_not_drawn_named_or_marked_with_its_break() -> None:
    """Bulletin tables alone: the break of staff is none of the total's; with staff on both sides it is marked."""
    register, totals = load_breaks(), made.totals()
    censuses = list(totals["census"])
    breaks, of_staff = (
        register.breaks_between(censuses[0], censuses[-1], measure, "england", ["splw"])
        for measure in ("fte", "fte_staff")
    )
    drawn = charts.trend(totals, facts=FACTS, breaks=breaks, breaks_of_staff=of_staff, role=SPLW)
    assert "Staff only" in str(drawn.subtitle)
    assert "[b] Sep 2021" in drawn.svg
    totals["fte_staff"] = NAN
    bare = charts.trend(totals, facts=FACTS, breaks=breaks, breaks_of_staff=of_staff, role=SPLW)
    assert "Staff only" not in f"{bare.subtitle} {bare.alternative} {bare.svg}"
    assert "[b] Sep 2021" not in bare.svg


def test_breaks_of_the_series_are_marked_and_explained_and_those_outside_are_not() -> None:
    breaks = load_breaks().breaks
    figure = charts.direct_share(made.totals(), facts=FACTS, breaks=breaks, role=SPLW)
    assert "[b] Sep 2021" in texts(figure)
    assert "Apr 2026" not in texts(figure)
    assert any(note.startswith("[b] September 2021: A new collection tool") for note in figure.table.notes)


@pytest.mark.parametrize("known", [0, 1])
def test_who_employs_is_not_drawn_of_fewer_than_two_censuses(known: int) -> None:
    """Bulletin tables alone, or the newest extract alone: an empty chart, or one dot, is a sentence in its place."""
    totals = made.totals()
    totals.loc[totals.index[: len(totals) - known], ["fte_staff", "fte_contracted", "direct_share_pct"]] = NAN
    with pytest.raises(NothingToDrawError, match="no two censuses"):
        charts.direct_share(totals, facts=FACTS, role=SPLW)


def test_who_employs_is_broken_by_the_collection_tool_and_not_by_a_second_role() -> None:
    """Over September 2021 and April 2023: title and drawing name the first; the table explains both marks in it."""
    censuses = expected_censuses("2021-03", "2023-06")
    register = load_breaks()
    breaks = register.breaks_between(censuses[0], censuses[-1], "direct_share_pct", "england", ["splw"])
    of_fte = register.breaks_between(censuses[0], censuses[-1], "fte_staff", "england", ["splw"])
    totals = made.totals([1000.0] * len(censuses), censuses)
    figure = charts.direct_share(totals, facts=FACTS, breaks=breaks, breaks_of_fte=of_fte, role=SPLW)
    assert "how it is recorded changed in September 2021" in str(figure.title)
    assert "April 2023" not in str(figure.title) + figure.alternative
    assert "[b] Apr 2023" not in texts(figure)
    assert [note[:18] for note in figure.table.notes] == ["[b] September 2021", "[b] April 2023: A "]


@pytest.mark.parametrize(("last", "count"), [("2022-12", 12), ("2026-06", 54), ("2031-12", 120)])
@pytest.mark.parametrize("drawing", [0, 1])
def test_time_is_drawn_as_time_and_its_labels_stand_apart(last: str, count: int, drawing: int) -> None:
    """With 12, 54 and 120 censuses, wide and narrow: places are proportional to days, labels do not touch."""
    censuses = expected_censuses("2020-03", last)
    assert len(censuses) == count
    figure = charts.area_trend(made.totals([100.0] * count, censuses), area_code="ENG", facts=FACTS, role=SPLW)
    svg = svgs(figure)[drawing]
    quarter = [census for census in censuses if census[-2:] in {"03", "06", "09", "12"}]
    days = [(dt.date.fromisoformat(f"{census}-01") - dt.date(2020, 3, 1)).days for census in quarter]
    places = sorted(float(circle.get("cx")) for circle in svg.iter("circle"))
    drawn = quarter if count > 40 else censuses
    assert len(places) == len(drawn)
    share = (places[-1] - places[0]) / days[-1]
    assert all(abs(place - places[0] - share * day) < 0.2 for place, day in zip(places, days, strict=True))
    years = [x for x, _, text, _ in placed_texts(svg) if re.fullmatch(r"20\d\d", text)]
    assert len(years) >= 3
    assert min(after - before for before, after in itertools.pairwise(sorted(years))) >= 32


def test_a_matched_panel_is_drawn_from_the_census_it_begins_with() -> None:
    panel = made.totals().query("census >= '2021-06'").assign(since="2021-06", pcns=836)
    figure = charts.trend(made.totals(), facts=FACTS, panels=panel, role=SPLW)
    assert sum("Matched panel" in words for words in marks(figure)) == 4
    assert figure.table.cell_text("panel_fte", 0) == "[z]"


def test_the_increase_counts_from_each_baseline_and_the_baseline_may_decide() -> None:
    figure = EVERY["increase"]()
    assert "December 2021: +810 FTE, From Dec 2020" in marks(figure)
    assert "December 2021: +350 FTE, From Jun 2021" in marks(figure)
    assert str(figure.title) == (
        "By December 2021, reported link workers had grown by the promised increase from December 2020, "
        "but not from June 2021"
    )
    assert figure.table.cell_text("since_2021-06_fte", 0) == "[z]"


def of_september_2021() -> list[Break]:
    return [entry for entry in load_breaks().breaks if entry.census == "2021-09"]


def test_an_increase_across_a_break_is_marked_and_one_from_after_it_is_not() -> None:
    goal, baselines = charts.Goal("2022 target", 500.0, "2021-11"), ["2020-12", "2021-12"]
    figure = charts.increase(
        made.totals(), facts=FACTS, goal=goal, baselines=baselines, breaks=of_september_2021(), role=SPLW
    )
    frame = figure.table.frame.set_index("census")
    assert frame.loc["2021-06", "since_2020-12_fte_note"] == ""
    assert set(frame.loc["2021-09":, "since_2020-12_fte_note"]) == {"[b]"}
    assert "[b]" not in set(frame["since_2021-12_fte_note"])
    assert "[b] Sep 2021" in figure.svg
    assert "A break in the series is marked at September 2021." in figure.alternative
    assert figure.table.notes[0].startswith("[b] September 2021: ")


def test_a_quarter_across_a_break_is_told_below_the_title_and_explained() -> None:
    figure = charts.decomposition(made.decomposition(), breaks=of_september_2021(), role=SPLW)
    assert "The change over the quarter to September 2021 crosses a break in the series." in str(figure.subtitle)
    assert figure.table.notes[0].startswith("[b] September 2021: ")
    assert charts.decomposition(made.decomposition(), role=SPLW).table.notes == ()


def test_two_breaks_in_a_quarter_are_both_explained_and_the_quarter_is_named_once() -> None:
    [first] = of_september_2021()
    second = first.model_copy(update={"census": "2021-08", "reader": "Something else changed a month before that."})
    figure = charts.decomposition(made.decomposition(), breaks=[second, first], role=SPLW)
    assert [note.partition(":")[0] for note in figure.table.notes] == ["[b] August 2021", "[b] September 2021"]
    assert str(figure.subtitle).count("crosses a break in the series") == 1


def test_an_increase_is_not_judged_before_it_is_due() -> None:
    goal = charts.Goal("2022 target", 500.0, "2022-11")
    figure = charts.increase(made.totals(), facts=FACTS, goal=goal, baselines=["2020-12", "2022-06"], role=SPLW)
    assert str(figure.title) == (
        "By March 2022, before the target was due, reported link workers had risen by "
        "«change.fte.splw.ENG.2020-12.2022-03» FTE since December 2020"
    )
    assert "due Nov 2022" in texts(figure)
    assert "Jun 2022" not in texts(figure), "a baseline after the last census is left out"


@pytest.mark.parametrize(
    ("value", "words"), [(10.0, "had grown by the promised increase from each"), (9000.0, "had not grown")]
)
def test_where_the_baseline_does_not_matter_the_increase_says_so(value: float, words: str) -> None:
    goal = charts.Goal("2022 target", value, "2021-11")
    baselines = ["2020-12", "2021-06"]
    figure = charts.increase(made.totals(), facts=FACTS, goal=goal, baselines=baselines, role=SPLW)
    assert words in str(figure.title)


def test_without_a_fact_of_the_change_the_level_is_given() -> None:
    """Of a census known from the bulletin tables alone there are levels, and no decomposition."""
    level = Facts([FACTS["fte.splw.ENG.2022-03"]])
    goal = charts.Goal("2022 target", 500.0, "2022-11")
    figure = charts.increase(made.totals(), facts=level, goal=goal, baselines=["2020-12"], role=SPLW)
    assert "stood at «fte.splw.ENG.2022-03» FTE" in str(figure.title)


def test_a_baseline_without_a_figure_has_no_line() -> None:
    totals = made.totals((NAN, 1090, 1260, 1430, 1610, 1740))
    named = {"facts": FACTS, "goal": INCREASE, "role": SPLW}
    figure = charts.increase(totals, baselines=["2020-12", "2021-03"], **named)
    assert not [mark for mark in marks(figure) if "From Dec 2020" in mark]
    assert str(figure.title).endswith("had grown by the promised increase from March 2021")
    with pytest.raises(NothingToDrawError, match="no increase") as caught:
        charts.increase(totals, baselines=["2020-12"], **named)
    assert caught.value.reader == "the data hold no baseline with a later census"


def test_coverage_writes_how_many_reported_of_how_many() -> None:
    figure = EVERY["coverage"]()
    assert "March 2022: 84.5% (1,060 of 1,255 PCNs), Reporting" in marks(figure)
    assert "84.5% (1,060 of 1,255 PCNs)" in texts(figure)
    assert str(figure.title) == (
        "«coverage.ENG.2022-03» of networks reported in March 2022, up from «coverage.ENG.2020-12» in December 2020"
    )


def test_coverage_without_active_pcns_counts_those_reporting() -> None:
    figure = charts.coverage(made.coverage(active=NAN), facts=FACTS)
    assert "March 2022: 1,060 PCNs, Reporting" in marks(figure)
    assert "not known" in str(figure.subtitle)


def test_the_bars_of_a_change_add_up_to_its_total() -> None:
    figure = EVERY["decomposition"]()
    said = [words for words in marks(figure) if words.startswith("Mar 2021 to Jun 2021")]
    assert said == [
        "Mar 2021 to Jun 2021: +100.0 FTE, Reported at both",
        "Mar 2021 to Jun 2021: +78.0 FTE, Only at the later",
        "Mar 2021 to Jun 2021: −11.0 FTE, Only at the earlier",
        "Mar 2021 to Jun 2021: +167.0 FTE, total change",
    ]
    assert str(figure.title) == (
        "Newly reporting networks brought most of each quarter’s rise in link workers up to March 2021; networks "
        "already reporting brought most from then to March 2022"
    )


def test_changes_over_other_spans_than_a_quarter_are_not_drawn_beside_them() -> None:
    long = made.decomposition().tail(1).assign(from_census="2020-12")
    month = made.decomposition().tail(1).assign(from_census="2022-02")
    figure = charts.decomposition(pd.concat([made.decomposition(), long, month]), role=SPLW)
    assert list(figure.table.frame["from_census"]) == QUARTERS[:-1]


def test_a_gap_of_years_is_empty_and_as_wide_as_it_is_long() -> None:
    """45 months between two extracts are no quarter: no bar spans them, and the quarters between have no figures."""
    across = made.decomposition().tail(1).assign(from_census="2022-03", census="2025-12")
    rows = charts.decomposition_rows(pd.concat([made.decomposition(), across]), role="splw")
    assert rows["census"].iloc[-1] == "2025-12"
    assert list(rows.loc[rows["change_fte"].isna(), "note"].unique()) == ["[x]"]
    assert rows["change_fte"].notna().sum() == 5
    figure = charts.decomposition(pd.concat([made.decomposition(), across]), role=SPLW)
    assert "Mar 2022 to Dec 2025" not in " ".join(marks(figure))
    assert "Quarters without an extract at both ends are empty" in str(figure.subtitle)
    assert "No figure for the quarters to 15 censuses" in figure.alternative


def test_without_two_censuses_a_quarter_apart_there_is_no_chart_of_quarters() -> None:
    across = made.decomposition().tail(1).assign(from_census="2022-03", census="2025-12")
    with pytest.raises(NothingToDrawError, match="no change over a quarter"):
        charts.decomposition(across, role=SPLW)


def test_bars_of_monthly_censuses_are_quarters_that_end_with_the_last() -> None:
    """To May 2023: quarters to May; those before the cadence changed end in December, September and so on."""
    pairs = [("2022-06", "2022-09"), ("2022-09", "2022-12"), ("2023-01", "2023-04"), ("2023-02", "2023-05")]
    frame = pd.concat([made.decomposition().tail(1).assign(from_census=a, census=b) for a, b in pairs])
    rows = charts.decomposition_rows(frame, role="splw")
    assert list(zip(rows["from_census"], rows["census"], strict=True)) == [pairs[0], pairs[1], pairs[3]]


def test_the_finding_about_growth_changes_with_the_figures() -> None:
    figure = charts.decomposition(made.decomposition(newly=(1, 1, 1, 1, 1)), role=SPLW)
    assert str(figure.title) == (
        "Up to March 2022, most of each quarter’s rise in link workers came from networks already reporting"
    )
    assert "in no quarter" in figure.alternative


def test_the_finding_about_growth_is_of_quarters_that_fall_into_two_runs() -> None:
    """New reporting first, then not, then again: no month divides them, and the title claims none; nor of a fall."""
    mixed = charts.decomposition(made.decomposition(newly=(200, 1, 200, 1, 1)), role=SPLW)
    assert str(mixed.title).startswith("How much of each quarter’s change in link workers came from")
    fallen = made.decomposition().assign(change_fte=-5.0)
    assert str(charts.decomposition(fallen, role=SPLW).title) == (
        "Reported link workers did not rise in any quarter up to March 2022"
    )


def test_bounds_are_called_what_they_are() -> None:
    figure = EVERY["bounds"]()
    assert "not a confidence interval" in str(figure.subtitle)
    assert "Scaled up by networks [e]" in texts(figure)
    assert "Scaled up by patients" not in texts(figure), "nothing is drawn of a measure without values"
    assert "348 FTE wide in March 2022" in figure.alternative


@pytest.mark.parametrize(
    ("new", "words"), [((0.9, 0.9, 0.9, 0.9, 0.9), "fewer link workers"), ((2, 2, 2, 2, 2), "no fewer link workers")]
)
def test_the_assumption_of_grossing_is_tested_on_the_figures(new: tuple[float, ...], words: str) -> None:
    assert f"Networks that began to report by March 2022 had {words}" in str(
        charts.entrants(made.entrants(new), facts=FACTS, role=SPLW).title
    )


def test_no_newcomer_means_no_median_of_newcomers() -> None:
    figure = EVERY["entrants"]()
    assert figure.table.cell_text("median_newly_reporting", 2) == "[z]"
    assert not [words for words in marks(figure) if words.startswith("September 2021") and "Newly" in words]


def test_areas_stand_in_order_of_name_not_of_rate() -> None:
    frame = made.places()
    frame["area_name"] = frame["area_name"].replace({"NHS Area 7 ICB": "NHS Aardvark Integrated Care Board"})
    figure = charts.icb_rates(frame, census="2022-03", facts=FACTS, role=SPLW)
    names = [words.partition(":")[0] for words in marks(figure)]
    assert names[0] == "Aardvark"
    assert names == sorted(names)
    assert "Not a ranking" in str(figure.subtitle)


def test_an_area_that_did_not_report_is_shown_as_not_available() -> None:
    frame = made.places()
    frame.loc[3, ["rate_reporting", "rate_low", "rate_high"]] = NAN
    figure = charts.icb_rates(frame, census="2022-03", facts=FACTS, role=SPLW)
    assert "[x]" in texts(figure)
    assert len(marks(figure)) == 11
    assert "1 without a figure" in figure.alternative


def test_without_list_sizes_areas_are_compared_by_fte_per_reporting_pcn() -> None:
    figure = charts.icb_rates(made.places(listed=False), census="2022-03", facts=FACTS, role=SPLW)
    assert "FTE per network" in texts(figure)
    assert "fte_per_reporting_pcn.splw." in str(figure.title)
    assert "Lines:" not in str(figure.subtitle)


def test_without_list_sizes_there_is_no_funnel() -> None:
    with pytest.raises(NothingToDrawError, match="no funnel"):
        charts.funnel(made.places(listed=False, level="sub_icb"), census="2022-03", facts=FACTS, role=SPLW)


def test_an_area_beyond_the_outer_limits_is_told_apart_by_shape_and_in_words() -> None:
    frame = made.places(40, level="sub_icb")
    frame.loc[30, "rate_reporting"] = 5.0
    figure = charts.funnel(frame, census="2022-03", facts=FACTS, role=SPLW)
    assert "Above the dotted ones: " in figure.subtitle.text
    assert "Above the 99.8% limits: 1." in figure.alternative
    assert "some lie far outside" in str(figure.title)
    shapes = [mark.tag for mark in svgs(figure)[0].iter() if mark.get("class") == "mark"]
    assert shapes.count("path") == 1
    assert shapes.count("circle") == 39


def test_hostile_names_of_areas_stay_text() -> None:
    hostile = "</title><script>alert('{}')</script>&amp;" + "W" * 200
    for figure in (
        charts.icb_rates(made.places(name=hostile), census="2022-03", facts=FACTS, role=SPLW),
        charts.area_trend(made.totals(name=hostile), area_code="ENG", facts=FACTS, role=SPLW),
        charts.funnel(made.places(name=hostile, level="sub_icb"), census="2022-03", facts=FACTS, role=SPLW),
    ):
        assert "<script" not in figure.to_html()
        assert len(svgs(figure)) == 2


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: charts.trend(made.totals(), facts=FACTS, role=CC), "role = 'cc'"),
        (lambda: charts.trend(made.totals().drop(columns="fte"), facts=FACTS, role=SPLW), "no column 'fte'"),
        (
            lambda: charts.trend(pd.concat([made.totals()] * 2), facts=FACTS, role=SPLW),
            "more than one row for census 2020-12",
        ),
        (lambda: charts.coverage(made.coverage().iloc[:0], facts=FACTS), "nothing to draw"),
        (lambda: charts.trend(made.totals(), facts=Facts(), role=SPLW), "no fact 'fte.splw.ENG.2022-03'"),
    ],
)
def test_a_chart_without_its_data_is_refused_with_the_reason(make: Callable[[], Figure], what: str) -> None:
    with pytest.raises(UsageError, match=re.escape(what)):
        make()


def test_more_than_four_lines_are_refused() -> None:
    rows = pd.concat([made.totals().assign(series=str(place)) for place in range(5)])
    with pytest.raises(UsageError, match="5 series"):
        charts.line(rows, "fte", series="series", unit="FTE")


@pytest.mark.parametrize("wrong", ["ftte.splw.ENG.2022-03", "fte.nobody.ENG.2022-03", "fte.ENG.splw.2022-03", "fte"])
def test_the_facts_of_these_tests_do_not_answer_everything(wrong: str) -> None:
    assert wrong not in FACTS
    with pytest.raises(UnknownFactError):
        FACTS[wrong]


def test_the_histogram_counts_each_network_once_and_draws_none_beside_the_rest():
    figure = charts.distribution(made.distribution_bands(), census="2022-03", facts=FACTS, role=SPLW)
    said = marks(figure)
    assert len(said) == 1 + 8, "none, seven bands of 0.1 up to where 97% are, and the rest"
    assert "None: 20.0% of networks (20)" in said
    assert "0.3 to under 0.4 FTE per 10,000 patients: 20.0% of networks (20)" in said
    assert "0.7 or more FTE per 10,000 patients: 3.0% of networks (3)" in said
    assert figure.table.frame["pcns"].sum() == 100
    assert figure.alternative == (
        "Histogram of FTE per 10,000 patients of link workers over 100 networks in England in March 2022. 20.0% have "
        "none. The fullest band is 0.3 to under 0.4, with 20.0% of networks. 3.0% have 0.7 or more."
    )


def test_a_year_before_and_the_peak_are_lines_over_the_histogram():
    frame = made.distribution_bands(("2020-12", "2021-03", "2022-03", "2022-06"))
    frame.loc[(frame["census"] == "2021-03") & (frame["band"] == 0), "pcns"] = 120.0
    figure = charts.distribution(frame, census="2022-03", peak="2020-12", facts=FACTS, role=SPLW)
    words = "None: 20.0% of networks (20); A year before (Mar 2021): 60.0%; Highest FTE (Dec 2020): 20.0%"
    assert words in marks(figure)
    assert "Earlier, the share with none was 60.0% in March 2021 and 20.0% in December 2020." in figure.alternative
    assert "2022-06" not in figure.table.frame.to_csv(), "nothing later than the report"
    assert list(figure.table.columns) == ["band", "pcns", "share_pct", "pcns_1", "share_pct_1", "pcns_2", "share_pct_2"]
    assert [figure.table.frame[f"pcns{end}"].sum() for end in ("", "_1", "_2")] == [100, 200, 100]


def test_a_peak_a_year_before_is_drawn_once():
    frame = made.distribution_bands(("2021-03", "2022-03"))
    figure = charts.distribution(frame, census="2022-03", peak="2021-03", facts=FACTS, role=SPLW)
    assert "None: 20.0% of networks (20); Highest FTE, a year before (Mar 2021): 20.0%" in marks(figure)


def test_without_a_list_of_patients_networks_are_counted_by_their_fte():
    frame = pd.concat([made.distribution_bands(("2022-03",), "fte"), made.distribution_bands(("2021-03",))])
    figure = charts.distribution(frame, census="2022-03", facts=FACTS, role=SPLW)
    assert "3.5 or more FTE: 3.0% of networks (3)" in marks(figure)
    assert figure.title.text.startswith("Of «pcns_reporting.ENG.2022-03» networks that reported")
    assert "a year before" not in str(figure.to_html()), "an earlier census in another unit is not set beside it"


def test_wide_spreads_have_wider_bands_and_no_network_is_lost():
    frame = made.distribution_bands()
    frame["pcns"] = 10.0
    figure = charts.distribution(frame, census="2022-03", facts=FACTS, role=SPLW)
    assert figure.table.frame["band"].to_list()[:3] == ["None", "Some, under 0.5", "0.5 to under 1.0"]
    assert len(figure.table.frame) <= 14
    assert figure.table.frame["pcns"].sum() == 310


def test_a_census_with_nobody_has_no_histogram():
    frame = made.distribution_bands().query("band == 0")
    with pytest.raises(NothingToDrawError, match="no network has splw"):
        charts.distribution(frame, census="2022-03", facts=FACTS, role=SPLW)
