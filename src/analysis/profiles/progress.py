"""A line for each area that is done, with the time that the rest will take."""

from __future__ import annotations

import time
from collections.abc import Callable

from analysis.profiles.batch import Outcome

_SECONDS_OF_A_MINUTE = 60
# The first pages tell the start of the workers, and not the pace.
_TELLS_FROM = 3


class Progress:
    """Counts areas, and tells each."""

    def __init__(self, total: int, tell: Callable[[str], None]) -> None:
        self._total, self._tell, self._begun, self._done = total, tell, time.perf_counter(), 0

    def take(self, outcome: Outcome) -> None:
        """Tell one area: how long it took, or that it failed."""
        self._done += 1
        how = f"{outcome.seconds:.1f} s" if outcome.error is None else f"failed: {outcome.error.what}"
        self._tell(f"{outcome.area.code} {outcome.area.name}: {how} ({self._done} of {self._total}{self._to_go()})")

    def _to_go(self) -> str:
        left = self._total - self._done
        if not left or self._done < _TELLS_FROM:
            return ""
        seconds = (time.perf_counter() - self._begun) / self._done * left
        if seconds < _SECONDS_OF_A_MINUTE:
            return f", about {seconds:.0f} s to go"
        return f", about {seconds / _SECONDS_OF_A_MINUTE:.0f} min to go"
