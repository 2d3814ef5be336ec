"""Tables on the page without the bytes that a reader never sees: a report has thousands of cells."""

from __future__ import annotations

import re

from analysis.markup.html_tree import Node, class_names

# Sorting needs an order, not every digit: nine tell any two figures of a workforce apart. The CSVs have all.
_SIGNIFICANT = 9


def slim_tables(body: Node) -> None:
    """Shorten the sort values of table cells and drop the class that they imply, in place.

    The style treats a cell with ``data-value`` as one of class ``number``.
    """
    for cell in body.css("td[data-value]"):
        cell.attrs["data-value"] = f"{float(cell.attrs.sget('data-value')):.{_SIGNIFICANT}g}"
        if class_names(cell) == ["number"]:
            del cell.attrs["class"]


_AREA_FINDER = re.compile(r'<section[^>]*class="area-finder".*?</section>', re.DOTALL)
# The HTML standard lets these end tags be left out, since what follows implies them.
_IMPLIED_END = re.compile(r"</t[hd]>(?=<td>|</tr>)")


def slim_area_rows(html: str) -> str:
    """Leave out the implied end tags of cells in the tables of areas: seven thousand, 35 KB of a page's 900.

    >>> slim_area_rows('<section class="area-finder"><tr><th>A</th><td>1</td><td>2</td></tr></section><td>3</td>')
    '<section class="area-finder"><tr><th>A<td>1<td>2</tr></section><td>3</td>'
    """
    return _AREA_FINDER.sub(lambda found: _IMPLIED_END.sub("", found.group()), html)
