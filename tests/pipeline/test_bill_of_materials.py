"""Beside each report lies a bill of materials that other tools can read: valid CycloneDX, and the same in each run."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import pytest
from referencing import Registry, Resource

from analysis.pipeline.bill_of_materials import NAME, bill_of_materials, write_bill_of_materials
from analysis.pipeline.packages import Package, installed_packages, packages_needed_by
from analysis.pipeline.provenance import CodeVersion
from analysis.settings import PROJECT

CODE = CodeVersion("0.1.0", "a" * 40, ())


def schema(name: str) -> dict:
    """A schema of CycloneDX, as its own library has it."""
    folder = resources.files("cyclonedx.schema._res")
    return json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def bill() -> dict:
    return bill_of_materials(packages_needed_by(PROJECT), CODE)


def test_it_is_valid_by_the_schema_of_cyclonedx(bill):
    others = (
        (f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json", schema(name)) for name in ("spdx", "jsf-0.82")
    )
    registry = Registry().with_resources((uri, Resource.from_contents(content)) for uri, content in others)
    validator = jsonschema.Draft7Validator(schema("bom-1.6"), registry=registry)

    assert [error.message for error in validator.iter_errors(bill)] == []
    assert [error.message for error in validator.iter_errors({**bill, "bomFormat": "other"})] != []


def test_it_lists_what_makes_a_report_and_nothing_else(bill):
    names = {component["name"] for component in bill["components"]}

    assert {"CPython", "pandas", "altair", "papermill", "great-expectations", "vl-convert-python", "numpy"} <= names
    assert names.isdisjoint({"pytest", "jupyterlab", "playwright", "mypy", PROJECT})
    assert bill["metadata"]["component"]["properties"] == [{"name": "git:commit", "value": "a" * 40}]


def test_every_dependency_that_is_named_is_a_component(bill):
    references = {component["bom-ref"] for component in (*bill["components"], bill["metadata"]["component"])}
    named = {name for entry in bill["dependencies"] for name in (entry["ref"], *entry["dependsOn"])}
    reached, waiting = set(), [PROJECT]
    edges = {entry["ref"]: entry["dependsOn"] for entry in bill["dependencies"]}
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += edges.get(name, ())

    assert named <= references
    assert reached == references


def test_each_package_has_its_installed_version_and_a_licence(bill):
    packages = installed_packages()

    for component in bill["components"][1:]:
        assert component["version"] == packages[component["name"]].version
        assert component["licenses"], component["name"]


def test_the_same_environment_gives_the_same_bytes(tmp_path):
    written = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_bill_of_materials(tmp_path / name, CODE)
        written.append((tmp_path / name / NAME).read_bytes())

    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("licence", "is_spdx", "text"),
    [
        ("MIT", True, [{"license": {"id": "MIT"}}]),
        ("MIT AND PSF-2.0", True, [{"expression": "MIT AND PSF-2.0"}]),
        ("BSD License", False, [{"license": {"name": "BSD License"}}]),
        ("", False, []),
    ],
)
def test_a_licence_is_told_as_exactly_as_the_package_does(licence, is_spdx, text):
    packages = {name: Package(name, "1", licence, is_spdx, ()) for name in (PROJECT, "some")}

    assert bill_of_materials(packages, CODE)["components"][1]["licenses"] == text
