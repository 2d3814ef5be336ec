"""Where a break is marked: at the first figure after it in the series that it concerns, once, and at comparisons."""

from __future__ import annotations

import pandas as pd
import pytest
from measures.measure_frames import bulletin, one, workforce

from analysis.measures.growth import growth
from analysis.measures.national import national_totals
from analysis.measures.notes import first_after_break
from analysis.measures.totals import totals

BY_MONTH = ["2023-01", "2023-02", "2023-03", "2023-04", "2023-05", "2023-06"]


def marked(frame, note="note", **where):
    """The censuses of one series that carry [b] in a note column."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return list(frame.loc[frame[note] == "[b]", "census"])


@pytest.fixture(scope="module")
def by_month(roles, breaks):
    """One PCN with both link worker roles and a care coordinator, every month over April 2023."""
    rows = [(census, "U00001", role, 1) for census in BY_MONTH for role in ("splw", "cc")]
    rows += [(census, "U00001", "splw_mh", 0.1) for census in BY_MONTH[3:]]
    frame = workforce(rows)
    return frame, totals(frame, roles, breaks)


def test_a_break_of_roles_is_marked_once_in_the_roles_that_it_concerns(by_month):
    """April 2023 for link workers; not for both link worker roles together, nor for care coordinators, nor later."""
    _, summed = by_month
    assert marked(summed, level="england", role="splw") == ["2023-04"]
    assert marked(summed, level="england", role="splw_all") == []
    assert marked(summed, level="england", role="cc") == []
    assert marked(summed, "rows_note", level="england", role="splw") == []


def test_a_break_of_roles_leaves_the_share_of_staff_alone(by_month):
    """Who employs link workers does not depend on which of the two roles they are in."""
    _, summed = by_month
    assert marked(summed, "split_note", level="england", role="splw") == ["2023-04"]
    assert marked(summed, "direct_share_note", level="england", role="splw") == []


def test_every_change_across_a_break_is_marked_and_no_other(by_month, roles, breaks):
    frame, summed = by_month
    found = growth(summed, frame, roles, breaks, levels=["england"])
    found = found[(found["role"] == "splw") & (found["measure"] == "fte")]
    assert marked(found, "change_month_note") == ["2023-04"]
    assert marked(found, "change_quarter_note") == ["2023-04", "2023-05", "2023-06"]


def test_a_census_from_another_source_takes_the_mark_over(roles, breaks):
    """Extracts of September 2022 and June 2026 alone: June 2026 is marked. With April 2023 published, that is."""
    frame = workforce([(census, "U00001", "splw", 1) for census in ("2022-09", "2026-06")])
    summed = totals(frame, roles, breaks)
    assert marked(summed, level="england", role="splw") == ["2026-06"]
    published = [("fte", census, "splw", 2.0) for census in ("2022-12", "2023-04", "2025-11")]
    every = national_totals(summed, bulletin(published), roles, breaks)
    assert marked(every, level="england", role="splw") == ["2023-04"]
    assert marked(every, "split_note", level="england", role="splw") == ["2026-06"], "the parts are not published"
    assert marked(every, level="icb", role="splw") == ["2026-06"], "areas have no figures in between"


def test_a_collection_break_concerns_people_and_parts(roles, breaks):
    frame = workforce([(census, "U00001", "splw", 1) for census in ("2021-06", "2021-09", "2021-12")])
    summed = totals(frame, roles, breaks)
    for note, expected in {
        "note": [],
        "split_note": ["2021-09"],
        "direct_share_note": ["2021-09"],
        "headcount_note": ["2021-09"],
        "rows_note": [],
    }.items():
        assert marked(summed, note, level="england", role="splw") == expected, note


def test_a_break_of_areas_concerns_areas_and_not_england(roles, breaks):
    """QA1 becomes QC3 in April 2026: the first figure under the new code is marked, England's is not."""
    areas = {("U00001", census): "QA1" if census < "2026-04" else "QC3" for census in ("2026-03", "2026-04", "2026-05")}
    frame = workforce([(census, "U00001", "cc", 1) for _, census in areas], areas)
    summed = totals(frame, roles, breaks)
    assert marked(summed, level="icb", role="cc", area_code="QC3") == ["2026-04"]
    assert marked(summed, level="england", role="cc") == []


def test_the_first_figure_of_a_series_has_nothing_before_it(roles, breaks):
    """An area that begins to report after a break does not compare with anything, and is not marked."""
    frame = workforce(
        [
            *((census, "U00001", "splw", 1) for census in ("2021-06", "2021-09", "2021-12")),
            ("2021-12", "U00002", "splw", 1),
        ],
        {"U00002": "QB2"},
    )
    summed = totals(frame, roles, breaks)
    assert marked(summed, "headcount_note", level="icb", area_code="QB2", role="splw") == []
    assert marked(summed, "headcount_note", level="icb", area_code="QA1", role="splw") == ["2021-09"]


def test_a_missing_figure_hands_the_mark_to_the_next(roles, breaks):
    frame = pd.DataFrame(
        {
            "level": "england",
            "area_code": "ENG",
            "role": "splw",
            "census": ["2023-03", "2023-04", "2023-05", "2023-06"],
            "fte": [1.0, float("nan"), 2.0, 3.0],
        }
    )
    assert list(first_after_break(frame, "fte", ["fte"], roles, breaks)) == [False, False, True, False]


def test_a_group_is_broken_where_a_role_of_it_begins_later(by_month, roles, breaks):
    """Coaches began in December 2020: link workers and coaches together do not compare with September 2020."""
    rows = [(census, "U00001", "splw", 1) for census in ("2020-09", "2020-12", "2021-03")]
    rows += [(census, "U00001", "hwbc", 1) for census in ("2020-12", "2021-03")]
    summed = totals(workforce(rows), roles, breaks)
    assert marked(summed, level="england", role="splw_hwbc") == ["2020-12"]
    assert marked(summed, level="england", role="hwbc") == []
    assert one(summed, level="england", role="hwbc", census="2020-09")["note"] == "[z]"
