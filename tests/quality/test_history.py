"""The bounds of a change are learned from what was published, and none of what was published goes beyond them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

import pytest

from analysis.periods import months_between
from analysis.quality.frames import FOLLOWED
from analysis.quality.history import (
    CRITICAL,
    LEAST,
    LEAST_OF_OTHER_ROLES,
    WARNING,
    beyond,
    compared_with_before,
    learned_range,
)
from analysis.registers.breaks import load_breaks
from analysis.registers.published import load_published
from analysis.registers.roles import load_roles

# A month, a quarter, and the seven months from the register's newest census to that of June 2026. Tried once with every
# gap up to twelve months, too: 5,342 changes, none beyond.
GAPS = (1, 3, 7)


def published_series() -> dict[tuple[str, str], pd.Series]:
    """Each national series of FTE, people and networks by census."""
    register = load_published()
    whole = register[(register["data_source"] == "all") & (register["edition"].astype(str) != "")]
    measures = ["fte", "headcount", "pcns_active", "pcns_reporting", "pcns_reporting_staff"]
    whole = whole[whole["measure"].isin(measures)]
    return {
        (str(measure), str(role)): group.set_index(group["census"].astype(str))["value"].sort_index()
        for (measure, role), group in whole.groupby(["measure", "role"], observed=True)
    }


def test_no_published_change_goes_beyond_the_bounds_that_were_known_before_it() -> None:
    """Every figure is held against what was published a month, a quarter and seven months before: no warning."""
    breaks, roles = load_breaks(), load_roles()
    assessed, failed = 0, []
    for (measure, role), series in published_series().items():
        broken: tuple[str, ...] = ()
        if not measure.startswith("pcns_") and role in roles.codes:
            broken = breaks.censuses(measure, "england", role, roles)
        least = LEAST if role in {"all", *FOLLOWED} else LEAST_OF_OTHER_ROLES
        for before in series.index[series >= least]:
            for census in series.index[series.index > before]:
                if months_between(before, census) not in GAPS:
                    continue
                row = compared_with_before(series[:before].to_dict(), census, float(series[census]), least, broken)
                if row is None:
                    continue
                assessed += 1
                if row["beyond_warning"] > 0:
                    failed.append((measure, role, before, census, row["previous"], row["value"]))
    assert failed == []
    assert assessed > 1_000


def test_the_range_is_that_of_the_changes_known_and_holds_no_change_at_all() -> None:
    rising = {"2021-03": 100.0, "2021-06": 110.0, "2021-09": 132.0, "2021-12": 145.2}
    low, high = learned_range(rising, 3) or (math.nan, math.nan)
    assert (low, high) == (0.0, pytest.approx(math.log(1.2)))
    assert learned_range(rising, 6) == (0.0, pytest.approx(2 * math.log(1.2)))
    assert learned_range(rising, 3, ["2021-09"]) is None  # two changes are left
    assert learned_range(dict(list(rising.items())[:3]), 3) is None
    assert learned_range({**rising, "2021-06": math.nan}, 3) is None


@pytest.mark.parametrize(
    ("ratio", "months", "warned", "stopped"),
    [
        (1.00, 3, False, False),
        (0.96, 3, False, False),
        (0.94, 3, True, False),
        (0.90, 3, True, True),
        (0.92, 6, False, False),
        (1.30, 3, False, False),
        (1.35, 3, True, False),
        (1.50, 3, True, True),
    ],
)
def test_a_change_may_go_beyond_the_range_by_a_margin(
    ratio: float, months: int, *, warned: bool, stopped: bool
) -> None:
    """A series that never fell and once rose by a fifth in a quarter."""
    learned = (0.0, math.log(1.2) * (months / 3))
    change = math.log(ratio)
    assert (beyond(change, learned, months, WARNING) > 0) == warned
    assert (beyond(change, learned, months, CRITICAL) > 0) == stopped


def test_a_figure_that_is_no_number_is_beyond_every_bound() -> None:
    rising = {"2021-03": 100.0, "2021-06": 110.0, "2021-09": 132.0, "2021-12": 145.2}
    for value in (0.0, -5.0, math.inf):
        row = compared_with_before(rising, "2022-03", value, LEAST, ())
        assert row is not None
        assert row["beyond_critical"] > 0
    assert compared_with_before(rising, "2023-03", 500.0, LEAST, ()) is None  # over a year later
    assert compared_with_before(rising, "2022-03", 500.0, LEAST_OF_OTHER_ROLES, ()) is None
