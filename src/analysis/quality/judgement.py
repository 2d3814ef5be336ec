"""From findings to checks: what was found, where, and whether it is a known anomaly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.quality.results import PLACES_KEPT, Check, Outcome, Place, Severity
from analysis.quality.rules import FileNames, Rule
from analysis.registers.anomalies import Anomalies

if TYPE_CHECKING:
    from analysis.quality.engine import Finding

# The extracts print FTE to nine decimals, the published totals are held to six.
_SAME_VALUE = 1e-6

_PLACE_COLUMNS = ["census", "file", "file_row", "column", "value", "shown"]


def judge(
    frame: pd.DataFrame, rule: Rule, findings: Sequence[Finding], anomalies: Anomalies, names: FileNames
) -> tuple[Check, pd.DataFrame]:
    """The check that a rule about ``frame`` becomes, and the offending rows.

    Their ``entry`` is the position in the register of the anomaly that explains each, or missing.
    """
    errors = [finding.error.rstrip(".") for finding in findings if finding.error]
    if errors:
        found = f"The expectation could not be evaluated, so nothing is known: {'; '.join(dict.fromkeys(errors))}."
        return _check(rule, Outcome.FAILED, found, severity=Severity.CRITICAL), _no_offenders()
    assessed = sum(finding.assessed for finding in findings)
    if assessed == 0:
        return _check(rule, Outcome.NOT_ASSESSED, rule.unassessed), _no_offenders()
    if not any(finding.index for finding in findings):
        found = f"All as expected ({rule.items} looked at: {assessed:,})."
        return _check(rule, Outcome.PASSED, _sentences(found, rule.remark)), _no_offenders()
    offenders = _explained(_offenders(frame, rule, findings, names), rule, anomalies)
    known = offenders["entry"].notna()
    reasons = [anomalies.entries[int(number)].summary for number in dict.fromkeys(offenders.loc[known, "entry"])]
    explanation = " ".join(dict.fromkeys(reasons))
    listed = offenders if known.all() else offenders[~known]
    values = _values(offenders, rule.values_told)
    found = f"Not as expected: {len(offenders):,} of {assessed:,} {rule.items}, with {values}."
    if known.all():
        outcome, verdict = Outcome.EXPLAINED, "The register of known anomalies explains them all."
    else:
        outcome = Outcome.FAILED
        verdict = (
            f"The register of known anomalies explains {int(known.sum()):,} of them, and {len(listed):,} not."
            if known.any()
            else ""
        )
    check = _check(
        rule,
        outcome,
        _sentences(found, verdict, rule.remark),
        listed=listed,
        explanation=explanation if known.any() else "",
        decided=rule.decided and bool(known.all()),
    )
    return check, offenders


def skipped_check(rule: Rule, reason: str) -> Check:
    """The check of a rule that was not applied."""
    return _check(rule, Outcome.NOT_ASSESSED, reason)


def _check(
    rule: Rule,
    outcome: Outcome,
    found: str,
    *,
    severity: Severity | None = None,
    listed: pd.DataFrame | None = None,
    explanation: str = "",
    decided: bool = False,
) -> Check:
    places: tuple[Place, ...] = ()
    if listed is not None:
        # A place of each value before a second one of any: a cap must not hide a whole kind of fault.
        nth = listed.groupby(listed["shown"].astype(str)).cumcount()
        kept = listed.loc[nth.sort_values(kind="stable").index[:PLACES_KEPT]]
        ordered = kept.sort_values(["census", "file", "file_row"], kind="stable")
        places = tuple(
            Place(census, file, None if pd.isna(row) else int(row), column, None if pd.isna(shown) else shown)
            for census, file, row, column, _, shown in ordered[_PLACE_COLUMNS].itertuples(index=False)
        )
    return Check(
        id=rule.id,
        subject=rule.subject,
        severity=severity or rule.severity,
        expectation=rule.expectation,
        why=rule.why,
        outcome=outcome,
        found=found,
        unexpected=places,
        unexpected_count=0 if listed is None else len(listed),
        explanation=explanation,
        decided=decided,
    )


def _no_offenders() -> pd.DataFrame:
    return pd.DataFrame({"entry": pd.Series(dtype="Int64")})


def _offenders(frame: pd.DataFrame, rule: Rule, findings: Sequence[Finding], names: FileNames) -> pd.DataFrame:
    """The rows that break the rule, one for each demand they break, with what is needed to print and explain them."""
    parts = []
    for finding in findings:
        rows = frame.loc[list(finding.index)].copy()
        column = rule.shows or finding.column
        rows["value"] = rows[column].astype(object)
        rows["column"] = rows.get("place_column", column)
        rows["shown"] = [_plain(value) for value in rows.get("place_value", rows["value"])]
        rows["census"] = rows["census"].astype(object).where(rows["census"].notna(), "").astype(str)
        rows["file"] = [names.get(str(sha256), "") for sha256 in rows["sha256"]]
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def _explained(offenders: pd.DataFrame, rule: Rule, anomalies: Anomalies) -> pd.DataFrame:
    """``offenders`` with ``entry``. An entry explains at most its ``rows`` at each census, the first in the file."""
    offenders = offenders.sort_values(["census", "file", "file_row"], kind="stable", ignore_index=True)
    entry_number = pd.Series(pd.NA, index=offenders.index, dtype="Int64")
    for number, entry in enumerate(anomalies.entries):
        if entry.check != rule.id:
            continue
        found = zip(offenders["value"], offenders["shown"], strict=True)
        same = [_same(value, entry.value) or shown == entry.value for value, shown in found]
        matches = pd.Series(same, offenders.index, dtype=bool)
        for column, wanted in entry.selectors.items():
            matches &= (offenders[column].astype(str) == wanted) if column in offenders else False
        for census in entry.censuses:
            free = matches & (offenders["census"] == census) & entry_number.isna()
            entry_number[offenders.index[free][: entry.rows]] = number
    return offenders.assign(entry=entry_number)


def _same(found: object, known: float | str) -> bool:
    if isinstance(known, str):
        return str(found) == known
    return isinstance(found, (int, float)) and bool(np.isclose(found, known, rtol=0, atol=_SAME_VALUE))


def _plain(value: object) -> float | str | None:
    """A value as JSON can hold it: infinite and missing numbers have no place there."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else str(value)
    return int(value) if isinstance(value, (int, np.integer)) else str(value)


def _values(offenders: pd.DataFrame, most: int) -> str:
    """The commonest unexpected values with their number, for a sentence."""
    counts = Counter("no value" if shown is None else str(shown) for shown in offenders["shown"])
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{value} ({number:,})" if number > 1 else value for value, number in ordered[:most]]
    more = len(ordered) - len(named)
    return "; ".join(named) + (f"; and {more:,} other values" if more else "")


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)
