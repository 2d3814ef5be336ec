"""The version number of each kind of JSON file that the project writes, and how files of earlier versions are read.

The number stands in a file as ``format``, before its content; in ``facts.json`` in its header, since the file maps ids
to facts. ``formats`` in ``manifest.json`` names every kind, also for files from before ``facts.json`` had a header.

A number goes up when a program that reads the file would have to change: something was renamed or taken away, or means
something else. A field that is only added needs no new number. Whoever raises one adds to :data:`_UPGRADES` how a
file of the version before is brought to the new one. Files from before there were numbers count as version 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analysis.errors import UsageError

FIELD = "format"
INGEST, VALIDATION, FACTS, ASSESSMENT = "ingest.json", "validation.json", "facts.json", "assessment.json"
MANIFEST, LOG = "manifest.json", "log.jsonl"
SOURCE_RECORD = ".source.json"  # ends the name of the record that `analysis fetch` puts beside a file
FORMATS: Mapping[str, int] = {
    INGEST: 1,
    VALIDATION: 1,
    FACTS: 2,  # with a header; England's figures and those shown, the others in facts.csv
    ASSESSMENT: 2,  # verdict is the one verdict on a target, main_reading_verdict that of its main reading
    MANIFEST: 1,
    LOG: 1,  # of each line
    SOURCE_RECORD: 1,
}


class NewerFormatError(UsageError):
    """A file was written by a later version of this project."""


def with_format(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """``content`` of a file of this kind with its version number before it."""
    return {FIELD: FORMATS[kind], **content}


def to_current(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a file of this kind as the present version has it, without its number.

    Raises
    ------
    NewerFormatError
        When its number is higher than the one that this version writes.
    ValueError
        When its number is not one.
    """
    found = dict(content)
    version = require_known(kind, found.pop(FIELD, 0))
    for step in range(version, FORMATS[kind]):
        found = _UPGRADES.get((kind, step), dict)(found)
    return found


def require_known(kind: str, version: object) -> int:
    """The version number of a file of this kind, if it is one that can be read.

    Raises
    ------
    NewerFormatError
        When it is higher than the one that this version writes.
    ValueError
        When it is no version number.
    """
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise ValueError(f"{kind} has the format {version!r}, which is no version number")
    if version > FORMATS[kind]:
        raise NewerFormatError(
            f"{kind} has format {version}, and this version of the project reads formats up to {FORMATS[kind]}.",
            "A later version of the project wrote it, and its content may have another meaning now.",
            "Update the project (`git pull`), or use the version that made the file: manifest.json names its commit.",
        )
    return version


def _assessment_with_parts(content: dict[str, Any]) -> dict[str, Any]:
    """Targets had no parts before there were numbers."""
    if "targets" not in content:
        return content
    targets = {name: {"parts": {}, **target} for name, target in content["targets"].items()}
    return {**content, "targets": targets}


def _assessment_with_one_verdict(content: dict[str, Any]) -> dict[str, Any]:
    """The verdict was that of the main reading; the one on the target began the line ``in_short``."""

    def upgraded(target: dict[str, Any]) -> dict[str, Any]:
        parts = {name: upgraded(part) for name, part in target["parts"].items()} if "parts" in target else None
        found = {**target, **({} if parts is None else {"parts": parts})}
        if "verdict" not in target:
            return found
        depends = str(target.get("in_short", "")).startswith("depends on the baseline")
        one = "depends on the baseline" if depends else target["verdict"]
        return {**found, "verdict": one, "main_reading_verdict": target["verdict"]}

    if "targets" not in content:
        return content
    return {**content, "targets": {name: upgraded(target) for name, target in content["targets"].items()}}


# From (kind, version) to the version after it; a step that is not listed changes nothing.
_UPGRADES: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    (ASSESSMENT, 0): _assessment_with_parts,
    (ASSESSMENT, 1): _assessment_with_one_verdict,
}
