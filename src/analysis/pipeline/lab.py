"""Open JupyterLab on the project, from the project's own environment."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from analysis.errors import UsageError
from analysis.periods import parse_census
from analysis.pipeline.notebooks import discover
from analysis.pipeline.raw_folder import resolve_raw
from analysis.pipeline.reports_folder import FAILED
from analysis.pipeline.request import from_root
from analysis.settings import LAB_VARIABLES, RAW, project_root

# No news, no update check, no request to anywhere.
_QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)
# Defaults of our own, which a user's settings override: no question about news, Markdown opens as it reads, and long
# lines of a text wrap. As a folder of configuration, because JupyterLab takes no settings from its command line.
_SETTINGS = Path(__file__).parent / "jupyter"
_START_PAGE = "README.md"


def open_lab(
    failed_in: Path | None = None, options: tuple[str, ...] = (), *, period: str = "", raw: Path | None = None
) -> None:
    """Become JupyterLab on the project, or on the last failed run kept in ``failed_in``; does not return.

    It opens with the start page of ``notebooks/``, or with the notebook that failed. Notebooks that leave ``period`` or
    ``raw`` at their defaults take those that are given here. ``options`` go to JupyterLab as they are.

    Raises
    ------
    UsageError
        When JupyterLab is not installed, the period is no census, or nothing has failed.
    ExtractError
        When ``raw`` holds nothing.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise UsageError(
            "JupyterLab is not installed in this environment.",
            "Making reports does not need it, so it is an extra.",
            "Start it with `make lab`, or install the extra: `pip install -e .[lab]`.",
        )
    asked = {"period": parse_census(period) if period else "", "raw": from_root(raw) if raw is not None else ""}
    folder = project_root() / "notebooks" if failed_in is None else last_failed(failed_in) / "notebooks"
    if failed_in is None:
        resolve_raw(asked["raw"] or RAW)  # so that the first notebook finds extracts, or the sample
    settings = os.pathsep.join(filter(None, (str(_SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH"))))
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": settings,
        **{variable: asked[name] for name, variable in LAB_VARIABLES.items()},
    }
    command = [sys.executable, "-m", "jupyterlab", *_opened(folder.resolve()), *_QUIET, *options]
    if sys.platform == "win32":  # exec would leave the terminal to two processes there
        sys.exit(subprocess.call(command, env=environment))
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own interpreter and fixed arguments


def _opened(folder: Path) -> list[str]:
    """The options that name the folder JupyterLab works in, and what it opens first.

    It works in the project, where links of a notebook to documents and registers lead somewhere; a failed run that is
    kept elsewhere is opened where it lies.
    """
    root = project_root().resolve()
    if not folder.is_relative_to(root):
        root = folder
    first = (folder / _first_opened(folder)).relative_to(root).as_posix()
    return [f"--notebook-dir={root}", f"--LabApp.default_url=/lab/tree/{quote(first)}"]


def _first_opened(folder: Path) -> str:
    """The start page; in a failed run, which has none, the notebook that failed: those after it were not run."""
    if (folder / _START_PAGE).is_file():
        return _START_PAGE
    return [notebook.path.name for notebook in discover(folder)][-1]


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
