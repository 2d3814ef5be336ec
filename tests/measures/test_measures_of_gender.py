"""Figures by gender are those that the bulletin tables publish."""

from __future__ import annotations

import numpy as np
import pytest
from measures.measure_frames import ROLES, bulletin, one
from openpyxl import load_workbook

from analysis.measures.gender import gender
from analysis.registers.breaks import Breaks

NO_BREAKS = Breaks(())


def published(rows):
    """Rows ``(measure, gender, census, role, value)``."""
    frame = bulletin([(measure, census, role, value) for measure, _, census, role, value in rows])
    return frame.assign(gender=[row[1] for row in rows])


def of_role(role, census="2022-09", measure="fte", **values):
    return [(measure, sex, census, role, value) for sex, value in values.items()]


def test_the_parts_and_the_share_of_women_in_women_and_men():
    frame = published(of_role("splw", all=10.0, female=6.0, male=2.0, other_or_unknown=2.0))
    found = one(gender(frame, ROLES, NO_BREAKS, ["splw"]), measure="fte")
    assert found[["value", "women", "men", "other_or_unknown"]].to_list() == [10, 6, 2, 2]
    assert found["women_share_pct"] == pytest.approx(75)


def test_a_gender_without_a_row_is_nobody_only_where_the_others_are_the_whole():
    whole = published(of_role("splw", all=8.0, female=6.0, male=2.0))
    part = published(of_role("splw", all=9.0, female=6.0, male=2.0))
    assert one(gender(whole, ROLES, NO_BREAKS, ["splw"]), measure="fte")["other_or_unknown"] == 0
    found = one(gender(part, ROLES, NO_BREAKS, ["splw"]), measure="fte")
    assert (found["note"], np.isnan(found["women"])) == ("[x]", True)


def test_a_group_has_the_fte_of_its_roles_and_no_headcount_of_several():
    parts = {"all": 4.0, "female": 3.0, "male": 1.0, "other_or_unknown": 0.0}
    rows = [
        row
        for role in ("splw", "splw_mh")
        for m in ("fte", "headcount")
        for row in of_role(role, "2023-06", m, **parts)
    ]
    found = gender(published(rows), ROLES, NO_BREAKS, ["splw_all"])
    assert one(found, measure="fte")["women"] == 6
    assert one(found, measure="headcount")["note"] == "[x]"


def test_a_role_that_had_not_started_is_not_applicable():
    found = gender(published(of_role("splw", all=1.0, female=1.0)), ROLES, NO_BREAKS, ["splw_mh"])
    assert set(found["note"]) == {"[z]"}


@pytest.mark.parametrize("rows", [[], of_role("splw", all=1.0)])
def test_tables_without_gender_give_no_row(rows):
    found = gender(published(rows), ROLES, NO_BREAKS, ["splw"])
    assert found.empty
    assert list(found.columns)[:4] == ["level", "area_code", "area_name", "census"]


def test_the_genders_of_september_2022(real, real_data, breaks):
    """Straight from the sheet: rows of the role under each heading of a gender."""
    (path,) = (real_data / "published/reconstructed").glob("*.xlsx")
    rows = list(load_workbook(path, read_only=True)["Table 1a"].iter_rows(values_only=True))
    header = next(row for row in rows if "September 2022" in [str(cell).strip() for cell in row])
    column = [str(cell).strip() for cell in header].index("September 2022")
    seen = [
        row[column]
        for row in rows
        if any(str(cell).startswith("Social Prescribing Link Workers (Non") for cell in row[:2])
    ]
    found = one(gender(real.bulletin, ROLES, breaks, ["splw"]), census="2022-09", measure="fte")
    values = found[["value", "women", "men", "other_or_unknown"]].astype(float)
    assert sorted(values) == pytest.approx(sorted(seen))
    assert values.round(2).to_list() == [2046.99, 1244.51, 177.63, 624.84]
    assert round(found["women_share_pct"], 1) == 87.5
