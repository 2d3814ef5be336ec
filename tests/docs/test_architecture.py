"""The architecture page is true: modules and what they import, steps, and the columns of every frame."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from runs.unvalidated import unvalidated
from tests.docs.documents import DOCS, ROOT, code, section, table, tables

import analysis as an
from analysis.facts.analysis import Measures
from analysis.pipeline.notebooks import discover
from analysis.registers.published import load_published
from analysis.sample import write_sample

PAGE = DOCS / "architecture.md"
PACKAGE = ROOT / "src/analysis"


def runtime_imports(source: str) -> list[str]:
    """The modules of the package that a source imports when it runs; what only type checkers import is no dependency."""
    found = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "analysis":
            named = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "analysis" else [node.module]
            )
            found.extend(named)
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names if alias.name.startswith("analysis."))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(source))
    return found


def imported_by() -> dict[str, set[str]]:
    """For each module or subpackage, the others that it imports."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if own != "__init__":
            found[own] |= {name.split(".")[1] for name in runtime_imports(path.read_text(encoding="utf-8"))} - {own}
    return found


def listed() -> dict[str, set[str]]:
    """The same as the page tells it."""
    rows = table(PAGE, "module", "purpose", "imports")
    return {code(row["module"])[0]: set(code(row["imports"])) for row in rows}


def test_every_module_is_listed():
    assert set(listed()) == set(imported_by())


def test_no_module_imports_what_the_page_does_not_allow():
    """A new dependency is a decision: it is written down, or it is not made."""
    allowed = listed()
    assert {name: found - allowed[name] for name, found in imported_by().items() if found - allowed[name]} == {}


def test_nothing_flows_back_but_where_the_page_says_so():
    """In the order of the page each module imports earlier ones alone, but for the pair that it names."""
    order = list(listed())
    back = {
        (name, other) for name, found in listed().items() for other in found if order.index(other) > order.index(name)
    }
    explained = section(PAGE, "## Modules").partition("lean on each other.")[2]
    assert {pair for pair in back if not all(f"`{name}`" in explained for name in pair)} == set()


def test_an_import_for_type_checkers_alone_is_no_dependency():
    source = "if TYPE_CHECKING:\n    from analysis.api import x\nfrom analysis.errors import y\n"
    assert runtime_imports(source) == ["analysis.errors"]


def test_the_steps_are_the_numbered_notebooks():
    steps = [row["step"].strip("`") for row in table(PAGE, "step", "reads", "writes")]
    assert steps == [*(notebook.name for notebook in discover(ROOT / "notebooks")), "publish"]


def columns_told(heading: str) -> dict[str, list[str]]:
    """The columns of each frame in the table below a heading."""
    (rows,) = (rows for rows in tables(section(PAGE, heading)) if set(rows[0]) == {"frame", "columns"})
    return {code(row["frame"])[0]: code(row["columns"]) for row in rows}


@pytest.fixture(scope="module")
def analysed(tmp_path_factory) -> tuple[an.api.Extracts, Measures]:
    """Two censuses of synthetic extracts, and their measures."""
    folder = tmp_path_factory.mktemp("architecture")
    write_sample(folder / "raw", first="2020-12", last="2021-03")
    run = an.run("2021-03", str(folder / "raw"), str(folder / "processed"))
    return run.extracts, unvalidated(run).measures


def test_the_frames_of_the_extracts_have_the_columns_told(analysed):
    """Names and order, as notebooks get them."""
    extracts, _ = analysed
    frames = {
        name: getattr(extracts, name) for name in ("workforce", "bulletin", "patients", "practice_map", "deprivation")
    }
    frames |= {"cells": extracts.table.cells, "people": extracts.table.people, "published": load_published()}
    assert columns_told("### From the extracts") == {name: list(frame.columns) for name, frame in frames.items()}


def test_the_measures_have_the_columns_told(analysed):
    """Every frame of the measures, names and order."""
    _, measures = analysed
    found = {name: list(getattr(measures, name).columns) for name in Measures.names()}
    assert columns_told("### Measures") == found


def test_every_missing_number_of_a_measure_has_its_note(analysed):
    """What the page says of missing values: none without a reason, in the frames that are told to have notes."""
    _, measures = analysed
    speaks_of = {
        "totals": {"fte": "note", "fte_staff": "split_note", "headcount": "headcount_note", "rows": "rows_note"}
    }
    speaks_of["bounds"] = {"grossed_pcns": "grossed_pcns_note", "grossed_patients": "grossed_patients_note"}
    speaks_of["places"] = {"fte": "note", "rate_reporting": "rate_reporting_note", "rate_all": "rate_all_note"}
    speaks_of["decomposition"] = {"change_fte": "note"}
    speaks_of["decomposition"] |= {f"{name}_fte": f"{name}_note" for name in ("newly_formed", "closed")}
    speaks_of["decomposition"] |= {f"pcns_{name}": f"pcns_{name}_note" for name in ("newly_formed", "closed")}
    for name, columns in speaks_of.items():
        frame = getattr(measures, name)
        for column, note in columns.items():
            missing = frame[column].isna()
            assert set(frame.loc[missing, note]) <= {"[x]", "[z]"}, (name, column)
            assert not frame.loc[~missing, note].isin({"[x]", "[z]"}).any(), (name, column)


def test_no_number_of_a_measure_is_infinite(analysed):
    """A division by nothing is missing, with its reason: no page, download or workbook can hold infinity."""
    _, measures = analysed
    for name in Measures.names():
        numbers = getattr(measures, name).select_dtypes("number")
        assert not np.isinf(numbers.to_numpy(dtype="float64", na_value=np.nan)).any(), name


def test_every_file_that_the_page_names_is_there():
    """Modules named with a dot, such as pipeline.reports_folder, are there."""
    named = {
        name
        for name in code(section(PAGE, "## What is shown") + section(PAGE, "## What protects a report"))
        if name.count(".") == 1 and name.split(".")[0] in listed()
    }
    there = {
        name
        for name in named
        if Path(PACKAGE / f"{name.replace('.', '/')}.py").is_file() or Path(PACKAGE / name.replace(".", "/")).is_dir()
    }
    assert named == there
    assert named
