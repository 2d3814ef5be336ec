"""People and FTE in a role by gender, as the bulletin tables publish them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.columns import ALL_GENDERS
from analysis.measures.base import AREA
from analysis.measures.network_fte import england_grid
from analysis.measures.notes import BREAK, NOT_APPLICABLE, NOT_AVAILABLE, first_after_break, note
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

# The publisher's words, and what the columns are called.
GENDERS = {"female": "women", "male": "men", "other_or_unknown": "other_or_unknown"}
MEASURES = ("fte", "headcount")
# The publisher gives two decimals at most: three parts so rounded differ from their whole by less than this.
_ROUNDED = 0.02
COLUMNS = [*AREA, "role", "measure", "value", *GENDERS.values(), "note", "women_share_pct", "share_note"]


def gender(bulletin: pd.DataFrame, roles: Roles, breaks: Breaks, codes: Sequence[str]) -> pd.DataFrame:
    """FTE and headcount by gender, England, at every census of which the bulletin tables give them.

    ``bulletin`` is that of the architecture page. Each role and group of ``codes`` has a row for ``fte`` (full-time
    equivalents) and ``headcount`` (people) at each census with a figure for a gender.

    ``value`` is that of all genders, ``women``, ``men`` and ``other_or_unknown`` its parts. They are published figures,
    and taken over as they are: where the publisher rounded, the parts may differ from the whole. A gender without a row
    in the tables has nobody there when the others add up to the whole, and is ``[x]`` otherwise. The FTE of a group is
    the sum of its roles that had started; a headcount of more than one role is ``[x]``, as people are not additive.
    ``women_share_pct`` is the share of women in women and men, %: of those whose gender is known as one of the two.

    ``note``: ``[z]`` before the role starts, ``[x]`` where a part is not available, ``[b]`` at the first census after a
    break; ``share_note`` also ``[z]`` where nobody is known as a woman or a man. The extracts have no
    gender. Contracted services name nobody, so that their FTE is among other or unknown: inferred, not published.
    """
    ours = bulletin[bulletin["measure"].isin(MEASURES)].astype({"measure": "str", "census": "str", "role": "str"})
    known = ours.loc[ours["gender"] != ALL_GENDERS, "census"]
    censuses = sorted(known.unique())
    figures = ours[ours["census"].isin(censuses)].groupby(["measure", "census", "role", "gender"], observed=True)[
        "value"
    ]
    # Two labels of the tables may name one role: then its figure is their sum, unknown where one of them is.
    sums = figures.sum().where(figures.count() == figures.size())
    wide = sums.unstack("gender")  # noqa: PD010 - a series has no pivot_table
    wide = wide.reindex(columns=[ALL_GENDERS, *GENDERS]).rename(columns={ALL_GENDERS: "value", **GENDERS})
    grid = pd.concat([england_grid(censuses, codes).assign(measure=measure) for measure in MEASURES], ignore_index=True)
    frame = grid.merge(_of_codes(_with_nobody(wide), grid, roles), on=["measure", "census", "role"], how="left")
    unstarted = frame["census"] < frame["role"].map(roles.starts)
    parts = ["value", *GENDERS.values()]
    missing = frame[parts].isna().any(axis=1)
    frame[parts] = frame[parts].mask(missing)
    broken = pd.Series(False, index=frame.index)  # noqa: FBT003 - the value of a series
    for measure in MEASURES:
        here = frame["measure"] == measure
        broken[here] = first_after_break(frame[here], "value", [measure], roles, breaks)
    sexes = frame["women"] + frame["men"]
    frame["women_share_pct"] = 100 * frame["women"] / sexes.where(sexes > 0)
    reasons = ((missing & unstarted, NOT_APPLICABLE), (missing, NOT_AVAILABLE))
    frame["note"] = note(len(frame), *reasons, (broken, BREAK))
    nobody = frame["women_share_pct"].isna()
    frame["share_note"] = note(len(frame), *reasons, (nobody, NOT_APPLICABLE), (broken, BREAK))
    return frame[COLUMNS]


def _of_codes(published: pd.DataFrame, grid: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """The figures of each role and group: the sum over its roles that had started, missing where one is missing."""
    members = pd.DataFrame(
        [(code, member, roles.starts(member)) for code in grid["role"].unique() for member in roles.members(code)],
        columns=["role", "member", "starts"],
        dtype="str",
    )
    wanted = grid[["measure", "census", "role"]].merge(members, on="role")
    wanted = wanted[wanted["starts"] <= wanted["census"]]
    figures = published.rename_axis(index={"role": "member"}).reset_index()
    grouped = wanted.merge(figures, on=["measure", "census", "member"], how="left").groupby(
        ["measure", "census", "role"]
    )
    parts = ["value", *GENDERS.values()]
    sums, several = grouped[parts].sum(), grouped.size() > 1
    sums = sums.where(grouped[parts].count().eq(grouped.size(), axis=0))
    of_people = sums.index.get_level_values("measure") == "headcount"
    return sums.mask(several & of_people, axis=0).reset_index()


def _with_nobody(published: pd.DataFrame) -> pd.DataFrame:
    """``published`` with 0 for genders that have no row in the tables, where the others are the whole."""
    parts = list(GENDERS.values())
    whole = (published[parts].sum(axis=1) - published["value"]).abs() < _ROUNDED
    published = published.copy()
    published.loc[whole, parts] = published.loc[whole, parts].fillna(0.0)
    return published
