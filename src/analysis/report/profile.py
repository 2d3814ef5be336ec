"""One area of a report: its figures, tables, charts and sentences, as ``profile.ipynb`` shows them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.charts.places import LEVEL_NAMES, short_name
from analysis.charts.profile import ProfileCharts
from analysis.errors import UsageError
from analysis.facts.analysis import Measures
from analysis.facts.names import nearest, short_names
from analysis.markup.prose import dated
from analysis.periods import month_label
from analysis.report.text import profile as sentences
from analysis.report.text.fact_in_text import FactInText, in_text
from analysis.tables.area_profiles import area_profiles
from analysis.tables.profile import ProfileTables

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from analysis.facts.analysis import Analysis
    from analysis.report.text.finding import Finding

_IN_WORDS = {"region": "region", "icb": "integrated care board", "sub_icb": "sub-ICB location", "pcn": "network"}


@dataclass(frozen=True)
class Profile:
    """One region, ICB, sub-ICB location or PCN of a report; made by ``report.profile("QE1")``.

    A text prints its figures by name, as it does those of England: ``{{ profile.fte }}``,
    ``{{ profile.rate_reporting }}``. ``{% if profile.headcount %}`` asks whether there is one.

    Parameters
    ----------
    report
        The report.
    areas
        All areas of the census: :func:`analysis.tables.area_profiles.area_profiles`.
    row
        The one that it is of.
    """

    report: Analysis = field(repr=False)
    areas: pd.DataFrame = field(repr=False)
    row: dict[str, Any]

    @property
    def code(self) -> str:
        """The code of the area."""
        return str(self.row["area_code"])

    @property
    def level(self) -> str:
        """``region``, ``icb``, ``sub_icb`` or ``pcn``."""
        return str(self.row["level"])

    @property
    def name(self) -> Markup:
        """The name of the area, for a text."""
        return dated(short_name(str(self.row["area_name"])))

    @property
    def level_name(self) -> str:
        """What kind of area it is, in words."""
        return _IN_WORDS[self.level]

    @property
    def others_name(self) -> str:
        """The areas of its level, in words."""
        return LEVEL_NAMES[self.level]

    @property
    def is_network(self) -> bool:
        """Whether it is a single PCN."""
        return self.level == "pcn"

    @cached_property
    def charts(self) -> ProfileCharts:
        """Its charts: ``trend``, ``networks``, ``place``."""
        return ProfileCharts(self.report, self.areas, self.row)

    @cached_property
    def tables(self) -> ProfileTables:
        """Its tables: ``by_census``, ``beside``, ``networks``."""
        return ProfileTables(self.report, self.areas, self.row)

    @property
    def changes(self) -> list[Finding]:
        """What changed over a quarter and a year, with what became of reporting."""
        return sentences.changes(self.report, self.code)

    @property
    def beside_england(self) -> Finding:
        """How its rate stands to England's, and whether that is out of the ordinary for its size."""
        return sentences.beside_england(self.report, self.code, self.level)

    @property
    def missing_networks(self) -> Finding:
        """How many PCNs did not report, and what that does to the figures."""
        return sentences.missing_networks(self.report, self.code)

    @property
    def cautions(self) -> list[Finding]:
        """What to keep in mind before a figure of the area is used."""
        return sentences.cautions(self.report, self.row)

    def __getattr__(self, name: str) -> FactInText:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in short_names():
            raise UsageError(
                f"A profile has no {name!r}{nearest(name, list(short_names()))}.",
                "A text prints the figures of an area by the names of measures.csv.",
                "Tab after `profile.` in a code cell lists what it has.",
            )
        of_role = short_names()[name].startswith("role")
        parts = (name, *([self.report.role] if of_role else []), self.code, self.report.period)
        return in_text(".".join(parts), self.report.facts)

    def __dir__(self) -> list[str]:
        """What Tab offers: its parts and the names of figures."""
        return sorted({*super().__dir__(), *short_names()})

    def _repr_html_(self) -> str:
        return f"<p>{self.name} ({self.code}), {self.level_name}</p>"


@dataclass(frozen=True)
class Profiles:
    """The areas of a report, and what the profiles of all of them share, worked out once."""

    report: Analysis
    areas: pd.DataFrame

    @classmethod
    def of(cls, report: Analysis) -> Profiles:
        """Those of ``report``, with the rows of its role and census alone where a profile looks at no others."""
        frames = report.measures.by_name
        for name in ("totals", "places"):
            frames[name] = frames[name][frames[name]["role"] == report.role]
        frames["places"] = frames["places"][frames["places"]["census"] == report.period]
        return cls(replace(report, measures=Measures(**frames)), area_profiles(report))

    def of_area(self, area: str) -> Profile:
        """The profile of the area with the code ``area``; empty stands for the first ICB in order of name.

        Raises
        ------
        UsageError
            The report has no figures of areas, or none of that area.
        """
        at = month_label(self.report.period)
        below = self.areas[self.areas["level"] != "england"]
        if below.empty:
            raise UsageError(
                f"The report of {self.report.period} has no figures of areas.",
                f"There is no individual-level extract of {at}, which alone has areas.",
                "Choose a census that has one, or put its extract into RAW.",
            )
        found = below[below["area_code"] == area] if area else below[below["level"] == "icb"]
        if found.empty:
            near = nearest(area, sorted(below["area_code"].astype("str")))
            raise UsageError(
                f"There is no area with the code {area!r} in {at}{near}.",
                "A profile is of a region, an ICB, a sub-ICB location or a PCN of the extract.",
                "Find the code by its name in report.tables.places_icb, .places_sub_icb or .places_pcn.",
            )
        return Profile(self.report, self.areas, {str(key): value for key, value in found.iloc[0].items()})
