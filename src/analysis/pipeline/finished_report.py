"""A report in its place, as its manifest tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class FinishedReport:
    """A report in its place."""

    period: str
    folder: Path
    page: Path
    page_bytes: int
    status: str
    status_reasons: tuple[str, ...]
    synthetic: bool
    verdicts: tuple[tuple[str, str], ...]
    warnings: int
    seconds: Mapping[str, float]


def finished_report(folder: Path, manifest: Mapping[str, Any]) -> FinishedReport:
    """The report in ``folder``, which has this manifest."""
    page = folder / "index.html"
    return FinishedReport(
        period=str(manifest["period"]),
        folder=folder,
        page=page,
        page_bytes=page.stat().st_size,
        status=str(manifest["status"]),
        status_reasons=tuple(manifest["status_reasons"]),
        synthetic=bool(manifest["synthetic"]),
        verdicts=tuple((str(target), str(verdict)) for target, verdict in manifest["verdicts"]),
        warnings=int(manifest["warnings"]),
        seconds=dict(manifest["seconds"]),
    )
