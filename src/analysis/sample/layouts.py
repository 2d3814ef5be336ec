"""The individual-level CSV as NHS Digital writes it, in the style of each edition."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.columns import INDIVIDUAL_TO_TIDY
from analysis.periods import month_label
from analysis.sample.totals import NANO
from analysis.sample.wording import detailed_roles, staff_role

if TYPE_CHECKING:
    import pandas as pd

    from analysis.registers.roles import Roles

TRIMMED_FROM = "2022-09"  # up to June 2022 sub-ICB names that end in their code carry a trailing space


@dataclass(frozen=True)
class Style:
    """What the editions differ in: ``dash`` and ``numbered`` are of the name of the CSV, the rest of its rows."""

    encoding: str
    no_identifier: str
    dash: str
    numbered: bool


# By the first census of each. Names of members are known for every census; rows of 2023 and 2024 are not, and are
# taken to be as before.
STYLES = {
    "2020-03": Style(encoding="cp1252", no_identifier="NULL", dash="–", numbered=True),
    "2023-02": Style(encoding="cp1252", no_identifier="NULL", dash="–", numbered=False),
    "2023-07": Style(encoding="cp1252", no_identifier="NULL", dash="-", numbered=False),
    "2024-09": Style(encoding="cp1252", no_identifier="NULL", dash="-", numbered=True),
    "2025-01": Style(encoding="utf-8-sig", no_identifier="", dash="-", numbered=True),
}


def style_of(census: str) -> Style:
    """The style of the edition of a census."""
    return STYLES[max(first for first in STYLES if first <= census)]


def member_name(number: int, census: str) -> str:
    """``8.Primary Care Networks – December 2021 Individual Level.csv``, as the editions of the time were named."""
    style = style_of(census)
    name = f"Primary Care Networks {style.dash} {month_label(census)} Individual Level.csv"
    return f"{number}.{name}" if style.numbered else name


def zip_name(census: str) -> str:
    """``PCNWFIndividualCSV.122020.zip``."""
    year, month = census.split("-")
    return f"PCNWFIndividualCSV.{month}{year}.zip"


def individual_csv(census: str, rows: pd.DataFrame, pcns: pd.DataFrame, roles: Roles) -> bytes:
    """The bytes of an extract.

    Parameters
    ----------
    rows
        As `analysis.sample.workforce` makes them. A role that the vocabulary lacks is written as it stands, in the
        group that a further column ``staff_group`` gives.
    pcns
        One row a PCN, at the positions ``rows.pcn``: ``pcn_code, pcn_name`` and the columns of the geography.
    """
    style = style_of(census)
    year, month = census.split("-")
    places = [_quoted(place) for place in _places(census, pcns)]
    wording = {role: _role_words(census, role, group, roles) for role, group in _groups(rows, roles).items()}
    fte = {nano: _decimal(nano) for nano in rows["nano_fte"].unique().tolist()}
    nobody = style.no_identifier
    lines = [",".join(INDIVIDUAL_TO_TIDY)]
    lines += [
        f"{source},{year},{int(month)},{places[pcn]},{wording[role][detailed]},{fte[nano]},{person or nobody}"
        for source, pcn, role, detailed, nano, person in zip(
            *(rows[name].tolist() for name in ("data_source", "pcn", "role", "detailed", "nano_fte", "person_id")),
            strict=True,
        )
    ]
    return ("\r\n".join(lines) + "\r\n").encode(style.encoding)


def _places(census: str, pcns: pd.DataFrame) -> list[tuple[str, ...]]:
    columns = [
        "pcn_code",
        "pcn_name",
        "sub_icb_code",
        "sub_icb_name",
        "icb_code",
        "icb_name",
        "region_code",
        "region_name",
    ]
    places = pcns[columns].copy()
    if census < TRIMMED_FROM:
        names, codes = places["sub_icb_name"], places["sub_icb_code"]
        ends_in_code = np.array([name.endswith(code) for name, code in zip(names, codes, strict=True)])
        places["sub_icb_name"] = names.where(~ends_in_code, names + " ")
    return list(places.itertuples(index=False, name=None))


def _groups(rows: pd.DataFrame, roles: Roles) -> dict[str, str]:
    """The staff group of each role in ``rows``: of the vocabulary, or of the rows themselves."""
    known = {code: role.group for code, role in roles.by_code.items()}
    if "staff_group" in rows:
        first = rows.drop_duplicates("role")
        return {r: known.get(r, own) for r, own in zip(first["role"], first["staff_group"], strict=True)}
    return {role: known[role] for role in rows["role"].unique()}


def _role_words(census: str, code: str, group: str, roles: Roles) -> tuple[str, str]:
    """The three columns of a role, in its commoner and its other detailed wording."""
    if code not in roles.by_code:
        words = _quoted((group, code, code))
        return words, words
    role = roles.by_code[code]
    detailed = detailed_roles(role, census)
    common, other = (_quoted((group, staff_role(role, census), words)) for words in (detailed[0], detailed[-1]))
    return common, other


def _decimal(nano_fte: int) -> str:
    """``_decimal(533333333)`` is ``"0.533333333"``, ``_decimal(1_000_000_000)`` is ``"1"``, as in the extracts."""
    whole, part = divmod(nano_fte, NANO)
    return f"{whole}.{part:09d}".rstrip("0") if part else str(whole)


def _quoted(fields: tuple[str, ...]) -> str:
    """The fields as they stand in a CSV, those with a comma quoted."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(fields)
    return line.getvalue()
