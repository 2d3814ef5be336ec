"""What the checks make of each corruption: the tables of docs/power-of-the-checks.md are computed here.

``python tests/quality/power.py`` writes them anew, in some minutes.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from quality import corruptions as made
from quality import quick_engine

from analysis.errors import UserError
from analysis.extracts import ingest, load_bulletin, load_patients, load_workforce
from analysis.quality import Validation, engine, validate
from analysis.registers.published import load_published
from analysis.registers.roles import load_roles

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "power-of-the-checks.md"
TODAY = dt.date(2026, 11, 1)
LATEST = "2025-11"  # of the workbook: the register that it is held against ends before
_LARGEST = 1e9
HEADER = "| what was done | how much | link workers, FTE | by itself | beside the one before |\n|---|---|---|---|---|"
HEADINGS = ("Individual-level extract", "List of registered patients", "Bulletin tables")


@dataclass(frozen=True)
class Judged:
    """How a folder came out: ``stopped``, ``warned``, ``passed`` or ``refused``, by which checks, and the FTE."""

    outcome: str
    checks: tuple[str, ...]
    fte: float

    def __str__(self) -> str:
        return f"{self.outcome}: {', '.join(f'`{check}`' for check in self.checks)}" if self.checks else self.outcome


@dataclass(frozen=True)
class Case:
    """A corruption, with the folder that it stands in alone and the one where it stands beside what came before."""

    what: str
    size: str
    write: Callable[[], None]
    alone: Path
    beside: Path
    published: pd.DataFrame
    period: str | None = None  # by default the newest extract's


def workforce_cases(real: Path, work: Path) -> Iterator[Case]:
    """Each corruption of September 2022, rewritten as October 2022, alone and beside September 2022."""
    source = next(real.rglob("*September 2022*.csv"))
    october = made.without_negatives(made.dated("2022", "10")(made.read(source)))
    alone, beside = _folders(work / "workforce")
    shutil.copy(source, beside / "september.csv")
    for one in made.WORKFORCE:
        write = _writer(
            [alone / "october.csv", beside / "october.csv"], lambda one=one: made.written(one.change(october))
        )
        yield Case(one.what, one.size, write, alone, beside, load_published())


def list_cases(real: Path, work: Path) -> Iterator[Case]:
    """Each corruption of the list of March 2022, rewritten as of October, alone and beside that of March 2022."""
    extract = next(real.rglob("*September 2022*.csv"))
    source = next(real.rglob("gp-reg-pat-prac-quin-age-2022-03.csv"))
    october = made.list_dated("2022-10-01")(made.read(source, "utf-8"))
    alone, beside = _folders(work / "lists")
    for folder in (alone, beside):
        rows = made.without_negatives(made.dated("2022", "10")(made.read(extract)))
        (folder / "october.csv").write_bytes(made.written(rows))
    shutil.copy(source, beside / "march-patients.csv")
    for one in made.LISTS:
        paths = [folder / "october-patients.csv" for folder in (alone, beside)]
        write = _writer(paths, lambda one=one: made.written(one.change(october)))
        yield Case(one.what, one.size, write, alone, beside, load_published())


def workbook_cases(real: Path, work: Path) -> Iterator[Case]:
    """Each corruption of the workbook of November 2025, against a register that ends before, and beside extracts."""
    source = next(real.rglob("PCNW November 2025*.xlsx")).read_bytes()
    alone, beside = _folders(work / "workbooks")
    shutil.copy(next(real.rglob("*September 2022*.csv")), beside / "september.csv")
    register = load_published()
    for one in made.WORKBOOKS:
        paths = [folder / "bulletin.xlsx" for folder in (alone, beside)]
        write = _writer(paths, lambda one=one: _book(source, one.change))
        known = register[register["census"].astype(str) < LATEST]
        yield Case(one.what, one.size, write, alone, beside, known, one.census)


CASES = (workforce_cases, list_cases, workbook_cases)


def judge(case: Case, raw: Path, processed: Path, ignored: frozenset[str] = frozenset()) -> Judged:
    """Read a folder of a case and put it through the gate. ``ignored`` are warnings that stand without any corruption."""
    roles, published = load_roles(), case.published
    try:
        catalogue = ingest(raw, processed, case.period, published=published["census"].astype(str).unique())
        workforce = roles.with_role(load_workforce(catalogue, processed))
        bulletin = roles.with_bulletin_role(load_bulletin(catalogue, processed))
        patients = load_patients(catalogue, processed)
    except UserError:
        return Judged("refused by the reader", (), float("nan"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "examine", quick_engine.examine)
        validation = validate(
            workforce, bulletin, catalogue=catalogue, patients=patients, published=published, today=TODAY
        )
    rows = workforce[(workforce["census"] == catalogue.period) & (workforce["role"] == "splw")]
    cells = bulletin[(bulletin["census"] == catalogue.period) & (bulletin["role"] == "splw")]
    cells = cells[(cells["measure"] == "fte") & (cells["gender"] == "all")]
    return _judged(validation, float(rows["fte"].sum() if len(rows) else cells["value"].sum()), ignored)


def table(cases: Callable[[Path, Path], Iterator[Case]], real: Path, work: Path) -> str:
    """One table of the page: a line for each corruption."""
    lines = [HEADER]
    ignored: dict[Path, frozenset[str]] = {}
    for case in cases(real, work):
        case.write()
        results = []
        for folder in (case.alone, case.beside):
            result = judge(case, folder, work / "processed", ignored.get(folder, frozenset()))
            if case.what == made.NOTHING and result.outcome == "warned":
                ignored[folder] = frozenset(result.checks)
                result = Judged("passed", (), result.fte)
            results.append(result)
        fte = results[0].fte
        printed = "–" if math.isnan(fte) else f"{fte:,.2f}" if fte < _LARGEST else f"{fte:.0e}"
        lines.append(f"| {case.what} | {case.size} | {printed} | {results[0]} | {results[1]} |")
    return "\n".join(lines)


def page(text: str, made_tables: list[str]) -> str:
    """The page with its tables replaced, each under its heading."""
    for heading, table in zip(HEADINGS, made_tables, strict=True):
        start = text.index("| what was done", text.index(f"## {heading}\n"))
        end = text.find("\n\n", start)
        text = text[:start] + table + (text[end:] if end >= 0 else "\n")
    return text


def _judged(validation: Validation, fte: float, ignored: frozenset[str]) -> Judged:
    stops = tuple(check.id for check in validation.checks if check.stops)
    if stops:
        return Judged("stopped", stops, fte)
    warnings = tuple(check.id for check in validation.warnings if check.id not in ignored)
    return Judged("warned", warnings, fte) if warnings else Judged("passed", (), fte)


def _folders(work: Path) -> tuple[Path, Path]:
    alone, beside = work / "alone", work / "beside"
    for folder in (alone, beside):
        folder.mkdir(parents=True)
    return alone, beside


def _writer(paths: list[Path], content: Callable[[], bytes]) -> Callable[[], None]:
    def write() -> None:
        data = content()
        for path in paths:
            path.write_bytes(data)

    return write


def _book(source: bytes, change: made.BookChange) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(source))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        made_tables = [table(cases, ROOT.parent / "shared" / "data", Path(temporary)) for cases in CASES]
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), made_tables), encoding="utf-8")
