"""JupyterLab as ``analysis lab`` opens it, in a real browser: what the tests of the desk share."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from e2e.command import Project
    from playwright.sync_api import Page

TOKEN = "a-token-of-the-tests"  # noqa: S105 - opens a server of the tests, for as long as they run
# A notebook runs for a few seconds on an idle machine; one that is busy with other things may need far longer.
PATIENCE_SECONDS = 300
# The state of a notebook as JupyterLab holds it: what stands in the page depends on what is scrolled into sight.
_CELLS = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  if (!panel || !panel.content || !panel.content.model || !panel.sessionContext.isReady) { return null; }
  return {
    path: panel.context.path,
    status: panel.sessionContext.session?.kernel?.status ?? "none",
    kernel: panel.sessionContext.session?.kernel?.name ?? "none",
    cells: panel.content.widgets.map(cell => cell.model.toJSON()),
  };
}"""
_SAVED_OR_ASKED = """() => !window.jupyterapp.shell.currentWidget.context.model.dirty
  || document.querySelector('.jp-Dialog')"""


@dataclass(frozen=True)
class Lab:
    """A JupyterLab server that runs."""

    address: str

    def url(self, path: str) -> str:
        """The address that opens a file in a workspace of its own."""
        return f"{self.address}/lab/tree/{path}?token={TOKEN}&reset"


@contextlib.contextmanager
def running_lab(project: Project, *arguments: str) -> Iterator[Lab]:
    """Start ``analysis lab ARGUMENTS`` in ``project``, and end it with all its kernels."""
    port = _free_port()
    options = [
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--LabApp.expose_app_in_browser=True",
    ]
    process = project.start("lab", *arguments, "--", *options, f"--IdentityProvider.token={TOKEN}")
    lab = Lab(f"http://127.0.0.1:{port}")
    try:
        _wait_for(lab, process)
        yield lab
    finally:
        process.terminate()
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def run_all(page: Page) -> list[dict[str, Any]]:
    """Choose "Run All Cells" in the menu, wait until every cell has run, and return the cells with their outputs."""
    _settled(page, lambda notebook: notebook["status"] == "idle")
    # Counts of an earlier run would be taken for those of this one.
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Run$")).click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    return list(_settled(page, _has_run)["cells"])


def save(page: Page) -> None:
    """Save as a user does, and wait until it is written, or JupyterLab asks whose version to keep."""
    page.keyboard.press("Control+s")
    page.wait_for_function(_SAVED_OR_ASKED, timeout=PATIENCE_SECONDS * 1000)
    asked = page.locator(".jp-Dialog").all_inner_texts()
    assert not asked, f"JupyterLab did not save: {asked}"


def outputs(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All outputs of code cells, in their order."""
    return [output for cell in cells for output in cell.get("outputs", [])]


def errors(cells: list[dict[str, Any]]) -> list[str]:
    """What went wrong in a run, as the notebook tells it."""
    return [f"{out['ename']}: {out['evalue']}" for out in outputs(cells) if out["output_type"] == "error"]


def _has_run(notebook: dict[str, Any]) -> bool:
    """Whether every code cell has run, or one of them stopped the run."""
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return notebook["status"] == "idle" and (all(cell["execution_count"] for cell in code) or bool(errors(code)))


def _settled(page: Page, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    give_up = time.monotonic() + PATIENCE_SECONDS
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget", timeout=PATIENCE_SECONDS * 1000)
    while True:
        notebook = page.evaluate(_CELLS)
        if notebook and wanted(notebook):
            return dict(notebook)
        assert time.monotonic() < give_up, f"the notebook did not come to rest: {notebook and notebook['status']}"
        page.wait_for_timeout(200)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(lab: Lab, process: subprocess.Popen[str]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{lab.address}/api").close()  # noqa: S310 - our own server on this machine
        except urllib.error.URLError:
            assert process.poll() is None, f"JupyterLab ended: {process.communicate()[1]}"
            assert time.monotonic() < give_up, "JupyterLab did not answer"
            time.sleep(0.2)
        else:
            return
