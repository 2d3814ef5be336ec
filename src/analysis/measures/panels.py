"""The same PCNs followed over time, and newcomers beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.columns import BILLION, ENGLAND
from analysis.errors import UsageError
from analysis.measures.base import FTE_COLUMNS, area_names, text_of, with_each
from analysis.measures.compact_table import CompactTable
from analysis.measures.decomposition import consecutive
from analysis.measures.notes import BREAK, NOT_APPLICABLE, first_after_break, note
from analysis.measures.successors import Successors
from analysis.periods import SPANS, months_between
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles


def balanced_panel(
    table: CompactTable,
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
    censuses = table.censuses
    for name, census in (("since", since), ("until", until)):
        if census not in censuses or since > until:
            raise UsageError(
                f"A panel cannot run from {since} to {until} ({name} = {census}).",
                "A panel follows PCNs from one census of the extracts to a later one.",
                f"Choose two of {', '.join(censuses)}, the earlier one first.",
            )
    first, last = censuses.index(since), censuses.index(until)
    spell = censuses[first : last + 1]
    pcn, time = table.areas("pcn").of_network, table.census_of_network
    during = (time >= first) & (time <= last)
    everywhere = np.bincount(pcn[during], minlength=len(table.areas("pcn").codes)) == len(spell)
    at_end = np.flatnonzero((time == last) & everywhere[pcn])
    cells = np.flatnonzero((during & everywhere[pcn])[table.network_of_cell])
    network = table.network_of_cell[cells]
    frames = []
    for level in levels:
        areas = table.areas(level)
        area = np.zeros(len(everywhere), dtype=np.int64)
        area[pcn[at_end]] = areas.of_network[at_end]
        pcns = np.bincount(areas.of_network[at_end], minlength=len(areas.codes))
        there = np.flatnonzero(pcns)
        group = area[pcn[network]] * len(spell) + time[network] - first
        size = len(areas.codes) * len(spell)
        sums = table.sums(group, size, table.members(roles, codes), cells=cells) / BILLION
        fte = sums.reshape(len(FTE_COLUMNS), len(areas.codes), -1)[:, there]
        names = area_names(table.networks.iloc[at_end], level)
        of_area = pd.DataFrame({"area_code": text_of(areas.codes, there), "pcns": pcns[there]})
        of_area = of_area.assign(level=level, area_name=of_area["area_code"].map(names), since=since)
        grid = with_each(with_each(of_area, "census", spell), "role", codes)
        frames.append(grid.assign(**{column: fte[n].ravel() for n, column in enumerate(FTE_COLUMNS)}))
    frame = pd.concat(frames, ignore_index=True)
    unstarted = frame["census"] < frame["role"].map(table.starts(roles, codes))
    frame[FTE_COLUMNS] = frame[FTE_COLUMNS].mask(unstarted)
    # Areas are those of the last census throughout: only breaks that also touch England come between.
    broken = first_after_break(frame.assign(level="england"), "fte", ["fte"], roles, breaks)
    frame["note"] = note(len(frame), (unstarted, NOT_APPLICABLE), (broken, BREAK))
    columns = ["level", "area_code", "area_name", "census", "role", "since", "pcns", *FTE_COLUMNS, "note"]
    return frame.sort_values(["level", "area_code", "role", "census"], ignore_index=True)[columns]


def entrants(
    table: CompactTable,
    changes: pd.DataFrame,
    roles: Roles,
    codes: Sequence[str],
    *,
    patients: pd.DataFrame | None = None,
    practice_map: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compare PCNs that report at a census and did not at the one before with those that reported at both (England).

    ``changes`` is of :func:`analysis.measures.decomposition.decomposition`, with the consecutive pairs of censuses and
    ``codes`` among its rows.

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
    pairs = consecutive(table.censuses)
    parts = changes[(changes["level"] == "england") & (changes["data_source"] == "all") & changes["role"].isin(codes)]
    parts = parts[pd.MultiIndex.from_frame(parts[["from_census", "census"]]).isin(pairs)]
    order = {code: place for place, code in enumerate(codes)}
    parts = parts.sort_values(["census", "role"], key=lambda c: c.map(order) if c.name == "role" else c)
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
    successors = Successors(practice_map, patients)
    followed = {
        pair: successors.between(*pair)
        for pair in frame[["from_census", "census"]].drop_duplicates().itertuples(index=False, name=None)
    }
    frame = frame.merge(_medians(table, roles, codes, followed), on=["census", "role"], how="left")
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
    table: CompactTable, roles: Roles, codes: Sequence[str], followed: dict[tuple[str, str], dict[str, str]]
) -> pd.DataFrame:
    """Medians of newcomers and incumbents, and newcomers with none, by ``census`` and ``role``.

    ``followed`` has the codes that changed, by pair of censuses.
    """
    fte = table.network_fte(roles, codes)[0]
    pcns = table.networks["pcn_code"].to_numpy(dtype=object)
    rows = []
    for (start, census), changed in followed.items():
        before = {changed.get(code, code) for code in pcns[table.at(start)]}
        began = np.array([code not in before for code in pcns[table.at(census)]], dtype=bool)
        here = fte[table.at(census)]
        for number, code in enumerate(codes):
            new, old = pd.Series(here[began, number]), pd.Series(here[~began, number])
            rows.append((census, code, new.median(), float((new == 0).sum()), old.median()))
    columns = ["census", "role", "median_newly_reporting", "pcns_newly_reporting_none", "median_incumbent"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"census": "str", "role": "str", **dict.fromkeys(columns[2:], "float64")})
