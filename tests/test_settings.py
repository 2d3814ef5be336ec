"""Where the project lies, and what a parameter may be."""

from __future__ import annotations

import pytest

from analysis.errors import UsageError
from analysis.settings import Parameter, Parameters, check_parameters, project_root, resolve

ALLOWED = {
    "period": Parameter("period", str, ""),
    "top": Parameter("top", int, 10),
    "since": Parameter("since", str, "2021-03", ("2020-03", "2021-03")),
    "share": Parameter("share", float, 0.5),
    "draw": Parameter("draw", bool, True),
}


@pytest.fixture
def toy_root(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "link-worker-report"\n', encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    return tmp_path


def test_the_project_is_found_above_the_working_directory(toy_root):
    assert project_root() == toy_root


def test_elsewhere_the_project_is_the_one_the_package_is_installed_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert (project_root() / "src/analysis/settings.py").is_file()


def test_another_projects_pyproject_is_passed_over(toy_root):
    (toy_root / "notebooks/pyproject.toml").write_text('[project]\nname = "other"\n', encoding="utf-8")

    assert project_root() == toy_root


def test_a_broken_pyproject_on_the_way_is_passed_over(toy_root):
    (toy_root / "notebooks/pyproject.toml").write_text("= not toml", encoding="utf-8")

    assert project_root() == toy_root


def test_relative_paths_start_at_the_projects_root_wherever_the_notebook_runs(toy_root):
    assert resolve("data/raw") == toy_root / "data/raw"
    assert Parameters(processed="x").processed_folder == toy_root / "x"
    assert resolve(toy_root.parent) == toy_root.parent


@pytest.mark.parametrize(
    ("name", "given", "taken"),
    [
        ("top", "3", 3),
        ("top", 3, 3),
        ("share", "0.25", 0.25),
        ("share", 1, 1.0),
        ("draw", "no", False),
        ("draw", True, True),
        ("since", "2020-03", "2020-03"),
    ],
)
def test_text_from_the_command_line_becomes_the_declared_type(name, given, taken):
    value = check_parameters({name: given}, ALLOWED)[name]

    assert value == taken
    assert type(value) is ALLOWED[name].type


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("top", "three", "Give top a whole number"),
        ("top", "1.5", "Give top a whole number"),
        ("top", True, "Give top a whole number"),
        ("share", "many", "Give share a number"),
        ("draw", "perhaps", "Give draw true or false"),
        ("period", 2022, "Give period a text"),
        ("since", "2022-03", "one of '2020-03', '2021-03'"),
    ],
)
def test_a_value_of_the_wrong_type_or_not_allowed_is_refused_with_what_is_allowed(name, given, said):
    with pytest.raises(UsageError) as caught:
        check_parameters({name: given}, ALLOWED)

    assert said in caught.value.fix
    assert repr(given) in caught.value.what


@pytest.mark.parametrize(("misspelt", "right"), [("perido", "period"), ("TOP", "top"), ("sinse", "since")])
def test_a_misspelt_parameter_is_an_error_that_names_the_right_one(misspelt, right):
    with pytest.raises(UsageError) as caught:
        check_parameters({misspelt: "x"}, ALLOWED)

    assert caught.value.fix == f"Did you mean {right!r}?"
    assert "period, top, since, share, draw" in caught.value.why


def test_parameters_are_parsed_with_their_defaults():
    assert Parameters.parse({"period": "2022-09"}) == Parameters(period="2022-09", raw="data/raw")


@pytest.mark.parametrize("given", [{"period": "2022-13"}, {"period": "2019-12"}, {"perios": "2022-09"}, {"raw": 3}])
def test_parameters_that_no_run_could_use_are_refused(given):
    with pytest.raises(UsageError):
        Parameters.parse(given)
