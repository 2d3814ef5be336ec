"""The locks hold what pyproject.toml asks for, agree with each other, and pin every file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import metadata
from itertools import product
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("run", "dev")
PYTHONS = ("3.11.0", "3.11.9", "3.12.9", "3.13.5")
SYSTEMS = {  # sys_platform: the other markers that go with it
    "linux": {"os_name": "posix", "platform_system": "Linux", "platform_machine": "x86_64"},
    "darwin": {"os_name": "posix", "platform_system": "Darwin", "platform_machine": "arm64"},
    "win32": {"os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
}
MACHINES = [
    default_environment()
    | {"python_version": python.rpartition(".")[0], "python_full_version": python, "sys_platform": system}
    | SYSTEMS[system]
    for python, system in product(PYTHONS, SYSTEMS)
]


@dataclass(frozen=True)
class Pin:
    """One entry of a lock."""

    name: str
    version: Version
    marker: Marker | None
    hashes: int

    def holds_on(self, machine: dict[str, str]) -> bool:
        """Whether it is installed on a machine with these markers."""
        return self.marker is None or self.marker.evaluate(machine)


def read(kind: str) -> list[Pin]:
    """Every entry of a lock; an entry is one line once its continuations are joined."""
    text = (ROOT / "requirements" / f"{kind}.lock").read_text(encoding="utf-8")
    entries = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    pins = []
    for entry in entries:
        requirement, *hashes = re.split(r"\s*--hash=", entry)
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", each) for each in hashes), entry
        parsed = Requirement(requirement)
        (exact,) = parsed.specifier
        assert exact.operator == "==", entry
        pins.append(Pin(canonicalize_name(parsed.name), Version(exact.version), parsed.marker, len(hashes)))
    return pins


def installed(kind: str, machine: dict[str, str]) -> dict[str, Version]:
    """What a lock installs on a machine; a package that would come twice is a fault."""
    held = [pin for pin in read(kind) if pin.holds_on(machine)]
    versions = {pin.name: pin.version for pin in held}
    assert len(versions) == len(held)
    return versions


def asked(kind: str) -> list[Requirement]:
    """What pyproject.toml asks of a lock: the build backend with each, its editable support included."""
    extras = PROJECT["project"]["optional-dependencies"] if kind == "dev" else {}
    texts = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]]
    texts += [text for extra in extras.values() for text in extra]
    return [parsed for parsed in map(Requirement, texts) if parsed.name != PROJECT["project"]["name"]]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: f"{m['python_full_version']}-{m['sys_platform']}")
@pytest.mark.parametrize("kind", LOCKS)
def test_every_requirement_is_met_by_the_lock(kind, machine):
    pins = installed(kind, machine)
    unmet = [
        str(requirement)
        for requirement in asked(kind)
        if requirement.marker is None or requirement.marker.evaluate(machine)
        if not requirement.specifier.contains(pins.get(canonicalize_name(requirement.name), Version("0.dev0")))
    ]
    assert unmet == []


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: f"{m['python_full_version']}-{m['sys_platform']}")
def test_the_small_lock_is_part_of_the_large_one(machine):
    assert installed("run", machine).items() <= installed("dev", machine).items()


@pytest.mark.parametrize("kind", LOCKS)
def test_every_pin_has_a_checksum(kind):
    pins = read(kind)
    assert len(pins) > len(asked(kind))
    assert [pin.name for pin in pins if not pin.hashes] == []


@pytest.mark.parametrize("kind", LOCKS)
def test_a_lock_names_no_address_path_or_option(kind):
    text = (ROOT / "requirements" / f"{kind}.lock").read_text(encoding="utf-8")
    foreign = r"^.*(?:://|@ |^-|^\s+--(?!hash=)|file:|/home/|/tmp/|/opt/|\.whl|\.tar\.gz).*$"
    assert re.findall(foreign, text, re.MULTILINE) == []


@pytest.mark.parametrize("kind", LOCKS)
def test_a_lock_says_how_it_is_made(kind):
    head = (ROOT / "requirements" / f"{kind}.lock").read_text(encoding="utf-8").splitlines()[:2]
    assert head[1].strip("# ") == "make lock"


def test_the_build_backend_comes_with_the_lock():
    """The editable install fetches nothing: what builds the package is in the build group."""
    group = {Requirement(text).name for text in PROJECT["dependency-groups"]["build"]}
    assert {Requirement(text).name for text in PROJECT["build-system"]["requires"]} <= group


def test_what_is_installed_fits_together():
    """The locks are installed without resolving anew: each package's own bounds are held here instead."""
    misfits = []
    for name in {pin.name for pin in read("dev")}:
        try:
            requires = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        for requirement in map(Requirement, requires):
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                version = metadata.version(requirement.name)
                if not requirement.specifier.contains(version, prereleases=True):
                    misfits.append(f"{name} asks {requirement}, found {version}")
    assert misfits == []


def test_every_python_that_the_project_claims_is_locked():
    claimed = Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    assert all(claimed.contains(python) for python in PYTHONS)
    assert not claimed.contains("3.10.9")
    assert not claimed.contains("3.14.0")
