"""environment.yml lists what pyproject.toml lists, with the same bounds. It is not solved here: no channel at hand."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
# conda's `nbconvert` adds pandoc; this is what PyPI calls nbconvert.
PYPI_NAME = {"nbconvert-core": "nbconvert"}


def bounds(texts: list[str]) -> dict[str, str]:
    """Bounds by PyPI's name; conda and pip write these alike."""
    parsed = [Requirement(text) for text in texts]
    return {PYPI_NAME.get(each.name, each.name): str(each.specifier) for each in parsed}


def listed() -> dict[str, str]:
    """What the file lists."""
    return bounds(CONDA["dependencies"])


def test_conda_and_pip_users_get_the_same_packages_within_the_same_bounds():
    project = PROJECT["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["lab"], *PROJECT["dependency-groups"]["build"]]
    found = listed()
    assert found.pop("pip") == ""
    assert found.pop("python") == str(Requirement(f"python{project['requires-python']}").specifier)
    assert found == bounds(asked)


def test_nothing_comes_from_pypi():
    assert all(isinstance(each, str) for each in CONDA["dependencies"])


def test_the_environment_is_named_after_the_project_and_uses_one_channel():
    assert CONDA["name"] == PROJECT["project"]["name"]
    assert CONDA["channels"] == ["conda-forge"]
