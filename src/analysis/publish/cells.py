"""Text from extracts in a spreadsheet: it must stay text."""

from __future__ import annotations

import re

# A spreadsheet reads a cell that begins so as a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@")
# Tabs and line ends too: a name needs none, and some programs take what follows one for a new cell.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_NUMERIC = re.compile(r"^[+-]?\d+(\.\d+)?$")


def harmless(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula: an apostrophe stands before one that it would.

    >>> harmless("=HYPERLINK(1)"), harmless("-3.5"), harmless("Leeds - North")
    ("'=HYPERLINK(1)", '-3.5', 'Leeds - North')
    """
    clean = _CONTROL.sub(" ", text).strip()
    if clean.startswith(_FORMULA_STARTS) and not _NUMERIC.match(clean):
        return "'" + clean
    return clean
