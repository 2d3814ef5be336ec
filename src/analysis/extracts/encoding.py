"""To UTF-8 without a byte order mark, from UTF-8 or else Windows-1252, decided for each file."""

from __future__ import annotations

import codecs

from analysis.errors import ExtractError

# How UTF-8's dashes and curly quotes begin. In Windows-1252 these bytes are "â€", and no name in English has that.
_BEGIN_OF_UTF8 = b"\xe2\x80"


def to_utf8(file: str, data: bytes) -> tuple[bytes, str]:
    """The text of a file in UTF-8, without a mark, and the encoding it had: ``utf-8-sig``, ``utf-8`` or ``cp1252``.

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
    text = data.removeprefix(codecs.BOM_UTF8)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        not_utf8_at = error.start + len(data) - len(text)
    else:
        return text, "utf-8-sig" if marked else "utf-8"
    if marked:
        raise _undecodable(file, data, not_utf8_at, "starts as UTF-8 (byte order mark) and then is not UTF-8")
    try:
        text = data.decode("cp1252").encode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(file, data, error.start, "is neither UTF-8 nor Windows-1252") from error
    # One byte is found ten times as fast as two, and hardly a file has it.
    if _BEGIN_OF_UTF8[:1] in data and _BEGIN_OF_UTF8 in data:
        raise _undecodable(file, data, not_utf8_at, "mixes UTF-8 with another encoding")
    return text, "cp1252"


def _undecodable(file: str, data: bytes, offset: int, what: str) -> ExtractError:
    line = data.count(b"\n", 0, offset) + 1
    return ExtractError(
        f"{file} {what}: byte 0x{data[offset]:02x} at offset {offset:,}, line {line:,}.",
        "Read in the wrong encoding, names would come out garbled and organisations would not match.",
        "Download the file again and do not save it from a spreadsheet; or save it as CSV UTF-8.",
    )
