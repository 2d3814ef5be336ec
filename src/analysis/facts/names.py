"""How facts are named: which measures there are, and what follows the name of each in an id.

A text names facts before any data are read. Whether a name can be right is told from its shape alone.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.registers.roles import Roles

# What stands in the place of a part that depends on the data, such as the census in ``"fte.cc.ENG." ~ period``.
ANY = "*"
_CENSUS = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_AREA = re.compile(r"[A-Z0-9]{3,6}")

# The parts after the measure, by kind of measure: ``role`` and ``area`` are codes, ``census`` is YYYY-MM.
_OF_ROLE = "role area census"
_OF_ANY_ROLE = "area census"
_BETWEEN = "role area census census"
_BETWEEN_OF_ANY_ROLE = "area census census"

# Figures of a role, by area and census.
_ROLE_MEASURES = (
    *("fte", "fte_staff", "fte_contracted", "headcount", "direct_share_pct", "arrs13_share_pct"),
    *("fte_women", "fte_men", "fte_other_or_unknown", "women_share_pct"),
    *("headcount_women", "headcount_men", "headcount_other_or_unknown"),
    *("fte_per_person", "hours_per_person", "full_time_share_pct", "nearly_full_time_share_pct"),
    *("fte_per_reporting_pcn", "fte_per_newly_reporting_pcn", "fte_per_incumbent_pcn"),
    *("median_newly_reporting", "median_incumbent", "pcns_newly_reporting_none"),
    *("pcns_any", "pcns_none", "pcns_under_1", "pcns_1_to_2", "pcns_2_plus"),
    *("pcns_staff_only", "pcns_both", "pcns_with_role", "pcns_contracted_only", "pcns_ranked"),
    *("rate_reporting", "rate_all", "patients_reporting", "patients_all"),
    *(f"rate_decile_{decile}" for decile in range(1, 10)),
    *("top_tenth_fte_share_pct", "top_tenth_patients_share_pct", "patients_without_share_pct"),
    *("quarter_change_in_both", "quarter_gains", "quarter_losses", "quarter_pcns_in_both"),
    *("largest_five_change", "largest_five_share_pct"),
    *(f"icbs_{went}_since_{since}" for went in ("rose", "fell", "level") for since in ("peak", "year_ago")),
    *("rate_most_deprived", "rate_least_deprived", "rate_difference", "concentration_index"),
    *(f"rate_fifth_{fifth}" for fifth in range(1, 6)),
    "patients_scored_share_pct",
)
# Counts of networks, whatever they report.
_NETWORK_MEASURES = (
    *("coverage", "list_distance", "pcns_active", "pcns_expected", "pcns_reporting", "pcns_reporting_staff"),
)
_PARTS = ("newly_reporting", "dropped_out", "began_reporting", "newly_formed", "only_later")
_PARTS_EARLIER = ("stopped_reporting", "closed", "only_earlier")
_SPANS = ("month", "quarter", "year")
# Figures made of another one, whose name follows: ``change_year.fte.splw.ENG.2022-09``.
DERIVED = (
    *(f"change_{span}{unit}" for span in _SPANS for unit in ("", "_pct")),
    *(f"size_of_change_{span}{unit}" for span in _SPANS for unit in ("", "_pct")),
    *(f"{name}_{span}" for name in ("earlier_changes", "lower_quartile", "upper_quartile") for span in _SPANS),
    *(f"usual_{end}_{span}" for end in ("low", "high") for span in _SPANS),
    *("peak", "below_peak", "below_peak_pct", "since_peak", "since_peak_pct"),
    *("current_run_months", "longest_rise_months", "longest_fall_months", "grossed_pcns", "grossed_patients"),
)
_DERIVED_FROM = ("fte", "fte_staff", "headcount")
_CHANGES = ("change", *(f"change_{part}" for part in ("in_both", *_PARTS, *_PARTS_EARLIER)))
_CHANGES_FROM = ("fte", "fte_staff", "fte_contracted")
_WHOLE = {
    "backtests": ("", "equal", "differs", "not_available"),
    "checks": ("", "passed", "failed", "explained", "not_assessed"),
    "constant": ("hours_per_fte", "rate_base"),
}
_OF_TARGETS = ("target", "readings", "reading", "so_far", "pace")


def _shapes() -> dict[str, tuple[str, ...]]:
    shapes: dict[str, tuple[str, ...]] = {
        **dict.fromkeys(_ROLE_MEASURES, (_OF_ROLE,)),
        **dict.fromkeys(_NETWORK_MEASURES, (_OF_ANY_ROLE,)),
        **dict.fromkeys(DERIVED, tuple(f"{measure} {_OF_ROLE}" for measure in _DERIVED_FROM)),
        **dict.fromkeys(_CHANGES, tuple(f"{measure} {_BETWEEN}" for measure in _CHANGES_FROM)),
    }
    counts = ("in_both", "followed", *_PARTS, *_PARTS_EARLIER)
    shapes |= dict.fromkeys((f"pcns_{part}" for part in counts), (_BETWEEN_OF_ANY_ROLE,))
    shapes["pcns_contracted_only"] = (_OF_ANY_ROLE, _OF_ROLE)
    return shapes | _WHOLE


SHAPES = _shapes()
# What a text calls by the name alone: the figure of the report's role, of England, at its census.
SHORT_NAMES = {name: shapes[-1] for name, shapes in SHAPES.items() if shapes[-1] in {_OF_ROLE, _OF_ANY_ROLE}}


def fault_of(fact_id: str, roles: Roles, further: Iterable[str] = ()) -> str:
    """What is wrong with the name of a fact, whatever the data; empty where it can be right.

    A part ``*`` stands for anything. ``further`` are the ids of facts that an analyst has made.
    """
    if fact_id in further:
        return ""
    measure, *parts = fact_id.split(".")
    if ANY in measure or measure in _OF_TARGETS:
        return ""
    if measure not in SHAPES:
        return f"there is no measure {measure!r}{nearest(measure, [*SHAPES, *_OF_TARGETS])}"
    wanted = [shape.split() for shape in SHAPES[measure]]
    faults = [_fault_of_parts(parts, shape, roles) for shape in wanted]
    if not all(faults):
        return ""
    fitting = [fault for fault, shape in zip(faults, wanted, strict=True) if len(shape) == len(parts)]
    told = ", or ".join(".".join((measure, *shape)) for shape in wanted[:1])
    return fitting[0] if fitting else f"an id of {measure} is {told}"


def _fault_of_parts(parts: list[str], shape: list[str], roles: Roles) -> str:
    if any(ANY in part for part in parts):  # it may stand for several parts
        pairs = list(zip(parts, shape, strict=False))
        pairs = pairs[: next(number for number, (part, _) in enumerate([*pairs, (ANY, "")]) if ANY in part)]
    elif len(parts) != len(shape):
        return f"it has {len(parts)} parts after the measure and not {len(shape)}"
    else:
        pairs = list(zip(parts, shape, strict=True))
    return next((fault for part, kind in pairs if (fault := _fault_of_part(part, kind, roles))), "")


def _fault_of_part(part: str, kind: str, roles: Roles) -> str:
    if kind == "role":
        codes = [*roles.codes, *roles.groups]
        return "" if part in codes else f"there is no role {part!r}{nearest(part, codes)}"
    if kind == "census":
        return "" if _CENSUS.fullmatch(part) else f"{part!r} is no census, which is written YYYY-MM"
    if kind == "area":
        return "" if _AREA.fullmatch(part) else f"{part!r} is no code of an area, such as ENG or QE1"
    return "" if part == kind else f"{part!r} stands where {kind!r} is meant"


def nearest(word: str, words: Iterable[str]) -> str:
    """``; did you mean 'fte'?`` for the nearest of ``words``, empty where none is near."""
    near = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
