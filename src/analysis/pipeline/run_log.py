"""The log of a run: ``log.jsonl`` beside the manifest, one JSON line an event, kept for failed runs too.

The standard library's logging, so that the warnings of libraries come to the same file. Times, durations and memory
stand here and in the manifest alone: every other file of a report has the same bytes in each run.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from analysis import formats
from analysis.publish.paths import without_machine_paths

NAME = formats.LOG
_FIELDS = "event_fields"
_MOST_LISTED = 200  # extracts or checks with an event each: a folder of five thousand other files must not fill the log
_MOST_CHARACTERS = 2_000  # of a library's message


class RunLog:
    """Events of one run, written as they happen, so that a run that is killed leaves what it has done."""

    def __init__(self, folder: Path) -> None:
        self._logger = logging.getLogger("analysis.run")
        self._logger.setLevel(logging.INFO)
        self._handler = _LogFile(folder / NAME, encoding="utf-8")
        self._handler.setFormatter(_JsonLines())
        self._handler.addFilter(_of_a_run)
        logging.getLogger().addHandler(self._handler)

    def event(self, name: str, /, **fields: object) -> None:
        """Write one event; ``fields`` are what it says beside its name, time and memory.

        Raises
        ------
        OSError
            When the disk is full.
        """
        self._logger.info(name, extra={_FIELDS: {**fields, **_memory()}})

    def inputs(self, catalogue: Mapping[str, Any]) -> None:
        """What ingest decided: each extract that is used, with its rows, and each file that is left out, with why."""
        used, left_out = list(catalogue.get("inputs", ())), list(catalogue.get("left_out", ()))
        for entry in used[:_MOST_LISTED]:
            self.event(
                "extract used",
                **{name: entry.get(name) for name in ("file", "kind", "rows", "first_census", "last_census", "sha256")},
            )
        for entry in left_out[:_MOST_LISTED]:
            self.event("file left out", file=entry.get("file"), decision=entry.get("reason"))
        self.event("extracts chosen", period=catalogue.get("period"), used=len(used), left_out=len(left_out))

    def validation(self, result: Mapping[str, Any]) -> None:
        """What validation found: each check that did not pass, and whether the run may go on."""
        checks = list(result.get("checks", ()))
        failed = [check for check in checks if check.get("outcome") == "failed"]
        for check in failed[:_MOST_LISTED]:
            self.event("check failed", check=check.get("id"), severity=check.get("severity"))
        passed = bool(result.get("passed"))
        self.event("validated", checks=len(checks), failed=len(failed), decision="go on" if passed else "stop")

    def close(self) -> None:
        """Write nothing more, and let go of the file, so that its folder can be moved."""
        logging.getLogger().removeHandler(self._handler)
        with contextlib.suppress(OSError):  # lines for which there was no room: that was told when they were written
            self._handler.close()


class _LogFile(logging.FileHandler):
    """A file whose errors are raised where an event is written: the default prints them, and the run goes on."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name that logging calls it by
        if isinstance(sys.exc_info()[1], OSError):
            raise  # noqa: PLE0704 - called from within the clause that caught it
        super().handleError(record)


class _JsonLines(logging.Formatter):
    """One JSON object a line, with names in the order of their making: time and event first."""

    def format(self, record: logging.LogRecord) -> str:
        time = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        fields = getattr(record, _FIELDS, None)
        if fields is None:  # a library's warning
            text = without_machine_paths(record.getMessage())[:_MOST_CHARACTERS]
            fields = {"library": record.name, "message": text}
            name = "library warning"
        else:
            name = record.getMessage()
        line = formats.with_format(NAME, {"time": time, "level": record.levelname.lower(), "event": name, **fields})
        text = json.dumps(line, ensure_ascii=False, default=str)
        # JSON escapes line feeds and the like, but not the control characters of Unicode, which a terminal obeys.
        return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _of_a_run(record: logging.LogRecord) -> bool:
    return hasattr(record, _FIELDS) or record.levelno >= logging.WARNING


def _memory() -> dict[str, float]:
    """The memory of this process now, and the most that a process it has started and seen end has had, in MB.

    The second is that of the notebooks: each runs in a process of its own. Windows does not tell it.
    """
    found = {"memory_mb": round(psutil.Process().memory_info().rss / 1e6, 1)}
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        # Bytes on macOS, kilobytes elsewhere (getrusage(2)).
        found["notebook_peak_mb"] = round(largest / (1e6 if sys.platform == "darwin" else 1e3), 1)
    return found
