"""Every command that the documents tell a reader to type is run by a test or by CI, or says why it is not.

A command is a line of a fenced ``sh`` block. Its evidence is a pattern that the file beside it must contain.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

# Pattern of a command: where it is run, and the text that shows it. The first pattern that fits counts.
RUN = {
    r"make test": (".ci/run", r"^make test$"),
    r"make check": (".ci/run", r"^make check$"),
    r"bash \.ci/run": (".ci/run", r"^make test$"),
    r"make(?: help)?": ("tests/build/test_makefile.py", r'make\("help"\)'),
    r"make report\b.*": ("tests/build/test_makefile.py", r'\["report"'),
    r"make profiles\b.*": ("tests/docs/test_how_tos.py", r'walk\("make-a-page-for-each-area\.md"'),
    r"dask (?:scheduler|worker)\b.*": ("tests/profiles/test_on_a_cluster.py", r'"scheduler"'),
    r"make plan\b.*": ("tests/build/test_makefile.py", r'\["plan"'),
    r"make doctor\b.*": ("tests/build/test_makefile.py", r'\["doctor"'),
    r"make fetch\b.*": ("tests/docs/test_how_tos.py", r'walk\("get-the-extracts\.md"'),
    r"make register\b.*": ("tests/docs/test_how_tos.py", r'walk\("update-the-published-totals\.md"'),
    r"make lab\b.*": ("tests/build/test_makefile.py", r'\["lab", "FAILED=1"\]'),
    r"make sample\b.*": ("tests/build/test_makefile.py", r'\["sample"\]'),
    r"make explain\b.*": ("tests/build/test_makefile.py", r'\["explain", "ID='),
    r"make compare\b.*": ("tests/build/test_makefile.py", r'\["compare", "OLD='),
    r"make docs": ("tests/docs/test_reference.py", r'"make docs"'),
    r"make clean": ("tests/build/test_makefile.py", r'make\("clean"\)'),
    r"git (?:diff|add|commit|status)\b.*": ("tests/build/test_git_setup.py", r'clone\.git\("diff"'),
    r"\.venv/bin/analysis new .*|cp downloads/.*|make -C my-report report .*": (
        "tests/docs/test_how_tos.py",
        r'walk\("keep-a-report-of-your-own\.md"\)',
    ),
    r"papermill .*": ("tests/notebooks/test_papermill.py", r'papermill\(desk, "4_report"'),
    r"cmp reports/.*": ("tests/docs/test_how_tos.py", r'walk\("make-an-old-report-again\.md"\)'),
    r"(?:\.venv/bin/)?analysis (fetch)\b.*": ("tests/fetch/test_fetch_command.py", r'"{0}"'),
    r"(?:\.venv/bin/)?analysis verify\b.*": ("tests/docs/test_how_tos.py", r'walk\("verify-a-report\.md"\)'),
    r"(?:\.venv/bin/)?analysis (report|plan|sample|explain|compare|lab|parameters)\b.*": (
        "tests/test_cli.py",
        r'"{0}"',
    ),
}
# Commands that no test runs, each with its reason.
NOT_RUN = {
    r"conda .*": "no conda channel is at hand where the tests run; tests/build/test_conda.py holds the list",
    r"python -m pip install --no-deps --no-build-isolation --editable \.": "after conda; make runs the same step",
    r"make bench\b.*": "takes an hour; tests/pipeline/test_steps.py counts the work instead",
    r"make audit": "asks for the data about vulnerabilities; tests/build/test_licences.py runs the rest of it",
    r"make lock\b.*": "asks the package index for the newest releases; test_locks.py checks what it wrote",
    r"\.venv/bin/pre-commit install": "changes the clone it is run in; its hooks are those of make check",
    r"git clone .*|cd .*": "how a reader gets here",
    r"python3? -m pip (?:download|install uv)\b.*": "asks the package index",
    r"PIP_NO_INDEX=1 .*": "the same installation as ever, from a folder",
}


def commands(document: Path) -> list[str]:
    """The commands in a document, without prompts, comments and continuations."""
    blocks = re.findall(r"^```sh\n(.*?)^```", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    bare = (re.sub(r"\s+", " ", re.sub(r"(?:^|\s)#.*", "", line)).removeprefix("$ ").strip() for line in lines)
    return [line for line in bare if line]


def unproven(command: str) -> str | None:
    """Why a command counts as untried, or None."""
    if any(re.fullmatch(pattern, command) for pattern in NOT_RUN):
        return None
    for pattern, (file, evidence) in RUN.items():
        found = re.fullmatch(pattern, command)
        if found:
            text = (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else ""
            wanted = evidence.format(*found.groups()) if found.groups() else evidence
            return None if re.search(wanted, text, re.MULTILINE) else f"{command}: {file} does not run it"
    return f"{command}: in no list of {Path(__file__).name}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_documented_command_is_tried_somewhere(document):
    assert [fault for fault in map(unproven, commands(document)) if fault] == []


def test_the_readme_begins_with_the_two_commands_that_matter():
    typed = commands(ROOT / "README.md")
    assert {"make report", "make test"} <= set(typed)


def test_a_command_that_nobody_runs_is_found():
    assert unproven("make coffee") == "make coffee: in no list of test_documented_commands.py"


def test_comments_prompts_and_continuations_are_not_part_of_a_command(tmp_path):
    document = tmp_path / "x.md"
    document.write_text("```sh\n# first\n$ make report \\\n   RAW=x  # the extracts\n```\n```\nnot this\n```\n")
    assert commands(document) == ["make report RAW=x"]
