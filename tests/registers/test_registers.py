"""The editable registers are checked when they are read: each slip is named with its place and what is allowed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import RegisterError
from analysis.periods import expected_censuses
from analysis.registers.files import FOLDER
from analysis.registers.published import load_published
from analysis.registers.roles import UNKNOWN, load_roles
from analysis.registers.targets import announced_by, load_targets


def changed(name: str, old: str, new: str, folder: Path) -> Path:
    """A copy of a register with one passage replaced."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert old in text
    path = folder / name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "stock"', 'kind = "stok"', "target.1: kind: Input should be 'stock', 'increase' or 'rise'"),
        ("deadline = 2021-03-31", "dedline = 2021-03-31", "did you mean 'deadline'?"),
        ('role = "splw"\nvalue', 'role = "spwl"\nvalue', "names a role 'spwl'"),
        ("deadline = 2021-03-31", "deadline = 2018-03-31", "deadline before its announcement"),
        ('baseline = "2022-06"', 'baseline = "2022-05"', "which its readings lack"),
        ('census = "2022-06"', 'census = "2023-06"', "not before its deadline"),
        ('id = "cc-2022"', 'id = "splw-2019"', "stands more than once"),
        ("[[target]]\nid", "[[target]\nid", "is not TOML"),
        ("value = 1000", "value = 0", "greater than 0"),
        ("value = 1000\n", "", "'splw-2019' has no value"),
        ('kind = "rise"', 'kind = "rise"\nvalue = 5', "'splw-2019-rise' has a value, and is a rise"),
        ('kind = "rise"', 'kind = "stock"\nvalue = 5', "'splw-2019-rise' is a stock and has baselines"),
        ('id = "cc-2022"', 'id = "cc-2022"\npart_of = "splw-2019"', "as [[target.parts]]"),
    ],
)
def test_a_slip_in_the_targets_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """File, entry and key, and what is allowed."""
    with pytest.raises(RegisterError, match=r"targets\.toml") as caught:
        load_targets(changed("targets.toml", old, new, tmp_path))
    assert message in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "hwbc"', 'code = "splw"', "code 'splw' stands more than once"),
        ('starts = "2020-03"', 'starts = "March 2020"', "starts"),
        ('roles = ["splw", "splw_mh"]', 'roles = ["splw", "splw_mx"]', "splw_mx"),
        ("expected = true", "expcted = true", "did you mean 'expected'?"),
    ],
)
def test_a_slip_in_the_roles_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """The same for the vocabulary."""
    with pytest.raises(RegisterError) as caught:
        load_roles(changed("roles.toml", old, new, tmp_path))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("measure,census", "measures,census", "has the columns"),
        ("fte,2020-03,splw,all,112.3248", "fte,2020-03,spwl,all,112.3248", "role 'spwl' is not known"),
        ("fte,2020-03,splw,all,112.3248", "fte,2020-13,splw,all,112.3248", "not YYYY-MM"),
        ("fte,2020-03,splw,all,112.3248", "fte,2020-03,splw,all,-1", "negative"),
        ("fte,2020-03,splw,all,112.3248", "fte,2020-06,splw,all,112.3248", "stands twice"),
    ],
)
def test_a_slip_in_the_published_totals_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    """A wrong back-test would pass or fail for the wrong reason."""
    with pytest.raises(RegisterError) as caught:
        load_published(changed("published.csv", old, new, tmp_path))
    assert message in str(caught.value)


def test_targets_announced_later_and_claims_made_later_are_left_out() -> None:
    """A report for March 2021 could not have known the targets of August 2022, nor the claim of February 2022."""
    only, part = announced_by(load_targets(), "2021-03")
    assert (part.id, part.part_of) == ("splw-2019-rise", "splw-2019")
    assert only.id == "splw-2019"
    assert [claim.date for claim in only.claims] == [dt.date(2020, 8, 5)]
    shown = announced_by(load_targets(), "2022-09")
    assert [target.id for target in shown if not target.part_of] == ["splw-2019", "splw-hwbc-2022", "cc-2022"]


def test_context_targets_are_kept_and_not_shown() -> None:
    """The 26,000 roles of 2020 and the 9,000 link workers, known at second hand: in no report, of whatever census."""
    hidden = {target.id: target.value for target in load_targets() if not target.shown}
    assert hidden == {"arrs-2020": 26000, "splw-2023": 9000}
    assert not {target.id for target in announced_by(load_targets(), "2036-12")} & set(hidden)


def test_a_further_part_has_the_wording_and_source_of_its_target() -> None:
    """Its promise stands word for word in the same wording; date, readings and baseline are its own."""
    targets = {target.id: target for target in load_targets()}
    whole, part = targets["splw-2019"], targets["splw-2019-rise"]
    assert (part.wording, part.source, part.announced) == (whole.wording, whole.source, whole.announced)
    assert (part.kind, part.value, part.deadline) == ("rise", None, dt.date(2024, 3, 31))
    assert [baseline.census for baseline in part.baselines] == [f"{whole.deadline:%Y-%m}"]


def test_the_mental_health_variant_never_counts_as_link_worker_but_has_a_total_with_it() -> None:
    """An exact match would lose it and a substring match count it: it has its own code, and so has the total."""
    roles = load_roles()
    frame = pd.DataFrame(
        {
            "staff_role": [
                "Social Prescribing Link Workers",
                "Social Prescribing Link Workers (Mental Health Practitioners)",
                "Clinical Director",
                "Clinical Director",
                "Chief Happiness Officer",
            ],
            "detailed_staff_role": ["x", "x", "Clinical Director – DPC", "Clinical Director – Nurse", None],
        }
    )
    codes = roles.with_role(frame)["role"].astype("str").tolist()
    assert codes == ["splw", "splw_mh", "clinical_director_dpc", "clinical_director_nurse", UNKNOWN]
    assert roles.members("splw_all") == ("splw", "splw_mh")
    assert roles.members("splw") == ("splw",)
    assert len(roles.members("arrs13")) == 13


def test_labels_of_the_bulletin_map_to_the_same_roles() -> None:
    """The tables call the role “(Non-Mental Health Practitioners)”; counts of PCNs belong to no role."""
    frame = pd.DataFrame(
        {
            "measure": ["fte", "fte", "pcns_active", "fte"],
            "label": [
                "Social Prescribing Link Workers (Non-Mental Health Practitioners)",
                "Dietician",
                "Total number of PCNs active",
                "Something new",
            ],
        }
    )
    assert load_roles().with_bulletin_role(frame)["role"].tolist() == ["splw", "dietician", "all", UNKNOWN]


def test_every_role_is_published_at_every_census_since_it_began() -> None:
    """FTE and headcount, to November 2025, with the counts of PCNs."""
    frame = load_published()
    totals = frame[frame["data_source"].eq("all")].set_index(["measure", "census", "role"])["value"]
    for measure in ("fte", "headcount"):
        for role in load_roles().roles:
            censuses = totals[measure][:, role.code].index.tolist()
            assert censuses == expected_censuses(role.starts, "2025-11"), (measure, role.code)
    for count in ("pcns_active", "pcns_reporting", "pcns_reporting_staff"):
        assert totals[count][:, "all"].index.tolist() == expected_censuses("2020-03", "2025-11")


def test_published_parts_add_up_to_the_published_total() -> None:
    """FTE by data source, where given, sums to the FTE of the bulletin."""
    frame = load_published()
    fte = frame[frame["measure"] == "fte"].pivot_table(index=["census", "role"], columns="data_source", values="value")
    both = fte.dropna(subset=["NWRS Staff"]).fillna(0.0)
    assert len(both) > 200
    assert ((both["all"] - both.drop(columns="all").sum(axis=1)).abs() < 2e-6).all()
