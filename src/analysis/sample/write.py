"""Writing the sample: every file, in a folder that appears whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tqdm import tqdm

from analysis.errors import UsageError
from analysis.periods import month_label, parse_census
from analysis.registers.roles import load_roles
from analysis.sample.archives import zipped
from analysis.sample.bulletin import bulletin_workbook, definitions_workbook
from analysis.sample.geography import MARK
from analysis.sample.layouts import NEW, OLD, individual_csv, member_name, zip_name
from analysis.sample.networks import make_networks
from analysis.sample.patients import DATE_STYLES, MEMBER, patients_csv
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
NEW_STYLE_FROM = "2022-12"  # in truth 2025; the sample has one census in the later style, so that both are read


def write_sample(folder: Path, *, first: str = "2020-03", last: str = "2022-12") -> list[Path]:
    """Write synthetic extracts of the censuses ``first`` to ``last`` into ``folder``; return the files, sorted.

    The same bytes each time and on each platform. A census does not depend on ``first`` and ``last``, which only say
    what is written. ``folder`` must not exist, be empty, or be an earlier sample, which is replaced.

    Raises
    ------
    UsageError
        ``folder`` holds anything else; ``first`` or ``last`` is not a census of the sample, or they are out of order.
    """
    totals = load_totals()
    censuses = _span(parse_census(first), parse_census(last), totals.censuses)
    _check_replaceable(folder)
    files = _files(censuses, totals)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        made = Path(scratch) / "sample"
        for name, content in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(content)
        if folder.exists():
            folder.rename(Path(scratch) / "replaced")
        made.rename(folder)
    return sorted(folder / name for name in files)


def _files(censuses: list[str], totals: Totals) -> dict[str, bytes]:
    """The content of each file of the sample, by its path in the folder."""
    roles = load_roles()
    networks = make_networks(totals)
    arrs = frozenset(roles.members(ARRS))
    rows, extracts = {}, {}
    for census in tqdm(censuses, desc="Sample", unit="census", disable=None):
        rows[census] = make_rows(census, networks, totals, arrs)
        style = NEW if census >= NEW_STYLE_FROM else OLD
        number = 1 if style is NEW else totals.censuses.index(census) + 1
        pcns = networks.frame.assign(pcn_name=networks.names(census))
        extracts[census] = member_name(number, census, style), individual_csv(census, rows[census], pcns, roles, style)
    early = [census for census in censuses if census <= CUMULATIVE_TO]
    files = {LABEL: LABEL_TEXT.encode()}
    if early:
        definitions = {DEFINITIONS: definitions_workbook()}
        files[zip_name(early[-1])] = zipped(definitions | dict(extracts[census] for census in early))
    for census in censuses[len(early) :]:
        name, content = extracts[census]
        files |= {zip_name(census): zipped({name: content})} if census >= NEW_STYLE_FROM else {name: content}
    active = {census: totals.pcns_active[census] for census in censuses}
    bulletin = f"PCNW {month_label(censuses[-1])} - Bulletin tables.xlsx"
    files[bulletin] = bulletin_workbook(rows, active, roles)
    for census in DATE_STYLES.keys() & set(censuses):
        content = patients_csv(census, networks)
        files[f"patients/{census}/{Path(MEMBER).stem}.zip"] = zipped({MEMBER: content})
    return files


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
            f"The first census, {first}, lies after the last, {last}.",
            "The sample is written from the first to the last.",
            "Exchange the two.",
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
            "Raw files are never written over, and real and synthetic extracts must not mix.",
            "Name a folder that does not exist yet, or an empty one.",
        )
