"""All that a report tells, in blocks: a sentence or two each, as HTML with its facts and dates, and as plain text."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from report.notebook_texts import texts_of

from analysis.charts.figure import Figure, is_figure
from analysis.markup.prose import Prose
from analysis.report.report import Report

_LEFT_OUT = re.compile(r"<svg.*?</svg>|<details.*?</details>|<q>.*?</q>|<table.*?</table>", re.DOTALL)
# What stands under one name, such as a figure and what is said of it, is one piece.
_ENDS = re.compile(r"</(?:p|li|dt|h\d|summary|caption|figcaption)>|</dd>(?!\s*<dd)")
_NOT_PROSE = {"target"}  # takes an argument; the targets tell each


@dataclass(frozen=True)
class Block:
    """A piece of what is told: where, as HTML and as text."""

    where: str
    html: str

    @property
    def text(self) -> str:
        """Without marks, with single spaces."""
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", self.html))).strip()


def blocks_of(report: Report) -> list[Block]:
    """Every sentence of prose, every title, subtitle and text alternative of a chart, every title of a table."""
    found = []
    for name, prose in texts_of(report).items():
        found += _blocks(f"text.{name}", str(prose.to_html()))
    for name, chart in charts_of(report).items():
        found += _of_chart(f"charts.{name}", chart)
    for table in report.tables:
        found += [Block(f"tables.{table.id}", html.escape(str(text))) for text in (table.title, *table.notes)]
    return found


def charts_of(report: Report) -> dict[str, object]:
    """Every chart of a report by its name, or the note that stands in its place."""
    charts = {name: getattr(report.charts, name) for name in _properties(type(report.charts))}
    return charts | {f"target({a.target.id})": report.charts.target(a.target.id) for a in report.assessment}


def _of_chart(where: str, chart: object) -> list[Block]:
    if is_figure(chart):
        chart = Figure.of(chart)
        parts = [str(chart.title.to_html()), str(chart.subtitle.to_html()), f"{html.escape(chart.alternative)}</p>"]
        return [block for part in parts for block in _blocks(where, part)]
    return _blocks(where, str(chart.to_html())) if isinstance(chart, Prose) else []


def _properties(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_") and name not in _NOT_PROSE and _plain(kind, name)]


def _plain(kind: type, name: str) -> bool:
    """Whether it can be asked for without an argument."""
    member = getattr(kind, name)
    code = getattr(member, "__code__", None)
    return code is None or code.co_argcount == 1


def _blocks(where: str, text: str) -> list[Block]:
    pieces = (piece for piece in _ENDS.split(_LEFT_OUT.sub("", text)))
    return [block for piece in pieces if (block := Block(where, piece)).text]
