"""Open JupyterLab on the notebooks, from the project's own environment."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from analysis.errors import UsageError
from analysis.pipeline.notebooks import discover
from analysis.pipeline.place import FAILED
from analysis.pipeline.raw import resolve_raw
from analysis.settings import project_root

# No news, no update check, no request to anywhere.
_QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)
# Defaults of our own, which a user's settings override: no question about news, and Markdown opens as it reads.
# As a folder of configuration, because JupyterLab takes no settings from its command line.
_SETTINGS = Path(__file__).parent / "jupyter"
_START_PAGE = "README.md"


def open_lab(failed_in: Path | None = None, options: tuple[str, ...] = ()) -> None:
    """Become JupyterLab on ``notebooks/``, or on the last failed run kept in ``failed_in``; does not return.

    It opens with the start page, or with the notebook that failed. ``options`` go to JupyterLab as they are.

    Raises
    ------
    UsageError
        When JupyterLab is not installed, or nothing has failed.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise UsageError(
            "JupyterLab is not installed in this environment.",
            "Making reports does not need it, so it is an extra.",
            "Start it with `make lab`, or install the extra: `pip install -e .[lab]`.",
        )
    folder = project_root() / "notebooks" if failed_in is None else last_failed(failed_in) / "notebooks"
    if failed_in is None:
        resolve_raw()  # so that the first notebook finds extracts, or the sample
    opened = [f"--notebook-dir={folder.resolve()}", f"--LabApp.default_url=/lab/tree/{_first_opened(folder)}"]
    command = [sys.executable, "-m", "jupyterlab", *opened, *_QUIET, *options]
    settings = os.pathsep.join(filter(None, (str(_SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH"))))
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": settings}
    if sys.platform == "win32":  # exec would leave the terminal to two processes there
        sys.exit(subprocess.call(command, env=environment))
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own interpreter and fixed arguments


def _first_opened(folder: Path) -> str:
    """The start page; in a failed run, which has none, the notebook that failed: those after it were not run."""
    if (folder / _START_PAGE).is_file():
        return _START_PAGE
    kept = [notebook.path.name for notebook in discover(folder)]
    return quote(kept[-1])


def last_failed(reports: Path) -> Path:
    """The folder of the run that failed last.

    Raises
    ------
    UsageError
        When none is kept in ``reports``.
    """
    kept = [folder for folder in (reports / FAILED).glob("*") if (folder / "notebooks").is_dir()]
    if not kept:
        raise UsageError(
            f"No failed run is kept in {reports.name}/.",
            "Notebooks are kept when a run fails, until one of the same period succeeds.",
            "Open the project's own notebooks with `analysis lab`.",
        )
    return max(kept, key=lambda folder: folder.stat().st_mtime)
