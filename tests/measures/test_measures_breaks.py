"""The register of breaks: what it holds, what it refuses, whom a break concerns."""

from __future__ import annotations

import pytest

from analysis.errors import RegisterError
from analysis.registers.breaks import load_breaks

ENTRY = """
[[break]]
id = "tool"
census = "2021-09"
kind = "collection"
measures = ["headcount"]
levels = ["england"]
reader = "A sentence that tells a reader of it."
source = "Some bulletin."
"""


def ids(found):
    return [entry.id for entry in found]


def test_the_register_has_the_five_known_breaks(breaks):
    """Collection tool, two breaks of roles, two of areas."""
    assert [(entry.census, entry.kind) for entry in breaks.breaks] == [
        ("2021-09", "collection"),
        ("2022-06", "geography"),
        ("2022-09", "roles"),
        ("2023-04", "roles"),
        ("2026-04", "geography"),
    ]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("fte", []), ("fte_staff", ["collection-2021-09"]), ("headcount", ["collection-2021-09"])],
)
def test_the_collection_break_concerns_people_and_parts_but_not_total_fte(breaks, measure, expected):
    assert ids(breaks.breaks_between("2021-06", "2021-09", measure, "england", ["splw"])) == expected


def test_a_break_lies_after_the_earlier_census_and_not_after_the_later(breaks):
    """From the census of the break on there is none; up to the one before there is none; either order is the same."""
    assert ids(breaks.breaks_between("2021-09", "2021-12", "headcount")) == []
    assert ids(breaks.breaks_between("2021-03", "2021-06", "headcount")) == []
    assert ids(breaks.breaks_between("2021-12", "2021-06", "headcount")) == ["collection-2021-09"]


def test_the_second_link_worker_role_breaks_each_role_but_not_their_total(breaks, roles):
    """April 2023: splw may have lost people to splw_mh; splw_all has both."""
    across = ("2023-03", "2023-04", "fte", "england")
    assert ids(breaks.breaks_between(*across, roles.members("splw"))) == ["roles-2023-04"]
    assert ids(breaks.breaks_between(*across, roles.members("splw_hwbc"))) == ["roles-2023-04"]
    assert ids(breaks.breaks_between(*across, roles.members("splw_all"))) == []
    assert ids(breaks.breaks_between(*across, roles.members("cc"))) == []


def test_breaks_of_areas_do_not_concern_england(breaks):
    assert ids(breaks.breaks_between("2025-11", "2026-06", "fte", "icb")) == ["geography-2026-04"]
    assert ids(breaks.breaks_between("2025-11", "2026-06", "fte", "england")) == []


def test_a_good_entry_is_read(tmp_path):
    path = tmp_path / "breaks.toml"
    path.write_text(ENTRY, encoding="utf-8")
    assert ids(load_breaks(path).breaks) == ["tool"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "collection"', 'kind = "colection"', "kind"),
        ('"headcount"', '"heads"', "measures"),
        ("census =", "cencus =", "cencus"),
        ('"2021-09"', '"2021-13"', "census"),
        ('kind = "collection"', 'kind = "collection"\nroles = ["splw"]', "roles belong"),
        ('kind = "collection"', 'kind = "roles"', "roles belong"),
        ('kind = "collection"', 'kind = "roles"\nroles = ["slpw"]', "'slpw'"),
    ],
)
def test_a_slip_in_the_register_is_refused_and_named(tmp_path, old, new, message):
    path = tmp_path / "breaks.toml"
    path.write_text(ENTRY.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegisterError, match=message):
        load_breaks(path)


def test_an_id_stands_once(tmp_path):
    path = tmp_path / "breaks.toml"
    path.write_text(ENTRY + ENTRY, encoding="utf-8")
    with pytest.raises(RegisterError, match="more than once"):
        load_breaks(path)
