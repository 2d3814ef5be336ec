"""How tables call what the code has short names for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.measures.patients import days_after

if TYPE_CHECKING:
    import pandas as pd

MEASURE_LABELS = {"fte": "FTE, all rows", "fte_staff": "FTE, NWRS Staff only", "headcount": "Headcount"}
BOUND_LABELS = {
    "reported": "as reported",
    "matched": "only PCNs that report at both censuses",
    "grossed_pcns": "scaled up to all active PCNs",
    "grossed_patients": "scaled up to all registered patients",
}
DATE_LABELS = {
    "on_or_before": "On or before the date",
    "after": "On or after the date",
    "between": "Straight line between the two",
}
BACKTEST_LABELS = {
    "fte": "FTE",
    "headcount": "Headcount",
    "pcns_reporting": "PCNs reporting",
    "pcns_reporting_staff": "PCNs reporting staff",
    "pcns_contracted_only": "PCNs with contracted services only",
    "pcns_with_role": "PCNs with the role",
}


def list_distance(census: str, list_date: pd.Timestamp) -> str:
    """How far a list of registered patients is from the census that it serves: ``1 day after the census``."""
    days = days_after(census, list_date)
    if not days:
        return "on the day of the census"
    return f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'after' if days > 0 else 'before'} the census"
