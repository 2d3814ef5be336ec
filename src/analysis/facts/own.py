"""A fact of an analyst's own: a figure that a notebook works out, with how it was made and from which rows."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis.errors import UsageError
from analysis.facts.fact import Fact, Origin, Source, Status
from analysis.facts.lineage import make_fact, rounding_of
from analysis.periods import month_label

if TYPE_CHECKING:
    import pandas as pd

# The first part of its id, which no measure of the package has.
PREFIX = "own"
# The attribute that takes its lineage from the notebook's output to the page.
LINEAGE_ATTRIBUTE = "data-own"
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_MOST_COLUMNS = 6  # of a frame, named in the lineage


class OwnFact(Fact):
    """A fact that no measure makes. Its HTML carries its lineage, so that the page can show it without the notebook."""

    def __html__(self) -> str:
        lineage = {
            "unit": self.unit,
            "period": self.period,
            "status": self.status.value,
            "definition": self.origin.definition,
            "expression": self.origin.expression,
            "rounding": self.origin.rounding,
            "sources": [[each.file, each.sha256, each.census, each.rows] for each in self.origin.sources],
        }
        return Markup('<data value="{}" data-fact="{}" data-own="{}">{}</data>').format(
            "" if self.value is None else repr(self.value),
            self.id,
            json.dumps(lineage, ensure_ascii=False),
            self.text,
        )


def own_fact(
    name: str,
    value: float | None,
    unit: str,
    period: str,
    *,
    made_by: str | Callable[..., object],
    rows: pd.DataFrame,
    file_names: Mapping[str, str],
    decimals: int = 0,
    signed: bool = False,
    note: str = "",
) -> OwnFact:
    """Make ``own.<name>.<period>``: see :meth:`analysis.api.Run.fact`. ``file_names`` are those of inputs by sha256.

    Raises
    ------
    UsageError
        When the name cannot be part of an id, there is no word of how it was made, or there are no rows.
    """
    how = made_by if isinstance(made_by, str) else _described(made_by)
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be the name of a fact.",
            "It becomes part of an id, which has dots between its parts.",
            "Use small letters, digits and _, for example fte_per_head.",
        )
    if not how.strip() or rows.empty:
        raise UsageError(
            f"The fact {name!r} does not say {'from which rows' if rows.empty else 'how'} it was made.",
            "A figure without that cannot be checked.",
            "Give made_by= the formula in words or the function, and rows= the frame that it was made from.",
        )
    origin = Origin(
        f"{name.replace('_', ' ')}, {month_label(period)}: the analyst's own figure, worked out in the notebook",
        how,
        rounding_of(unit, value, decimals),
        _sources(rows, period, file_names),
    )
    fact = make_fact(
        f"{PREFIX}.{name}.{period}", value, unit, period, origin, note=note, decimals=decimals, signed=signed
    )
    return OwnFact(fact.id, fact.value, fact.unit, fact.period, fact.text, fact.status, fact.origin)


def own_fact_from_html(attributes: Mapping[str, Any], text: str) -> Fact:
    """The fact that the ``<data>`` element of :class:`OwnFact` shows, from its attributes and its text.

    Raises
    ------
    ValueError, KeyError, TypeError
        When it has no lineage, or the id of a measure.
    """
    lineage = json.loads(str(attributes[LINEAGE_ATTRIBUTE]))
    if not str(attributes["data-fact"]).startswith(f"{PREFIX}."):
        raise ValueError(f"{attributes['data-fact']} is the id of a measure")
    value = str(attributes["value"])
    return Fact(
        id=str(attributes["data-fact"]),
        value=json.loads(value) if value else None,
        unit=lineage["unit"],
        period=lineage["period"],
        text=text,
        status=Status(lineage["status"]),
        origin=Origin(
            lineage["definition"],
            lineage["expression"],
            lineage["rounding"],
            tuple(Source(*each) for each in lineage["sources"]),
        ),
    )


def _described(made_by: Callable[..., object]) -> str:
    """A function by its name and the first line of its docstring."""
    summary = (made_by.__doc__ or "").strip().partition("\n")[0]
    return f"the function {made_by.__name__}" + (f": {summary}" if summary else "")


def _sources(rows: pd.DataFrame, period: str, file_names: Mapping[str, str]) -> tuple[Source, ...]:
    """The files that the rows are of, where they say so; of another frame its columns and a checksum of its content."""
    if {"sha256", "census"} <= {*rows.columns}:
        counts = rows.groupby(["census", "sha256"], observed=True).size().reset_index(name="rows")
        return tuple(
            Source(file_names.get(str(sha256), "a file that is no input of this run"), str(sha256), str(census), int(n))
            for census, sha256, n in counts.itertuples(index=False)
        )
    names = [str(name) for name in rows.columns]
    listed = ", ".join(names[:_MOST_COLUMNS]) + (" and more" if len(names) > _MOST_COLUMNS else "")
    content = rows.to_csv(index=False, lineterminator="\n").encode("utf-8")
    return (Source(f"a frame of the notebook with {listed}", hashlib.sha256(content).hexdigest(), period, len(rows)),)
