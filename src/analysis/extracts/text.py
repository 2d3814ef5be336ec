"""The text of extracts, cleaned or refused once, where it is read. What follows may take every name for a name.

What is harmless is put right and noted. What is doubtful stops the run, with its file, column and line.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from analysis.errors import ExtractError
from analysis.extracts.limits import LONGEST_TEXT

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Plain English text and the ends of lines: of a file that has nothing else, no character needs a look.
_ORDINARY = bytes([*range(0x20, 0x7F), 0x0A, 0x0D])
# Control characters that only space text out: tab, line breaks of all kinds.
_SPACING = frozenset("\t\x0b\x0c\x1c\x1d\x1e\x1f\x85")
# The C1 controls are what Windows-1252 becomes when it is read as Latin-1: U+0096 was an en dash. HTML reads them so.
_WINDOWS = {chr(code): bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}
_NONCHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_MASK = 0xFFFE  # the last two characters of each plane are none
_KINDS = {
    "space": "has blanks of other kinds than the ordinary one ({}), which are read as that",
    "unseen": "has characters that cannot be seen ({}), which are taken out",
    "windows": "has characters of Windows-1252 that another program has garbled ({}), which are read as they were",
    "lost": "has the sign for a lost character, U+FFFD ({}), where a letter was lost before publication",
}


def kind_of(character: str) -> str:
    """What is to be done about a character: nothing (empty), one of the kinds that are put right, or ``refused``."""
    category = unicodedata.category(character)
    if character in "\r\n":
        return "line"  # a row that spans several lines is noted as that
    if character in _SPACING or (category in {"Zs", "Zl", "Zp"} and character != " "):
        return "space"
    if category == "Cf":  # zero width, bidirectional controls, soft hyphens, marks of byte order
        return "unseen"
    if _WINDOWS.get(character):
        return "windows"
    if character == "\ufffd":
        return "lost"
    refused = category in {"Cc", "Cs"} or _NONCHARACTER.match(character) or ord(character) & _MASK == _MASK
    return "refused" if refused else ""


def clean(text: str) -> str:
    r"""``text`` with what is harmless put right: blanks, characters that cannot be seen, garbled Windows-1252.

    >>> clean("Leeds\u00a0and \u200bYork \x96 North")
    'Leeds and York – North'
    """
    if text.isascii() and text.isprintable():
        return text
    replaced = {"space": " ", "line": " ", "unseen": ""}
    kinds = [(c, kind_of(c)) for c in text.replace("\r\n", "\n")]
    return "".join(_WINDOWS[c] if kind == "windows" else replaced.get(kind, c) for c, kind in kinds).strip()


def clean_cell(text: str) -> str:
    """As :func:`clean`, for a cell of a workbook: what no text should hold becomes U+FFFD, the rest is cut short."""
    cleaned = clean(text[: 10 * LONGEST_TEXT])
    if cleaned.isprintable():
        return cleaned
    return "".join("\ufffd" if kind_of(c) == "refused" else c for c in cleaned)


def has_odd_characters(text: bytes) -> bool:
    """Whether UTF-8 text holds a character that :func:`kind_of` tells of. Fast where there is none."""
    rest = text.translate(None, _ORDINARY)
    return any(kind_of(character) for character in set(rest.decode("utf-8", errors="replace")))


def clean_column(file: str, column: str, values: Any, lines: npt.NDArray[np.int64]) -> tuple[Any, list[str]]:
    """A column (pyarrow dictionary array) with what is harmless put right, and a note for each kind of it.

    Raises
    ------
    ExtractError
        A cell holds a control character, or something that is no character.
    """
    cells = values.dictionary.to_pylist()
    kinds = [{kind: c for c in reversed(dict.fromkeys(cell)) if (kind := kind_of(c))} for cell in cells]
    notes = []
    for kind in ("refused", *_KINDS):
        found = [i for i, here in enumerate(kinds) if kind in here]
        if not found:
            continue
        rows = pc.is_in(values.indices, value_set=pa.array(found, values.indices.type)).to_numpy(zero_copy_only=False)
        first = int(rows.argmax())
        character = kinds[values.indices[first].as_py()][kind]
        code, place = f"U+{ord(character):04X}", f"{column}, line {lines[first]:,}"
        if kind == "refused":
            raise ExtractError(
                f"{file}: {column} holds {code}, which is no character of a text, in line {lines[first]:,}.",
                "No name or code has one. The file was damaged, or text was put in that acts on the program that shows "
                "it.",
                "Download the file again, or delete the character in a copy.",
            )
        more = f" and {int(rows.sum()) - 1:,} more" if rows.sum() > 1 else ""
        notes.append(_KINDS[kind].format(f"{code} in {place}{more}") + ".")
    cleaned = pa.array([clean(cell) for cell in cells], pa.string())
    return cleaned.take(values.indices).dictionary_encode(), notes


def refuse_long_cells(file: str, column: str, values: Any, lines: npt.NDArray[np.int64]) -> None:
    """Stop at a cell of a pyarrow dictionary array that is longer than any name: a quotation mark may have joined rows.

    Raises
    ------
    ExtractError
        A cell has more than ``LONGEST_TEXT`` characters.
    """
    if (pc.max(pc.binary_length(values.dictionary)).as_py() or 0) <= LONGEST_TEXT:
        return
    lengths = pc.utf8_length(values.dictionary).take(values.indices).to_numpy(zero_copy_only=False)
    longest = int(lengths.argmax())
    if lengths[longest] > LONGEST_TEXT:
        raise ExtractError(
            f"{file}: {column} has a cell of {int(lengths[longest]):,} characters in line {lines[longest]:,}.",
            f"No cell of an extract has more than {LONGEST_TEXT:,}. A stray quotation mark may have joined rows to one "
            "cell, and figures would be lost.",
            "Download the file again, or fix the row.",
        )
