"""The rows of a bulletin table by gender and staff group.

Each role stands up to four times: under the headings for all genders, males, females, and other or unknown gender.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.columns import ALL_GENDERS
from analysis.extracts.delimited import clipped
from analysis.extracts.reading import Note

# The counts of PCNs stand in the last rows of the tables, by these words since March 2020.
PCN_COUNTS = {
    "total number of pcns active": "pcns_active",
    "total number of pcns recording staff or contracted services data": "pcns_reporting",
    "total number of pcns recording staff data": "pcns_reporting_staff",
}
# Shares are figured out again from the counts, so the printed ones are not read.
_SHARE = "percentage of pcns"
# "All Directors", "Male Directors", "Other/ Unknown Gender  Directors": each heads a block of roles.
_BLOCK = re.compile(r"(all|male|female|other\s*/\s*unknown gender)\b\s*(.*)", re.IGNORECASE)
_GENDERS = {"all": ALL_GENDERS, "male": "male", "female": "female"}
_OTHER_OR_UNKNOWN = "other_or_unknown"


@dataclass(frozen=True)
class Row:
    """A row of a table that holds anything. ``label`` is empty where it has none."""

    number: int
    label: str
    cells: list[Any]


@dataclass
class Block:
    """Rows of one gender and one staff group. ``heading`` is empty for rows that stand under none."""

    gender: str
    group: str
    heading: str
    rows: list[Row] = field(default_factory=list)

    def labels(self) -> Counter[str]:
        """How often each role stands in the block."""
        return Counter(row.label for row in self.rows)


def blocks_of(body: Sequence[Row], sheet: str, notes: list[Note]) -> list[Block]:
    """The labelled rows by block. A table without a heading for all genders has no blocks: each row counts everybody.

    The counts of PCNs are of no gender and no staff group, wherever they stand; shares of them are left out.
    """
    counts = Block(ALL_GENDERS, "", "")
    blocks = [Block(ALL_GENDERS, "", "")]
    headed = False
    for row in body:
        match = _BLOCK.fullmatch(row.label)
        folded = row.label.casefold()
        if match:
            gender = _GENDERS.get(match[1].lower(), _OTHER_OR_UNKNOWN)
            blocks.append(Block(gender, match[2].casefold(), row.label))
            headed = headed or gender == ALL_GENDERS
        elif folded in PCN_COUNTS:
            counts.rows.append(row)
        elif row.label and not folded.startswith(_SHARE):
            blocks[-1].rows.append(row)
    if not headed:
        return [Block(ALL_GENDERS, "", "", [row for block in blocks for row in block.rows] + counts.rows)]
    blocks = _with_missing_headings(blocks, sheet, notes)
    return [*_without_strays(blocks, sheet, notes), counts]


def _with_missing_headings(blocks: list[Block], sheet: str, notes: list[Note]) -> list[Block]:
    """Give a staff group that is headed by single genders alone its block of all genders.

    Its rows are the last ones before the group's first heading that name its roles.
    """
    result: list[Block] = []
    known = {block.group for block in blocks if block.gender == ALL_GENDERS}
    for block in blocks:
        if block.gender != ALL_GENDERS and block.group not in known:
            known.add(block.group)
            roles, before = block.labels(), result[-1].rows
            start = len(before)
            while start and before[start - 1].label in roles:
                start -= 1
            rows = before[start:]
            del before[start:]
            if rows:
                result.append(Block(ALL_GENDERS, block.group, "", rows))
                notes.append(
                    Note(
                        f"has no heading for all genders before {clipped(block.heading)!r} in {sheet!r}. The figures "
                        f"of its roles in {rows_in_words([row.number for row in rows])} are read as those."
                    )
                )
        result.append(block)
    return result


def _without_strays(blocks: list[Block], sheet: str, notes: list[Note]) -> list[Block]:
    """Leave out rows of one gender whose role the staff group has not, or not so often: they belong elsewhere."""
    roles: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for block in blocks:
        if block.gender == ALL_GENDERS:
            roles[block.group] += block.labels()
    strays: list[int] = []
    for block in blocks:
        if block.gender != ALL_GENDERS:
            times = block.labels()
            outside = [row for row in block.rows if times[row.label] > roles[block.group][row.label]]
            strays += [row.number for row in outside]
            block.rows = [row for row in block.rows if row not in outside]
    if strays:
        notes.append(
            Note(
                f"has roles outside their staff group in {rows_in_words(sorted(strays))} of {sheet!r}: their gender "
                "cannot be told, and they are not read."
            )
        )
    return blocks


def rows_in_words(numbers: Sequence[int]) -> str:
    """Row numbers in words: ``row 5`` or ``rows 5 to 9``."""
    return f"row {numbers[0]}" if len(numbers) == 1 else f"rows {numbers[0]} to {numbers[-1]}"
