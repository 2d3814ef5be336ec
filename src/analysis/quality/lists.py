"""Frames about the lists of registered patients: the denominators of every rate."""

from __future__ import annotations

import pandas as pd

_LEVELS = ("region", "icb", "sub_icb", "pcn", "practice")


def organisations(patients: pd.DataFrame) -> pd.DataFrame:
    """One row per network or practice of a list: its patients, in ``pcn_patients`` or ``practice_patients``."""
    small = patients[patients["org_type"].isin(["pcn", "practice"])].reset_index(drop=True)
    kind = small["org_type"].astype(str)
    return small.assign(
        pcn_patients=small["patients"].where(kind == "pcn").astype("float64"),
        practice_patients=small["patients"].where(kind == "practice").astype("float64"),
        census=small["list_date"].dt.strftime("%Y-%m"),
        place_column="registered patients",
        place_value=small["org_code"].astype(str) + small["patients"].map(": {:,}".format),
        file_row=pd.Series(pd.NA, index=small.index, dtype="Int64"),
    )


def lists(patients: pd.DataFrame) -> pd.DataFrame:
    """One row per list and level of organisation, with what it adds up to.

    ``total`` is in millions of patients; ``pcns`` how many networks are listed, missing at other levels; ``empty_pct``
    the share of organisations without a patient, networks only; ``missing_pct`` by how many per cent the total is
    below that of the level that has most, ``missing_pcn_pct`` the same for networks (some practices are in none);
    ``change_pct`` and ``pcns_change_pct`` the change a year since the list before with the same level.
    """
    table = patients.groupby(["list_date", "org_type"], observed=True).agg(
        people=("patients", "sum"),
        size=("patients", "size"),
        empty=("patients", lambda values: int((values == 0).sum())),
        sha256=("sha256", "first"),
    )
    table = table.reset_index().astype({"org_type": object}).sort_values(["list_date", "org_type"], ignore_index=True)
    network = table["org_type"] == "pcn"
    total = table["people"].astype("float64") / 1e6
    most = total.groupby(table["list_date"]).transform("max")
    behind = 100 * (1 - total / most.where(most > 0, 1.0))
    before = table.groupby("org_type")
    years = before["list_date"].diff().dt.days / 365.25
    pcns = table["size"].where(network).astype("float64")
    return table.assign(
        total=total,
        pcns=pcns,
        empty_pct=(100 * table["empty"] / table["size"]).where(network),
        missing_pct=behind.where(~network),
        missing_pcn_pct=behind.where(network),
        change_pct=100 * (total / total.groupby(table["org_type"]).shift() - 1) / years.clip(lower=1),
        pcns_change_pct=(100 * (pcns / pcns.groupby(table["org_type"]).shift() - 1) / years.clip(lower=1)),
        sha256=table["sha256"].astype(str),
        census=table["list_date"].dt.strftime("%Y-%m"),
        place_column="registered patients by level",
        place_value=[
            f"{kind}: {people:,} patients of {size:,} organisations"
            for kind, people, size in zip(table["org_type"], table["people"], table["size"], strict=True)
        ],
        file_row=pd.Series(pd.NA, index=table.index, dtype="Int64"),
    )
