"""Whether the Python environment is the one that the lock describes."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from analysis.doctor.findings import Finding, fault, ok, warning
from analysis.errors import first_few
from analysis.settings import PROJECT, project_root

SUBJECT = "environment"
LOCK = "requirements/run.lock"
_AGAIN = "Create the environment again: `make clean report`. Outside .venv, install what requirements/run.lock says."
_NAMED = 5


def check_environment() -> Iterator[Finding]:
    """Python, and each package of the lock."""
    python = platform.python_version()
    wanted = metadata.metadata(PROJECT)["Requires-Python"]
    if not Requirement(f"python {wanted}").specifier.contains(python, prereleases=True):
        yield fault(
            SUBJECT, f"This is Python {python}; the project needs {wanted}.", "Use one of these: PYTHON=python3.11."
        )
    locked = locked_packages(project_root() / LOCK)
    if not locked:
        yield warning(
            SUBJECT,
            f"{LOCK} is not there, so the packages cannot be compared with it.",
            f"Restore it (`git checkout {LOCK}`).",
        )
        return
    installed = {name: _installed(name) for name in locked}
    missing = [name for name, version in installed.items() if version is None]
    other = [
        f"{name} {version} (the lock has {locked[name]})"
        for name, version in installed.items()
        if version is not None and Version(version) != locked[name]
    ]
    if missing:
        yield fault(SUBJECT, f"Packages are missing: {first_few(missing, _NAMED)}.", _AGAIN)
    if other:
        yield warning(SUBJECT, f"Packages have other releases than the lock: {first_few(other, _NAMED)}.", _AGAIN)
    if not missing and not other:
        yield ok(SUBJECT, f"Python {python} with the {len(locked)} packages of {LOCK}.")


def locked_packages(lock: Path) -> dict[str, Version]:
    """The packages that a lock asks for on this machine, by name; empty when there is no lock."""
    try:
        lines = lock.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    found: dict[str, Version] = {}
    for line in lines:
        text = re.sub(r"\s*\\$", "", line)
        if not text[:1].isalnum():  # a checksum or a comment
            continue
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate():
            pinned = next(iter(requirement.specifier))
            found[canonicalize_name(requirement.name)] = Version(pinned.version)
    return found


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
