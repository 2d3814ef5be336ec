"""The methodology's worked examples, wordings, readings and figures, read from the page and held against the code."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from tests.assessment.test_readings import CENSUSES, GROWING, pace_at
from tests.docs.documents import DOCS, code, decimals, number, section, table
from tests.measures.measure_frames import ROLES, workforce

from analysis.assessment.readings import choices
from analysis.columns import CONTRACTED, STAFF
from analysis.measures import backtests, deprivation, funnel, patients
from analysis.measures.bounds import bounds
from analysis.measures.compact_table import CompactTable
from analysis.measures.coverage import coverage
from analysis.measures.decomposition import decomposition
from analysis.measures.totals import totals
from analysis.measures.usual_changes import MIN_EARLIER, usual_range
from analysis.publish.checks import check_page
from analysis.publish.context import PageContext
from analysis.publish.methodology_page import render_methodology
from analysis.registers.anomalies import load_anomalies
from analysis.registers.breaks import load_breaks
from analysis.registers.targets import load_targets
from analysis.runs.stored_facts import facts_in
from analysis.tables.table import SHORTHAND

PAGE = DOCS / "methodology.md"
TEXT = PAGE.read_text(encoding="utf-8")
FROM, TO = "2022-06", "2022-09"
SHOWN = [target for target in load_targets() if target.shown]


# ---- the worked example of decomposition of growth ----


@pytest.fixture(scope="module")
def four_pcns() -> CompactTable:
    """The extracts of the example: a PCN with 0.0 reports another role alone."""
    rows = []
    for row in table(PAGE, "PCN", "June", "September"):
        pcn = f"U0000{'ABCD'.index(row['PCN']) + 1}"
        for census, cell in ((FROM, row["June"]), (TO, row["September"])):
            if cell == "did not report":
                continue
            role, fte = ("splw", number(cell)) if number(cell) else ("cc", 1.0)
            rows.append((census, pcn, role, fte))
    return workforce(rows)


def test_the_example_of_growth_taken_apart_comes_out(four_pcns):
    """Each part of the table, in FTE and PCNs, is what the measure gives for the four PCNs."""
    frame = decomposition(four_pcns, ROLES, load_breaks(), [(FROM, TO)], levels=("england",), codes=["splw"])
    found = frame[frame["data_source"] == "all"].iloc[0]
    parts = {row["part"]: row for row in table(PAGE, "part", "FTE", "PCNs")}
    names = {"in both": "in_both", "newly reporting": "newly_reporting", "dropped out": "dropped_out"}
    for words, name in names.items():
        assert found[f"{name}_fte"] == pytest.approx(number(parts[words]["FTE"]), abs=1e-9)
        assert found[f"pcns_{name}"] == number(parts[words]["PCNs"])
    assert found["change_fte"] == pytest.approx(number(parts["change"]["FTE"]), abs=1e-9)
    sentence = re.search(r"The total went from ([\d.]+) to ([\d.]+)\.", TEXT)
    assert (found["from_fte"], found["to_fte"]) == pytest.approx(tuple(map(number, sentence.groups())))


def test_the_example_of_bounds_comes_out(four_pcns):
    """Levels grossed by PCNs, and the increase in its three forms."""
    text = section(PAGE, "## Decomposition of growth").partition("**Bounds on the same PCNs.**")[2]
    active = number(re.search(r"Suppose (\d+) PCNs are active", text).group(1))
    bulletin = pd.DataFrame(
        [("pcns_active", census, "", active, "all") for census in (FROM, TO)],
        columns=["measure", "census", "label", "value", "role"],
    )
    none = pd.DataFrame({"measure": [], "census": [], "role": [], "value": []}).astype("str")
    lists = pd.DataFrame({"list_date": pd.to_datetime([]), "org_type": [], "org_code": [], "patients": []})
    breaks = load_breaks()
    summed = totals(four_pcns, ROLES, breaks, levels=("england",))
    covered = coverage(four_pcns, bulletin, none, breaks, levels=("england",))
    frame = bounds(summed, covered, four_pcns, lists, roles=ROLES, measures=["fte"])
    grossed = frame[frame["role"] == "splw"].set_index("census")["grossed_pcns"]
    levels = [number(value) for value in re.findall(r"= (\d+\.\d)", text)]
    assert list(grossed[[FROM, TO]]) == pytest.approx(levels)
    documented = re.search(r"The increase is (\S+) as reported, (\S+) matched, and (\S+) grossed", text).groups()
    reported = frame[frame["role"] == "splw"].set_index("census")["reported"]
    apart = decomposition(four_pcns, ROLES, breaks, [(FROM, TO)], levels=("england",), codes=["splw"])
    matched = apart.loc[apart["data_source"] == "all", "in_both_fte"].item()
    found = (reported[TO] - reported[FROM], matched, grossed[TO] - grossed[FROM])
    assert found == pytest.approx(tuple(map(number, documented)))


# ---- the worked examples of dates and pace ----


def test_the_example_of_a_straight_line_comes_out():
    """The days and weights in the sentence are those between the two censuses, and give the result."""
    found = re.search(r"gives (\d+) × (\d+)/(\d+) \+ (\d+) × (\d+)/(\d+) = ([\d.]+)\.", TEXT)
    first, left, span, second, gone, span_again, result = map(float, found.groups())
    days = (pd.Timestamp("2022-11-30") - pd.Timestamp("2022-09-30")).days
    assert (gone, span, span_again, left) == (days, 92, 92, 92 - days)
    assert round(first * left / span + second * gone / span, 1) == result


def test_the_example_of_pace_is_the_one_that_the_assessment_is_tested_with():
    """The censuses are those of the test by hand, and each rate is what the function gives for them."""
    fte = {row["census"]: number(row["FTE"]) for row in table(PAGE, "census", "FTE")}
    assert fte == {census: GROWING[census] for census in CENSUSES if census <= "2022-09"}
    rates = {row["at September 2022"]: number(row["a month"]) for row in table(PAGE, "at September 2022", "a month")}
    found = pace_at("2022-09")
    assert rates == {
        "needed": found.needed,
        "achieved": found.achieved,
        "still needed": found.still_needed,
        "slowest quarter, matched": found.recent_low,
        "fastest quarter, matched": found.recent_high,
    }
    assert found.reach_note == "not within a year at that pace"
    nearer = pace_at("2022-09", value=110)
    assert (nearer.reach_earliest, nearer.reach_latest) == ("2023-02", "2023-07")
    assert "February to July 2023" in TEXT.replace("\n", " ")


# ---- the page beside the reports ----


def test_the_page_passes_the_checks_of_a_report():
    """It is put beside the reports, under the same rules."""
    page = render_methodology(TEXT, PageContext("Methodology", "How the figures are made."))
    assert check_page(page, kind="methodology") == []


# ---- what stands in registers and in the code ----


def test_wordings_and_sources_are_those_of_the_register():
    """Verbatim, for every target that is shown."""
    documented = {
        code(row["target"])[0]: (row["wording"], row["source"]) for row in table(PAGE, "target", "wording", "source")
    }
    assert documented == {target.id: (target.wording, target.source) for target in SHOWN if not target.part_of}


def test_the_number_of_readings_and_the_main_reading_are_those_of_the_register():
    rows = {code(row["target"])[0]: row for row in table(PAGE, "target", "readings", "main reading")}
    for target in SHOWN:
        row = rows.pop(target.id)
        assert int(row["readings"]) == len(list(choices(target)))
        main = target.main
        baseline = [f"from {main.baseline}"] if main.baseline else []
        documented = row["main reading"].replace("`", "").split(", ")
        assert documented == [main.measure, main.role, *baseline, main.date]
    assert rows == {}


def test_the_choices_of_each_axis_are_those_of_the_register():
    axes = {row["axis"]: row["choices"] for row in table(PAGE, "axis", "choices")}
    targets = SHOWN
    assert set(code(axes["measure"])) - {STAFF} == {m for target in targets for m in target.readings.measures}
    assert set(code(axes["date"])) == {d for target in targets for d in target.readings.dates}
    documented = {f"{pd.Timestamp(month):%Y-%m}" for month in re.findall(r"[A-Z]\w+ \d{4}", axes["baseline"])}
    assert documented == {baseline.census for target in targets for baseline in target.baselines}


def test_the_breaks_are_those_of_the_register():
    documented = [(row["census"], row["kind"]) for row in table(PAGE, "census", "kind", "what changed")]
    assert documented == [(entry.census, entry.kind) for entry in load_breaks().breaks]


def test_the_kinds_of_known_anomaly_are_those_of_the_register():
    """Two values, one of them in one census alone."""
    entries = load_anomalies().entries
    assert {entry.value for entry in entries} == {-0.026666667, 0.0}
    assert {census for entry in entries if entry.value == 0 for census in entry.censuses} == {"2020-03"}
    assert "−0.026666667" in TEXT


def test_the_shorthand_is_that_of_the_tables():
    assert {row["shorthand"]: row["meaning"] for row in table(PAGE, "shorthand", "meaning")} == SHORTHAND


def test_coaches_and_care_coordinators_begin_when_the_page_says():
    assert {ROLES.starts(role) for role in ("hwbc", "cc")} == {"2020-12"}
    assert "Coaches and care coordinators begin in December 2020." in TEXT


def test_the_limits_of_the_methods_are_those_of_the_code():
    """Sizes, ages and tolerances that the page states."""
    flat = re.sub(r"\s+", " ", TEXT)
    assert f"Fewer than {funnel.MIN_AREAS} areas get no limits" in flat
    assert f"fewer than {funnel.MIN_PCNS} PCNs on the list gets no interval" in flat
    assert f"FTE per {funnel.PER_PATIENTS:,} registered patients" in flat
    assert (funnel.WINSOR, "a tenth drawn in at each end" in flat) == (0.1, True)
    assert f"is the nearest one within {patients.NEAR_DAYS} days on either side" in flat
    assert (patients.MAX_AGE_MONTHS, "If there is none, we use the latest of the year before" in flat) == (12, True)
    assert f"FTE agrees to {backtests.FTE_TOLERANCE}, or to {backtests.WHOLE_TOLERANCE} where" in flat
    assert f"`{CONTRACTED}` has the hours" in flat


# ---- figures of the data ----


def test_every_figure_of_the_data_is_the_one_of_the_report(real_report_2022_09):
    """The table of figures, to the decimal that it prints."""
    facts = facts_in(real_report_2022_09)
    wrong = {}
    for row in table(PAGE, "what", "fact", "figure"):
        value = facts[code(row["fact"])[0]].value
        if round(value + 1e-9, decimals(row["figure"])) != number(row["figure"]):
            wrong[row["fact"]] = (row["figure"], value)
    assert wrong == {}


def test_what_dropping_identical_rows_would_lose(real_data):
    """Read from the extract itself, without the package."""
    (path,) = (real_data / "pcn-workforce-individual").glob("*September 2022*.csv")
    rows = pd.read_csv(path, encoding="cp1252", keep_default_na=False)
    link_workers = rows[rows["STAFF_ROLE"] == "Social Prescribing Link Workers"]
    total, left = link_workers["FTE"].sum(), link_workers.drop_duplicates()["FTE"].sum()
    documented = re.search(r"would lose ([\d,]+) FTE of link workers in September 2022, ([\d.]+)% of the total", TEXT)
    assert (round(total - left), round(100 * (total - left) / total, 1)) == tuple(map(number, documented.groups()))


# Numbers that the prose may have: definitions, worked examples and method, each held by a test above or by what it is.
_ALLOWED = re.compile(
    r"37\.5|1\.0|0\.0|10,000|1\.96|3\.09|95%|99\.8%|1,000|999\.6|−0\.026666667|0\.005|0\.5|7\.5%|153|93\.2"
    r"|1\.40|24:1185–1202|42\.2|1929"
    r"|1996|50:361–365|77:87–103|1997|0\.9|0\.96|0\.99|77|A?42\.2|100%"
)
_EXAMPLES = re.compile(r"\*\*(?:By hand|Bounds on the same PCNs|A straight line).*?(?=\n\n(?:##|\*\*)|\Z)", re.DOTALL)


def test_no_figure_of_the_data_stands_in_the_prose():
    """Figures of the data stand in their table, where the test above looks; prose has definitions and examples alone."""
    prose = _EXAMPLES.sub("", TEXT)
    prose = re.sub(r"^\|.*$|`[^`]*`|<https?[^>]*>|\]\([^)]*\)", "", prose, flags=re.MULTILINE)
    dates = r"(?:\d{1,2} )?(?:January|February|March|April|June|July|August|September|November|December)(?: (?:and June )?\d{4})?|\b20\d\d\b"
    found = re.findall(r"[−+]?\d[\d,.–:]*\d%?|\d%", re.sub(dates, "", prose))
    assert [one for one in found if len(re.sub(r"\D", "", one)) > 2 and not _ALLOWED.fullmatch(one)] == []


def test_the_example_of_the_concentration_index_comes_out():
    """The five networks of the page, through the measure."""
    rows = table(PAGE, "network", "score", "FTE", "R")
    fte = np.array([number(row["FTE"]) for row in rows])
    ranks = np.array([number(row["R"]) for row in rows])
    (documented,) = re.findall(r"The index is .* = (−\d\.\d+)\.", TEXT)
    assert deprivation.concentration_index(fte, ranks) == pytest.approx(number(documented), abs=0.0005)
    assert list(ranks) == pytest.approx([(place + 0.5) / len(rows) for place in range(len(rows))])


def test_the_example_of_usual_changes_comes_out():
    """Quartiles and fences of the eight changes of the page."""
    found = usual_range([-4, -2, -1, 0, 1, 2, 3, 5])
    documented = section(PAGE, "## Changes, highest figures, and what is usual")
    example = documented[documented.index("**By hand.**") :].replace("\n", " ").replace("−", "-")
    assert found is not None
    assert f"quartiles {found.lower_quartile} and {found.upper_quartile}" in example
    assert f"from {found.usual_low} to {found.usual_high} are usual" in example
    assert {8: "eight"}[MIN_EARLIER] in documented
