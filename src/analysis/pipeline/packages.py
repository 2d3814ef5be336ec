"""The packages that a report is made with: each with its version, licence and requirements, as installed here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# What the metadata of packages calls licences, where it is no SPDX expression, in lower case. "BSD License" or "Apache
# Software License" do not say which, so they stay what they are.
_SPDX = {
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
}
_LONGEST_NAME = 80  # of a licence in words
_CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True)
class Package:
    """An installed package.

    Parameters
    ----------
    name
        In the form that PyPI compares names in: ``great-expectations``.
    version
        As installed.
    licence
        An SPDX expression where the metadata of the package allows to tell one, else the words that it has; empty when
        it names no licence.
    is_spdx
        Whether ``licence`` is an SPDX expression.
    requires
        The names of the packages that it needs on this machine, sorted.
    """

    name: str
    version: str
    licence: str
    is_spdx: bool
    requires: tuple[str, ...]


def installed_packages() -> dict[str, Package]:
    """Every package of this environment, by name."""
    found = (_package(distribution) for distribution in metadata.distributions())
    return {package.name: package for package in sorted(found, key=lambda package: package.name)}


def packages_needed_by(name: str) -> dict[str, Package]:
    """The package ``name`` and all that it needs, and these need, on this machine, by name and sorted.

    What a package needs for an optional purpose (an extra) is among them where another asks for it.
    """
    found: dict[str, Package] = {}
    extras: dict[str, set[str]] = {}
    waiting = [Requirement(name)]
    while waiting:
        requirement = waiting.pop()
        key = canonicalize_name(requirement.name)
        known = extras.setdefault(key, set())
        if key in found and requirement.extras <= known:
            continue
        known |= requirement.extras
        try:
            distribution = metadata.distribution(requirement.name)
        except metadata.PackageNotFoundError:  # the doctor tells what is missing
            continue
        needed = _requirements(distribution, frozenset(known))
        found[key] = _package(distribution, needed)
        waiting += needed
    there = found.keys()
    return {
        key: Package(one.name, one.version, one.licence, one.is_spdx, tuple(n for n in one.requires if n in there))
        for key, one in sorted(found.items())
    }


def _package(distribution: metadata.Distribution, needed: list[Requirement] | None = None) -> Package:
    licence, is_spdx = _licence(distribution)
    requirements = _requirements(distribution) if needed is None else needed
    requires = sorted({canonicalize_name(each.name) for each in requirements})
    return Package(canonicalize_name(distribution.name), distribution.version, licence, is_spdx, tuple(requires))


def _requirements(distribution: metadata.Distribution, extras: frozenset[str] = frozenset()) -> list[Requirement]:
    """What a distribution needs here, with the extras that are asked for."""
    requirements = [Requirement(text) for text in distribution.requires or ()]
    return [
        each
        for each in requirements
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


def _licence(distribution: metadata.Distribution) -> tuple[str, bool]:
    """The licence in the order in which metadata is exact: expression, field, classifiers."""
    fields = distribution.metadata
    classifiers = [text.removeprefix(_CLASSIFIER) for text in fields.get_all("Classifier") or () if _CLASSIFIER in text]
    expression, field = (
        "".join((fields.get_all(name) or [""])[:1]).strip() for name in ("License-Expression", "License")
    )
    field = field.partition("\n")[0].strip()  # some have the whole text, which begins with its name
    for name in filter(None, (expression, field, *classifiers)):
        try:
            return str(canonicalize_license_expression(_SPDX.get(name.lower(), name))), True
        except InvalidLicenseExpression:
            continue
    return (" AND ".join(classifiers) or field[:_LONGEST_NAME], False)
