"""What an analyst gets from Tab and from a name on the last line of a cell, in a real kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.command import PATIENCE_SECONDS, Project
from jupyter_client.manager import start_new_kernel

from analysis.charts.report_charts import Charts
from analysis.tables.report_tables import Tables

pytestmark = pytest.mark.xdist_group("desk")


@pytest.fixture(scope="module")
def kernel(desk: Project, of_june: Path) -> Iterator[object]:
    """A kernel in which a cell has opened the analysis of June 2022 as ``report``."""
    manager, client = start_new_kernel(env=desk.environment, cwd=str(desk.root / "notebooks"))
    try:
        client.wait_for_ready(timeout=PATIENCE_SECONDS)
        opened = "import analysis as an\nrun = an.run('2022-06')\nreport = run.report()"
        answer = client.execute_interactive(opened, timeout=PATIENCE_SECONDS)
        assert answer["content"]["status"] == "ok", answer["content"]
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def completed(kernel) -> Callable[[str], list[str]]:
    """``completed("report.tab")`` gives what Tab offers there, without what was typed."""

    def complete(typed: str) -> list[str]:
        content = kernel.complete(typed, reply=True, timeout=PATIENCE_SECONDS)["content"]
        return [match.rpartition(".")[2] if '"' not in typed else match for match in content["matches"]]

    return complete


@pytest.fixture(scope="module")
def displayed(kernel) -> Callable[[str], dict[str, str]]:
    """``displayed("report.facts")`` gives the forms in which a cell that ends so shows its result."""

    def display(expression: str) -> dict[str, str]:
        shown = {}

        def keep(message: dict) -> None:
            if message["msg_type"] == "execute_result":
                shown.update(message["content"]["data"])

        answer = kernel.execute_interactive(expression, output_hook=keep, timeout=PATIENCE_SECONDS)
        assert answer["content"]["status"] == "ok", answer["content"]
        return shown

    return display


def test_tab_offers_the_functions_of_the_package(completed):
    assert {"run", "change", "figure", "say", "Table", "Column", "table_of"} <= set(completed("an."))


def test_tab_offers_every_table_and_chart_by_name(completed):
    assert set(Tables.names()) <= set(completed("report.tables."))
    drawn = {name for name in vars(Charts) if not name.startswith("_")}
    assert len(drawn) > 5
    assert drawn <= set(completed("report.charts."))


def test_tab_offers_the_names_that_a_text_can_use(completed):
    assert {"fte", "coverage", "role", "targets", "period"} <= set(completed("report.text."))


def test_a_cell_of_text_shows_what_the_page_will_show(displayed, kernel):
    assert 'data-fact="fte.splw.ENG.2022-06"' in displayed("%%text\nThere are **{{ fte }}** FTE.")["text/html"]
    answer = kernel.execute_interactive("%%text\nThere are 12 FTE.", output_hook=print, timeout=PATIENCE_SECONDS)
    told = "\n".join(answer["content"]["traceback"])
    assert told.splitlines()[0].startswith(
        "TextError: Line 2 of the cell: the number '12' in 'There are 12 FTE.' is typed"
    )
    assert len(told.splitlines()) == 3


def test_tab_offers_facts_and_targets_inside_the_brackets(completed):
    facts = completed('report.facts["fte.splw.ENG.')
    assert any("fte.splw.ENG.2022-06" in match for match in facts)
    assert any("splw-2019" in match for match in completed('report.assessment["'))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ('report.facts["fte.splw.ENG.2022-06"]', 'data-fact="fte.splw.ENG.2022-06"'),
        ('report.assessment["splw-2019"]', "2019 target: link workers in place"),
        ("report.tables.by_census", "Link workers by census, England"),
        ("report.charts.coverage", "<svg"),
        ('report.text("There are {{ fte }} FTE.")', "data-fact="),
        ("an.table_of(report.catalogue.inputs)", "<table"),
        ("run", "Extracts from the synthetic sample."),
    ],
)
def test_a_result_shows_itself(expression, words, displayed):
    assert words in displayed(expression)["text/html"]


@pytest.mark.parametrize(
    "name",
    ["an.run", "an.change", "an.figure", "an.say", "an.Table", "an.table_of", "run.report", "run.validate", "run.save"],
)
def test_shift_tab_tells_what_a_function_is_for(name, kernel):
    answer = kernel.inspect(name, reply=True, timeout=PATIENCE_SECONDS)["content"]
    assert answer["found"]
    assert "Docstring:" in answer["data"]["text/plain"]
