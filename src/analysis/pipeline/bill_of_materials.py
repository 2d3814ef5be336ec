"""``bom.cdx.json`` beside a report: the software bill of materials, in the form of CycloneDX 1.6.

It lists the packages that make a report with their versions, licences and dependencies, for the tools that look for
known vulnerabilities. It holds no time and no random number: the same environment gives the same bytes.
"""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

from analysis.pipeline.json_files import write_json
from analysis.pipeline.packages import Package, packages_needed_by
from analysis.pipeline.provenance import CodeVersion
from analysis.settings import PROJECT

NAME = "bom.cdx.json"
_OPERATORS = (" AND ", " OR ", " WITH ", "(")


def write_bill_of_materials(folder: Path, code: CodeVersion) -> None:
    """Write the bill of materials of a report that this environment makes into ``folder``."""
    write_json(folder / NAME, bill_of_materials(packages_needed_by(PROJECT), code))


def bill_of_materials(packages: dict[str, Package], code: CodeVersion) -> dict[str, Any]:
    """The bill of materials of the project; ``packages`` are it and all that it needs, by name."""
    project = packages[PROJECT]
    python = {
        "type": "platform",
        "bom-ref": "python",
        "name": platform.python_implementation(),
        "version": platform.python_version(),
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _project(project, code)},
        "components": [python, *(_component(package) for name, package in packages.items() if name != PROJECT)],
        "dependencies": [
            {"ref": package.name, "dependsOn": [*(["python"] if package is project else []), *package.requires]}
            for package in packages.values()
        ],
    }


def _project(package: Package, code: CodeVersion) -> dict[str, Any]:
    component = {**_component(package), "type": "application"}
    del component["purl"]  # it is in no package index
    if code.commit:
        component["properties"] = [{"name": "git:commit", "value": code.commit}]
    return component


def _component(package: Package) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": package.name,
        "name": package.name,
        "version": package.version,
        "licenses": _licences(package),
        "purl": f"pkg:pypi/{package.name}@{package.version}",
    }


def _licences(package: Package) -> list[dict[str, Any]]:
    if not package.licence:
        return []
    if not package.is_spdx:
        return [{"license": {"name": package.licence}}]
    if any(operator in package.licence for operator in _OPERATORS):
        return [{"expression": package.licence}]
    return [{"license": {"id": package.licence}}]
