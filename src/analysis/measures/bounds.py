"""What the figure would be if the PCNs that did not report were like those that did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.columns import BILLION
from analysis.measures.base import AREA, all_codes, text_of
from analysis.measures.compact_table import CompactTable
from analysis.measures.notes import ESTIMATED, NOT_APPLICABLE, NOT_AVAILABLE, note
from analysis.measures.patients import pcn_lists
from analysis.measures.totals import NOTES
from analysis.registers.roles import Roles

MEASURES = ("fte", "fte_staff", "headcount")
# Staff FTE and headcount come from `NWRS Staff` rows alone. As in the publisher's Table 1b, their coverage is that of
# PCNs recording staff data: a PCN with contracted rows alone may employ people whom it has not entered.
_STAFF_MEASURES = ("fte_staff", "headcount")
COLUMNS = [
    *AREA,
    *("role", "measure", "reported", "pcns_reporting", "pcns_expected", "grossed_pcns", "grossed_pcns_note"),
    *(
        "reported_listed",
        "patients_reporting",
        "patients_all",
        "list_date",
        "grossed_patients",
        "grossed_patients_note",
        "note",
    ),
]
_NOTE_OF = {measure: column for column, measures in NOTES.items() for measure in measures}


def bounds(
    summed: pd.DataFrame,
    coverage: pd.DataFrame,
    table: CompactTable,
    patients: pd.DataFrame,
    *,
    roles: Roles,
    measures: Sequence[str] = MEASURES,
) -> pd.DataFrame:
    """England's figure as reported, and grossed in two ways; by role and measure (FTE, staff FTE, people).

    ====================  ============================================================================================
    ``reported``          the plain sum: a lower bound, since PCNs that did not report are not in it
    ``grossed_pcns``      reported × ``pcns_expected`` / ``pcns_reporting``, as if each PCN that did not report had what
                          the mean reporting PCN has. For staff FTE and headcount ``pcns_reporting`` are those recording
                          staff data
    ``grossed_patients``  the same by registered patients, as if those of PCNs that did not report were served as those
                          of PCNs that did: ``reported_listed`` × ``patients_all`` / ``patients_reporting``, all three
                          over the PCNs of the list nearest to the census, dated ``list_date``; and what
                          PCNs that are not on the list reported, as it stands
    ====================  ============================================================================================

    Both are estimates ``[e]``, not confidence limits: nothing is sampled. Whether they overstate is tested on PCNs that
    begin to report (:func:`analysis.measures.panels.entrants`). ``[x]``: PCNs active are not known, or fewer
    than report; no list is near enough; or nothing is reported. ``[z]``: the role had not started. ``note`` speaks of
    ``reported``.
    """
    england = summed[summed["level"] == "england"]
    parts = [
        england[[*AREA, "role"]].assign(measure=measure, reported=england[measure], note=england[_NOTE_OF[measure]])
        for measure in measures
    ]
    frame = pd.concat(parts, ignore_index=True).astype({"measure": "str"})
    frame = frame.merge(_coverage_of(coverage, measures), on=["census", "measure"], how="left")
    lists = pcn_lists(patients, table.censuses)
    frame = frame.merge(_patients_of(table.networks, lists, measures), on=["census", "measure"], how="left")
    listed = _reported_by_listed(table, lists, roles, measures)
    frame = frame.merge(listed, on=["census", "role", "measure"], how="left")

    grown = frame["pcns_expected"] / frame["pcns_reporting"].where(frame["pcns_reporting"] > 0)
    frame["grossed_pcns"] = frame["reported"] * grown.where(grown >= 1)
    by_patients = frame["patients_all"] / frame["patients_reporting"].where(frame["patients_reporting"] > 0)
    frame["grossed_patients"] = frame["reported"] + frame["reported_listed"] * (by_patients - 1)
    unstarted = frame["note"] == NOT_APPLICABLE
    for column in ("grossed_pcns", "grossed_patients"):
        missing = frame[column].isna()
        reasons = ((missing & unstarted, NOT_APPLICABLE), (missing, NOT_AVAILABLE), (~missing, ESTIMATED))
        frame[f"{column}_note"] = note(len(frame), *reasons)
    return frame[COLUMNS]


def _coverage_of(coverage: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    england = coverage[coverage["level"] == "england"]
    parts = [
        pd.DataFrame(
            {
                "census": england["census"],
                "measure": measure,
                "pcns_reporting": england["pcns_reporting_staff" if measure in _STAFF_MEASURES else "pcns_reporting"],
                "pcns_expected": england["pcns_expected"],
            }
        )
        for measure in measures
    ]
    return pd.concat(parts, ignore_index=True).astype({"measure": "str"})


def _patients_of(networks: pd.DataFrame, lists: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Patients of all PCNs on the list of a census, and of those that reported: a row for each census and measure."""
    reported = lists.merge(networks[["census", "pcn_code", "reports_staff"]], on=["census", "pcn_code"])
    key = ["census", "list_date"]
    everyone = lists.groupby(key)["patients"].sum().rename("patients_all").reset_index()
    parts = []
    for measure in measures:
        counted = reported[reported["reports_staff"]] if measure in _STAFF_MEASURES else reported
        sums = counted.groupby(key)["patients"].sum().rename("patients_reporting").reset_index()
        parts.append(everyone.merge(sums, on=key, how="left").assign(measure=measure))
    return pd.concat(parts, ignore_index=True).astype({"measure": "str"})


def _reported_by_listed(
    table: CompactTable, lists: pd.DataFrame, roles: Roles, measures: Sequence[str]
) -> pd.DataFrame:
    """What PCNs on the list of a census reported: ``census, role, measure, reported_listed``.

    Missing before a role starts, and at a census without such a PCN.
    """
    keys = pd.MultiIndex.from_frame(table.networks[["census", "pcn_code"]])
    listed = keys.isin(pd.MultiIndex.from_frame(lists[["census", "pcn_code"]].astype("str")))
    codes, times = all_codes(roles), len(table.censuses)
    # Those that are not on the list are added up in a place of their own, which is left out.
    group = np.where(listed[table.network_of_cell], table.census_of_cell, times)
    members = table.members(roles, codes)
    fte, staff, _ = table.sums(group, times + 1, members)[:, :times] / BILLION
    reported = {"fte": fte, "fte_staff": staff, "headcount": table.people_in(group, times + 1, members)[:times]}
    known = np.arange(times)[:, np.newaxis] >= table.first_census(roles, codes)
    known[np.bincount(table.census_of_network[listed], minlength=times) == 0] = False
    census, role = (places.ravel() for places in np.indices(known.shape))
    parts = [
        pd.DataFrame(
            {
                "census": text_of(table.censuses, census),
                "role": text_of(codes, role),
                "measure": text_of([measure], np.zeros_like(role)),
                "reported_listed": np.where(known, reported[measure], np.nan).ravel(),
            }
        )
        for measure in measures
    ]
    return pd.concat(parts, ignore_index=True)
