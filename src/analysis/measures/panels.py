"""The same PCNs followed over time, and newcomers beside them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.columns import ENGLAND
from analysis.errors import UsageError
from analysis.measures.base import FTE_COLUMNS, area_names, area_of, pcn_fte, reporting, role_starts, with_each
from analysis.measures.decomposition import decomposition
from analysis.measures.notes import BREAK, NOT_APPLICABLE, first_after_break, note
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles


def balanced_panel(
    workforce: pd.DataFrame,
    roles: Roles,
    breaks: Breaks,
    codes: Sequence[str],
    *,
    since: str,
    until: str,
    levels: Sequence[str] = ("england",),
) -> pd.DataFrame:
    """Follow the PCNs that reported (any row of any role) at every census from ``since`` to ``until``.

    Columns ``level, area_code, area_name, census, role, since, pcns, fte, fte_staff, fte_contracted, note``; ``pcns``
    is the size of the panel, the same at each census. Each PCN counts in the area where it lies at ``until``. The panel
    is free of the effect of PCNs that began to report; it is not a sample of all PCNs, as those that report all along
    began early. ``note`` speaks of ``fte``: ``[z]`` before a role starts, ``[b]`` at the first census after a break.

    Raises
    ------
    UsageError
        ``since`` or ``until`` is not a census of the extracts, or they are the wrong way round.
    """
    reports = reporting(workforce)
    censuses = sorted(reports["census"].unique())
    for name, census in (("since", since), ("until", until)):
        if census not in censuses or since > until:
            raise UsageError(
                f"A panel cannot run from {since} to {until} ({name} = {census}).",
                "A panel follows PCNs from one census of the extracts to a later one.",
                f"Choose two of {', '.join(censuses)}, the earlier first.",
            )
    spell = [census for census in censuses if since <= census <= until]
    during = reports[reports["census"].isin(spell)]
    seen = during["pcn_code"].value_counts()
    members = during[(during["census"] == until) & during["pcn_code"].map(seen).eq(len(spell))]
    amounts = pcn_fte(workforce, roles, codes)
    starts = role_starts(roles, list(codes), amounts[["census", "role"]].drop_duplicates())
    frames = []
    for level in levels:
        lie = pd.DataFrame({"pcn_code": members["pcn_code"], "area_code": area_of(members, level)})
        areas = lie.groupby("area_code").size().rename("pcns").reset_index()
        areas = areas.assign(level=level, area_name=areas["area_code"].map(area_names(members, level)), since=since)
        grid = with_each(with_each(areas, "census", spell), "role", codes)
        sums = amounts.merge(lie, on="pcn_code").groupby(["area_code", "census", "role"])[FTE_COLUMNS].sum()
        keys = pd.MultiIndex.from_frame(grid[["area_code", "census", "role"]])
        grid[FTE_COLUMNS] = sums.reindex(keys, fill_value=0.0).to_numpy()
        frames.append(grid)
    frame = pd.concat(frames, ignore_index=True)
    unstarted = frame["census"] < frame["role"].map(starts)
    frame[FTE_COLUMNS] = frame[FTE_COLUMNS].mask(unstarted)
    # Areas are those of the last census throughout: only breaks that also touch England come between.
    broken = first_after_break(frame.assign(level="england"), "fte", ["fte"], roles, breaks)
    frame["note"] = note(len(frame), (unstarted, NOT_APPLICABLE), (broken, BREAK))
    columns = ["level", "area_code", "area_name", "census", "role", "since", "pcns", *FTE_COLUMNS, "note"]
    return frame.sort_values(["level", "area_code", "role", "census"], ignore_index=True)[columns]


def entrants(workforce: pd.DataFrame, roles: Roles, breaks: Breaks, codes: Sequence[str]) -> pd.DataFrame:
    """Compare PCNs that report at a census and did not at the one before with those that reported at both (England).

    Columns ``level, area_code, area_name, census, role, from_census, pcns_newly_reporting,
    fte_per_newly_reporting_pcn, pcns_incumbent, fte_per_incumbent_pcn, ratio, note``. The means are over all PCNs of
    the kind, those without anybody in the role included. ``ratio``, newcomers' mean to incumbents', tests the
    assumption of grossing by PCNs, that those which do not report are like those which do: well under 1, it
    overstates. The first census has none before it and no row. ``note`` is ``[z]`` before a role starts, and where
    there is no newcomer to average over; only then figures are missing.
    """
    parts = decomposition(workforce, roles, breaks, levels=("england",), codes=codes)
    parts = parts[parts["data_source"] == "all"].reset_index(drop=True)
    new, both = parts["pcns_newly_reporting"], parts["pcns_in_both"]
    unstarted = parts["note"] == NOT_APPLICABLE
    per_new = parts["newly_reporting_fte"] / new.where(new > 0)
    per_incumbent = parts["in_both_to_fte"] / both.where(both > 0)
    frame = parts[["level", "area_code", "area_name", "census", "role", "from_census"]].assign(
        area_code=ENGLAND,
        pcns_newly_reporting=new,
        fte_per_newly_reporting_pcn=per_new,
        pcns_incumbent=both,
        fte_per_incumbent_pcn=per_incumbent,
        ratio=per_new / per_incumbent.where(per_incumbent > 0),
    )
    undefined = unstarted | frame["ratio"].isna()
    return frame.assign(note=note(len(frame), (undefined, NOT_APPLICABLE)))
