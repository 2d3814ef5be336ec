"""The rules that the four notebooks of the report keep, and the documentation of the parameters of all."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from analysis.markup.text_filters import FILTERS
from analysis.pipeline.notebooks import discover, read_parameters
from analysis.pipeline.text_cells import is_text
from analysis.report.text.names import NAMES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
# Loops, functions and other libraries are welcome in explore.ipynb and in an analyst's own notebooks.
OF_THE_REPORT = [FOLDER / f"{name}.ipynb" for name in ("1_ingest", "2_validate", "3_analyse", "4_report")]
README = FOLDER / "README.md"
MAY_IMPORT = {"analysis", "altair", "IPython"}  # the package, and what displays
TWO_SCREENS = 55  # lines of text: one thing that a reader takes in at once, such as the targets one after the other
A_SCREEN = 25  # lines of code that stand on a laptop's screen beside their output
MAY_FOLLOW = 2  # steps after the prose that speaks of them both, such as two charts of the same thing
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
# A comprehension may name columns or take words from a handful of results; each is a loop all the same.
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ABSOLUTE = re.compile(r"""["'(\s](?:/(?:home|Users|root|mnt|tmp|work|data|var|srv|opt)\b|~/|[A-Za-z]:[\\/])""")


def faults(notebook: nbformat.NotebookNode) -> list[str]:
    """What a notebook does against the rules."""
    cells = notebook.cells
    found = [] if cells[0].cell_type == "markdown" else ["cell 1: the notebook does not begin with prose"]
    for number, cell in enumerate(cells, start=1):
        found += [
            f"cell {number}: an absolute path, {path.group().strip()}" for path in _ABSOLUTE.finditer(cell.source)
        ]
        if cell.cell_type == "code":
            found += [f"cell {number}: {fault}" for fault in _code_faults(cell)]
    return found + _unexplained(cells)


def _code_faults(cell: nbformat.NotebookNode) -> list[str]:
    lines = cell.source.count("\n") + 1
    if is_text(cell):
        return [f"{lines} lines of text"] if lines > TWO_SCREENS else []
    tree = ast.parse(cell.source)
    found = [f"{lines} lines"] if lines > A_SCREEN else []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [f"imports {alias.name}" for alias in node.names if alias.name.split(".")[0] not in MAY_IMPORT]
        elif isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] not in MAY_IMPORT:
            found.append(f"imports {node.module}")
        elif isinstance(node, _DEFINITIONS):
            found.append("defines a function or a class")
        elif isinstance(node, (*_LOOPS, *_COMPREHENSIONS)):
            found.append("loops")
    if "parameters" in cell.metadata.get("tags", []):
        found += _parameter_faults(cell.source)
    return found


def _parameter_faults(source: str) -> list[str]:
    declared = read_parameters(source, "the notebook")
    typed = {
        node.target.id
        for node in ast.parse(source).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    found = [f"parameter {name} has no type" for name in declared if name not in typed]
    return found + [f"parameter {name} has no comment" for name, parameter in declared.items() if not parameter.help]


def _unexplained(cells: list[nbformat.NotebookNode]) -> list[str]:
    """Code that follows no prose; imports need none, and a cell of text is prose itself."""
    found = []
    steps_since_prose = 0
    for number, cell in enumerate(cells, start=1):
        if cell.cell_type == "markdown" or is_text(cell):
            steps_since_prose = 0
        elif not _only_imports(cell):
            steps_since_prose += 1
            if steps_since_prose > MAY_FOLLOW:
                found.append(f"cell {number}: no prose before it")
    return found


def _only_imports(cell: nbformat.NotebookNode) -> bool:
    return all(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(cell.source).body)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


@pytest.mark.parametrize("path", OF_THE_REPORT, ids=lambda path: path.name)
def test_a_notebook_of_the_report_keeps_the_rules(path):
    assert faults(read(path)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_begins_with_a_run_of_its_parameters_and_shows_what_it_looks_at(path):
    source = next(cell.source for cell in read(path).cells if "an.run(" in cell.source)
    assert "an.run(period, raw, processed, results, role)\n" in source
    assert source.endswith("\nrun")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_has_one_cell_of_parameters(path):
    tagged = [cell for cell in read(path).cells if "parameters" in cell.metadata.get("tags", [])]
    assert [bool(read_parameters(cell.source, path.name)) for cell in tagged] == [True]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import pandas as pd", "cell 2: imports pandas"),
        ("from os import path", "cell 2: imports os"),
        ("def twice(x):\n    return 2 * x", "cell 2: defines a function or a class"),
        ("double = lambda x: 2 * x", "cell 2: defines a function or a class"),
        ("for row in rows:\n    row", "cell 2: loops"),
        ("[row for row in rows]", "cell 2: loops"),
        ("\n".join(["1"] * 26), "cell 2: 26 lines"),
        ('open("/home/somebody/extract.csv")', 'cell 2: an absolute path, "/home'),
        (r'open("C:\\extracts")', 'cell 2: an absolute path, "C:\\'),
    ],
)
def test_a_notebook_that_breaks_a_rule_is_found(source, fault):
    cells = [nbformat.v4.new_markdown_cell("# A title"), nbformat.v4.new_code_cell(source)]
    assert faults(nbformat.v4.new_notebook(cells=cells)) == [fault]


def test_code_without_prose_and_parameters_without_words_are_found():
    parameters = nbformat.v4.new_code_cell('area = "QE1"', metadata={"tags": ["parameters"]})
    steps = [nbformat.v4.new_code_cell(str(number)) for number in range(2)]
    assert faults(nbformat.v4.new_notebook(cells=[parameters, *steps])) == [
        "cell 1: the notebook does not begin with prose",
        "cell 1: parameter area has no type",
        "cell 1: parameter area has no comment",
        "cell 3: no prose before it",
    ]


def test_the_start_page_lists_the_notebooks_in_their_order():
    steps = [notebook.path.name for notebook in discover(FOLDER)]
    others = [path.name for path in NOTEBOOKS if path.name not in steps]
    listed = re.findall(r"^\| \[([\w-]+\.ipynb)\]\(\1\) \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == steps + others


def test_the_start_page_documents_every_parameter_as_it_is_declared():
    declared = {}
    for path in NOTEBOOKS:
        for cell in read(path).cells:
            if "parameters" in cell.metadata.get("tags", []):
                declared |= read_parameters(cell.source, path.name)
    rows = re.findall(
        r"^\| `(\w+)` \| `(\w+)` \| `(.*?)` \| (.*?) \|$", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert rows == [
        (name, parameter.type.__name__, f'"{parameter.default}"', parameter.help)
        for name, parameter in declared.items()
    ]


def test_the_rules_are_told_where_they_are_read():
    told = README.read_text(encoding="utf-8")
    assert f"No cell is longer than {A_SCREEN} lines, and none of text than {TWO_SCREENS}." in told
    assert {name for name in MAY_IMPORT if f"`{name}`" not in told} == set()


def test_the_start_page_lists_the_names_and_filters_of_a_text():
    told = README.read_text(encoding="utf-8").partition("## The names of a text")[2].partition("## Rules")[0]
    words = set(re.findall(r"\w+", told))
    assert {name for name in (*NAMES, *FILTERS) if name not in words} == set()


def test_links_of_the_start_page_lead_somewhere():
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (FOLDER / link).exists()] == []
