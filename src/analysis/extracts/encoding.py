"""From bytes to text: UTF-8, with or without a byte order mark, before Windows-1252, decided for each file."""

from __future__ import annotations

import codecs

from analysis.errors import ExtractError

# How UTF-8's dashes and curly quotes begin when they are read as Windows-1252. No name in English does.
_UTF8_READ_AS_CP1252 = "â€"


def decode(file: str, data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: ``utf-8-sig``, ``utf-8`` or ``cp1252``.

    Editions of 2020 to 2022 are Windows-1252 (their en dash is the byte 0x96), later ones UTF-8 with a byte
    order mark. UTF-8 is tried first because Windows-1252 accepts nearly any bytes, and would read them wrongly.

    Raises
    ------
    ExtractError
        Neither encoding reads it, or it mixes the two: with the byte offset and the line.
    """
    marked = data.startswith(codecs.BOM_UTF8)
    if (zero := data.find(b"\x00")) >= 0:
        raise _undecodable(file, data, zero, "holds a zero byte, which no text has")
    try:
        return (data.decode("utf-8-sig"), "utf-8-sig") if marked else (data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        not_utf8_at = error.start + (len(codecs.BOM_UTF8) if marked else 0)
    if marked:
        raise _undecodable(file, data, not_utf8_at, "starts as UTF-8 (byte order mark) and then is not UTF-8")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _undecodable(file, data, error.start, "is neither UTF-8 nor Windows-1252") from error
    if _UTF8_READ_AS_CP1252 in text:
        raise _undecodable(file, data, not_utf8_at, "mixes UTF-8 with another encoding")
    return text, "cp1252"


def _undecodable(file: str, data: bytes, offset: int, what: str) -> ExtractError:
    line = data.count(b"\n", 0, offset) + 1
    return ExtractError(
        f"{file} {what}: byte 0x{data[offset]:02x} at offset {offset:,}, line {line:,}.",
        "Read in the wrong encoding, names would come out garbled and organisations would not match.",
        "Download the file again and do not save it from a spreadsheet; or save it as CSV UTF-8.",
    )
