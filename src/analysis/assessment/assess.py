"""Every target of a report, assessed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis import formats
from analysis.assessment.pace import pace
from analysis.assessment.readings import BoundedFigure, Reading, count_verdicts, distinct, read_all, turns
from analysis.assessment.series import NationalSeries
from analysis.assessment.target_assessment import TargetAssessment
from analysis.assessment.target_verdict import verdict_of
from analysis.columns import DEFAULT_ROLE
from analysis.registers.targets import Target, announced_by

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Assessment:
    """The targets assessed for one period, by id: ``assessment["splw-2019"]``; those of a report about ``role``.

    A further part of a target follows it, as a target of its own: ``assessment["splw-2019-rise"]``.
    """

    period: str
    targets: tuple[TargetAssessment, ...]
    role: str = DEFAULT_ROLE

    def __getitem__(self, target_id: str) -> TargetAssessment:
        for assessed in self.targets:
            if assessed.target.id == target_id:
                return assessed
        known = ", ".join(assessed.target.id for assessed in self.targets)
        raise KeyError(f"no target {target_id!r}; there are: {known}")

    def __iter__(self) -> Iterator[TargetAssessment]:
        return iter(self.targets)

    def __len__(self) -> int:
        return len(self.targets)

    def _ipython_key_completions_(self) -> list[str]:
        return [assessed.target.id for assessed in self.targets]

    def _repr_html_(self) -> str:
        return "".join(assessed._repr_html_() for assessed in self.targets)

    def to_json(self) -> str:
        """The text of ``assessment.json``: the same assessment gives the same bytes.

        A further part of a target stands under it, in ``parts``, in the same form.
        """
        targets: dict[str, dict[str, Any]] = {}
        for assessed in self.targets:
            whole, found = assessed.target.part_of, _target_json(assessed)
            (targets[whole]["parts"] if whole else targets)[assessed.target.id] = found
        content = {"period": self.period, "role": self.role, "targets": targets}
        content = formats.with_format(formats.ASSESSMENT, content)
        return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def assess(
    targets: tuple[Target, ...],
    period: str,
    *,
    totals: pd.DataFrame,
    bounds: pd.DataFrame,
    decomposition: pd.DataFrame,
    role: str = DEFAULT_ROLE,
) -> Assessment:
    """Assess the targets announced by ``period``, each part of them (frames as on the architecture page).

    Targets announced later are left out: a report for an earlier census could not have known them.
    """
    series = NationalSeries(totals, bounds, decomposition)
    assessed = []
    for target in announced_by(targets, period):
        readings = read_all(target, series, period)
        result = TargetAssessment(target, readings, count_verdicts(distinct(readings)), turns(readings), ())
        paces = (pace(target, reading, series, decomposition, period) for reading in result.by_baseline())
        settled = bool(result.main.censuses) and result.main.value is not None and result.main.censuses[-1] < period
        assessed.append(replace(result, paces=tuple(filter(None, paces)), settled=settled))
    return Assessment(period, tuple(assessed), role)


def _target_json(assessed: TargetAssessment) -> dict[str, Any]:
    """One target as ``assessment.json`` holds it."""
    target = assessed.target.model_dump(mode="json", exclude={"readings", "shown", "main", "parts", "part_of", "brief"})
    verdict = verdict_of(assessed)
    return {
        **target,
        "parts": {},
        "verdict": verdict.words,
        "in_short": verdict.line,
        "main_reading_verdict": assessed.main.verdict.value,
        "verdict_reason": assessed.main.reason,
        "main_reason": assessed.target.main.reason,
        "settled": assessed.settled,
        "first_reached": assessed.main.first_reached,
        "first_reached_certain": assessed.main.first_reached_certain,
        "distinct_readings_by_verdict": {verdict.value: count for verdict, count in assessed.counts.items()},
        "turned_by": [
            {"axis": turn.axis, **asdict(turn.reading.choice), "verdict": turn.reading.verdict.value}
            for turn in assessed.turned_by
        ],
        "readings": [_reading_json(reading) for reading in assessed.readings],
        "pace": [asdict(pace) for pace in assessed.paces],
    }


def _reading_json(reading: Reading) -> dict[str, Any]:
    def bounded(figures: tuple[BoundedFigure, ...]) -> dict[str, Any]:
        return {f.bound: {"value": f.value, "note": f.note, "verdict": f.verdict.value} for f in figures}

    def open_yet(figures: tuple[BoundedFigure, ...]) -> dict[str, Any]:
        # What there is so far is not judged: a verdict beside it would be taken for one.
        return {f.bound: {"value": f.value, "note": f.note} for f in figures}

    return {
        **asdict(reading.choice),
        "main": reading.main,
        "censuses": list(reading.censuses),
        "missing": list(reading.missing),
        "value": reading.value,
        "note": reading.note,
        "verdict": reading.verdict.value,
        "reason": reading.reason,
        "first_reached": reading.first_reached,
        "first_reached_certain": reading.first_reached_certain,
        "bounds": bounded(reading.bounds),
        "so_far": {"value": reading.so_far, "note": reading.so_far_note, "bounds": open_yet(reading.so_far_bounds)},
    }


def targets_in(assessment: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The targets of ``assessment.json`` by id, each followed by its further parts."""
    return {
        part_id: part
        for target_id, target in assessment["targets"].items()
        for part_id, part in {target_id: target, **target["parts"]}.items()
    }
