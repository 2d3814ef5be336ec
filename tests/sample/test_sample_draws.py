"""The arithmetic under the sample: fair shares, queues, hours that add up; and that it is the same on every machine."""

from __future__ import annotations

import hashlib

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from analysis.sample.draws import MOST_IN_ONE_PCN, allot, apportion, order, skewed, uniforms, uniforms_at
from analysis.sample.hours import (
    MOST_CONTRACTED,
    MOST_STAFF,
    contracted_fte,
    contracted_rows,
    made_exact,
    staff_fte,
)
from analysis.sample.totals import LEAST, NANO

WEIGHTS = (
    st.lists(st.integers(0, 10**6), min_size=1, max_size=60).filter(any).map(lambda w: np.array(w, dtype=np.int64))
)


def digest(*arrays: np.ndarray) -> str:
    return hashlib.sha256(b"".join(array.astype("<f8").tobytes() for array in arrays)).hexdigest()[:16]


def test_draws_are_the_same_on_every_machine():
    """Recorded once; another processor, NumPy or platform must give them to the last bit."""
    weights = np.rint(1000 * skewed(300, 0.75, "golden")).astype(np.int64)
    found = digest(
        uniforms(300, "golden"), order(300, "golden"), skewed(300, 0.75, "golden"), allot(500, weights, "golden")
    )
    assert found == "63ef0334ef51931c"


def test_draws_belong_to_their_key():
    """Each key has its own, and more of them begin with the same."""
    assert (uniforms(50, "a", "b")[:20] == uniforms(20, "a", "b")).all()
    assert (uniforms(50, "a", "b") != uniforms(50, "b", "a")).any()
    assert sorted(order(50, "a")) == list(range(50))


def test_draws_at_places_are_the_same_on_every_machine():
    """Recorded once; each place has its number whichever others are asked for, and each key its own."""
    places = np.array([0, 1, 5, 2**40, 7])
    assert digest(uniforms_at(places, "golden")) == "1e4a562d08d7238e"
    assert (uniforms_at(places[2:], "golden") == uniforms_at(places, "golden")[2:]).all()
    assert (uniforms_at(places, "golden") != uniforms_at(places, "other")).any()
    drawn = uniforms_at(np.arange(20_000), "shape")
    assert (drawn.min() >= 0, drawn.max() < 1) == (True, True)
    assert (np.histogram(drawn, 20, (0, 1))[0] / 1000).tolist() == pytest.approx([1] * 20, abs=0.12)


def test_skewed_is_about_lognormal():
    """Median near 1, and the logarithm spreads as asked."""
    drawn = skewed(20_000, 0.36, "shape")
    assert np.median(drawn) == pytest.approx(1, abs=0.02)
    assert np.log(drawn).std() == pytest.approx(0.36, abs=0.02)


@given(total=st.integers(0, 5000), weights=WEIGHTS)
def test_apportioned_parts_add_up_and_are_fair(total, weights):
    """Each part is its exact share, rounded one way or the other."""
    parts = apportion(total, weights)
    assert parts.sum() == total
    assert (abs(parts - total * weights / weights.sum()) < 1).all()


@given(total=st.integers(0, 300), weights=WEIGHTS, more=st.integers(1, 20))
def test_allotted_people_add_up_and_stay(total, weights, more):
    """All are placed, none where the weight is 0, and a larger total moves nobody."""
    room = MOST_IN_ONE_PCN * int((weights > 0).sum())
    total, larger = min(total, room), min(total + more, room)
    placed = allot(total, weights, "key")
    assert placed.sum() == total
    assert (placed[weights == 0] == 0).all()
    assert (allot(larger, weights, "key") >= placed).all()


def test_people_who_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        allot(MOST_IN_ONE_PCN + 1, np.array([5, 0]), "key")


@given(people=st.integers(1, 400), share=st.floats(0.06, 1.9))
def test_hours_of_staff_add_up(people, share):
    """To the billionth of an FTE; nobody has none, and above one FTE only when the mean is."""
    total = round(people * share * NANO)
    fte = staff_fte(total, people)
    assert len(fte) == people
    assert fte.sum() == total
    assert fte.min() >= LEAST
    assert fte.max() <= (NANO if total <= people * NANO else MOST_STAFF)
    assert (np.diff(fte) >= 0).all()


@given(total=st.integers(LEAST, 800 * NANO), census=st.sampled_from(["2022-12", "2023-01"]))
def test_hours_of_contracted_services_add_up(total, census):
    """Whatever the total, in a plausible number of rows."""
    rows = contracted_rows(total, census)
    fte = contracted_fte(total, rows, census)
    assert len(fte) == rows
    assert fte.sum() == total
    assert LEAST <= fte.min() <= fte.max() <= MOST_CONTRACTED


@given(values=st.lists(st.integers(LEAST, NANO), min_size=1, max_size=50), data=st.data())
def test_made_exact_changes_as_little_as_it_can(values, data):
    """Any total that fits is met within the limits; one that one row can take changes one row."""
    total = data.draw(st.integers(len(values) * LEAST, len(values) * NANO))
    exact = made_exact(np.array(sorted(values)), total, NANO)
    assert exact.sum() == total
    assert exact.min() >= LEAST
    assert exact.max() <= NANO
    missing = total - sum(values)
    if any(LEAST <= value + missing <= NANO for value in values):
        kept = np.array(sorted(values))
        assert len(set(exact) - set(kept)) <= 1


def test_what_cannot_be_met_is_refused():
    """Ten people of at most one FTE do not make eleven."""
    with pytest.raises(ValueError, match="do not fit"):
        made_exact(np.full(10, NANO), 11 * NANO, NANO)


def test_hours_of_a_full_time_role_are_mostly_full_time():
    """And those of directors mostly a few hours: the mixture follows the mean."""
    link_workers = staff_fte(round(1659 * 0.861 * NANO), 1659)
    directors = staff_fte(round(735 * 0.264 * NANO), 735)
    assert (link_workers == NANO).mean() > 0.45
    assert (directors < NANO // 2).mean() > 0.8
