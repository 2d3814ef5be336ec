"""Tables on the page without the bytes that a reader never sees: a report has thousands of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

# Sorting needs an order, not every digit: nine tell any two figures of a workforce apart. The CSVs have all.
_SIGNIFICANT = 9


def slim_tables(soup: BeautifulSoup) -> None:
    """Shorten the sort values of table cells and drop the class that they imply, in place.

    The style treats a cell with ``data-value`` as one of class ``number``.
    """
    for cell in soup.find_all("td", attrs={"data-value": True}):
        cell["data-value"] = f"{float(str(cell['data-value'])):.{_SIGNIFICANT}g}"
        if cell.get("class") == ["number"]:
            del cell["class"]
