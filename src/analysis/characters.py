"""Characters that cannot be seen or that act on what shows them: a terminal, a page, a spreadsheet.

Text from extracts, names of files and answers of servers are untrusted. A terminal obeys the control characters in
them, and a page sets what follows a bidirectional control in another order.
"""

from __future__ import annotations

import re

UNSEEN = "\N{REPLACEMENT CHARACTER}"
# Letters that are written from right to left, and controls. Beside one, the figures of a sentence change their places.
_RIGHT_TO_LEFT = re.compile(
    "[\u200f\u202a-\u202e\u2066-\u2069"
    "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def printable(text: str, longest: int | None = None) -> str:
    r"""``text`` with each character that cannot be printed replaced by U+FFFD; line breaks stay.

    Where it is longer than ``longest`` characters, its middle is left out: names differ at their ends.

    >>> printable("a\x1b[2Jb"), printable("abcdefghi", longest=5)
    ('a\ufffd[2Jb', 'ab…hi')
    """
    if longest is not None and len(text) > longest:
        end = (longest - 1) // 2
        text = f"{text[: longest - 1 - end]}…{text[-end:]}" if end else f"{text[: longest - 1]}…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\N{NO-BREAK SPACE}\u2009\u202f" else UNSEEN for c in text)


def is_right_to_left(text: str) -> bool:
    """Whether ``text`` holds anything that is written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None
