"""The printed formula of a figure gives its value: worked out anew, from other facts or from the rows of the extracts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from facts.real_facts import PERIOD, analysed

from analysis.facts.fact import Fact, Facts
from analysis.facts.formula import NoArithmeticError, evaluate
from analysis.facts.lookup import FactLookup, id_of

if TYPE_CHECKING:
    import pandas as pd

_OF_ROWS = re.compile(
    r"(?P<what>sum of fte|number of distinct (?P<column>\w+))(?: where data_source = (?P<source>[\w ]+))?"
    r"; (?:role in \((?P<roles>[\w, ]+)\), )?census = (?P<census>[\d-]+), area = (?P<area>\w+)"
)
_LEVELS = {"england": None, "region": "region_code", "icb": "icb_code", "sub_icb": "sub_icb_code", "pcn": "pcn_code"}
# Formulas told in words: each says more than arithmetic over facts, and a test of its measure works it out.
_IN_WORDS = re.compile(
    r"over PCNs that|over these PCNs|where sum of fte is|of it that of PCNs on the list|among|the highest up to|months from|days from"
    r"|earlier changes|^as published|quantile|sum over PCNs|of the five largest|by person_id|by the sign|fifth|imd_score"
    r"|IMD_SCORE|NUMBER_OF_PATIENTS|ORG_CODE|sum of fte of|sum of fte /|middle value|^number of PCNs|^a count$|^constant$"
    r"|straight line|not covered|and not under nothing|months from|smallest of|largest of|distinct pcn_code in the extracts"
    r"|the latest pcns_active|^no published number|^register of targets$"
)


def told_facts(facts: Facts) -> Iterator[Fact]:
    """England's facts and those of targets and checks, and those of an ICB, a sub-ICB location and a PCN."""
    lookup = facts.lookup
    assert isinstance(lookup, FactLookup)
    yield from list(facts.made.values())
    for area in ("ENG", "QHM", "01H", "U00070"):
        for fact_id in (id_of(measure, key) for measure, key, _ in lookup.of_area(area)):
            yield facts[fact_id]


def test_every_formula_of_arithmetic_gives_the_value_beside_it(real_data: Path) -> None:
    """2,129 of them were found to be exact once, and nothing guarded that."""
    facts = analysed(real_data)[1].facts
    wrong, not_worked_out, checked = {}, {}, 0

    def value_of(fact_id: str) -> float:
        value = facts[fact_id].value
        return math.nan if value is None else value  # which no value is equal to

    for fact in told_facts(facts):
        formula = fact.origin.expression.removesuffix(" months")
        if fact.value is None:
            assert ".None" not in formula, fact.id
            continue
        try:
            value = evaluate(formula, value_of)
        except NoArithmeticError:
            if not _IN_WORDS.search(formula) and not _OF_ROWS.fullmatch(formula):
                not_worked_out[fact.id] = formula
            continue
        checked += 1
        if not math.isclose(value, fact.value, rel_tol=1e-9, abs_tol=1e-6):
            wrong[fact.id] = (formula, value, fact.value)

    assert wrong == {}
    assert not_worked_out == {}, "a formula of a kind that nothing works out"
    assert checked > 7_000


def test_every_formula_over_rows_gives_the_value_beside_it(real_data: Path) -> None:
    """Summed from the rows of the extracts themselves, which the facts are not made from."""
    run, report = analysed(real_data)
    rows = run.extracts.workforce
    of_census = {str(census): part for census, part in rows.groupby(rows["census"].astype("str"))}
    wrong, checked = {}, 0
    for fact in told_facts(report.facts):
        match = _OF_ROWS.fullmatch(fact.origin.expression)
        if match is None or fact.value is None or (match["roles"] or "").count(",") > 3:
            continue
        level = report.facts.lookup.fields(fact.id)["level"]
        here = _rows_of(of_census[match["census"]], match, _LEVELS[level])
        value = here["fte"].sum() if match["what"] == "sum of fte" else here[match["column"]].dropna().nunique()
        checked += 1
        if value != pytest.approx(fact.value, rel=1e-9, abs=1e-9):
            wrong[fact.id] = (fact.origin.expression, value, fact.value)
    assert wrong == {}
    assert checked > 1_500


def _rows_of(rows: pd.DataFrame, match: re.Match[str], column: str | None) -> pd.DataFrame:
    if column is not None:
        rows = rows[rows[column] == match["area"]]
    if match["roles"]:
        rows = rows[rows["role"].isin(match["roles"].split(", "))]
    return rows[rows["data_source"] == match["source"]] if match["source"] else rows


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("a.b", 6.0),
        ("100 × (a.b / c.d − 1)", 100.0),
        ("−a.b", -6.0),
        ("|c.d − a.b|", 3.0),
        ("10,000 × c.d / a.b", 5_000.0),
        ("a.b − c.d − 1", 2.0),
        ("1.5 × (a.b + c.d)", 13.5),
    ],
)
def test_arithmetic_is_worked_out_as_it_is_read(formula: str, value: float) -> None:
    assert evaluate(formula, {"a.b": 6.0, "c.d": 3.0}.__getitem__) == value


@pytest.mark.parametrize("formula", ["sum of fte", "a.b, over PCNs", "a.b −", "(a.b", "a.b c.d", "|a.b"])
def test_words_are_no_arithmetic(formula: str) -> None:
    with pytest.raises(NoArithmeticError):
        evaluate(formula, lambda _: 1.0)


def test_the_census_of_the_tests_is_the_one_that_is_analysed(real_data: Path) -> None:
    assert analysed(real_data)[1].period == PERIOD
