"""Open JupyterLab on the notebooks, from the project's own environment."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from analysis.errors import UsageError
from analysis.pipeline.place import FAILED
from analysis.pipeline.raw import resolve_raw
from analysis.settings import project_root

# No news, no update check, no request to anywhere, and no question about either.
_QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


def open_lab(failed_in: Path | None = None, options: tuple[str, ...] = ()) -> None:
    """Become JupyterLab on ``notebooks/``, or on the last failed run kept in ``failed_in``; does not return.

    ``options`` go to JupyterLab as they are.

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
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={folder.resolve()}", *_QUIET, *options]
    if sys.platform == "win32":  # exec would leave the terminal to two processes there
        sys.exit(subprocess.call(command))
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter and fixed arguments


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
