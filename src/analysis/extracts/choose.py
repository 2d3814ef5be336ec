"""Which of the extracts found a report of one period stands on: no census twice, nothing later, nothing mixed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from analysis.errors import ExtractError, first_few
from analysis.extracts.examine import Extract
from analysis.extracts.reading import Kind
from analysis.extracts.store import Piece, Store
from analysis.periods import month_label, parse_census, shift

# The list of the first of the next month is the nearest to a census, and is published in the middle of that month,
# before the extract of the census. The list of a month later is not: a report could not have known it.
LIST_MONTHS_AFTER = 1
_FILES_NAMED = 10  # in one sentence
LISTS: tuple[Kind, ...] = ("patients", "practice_map")
# What a report can do without: where it is too late, the reader is told, and nothing else is missing.
OPTIONAL: tuple[Kind, ...] = (*LISTS, "deprivation")
# What a date within its kind tells apart; two files that hold the same must not differ.
_ONE_LIST: dict[Kind, list[str]] = {
    "patients": ["list_date", "org_type"],
    "practice_map": ["list_date"],
    "deprivation": ["imd_year"],
}


def months_up_to(piece: Piece, period: str) -> list[str]:
    """The months of a piece that a report of ``period`` may use.

    Of the workforce and the bulletin tables none is later than the period; lists may be of the month after it.
    Of deprivation scores it is the years up to that of the period: no report could have known a later index.
    """
    if piece.kind == "deprivation":
        return [year for year in piece.rows if year <= period[:4]]
    last = shift(period, LIST_MONTHS_AFTER) if piece.kind in LISTS else period
    return [month for month in piece.rows if month <= last]


def choose_period(extracts: Sequence[Extract], period: str | None, published: Collection[str] = ()) -> str:
    """``period`` when a figure of it is there; by default the latest individual-level census, else the bulletin's.

    ``published`` are the censuses of the register of published totals. They are taken when they are asked for by name,
    and never by default: a report is about what somebody put into RAW unless they say otherwise. Beside synthetic
    extracts they are not taken at all.

    Raises
    ------
    ExtractError
        No extract and no published total holds the period; there is no period, and there are registered patients only.
    """
    individual = _censuses(extracts, "workforce")
    national = _censuses(extracts, "bulletin")
    taken_over = set() if any(extract.piece.synthetic for extract in extracts) else set(published)
    if period is not None:
        parse_census(period)
        if period in individual | national | taken_over:
            return period
    if not individual and not national:
        raise ExtractError(
            f"RAW holds no workforce, only lists of patients or practices: {_files(extracts)}.",
            "Rates divide the workforce by them; a report needs the workforce itself.",
            "Put at least one individual-level CSV or bulletin tables workbook in RAW."
            + (
                f" National totals are at hand for {min(taken_over)} to {max(taken_over)}: name one as PERIOD."
                if taken_over
                else ""
            ),
        )
    if period is None:
        return max(individual or national)
    there = sorted(individual | national)
    earlier = [census for census in there if census < period]
    nearest = max(earlier) if earlier else min(there)
    raise ExtractError(
        f"No extract holds the census of {month_label(period)} ({period}). There are: {', '.join(there)}.",
        "A report is made for a census that was taken and is in RAW, or whose national totals are in the register of "
        "published totals; figures are not carried over from another.",
        f"Choose one of them, for example PERIOD={nearest}, or put the extract of {month_label(period)} in RAW.",
    )


def _censuses(extracts: Iterable[Extract], kind: str) -> set[str]:
    return {census for extract in extracts if extract.piece.kind == kind for census in extract.piece.rows}


def _files(extracts: Sequence[Extract]) -> str:
    return first_few([extract.file for extract in extracts], _FILES_NAMED)


def once_each(extracts: Sequence[Extract], warnings: list[str]) -> list[Extract]:
    """Each content once; where it was found more than once, the loose file is taken before a member of an archive."""
    kept: dict[str, Extract] = {}
    copies: dict[str, list[Extract]] = {}
    for extract in sorted(extracts, key=lambda extract: ("!" in extract.file, extract.file)):
        first = kept.setdefault(extract.piece.sha256, extract)
        if first is not extract:
            copies.setdefault(first.piece.sha256, []).append(extract)
    for sha256, again in copies.items():
        have = "has" if len(again) == 1 else "have"
        warnings.append(f"{_files(again)} {have} the same content as {kept[sha256].file}: it is taken once.")
    return list(kept.values())


def refuse_two_of_one_census(workforce: Sequence[Extract]) -> None:
    """Stop at two individual-level extracts of one census whose content differs."""
    by_census: dict[str, Extract] = {}
    for extract in workforce:
        census = extract.piece.first_census
        first = by_census.setdefault(census, extract)
        if first is not extract:
            raise _differ(f"the census of {month_label(census)}", "rows", first, extract)


def refuse_two_of_one_list(lists: Sequence[Extract], store: Store) -> None:
    """Stop at two files of patients, practices or deprivation that hold the same list and differ."""
    seen: dict[tuple[object, ...], Extract] = {}
    for extract in lists:
        names = _ONE_LIST[extract.piece.kind]
        rows = store.table(extract.piece.sha256, names).group_by(names).aggregate([]).to_pylist()
        for key in sorted(tuple(row[name] for name in names) for row in rows):
            first = seen.setdefault((extract.piece.kind, *key), extract)
            if first is not extract:
                raise _differ(_list_in_words(extract.piece.kind, key), "rows", first, extract)


def _list_in_words(kind: Kind, key: tuple[Any, ...]) -> str:
    if kind == "deprivation":
        return f"the deprivation scores of {key[0]}"
    if kind == "practice_map":
        return f"the map of practices of {key[0]:%Y-%m-%d}"
    return f"the list of {key[0]:%Y-%m-%d} for {key[1]}"


def editions(bulletins: Sequence[Piece], period: str) -> dict[str, Piece]:
    """For each census up to ``period``, the workbook whose figures are used: the latest edition that has it.

    A later edition carries the publisher's revisions. How late an edition is, its last census tells.
    """
    oldest_first = sorted(bulletins, key=lambda piece: (piece.last_census, piece.sha256))
    return {census: piece for piece in oldest_first for census in sorted(piece.rows) if census <= period}


def refuse_two_of_one_edition(
    bulletins: Sequence[Extract], period: str, store: Store, warnings: list[str]
) -> list[Extract]:
    """Stop at two workbooks of one edition whose figures differ; where they agree, take one."""
    kept: dict[str, Extract] = {}
    for extract in bulletins:
        first = kept.setdefault(extract.piece.last_census, extract)
        if first is extract:
            continue
        figures = [_figures(store, e.piece.sha256, period) for e in (first, extract)]
        if figures[0] != figures[1]:
            count = len(figures[0].items() ^ figures[1].items())
            raise _differ(
                f"one edition (to the same last census), with {count:,} figures that differ,", "figures", first, extract
            )
        warnings.append(f"{extract.file} has the same figures as {first.file}: it is taken once.")
    return list(kept.values())


def _figures(store: Store, sha256: str, period: str) -> dict[tuple[str, str, str, int], float]:
    rows = store.table(sha256).to_pylist()
    return {(r["measure"], r["census"], r["label"], r["file_row"]): r["value"] for r in rows if r["census"] <= period}


def refuse_real_with_synthetic(extracts: Sequence[Extract]) -> bool:
    """Whether the extracts are synthetic: all or none of them."""
    synthetic = [extract for extract in extracts if extract.piece.synthetic]
    real = [extract for extract in extracts if not extract.piece.synthetic]
    if synthetic and real:
        raise ExtractError(
            f"Synthetic extracts stand beside real ones. Synthetic: {_files(synthetic)}. Real: {_files(real)}.",
            "Invented figures beside real ones would be published as real.",
            "Keep the sample in its own folder, and give the other one as RAW.",
        )
    return bool(synthetic)


def _differ(what: str, counted: str, first: Extract, second: Extract) -> ExtractError:
    holdings = " and ".join(f"{e.file} ({counted}: {sum(e.piece.rows.values()):,})" for e in (first, second))
    return ExtractError(
        f"Two files hold {what} and differ: {holdings}.",
        "There is no way to tell which of them is right, and both together would count people twice.",
        "Keep the one from the latest release in RAW and move the other out.",
    )
