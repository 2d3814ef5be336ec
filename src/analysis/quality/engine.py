"""Running suites with Great Expectations: suites in, plain findings out.

Nothing of Great Expectations passes this module: not its results, not its settings, not its exceptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.quality.gx import (
    DataContextConfig,
    ExpectColumnValuesToMatchRegex,
    FailureSeverity,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
    great_expectations,
)
from analysis.quality.rules import Rule, Suite

# Every row that breaks a demand is wanted, as positions; the query text that GX would write for them is not.
_RESULT_FORMAT = {"result_format": "COMPLETE", "return_unexpected_index_query": False}


@dataclass(frozen=True)
class Finding:
    """How one demand of a rule came out.

    ``assessed`` counts the values looked at, ``index`` holds the frame's index of those that break the demand, and
    ``error`` says why it could not be evaluated; empty when it could.
    """

    column: str
    assessed: int
    index: tuple[int, ...]
    error: str = ""


@dataclass(frozen=True)
class Examined:
    """A suite with its frame, and the findings by rule id, one for each demand, in their order."""

    suite: Suite
    frame: pd.DataFrame
    findings: Mapping[str, list[Finding]]


def examine(suites: Sequence[Suite]) -> Iterator[Examined]:
    """Evaluate the suites, those that are held back excepted, one after the other.

    A frame is made when its suite comes, and is not kept: with those of all, five million rows would need several
    times their memory. An expectation that cannot be evaluated gives a finding with an error, never a pass.
    """
    whole_frame = _whole_frame()
    for suite in suites:
        frame = pd.DataFrame() if suite.skipped else suite.make()
        if suite.skipped:
            findings: dict[str, list[Finding]] = {}
        elif frame.empty:  # GX would say the same in a tenth of a second
            findings = {rule.id: [Finding(_column(demand), 0, ()) for demand in rule.demands] for rule in suite.rules}
        else:
            findings = _examine_suite(whole_frame.get_batch({"dataframe": _looked_at(frame, suite)}), suite)
        yield Examined(suite, frame, findings)


def _looked_at(frame: pd.DataFrame, suite: Suite) -> pd.DataFrame:
    """The columns of a frame that a suite looks at: GX hashes each value of all others, twice.

    Those that are held against a pattern are no categories: GX would make an object of each value.
    """
    demands = [demand for rule in suite.rules for demand in rule.demands]
    named = {getattr(demand, part, None) for demand in demands for part in ("column", "column_A", "column_B")}
    patterns = {demand.column for demand in demands if isinstance(demand, ExpectColumnValuesToMatchRegex)}
    return pd.DataFrame(
        {name: _as_text(frame[name]) if name in patterns else frame[name] for name in frame.columns if name in named},
        index=frame.index,
        copy=False,
    )


def _as_text(column: pd.Series) -> pd.Series:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column
    texts = column.cat.categories.astype("str").array.take(column.cat.codes.to_numpy(), allow_fill=True)
    return pd.Series(texts, index=column.index)


def _whole_frame() -> Any:
    """A batch definition that takes a whole frame, in a context that lives in memory and reports to nobody.

    One serves every suite: GX writes its whole configuration as YAML for each data asset that is added.
    """
    context = great_expectations.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _examine_suite(batch: Any, suite: Suite) -> dict[str, list[Finding]]:
    numbered = [(rule, number, demand) for rule in suite.rules for number, demand in enumerate(rule.demands)]
    for rule, number, demand in numbered:
        demand.severity = FailureSeverity(str(rule.severity))
        demand.meta = {"rule": rule.id, "number": number}
    result = batch.validate(
        great_expectations.ExpectationSuite(suite.name, expectations=[demand for _, _, demand in numbered]),
        result_format=_RESULT_FORMAT,
    )
    # GX lists what it could not evaluate first, so results are found by what their meta says.
    by_meta = {
        (meta["rule"], meta["number"]): one for one in result.results if (meta := one.expectation_config.meta or {})
    }
    findings: dict[str, list[Finding]] = {rule.id: [] for rule in suite.rules}
    for rule, number, demand in numbered:
        findings[rule.id].append(_finding(rule, demand, by_meta.get((rule.id, number))))
    return findings


def _finding(rule: Rule, demand: Any, result: Any) -> Finding:
    column = _column(demand)
    if result is None:
        return Finding(column, 0, (), f"Great Expectations gave no result for {rule.id}")
    found: Mapping[str, Any] = result.result or {}
    index = found.get("unexpected_index_list")
    error = _exception_text(result.exception_info)
    if error or "element_count" not in found or index is None:
        return Finding(column, 0, (), error or "Great Expectations gave an empty result")
    if bool(index) == bool(result.success):
        return Finding(column, 0, (), "Great Expectations named rows that do not agree with its verdict")
    # Null checks have no missing_count: a missing value is what they look at.
    return Finding(column, found["element_count"] - (found.get("missing_count") or 0), tuple(index))


def _column(demand: Any) -> str:
    return str(getattr(demand, "column", None) or getattr(demand, "column_B", ""))


def _exception_text(info: Any) -> str:
    """The message of an exception inside GX: flat, or one for each metric that failed."""
    if not isinstance(info, Mapping):
        return ""
    if "raised_exception" in info:
        return str(info.get("exception_message") or "unnamed exception") if info["raised_exception"] else ""
    return "; ".join(dict.fromkeys(text for metric in info.values() if (text := _exception_text(metric))))
