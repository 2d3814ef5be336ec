"""New published totals, taken over from a bulletin workbook into the register ``published.csv``.

The register is data that an analyst edits and git keeps: rows that are as they were keep their bytes, so that a diff
shows what the publisher added or revised and nothing else.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import ExtractError, RegisterError
from analysis.extracts import archives
from analysis.extracts.bulletin import read_bulletin
from analysis.extracts.limits import LARGEST_EXTRACT_BYTES
from analysis.extracts.recognise import is_workbook, recognise_workbook
from analysis.extracts.walk import loose_files
from analysis.extracts.workbook import Workbook
from analysis.registers.files import register_path
from analysis.registers.published import ALL, BULLETIN_SOURCES, COLUMNS, KEY, NAME, load_published
from analysis.registers.roles import UNKNOWN, load_roles
from analysis.settings import PROCESSED, resolve

if TYPE_CHECKING:
    import pandas as pd

_ZIP = b"PK\x03\x04"  # how a workbook begins, and any other archive
DECIMALS = 6  # of FTE in the register: beyond them a workbook has only what its arithmetic left
_HALF = 0.5 * 10**-DECIMALS
_DUST = 1e-9  # what binary arithmetic leaves of half a unit in the last place


@dataclass(frozen=True)
class Figure:
    """A published figure that the register does not have, or has otherwise (``before``)."""

    measure: str
    census: str
    role: str
    value: float
    before: float | None = None

    def __str__(self) -> str:
        """``fte of splw, 2025-12: 2,701.5``, with what the register has where it has another figure."""
        whole = "" if self.role == ALL else f" of {self.role}"
        was = "" if self.before is None else f" (the register has {as_written(self.before)})"
        return f"{self.measure}{whole}, {self.census}: {as_written(self.value)}{was}"


@dataclass(frozen=True)
class RegisterUpdate:
    """What a workbook would change in the register.

    ``added`` are figures that the register does not have, ``revised`` those that it has otherwise, ``equal`` counts the
    others. ``kept`` counts figures of the bulletin tables in the register that the workbook has no more, and
    ``unknown_labels`` are rows of the workbook whose role the vocabulary does not know: neither is taken over.
    """

    workbook: str
    edition: str
    added: tuple[Figure, ...]
    revised: tuple[Figure, ...]
    equal: int
    kept: int
    unknown_labels: tuple[str, ...]


def update_register(raw: Path, *, accept_revisions: bool = False, path: Path | None = None) -> RegisterUpdate:
    """Take the published totals of the newest bulletin workbook under ``raw`` over into the register.

    The register (``path``; the one of the package by default) is written only when there is something to change, and
    appears whole or not at all. Figures that it has otherwise are changed with ``accept_revisions`` alone.

    Raises
    ------
    ExtractError
        No bulletin workbook of the publisher; one that ends before the register does; one that cannot be read.
    RegisterError
        Revised figures without ``accept_revisions``; a register that does not pass its checks or cannot be written.
    """
    path = path or register_path(NAME)
    published = load_published(path)
    workbook, figures, unknown = _newest_workbook(raw)
    edition = str(figures["census"].max())
    latest = str(published["edition"].max())
    if edition < latest:
        raise ExtractError(
            f"{workbook} ends with {edition}, and {NAME} holds the figures of the edition of {latest}.",
            "Figures of an older edition would undo what the publisher has revised since.",
            "Put the newest bulletin tables into the folder, for example with `analysis fetch --what bulletin`.",
        )
    update = _compare(published, figures, workbook, edition, unknown)
    if update.revised and not accept_revisions:
        raise RegisterError(
            f"{len(update.revised)} figures of {workbook} are not those of {NAME}: "
            + "; ".join(map(str, update.revised[:_TOLD]))
            + (f"; and {len(update.revised) - _TOLD} more" if len(update.revised) > _TOLD else "")
            + ". Nothing was written.",
            "Reports that were made with the old figures would come out otherwise.",
            "Look at what the publisher says of revisions. To take the new figures over: `analysis register "
            "--accept-revisions` (make register ACCEPT=1).",
        )
    if update.added or update.revised:
        _write(path, _rewritten(path.read_text(encoding="utf-8"), update))
    return update


_TOLD = 20  # figures in a message: more than these are read in the diff


def as_written(value: float) -> str:
    """A figure as it stands in the register: as many decimals as it has, six at most."""
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _newest_workbook(raw: Path) -> tuple[str, pd.DataFrame, tuple[str, ...]]:
    """The bulletin workbook with the latest census under ``raw``: its name, its figures and its unknown labels."""
    found: list[tuple[str, str, pd.DataFrame, tuple[str, ...]]] = []
    for loose in loose_files(raw, resolve(PROCESSED))[0]:
        try:
            with loose.path.open("rb") as stream:
                if stream.read(len(_ZIP)) != _ZIP:
                    continue
                stream.seek(0)
                data = stream.read(LARGEST_EXTRACT_BYTES + 1)
        except OSError as error:
            raise ExtractError(
                f"{loose.file} cannot be read: {error.strerror or error}.",
                "It may be the workbook with the newest figures.",
                "Give yourself permission to read it, or move it out of the folder.",
            ) from error
        if len(data) > LARGEST_EXTRACT_BYTES:
            continue  # larger than any workbook of the series: an archive of other data
        with archives.opened(loose.file, data) as archive:
            if not is_workbook(archive):
                continue
        book = Workbook(loose.file, data)
        if recognise_workbook(book) is not None:
            continue
        reading = read_bulletin(book)
        if reading.synthetic:
            continue
        figures, unknown = _figures(reading.table.to_pandas())
        found.append((str(figures["census"].max()), loose.file, figures, unknown))
    if not found:
        raise ExtractError(
            f"{raw} holds no bulletin tables of the publisher.",
            "The register is filled from Tables 1a and 1b of the workbook; synthetic ones and archives do not count.",
            "Put the workbook (PCNW <Month> <Year> - Bulletin tables.xlsx) into the folder, for example with `analysis "
            "fetch --what bulletin`.",
        )
    _, name, figures, unknown = max(found, key=lambda item: item[:2])
    return name, figures, unknown


def _figures(bulletin: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """``measure, census, role, value`` of all genders, and the labels of roles that the vocabulary does not know."""
    frame = bulletin[bulletin["gender"].astype("str") == "all"].dropna(subset="value")
    frame = load_roles().with_bulletin_role(frame)
    strange = frame["role"] == UNKNOWN
    unknown = tuple(sorted(frame.loc[strange, "label"].astype("str").unique()))
    named = frame[~strange].astype({"measure": "str", "census": "str", "role": "str"})
    sums: pd.DataFrame = named.groupby(["measure", "census", "role"])["value"].sum().reset_index()
    return sums, unknown


def _compare(
    published: pd.DataFrame, figures: pd.DataFrame, workbook: str, edition: str, unknown: tuple[str, ...]
) -> RegisterUpdate:
    held = published[(published["edition"] != "") & (published["data_source"] == ALL)]
    before, new = _by_key(held), _by_key(figures)
    added = [Figure(*key, value) for key, value in new.items() if key not in before]
    both = [Figure(*key, value, before[key]) for key, value in new.items() if key in before]
    revised = [figure for figure in both if abs(figure.value - (figure.before or 0.0)) > _HALF + _DUST]
    equal, kept = len(both) - len(revised), len(before.keys() - new.keys())
    return RegisterUpdate(workbook, edition, tuple(added), tuple(revised), equal, kept, unknown)


def _by_key(figures: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Figures by measure, census and role."""
    columns = (figures[name].astype("str") for name in ("measure", "census", "role"))
    return dict(zip(zip(*columns, strict=True), figures["value"].astype("float64"), strict=True))


def _rewritten(text: str, update: RegisterUpdate) -> str:
    """The register with the figures of an update: rows that do not change keep their bytes, new ones their place."""
    lines = text.splitlines(keepends=True)
    rows = {tuple(next(csv.reader([line]))[: len(KEY)]): line for line in lines[1:]}
    for figure in (*update.added, *update.revised):
        key = (figure.measure, figure.census, figure.role, ALL)
        fields = dict(zip(KEY, key, strict=True)) | {
            "value": as_written(figure.value),
            "source": BULLETIN_SOURCES[figure.measure],
            "edition": update.edition,
        }
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow([fields[column] for column in COLUMNS])
        rows[key] = out.getvalue()
    return lines[0] + "".join(rows[key] for key in sorted(rows))


def _write(path: Path, text: str) -> None:
    """Write the register beside itself, check it as any reader would, and put it in place in one step."""
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=f".{path.stem}-", suffix=".csv", delete=False
        ) as stream:
            temporary = stream.name
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        load_published(Path(temporary))
        Path(temporary).chmod(path.stat().st_mode & 0o777)
        Path(temporary).replace(path)
    except OSError as error:
        raise RegisterError(
            f"{path} cannot be written: {error.strerror or error}.",
            "The new figures would be lost; the register is as it was.",
            "Give yourself permission to write the file and its folder, make room on the disk, and run it again.",
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
