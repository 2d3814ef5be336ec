"""Room on the disks and in memory."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil

from analysis.doctor.findings import Finding, fault, ok, warning
from analysis.pipeline.request import Request
from analysis.settings import PROCESSED, RAW, resolve

_MB = 1_000_000
# A report with its notebooks, tables and measures takes some 10 MB, and is there twice while it replaces another.
_REPORT_MB = 25
# The typed pieces take less than the extracts, unpacked; a zip of an extract unpacks to twelve times its size.
_UNPACKED = 12
# The largest notebook of a report of June 2026, with all extracts, takes 760 MB, and the command itself 300 MB.
_MEMORY_MB = 1_500


def check_disk(request: Request) -> Iterator[Finding]:
    """Whether the folders of the reports and of processed data can be written to, and have room."""
    raw = resolve(RAW) if request.raw is None else request.raw.expanduser()
    pieces_mb = _size_mb(raw)
    processed = resolve(PROCESSED) if request.processed is None else request.processed
    for name, folder, needed_mb in (
        ("REPORTS", request.reports.expanduser(), _REPORT_MB),
        ("processed data", processed, max(_REPORT_MB, pieces_mb)),
    ):
        subject = f"disk of {name}"
        try:
            _write_probe(folder)
        except OSError as error:
            yield fault(
                subject,
                f"{folder.name}/ cannot be written to ({error.strerror or error}).",
                "Free some space, or make the folder one that you may write to.",
            )
            continue
        free_mb = shutil.disk_usage(folder).free // _MB
        message = f"{free_mb:,} MB are free; a run may need {needed_mb:,.0f} MB."
        if free_mb < _REPORT_MB:
            yield fault(subject, message, "Free some space there.")
        elif free_mb < needed_mb:
            yield warning(subject, message, "Free some space there.")
        else:
            yield ok(subject, message)


def check_memory() -> Iterator[Finding]:
    """Whether the notebooks find room in memory; without it their kernel dies."""
    free_mb = psutil.virtual_memory().available // _MB
    message = f"{free_mb:,} MB are free; a run with every extract published so far needs {_MEMORY_MB:,} MB."
    if free_mb < _MEMORY_MB:
        yield warning("memory", message, "Close other programs before you make a report.")
    else:
        yield ok("memory", message)


def _write_probe(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f".new-{secrets.token_hex(4)}"
    try:
        with probe.open("wb") as file:
            file.write(b"\0" * 65_536)
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)


def _size_mb(raw: Path) -> float:
    """What the extracts may take when they are typed."""
    files = [path for path in raw.rglob("*") if path.is_file()] if raw.is_dir() else []
    return sum(path.stat().st_size * (_UNPACKED if path.suffix.lower() == ".zip" else 1) for path in files) / _MB
