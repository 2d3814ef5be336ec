"""Writing the sample: every file, in a folder that appears whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from analysis.errors import UsageError
from analysis.periods import month_label, parse_census, shift
from analysis.sample.archives import zipped
from analysis.sample.bulletin import bulletin_workbook, definitions_workbook
from analysis.sample.further_roles import roles_of_sample
from analysis.sample.geography import MARK
from analysis.sample.layouts import individual_csv, member_name, zip_name
from analysis.sample.networks import make_networks
from analysis.sample.patients import (
    DEPRIVATION,
    LISTS,
    MAP_MEMBER,
    MEMBER,
    deprivation_csv,
    patients_csv,
    practice_map_csv,
)
from analysis.sample.totals import ARRS, Totals, load_totals
from analysis.sample.workforce import make_rows

LABEL = "README.txt"  # a name that ingest passes over
LABEL_FIRST_LINE = f"{MARK} EXTRACTS"
LABEL_TEXT = (
    f"{LABEL_FIRST_LINE}\n\n"
    "Invented Primary Care Networks and people, written by `analysis sample`. National totals by role, and numbers\n"
    "of PCNs, are those published by NHS Digital (Primary Care Network Workforce); everything below them is invented.\n"
    "Do not quote. The folder may be deleted; it can be made again, byte for byte.\n"
)
DEFINITIONS = "0.Primary Care Network Individual-Level CSV overall definitions.xlsx"
CUMULATIVE_TO = "2020-12"  # early zips held every census to date
ZIPS_FROM = "2022-12"  # of 2021 and 2022 the extracts that are held are CSVs without their zip
DEFINITIONS_FROM = "2025-01"  # the date of the workbook in the zip of June 2026
QUARTERS_TO = "2022-12"
# Since 2023 the sample has, unless it is whole, the census of the end of each financial year, and the last with those
# a month, a quarter and a year before it: what the comparisons of its report need, in a fifth of the rows.
YEAR_END = "03"
BEFORE_THE_LAST = (0, 1, 3, 12)


def write_sample(folder: Path, *, first: str = "", last: str = "", full: bool = False) -> list[Path]:
    """Write synthetic extracts of the censuses ``first`` to ``last`` into ``folder``; return the files, sorted.

    All of them from March 2020 to June 2026 when not given. There is an extract of every census to December 2022, and
    since then of those that `extracts_of` names, or of every one when ``full``. The bulletin workbook has all censuses
    from ``first`` to ``last`` in either case, as the real ones have. The same bytes each time and on each platform. A
    census does not depend on ``first``, ``last`` and ``full``, which only say what is written. ``folder`` must not
    exist, be empty, or be an earlier sample, which is replaced.

    Raises
    ------
    UsageError
        ``folder`` holds anything else; ``first`` or ``last`` is not a census of the sample, or they are out of order.
    """
    totals = load_totals()
    known = totals.censuses
    censuses = _span(parse_census(first or known[0]), parse_census(last or known[-1]), known)
    _check_replaceable(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        made = Path(scratch) / "sample"
        for name, content in _files(censuses, censuses if full else extracts_of(censuses), totals):
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(content)
            written.append(name)
        if folder.exists():
            folder.rename(Path(scratch) / "replaced")
        made.rename(folder)
    return sorted(folder / name for name in written)


def extracts_of(censuses: list[str]) -> list[str]:
    """Those of ``censuses`` whose extracts the sample has when it is not whole."""
    compared = {shift(censuses[-1], -months) for months in BEFORE_THE_LAST}
    return [census for census in censuses if census <= QUARTERS_TO or census.endswith(YEAR_END) or census in compared]


def _files(censuses: list[str], extracts: list[str], totals: Totals) -> Iterator[tuple[str, bytes]]:
    """Path in the folder, and content, of each file of the sample, one after the other."""
    roles, networks = roles_of_sample(), make_networks(totals)
    arrs = frozenset(roles.members(ARRS))
    yield LABEL, LABEL_TEXT.encode()
    early: dict[str, bytes] = {DEFINITIONS: definitions_workbook()}
    last_early = max((census for census in extracts if census <= CUMULATIVE_TO), default="")
    for census in tqdm(extracts, desc="Sample", unit="census", disable=None):
        number = totals.censuses.index(census) + 1 if census <= QUARTERS_TO else 1
        name = member_name(number, census)
        content = individual_csv(census, make_rows(census, networks, totals, arrs), networks.at(census), roles)
        if census <= last_early:
            early[name] = content
        elif census < ZIPS_FROM:
            yield name, content
        else:
            beside = {DEFINITIONS: definitions_workbook()} if census >= DEFINITIONS_FROM else {}
            yield zip_name(census), zipped(beside | {name: content})
        if census == last_early:
            yield zip_name(census), zipped(early)
            early.clear()
    bulletin = f"PCNW {month_label(censuses[-1])} - Bulletin tables.xlsx"
    yield bulletin, bulletin_workbook(totals, censuses, roles)
    lists = [made for made in LISTS if made.census in extracts]
    for made in lists:
        folder = f"patients/{made.census}"
        yield f"{folder}/{Path(MEMBER).stem}.zip", zipped({MEMBER: patients_csv(made, networks)})
        if made.map_style:
            yield f"{folder}/{Path(MAP_MEMBER).stem}.zip", zipped({MAP_MEMBER: practice_map_csv(made, networks)})
    if any(made.map_style for made in lists):
        yield f"deprivation/{DEPRIVATION}", deprivation_csv(networks)


def _span(first: str, last: str, censuses: tuple[str, ...]) -> list[str]:
    for name, census in (("first", first), ("last", last)):
        if census not in censuses:
            raise UsageError(
                f"The sample has no census {census} ({name}).",
                "It is calibrated to the published totals by role, census by census.",
                f"Choose one of {', '.join(censuses)}.",
            )
    if first > last:
        raise UsageError(
            f"The first census, {first}, is later than the last, {last}.",
            "The sample is written from the first to the last.",
            "Swap the two.",
        )
    return [census for census in censuses if first <= census <= last]


def _check_replaceable(folder: Path) -> None:
    """Refuse to write over anything but a sample: raw files are never written to."""
    label = folder / LABEL
    if not folder.exists() or (label.is_file() and label.read_bytes().startswith(LABEL_FIRST_LINE.encode())):
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise UsageError(
            f"{folder} holds files that are not the sample.",
            "Raw files are never overwritten, and real and synthetic extracts must not be mixed.",
            "Name a folder that does not exist yet, or an empty one.",
        )
