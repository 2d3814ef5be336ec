"""Charts are drawn beside the kernel: the same drawings as at once, kept for later runs, and never wrongly."""

from __future__ import annotations

import concurrent.futures
import contextlib
import subprocess
import sys
import time

import altair as alt
import nbformat
import pandas as pd
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.charts.drawing_requests import LATER, VARIABLE, drawings, requests_in, with_drawings
from analysis.charts.figure import Figure, figure
from analysis.errors import NotebookError
from analysis.pipeline import drawings as drawing
from analysis.pipeline.drawings import DrawingError, Drawings
from analysis.pipeline.make_report import make_report
from analysis.pipeline.request import Request

PERIOD = "2022-09"
CHART = """
import altair as alt, pandas as pd
from analysis.charts.figure import figure
frame = pd.DataFrame({{"name": ["a < b", "c & d"], "fte": [1.0, 2.5]}})
chart = alt.Chart(frame).mark_bar().encode(x="fte:Q", y="name:N"){more}
figure(chart, title="{title}", subtitle="FTE", id="{id}")
"""


def chart_cell(name: str, more: str = "") -> str:
    return CHART.format(title=f"Chart {name}", id=name, more=more)


def described_chart(title: str = "One has most", **encoding: str):
    frame = pd.DataFrame({"name": ["a < b", "c & d"], "fte": [1.0, 2.5]})
    chart = alt.Chart(frame).mark_bar().encode(**({"x": "fte:Q", "y": "name:N"} | encoding))
    return figure(chart, title=title, subtitle="FTE", id="one")


def output_of(chart) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", {"text/html": str(Figure.of(chart).to_html())})


@pytest.fixture
def later(monkeypatch):
    monkeypatch.setenv(VARIABLE, LATER)


@pytest.fixture
def thread(monkeypatch):
    """Draw in a thread of this process: where it is drawn is no matter to these tests, and a process takes seconds."""
    monkeypatch.setattr(drawing, "process_pool", concurrent.futures.ThreadPoolExecutor)


def drawn_later(output, kept=None) -> str:
    with Drawings(kept) as made:
        made.begin(output)
        made.put_into([{"outputs": [output]}])
    return output["data"]["text/html"]


def test_the_drawings_are_those_that_are_made_at_once(monkeypatch):
    at_once = output_of(described_chart())["data"]["text/html"]
    monkeypatch.setenv(VARIABLE, LATER)
    asked = output_of(described_chart())

    assert "<svg" not in asked["data"]["text/html"]
    assert drawn_later(asked) == at_once
    assert at_once.count("<svg") == 2


@given(st.text(), st.text(), st.text())
def test_a_request_comes_back_whatever_text_stands_in_it(name, title, alternative):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, LATER)
        html = drawings({"data": {"values": [{"x": name}]}}, id=name, title=title, alternative=alternative)
        around = f"<p>{name.replace('<', '&lt;')}</p>{html}<p>after</p>"

    (request,) = requests_in(around)

    assert with_drawings(around, {request: "DRAWN"}) == around.replace(html, "DRAWN")
    assert with_drawings(html, {}) == ""


def test_a_drawing_that_is_kept_is_not_made_again(thread, later, tmp_path, monkeypatch):
    first = drawn_later(output_of(described_chart()), tmp_path)
    monkeypatch.setattr(drawing, "process_pool", lambda _: pytest.fail("it was drawn"))

    assert drawn_later(output_of(described_chart()), tmp_path) == first


@pytest.mark.parametrize("change", ["data", "title", "library", "code"])
def test_whatever_a_drawing_depends_on_makes_it_anew(thread, later, tmp_path, monkeypatch, change):
    drawn_later(output_of(described_chart()), tmp_path)
    other = described_chart(**{"data": {"x": "sum(fte):Q"}, "title": {"title": "Another"}}.get(change, {}))
    if change == "library":
        monkeypatch.setattr(drawing.metadata, "version", lambda name: f"{name} of tomorrow")
    if change == "code":
        (tmp_path / "charts").mkdir()
        (tmp_path / "charts/render.py").write_text("")
        monkeypatch.setattr(drawing, "_CODE", tmp_path / "charts")
    drawing._what_draws.cache_clear()
    asked = []
    monkeypatch.setattr(Drawings, "_begun", lambda _, request: asked.append(request) or concurrent.futures.Future())

    Drawings(tmp_path).begin(output_of(other))

    drawing._what_draws.cache_clear()
    assert len(asked) == 1


@pytest.mark.parametrize("damage", ["", "nonsense", "cut"])
def test_a_damaged_drawing_is_made_again(thread, later, tmp_path, damage):
    first = drawn_later(output_of(described_chart()), tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_text(kept.read_text()[:-40] if damage == "cut" else damage)

    assert drawn_later(output_of(described_chart()), tmp_path) == first
    assert drawn_later(output_of(described_chart()), tmp_path) == first


def test_those_used_last_are_kept(thread, later, tmp_path, monkeypatch):
    monkeypatch.setattr(drawing, "_KEPT", 2)

    for title in ("first", "second", "third"):
        drawn_later(output_of(described_chart(title)), tmp_path)

    assert len(list(tmp_path.iterdir())) == 2


def test_no_room_is_no_fault(thread, later, tmp_path):
    (tmp_path / "file").write_text("")

    assert "<svg" in drawn_later(output_of(described_chart()), tmp_path / "file/below")


def test_what_a_process_that_died_should_draw_is_drawn_here(later):
    outputs = [output_of(described_chart(title)) for title in ("before", "after")]
    with Drawings(None) as made:
        made.begin(outputs[0])
        for process in made._processes._processes.values():
            process.kill()
            process.join()
        with contextlib.suppress(concurrent.futures.BrokenExecutor):
            made._processes.submit(print).result()
        made.begin(outputs[1])
        made.put_into([{"outputs": outputs}])

    assert [output["data"]["text/html"].count("<svg") for output in outputs] == [2, 2]


def test_a_chart_that_cannot_be_drawn_leaves_the_others(thread, later):
    wrong = described_chart().transform_calculate(z="datum.(")
    outputs = [output_of(chart) for chart in (described_chart("a"), wrong, described_chart("b"))]
    with Drawings(None) as made:
        for output in outputs:
            made.begin(output)
        with pytest.raises(DrawingError) as caught:
            made.put_into([{"outputs": [output], "source": number} for number, output in enumerate(outputs)])

    assert caught.value.cell["source"] == 1
    assert ["<svg" in output["data"]["text/html"] for output in outputs] == [True, False, True]


def test_a_report_has_its_charts_drawn(project, publish, write_notebook):
    write_notebook(project / "notebooks/2_chart.ipynb", chart_cell("first"), chart_cell("second"))

    made = make_report(Request(period=PERIOD), publish=publish)

    text = (made.folder / "notebooks/2_chart.ipynb").read_text(encoding="utf-8")
    assert text.count("<svg") == 4
    assert "data-request" not in text


def test_a_changed_notebook_draws_its_changed_chart_alone(thread, project, publish, write_notebook, monkeypatch):
    write_notebook(project / "notebooks/2_chart.ipynb", chart_cell("first"), chart_cell("second"))
    make_report(Request(period=PERIOD), publish=publish)
    write_notebook(project / "notebooks/2_chart.ipynb", chart_cell("first"), chart_cell("third"))
    asked: list[str] = []
    begun = Drawings._begun
    monkeypatch.setattr(Drawings, "_begun", lambda self, request: asked.append(request) or begun(self, request))

    make_report(Request(period=PERIOD), publish=publish)

    assert len(asked) == 1
    assert '"third"' in asked[0]


def test_a_report_made_fresh_takes_no_drawing_over(thread, project, publish, write_notebook, monkeypatch):
    write_notebook(project / "notebooks/2_chart.ipynb", chart_cell("first"))
    make_report(Request(period=PERIOD), publish=publish)
    asked: list[str] = []
    begun = Drawings._begun
    monkeypatch.setattr(Drawings, "_begun", lambda self, request: asked.append(request) or begun(self, request))

    make_report(Request(period=PERIOD, fresh=True), publish=publish)

    assert len(asked) == 1


def test_a_chart_that_cannot_be_drawn_is_told_with_its_cell(thread, project, publish, write_notebook):
    wrong = chart_cell("second", '.transform_calculate(z="datum.(")')
    write_notebook(project / "notebooks/2_chart.ipynb", chart_cell("first"), wrong)

    with pytest.raises(NotebookError) as caught:
        make_report(Request(period=PERIOD), publish=publish)

    assert "2_chart.ipynb, cell 3 shows a chart that cannot be drawn" in caught.value.what
    kept = (project / f"reports/failed/{PERIOD}/notebooks/2_chart.ipynb").read_text(encoding="utf-8")
    assert kept.count("<svg") == 2
    assert "data-request" not in kept


_DRAWING = """
import multiprocessing, sys, time
from pathlib import Path
from analysis.charts import render
from analysis.pipeline import drawings

def draw(request):
    Path(sys.argv[1]).write_text("")
    while True:  # whatever ends it must end the process, too
        time.sleep(1)

drawings.draw_request = draw

if __name__ == "__main__":
    made = drawings.Drawings(None)
    made.begin({"data": {"text/html": '<div class="drawings" data-request="{}"></div>'}})
    print(multiprocessing.active_children()[0].pid, flush=True)
    time.sleep(600)
"""


def test_the_process_ends_with_a_run_that_is_killed_while_it_draws(tmp_path):
    (tmp_path / "main.py").write_text(_DRAWING, encoding="utf-8")
    begun = tmp_path / "begun"
    run = subprocess.Popen([sys.executable, tmp_path / "main.py", begun], stdout=subprocess.PIPE, text=True)
    pid, until = int(run.stdout.readline()), time.monotonic() + 60
    while not begun.exists() and time.monotonic() < until:
        time.sleep(0.05)

    run.kill()
    run.wait()

    while psutil.pid_exists(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert begun.exists()
    assert not psutil.pid_exists(pid)
