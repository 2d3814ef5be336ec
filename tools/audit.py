"""Audit the packages of the locks: their licences, and the vulnerabilities that are known of them.

``python tools/audit.py`` runs in the development environment. The licences are read from the installed packages and
need no network. The vulnerabilities are looked up by pip-audit, in the data of the package index or of OSV.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from analysis.doctor.environment import locked_packages
from analysis.pipeline.packages import Package, installed_packages

ROOT = Path(__file__).resolve().parent.parent
POLICY = ROOT / "tools" / "licences.toml"
LOCK = ROOT / "requirements" / "dev.lock"  # it holds all of the other lock
# Where pip-audit has its data; the second is asked when the first gives no answer.
SERVICES = {"pypi": "PyPI", "osv": "OSV"}
FOUND, NOT_REACHED = 1, 3
_TIMEOUT_SECONDS = "15"


@dataclass(frozen=True)
class Policy:
    """Which licences are allowed, and what is known of packages that do not say it themselves."""

    allowed: frozenset[str]
    names: frozenset[str]
    packages: Mapping[str, str]

    @classmethod
    def read(cls, path: Path = POLICY) -> Policy:
        """Read ``tools/licences.toml``.

        Raises
        ------
        ValueError
            When an entry is no SPDX licence, or a package has no reason.
        """
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        packages = {}
        for name, entry in content.get("packages", {}).items():
            if not entry.get("reason"):
                raise ValueError(f"{name} in {path.name} needs a reason")
            packages[name] = entry["licence"]
        for licence in (*content["allowed"], *packages.values()):
            try:
                canonicalize_license_expression(licence)
            except InvalidLicenseExpression as error:
                raise ValueError(f"{licence!r} in {path.name} is no SPDX licence") from error
        return cls(frozenset(content["allowed"]), frozenset(content["allowed_names"]), packages)

    def licence_of(self, package: Package) -> str:
        """The licence of a package, by this policy where it is named there."""
        return self.packages.get(package.name, package.licence)

    def allows(self, licence: str) -> bool:
        """Whether a licence is allowed: of alternatives (OR) one must be, of licences that all apply (AND) each."""
        if licence in self.names:
            return True
        words = licence.replace("(", " ( ").replace(")", " ) ").split()
        return bool(words) and _Reading(words, self.allowed).result()


class _Reading:
    """An SPDX expression, read from left to right: AND binds closer than OR, WITH adds an exception to a licence."""

    def __init__(self, words: list[str], allowed: frozenset[str]) -> None:
        self._words, self._allowed, self._at = words, allowed, 0

    def result(self) -> bool:
        found = self._alternatives()
        return found and self._at == len(self._words)

    def _next_is(self, word: str) -> bool:
        if self._at < len(self._words) and self._words[self._at] == word:
            self._at += 1
            return True
        return False

    def _alternatives(self) -> bool:
        found = self._all_of()
        while self._next_is("OR"):
            other = self._all_of()
            found = found or other
        return found

    def _all_of(self) -> bool:
        found = self._one()
        while self._next_is("AND"):
            other = self._one()
            found = found and other
        return found

    def _one(self) -> bool:
        if self._next_is("("):
            found = self._alternatives()
            return self._next_is(")") and found
        licence = self._words[self._at] if self._at < len(self._words) else ""
        self._at += 1
        if self._next_is("WITH"):  # an exception only ever allows more
            self._at += 1
        return licence in self._allowed


def refused_licences(packages: Mapping[str, Package], policy: Policy) -> dict[str, str]:
    """The packages whose licence is not allowed, with what they say of it."""
    licences = {name: policy.licence_of(package) for name, package in packages.items()}
    return {name: licence or "none named" for name, licence in licences.items() if not policy.allows(licence)}


def audit_licences() -> int:
    """List the licence of each installed package, and say which is not allowed."""
    packages, policy = installed_packages(), Policy.read()
    for name, package in packages.items():
        print(f"{name} {package.version}: {policy.licence_of(package) or 'none named'}")
    refused = refused_licences(packages, policy)
    for name, licence in refused.items():
        print(
            f"The licence of {name} is not among those that are allowed: {licence}.\n"
            "  Why: what a package may be used for depends on it.\n"
            f"  Fix: read the licence; allow it in tools/{POLICY.name} with the reason, or do without the package.",
            file=sys.stderr,
        )
    print(f"Licences: {len(packages)} packages, {len(refused)} not allowed.")
    return FOUND if refused else 0


def audit_vulnerabilities(lock: Path = LOCK) -> int:
    """Look up what is known of the packages of a lock; say so when the data cannot be reached."""
    reasons = []
    for service, name in SERVICES.items():
        found, reason = _ask(service, lock)
        if found is not None:
            return _tell(found, name)
        reasons.append(f"{name}: {reason}")
    print(
        f"The data about vulnerabilities cannot be reached ({'; '.join(reasons)}).\n"
        f"  Why: of the {len(locked_packages(lock))} packages of {lock.name} nothing is known; this is no all-clear.\n"
        "  Fix: run `make audit` again where one of these can be reached, with HTTPS_PROXY set if need be.",
        file=sys.stderr,
    )
    return NOT_REACHED


def _ask(service: str, lock: Path) -> tuple[dict[str, Any] | None, str]:
    """What pip-audit finds by a service, or why it found nothing out."""
    options = ("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json")
    command = [sys.executable, "-m", "pip_audit", *options, "--timeout", _TIMEOUT_SECONDS]
    done = subprocess.run(
        [*command, "--vulnerability-service", service, "--requirement", str(lock)],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        return None, lines[-1][:200] if lines else f"pip-audit ended with {done.returncode}"
    reasons = [package.get("skip_reason", "") for package in found["dependencies"]]
    return (None, reasons[0]) if all(reasons) else (found, "")


def _tell(found: Mapping[str, Any], service: str) -> int:
    packages = [package for package in found["dependencies"] if "skip_reason" not in package]
    unknown = [package["name"] for package in found["dependencies"] if "skip_reason" in package]
    count = 0
    for package in packages:
        for known in package.get("vulns", ()):
            count += 1
            fixed = ", ".join(known.get("fix_versions", ())) or "no release"
            names = " ".join((known["id"], *known.get("aliases", ())))
            print(f"{package['name']} {package['version']}: {names}; put right in {fixed}.", file=sys.stderr)
    print(f"Vulnerabilities: {len(packages)} packages looked up at {service}, {count} known.")
    if count:
        print("Take the releases that put them right (make lock UPGRADE=1), and run every test.", file=sys.stderr)
    if unknown:
        print(f"Nothing could be found out about {', '.join(unknown)}; this is no all-clear for them.", file=sys.stderr)
    return FOUND if count else NOT_REACHED if unknown else 0


def main() -> int:
    """Audit licences, then vulnerabilities; the graver result is the exit code."""
    licences, vulnerabilities = audit_licences(), audit_vulnerabilities()
    return licences or vulnerabilities


if __name__ == "__main__":
    sys.exit(main())
