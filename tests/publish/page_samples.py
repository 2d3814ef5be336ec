"""A small report with everything a page may hold, made in memory: invented places and round figures."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pandas as pd
from markupsafe import Markup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import analysis as an
from analysis.charts.figure import Figure
from analysis.facts.fact import Fact, Facts, Origin, Source, as_text
from analysis.facts.fact import Status as FactStatus
from analysis.markup.prose import cited, code, day, month, quoted, say
from analysis.periods import month_label
from analysis.pipeline.failure import Failure
from analysis.publish.comparison_page import ComparisonSection, render_comparison
from analysis.publish.context import Link, PageContext, Status
from analysis.publish.failure_page import render_failure
from analysis.publish.front_page import ReportEntry, render_front
from analysis.publish.origins import ORIGINS_DESCRIPTION, ORIGINS_TITLE, render_origins
from analysis.publish.page import render_body, report_body
from analysis.publish.summary import first_screen, render_summary
from analysis.publish.validation_page import render_validation
from analysis.tables.table import Column, Table

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert()>'
CENSUSES = ["2021-12", "2022-03", "2022-06", "2022-09"]
FTE = [1611.98, 1740.94, 1902.75, 2046.99]


def source(census: str, rows: int = 9712) -> Source:
    return Source(f"Individual level {census}.csv", f"{census.replace('-', ''):0<64}", census, rows)


def fact(fact_id: str, value: float | None, unit: str, period: str, text: str | None = None, **origin: object) -> Fact:
    return Fact(
        id=fact_id,
        value=value,
        unit=unit,
        period=period,
        text=text if text is not None else as_text(value),
        status=FactStatus.REPORTED if value is not None else FactStatus.NOT_AVAILABLE,
        origin=Origin(
            definition="Sum of full-time equivalents (37.5 hours a week) of link workers, staff and contracted services.",
            expression="workforce.query(\"role == 'splw'\").fte.sum()",
            sources=(source(period),),
            **origin,
        ),
    )


def facts() -> Facts:
    made = [fact(f"fte.splw.ENG.{census}", value, "FTE", census) for census, value in zip(CENSUSES, FTE, strict=True)]
    made.append(fact("pcns_reporting.ENG.2022-09", 1105, "PCNs", "2022-09"))
    made.append(
        Fact(
            "change.fte.splw.ENG.2021-12.2022-09",
            FTE[-1] - FTE[0],
            "FTE",
            "2022-09",
            as_text(FTE[-1] - FTE[0], signed=True),
            FactStatus.REPORTED,
            Origin(
                "Difference of two censuses.",
                "fte(2022-09) - fte(2021-12)",
                sources=(source("2021-12"), source("2022-09")),
            ),
        )
    )
    return Facts(made)


def trend_table(table_id: str = "trend", names: list[str] | None = None) -> Table:
    frame = pd.DataFrame(
        {
            "census": CENSUSES if names is None else names,
            "fte": [*FTE[:-1], None] if names else FTE,
            "fte_note": ["", "[b]", "", "[x]"] if names else ["", "[b]", "", ""],
            "change_fte": [-0.72, 128.96, 161.81, 144.24],
            "pcns": [1029, 1060, 1077, 1105],
        }
    )
    return Table(
        table_id,
        f"Link workers, FTE, England, December 2021 to September 2022 ({table_id})",
        frame,
        {
            "census": Column("Census", "Month of the census"),
            "fte": Column("Link workers", "Full-time equivalents", "FTE", 1, "fte_note"),
            "change_fte": Column("Change", "Against the census before", "FTE", 1, signed=True),
            "pcns": Column("PCNs reporting", "With any row of any role", "PCNs", 0),
        },
        notes=("Totals of the returns; PCNs that did not report are not estimated.",),
        source="Primary Care Network Workforce",
    )


def wide_table() -> Table:
    places = ["Ashmoor", "Brackwater", "Cold Ferry and Upper Longstretch", "Dunmere", "Eastholt"]
    frame = pd.DataFrame({"icb": [f"{name} Integrated Care Board" for name in places]})
    columns = {"icb": Column("Integrated care board", "Name")}
    for number, label in enumerate(
        ["FTE", "PCNs reporting", "PCNs known", "FTE per PCN", "Rate", "Direct share", "Change in a year"]
    ):
        frame[f"c{number}"] = [10.5 * (row + 1) * (number + 1) for row in range(len(places))]
        columns[f"c{number}"] = Column(label, label, "FTE", 1)
    return Table("icbs", "Link workers by integrated care board, September 2022", frame, columns)


def figure(known: Facts, figure_id: str = "trend-chart") -> Figure:
    """A chart by the building blocks, as an analyst makes one."""
    frame = pd.DataFrame({"census": CENSUSES, "fte": FTE})
    chart = an.figure(
        an.line(frame, "fte", unit="FTE", decimals=1),
        id=figure_id,
        title=say("Link workers rose by {n} FTE in three quarters", n=known["change.fte.splw.ENG.2021-12.2022-09"]),
        subtitle=say("Full-time equivalents as reported, England, {a} to {b}", a=month("2021-12"), b=month("2022-09")),
        table=trend_table(f"{figure_id}-data"),
    )
    return Figure.of(chart)


def html_cell(*outputs: object, tags: list[str] | None = None) -> nbformat.NotebookNode:
    cell = new_code_cell("1 + 1", metadata={"tags": tags or []})
    cell.outputs = [
        new_output(
            "execute_result" if number == 0 else "display_data",
            data={"text/html": str(output.to_html()), "text/plain": "x"},
        )
        for number, output in enumerate(outputs)
    ]
    return cell


def notebooks(folder: Path) -> list[Path]:
    known = facts()
    latest = known["fte.splw.ENG.2022-09"]
    headline = Markup(
        '<section class="headline" aria-labelledby="in-brief"><h2 id="in-brief">In brief</h2>'
        "<h3>What was promised</h3>{}<h3>What the data say</h3>{}<h3>How sure that is</h3>{}"
        "<h3>What would change the answer</h3>{}</section>"
    ).format(
        *(
            part.to_html()
            for part in (
                say(
                    "The plan of {d} promised {q}.",
                    d=day(pd.Timestamp("2019-01-07").date()),
                    q=quoted("over 1,000 trained link workers"),
                ),
                say(
                    "{n} FTE in {m}: the target was {v}.",
                    n=latest,
                    m=month("2022-09"),
                    v=Markup('<strong class="verdict">reached on reported data</strong>'),
                ),
                say(
                    "{n} PCNs reported. The figure is a lower bound: what a PCN did not report is not in it.",
                    n=known["pcns_reporting.ENG.2022-09"],
                ),
                say("Counting only staff, without contracted services, would lower it; see {t}.", t=cited("Table 1a")),
            )
        )
    )
    key = Markup(
        '<dl class="key-figures"><div><dt>FTE of link workers</dt><dd>{}</dd></div><div><dt>more than in {}</dt><dd>{}</dd></div>'
        "<div><dt>PCNs reporting</dt><dd>{}</dd></div></dl>"
    ).format(
        latest, month("2021-12"), known["change.fte.splw.ENG.2021-12.2022-09"], known["pcns_reporting.ENG.2022-09"]
    )

    class Raw:
        def __init__(self, html: object) -> None:
            self.html = html

        def to_html(self) -> str:
            return str(self.html)

    first = new_notebook(
        cells=[
            new_markdown_cell("# Notebook 4: for analysts only", metadata={"tags": ["notebook-only"]}),
            new_code_cell("print('noise')", outputs=[new_output("stream", name="stderr", text="/home/x/noise 42")]),
            html_cell(Raw(headline), Raw(key)),
            new_markdown_cell(
                "## Growth\n\nHow the reported workforce grew, and *which part* of the rise is reporting."
            ),
            html_cell(
                say(
                    "In {m}, {n} full-time equivalents were reported, {c} more than in {a}. Reported FTE is a lower bound, since the PCNs "
                    "that did not report are missing from it, not zero.",
                    m=month("2022-09"),
                    n=latest,
                    c=known["change.fte.splw.ENG.2021-12.2022-09"],
                    a=month("2021-12"),
                ),
                figure(known),
            ),
            new_markdown_cell("### By census\n\nThe same figures, to one decimal."),
            html_cell(trend_table()),
            new_markdown_cell(
                "> rapid recruitment of up to 1,000 additional social prescribing link workers and health and wellbeing coaches\n\n"
                "That wording is the source's own; see [the letter](https://www.england.nhs.uk/long-read/next-steps/)."
            ),
        ]
    )
    second = new_notebook(
        cells=[
            new_markdown_cell("## Integrated care boards\n\nThey are listed by name: this is no league table."),
            html_cell(wide_table()),
            html_cell(Raw('<div class="warning"><p>Areas are those of the latest extract.</p></div>')),
            new_markdown_cell("## Coverage\n\nA second chart."),
            html_cell(figure(known, "second-chart")),
            new_markdown_cell("## Data quality"),
            html_cell(say("Named {c} by its publisher: {h}", c=code("U12345"), h=HOSTILE, css_class="note")),
        ]
    )
    paths = [folder / "4_report.ipynb", folder / "5_more.ipynb"]
    for path, notebook in zip(paths, (first, second), strict=True):
        nbformat.write(notebook, path)
    return paths


def context(**changes: object) -> PageContext:
    values: dict[str, object] = {
        "title": "Social prescribing link workers in England",
        "description": "Growth against the targets announced for them, from the Primary Care Network Workforce extracts.",
        "period": "2022-09",
        "period_label": "September 2022",
        "synthetic": True,
        "status": Status(
            "draft", ("It shows synthetic data.", "It was made with changes to the project that are not committed.")
        ),
        "facts": facts(),
        "generator": "link-worker-report 0.1.0",
        "links": (
            Link("validation.html", "Validation", "what was checked, what failed, and where"),
            Link("tables/all-tables.xlsx", "All tables in one workbook"),
        ),
        "downloads": (Link("tables/all-tables.xlsx", "All tables, as a workbook"), Link("#other-files", "All files")),
    }
    return PageContext(**{**values, **changes})


def check(outcome: str, severity: str = "warning", **changes: object) -> dict[str, object]:
    return {
        "id": f"check-{outcome.replace(' ', '-')}-{severity}",
        "subject": f"September 2022: FTE of staff ({outcome})",
        "severity": severity,
        "expectation": "The FTE of each staff row lies above 0 and up to 2.",
        "why": "A person works at most two full weeks in one.",
        "outcome": outcome,
        "found": "9,710 of 9,712 rows." if outcome != "passed" else "All 9,712 rows.",
        "unexpected": [],
        "unexpected_count": 0,
        "explanation": "",
        **changes,
    }


def validation() -> dict[str, object]:
    places = [
        {"file": "a – b.csv", "row": 17, "column": "FTE", "value": -0.026666667, "census": "2022-09"},
        {"file": HOSTILE, "row": None, "column": "FTE", "value": None, "census": ""},
    ]
    return {
        "checks": [
            check("passed", "critical"),
            check("passed"),
            check("failed", unexpected=places, unexpected_count=70),
            check(
                "explained", "critical", unexpected=places[:1], unexpected_count=1, explanation="Negative at source."
            ),
            check("not assessed", "info"),
        ]
    }


def entries(count: int = 12) -> list[ReportEntry]:
    censuses = [f"{2020 + number // 4}-{number % 4 * 3 + 3:02d}" for number in range(count)]
    return [
        ReportEntry(
            period=census,
            period_label=month_label(census),
            href=f"{census}/index.html",
            status="draft" if number % 2 else "final",
            synthetic=number % 3 == 0,
            verdicts=(
                ("Link workers by March 2021", "reached on reported data"),
                ("Care coordinators by November 2022", "not assessable: the date is not covered by the data"),
            ),
            made="2023-01-26",
            profiles=(Link("area.html", "Ashmoor", HOSTILE),) if number == 3 else (),
        )
        for number, census in enumerate(censuses)
    ]


def failure(**changes: object) -> Failure:
    values: dict[str, object] = {
        "period": "2022-09",
        "notebook": "3_analyse.ipynb",
        "cell_number": 4,
        "cell_source": "totals = an.totals(workforce)\ntotals['ftee']",
        "parameters": {"period": "2022-09", "raw": "/home/ann/extracts", "strict": ""},
        "kind": "notebook",
        "what": f"3_analyse.ipynb stopped at cell 4: KeyError: {HOSTILE}",
        "why": "Nothing after it was made.",
        "fix": "Correct the cell in JupyterLab, then make the report again.",
        "traceback_tail": '\x1b[31mTraceback\x1b[0m\n  File "/home/ann/report/src/analysis/measures/totals.py", line 3\nKeyError',
    }
    return Failure(**{**values, **changes})


def all_pages(folder: Path) -> dict[str, str]:
    """Each kind of page, by kind."""
    changed = ComparisonSection(
        "Revised values",
        ("The same census, as two reports have it.", say("A name: {h}", h=HOSTILE)),
        (trend_table("revised"),),
    )
    report = render_body(report_body(notebooks(folder)), context())
    shown = [fact for fact in facts().values() if f'data-fact="{fact.id}"' in report]
    origins = context(title=ORIGINS_TITLE, description=ORIGINS_DESCRIPTION, downloads=())
    return {
        "report": report,
        "summary": render_summary(first_screen(report_body(notebooks(folder))), context()),
        "origins": render_origins(shown, origins),
        "validation": render_validation(validation(), context(title="Validation", facts=Facts(), downloads=())),
        "front": render_front(entries()),
        "failure": render_failure(failure()),
        "comparison": render_comparison(
            [changed, ComparisonSection("New areas", ("None.",))], context(title="What changed", downloads=())
        ),
    }
