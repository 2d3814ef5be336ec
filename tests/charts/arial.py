"""How wide a text is in Arial: an independent measure of whether what Vega has laid out fits."""

from __future__ import annotations

# Advance widths of Arial (Helvetica and Liberation Sans have the same), in thousandths of its size.
_ADVANCE = {
    **dict.fromkeys("ijl'", 222),
    **dict.fromkeys(" !,./:;ftI|[]", 278),
    **dict.fromkeys("()-r", 333),
    **dict.fromkeys("ckszvxyJ", 500),
    **dict.fromkeys("abdeghnopquL0123456789_", 556),
    **dict.fromkeys("+−", 584),
    **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("ABEKPSVXY&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 778),
    **dict.fromkeys("mM", 833),
    "%": 889,
    "W": 944,
}


def text_px(text: str, size: float = 13) -> float:
    """The width of a text in pixels; letters that the table lacks are left out."""
    return size * sum(_ADVANCE.get(letter, 0) for letter in text) / 1000
