"""Frames about the bulletin workbook alone: for figures that no individual-level extract can be held against."""

from __future__ import annotations

import pandas as pd

from analysis.columns import ALL_GENDERS, ROLE
from analysis.quality.frames import LINK_WORKERS
from analysis.registers.roles import UNKNOWN, Roles

COVERAGE = ("pcns_active", "pcns_reporting", "pcns_reporting_staff")
_KEY = ["measure", "census", ROLE]
_SMALL_FTE = 5.0
_GENDERS = 3  # female, male, other or unknown


def figures(bulletin: pd.DataFrame) -> pd.DataFrame:
    """The figures of known rows, with ``times``: how often the workbook has a figure for that measure, census, role.

    Figures by gender are left out: no total is made of them.
    """
    known = bulletin[(bulletin[ROLE].astype(str) != UNKNOWN) & (bulletin["gender"] == ALL_GENDERS)]
    known = known.reset_index(drop=True)
    times = known.groupby(_KEY, observed=True)["value"].transform("size")
    label = known["measure"].astype(str) + ": " + known["label"].astype(str)
    return known.assign(times=times, place_column=label)


def gender_sums(bulletin: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """One row per FTE of a known role that has a figure for each gender: ``difference`` from their sum, without sign.

    ``large_pct`` is the same in per cent of the larger of the two, 0 for differences of at most five FTE. People are
    not compared: some are counted under two genders.
    """
    by = ["census", ROLE]
    known = bulletin[(bulletin["measure"] == "fte") & (bulletin[ROLE].astype(str) != UNKNOWN)]
    known = known.astype({"census": object, ROLE: object}).dropna(subset=["value"])
    known = known[~known.duplicated([*by, "gender"], keep=False)]
    whole = known[known["gender"] == ALL_GENDERS]
    parts = known[known["gender"] != ALL_GENDERS].groupby(by)["value"].agg(["sum", "size"]).reset_index()
    table = whole.merge(parts[parts["size"] == _GENDERS], on=by)
    difference = (table["value"] - table["sum"]).abs()
    share = 100 * difference / table[["value", "sum"]].max(axis=1).clip(lower=1.0)
    return table.assign(
        difference=difference,
        large_pct=share.where(difference > _SMALL_FTE, 0.0),
        place_column="FTE of " + table[ROLE].map(roles.names).astype(str),
        place_value=[
            f"{value:,.2f} in all, {parts:,.2f} by gender"
            for value, parts in zip(table["value"], table["sum"], strict=True)
        ],
    )


def expected_rows(bulletin: pd.DataFrame, roles: Roles, period: str) -> pd.DataFrame:
    """One row per figure that Table 1a should have for ``period``: how many it has.

    The number stands in ``figures_of_link_workers``, ``figures_of_roles`` (the other expected ones) or
    ``figures_of_coverage`` (counts of PCNs), and is missing in the others.
    """
    rows = [
        ("link_workers" if role.code == LINK_WORKERS else "roles", "fte", role.code, role.name)
        for role in roles.roles
        if role.expected and role.starts <= period
    ]
    rows += [("coverage", measure, "all", measure) for measure in COVERAGE]
    table = pd.DataFrame(rows, columns=["kind", "measure", ROLE, "name"])
    at_period = bulletin[(bulletin["census"].astype(str) == period) & (bulletin["gender"] == ALL_GENDERS)]
    at_period = at_period[at_period["value"].notna()]
    found = at_period.groupby([at_period["measure"].astype(str), at_period[ROLE].astype(str)]).size()
    counted = [int(found.get((measure, role), 0)) for measure, role in zip(table["measure"], table[ROLE], strict=True)]
    for kind in ("link_workers", "roles", "coverage"):
        table[f"figures_of_{kind}"] = pd.Series(counted, dtype="float64").where(table["kind"] == kind)
    return table.assign(
        census=period,
        sha256=_workbook(at_period if len(at_period) else bulletin),
        file_row=pd.Series(pd.NA, index=table.index, dtype="Int64"),
        place_column="row of Table 1a or 1b",
        place_value=table["name"],
    )


def coverage(bulletin: pd.DataFrame) -> pd.DataFrame:
    """One row per census: ``pcns_active``, ``pcns_reporting``, ``pcns_reporting_staff``, and how they fit.

    ``reporting_over_active`` and ``staff_over_reporting`` say by how many a count exceeds the one that contains it: at
    most 0 when all is well.
    """
    counts = bulletin[bulletin["measure"].isin(COVERAGE)]
    wide = counts.assign(census=counts["census"].astype(str), measure=counts["measure"].astype(str)).pivot_table(
        index="census", columns="measure", values="value", aggfunc="first"
    )
    wide = wide.reindex(columns=list(COVERAGE)).astype("float64").rename_axis(columns=None).reset_index()
    return wide.assign(
        reporting_over_active=wide["pcns_reporting"] - wide["pcns_active"],
        staff_over_reporting=wide["pcns_reporting_staff"] - wide["pcns_reporting"],
        sha256=_workbook(bulletin),
        file_row=pd.Series(pd.NA, index=wide.index, dtype="Int64"),
        place_column="PCNs active, reporting, reporting staff",
        place_value=[
            f"{active:,.0f}, {reporting:,.0f}, {staff:,.0f}"
            for active, reporting, staff in wide[list(COVERAGE)].itertuples(index=False)
        ],
    )


def _workbook(bulletin: pd.DataFrame) -> str:
    return str(bulletin["sha256"].iloc[0]) if len(bulletin) else ""
