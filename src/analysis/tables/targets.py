"""Tables of the targets: every reading, and the pace."""

from __future__ import annotations

import dataclasses

import pandas as pd

from analysis.facts.labels import DATE_LABELS, MEASURE_LABELS
from analysis.markup.prose import Prose, panel
from analysis.tables.base import (
    TableMaker,
    disclosed,
)
from analysis.tables.table import Column, Table

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


class TargetTables(TableMaker):
    """Tables of the targets: every reading, and the pace."""

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
                        "unit": "people" if reading.choice.measure == "headcount" else "FTE",
                        "first_reached": reading.first_reached or "[z]",
                        **bounds,
                        **notes,
                        **verdicts,
                    }
                )
        columns = {
            "target": Column("Target", "id in the register of targets"),
            "measure": Column("Measure", "what is counted"),
            "role": Column("Roles", "which roles are counted"),
            "baseline": Column("Baseline", "census that an increase is counted from; [z] for a number in place"),
            "date_reading": Column("Date", "how the date is read"),
            "so_far": Column("At this census", "the figure at the report's census", "", 1, "so_far_note"),
            "value": Column("Value", "the figure at the date of the target", "", 1, "value_note"),
            "matched_value": Column("Matched", "in PCNs that report at both", "", 1, "matched_note"),
            "grossed_pcns_value": Column("Scaled by PCNs", "scaled up by PCNs active", "", 1, "grossed_pcns_note"),
            "grossed_patients_value": Column(
                "Scaled by patients", "scaled up by registered patients", "", 1, "grossed_patients_note"
            ),
            "verdict": Column("Verdict", "of the figure as reported"),
            "reason": Column("Why not assessable", "why a reading is not assessable"),
            "unit": Column("Unit", "unit of the figures of the row"),
            "main": Column("Main", "the reading that the headline uses"),
            "promised": Column(
                "Promised",
                "the number promised, in no stated unit; [z] for a rise by any amount",
                "",
                0,
                "promised_note",
            ),
            "matched_verdict": Column("Verdict, matched", "of the figure in PCNs that report at both"),
            "grossed_pcns_verdict": Column("Verdict, by PCNs", "of the figure scaled up by PCNs active"),
            "grossed_patients_verdict": Column(
                "Verdict, by patients", "of the figure scaled up by registered patients"
            ),
            "first_reached": Column(
                "First reached", "first census in the data that reaches the number on that reading, or [z]"
            ),
        }
        frame = pd.DataFrame(rows)
        for column in [name for name in frame if str(name).endswith("_note")]:
            frame[column] = frame[column].where(frame[column] != "", "")
        return self._table("target-readings", f"Readings of the targets, {self._until}", frame, columns)

    def shown_readings(self, target_id: str) -> Prose:
        """The readings of one target under a disclosure."""
        return panel([disclosed(self.readings_of(target_id))], css_class="tables")

    def readings_of(self, target_id: str) -> Table:
        """The readings of one target."""
        whole = self.readings
        frame = whole.frame[whole.frame["target"] == target_id].reset_index(drop=True)
        columns = {name: column for name, column in whole.columns.items() if name != "target"}
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
            title=f"Every reading of the {self._analysis.assessment[target_id].target.name}, {self._until}",
            frame=frame,
            columns=columns,
        )

    @property
    def pace(self) -> Table:
        """What was needed a month, and what came."""
        rows = [
            {"target": assessed.target.id, **dataclasses.asdict(entry), "note": "[z]"}
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
        return self._table(
            "pace",
            f"Pace towards the targets, {self._until}",
            pd.DataFrame(rows),
            {
                "target": Column("Target", "id in the register of targets"),
                "baseline": Column("From", "census that the pace is counted from"),
                **{
                    name: Column(meaning.capitalize(), meaning, "FTE a month", 1, "note")
                    for name, meaning in names.items()
                },
                "reach_note": Column("Projection", "why there is no projection, or what limits it"),
            },
        )
