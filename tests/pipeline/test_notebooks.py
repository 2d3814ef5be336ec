"""Which notebooks are steps, and what their parameter cells declare."""

from __future__ import annotations

import pytest

from analysis.errors import NotebookError, UsageError
from analysis.pipeline.notebooks import declared_parameters, discover, read_parameters
from analysis.settings import Parameter


def test_only_numbered_notebooks_are_steps_and_they_run_by_number(tmp_path, write_notebook):
    for name in ("10_last", "2_second", "explore", "1_first", "notes_3"):
        write_notebook(tmp_path / f"{name}.ipynb", "1")

    assert [notebook.name for notebook in discover(tmp_path)] == ["1_first", "2_second", "10_last"]


def test_a_notebook_with_a_cell_tagged_report_is_a_section(tmp_path, write_notebook):
    write_notebook(tmp_path / "1_a.ipynb", "1", tags=("report",))
    write_notebook(tmp_path / "2_b.ipynb", "1")

    assert [notebook.is_section for notebook in discover(tmp_path)] == [True, False]


def test_a_folder_without_steps_is_wrong_use(tmp_path):
    with pytest.raises(UsageError, match="no notebook named like"):
        discover(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', "<<<<<<< HEAD"])
def test_a_file_that_is_no_notebook_is_named(tmp_path, text):
    (tmp_path / "1_bad.ipynb").write_text(text, encoding="utf-8")

    with pytest.raises(NotebookError, match=r"1_bad\.ipynb is not a readable notebook"):
        discover(tmp_path)


@pytest.mark.parametrize(
    ("source", "declared"),
    [
        ('period: str = ""  # census', Parameter("period", str, "", help="census")),
        ("top = 10", Parameter("top", int, 10)),
        ("share: float = 0.5", Parameter("share", float, 0.5)),
        ("draw = True", Parameter("draw", bool, True)),
        ('colour: str = "#12436D"  # of the line', Parameter("colour", str, "#12436D", help="of the line")),
        (
            'since: Literal["2020-03", "2021-03"] = "2020-03"',
            Parameter("since", str, "2020-03", ("2020-03", "2021-03")),
        ),
        ('long: str = (\n    "a"\n    "b"\n)  # joined', Parameter("long", str, "ab", help="joined")),
        ("low = -1", Parameter("low", int, -1)),
    ],
)
def test_a_parameter_is_read_with_its_type_default_choices_and_comment(source, declared):
    assert read_parameters(source, "a.ipynb") == {declared.name: declared}


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("today = date.today()", "is computed"),
        ("areas: list[str] = []", "has the type list"),
        ("period: str =", "is not Python"),
        ('top: int = "ten"', "whole number"),
        ('since: Literal["a", "b"] = "c"', "one of 'a', 'b'"),
    ],
)
def test_a_parameter_without_a_plain_default_of_its_type_is_refused(source, fault):
    with pytest.raises(UsageError) as caught:
        read_parameters(source, "a.ipynb")

    assert fault in str(caught.value)


def test_two_notebooks_may_share_a_parameter_but_not_disagree_on_it(tmp_path, write_notebook):
    write_notebook(tmp_path / "1_a.ipynb", parameters="top: int = 10")
    write_notebook(tmp_path / "2_b.ipynb", parameters="top: int = 10")
    assert set(declared_parameters(discover(tmp_path))) == {"top"}

    write_notebook(tmp_path / "3_c.ipynb", parameters="top: int = 5")
    with pytest.raises(UsageError, match=r"'top' of 3_c\.ipynb is declared differently"):
        declared_parameters(discover(tmp_path))


def test_a_step_without_its_parameters_tag_is_refused_before_anything_runs(tmp_path, write_notebook):
    """It would run on its defaults, on the synthetic sample for one, and overwrite the analyst's results."""
    write_notebook(tmp_path / "1_ingest.ipynb", "1 + 1", parameters="")

    with pytest.raises(UsageError, match=r"1_ingest\.ipynb has no code cell with the tag 'parameters'"):
        discover(tmp_path)
