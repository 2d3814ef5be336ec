"""From a folder of raw files to typed Parquet pieces and a catalogue of what a report stands on."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

from tqdm import tqdm

from analysis.errors import ExtractError
from analysis.extracts.catalogue import Catalogue, Input, LeftOut, grouped
from analysis.extracts.choose import (
    OPTIONAL,
    choose_period,
    editions,
    months_up_to,
    once_each,
    refuse_real_with_synthetic,
    refuse_two_of_one_census,
    refuse_two_of_one_edition,
    refuse_two_of_one_list,
)
from analysis.extracts.examine import Extract, Found, examine
from analysis.extracts.limits import MOST_NOTES
from analysis.extracts.reading import Kind
from analysis.extracts.store import Store
from analysis.extracts.walk import LooseFile, loose_files
from analysis.periods import month_label, parse_census

# Two files of 200 MB each are all that is held in memory, and more threads than that wait for each other.
_AT_ONCE = 2
_LISTED = 10  # files named in the message when nothing is recognised: a screenful


def ingest(raw: Path, processed: Path, period: str | None = None, published: Collection[str] = ()) -> Catalogue:
    """Recognise and read every extract under ``raw`` and choose those of a report for ``period``.

    Typed pieces go to ``processed/extracts``, keyed by content; what is there already is not read again. ``raw`` is
    never written to. Only extracts of censuses up to ``period`` are used, so that an old report can be made again.

    Parameters
    ----------
    raw
        Folder of extracts, loose or zipped, at any depth.
    processed
        Folder of derived files.
    period
        Census ``YYYY-MM``; by default the latest with an individual-level extract, else the latest of the bulletin
        tables.
    published
        Censuses whose national totals are in the register of published totals: a ``period`` that was asked for may be
        one of them.

    Raises
    ------
    NoExtracts
        ``raw`` is not there or holds no file.
    ExtractError
        Nothing is recognised; an extract has faults; no extract holds the period; two extracts contradict.
    UsageError
        ``period`` is no census month.
    """
    if period is not None:
        parse_census(period)
    store = Store(processed)
    files, left_out = loose_files(raw, processed)
    examined = _examined(files, store)
    store.digests.save()
    found = [extract for extracts, _ in examined for extract in extracts]
    if not found:
        raise _nothing_recognised([*left_out, *(entry for _, entries in examined for entry in entries)])
    period = choose_period(found, period, published)
    for extracts, entries in examined:
        # What lies in an archive beside a later extract is later too, and none of this report's business.
        if not extracts or any(months_up_to(extract.piece, period) for extract in extracts):
            left_out += entries
    return _catalogue(found, left_out, period, store)


def _examined(files: Sequence[LooseFile], store: Store) -> list[Found]:
    """What each file holds, in their order; the first fault in that order is raised.

    Unzipping, parsing and writing leave Python to other threads, so that as many files are read at once.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            found = pool.map(functools.partial(examine, store=store), files)
            return [*tqdm(found, desc="Reading extracts", total=len(files), unit="file", disable=None)]
        except BaseException:  # an interrupt, too, does not wait for files that are not begun
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _catalogue(found: Sequence[Extract], left_out: list[LeftOut], period: str, store: Store) -> Catalogue:
    warnings: list[str] = []
    used = once_each([extract for extract in found if months_up_to(extract.piece, period)], warnings)
    by_kind = {kind: [extract for extract in used if extract.piece.kind == kind] for kind in get_args(Kind)}
    refuse_two_of_one_census(by_kind["workforce"])
    refuse_two_of_one_list([*by_kind["patients"], *by_kind["practice_map"], *by_kind["deprivation"]], store)
    passed_over = [extract for extract in found if not months_up_to(extract.piece, period)]
    left_out += [_too_late(extract) for extract in passed_over if extract.piece.kind in OPTIONAL]
    by_kind["bulletin"] = refuse_two_of_one_edition(by_kind["bulletin"], period, store, warnings)
    by_kind["bulletin"] = _without_superseded(by_kind["bulletin"], period, left_out, warnings)
    used = [extract for extracts in by_kind.values() for extract in extracts]
    censuses_used = _censuses_used(by_kind["bulletin"], period)
    inputs = [
        _input(extract, censuses_used.get(extract.piece.sha256) or months_up_to(extract.piece, period))
        for extract in used
    ]
    for extract in used:
        warnings += _notes(extract, period)
    return Catalogue(
        period=period,
        national_only=all(extract.piece.first_census != period for extract in by_kind["workforce"]),
        synthetic=refuse_real_with_synthetic(used),
        inputs=tuple(sorted(inputs, key=lambda i: (i.kind, i.first_census, i.last_census, i.name, i.file))),
        left_out=grouped(left_out),
        warnings=tuple(sorted(warnings)),
        later=len({extract.piece.sha256 for extract in passed_over if extract.piece.kind not in OPTIONAL}),
        from_register=not any(
            period in extract.piece.rows for extract in [*by_kind["workforce"], *by_kind["bulletin"]]
        ),
    )


def _too_late(extract: Extract) -> LeftOut:
    first = extract.piece.first_census
    if extract.piece.kind == "deprivation":
        return LeftOut(extract.file, f"its index of {first} is later than the census of the report")
    date = month_label(first)
    return LeftOut(extract.file, f"its list of {date} was published later than the extract of the report’s census")


def _censuses_used(bulletins: Sequence[Extract], period: str) -> dict[str, list[str]]:
    used: dict[str, list[str]] = {}
    for census, piece in editions([extract.piece for extract in bulletins], period).items():
        used.setdefault(piece.sha256, []).append(census)
    return used


def _without_superseded(
    bulletins: list[Extract], period: str, left_out: list[LeftOut], warnings: list[str]
) -> list[Extract]:
    """The workbooks some census is taken from; the others are left out, and overlaps are noted."""
    used = _censuses_used(bulletins, period)
    kept = []
    for extract in bulletins:
        replaced = sorted(set(months_up_to(extract.piece, period)) - set(used.get(extract.piece.sha256, [])))
        if extract.piece.sha256 not in used:
            left_out.append(LeftOut(extract.file, "a later edition of the bulletin tables has each of its censuses"))
            continue
        if replaced:
            span = replaced[0] if len(replaced) == 1 else f"{replaced[0]} to {replaced[-1]}, {len(replaced)} censuses,"
            warnings.append(f"{extract.file} is not used for {span} because a later edition of the tables has it too.")
        kept.append(extract)
    return kept


def _input(extract: Extract, censuses: Sequence[str]) -> Input:
    piece = extract.piece
    return Input(
        file=extract.file,
        name=extract.name,
        kind=piece.kind,
        sha256=piece.sha256,
        first_census=min(censuses),
        last_census=max(censuses),
        rows=sum(piece.rows[census] for census in censuses),
        encoding=piece.encoding,
        bytes=piece.bytes,
    )


def _notes(extract: Extract, period: str) -> list[str]:
    """What was noticed about an extract, as far as it concerns censuses up to the period."""
    piece = extract.piece
    usable = months_up_to(piece, period)
    texts = [note.text for note in piece.notes if note.census is None or note.census in usable]
    # A workbook marks one kind of oddity for each census; it is told once.
    notes = [f"{extract.file} {text}" for text in dict.fromkeys(texts)]
    if len(notes) > MOST_NOTES:
        notes[MOST_NOTES:] = [f"{extract.file} has {len(notes) - MOST_NOTES:,} more oddities of its form."]
    # The month in a bulletin's name is that of its last census; cut by the period, it is none of the report's business.
    if piece.last_census in usable and extract.named and piece.last_census not in extract.named:
        named = " and ".join(month_label(census) for census in sorted(extract.named))
        notes.append(
            f"{extract.file} is named for {named} and holds {month_label(piece.last_census)}: the month inside is used."
        )
    return notes


def _nothing_recognised(left_out: Sequence[LeftOut]) -> ExtractError:
    entries = grouped(left_out)
    listed = "".join(f"\n    {entry.file}: {entry.reason}." for entry in entries[:_LISTED])
    more = sum(entry.files for entry in entries[_LISTED:])
    rest = f"\n    and {more:,} more." if more else ""
    return ExtractError(
        f"RAW holds no extract among its files ({len(left_out):,}):{listed}{rest}",
        "A report is made from individual-level CSVs or bulletin tables of Primary Care Network Workforce.",
        "Put them in RAW as published, loose or zipped, or name another folder: make report RAW=DIR.",
    )
