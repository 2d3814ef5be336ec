"""The register of tiles (``icb_tiles.csv``): where each ICB stands on a map of squares, for each set of boards.

``edition``
    The year from which the boards are those: 2022 has 42, 2026 has 36. A further set of boards is further rows.
``row``, ``column``
    The place of its square, counted from one at the top and from the left, roughly where the board lies.
``ods_code``, ``ons_code``, ``icb_name``
    The code that the extracts carry, that of the Office for National Statistics, and the name, for whoever edits the
    file: pages have the name of the extracts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from analysis.registers.files import RegisterFile, check_unique, register_path

NAME = "icb_tiles.csv"
_COLUMNS = ["edition", "row", "column", "ods_code", "ons_code", "icb_name"]
# The page's style has a class for each of them.
MOST_ROWS, MOST_COLUMNS = 12, 12


@dataclass(frozen=True)
class Tile:
    """The place of one board."""

    edition: str
    row: int
    column: int
    ods_code: str
    ons_code: str
    icb_name: str


def load_icb_tiles(path: Path | None = None) -> tuple[Tile, ...]:
    """Read the register, checked.

    Raises
    ------
    RegisterError
        Not readable, another column, a place that is no number from 1 to 12, and within one edition a board or a place
        twice.
    """
    file = RegisterFile(path or register_path(NAME))
    try:
        with file.path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise file.error(f"cannot be read ({error})") from error
    if reader.fieldnames != _COLUMNS:
        raise file.error(f"has the columns {', '.join(reader.fieldnames or ())}", _COLUMNS)
    tiles = []
    for line, row in enumerate(rows, start=2):
        place = row["row"], row["column"]
        numbers = [int(text) if text.isascii() and text.isdecimal() else 0 for text in place]
        if not (1 <= numbers[0] <= MOST_ROWS and 1 <= numbers[1] <= MOST_COLUMNS):
            raise file.error(f"line {line}: row and column are numbers from 1 to {MOST_ROWS}, not {place}")
        tiles.append(Tile(row["edition"], numbers[0], numbers[1], row["ods_code"], row["ons_code"], row["icb_name"]))
    for what, values in (
        ("board of an edition", [f"{tile.edition} {tile.ods_code}" for tile in tiles]),
        ("place of an edition", [f"{tile.edition} {tile.row} {tile.column}" for tile in tiles]),
    ):
        check_unique(file, what, values)
    return tuple(tiles)


def tiles_of(codes: Iterable[str], tiles: tuple[Tile, ...]) -> dict[str, Tile]:
    """The tile of each board in ``codes``, of the first edition that has them all; empty when none has.

    Boards that did not report are in no extract, so that an edition may have more of them than an extract.
    """
    wanted = set(codes)
    for edition in dict.fromkeys(tile.edition for tile in tiles):
        of_edition = {tile.ods_code: tile for tile in tiles if tile.edition == edition}
        if wanted <= set(of_edition):
            return {code: of_edition[code] for code in sorted(wanted)}
    return {}
