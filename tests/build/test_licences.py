"""Every package of the environment has a licence that is allowed; the audit says what it cannot find out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.pipeline.packages import Package, installed_packages

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import audit  # noqa: E402 - from tools/


@pytest.fixture(scope="module")
def policy() -> audit.Policy:
    return audit.Policy.read()


def test_every_installed_package_has_a_licence_that_is_allowed(policy):
    assert audit.refused_licences(installed_packages(), policy) == {}


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("BSD License", True),
        ("GPL-3.0-only", False),
        ("", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND (GPL-2.0-only OR BSD-3-Clause)", True),
        ("GPL-2.0-only AND MIT OR GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT AND BSD-3-Clause", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("(MIT", False),
        ("MIT MIT", False),
        ("Some licence", False),
    ],
)
def test_an_expression_is_allowed_when_what_it_asks_for_is(policy, licence, allowed):
    assert policy.allows(licence) is allowed


def test_a_package_that_is_not_allowed_is_named_with_what_to_do(monkeypatch, capsys):
    packages = {"some": Package("some", "1", "GPL-3.0-only", True, ()), "none": Package("none", "1", "", False, ())}
    monkeypatch.setattr(audit, "installed_packages", lambda: packages)

    assert audit.audit_licences() == audit.FOUND
    said = capsys.readouterr()
    assert "The licence of some is not among those that are allowed: GPL-3.0-only." in said.err
    assert "The licence of none is not among those that are allowed: none named." in said.err
    assert "some 1: GPL-3.0-only" in said.out


@pytest.mark.parametrize(
    "entry", ['[packages]\na = { licence = "MIT" }', '[packages]\na = { licence = "Mine", reason = "b" }']
)
def test_an_exception_needs_a_reason_and_an_spdx_licence(tmp_path, entry):
    path = tmp_path / "licences.toml"
    path.write_text(f'allowed = ["MIT"]\nallowed_names = []\n{entry}\n')
    with pytest.raises(ValueError, match=r"needs a reason|no SPDX licence"):
        audit.Policy.read(path)


# ---- vulnerabilities ------------------------------------------------------------------------------------------------


def answer(monkeypatch, *answers: tuple[int, str, str]):
    """Let pip-audit answer so, and return the commands it is given."""
    commands, left = [], list(answers)

    def run(command, **_):
        commands.append(command)
        code, out, err = left.pop(0)
        return SimpleNamespace(returncode=code, stdout=out, stderr=err)

    monkeypatch.setattr(audit, "subprocess", SimpleNamespace(run=run))
    return commands


def test_where_no_data_can_be_reached_that_is_said_and_is_no_all_clear(monkeypatch, capsys):
    refused = (1, "", "Traceback\nConnectionError: no route\n")
    commands = answer(monkeypatch, refused, refused)

    assert audit.audit_vulnerabilities() == audit.NOT_REACHED
    said = capsys.readouterr().err
    assert "PyPI: ConnectionError: no route; OSV: ConnectionError: no route" in said
    assert "no all-clear" in said
    assert [command[command.index("--vulnerability-service") + 1] for command in commands] == ["pypi", "osv"]


def test_a_known_vulnerability_is_told_with_the_release_that_puts_it_right(monkeypatch, capsys):
    known = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["1.1"]}
    found = {
        "dependencies": [{"name": "a", "version": "1.0", "vulns": [known]}, {"name": "b", "version": "2", "vulns": []}]
    }
    answer(monkeypatch, (1, json.dumps(found), ""))

    assert audit.audit_vulnerabilities() == audit.FOUND
    said = capsys.readouterr()
    assert "a 1.0: PYSEC-1 CVE-1; put right in 1.1." in said.err
    assert "2 packages looked up at PyPI, 1 known" in said.out


def test_packages_of_which_nothing_could_be_found_out_are_named(monkeypatch, capsys):
    """A mirror of the index may know all releases, some, or none of what is known of them."""
    skipped = {"name": "a", "skip_reason": "not found"}
    some = json.dumps({"dependencies": [skipped, {"name": "b", "version": "1", "vulns": []}]})
    answer(monkeypatch, (0, some, ""))

    assert audit.audit_vulnerabilities() == audit.NOT_REACHED
    assert "Nothing could be found out about a; this is no all-clear" in capsys.readouterr().err

    answer(monkeypatch, (0, json.dumps({"dependencies": [skipped]}), ""), (1, "", "no route"))
    assert audit.audit_vulnerabilities() == audit.NOT_REACHED
    assert "PyPI: not found; OSV: no route" in capsys.readouterr().err


def test_nothing_known_passes(monkeypatch, capsys):
    answer(monkeypatch, (0, json.dumps({"dependencies": [{"name": "a", "version": "1", "vulns": []}]}), ""))

    assert audit.audit_vulnerabilities() == 0
    assert "1 packages looked up at PyPI, 0 known" in capsys.readouterr().out


def test_pip_audit_knows_the_options_that_it_is_given():
    """By its own help, which needs no network."""
    message = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for option in (
        "--disable-pip",
        "--require-hashes",
        "--progress-spinner",
        "--timeout",
        "--vulnerability-service",
    ):
        assert option in message
