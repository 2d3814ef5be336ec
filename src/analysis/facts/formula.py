"""Arithmetic over facts: ``100 × (fte.splw.ENG.2022-09 / fte.splw.ENG.2021-09 − 1)``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

# A name is an id of a fact, or a template of one; the minus of arithmetic is U+2212, that of a date a hyphen.
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d[\d,]*(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*(?:\.[\w{}-]+)+)|(?P<sign>[+−×/()|]))"
)
_BINARY = (("+", "−"), ("×", "/"))


class NoArithmeticError(ValueError):
    """A formula that is told in words, and not in ids and signs alone."""


def evaluate(formula: str, value_of: Callable[[str], Any]) -> Any:
    """Work ``formula`` out: ids, numbers, ``+ − × /``, brackets, and ``|…|`` for the size of a number.

    ``value_of`` gives the value of an id: a number, or a whole column, of which the result is then one, too.

    Raises
    ------
    NoArithmeticError
        When it says more than arithmetic does.
    """
    tokens = _tokens(formula)
    value, rest = _terms(tokens, 0, value_of)
    if rest != len(tokens):
        raise NoArithmeticError(formula)
    return value


def _tokens(formula: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = formula.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise NoArithmeticError(formula)
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _terms(tokens: list[tuple[str, str]], at: int, value_of: Callable[[str], Any], order: int = 0) -> tuple[Any, int]:
    """Terms joined by signs of this order (sums, then products), each made of those of the next."""
    if order == len(_BINARY):
        return _factor(tokens, at, value_of)
    value, at = _terms(tokens, at, value_of, order + 1)
    while at < len(tokens) and tokens[at][1] in _BINARY[order]:
        sign = tokens[at][1]
        right, at = _terms(tokens, at + 1, value_of, order + 1)
        value = _combine(sign, value, right)
    return value, at


def _combine(sign: str, left: Any, right: Any) -> Any:
    if sign == "+":
        return left + right
    if sign == "−":
        return left - right
    return left * right if sign == "×" else left / right


def _factor(tokens: list[tuple[str, str]], at: int, value_of: Callable[[str], Any]) -> tuple[Any, int]:
    if at >= len(tokens):
        raise NoArithmeticError("a formula that ends in a sign")
    kind, text = tokens[at]
    if kind == "number":
        return float(text.replace(",", "")), at + 1
    if kind == "name":
        return value_of(text), at + 1
    if text == "−":
        value, at = _factor(tokens, at + 1, value_of)
        return -value, at
    closing = {"(": ")", "|": "|"}.get(text)
    if closing is None:
        raise NoArithmeticError(text)
    value, at = _terms(tokens, at + 1, value_of)
    if at >= len(tokens) or tokens[at][1] != closing:
        raise NoArithmeticError(f"a formula without its {closing}")
    return (abs(value) if closing == "|" else value), at + 1
