"""The data dictionary as a CSV and as a page: the files in the groups of the workbook, each with its columns."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from analysis.publish.checks import require
from analysis.publish.context import PageContext
from analysis.publish.dictionary import (
    DICTIONARY_CSV,
    DICTIONARY_PAGE,
    DictionaryEntry,
    dictionary_csv,
    fact_entries,
    own_entries,
    read_table_entries,
)
from analysis.publish.fact_files import CSV as FACTS_CSV
from analysis.publish.fact_files import PARQUET
from analysis.publish.outline import Heading, slug
from analysis.publish.shell import fill
from analysis.registers.measures import MeasureDefinition
from analysis.tables.workbook_groups import GROUPS, OTHER, group_of

DICTIONARY_TITLE = "Data dictionary"
DICTIONARY_DESCRIPTION = "What each column of each file, and each measure of the figures, means."
_FIGURES, _ITSELF = "Figures of all areas", "This dictionary"
_TITLES_OF_FILES = {FACTS_CSV: "The figures of England, regions, ICBs, sub-ICB locations and networks"}
# The columns of the figures whose values the dictionary lists.
_LISTED = ("measure", "role", "level", "unit", "status", "source", "note")


@dataclass(frozen=True)
class DictionaryFile:
    """A file, what it holds, and its columns and measures."""

    name: str
    title: str
    columns: tuple[DictionaryEntry, ...]
    measures: tuple[DictionaryEntry, ...]

    @property
    def anchor(self) -> str:
        """The id of its heading."""
        return f"file-{slug(self.name)}"


@dataclass(frozen=True)
class DictionaryGroup:
    """Files that belong together."""

    title: str
    files: tuple[DictionaryFile, ...]

    @property
    def anchor(self) -> str:
        """The id of its heading."""
        return f"group-{slug(self.title)}"


def write_dictionary(
    measures: Sequence[MeasureDefinition], roles: Mapping[str, str], folder: Path, *, context: PageContext
) -> None:
    """Write ``dictionary.csv`` and ``dictionary.html`` into the folder of a report, and check the page.

    ``roles`` has the names of roles by code. The columns described are those of the CSVs in ``tables/``, as
    ``tables.json`` there lists them, of ``facts.csv`` and of the dictionary.

    Raises
    ------
    PageError
        When the page does not pass its own checks.
    """
    figures, synthetic = pd.read_parquet(folder / PARQUET, columns=list(_LISTED)), context.synthetic
    of_tables, titles = read_table_entries(folder / "tables")
    entries = [
        *fact_entries(figures, measures, roles, synthetic=synthetic),
        *of_tables,
        *own_entries(),
    ]
    (folder / DICTIONARY_CSV).write_text(dictionary_csv(entries), encoding="utf-8", newline="")
    context = dataclasses.replace(context, title=DICTIONARY_TITLE, description=DICTIONARY_DESCRIPTION)
    page = render_dictionary(entries, titles, context)
    require(page, kind="dictionary")
    (folder / DICTIONARY_PAGE).write_text(page, encoding="utf-8")


def render_dictionary(entries: Iterable[DictionaryEntry], titles: Mapping[str, str], context: PageContext) -> str:
    """Render the dictionary; ``titles`` has the title of each table by the name of its file."""
    by_file: dict[str, list[DictionaryEntry]] = {}
    for entry in entries:
        by_file.setdefault(entry.file, []).append(entry)
    groups: dict[str, list[DictionaryFile]] = {}
    for name, of_file in by_file.items():
        title = titles.get(name) or _TITLES_OF_FILES.get(name, DICTIONARY_TITLE)
        parts = [tuple(entry for entry in of_file if entry.kind == kind) for kind in ("column", "measure")]
        groups.setdefault(_group_of_file(name), []).append(DictionaryFile(name, title, parts[0], parts[1]))
    order = (_FIGURES, *(title for title, _ in GROUPS), OTHER, _ITSELF)
    in_order = [DictionaryGroup(title, tuple(groups[title])) for title in order if title in groups]
    return fill(
        "dictionary.html.j2",
        context=context,
        contents=tuple(Heading(group.anchor, group.title) for group in in_order),
        groups=in_order,
        csv_name=DICTIONARY_CSV,
        card_data=Markup(),
    )


def _group_of_file(name: str) -> str:
    """The group of a file by its path in the report."""
    folder, _, file = name.rpartition("/")
    if folder:
        return group_of(file.removesuffix(".csv"))
    return _FIGURES if name == FACTS_CSV else _ITSELF
