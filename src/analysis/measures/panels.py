"""The same PCNs followed over time, and newcomers beside them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.columns import ENGLAND
from analysis.errors import UsageError
from analysis.measures.base import FTE_COLUMNS, area_names, area_of, pcn_fte, reporting, role_starts, with_each
from analysis.measures.decomposition import decomposition
from analysis.measures.notes import BREAK, NOT_APPLICABLE, first_after_break, note
from analysis.measures.successors import successors
from analysis.periods import SPANS, months_between
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


def entrants(
    workforce: pd.DataFrame,
    roles: Roles,
    breaks: Breaks,
    codes: Sequence[str],
    *,
    patients: pd.DataFrame | None = None,
    practice_map: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compare PCNs that report at a census and did not at the one before with those that reported at both (England).

    Columns ``level, area_code, area_name, census, role, from_census, pcns_newly_reporting,
    fte_per_newly_reporting_pcn, median_newly_reporting, pcns_newly_reporting_none, pcns_incumbent,
    fte_per_incumbent_pcn, median_incumbent, ratio, note``. Means and medians (FTE) are over all PCNs of the kind, those
    without anybody in the role included; ``pcns_newly_reporting_none`` counts newcomers without anybody. It tests the
    assumption of grossing by PCNs, that those which do not report are like those which do. ``ratio`` is newcomers' mean
    to incumbents'; one large network can move the mean of a few newcomers, and so the median stands beside it.

    Only censuses at most a quarter apart are compared: over longer times networks are formed, closed and recoded, and
    one that is new in the data need not have begun to report. A PCN that is followed through a change of code
    (``patients``, ``practice_map``) is no newcomer; one that was formed since the list of patients is, and the frame
    ``decomposition`` says how many those are. ``note`` is ``[z]`` before a role starts, and where there
    is no newcomer to average over; only then figures are missing.
    """
    parts = decomposition(
        workforce, roles, breaks, patients=patients, practice_map=practice_map, levels=("england",), codes=codes
    )
    parts = parts[parts["data_source"] == "all"]
    near = [
        months_between(start, end) <= SPANS["quarter"]
        for start, end in zip(parts["from_census"], parts["census"], strict=True)
    ]
    parts = parts[pd.Series(near, index=parts.index, dtype=bool)].reset_index(drop=True)
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
    followed = {
        pair: successors(practice_map, patients, *pair)
        for pair in frame[["from_census", "census"]].drop_duplicates().itertuples(index=False, name=None)
    }
    frame = frame.merge(_medians(workforce, roles, codes, followed), on=["census", "role"], how="left")
    undefined = unstarted | frame["ratio"].isna()
    figures = ["median_newly_reporting", "pcns_newly_reporting_none", "median_incumbent"]
    frame[figures] = frame[figures].mask(undefined)
    return frame.assign(note=note(len(frame), (undefined, NOT_APPLICABLE)))[ENTRANTS]


ENTRANTS = [
    *("level", "area_code", "area_name", "census", "role", "from_census"),
    *("pcns_newly_reporting", "fte_per_newly_reporting_pcn", "median_newly_reporting", "pcns_newly_reporting_none"),
    *("pcns_incumbent", "fte_per_incumbent_pcn", "median_incumbent", "ratio", "note"),
]


def _medians(
    workforce: pd.DataFrame, roles: Roles, codes: Sequence[str], followed: dict[tuple[str, str], dict[str, str]]
) -> pd.DataFrame:
    """Medians of newcomers and incumbents, and newcomers with none, by ``census`` and ``role``.

    ``followed`` has the codes that changed, by pair of censuses.
    """
    reports = reporting(workforce).groupby("census")["pcn_code"].agg(list)
    amounts = pcn_fte(workforce, roles, codes).set_index(["census", "role", "pcn_code"])["fte"].sort_index()
    rows = []
    for (start, census), changed in followed.items():
        now, before = pd.Index(reports[census]), pd.Index([changed.get(code, code) for code in reports[start]])
        began = ~now.isin(before)
        for code in codes:
            keys = pd.MultiIndex.from_product([[census], [code], now])
            fte = amounts.reindex(keys, fill_value=0.0).to_numpy()
            new, old = pd.Series(fte[began]), pd.Series(fte[~began])
            rows.append((census, code, new.median(), float((new == 0).sum()), old.median()))
    columns = ["census", "role", "median_newly_reporting", "pcns_newly_reporting_none", "median_incumbent"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"census": "str", "role": "str", **dict.fromkeys(columns[2:], "float64")})
