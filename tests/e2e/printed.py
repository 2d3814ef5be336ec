"""The text of each page of a PDF that Chromium printed.

Only as much of the format as Chromium writes: objects in the open, streams deflated, text shown glyph by glyph, each
font with a table from glyphs to characters. A library for all of PDF would be one more thing to install.
"""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"^(\d+) 0 obj\s(.*?)^endobj", re.DOTALL | re.MULTILINE)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj")
_SINGLE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n")
_RANGE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})> <([0-9A-F]{4})>")
_BLOCK = re.compile(rb"beginbf(char|range)\n(.*?)endbf", re.DOTALL)


_PLACED = re.compile(rb"^(?:(q)|(Q)|((?:[-\d.]+ ){6})(cm|Tm))$", re.MULTILINE)
# The text of an A4 sheet in points from the bottom, within the margins of templates/style/print.css (18 and 16 mm).
_TOP, _BOTTOM = 841.9 - 18 * 72 / 25.4, 16 * 72 / 25.4


def filled_shares(pdf: bytes) -> list[float]:
    """How much of the height of each sheet is filled: down to its last line of text, the page number left out."""
    return [(_TOP - min(_heights(content), default=_TOP)) / (_TOP - _BOTTOM) for content in _contents(pdf)]


def _contents(pdf: bytes) -> list[bytes]:
    objects = {int(number): content for number, content in _OBJECT.findall(pdf)}
    pages = [content for content in objects.values() if re.search(rb"/Type /Page\b", content)]
    return [_stream(objects[int(re.search(rb"/Contents (\d+) 0 R", page)[1])]) for page in pages]


def _heights(content: bytes) -> list[float]:
    """The height above the bottom edge of each line of text within the margins; drawings are scaled about it."""
    scale, shift = 1.0, 0.0
    kept, heights = [], []
    for save, restore, numbers, operator in _PLACED.findall(content):
        if save:
            kept.append((scale, shift))
        elif restore:
            scale, shift = kept.pop()
        else:
            *_, down, _, up = map(float, numbers.split())
            if operator == b"cm":
                scale, shift = scale * down, scale * up + shift
            elif (height := scale * up + shift) > _BOTTOM:
                heights.append(height)
    return heights


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in order, without any spaces."""
    objects = {int(number): content for number, content in _OBJECT.findall(pdf)}
    pages = [content for content in objects.values() if re.search(rb"/Type /Page\b", content)]
    return [_text(page, objects) for page in pages]


def _text(page: bytes, objects: dict[int, bytes]) -> str:
    fonts = {
        name: _characters(objects[int(number)], objects)
        for block in re.findall(rb"/Font <<(.*?)>>", page, re.DOTALL)
        for name, number in re.findall(rb"/(\w+) (\d+) 0 R", block)
    }
    text: list[str] = []
    characters: dict[int, str] = {}
    content = _stream(objects[int(re.search(rb"/Contents (\d+) 0 R", page)[1])])
    for font, glyphs in _SHOWN.findall(content):
        if font:
            characters = fonts.get(font, {})
        else:
            codes = (int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4))
            text += [characters.get(code, "") for code in codes]
    return "".join("".join(text).split())


def _stream(content: bytes) -> bytes:
    return zlib.decompressobj().decompress(_STREAM.search(content)[1])  # a line end may follow the data


def _characters(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    mapped: dict[int, str] = {}
    table = _stream(objects[int(re.search(rb"/ToUnicode (\d+) 0 R", font)[1])])
    for kind, block in _BLOCK.findall(table):
        if kind == b"char":
            mapped |= {int(glyph, 16): _utf16(text) for glyph, text in _SINGLE.findall(block)}
        for first, last, start in _RANGE.findall(block) if kind == b"range" else ():
            codes = range(int(first, 16), int(last, 16) + 1)
            mapped |= {code: chr(int(start, 16) + code - codes[0]) for code in codes}
    return mapped


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")
