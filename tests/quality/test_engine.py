"""Great Expectations as a library: what it cannot evaluate is no pass, and it stays where it belongs."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis.quality import Outcome, Severity
from analysis.quality.judgement import judge
from analysis.quality.rules import Rule, Suite
from analysis.registers.anomalies import Anomalies
from analysis.registers.files import RegisterFile

PACKAGE = Path(analysis.__file__).parent
NO_ANOMALIES = Anomalies((), RegisterFile(Path("anomalies.toml")))


def _rule(*demands: object, severity: Severity = Severity.INFO) -> Rule:
    return Rule("a-rule", "a subject", severity, "An expectation.", "A reason.", "rows", demands)


def _suite(*demands: object, value: object = 1.0) -> Suite:
    frame = pd.DataFrame({"value": [value], "census": "2022-09", "sha256": "sha", "file_row": 7})
    return Suite("a suite", lambda: frame, [_rule(*demands)])


def _judged(suite: Suite):
    from analysis.quality.engine import examine

    [rule] = suite.rules
    [one] = examine([suite])
    return judge(one.frame, rule, one.findings["a-rule"], NO_ANOMALIES, {"sha": "x.csv"})[0]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [("elsewhere", 1.0, "elsewhere"), ("value", "text", "must either be None or of the same type")],
    ids=["the column is missing", "text is compared with a number"],
)
def test_an_expectation_that_errors_is_a_critical_failure(column: str, value: object, message: str) -> None:
    """Even of an informative rule: nothing is known, and the exception is told."""
    from analysis.quality.gx import ExpectColumnValuesToBeBetween

    check = _judged(_suite(ExpectColumnValuesToBeBetween(column=column, min_value=0), value=value))
    assert (check.outcome, check.severity) == (Outcome.FAILED, Severity.CRITICAL)
    assert "could not be evaluated" in check.found
    assert message in check.found
    assert check.stops


def test_one_error_among_several_demands_fails_the_rule() -> None:
    """A demand that holds does not cover for one that could not be evaluated."""
    from analysis.quality.gx import ExpectColumnValuesToBeBetween, ExpectColumnValuesToNotBeNull

    check = _judged(
        _suite(ExpectColumnValuesToNotBeNull(column="value"), ExpectColumnValuesToBeBetween(column="no", min_value=0))
    )
    assert check.stops


def test_nothing_to_look_at_is_not_a_pass() -> None:
    """A rule over no values is not assessed, and says why."""
    from analysis.quality.gx import ExpectColumnValuesToBeBetween

    suite = _suite(ExpectColumnValuesToBeBetween(column="value", min_value=0))
    empty = replace(
        suite, make=lambda: suite.make().iloc[:0], rules=[replace(suite.rules[0], unassessed="There is no row.")]
    )
    check = _judged(empty)
    assert (check.outcome, check.found) == (Outcome.NOT_ASSESSED, "There is no row.")


def test_only_the_quality_package_imports_great_expectations() -> None:
    """Its classes and settings are known to one module, and to a type annotation."""
    importers = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "great_expectations" for name in names):
                importers.add(path.relative_to(PACKAGE).as_posix())
    assert importers == {"quality/gx.py", "quality/rules.py"}


def _python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )


def test_importing_the_package_does_not_import_great_expectations() -> None:
    """Only a run that validates pays for that import."""
    code = (
        "import sys, analysis, analysis.extracts, analysis.quality, analysis.registers.anomalies;"
        "print([name for name in sys.modules if name.startswith('great_expectations')])"
    )
    assert _python(code).stdout.strip() == "[]"


def test_warnings_are_still_seen_after_great_expectations_is_imported() -> None:
    """Its import would divert them into a log that nobody reads."""
    assert "seen" in _python("import analysis.quality.gx, warnings; warnings.warn('seen')").stderr


def test_the_frame_of_a_suite_is_made_in_its_turn_and_once():
    from analysis.quality.engine import examine

    made: list[int] = []

    def suite(number: int) -> Suite:
        def make() -> pd.DataFrame:
            made.append(number)
            return _suite().make()

        return Suite(str(number), make, [], "Not assessed." if number == 2 else "")

    seen = [(one.suite.name, list(made)) for one in examine([suite(number) for number in (1, 2, 3)])]

    assert seen == [("1", [1]), ("2", [1]), ("3", [1, 3])]


def test_great_expectations_is_given_the_columns_that_a_suite_looks_at(monkeypatch):
    """It hashes each value that it is given, twice; and of each category under a pattern it makes an object."""
    from analysis.quality import engine
    from analysis.quality.gx import ExpectColumnPairValuesToBeEqual, ExpectColumnValuesToMatchRegex

    given: list[pd.DataFrame] = []
    looked_at = engine._looked_at
    monkeypatch.setattr(engine, "_looked_at", lambda *of: given.append(looked_at(*of)) or given[-1])
    frame = pd.DataFrame({"code": ["A1", None, "2"], "one": [1, 2, 3], "other": [1, 2, 4], "name": "x", "file_row": 7})
    frame = frame.astype({"code": "category", "name": "category"})
    demands = (
        ExpectColumnValuesToMatchRegex(column="code", regex="^[A-Z]"),
        ExpectColumnPairValuesToBeEqual(column_A="one", column_B="other"),
    )

    [one] = engine.examine([Suite("a suite", lambda: frame, [_rule(*demands)])])

    assert [*given[0].columns] == ["code", "one", "other"]
    assert given[0]["code"].dtype == "str"
    assert one.frame is frame
    assert [(finding.assessed, finding.index) for finding in one.findings["a-rule"]] == [(2, (2,)), (3, (2,))]


USES_A_DISTRIBUTION = """
import sys
import analysis.quality.gx
assert "scipy.stats" not in sys.modules
from great_expectations.expectations.core import expect_column_kl_divergence_to_be_less_than as divergence
assert divergence.stats.entropy([0.5, 0.5]) > 0.69
import scipy.stats
assert divergence.stats.entropy is scipy.stats.entropy
"""


def test_what_great_expectations_imports_when_it_is_used_is_there():
    """An analyst may have an expectation of a distribution, for which it needs ``scipy.stats``."""
    subprocess.run([sys.executable, "-c", USES_A_DISTRIBUTION], check=True)
