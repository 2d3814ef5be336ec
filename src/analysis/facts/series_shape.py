"""Facts of the shape of series: highest figures, changes since, runs, and what an ordinary change is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.columns import ENGLAND
from analysis.facts.fact import Fact, Origin
from analysis.facts.labels import MEASURE_LABELS
from analysis.facts.lineage import EXACT, ONE_PLACE, WHOLE, Inputs, area_roles, make_fact, national_roles
from analysis.measures.usual_changes import TOO_FEW
from analysis.periods import month_label
from analysis.registers.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    import pandas as pd

_RUNS = {
    "longest_rise": "longest run of rises",
    "longest_fall": "longest run of falls",
    "current_run": "run of rises or of falls up to the census",
}
_USUAL = {
    "lower_quartile": "a quarter of the earlier changes are below it",
    "upper_quartile": "a quarter of the earlier changes are above it",
    "usual_low": "the lower quartile of the earlier changes less 1.5 times the distance between the quartiles",
    "usual_high": "the upper quartile of the earlier changes plus 1.5 times the distance between the quartiles",
}
_Row = dict["Hashable", Any]


def series_shape(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``peak``, ``since_peak``, ``below_peak`` and runs: England's roles and groups, areas for the roles in focus."""
    areas = (frame["level"] != "england") & frame["role"].isin(area_roles(roles))
    for row in frame[(frame["level"] == "england") | areas].to_dict("records"):
        if isinstance(row["peak_census"], str):
            yield from _peak(row, roles, inputs)
        if row["area_code"] == ENGLAND and row["role"] in national_roles(roles):
            yield from _runs(row, roles, inputs)


def _peak(row: _Row, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    role, area, census, peak = (str(row[name]) for name in ("role", "area_code", "census", "peak_census"))
    measure, unit = str(row["measure"]), _unit(row)
    key, what = f"{measure}.{role}.{area}.{census}", f"{roles.names[role]}, {row['area_name']}"
    at_peak = inputs.of([peak], role=role, area=area, measure=measure)
    yield make_fact(
        f"peak.{key}",
        row["peak"],
        unit,
        census,
        Origin(
            f"{what}: highest {MEASURE_LABELS[measure]} of the {int(row['figures'])} censuses with a figure from "
            f"{month_label(str(row['first_census']))} to {month_label(census)}, that of {month_label(peak)}",
            f"{measure}.{role}.{area}.{peak}, the highest up to {census}",
            WHOLE,
            at_peak,
        ),
        note=row["peak_note"],
    )
    between = f"from {month_label(peak)}, when it was highest, to {month_label(census)}"
    sources = inputs.of([peak, census], role=role, area=area, measure=measure)
    now, then = f"{measure}.{role}.{area}.{census}", f"{measure}.{role}.{area}.{peak}"
    for column, signed_unit, expression in (
        ("since_peak", unit, f"{now} − {then}"),
        ("since_peak_pct", "%", f"100 × ({now} / {then} − 1)"),
    ):
        percent = signed_unit == "%"
        yield make_fact(
            f"{column}.{key}",
            row[column],
            signed_unit,
            census,
            Origin(
                f"{what}: change of {MEASURE_LABELS[measure]} {between}",
                expression,
                ONE_PLACE if percent else WHOLE,
                sources,
            ),
            note=row[f"{column}_note"],
            decimals=1 if percent else 0,
            signed=True,
        )
        if area == ENGLAND:
            yield make_fact(
                f"{column.replace('since', 'below')}.{key}",
                -row[column],
                signed_unit,
                census,
                Origin(
                    f"{what}: how far {MEASURE_LABELS[measure]} fell {between}",
                    f"−{column}.{key}",
                    WHOLE,
                    sources,
                ),
                note=row[f"{column}_note"],
                # A fall of less than one per cent is not printed as none.
                decimals=1 if percent and -1 < row[column] < 0 else 0,
            )


def _runs(row: _Row, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    role, census, measure = str(row["role"]), str(row["census"]), str(row["measure"])
    for run, meaning in _RUNS.items():
        start = row[f"{run}_from"]
        if not isinstance(start, str):
            continue
        end = str(row.get(f"{run}_to", census))
        yield make_fact(
            f"{run}_months.{measure}.{role}.{ENGLAND}.{census}",
            row[f"{run}_months"],
            "months",
            census,
            Origin(
                f"{roles.names[role]}, England: {meaning} of {MEASURE_LABELS[measure]}, from "
                f"{month_label(start)} to {month_label(end)}",
                "months from the first to the last census of the run",
                EXACT,
                inputs.of([start, end], role=role, measure=measure),
            ),
            note=row[f"{run}_note"],
        )


def usual_changes(frame: pd.DataFrame, roles: Roles, inputs: Inputs) -> Iterator[Fact]:
    """``size_of_change_…``, ``earlier_changes_…``, quartiles and fences by span, England."""
    ours = frame[(frame["area_code"] == ENGLAND) & frame["role"].isin(national_roles(roles)) & frame["change"].notna()]
    for row in ours.to_dict("records"):
        role, census, measure, span = (str(row[name]) for name in ("role", "census", "measure", "span"))
        start, key = str(row["from_census"]), f"{measure}.{role}.{ENGLAND}.{census}"
        what = f"{roles.names[role]}, England, {MEASURE_LABELS[measure]}"
        sources = inputs.of([start, census], role=role, measure=measure)
        for column, unit in (("change", _unit(row)), ("change_pct", "%")):
            name = column.replace("change", f"change_{span}")
            yield make_fact(
                f"size_of_{name}.{key}",
                abs(row[column]),
                unit,
                census,
                Origin(
                    f"{what}: size of the change from {month_label(start)} to {month_label(census)}, without its sign",
                    f"|{name}.{key}|",
                    ONE_PLACE if unit == "%" else WHOLE,
                    sources,
                ),
                note=row[f"{column}_note"],
                decimals=1 if unit == "%" else 0,
            )
        yield make_fact(
            f"earlier_changes_{span}.{key}",
            row["earlier_changes"],
            "changes",
            census,
            Origin(f"{what}: earlier changes over a {span} to compare with", "a count", EXACT, sources),
        )
        if row["verdict"] == TOO_FEW:
            continue
        for column, meaning in _USUAL.items():
            yield make_fact(
                f"{column}_{span}.{key}",
                row[column],
                _unit(row),
                census,
                Origin(
                    f"{what}: changes over a {span} before {month_label(start)}: {meaning}",
                    f"over the earlier changes change_{span}.{measure}.{role}.{ENGLAND}.…",
                    WHOLE,
                    sources,
                ),
                note=row["usual_note"],
                signed=True,
            )


def _unit(row: _Row) -> str:
    return "people" if row["measure"] == "headcount" else "FTE"
