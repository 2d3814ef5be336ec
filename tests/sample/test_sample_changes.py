"""PCNs of the sample are founded, closed, merged and recoded, as the real ones are; and ICBs change in April 2026."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from analysis.sample.network_changes import CHANGES_FROM
from analysis.sample.networks import Networks, make_networks
from analysis.sample.totals import Totals, load_totals


@pytest.fixture(scope="module")
def totals() -> Totals:
    return load_totals()


@pytest.fixture(scope="module")
def networks(totals) -> Networks:
    return make_networks(totals)


def codes(networks: Networks, census: str) -> set[str]:
    """Those of active PCNs."""
    return set(networks.at(census)["pcn_code"][networks.changes.active[census]])


def practices_by_code(networks: Networks, census: str) -> dict[str, frozenset[int]]:
    member, code = networks.changes.practices.network[census], networks.at(census)["pcn_code"]
    return {code[number]: frozenset(np.flatnonzero(member == number).tolist()) for number in set(member) - {-1}}


def test_active_pcns_are_as_many_as_published(totals, networks):
    """At every census; each with practices, and no practice in a PCN that is closed."""
    for census in totals.censuses:
        active = networks.changes.active[census]
        assert active.sum() == len(codes(networks, census)) == totals.pcns_active[census]
        assert ((networks.patients(census) > 0) == active).all()
        assert not (networks.reporting[census].reporting & ~active).any()


def test_codes_come_and_go_as_in_the_real_series(networks):
    """From September 2022 to June 2026: 58 new ones, and 24 gone, in the real lists and extracts."""
    before, after = codes(networks, "2022-09"), codes(networks, "2026-06")
    assert 50 < len(after - before) < 110
    assert 20 < len(before - after) < 60


def test_every_kind_of_change_occurs(totals, networks):
    """Recoded: the same practices. Merged: those of two, under an old code or a new one. Divided: a part of one."""
    kinds = dict.fromkeys(("recoded", "merged under an old code", "merged under a new code", "divided"), 0)
    for earlier, later in pairwise(totals.censuses):
        old, new = practices_by_code(networks, earlier), practices_by_code(networks, later)
        for code, practices in new.items():
            parts = [own for own in old.values() if own & practices]
            if code not in old and practices in old.values():
                kinds["recoded"] += 1
            elif len(parts) > 1 and code in old and practices > old[code]:
                kinds["merged under an old code"] += 1
            elif len(parts) > 1:
                kinds["merged under a new code"] += 1
            elif code not in old and practices < parts[0]:
                kinds["divided"] += 1
    assert min(kinds.values()) >= 5, kinds


def test_a_closed_code_does_not_come_back(totals, networks):
    """Nor is a code given to another PCN."""
    seen: set[str] = set()
    gone: set[str] = set()
    for census in totals.censuses:
        now = codes(networks, census)
        assert not gone & now
        seen |= now
        gone = seen - now
    assert networks.codes["pcn_code"].is_unique


def test_before_2023_none_that_reports_closes(totals, networks):
    """So that no workforce vanishes; after it, a PCN that closes has often reported, and its receiver goes on."""
    closed_after = 0
    for earlier, later in pairwise(totals.censuses):
        closed = networks.reporting[earlier].reporting & ~networks.changes.active[later]
        assert later >= CHANGES_FROM or not closed.any()
        closed_after += closed.sum()
    assert closed_after > 5


def test_icbs_of_2022_do_not_tell_those_of_2026(networks):
    """42 become 36; three are divided, others merged; a PCN keeps its region."""
    before, after = (networks.at(census)[networks.changes.active["2026-04"]] for census in ("2026-03", "2026-04"))
    assert (before["icb_code"].nunique(), after["icb_code"].nunique()) == (42, 36)
    assert (before["region_code"] == after["region_code"]).all()
    into = after["icb_code"].groupby(before["icb_code"]).nunique()
    assert set(into[into > 1].index) == {"QJG", "QM7", "QNQ"}
    out_of = before["icb_code"].groupby(after["icb_code"]).nunique()
    assert (out_of > 1).sum() >= 5


def test_a_recoded_pcn_goes_on(networks):
    """Same place, same name unless it took another in, same leaning: its workforce does not begin again."""
    twice = networks.codes[networks.codes["network"].duplicated(keep=False)]
    assert len(twice) > 20
    kept = twice.groupby("network")["pcn_name_later"].nunique()
    assert (kept == 1).sum() > 5
    for number, first in twice.drop_duplicates("network", keep="last")[["network", "first"]].itertuples(index=False):
        reported = networks.reporting[first]
        assert not reported.reporting[number] or reported.months_reported[number] > 0
