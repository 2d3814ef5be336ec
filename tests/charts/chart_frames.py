"""Small frames in the shape of the measures, and the facts that the charts' titles need, for the tests of charts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis.facts.fact import Fact, Facts, Origin, Status, UnknownFactError
from analysis.facts.names import fault_of
from analysis.periods import expected_censuses
from analysis.registers.roles import load_roles

ENGLAND = {"level": "england", "area_code": "ENG", "area_name": "England"}
QUARTERS = expected_censuses("2020-12", "2022-03")
NAN = math.nan


def totals(
    fte: Sequence[float] = (800.0, 1090.0, 1260.0, 1430.0, 1610.0, 1740.0),
    censuses: Sequence[str] = QUARTERS,
    *,
    role: str = "splw",
    staff_share: float = 0.8,
    name: str = "England",
    code: str = "ENG",
) -> pd.DataFrame:
    """The measure ``totals`` for one area and role."""
    frame = pd.DataFrame({**ENGLAND, "census": list(censuses), "role": role, "fte": list(fte)})
    frame["area_name"], frame["area_code"] = name, code
    frame["fte_staff"] = frame["fte"] * staff_share
    frame["fte_contracted"] = frame["fte"] - frame["fte_staff"]
    missing = frame["fte"].isna()
    frame["note"] = missing.map({True: "[x]", False: ""})
    frame["split_note"] = frame["note"]
    frame["direct_share_pct"] = 100 * frame["fte_staff"] / frame["fte"].where(frame["fte"] > 0)
    frame["direct_share_note"] = frame["note"].mask(~missing & frame["direct_share_pct"].isna(), "[z]")
    return frame


def coverage(reporting: Sequence[float] = (758, 855, 920, 984, 1029, 1060), active: float = 1255.0) -> pd.DataFrame:
    """The measure ``coverage`` for England."""
    frame = pd.DataFrame({**ENGLAND, "census": QUARTERS, "pcns_reporting": list(reporting), "pcns_active": active})
    frame["reporting_share_pct"] = 100 * frame["pcns_reporting"] / frame["pcns_active"]
    return frame.assign(pcns_expected=frame["pcns_active"])


def decomposition(newly: Sequence[float] = (127.5, 78.0, 68.0, 47.0, 26.0)) -> pd.DataFrame:
    """The measure ``decomposition`` for England, each census against the one before."""
    frame = pd.DataFrame({**ENGLAND, "census": QUARTERS[1:], "from_census": QUARTERS[:-1], "role": "splw"})
    frame["data_source"] = "all"
    frame["in_both_fte"] = [112.0, 100.0, 99.0, 137.0, 102.0]
    frame["newly_reporting_fte"] = list(newly)
    frame["dropped_out_fte"] = [-2.9, -11.0, 0.0, 0.0, -18.0]
    frame["change_fte"] = frame[["in_both_fte", "newly_reporting_fte", "dropped_out_fte"]].sum(axis=1)
    return frame.assign(note="")


def bounds() -> pd.DataFrame:
    """The measure ``bounds``, without list sizes."""
    frame = totals()[["level", "area_code", "area_name", "census", "role", "fte", "note"]]
    frame = frame.rename(columns={"fte": "reported"}).assign(measure="fte")
    frame["grossed_pcns"], frame["grossed_pcns_note"] = frame["reported"] * 1.2, "[e]"
    return frame.assign(grossed_patients=NAN, grossed_patients_note="[x]")


def entrants(new: Sequence[float] = (0.99, 1.05, NAN, 1.04, 1.06)) -> pd.DataFrame:
    """The measure ``entrants``; NaN: no PCN began to report."""
    frame = pd.DataFrame({**ENGLAND, "census": QUARTERS[1:], "role": "splw", "pcns_incumbent": 800})
    frame["median_incumbent"] = [1.2, 1.3, 1.4, 1.6, 1.7]
    frame["median_newly_reporting"] = list(new)
    return frame.assign(pcns_newly_reporting=30)


def places(areas: int = 12, *, level: str = "icb", listed: bool = True, name: str = "NHS Area {} ICB") -> pd.DataFrame:
    """The measure ``places`` at one census: England and a number of areas of one level."""
    rates = [0.36, *(0.2 + 0.4 * ((7 * place) % areas) / areas for place in range(areas))]
    frame = pd.DataFrame(
        {
            "level": ["england", *[level] * areas],
            "area_code": ["ENG", *(f"Q{place:03d}" for place in range(areas))],
            "area_name": ["England", *(name.format(place) for place in range(areas))],
            "census": "2022-03",
            "role": "splw",
            "fte": [40.0 * rate for rate in rates],
            "note": "",
            "patients_reporting": [6e7, *(1e5 * (1 + place) for place in range(areas))],
            "rate_reporting": rates,
            "fte_per_reporting_pcn": [4 * rate for rate in rates],
        }
    )
    frame["rate_low"], frame["rate_high"] = frame["rate_reporting"] - 0.1, frame["rate_reporting"] + 0.1
    reach = 3 * (0.36 / (frame["patients_reporting"] / 1e4)) ** 0.5
    for limit, z in (("95", 1.96), ("998", 3.09)):
        frame[f"funnel_low_{limit}"] = (0.36 - z * reach).clip(lower=0)
        frame[f"funnel_high_{limit}"] = 0.36 + z * reach
    if not listed:
        frame[["rate_reporting", "rate_low", "rate_high", "patients_reporting"]] = NAN
        frame[[column for column in frame if str(column).startswith("funnel")]] = NAN
    return frame


class FactsByShape(Facts):
    """A fact for each id that the register of measures allows, and for no other; its text is the id itself.

    A chart that asks for a measure, a role or an order of parts that there is not fails here as it does in a report.
    """

    def __init__(self) -> None:
        super().__init__()
        self._roles = load_roles()

    def __getitem__(self, fact_id: str) -> Fact:
        if fault := fault_of(fact_id, self._roles):
            raise UnknownFactError(f"There is no fact {fact_id!r}.", fault, "Use an id of the register of measures.")
        return Fact(
            fact_id, 0.36, "FTE", "2022-03", f"«{fact_id}»", Status.REPORTED, Origin("made for a test", "typed")
        )

    def __contains__(self, fact_id: object) -> bool:
        return isinstance(fact_id, str) and not fault_of(fact_id, self._roles)


def distribution_bands(censuses: Sequence[str] = ("2022-03",), measure: str = "rate") -> pd.DataFrame:
    """The measure ``distribution_bands``: 100 networks, of which a fifth have none and three have very much."""
    width = {"rate": 0.1, "fte": 0.5}[measure]
    counts = [20.0, 4.0, 10.0, 16.0, 20.0, 14.0, 8.0, 5.0, *[0.0] * 22, 3.0]
    rows = pd.DataFrame({"band": range(len(counts)), "pcns": counts})
    rows["band_from"], rows["band_to"] = (rows["band"] - 1).clip(lower=0) * width, rows["band"] * width
    frames = [rows.assign(**ENGLAND, census=census, role="splw", measure=measure) for census in censuses]
    return pd.concat(frames, ignore_index=True)


def deprivation_fifths(census: str = "2022-03") -> pd.DataFrame:
    """The measure ``deprivation_fifths`` of one census."""
    rows = [
        {"census": census, "role": "splw", "fifth": fifth, "pcns": 250.0, "patients": 12_400_000.0, "fte": fte}
        | {"rate": 10_000 * fte / 12_400_000, "imd_score_mean": 40.0 - 6 * fifth, "note": ""}
        for fifth, fte in enumerate((603.0, 550.0, 500.0, 515.0, 474.0), start=1)
    ]
    return pd.DataFrame(rows)
