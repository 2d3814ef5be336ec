"""What was revised, what is new or gone, which verdicts changed: results in, results out.

A *revision* is another value for the same figure of the same census. Where PCNs that report differ between the two
reports' data of that census, part of the change is coverage; for England's FTE the two parts are told apart exactly,
PCN by PCN.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.assessment import targets_in
from analysis.columns import DEFAULT_ROLE, ENGLAND
from analysis.comparison.since_report_before import (
    AREAS,
    FIGURES,
    VerdictChange,
    breaks_crossed,
    known_figures,
    largest_area_changes,
    networks_between,
    not_compared,
    verdict_changes,
)
from analysis.errors import UsageError
from analysis.facts.fact import Fact, Facts
from analysis.facts.labels import DATE_LABELS, MEASURE_LABELS
from analysis.facts.tidy import OF_IDS, ids_of
from analysis.registers.breaks import Breaks
from analysis.registers.roles import Roles

# Sums of the same rows in another order differ in the last binary digits; no revision is as small as that.
_SAME = 1e-9
_FTE_OF_ENGLAND = re.compile(rf"^fte\.(?P<role>\w+)\.{ENGLAND}\.(?P<census>\d{{4}}-\d{{2}})$")
_LEVEL_NAMES = {"pcn": "PCN", "sub_icb": "sub-ICB", "icb": "ICB", "region": "region"}
_CHOICE = ("measure", "role", "baseline", "date")

# Figures made of others by the wording of a target: they move when these do, or when the date comes to be covered.
_OF_READINGS = ("reading.", "so_far.")

# England's figures of these measures are compared for every role, the others for the roles that reports speak of; those
# of areas for the same roles.
_EVERY_ROLE = ("fte", "fte_staff", "fte_contracted", "headcount", "direct_share_pct", "pcns_with_role")
_ROLES = ("splw", "splw_all", "splw_mh", "hwbc", "cc", "splw_hwbc", "splw_all_hwbc")
_AREAS_COMPARED = ("region", "icb")
_OF_AREAS = ("fte", "headcount", "pcns_reporting", "pcns_expected", "coverage", "peak", "since_peak", "since_peak_pct")

TOTALS_COMPARED = ("level", "area_code", "area_name", "census", "role", "fte")
REVISED = [
    "figure",
    "fact_id",
    "census",
    "unit",
    "old",
    "old_note",
    "new",
    "new_note",
    "change",
    "change_note",
    "coverage_part",
    "revision_part",
    "parts_note",
]
PLACES = ["kind", "change", "code", "name", "fte", "fte_note"]
VERDICTS = ["target", "main", *_CHOICE, "old_verdict", "new_verdict", "old_value", "old_note", "new_value", "new_note"]
INPUTS = ["change", "kind", "first_census", "last_census", "file", "old_sha256", "new_sha256"]


@dataclass(frozen=True)
class ReportResults:
    """What a comparison needs of a report.

    Parameters
    ----------
    period
        Its census.
    synthetic
        Whether it shows synthetic data.
    facts
        Those of ``facts.json``, and those of the levels of :func:`levels_compared`.
    assessment
        ``assessment.json``: ``targets`` by id, each with ``name``, ``readings`` and ``parts``.
    totals
        Of the measures' frame ``totals`` the columns ``TOTALS_COMPARED``, of every level.
    inputs
        The extracts: mappings with ``file, kind, sha256, first_census, last_census``.
    roles, breaks
        The vocabulary of roles, and the breaks in the series.
    role
        What the report is about: code of a role or group.
    """

    period: str
    synthetic: bool
    facts: Facts = field(repr=False)
    assessment: Mapping[str, Any] = field(repr=False)
    totals: pd.DataFrame = field(repr=False)
    inputs: tuple[Mapping[str, Any], ...] = field(repr=False)
    roles: Roles = field(default_factory=lambda: Roles(()), repr=False)
    breaks: Breaks = field(default_factory=Breaks, repr=False)
    role: str = DEFAULT_ROLE

    @cached_property
    def boards(self) -> pd.DataFrame:
        """The integrated care boards with a figure of the role at the census: ``name`` and ``fte``, by code."""
        totals = self.totals
        here = totals[
            (totals["level"] == "icb") & (totals["census"] == self.period) & (totals["role"] == self.role)
        ].dropna(subset="fte")
        return here.assign(name=here["area_name"].astype("str")).set_index("area_code")[["name", "fte"]].sort_index()


@dataclass(frozen=True)
class Comparison:
    """What changed from one report to the next.

    Parameters
    ----------
    old_period, new_period
        The two reports; ``old_period`` is empty when there is no earlier report.
    revised
        Columns of :data:`REVISED`: figures of the same census with another value, or that one report alone has, largest
        first within a unit. Readings of targets are not among them: see ``verdicts``.
        ``coverage_part`` and ``revision_part`` add up to ``change`` (England's FTE; ``[x]`` where they cannot be told).
    places
        Columns of :data:`PLACES`: PCNs, areas and roles in the data of one report's census and not of the other's;
        ``fte`` is of the report's role in a PCN or area, and of a role itself; largest first.
    verdicts
        Columns of :data:`VERDICTS`: readings of targets whose verdict differs, or that one report alone has (``[z]``).
    inputs
        Columns of :data:`INPUTS`: extracts that are new, gone, or replaced by others of the same kind and census.
    unreadable
        Censuses of later reports that could not be read and were passed over for this one.
    figures, areas
        Columns of :data:`FIGURES` and of :data:`AREAS`: the figures that a reader knows, and the boards with the
        largest change, each report's at its own census.
    one_verdicts
        The one verdict on each target in either report.
    networks
        The facts that say how many networks began to report, stopped, formed or closed between the two.
    lacks
        What could not be compared, a sentence each.
    breaks
        The first censuses after breaks in the role's FTE in England between the two.
    role, facts
        What the later report is about, and its facts.
    """

    old_period: str
    new_period: str
    revised: pd.DataFrame = field(repr=False)
    places: pd.DataFrame = field(repr=False)
    verdicts: pd.DataFrame = field(repr=False)
    inputs: pd.DataFrame = field(repr=False)
    unreadable: tuple[str, ...] = ()
    figures: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=FIGURES), repr=False)
    areas: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=AREAS), repr=False)
    one_verdicts: tuple[VerdictChange, ...] = ()
    networks: Mapping[str, str] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    role: str = DEFAULT_ROLE
    facts: Facts = field(default_factory=Facts, repr=False)

    @property
    def is_first(self) -> bool:
        """Whether there is no earlier report to compare with."""
        return not self.old_period

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each kind there are."""
        one_sided = (self.verdicts["old_verdict"] == "[z]") | (self.verdicts["new_verdict"] == "[z]")
        places = Counter((self.places["kind"] + "s " + self.places["change"]).tolist())
        revised = int(self.revised["change"].notna().sum())
        return {
            "figures of the same census revised": revised,
            "figures of the same census in one report alone": len(self.revised) - revised,
            "readings of targets with another verdict": len(self.verdicts) - int(one_sided.sum()),
            "readings of targets new or gone": int(one_sided.sum()),
            **dict(sorted(places.items())),
            "extracts new, gone or replaced": len(self.inputs),
        }


def levels_compared(frame: str) -> tuple[str, ...]:
    """The levels of a frame of the measures that a comparison needs."""
    # The frame with the most rows, by pairs of censuses. Of areas none of its figures is compared.
    return ("england",) if frame == "decomposition" else ("england", *_AREAS_COMPARED)


def first_report(period: str) -> Comparison:
    """The comparison of the report of ``period`` with nothing: it is the first."""
    revised, places, verdicts, inputs = (
        pd.DataFrame(columns=columns) for columns in (REVISED, PLACES, VERDICTS, INPUTS)
    )
    return Comparison("", period, revised, places, verdicts, inputs)


def compare_reports(old: ReportResults, new: ReportResults) -> Comparison:
    """Compare an earlier report with a later one.

    Raises
    ------
    UsageError
        When one shows synthetic data and the other does not: every figure would differ, and none of it means anything.
        When they are about different roles.
    """
    if old.synthetic != new.synthetic:
        raise UsageError(
            f"One of the reports {old.period} and {new.period} shows synthetic data, the other does not.",
            "Invented figures and published ones have nothing to do with each other.",
            "Compare two reports of the same kind.",
        )
    if old.role != new.role:
        raise UsageError(
            f"The reports are about different roles: {old.role} and {new.role}.",
            "A difference between two roles is no revision.",
            "Compare two reports about the same role.",
        )
    revised = _revised(old, new)
    return Comparison(
        old.period,
        new.period,
        revised=revised,
        places=_places(old, new),
        verdicts=_verdicts(old, new),
        inputs=_inputs(old.inputs, new.inputs),
        figures=known_figures(old, new),
        areas=largest_area_changes(old, new),
        one_verdicts=verdict_changes(old, new),
        networks=networks_between(old, new),
        lacks=not_compared(old, new, int(revised["change"].isna().sum())),
        breaks=breaks_crossed(old, new, "fte", "england", new.role),
        role=new.role,
        facts=new.facts,
    )


# ---- revised figures ------------------------------------------------------------------------------------------------


def _revised(old: ReportResults, new: ReportResults) -> pd.DataFrame:
    before, after = (_compared_figures(report) for report in (old, new))
    both = before.add_suffix("_old").join(after.add_suffix("_new"), how="inner")
    # A figure such as "so far" has one identity and moves on with the report's census: that is no revision.
    of_readings = both.index.str.startswith(_OF_READINGS)
    same_census = both[(both["census_old"] == both["census_new"]) & ~of_readings]
    rows = [
        _revision(old.facts[fact_id], new.facts[fact_id])
        for fact_id in same_census.index[~_agree(same_census["value_old"], same_census["value_new"])]
    ]
    frame = pd.DataFrame(rows, columns=REVISED[:-3])
    numbers = ["old", "new", "change"]
    frame[numbers] = frame[numbers].astype("float64")
    parts = [_parts(fact_id, old.totals, new.totals) for fact_id in frame["fact_id"]]
    frame[["coverage_part", "revision_part"]] = np.array(parts, dtype="float64").reshape(-1, 2)
    frame["parts_note"] = np.where(frame["coverage_part"].isna(), "[x]", "")
    # What PCNs in both revised counts before what came by coverage; where they cannot be told apart, the whole change.
    size = frame["revision_part"].fillna(frame["change"]).abs().rename("size")
    order = frame.assign(size=size).sort_values(
        ["unit", "size", "fact_id"], ascending=[True, False, True], na_position="last"
    )
    return order[REVISED].reset_index(drop=True)


def _revision(before: Fact, after: Fact) -> dict[str, object]:
    both = before.value is not None and after.value is not None
    return {
        "figure": after.origin.definition,
        "fact_id": after.id,
        "census": after.period,
        "unit": after.unit,
        "old": before.value,
        "old_note": _missing_note(before),
        "new": after.value,
        "new_note": _missing_note(after),
        "change": after.value - before.value if before.value is not None and after.value is not None else None,
        "change_note": "" if both else "[z]",
    }


def _missing_note(fact: Fact) -> str:
    return "" if fact.value is not None else fact.status.shorthand or "[x]"


def _compared_figures(report: ReportResults) -> pd.DataFrame:
    """``census`` and ``value`` of the figures that are compared, by id.

    England's, and of regions and ICBs those that the report's tables show. A report of an earlier format names all of
    them in ``facts.json``; of the present one they are in its frames.
    """
    made = pd.DataFrame(
        [(fact.id, fact.period, fact.value) for fact in report.facts.made.values()],
        columns=["id", "census", "value"],
    )
    frames = [made.astype({"value": "float64"})]
    if report.facts.lookup is not None:
        roles = [*dict.fromkeys((*_ROLES, report.role))]
        england = ["england"]
        wanted: tuple[Mapping[str, Sequence[str]], ...] = (
            {"levels": england, "measures": _EVERY_ROLE},
            {"levels": england, "roles": roles},
            {"levels": _AREAS_COMPARED, "measures": _OF_AREAS, "roles": roles},
        )
        figures = pd.concat([report.facts.frame(**some, columns=[*OF_IDS, "value"]) for some in wanted])
        frames.append(figures.assign(id=ids_of(figures))[["id", "census", "value"]])
    return pd.concat(frames).drop_duplicates("id").set_index("id")


def _agree(before: pd.Series[float], after: pd.Series[float]) -> pd.Series[bool]:
    size = np.maximum(1.0, np.maximum(before.abs(), after.abs()))
    return ((after - before).abs() <= _SAME * size) | (before.isna() & after.isna())


def _parts(fact_id: str, old: pd.DataFrame, new: pd.DataFrame) -> tuple[float, float]:
    """The change of England's FTE by coverage (PCNs in one report's data alone) and by revision (PCNs in both)."""
    match = _FTE_OF_ENGLAND.match(fact_id)
    if match is None:
        return np.nan, np.nan
    before, after = (_fte_by_pcn(totals, **match.groupdict()) for totals in (old, new))
    if before.empty or after.empty:
        return np.nan, np.nan
    in_both = before.index.intersection(after.index)
    coverage = after.drop(in_both).sum() - before.drop(in_both).sum()
    return float(coverage), float(after[in_both].sum() - before[in_both].sum())


def _fte_by_pcn(totals: pd.DataFrame, *, role: str, census: str) -> pd.Series[float]:
    here = totals[(totals["level"] == "pcn") & (totals["role"] == role) & (totals["census"] == census)]
    return here.set_index("area_code")["fte"].dropna()


# ---- new and gone ---------------------------------------------------------------------------------------------------


def _places(old: ReportResults, new: ReportResults) -> pd.DataFrame:
    rows = []
    for level, kind in _LEVEL_NAMES.items():
        before, after = _areas(old, level), _areas(new, level)
        # A census known from national tables alone has no areas at all: they are not available, which is not gone.
        if not before.empty and not after.empty:
            rows += _new_and_gone(kind, before, after)
    rows += _new_and_gone("role", _roles(old), _roles(new))
    frame = pd.DataFrame(rows, columns=PLACES[:-1])
    frame["fte"] = frame["fte"].astype("float64")
    frame["fte_note"] = np.where(frame["fte"].isna(), "[x]", "")
    return frame.sort_values(
        ["kind", "change", "fte", "code"], ascending=[True, True, False, True], na_position="last"
    ).reset_index(drop=True)


def _new_and_gone(kind: str, before: pd.DataFrame, after: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {"kind": kind, "change": change, "code": code, "name": row["name"], "fte": row["fte"]}
        for change, here, there in (("new", after, before), ("gone", before, after))
        for code, row in here.drop(index=here.index.intersection(there.index)).iterrows()
    ]


def _areas(report: ReportResults, level: str) -> pd.DataFrame:
    """Areas at ``level`` with a figure at the report's census: ``name``, and ``fte`` of its role, by code."""
    totals = report.totals
    here = totals[(totals["level"] == level) & (totals["census"] == report.period) & totals["fte"].notna()]
    names = here.drop_duplicates("area_code").set_index("area_code")["area_name"].astype("str").rename("name")
    own = here[here["role"] == report.role].set_index("area_code")["fte"]
    return names.to_frame().assign(fte=own.reindex(names.index))


def _roles(report: ReportResults) -> pd.DataFrame:
    """Roles with FTE in England at the report's own census: ``name`` and ``fte``, by code."""
    totals = report.totals
    here = totals[(totals["level"] == "england") & (totals["census"] == report.period) & (totals["fte"] > 0)]
    names = [report.roles.names.get(code, code) for code in here["role"].astype("str")]
    return here.set_index("role")[["fte"]].assign(name=names)


# ---- verdicts and inputs --------------------------------------------------------------------------------------------


def _verdicts(old: ReportResults, new: ReportResults) -> pd.DataFrame:
    before, after = _readings(old.assessment), _readings(new.assessment)
    names = {**old.roles.names, **new.roles.names}
    absent: dict[str, Any] = {"verdict": "[z]", "value": None, "note": "[z]"}
    rows = []
    for key in before | after:
        was, now = before.get(key, absent), after.get(key, absent)
        if was["verdict"] != now["verdict"]:
            known = after.get(key, was)
            rows.append(
                {
                    "target": known["target"],
                    "main": "main reading" if known["main"] else "other reading",
                    "measure": MEASURE_LABELS[known["measure"]],
                    "role": names.get(known["role"], known["role"]),
                    "baseline": known["baseline"] or "[z]",
                    "date": DATE_LABELS[known["date"]],
                    "old_verdict": was["verdict"],
                    "new_verdict": now["verdict"],
                    **{f"{when}_value": reading["value"] for when, reading in (("old", was), ("new", now))},
                    **{f"{when}_note": _value_note(reading) for when, reading in (("old", was), ("new", now))},
                }
            )
    frame = pd.DataFrame(rows, columns=VERDICTS)
    frame[["old_value", "new_value"]] = frame[["old_value", "new_value"]].astype("float64")
    return frame.sort_values(["main", "target", *_CHOICE]).reset_index(drop=True)


def _value_note(reading: Mapping[str, Any]) -> str:
    return str(reading["note"] or "") if reading["value"] is not None else str(reading["note"] or "[x]")


def _readings(assessment: Mapping[str, Any]) -> dict[tuple[str | None, ...], dict[str, Any]]:
    return {
        (target_id, *(reading[name] for name in _CHOICE)): {**reading, "target": target["name"]}
        for target_id, target in targets_in(assessment).items()
        for reading in target["readings"]
    }


def _inputs(old: tuple[Mapping[str, Any], ...], new: tuple[Mapping[str, Any], ...]) -> pd.DataFrame:
    before = {entry["sha256"]: entry for entry in old}
    after = {entry["sha256"]: entry for entry in new}
    gone = {_coverage_of(entry): entry for sha, entry in before.items() if sha not in after}
    rows = []
    for sha, entry in after.items():
        if sha in before:
            continue
        replaced = gone.pop(_coverage_of(entry), None)
        rows.append(_input_row("replaced" if replaced else "new", entry, replaced["sha256"] if replaced else "", sha))
    rows += [_input_row("gone", entry, entry["sha256"], "") for entry in gone.values()]
    frame = pd.DataFrame(rows, columns=INPUTS)
    return frame.sort_values(["change", "kind", "first_census", "file"]).reset_index(drop=True)


def _coverage_of(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(entry["kind"]), str(entry["first_census"]), str(entry["last_census"])


def _input_row(change: str, entry: Mapping[str, Any], old_sha256: str, new_sha256: str) -> dict[str, object]:
    shared = {name: entry[name] for name in ("kind", "first_census", "last_census", "file")}
    return {"change": change, **shared, "old_sha256": old_sha256 or "[z]", "new_sha256": new_sha256 or "[z]"}
