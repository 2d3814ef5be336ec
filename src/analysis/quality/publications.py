"""Our totals beside the published ones: the bulletin workbook at hand first, else the register of published totals."""

from __future__ import annotations

import pandas as pd

from analysis.columns import ALL_GENDERS, ROLE, STAFF
from analysis.quality.frames import sha256_by_census
from analysis.registers.roles import Roles

ALL = "all"
PCN_COUNTS = ("pcns_reporting", "pcns_reporting_staff")
_KEY = ["measure", "census", ROLE]
_NAMES = {
    "fte": "FTE",
    "headcount": "headcount",
    "pcns_reporting": "PCNs reporting",
    "pcns_reporting_staff": "PCNs reporting staff",
}


def published_figures(bulletin: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Every published figure once: ``measure, census, role, value, publication``.

    The workbook comes first, as the later word of the publisher. Figures of the register by data source are sums of
    the extracts themselves, and so no test of them: they are left out. A label that stands twice in the workbook for
    one role (which its own check names) is left out too: FTE could be added up, headcount could not.
    """
    everybody = bulletin[(bulletin["gender"] == ALL_GENDERS) & bulletin["value"].notna()]
    workbook = everybody[[*_KEY, "value"]].astype({"measure": object, "census": object, ROLE: object})
    workbook = workbook[~workbook.duplicated(_KEY, keep=False)]
    own = register[register["data_source"] == ALL]
    both = pd.concat(
        [
            workbook.assign(publication="the bulletin tables workbook"),
            own[[*_KEY, "value"]].assign(publication="the register of published totals"),
        ],
        ignore_index=True,
    )
    return both.drop_duplicates(_KEY, keep="first").reset_index(drop=True)


def active_pcns(figures: pd.DataFrame) -> dict[str, float]:
    """The published number of active PCNs by census."""
    rows = figures[figures["measure"] == "pcns_active"]
    return dict(zip(rows["census"].astype(str), rows["value"].astype(float), strict=True))


def own_figures(workforce: pd.DataFrame) -> pd.DataFrame:
    """Our national totals: ``measure, census, role, value``.

    FTE is the plain sum over all rows; headcount the distinct identifiers among staff rows; a PCN reports when it has
    any row. These are the publisher's own definitions.
    """
    staff = workforce[workforce["data_source"] == STAFF]
    parts = [
        _long("fte", workforce.groupby(["census", ROLE], observed=True)["fte"].sum()),
        _long("headcount", staff.groupby(["census", ROLE], observed=True)["person_id"].nunique()),
        _long("pcns_reporting", workforce.groupby("census", observed=True)["pcn_code"].nunique()),
        _long("pcns_reporting_staff", staff.groupby("census", observed=True)["pcn_code"].nunique()),
    ]
    return pd.concat(parts, ignore_index=True)


def compared(
    workforce: pd.DataFrame, own: pd.DataFrame, figures: pd.DataFrame, roles: Roles, period: str
) -> pd.DataFrame:
    """One row per published figure of a census that is held: ``ours``, ``published``, ``difference``.

    ``own`` is of :func:`own_figures`, ``figures`` of :func:`published_figures`.
    The difference stands once more by kind and time, in ``fte_at-period``, ``fte_earlier``, ``headcount_at-period``...
    ``pcns_earlier``, which are missing elsewhere: each is what one rule looks at.
    Only roles of the vocabulary are compared. A role without a row counts as 0 here: so the publisher prints it.
    """
    known = figures[ROLE].isin(roles.codes) & figures["measure"].isin(["fte", "headcount"])
    counts = figures["measure"].isin(PCN_COUNTS)
    held = sha256_by_census(workforce)
    wanted = figures[(known | counts) & figures["census"].isin(list(held))]
    ours = own.rename(columns={"value": "ours"})
    table = wanted.rename(columns={"value": "published"}).merge(ours, on=_KEY, how="left")
    table["ours"] = table["ours"].fillna(0.0)
    table["difference"] = table["ours"] - table["published"]
    kind = table["measure"].where(~table["measure"].isin(PCN_COUNTS), "pcns")
    when = pd.Series("earlier", index=table.index).mask(table["census"] == period, "at-period")
    for one_kind in ("fte", "headcount", "pcns"):
        for one_time in ("at-period", "earlier"):
            concerned = (kind == one_kind) & (when == one_time)
            table[f"{one_kind}_{one_time}"] = table["difference"].where(concerned)
    name = table[ROLE].map(roles.names).fillna("")
    return table.assign(
        place_column=(table["measure"].map(_NAMES) + " of " + name).where(name != "", table["measure"].map(_NAMES)),
        place_value=[
            f"{ours:,.2f} in the extract, {published:,.2f} in {publication}".replace(".00 ", " ")
            for ours, published, publication in zip(
                table["ours"], table["published"], table["publication"], strict=True
            )
        ],
        sha256=table["census"].map(held),
        file_row=pd.Series(pd.NA, index=table.index, dtype="Int64"),
    ).sort_values(["census", "measure", ROLE], ignore_index=True)


def without_published(workforce: pd.DataFrame, figures: pd.DataFrame, roles: Roles, period: str) -> list[str]:
    """The names of the roles that have rows at ``period`` and no published FTE to be held against."""
    present = set(workforce.loc[workforce["census"] == period, ROLE].astype(str).unique()) & set(roles.codes)
    at_period = figures[(figures["measure"] == "fte") & (figures["census"] == period)]
    return [roles.names[code] for code in roles.codes if code in present - set(at_period[ROLE])]


def _long(measure: str, totals: pd.Series) -> pd.DataFrame:
    table = totals.rename("value").reset_index()
    if ROLE not in table:
        table[ROLE] = ALL
    table = table.astype({"census": object, ROLE: object, "value": "float64"})
    return table.assign(measure=measure)[[*_KEY, "value"]]
