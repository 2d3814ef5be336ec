"""Text from extracts in a spreadsheet: it must stay text."""

from __future__ import annotations

import re
import unicodedata

# A spreadsheet reads a cell that begins so as a formula (OWASP, "CSV Injection"); Japanese editions the wide signs too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Tabs and line ends too: a name needs none, and some programs take what follows one for a new cell.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NUMERIC = re.compile(r"^[+-]?\d+(\.\d+)?$")


def harmless(text: str) -> str:
    r"""A text cell that no spreadsheet takes for a formula: an apostrophe stands before one that it would.

    >>> harmless("=HYPERLINK(1)"), harmless("\u200b=1"), harmless("-3.5"), harmless("Leeds - North")
    ("'=HYPERLINK(1)", "'=1", '-3.5', 'Leeds - North')
    """
    clean = _CONTROL.sub(" ", text)
    if not clean.isascii():
        # A zero-width space before "=" hides it from us, and a program that drops the space finds the formula. So
        # characters that cannot be seen are taken out, wherever they stand.
        clean = "".join(character for character in clean if unicodedata.category(character) != "Cf")
    clean = clean.strip()
    if clean.startswith(_FORMULA_STARTS) and not _NUMERIC.match(clean):
        return "'" + clean
    return clean
