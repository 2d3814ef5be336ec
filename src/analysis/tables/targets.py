"""Tables of the targets: every reading, and the pace."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from analysis.assessment.readings import AXES
from analysis.assessment.target_verdict import verdict_of
from analysis.facts.labels import DATE_LABELS, MEASURE_LABELS
from analysis.markup.prose import Prose, panel
from analysis.periods import month_label
from analysis.registers.collated import load_collated
from analysis.registers.measures import unit_of
from analysis.tables.base import CENSUS, UNIT, TableMaker, disclosed, where
from analysis.tables.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.assessment import Reading, TargetAssessment

# What a sheet of paper has no room for.
_IN_DOWNLOADS = {
    "reason",
    "promised",
    "unit",
    "matched_verdict",
    "grossed_pcns_verdict",
    "grossed_patients_verdict",
    "first_reached",
}


_TARGET = {
    "target_name": Column("Target", "name of the target"),
    "target": Column("Target code", "code of the target in the register of targets"),
}
_FIGURES = {
    "reported": ("As reported", "people in the reading of people, else FTE: as reported"),
    "matched": ("Same networks", "the same in networks that report at both censuses"),
    "grossed_pcns": ("If all reported", "the same scaled up to all networks: an estimate"),
}
_DATES = {
    "on_or_before": "At the last census on or before the date",
    "after": "At the first census on or after the date",
    "between": "At the date, on a straight line between two censuses",
}
_MEASURES = {
    "fte": "FTE, with contracted services",
    "fte_staff": "FTE without contracted services",
    "headcount": "People, without contracted services",
}


def _one_choice_away(assessed: TargetAssessment, roles: Mapping[str, str]) -> Iterator[tuple[str, Reading]]:
    """The main reading in words, then those that differ in one choice; of other roles only where the figure differs."""
    main = assessed.main
    words = {
        "measure": lambda choice: _MEASURES[choice.measure],
        "role": lambda choice: f"Counting {roles[choice.role]}",
        "baseline": lambda choice: f"From {month_label(choice.baseline)}",
        "date": lambda choice: _DATES[choice.date],
    }
    since = f", from {month_label(main.choice.baseline)}" if main.choice.baseline else ""
    dated = f", {_DATES[main.choice.date][0].lower()}{_DATES[main.choice.date][1:]}" if assessed.target.increase else ""
    yield f"Main reading: {_MEASURES[main.choice.measure]}{since}{dated}", main
    for axis in ("baseline", "measure", "date", "role"):
        for reading in assessed.readings:
            differing = [name for name in AXES if getattr(reading.choice, name) != getattr(main.choice, name)]
            if differing == [axis] and (axis != "role" or reading.figure != main.figure):
                yield words[axis](reading.choice), reading


class TargetTables(TableMaker):
    """Tables of the targets: every reading, and the pace."""

    @property
    def target_verdicts(self) -> Table:
        """The one verdict on each target, with what turns it."""
        verdicts = [(assessed.target, verdict_of(assessed)) for assessed in self._analysis.assessment]
        rows = [
            {
                "target": target.name,
                "promise": target.promise,
                "deadline": target.deadline.isoformat(),
                "verdict": verdict.words,
                "in_short": verdict.line,
            }
            for target, verdict in verdicts
        ]
        columns = {
            "target": Column("Target", "the target as the register names it"),
            "promise": Column("Promise", "the part of the wording that holds the promise"),
            "deadline": Column("Date", "last day that the wording allows"),
            "verdict": Column("Verdict", "the one verdict on the target"),
            "in_short": Column("Verdict in short", "the verdict, with what turns it or what it waits for"),
        }
        frame = pd.DataFrame(rows, columns=[*columns])
        return self._table("target-verdicts", f"Verdicts on the targets, {self._until}", frame, columns)

    @property
    def second_series(self) -> Table:
        """The series of the report beside the second official one, at the censuses that both have."""
        collated = load_collated().rename(columns={"fte": "collated"})
        ours = where(self._measures.totals, level="england", role=self._role)[["census", "fte"]].dropna()
        frame = collated[collated["role"] == self._role].merge(ours.astype({"census": "str"}), on="census")
        frame = frame[frame["census"] <= self._period]
        frame["difference"] = frame["collated"] - frame["fte"]
        frame["difference_pct"] = 100 * frame["difference"] / frame["fte"]
        columns = {
            "census": CENSUS,
            "fte": Column("This series", "FTE in the Primary Care Network Workforce, as reported", "FTE", 0),
            "collated": Column("Second series", "FTE in the Primary Care Workforce Quarterly Update", "FTE", 0),
            "difference": Column("Difference", "second series less this one", "FTE", 0, signed=True),
            "difference_pct": Column("Difference (%)", "the difference as a share of this series", "%", 0, signed=True),
            "source": Column("Source", "where the figure of the second series stands"),
        }
        return self._table("second-series", f"{self._who.capitalize()} in two official series, England", frame, columns)

    @property
    def readings(self) -> Table:
        """Every reading of every target, with its bounds and verdict."""
        rows = []
        for assessed in self._analysis.assessment:
            for reading in assessed.readings:
                bounds = {f"{f.bound}_value": f.value for f in reading.bounds}
                notes = {f"{f.bound}_note": f.note for f in reading.bounds}
                verdicts = {f"{f.bound}_verdict": f.verdict.value for f in reading.bounds if f.bound != "reported"}
                rows.append(
                    {
                        "target": assessed.target.id,
                        "target_name": assessed.target.name,
                        "main": "main" if reading.main else "",
                        "measure": MEASURE_LABELS[reading.choice.measure],
                        "role": self._analysis.roles.names[reading.choice.role],
                        "baseline": reading.choice.baseline or "[z]",
                        "date_reading": DATE_LABELS[reading.choice.date],
                        "promised": assessed.target.value,
                        "promised_note": "[z]" if assessed.target.rise else "",
                        "value": reading.value,
                        "value_note": reading.note,
                        "so_far": reading.so_far,
                        "so_far_note": reading.so_far_note,
                        "verdict": reading.verdict.value,
                        "reason": reading.reason,
                        "unit": unit_of(reading.choice.measure),
                        "first_reached": reading.first_reached or "[z]",
                        **bounds,
                        **notes,
                        **verdicts,
                    }
                )
        columns = {
            **_TARGET,
            "measure": Column("Measure", "what the reading counts"),
            "role": Column("Roles", "which roles are counted"),
            "baseline": Column("Baseline", "census that an increase is counted from; [z] for a number in place"),
            "date_reading": Column("Date", "how the date is read"),
            "so_far": Column("At this census", "the figure at the report's census", "", 1, "so_far_note"),
            "value": Column("Value", "the figure at the date of the target", "", 1, "value_note"),
            "matched_value": Column(
                "Matched", "the figure in PCNs that report at both censuses", "", 1, "matched_note"
            ),
            "grossed_pcns_value": Column(
                "Scaled by PCNs", "the figure scaled up to all active PCNs: an estimate", "", 1, "grossed_pcns_note"
            ),
            "grossed_patients_value": Column(
                "Scaled by patients",
                "the figure scaled up to all registered patients: an estimate",
                "",
                1,
                "grossed_patients_note",
            ),
            "verdict": Column("Verdict", "verdict of the figure as reported"),
            "reason": Column("Why not assessable", "why a reading is not assessable"),
            "unit": UNIT,
            "main": Column("Main", "main: the reading that the headline uses; empty for the others"),
            "promised": Column(
                "Promised",
                "the number promised, in no stated unit; [z] for a rise by any amount",
                "",
                0,
                "promised_note",
            ),
            "matched_verdict": Column("Verdict, matched", "verdict of the figure in PCNs that report at both censuses"),
            "grossed_pcns_verdict": Column("Verdict, by PCNs", "verdict of the figure scaled up to all active PCNs"),
            "grossed_patients_verdict": Column(
                "Verdict, by patients", "verdict of the figure scaled up to all registered patients"
            ),
            "first_reached": Column(
                "First reached", "first census in the data that reaches the number on that reading, or [z]"
            ),
        }
        frame = pd.DataFrame(rows)
        for column in [name for name in frame if str(name).endswith("_note")]:
            frame[column] = frame[column].where(frame[column] != "", "")
        return self._table("target-readings", f"Readings of the targets, {self._until}", frame, columns)

    def readings_in_short_of(self, target_id: str) -> Table:
        """The main reading of a target, and each that differs from it in one choice, with what coverage makes of it."""
        assessed = self._analysis.assessment[target_id]
        rows = []
        for words, reading in _one_choice_away(assessed, self._analysis.roles.names):
            bounds = reading.so_far_bounds if reading.ahead else reading.bounds
            found = {figure.bound: figure for figure in bounds}
            row: dict[str, object] = {
                "reading": words,
                "verdict": reading.verdict.short,
            }
            for bound in ("reported", "matched", "grossed_pcns"):
                row |= {bound: found[bound].value, f"{bound}_note": found[bound].note}
            rows.append(row)
        frame = pd.DataFrame(rows)
        columns = {
            "reading": Column("How it is read", "the reading, by what differs from the main one"),
            **{
                name: Column(label, meaning, "", 0, f"{name}_note", signed=assessed.target.increase)
                for name, (label, meaning) in _FIGURES.items()
            },
            "verdict": Column("Verdict", "verdict of the figure as reported"),
        }
        shown = {name: column for name, column in columns.items() if not column.note or frame[name].notna().any()}
        return self._table(
            f"main-readings-{target_id}",
            f"{assessed.target.name}: the verdict on each way of reading it, {self._until}",
            frame,
            shown,
        )

    def shown_readings(self, target_id: str) -> Prose:
        """The readings of one target under a disclosure."""
        return panel([disclosed(self.readings_of(target_id))], css_class="tables")

    def readings_of(self, target_id: str) -> Table:
        """The readings of one target."""
        whole = self.readings
        frame = whole.frame[whole.frame["target"] == target_id].reset_index(drop=True)
        columns = {name: column for name, column in whole.columns.items() if name not in _TARGET}
        if (frame["baseline"] == "[z]").all():
            columns.pop("baseline")
        # Without a figure at the date, that of the report's own census is there and no other.
        left_out = {"so_far"} if frame["value"].notna().any() else {"value"}
        left_out |= {name for name in columns if name.endswith("_value") and frame[name].isna().all()}
        return dataclasses.replace(
            whole,
            on_page=tuple(name for name in columns if name not in left_out | _IN_DOWNLOADS),
            notes=tuple(f"Not assessable: {reason}." for reason in dict.fromkeys(frame["reason"]) if reason),
            id=f"target-readings-{target_id}",
            title=f"{self._analysis.assessment[target_id].target.name}: all combinations of readings, {self._until}",
            frame=frame,
            columns=columns,
        )

    @property
    def pace(self) -> Table:
        """What was needed a month, and what came."""
        rows = [
            {"target": assessed.target.id, "target_name": assessed.target.name, **dataclasses.asdict(entry)}
            for assessed in self._analysis.assessment
            for entry in assessed.paces
        ]
        names = {
            "needed": "needed a month",
            "achieved": "came a month, as reported",
            "still_needed": "still needed a month",
            "recent_low": "recent matched growth a month, lowest",
            "recent_high": "recent matched growth a month, highest",
        }
        frame = pd.DataFrame(rows)
        for name in names if len(frame) else ():
            frame[f"{name}_note"] = frame[name].isna().map({True: "[z]", False: ""})
        return self._table(
            "pace",
            f"Pace towards the targets, {self._until}",
            frame,
            {
                **_TARGET,
                "baseline": Column("From", "census that the pace is counted from"),
                **{
                    name: Column(meaning.capitalize(), meaning, "FTE a month", 1, f"{name}_note")
                    for name, meaning in names.items()
                },
                "reach_note": Column("Projection", "why there is no projection, or what limits it"),
            },
        )
