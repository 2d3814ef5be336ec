"""The register of tiles: each ICB of each set of boards has one place, and the real extracts are covered."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.errors import RegisterError
from analysis.registers.icb_tiles import load_icb_tiles, tiles_of
from analysis.sample.geography import load_geography, load_geography_2026
from analysis.tables.icb_tiles import _tile_name

HEADER = "edition,row,column,ods_code,ons_code,icb_name\n"


def extracts(real_data: Path) -> Iterator[tuple[str, set[str]]]:
    """The codes of ICBs in each real extract."""
    for path in sorted((real_data / "pcn-workforce-individual").iterdir()):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                members = [(name, archive.read(name)) for name in archive.namelist() if name.endswith(".csv")]
        else:
            members = [(path.name, path.read_bytes())]
        for name, content in members:
            text = io.StringIO(content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp1252"))
            yield name, {row["ICB_CODE"] for row in csv.DictReader(text)}


def test_every_icb_of_every_real_extract_has_one_tile(real_data: Path) -> None:
    sizes = []
    for name, codes in extracts(real_data):
        tiles = tiles_of(codes, load_icb_tiles())
        assert set(tiles) == codes, name
        assert len({(tile.row, tile.column) for tile in tiles.values()}) == len(codes), name
        sizes.append(len(codes))
    assert max(sizes) == 42
    assert 36 in sizes  # June 2026


@pytest.mark.parametrize(
    ("edition", "boards", "geography"), [("2022", 42, load_geography), ("2026", 36, load_geography_2026)]
)
def test_an_edition_has_the_boards_of_its_year_by_code_and_name(edition, boards, geography) -> None:
    tiles = [tile for tile in load_icb_tiles() if tile.edition == edition]
    assert len(tiles) == boards
    known = geography()
    assert {(t.ods_code, t.icb_name) for t in tiles} == set(zip(known["icb_code"], known["icb_name"], strict=True))
    assert len({tile.ons_code for tile in tiles}) == boards


def test_the_office_s_codes_are_those_of_the_list_of_patients(real_data: Path) -> None:
    """The list of July 2026 carries both codes."""
    path = real_data / "patients/gp-reg-pat-prac-quin-age.zip"
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as stream:
        rows = csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig"))
        codes = {row["ORG_CODE"]: row["ONS_CODE"] for row in rows if row["ORG_TYPE"] == "ICB"}
    assert codes == {tile.ods_code: tile.ons_code for tile in load_icb_tiles() if tile.edition == "2026"}


def test_boards_that_no_edition_has_have_no_map() -> None:
    assert tiles_of(["QE1", "XXX"], load_icb_tiles()) == {}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "2022,1,4,QHM,E54000050,A\n2022,1,5,QHM,E54000050,A\n",
            "board of an edition '2022 QHM' stands more than once",
        ),
        (
            "2022,1,4,QHM,E54000050,A\n2022,1,4,QE1,E54000048,B\n",
            "place of an edition '2022 1 4' stands more than once",
        ),
        ("2022,0,4,QHM,E54000050,A\n", "line 2: row and column are numbers from 1 to 12"),
        ("2022,1,thirteen,QHM,E54000050,A\n", "line 2"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, rows: str, said: str) -> None:
    path = tmp_path / "icb_tiles.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(RegisterError, match=said):
        load_icb_tiles(path)


def test_another_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "icb_tiles.csv"
    path.write_text(HEADER.replace("row", "line"), encoding="utf-8")
    with pytest.raises(RegisterError, match="has the columns"):
        load_icb_tiles(path)


def test_a_long_county_may_be_divided_and_a_name_stays_text() -> None:
    assert _tile_name("NHS Gloucestershire Integrated Care Board") == "Gloucester&shy;shire"
    assert _tile_name("NHS <b>Gloucestershire</b> ICB") == "&lt;b&gt;Gloucester&shy;shire&lt;/b&gt;"
