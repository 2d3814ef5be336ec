"""The register of measures (``measures.csv``): a row for each kind of figure that a report may speak of.

A row says how the id of such a figure is built, in which column of which frame its value stands, how it is printed,
what it means and how it is made. So the value and the printed formula come from the same row. Columns of the file:

``id``
    The id: the name, then key columns of the frame in braces, ``fte.{role}.{area_code}.{census}``.
``frame``, ``column``
    Where the value stands (frames: the architecture page). Without a column the formula is worked out.
``unit``
    The unit; ``{unit}`` where it depends on the row: FTE or people.
``decimals``, ``decimals_of_england``, ``decimals_of_pcns``, ``decimals_under_1``
    Decimals in print, and where they differ: for England, for a PCN, and for a value between nothing and one.
``signed``
    ``yes``: printed with its sign.
``note``, ``note_left_out``
    The column with its shorthand, if any, and a shorthand that does not apply to it.
``where``, ``needs``
    Which rows have the figure: ``column=value`` or ``column≠value``, and a column that must hold something.
``lowest_level``
    The lowest level of geography at which the figure means something.
``censuses``, ``sources``
    The columns with the censuses whose inputs it rests on, and which rows of them were counted: :data:`SOURCES`.
``definition``, ``formula``, ``published_formula``
    Templates over the columns of the row. The last is for a figure taken from a published table.
"""

from __future__ import annotations

import csv
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.registers.files import RegisterFile, check_unique, register_path

NAME = "measures.csv"
SOURCES = (
    "rows",  # of the role, those that the measure of the row counts
    "rows:staff",  # of the role, NWRS Staff
    "rows:contracted",  # of the role, contracted services
    "rows:any",  # of every role
    "published",  # the figures of the bulletin tables, one for each role
    "published:2",  # two for each role
    "published:pcns",  # the number of active PCNs there
    "lists",  # the lists of registered patients
    "expected",  # what tells how many PCNs could have reported
    "deprivation",  # the map of practices and the scores of their patients
)
LEVELS_FROM_THE_TOP = ("england", "region", "icb", "sub_icb", "pcn")


def unit_of(measure: str) -> str:
    """The unit of a measure that has several: headcount is in people, the others in FTE."""
    return "people" if measure == "headcount" else "FTE"


@dataclass(frozen=True)
class MeasureDefinition:
    """One row of the register: see the module for what each field says."""

    id: str
    frame: str
    column: str
    unit: str
    decimals: int
    decimals_of_england: int
    decimals_of_pcns: int
    decimals_under_1: int
    signed: bool
    note: str
    note_left_out: str
    where: tuple[str, str, bool]
    needs: str
    lowest_level: str
    censuses: tuple[str, ...]
    sources: tuple[str, ...]
    definition: str
    formula: str
    published_formula: str

    @cached_property
    def name(self) -> str:
        """The first part of its ids."""
        return self.id.partition(".")[0]

    @cached_property
    def parts(self) -> tuple[tuple[str, bool], ...]:
        """The parts of an id after the name: a key column and true, or a fixed word and false."""
        return tuple((part.strip("{}"), part.startswith("{")) for part in self.id.split(".")[1:])

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The key columns of the frame, in the order of the id."""
        return tuple(part for part, is_key in self.parts if is_key)

    def series(self, measure: str = "") -> str:
        """What its ids say before the role or the area: ``fte``, and ``peak.headcount`` of a measure with measures."""
        shown = []
        for part, is_key in self.parts:
            if is_key and part != "measure":
                break
            shown.append(measure if is_key else part)
        return ".".join((self.name, *shown))

    @property
    def pattern(self) -> str:
        """The id as a person reads it: ``fte.<role>.<area_code>.<census>``."""
        return self.id.replace("{", "<").replace("}", ">")


def load_measures(path: Path | None = None) -> tuple[MeasureDefinition, ...]:
    """Read the register of measures.

    Raises
    ------
    RegisterError
        A wrong column, an unknown source or level, a template that cannot be filled, two ids that cannot be told apart
        by their name and number of parts.
    """
    file = RegisterFile(path or register_path(NAME))
    try:
        with file.path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise file.error(f"cannot be read ({error})") from error
    found = [_definition(file, line, row) for line, row in enumerate(rows, start=2)]
    check_unique(file, "id", [f"{definition.name} of {len(definition.parts)} parts" for definition in found])
    return tuple(found)


_COLUMNS = tuple(name for name in MeasureDefinition.__annotations__)


def _definition(file: RegisterFile, line: int, row: Mapping[str, str]) -> MeasureDefinition:
    if tuple(row) != _COLUMNS or None in row.values():
        raise file.error(f"line {line}: has not the columns of the register", _COLUMNS)
    texts = {name: row[name] for name in ("id", "definition", "formula", "published_formula")}
    for name, text in texts.items():
        try:
            list(string.Formatter().parse(text))
        except ValueError as error:
            raise file.error(f"line {line}: {name} cannot be filled ({error})") from error
    sources, level = tuple(row["sources"].split()), row["lowest_level"]
    if unknown := [source for source in sources if source not in SOURCES]:
        raise file.error(f"line {line}: source {unknown[0]!r} is not known", SOURCES)
    if level not in LEVELS_FROM_THE_TOP:
        raise file.error(f"line {line}: lowest_level {level!r} is not known", LEVELS_FROM_THE_TOP)
    decimals = row["decimals"]
    numbers = [decimals, *(row[f"decimals_{where}"] or decimals for where in ("of_england", "of_pcns", "under_1"))]
    if not all(number.isdigit() for number in numbers):
        raise file.error(f"line {line}: decimals are not whole numbers")
    if not row["formula"] or not row["definition"]:
        raise file.error(f"line {line}: a measure needs its definition and its formula")
    of_all, of_england, of_pcns, under_1 = map(int, numbers)
    return MeasureDefinition(
        **texts,
        **{name: row[name] for name in ("frame", "column", "unit", "note", "note_left_out", "needs")},
        decimals=of_all,
        decimals_of_england=of_england,
        decimals_of_pcns=of_pcns,
        decimals_under_1=under_1,
        signed=row["signed"] == "yes",
        where=_condition(row["where"]),
        lowest_level=level,
        censuses=tuple(row["censuses"].split()),
        sources=sources,
    )


def _condition(text: str) -> tuple[str, str, bool]:
    """``column``, ``value``, and whether they are to be equal; without a condition the column is empty."""
    sign = "≠" if "≠" in text else "="
    column, _, value = text.partition(sign)
    return column, value, sign == "="
