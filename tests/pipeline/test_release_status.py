"""Draft or final, and the version of the code that decides it."""

from __future__ import annotations

import os
import subprocess

import pytest

from analysis.pipeline.provenance import CodeVersion, code_version, environment
from analysis.pipeline.publication import checks_in_a_sentence
from analysis.pipeline.release_status import release_status

CLEAN = CodeVersion("1.0", "abc123", ())


def git(folder, *arguments):
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
        check=True,
        capture_output=True,
    )


def version_of(folder, reports=None):
    """The version, as if the package of the project in ``folder`` ran."""
    return code_version(folder, reports, package_root=folder.resolve())


@pytest.fixture
def clone(tmp_path):
    folder = tmp_path / "clone"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("x = 1\n", encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


def test_real_extracts_a_passed_gate_and_committed_code_make_a_final_report():
    assert release_status(synthetic=False, gate_passed=True, code=CLEAN).kind == "final"


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (
            ["passed", "failed", "failed", "explained"],
            "Of 4 checks made of the data up to June 2026, 2 failed, none of",
        ),
        (["passed", "not assessed"], "Of 1 check made of the data up to June 2026, none failed."),
        (["not assessed"], "No check could be made of the data up to June 2026."),
    ],
)
def test_a_final_report_says_what_was_checked_up_to_when_and_what_failed(outcomes, said):
    """That no critical check failed stood over five others that had."""
    validation = {"checks": [{"outcome": outcome} for outcome in outcomes]}
    checked = checks_in_a_sentence(validation, "2026-06")
    reasons = release_status(synthetic=False, gate_passed=True, code=CLEAN, checked=checked).reasons
    assert reasons[0].startswith(said)
    assert not any("no critical check failed" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"synthetic": True}, "synthetic"),
        ({"gate_passed": False}, "Validation"),
        ({"code": CodeVersion("1.0", "abc123", ("a.py",))}, "not committed"),
        ({"code": CodeVersion("1.0", "", None)}, "not made from a clone"),
        ({"code": CodeVersion("1.0", "", None, "The package lies elsewhere.")}, "lies elsewhere"),
        ({"page_findings": ("the number '7' stands alone",)}, "the number '7'"),
    ],
)
def test_each_want_of_it_makes_a_draft_and_is_named(change, reason):
    stands = release_status(**{"synthetic": False, "gate_passed": True, "code": CLEAN, **change})

    assert stands.kind == "draft"
    assert len(stands.reasons) == 1
    assert reason in stands.reasons[0]


def test_no_reason_holds_a_digit_because_numbers_in_prose_are_facts():
    """A finding of the page's checks may quote one: it is marked where it is shown (test_publication)."""
    bad = release_status(synthetic=True, gate_passed=False, code=CodeVersion("1.0", "", None))
    good = release_status(synthetic=False, gate_passed=True, code=CLEAN)

    assert not any(letter.isdigit() for letter in " ".join(bad.reasons + good.reasons))


def test_a_clean_clone_has_a_commit_and_no_changes(clone):
    version = version_of(clone)

    assert len(version.commit) == 40
    assert version.changed == ()


def test_an_edited_or_a_new_file_is_a_change(clone):
    (clone / "pyproject.toml").write_text("x = 2\n", encoding="utf-8")
    (clone / "new file.py").write_text("", encoding="utf-8")

    assert set(version_of(clone).changed) == {"pyproject.toml", "new file.py"}


def test_a_copy_inside_somebody_elses_clone_is_no_clone(clone):
    copy = clone / "copy"
    copy.mkdir()
    (copy / "pyproject.toml").write_text("x = 1\n", encoding="utf-8")

    assert version_of(copy).changed is None


def test_a_folder_without_git_is_no_clone(tmp_path):
    assert version_of(tmp_path).commit == ""


def test_the_environment_names_the_version_of_each_given_package():
    packages = environment()["packages"]

    assert {"pandas", "altair", "papermill", "nbconvert", "great-expectations"} <= set(packages)
    assert all(packages.values())
    assert "pytest" not in packages


def test_reports_put_into_the_clone_are_no_change_but_edits_there_are(clone):
    (clone / "out/2022-09").mkdir(parents=True)
    (clone / "out/2022-09/index.html").write_text("a report")

    assert version_of(clone, clone / "out").changed == ()
    assert version_of(clone).changed == ("out/",)
    (clone / "pyproject.toml").write_text("x = 2\n")
    assert version_of(clone, clone).changed == ("pyproject.toml",)


def test_the_code_of_one_clone_on_the_notebooks_of_another_has_no_version(clone):
    """Else the commit of the notebooks' clone would stand for code that never ran, in a final report."""
    version = code_version(clone)

    assert version.commit == ""
    assert "outside this project" in version.reason
    assert release_status(synthetic=False, gate_passed=True, code=version).kind == "draft"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_clone_of_another_user_is_told_from_no_clone(clone, monkeypatch):
    for path in (clone, *clone.rglob("*")):
        os.chown(path, 12345, 12345)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    assert "safe.directory" in version_of(clone).reason
