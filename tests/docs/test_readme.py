"""What the README says of commands, codes, parameters and files is what the code does."""

from __future__ import annotations

import re
import signal

from tests.docs.documents import ROOT, code, section, table

from analysis import cli, errors
from analysis.pipeline.notebooks import declared_parameters, discover
from analysis.settings import Parameters

README = ROOT / "README.md"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def kinds(kind=errors.UserError):
    """Every kind of user error."""
    return [kind, *(deeper for narrower in kind.__subclasses__() for deeper in kinds(narrower))]


def test_the_exit_codes_are_those_of_the_code():
    """Success, each kind of user error, news for a scheduler, a bug, an interrupt: no more, no fewer."""
    listed = {int(row["code"]) for row in table(README, "code", "meaning")}
    assert listed == {0, cli.NEWER, cli.NOT_READY, cli.BUG, 128 + signal.SIGINT} | {
        kind.exit_code for kind in kinds() if kind is not errors.UserError
    }


def test_each_exit_code_says_what_its_errors_are_of():
    """The word of each kind of error stands in the meaning of its code."""
    meaning = {int(row["code"]): row["meaning"] for row in table(README, "code", "meaning")}
    words = {2: "wrong use", 3: "extract", 4: "validation", 5: "notebook", 6: "page"}
    assert {kind.exit_code: kind.kind for kind in errors.UserError.__subclasses__()} == words
    assert [code for code, word in words.items() if word not in meaning[code]] == []


def test_every_make_target_is_listed():
    """The targets of the Makefile, no more and no fewer."""
    targets = set(re.search(r"^\.PHONY: moved (.*)$", MAKEFILE, re.MULTILINE).group(1).split())
    listed = {code(row["command"])[0] for row in table(README, "command", "what it does", "variables")}
    assert listed == {f"make {target}" for target in targets}


def test_every_make_variable_is_listed_with_its_targets():
    """The Makefile's own help, which a test of the Makefile holds to what it reads, names the same."""
    names = r"^#= ([A-Z_]+)=(?:.*?, ([A-Z_]+)=)?"
    helped = {name for found in re.findall(names, MAKEFILE, re.MULTILINE) for name in found if name}
    listed = {
        name for row in table(README, "variable", "meaning") for name in re.findall(r"([A-Z_]+)=", row["variable"])
    }
    assert listed == helped
    used = {
        name: {
            code(row["command"])[0].removeprefix("make ")
            for row in table(README, "command", "what it does", "variables")
            if f"`{name}`" in row["variables"]
        }
        for name in listed - {"PYTHON"}
    }
    for name, targets in used.items():
        recipe = {target for target in targets if _reads(target, name)}
        assert targets, name
        assert recipe == targets, name


def _reads(target: str, name: str) -> bool:
    """Whether the recipe of a make target reads a variable, itself or through a shared definition."""
    recipe = re.search(rf"^{target}:.*?(?=^\S|\Z)", MAKEFILE, re.MULTILINE | re.DOTALL).group()
    for shared in ("FOR_PERIOD", "COMPILE"):
        if shared in recipe:
            recipe += re.search(rf"^{shared} :?= .*?(?<!\\)$", MAKEFILE, re.MULTILINE | re.DOTALL).group()
    return bool(re.search(rf"\b{name}_?\b", recipe))


def test_the_parameters_are_those_of_the_notebooks():
    """Names and defaults, as the notebooks' parameter cells declare them and the settings check them."""
    listed = {
        code(row["parameter"])[0]: "" if row["default"] == "empty" else code(row["default"])[0]
        for row in table(README, "parameter", "default", "what it is")
    }
    declared = {name: one.default for name, one in declared_parameters(discover(ROOT / "notebooks")).items()}
    assert listed == declared
    assert listed == {name: one.default for name, one in Parameters.declared().items()}


def test_every_numbered_notebook_is_listed():
    listed = [code(row["notebook"])[0] for row in table(README, "notebook", "what it does")]
    assert listed == [notebook.path.name for notebook in discover(ROOT / "notebooks")]


def test_the_files_of_a_report_are_those_listed(sample_report):
    """Each file that the README names is there, with no file left over."""
    listed = {name.rstrip("/") for row in table(README, "file", "what it is") for name in code(row["file"])}
    there = {path.name for path in sample_report.iterdir()}
    assert listed == there


def test_what_the_readme_says_of_python_is_what_the_project_requires():
    required = re.search(r'requires-python = "(.*?)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8")).group(1)
    assert required == ">=3.11,<3.14"
    assert "Python 3.11, 3.12 or 3.13" in section(README, "## The two commands")
