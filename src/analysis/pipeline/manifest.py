"""``manifest.json``: what a report was made from, by what, where and when. Times and paths stand here alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analysis import formats
from analysis.pipeline.json_files import write_json
from analysis.pipeline.provenance import CodeVersion, environment
from analysis.pipeline.release_status import ReleaseStatus

NAME = formats.MANIFEST


def write_manifest(
    folder: Path,
    *,
    period: str,
    run: str,
    catalogue: Mapping[str, Any],
    status: ReleaseStatus,
    code: CodeVersion,
    parameters: Mapping[str, object],
    seconds: Mapping[str, float],
    started: dt.datetime,
    finished: dt.datetime,
    verdicts: tuple[tuple[str, str], ...],
    warnings: int,
    notebooks: Mapping[str, str],
    publication_key: str,
) -> None:
    """Write the manifest of the report in ``folder``.

    ``run`` is the name of the run (:func:`analysis.runs.identity.run_name`). ``seconds`` are the times of the steps by
    name; ``started`` and ``finished`` are in UTC. ``notebooks`` has the SHA-256 of each notebook by its name.
    ``publication_key`` is the digest of all that the report depends on (:mod:`analysis.pipeline.steps`).
    """
    content = formats.with_format(
        NAME,
        {
            "formats": dict(formats.FORMATS),
            "period": period,
            "run": run,
            "status": status.kind,
            "status_reasons": list(status.reasons),
            "page_findings": list(status.page_findings),
            "synthetic": bool(catalogue.get("synthetic")),
            "verdicts": [list(pair) for pair in verdicts],
            "warnings": warnings,
            "notebooks": dict(notebooks),
            "publication_key": publication_key,
            "inputs": list(catalogue.get("inputs", [])),
            "code": asdict(code),
            "environment": environment(),
            "parameters": dict(parameters),
            "seconds": {name: round(value, 3) for name, value in seconds.items()},
            "started": started.isoformat(timespec="seconds"),
            "finished": finished.isoformat(timespec="seconds"),
        },
    )
    write_json(folder / NAME, content)
