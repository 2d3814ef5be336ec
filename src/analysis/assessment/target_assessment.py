"""One target, assessed: its readings, what turns them, and the pace."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from analysis.assessment.pace import Pace
from analysis.assessment.readings import AXES, Reading, Turn
from analysis.assessment.verdicts import Verdict
from analysis.registers.targets import Target


@dataclass(frozen=True)
class TargetAssessment:
    """One target: its readings, how many give which verdict, which choice turns it, and the pace towards it.

    ``settled`` says that the main reading is judged, at a census before that of the report: nothing in the report's own
    census bears on it. ``paces`` has one for each baseline from which there is one.
    """

    target: Target
    readings: tuple[Reading, ...]
    counts: dict[Verdict, int]
    turned_by: tuple[Turn, ...]
    paces: tuple[Pace, ...]
    settled: bool = False

    @property
    def main(self) -> Reading:
        """The reading that the headline uses."""
        return next(reading for reading in self.readings if reading.main)

    @property
    def verdict(self) -> Verdict:
        """The main reading's verdict."""
        return self.main.verdict

    def by_baseline(self) -> list[Reading]:
        """The main reading with each baseline, in order of time; for a stock the main reading alone."""
        main = self.main.choice
        same = [
            reading
            for reading in self.readings
            if all(getattr(reading.choice, axis) == getattr(main, axis) for axis in AXES if axis != "baseline")
        ]
        return sorted(same, key=lambda reading: reading.choice.baseline or "")

    def paced(self, pace: Pace) -> Reading:
        """The reading that a pace is of."""
        return next(reading for reading in self.by_baseline() if reading.choice.baseline in (None, pace.baseline))

    def by_measure(self) -> list[Reading]:
        """The main reading with each measure, in the register's order."""
        main = self.main.choice
        return [
            reading
            for reading in self.readings
            if all(getattr(reading.choice, axis) == getattr(main, axis) for axis in AXES if axis != "measure")
        ]

    def _repr_html_(self) -> str:
        cells = Markup("").join(
            Markup("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>").format(
                *(getattr(reading.choice, axis) or "[z]" for axis in AXES),
                _shown(reading.value, reading.note),
                _shown(reading.so_far, reading.so_far_note),
                reading.verdict.value + (" (main reading)" if reading.main else ""),
            )
            for reading in self.readings
        )
        names = (*AXES, "value", "so far", "verdict")
        head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in names)
        caption = f"{self.target.name}: {self.verdict.value}"
        return Markup("<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
            caption, head, cells
        )


def _shown(value: float | None, note: str) -> str:
    return note or "[x]" if value is None else f"{value:,.1f} {note}".strip()
