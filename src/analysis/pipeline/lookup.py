"""Find a made report, and say where one of its figures comes from."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from analysis import formats
from analysis.columns import DEFAULT_ROLE
from analysis.errors import UsageError
from analysis.facts.fact import Fact, Facts
from analysis.periods import month_label, parse_census
from analysis.pipeline.json_files import UNREADABLE, read_json

_PERIOD = re.compile(r"\d{4}-\d{2}", re.ASCII)
_NAME = re.compile(r"(?P<period>\d{4}-\d{2})(?:-(?P<role>[a-z][a-z0-9_]*))?", re.ASCII)
FACTS = formats.FACTS


def report_name(period: str, role: str = DEFAULT_ROLE) -> str:
    """The folder of a report in ``REPORTS``: ``2022-09`` about link workers, ``2022-09-cc`` about another role."""
    return period if role == DEFAULT_ROLE else f"{period}-{role}"


def period_and_role(name: str) -> tuple[str, str] | None:
    """The inverse of :func:`report_name`; ``None`` for a name that no report has."""
    found = _NAME.fullmatch(name)
    if found is None or not _is_census(found["period"]):
        return None
    return found["period"], found["role"] or DEFAULT_ROLE


def all_reports(reports: Path) -> list[str]:
    """The names of the reports in ``reports``, whatever they are about: in order of time, then of role."""
    return sorted(path.parent.name for path in reports.glob(f"*/{FACTS}") if period_and_role(path.parent.name))


def made_reports(reports: Path, role: str = DEFAULT_ROLE) -> list[str]:
    """The periods that have a report about ``role`` in ``reports``, in order of time."""
    found = map(period_and_role, all_reports(reports))
    return [pair[0] for pair in found if pair and pair[1] == role]


def _is_census(name: str) -> bool:
    try:
        return parse_census(name) == name
    except UsageError:  # 2022-13, or a folder that is no report
        return False


def report_folder(reports: Path, name: str = "") -> Path:
    """The folder of a report: ``name`` is a folder, a period in ``reports``, or empty for the latest one there.

    Raises
    ------
    UsageError
        When there is none; the message lists those there are.
    """
    there = made_reports(reports)
    if not name and there:
        return reports / there[-1]
    for folder in (Path(name), reports / name) if name else ():
        with contextlib.suppress(OSError, ValueError):  # a text that cannot be a path is no report
            if (folder / FACTS).is_file():
                return folder
    listed = ", ".join(there)
    raise UsageError(
        f"There is no report {name!r} in {reports.name}/." if name else f"There is no report in {reports.name}/.",
        f"The reports there: {listed}." if there else "A report is a folder with facts.json, and none is there.",
        f"Name one of them, for example {there[-1]}." if there else "Make one first: `analysis report`.",
    )


def read_facts(folder: Path, levels: Callable[[str], Sequence[str]] | None = None) -> Facts:
    """The facts of the report, or of the results folder, ``folder``; of a frame those of its ``levels``, where given.

    Raises
    ------
    NewerFormatError
        When a later version of the project wrote them.
    """
    from analysis.runs.stored_facts import facts_in  # noqa: PLC0415 - it loads pandas, which a report in place needs not

    manifest: dict[str, Any] = {}
    with contextlib.suppress(*UNREADABLE):  # a manifest that is damaged, or not yet written, takes no fact away
        manifest = read_json(folder / formats.MANIFEST)
    numbers = manifest.get("formats")
    formats.require_known(formats.FACTS, numbers.get(formats.FACTS, 0) if isinstance(numbers, dict) else 0)
    return facts_in(folder, levels=levels)


def explanation(folder: Path, fact_id: str) -> str:
    """Where a figure of the report in ``folder`` comes from, in plain text.

    Raises
    ------
    UsageError
        When the report has no such figure; the message names the nearest.
    """
    try:
        facts = read_facts(folder)
    except UNREADABLE as fault:
        raise UsageError(
            f"{folder.name}/{FACTS} is damaged: {fault}.",
            "It says where each figure of the report comes from.",
            "Make that report again, or name another.",
        ) from fault
    return _explain(facts[fact_id])


def _explain(fact: Fact) -> str:
    value = "none" if fact.value is None else repr(fact.value)
    rows = [
        ("Definition", fact.origin.definition),
        ("Value", f"{value} {fact.unit} (unrounded)"),
        ("As printed", f"{fact.text}, {fact.origin.rounding}"),
        ("Census", f"{month_label(fact.period)} ({fact.period})" if _PERIOD.fullmatch(fact.period) else fact.period),
        ("Status", f"{fact.status.value} {fact.status.shorthand}".strip()),
        ("Expression", fact.origin.expression),
    ]
    lines = [fact.id, *(f"  {name + ':':<12} {text}" for name, text in rows)]
    lines.append("  Inputs:" if fact.origin.sources else "  Inputs:      none")
    for source in fact.origin.sources:
        lines.append(f"    {source.file} (census {source.census}, {source.rows:,} rows counted)")
        lines.append(f"      sha256 {source.sha256}")
    return "\n".join(lines)
