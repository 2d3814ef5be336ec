"""Make a working folder (notebooks, registers, Makefile), in which a team keeps its own report without a clone."""

from __future__ import annotations

import shutil
from importlib import metadata
from pathlib import Path

from analysis.errors import UsageError
from analysis.registers.files import FOLDER as REGISTERS
from analysis.registers.files import OWN_FOLDER, register_names
from analysis.settings import PROJECT, RAW, WORKING_FOLDER_MARK, provided

_GITIGNORE = "data/\nreports/\n.ipynb_checkpoints/\n"


def make_working_folder(folder: Path) -> None:
    """Fill the new ``folder`` with copies of the notebooks, the registers and a Makefile.

    Raises
    ------
    UsageError
        When the folder is there and not empty: nothing of it is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder.name} is there already, and it is not an empty folder.",
            "A working folder is made new, so that no file of yours is overwritten.",
            "Give the name of a new folder.",
        )
    (folder / RAW).mkdir(parents=True)
    (folder / "notebooks").mkdir()
    (folder / OWN_FOLDER).mkdir()
    for notebook in sorted(provided("notebooks").iterdir()):
        if notebook.suffix in {".ipynb", ".md"}:
            shutil.copyfile(notebook, folder / "notebooks" / notebook.name)
    for name in register_names():
        shutil.copyfile(REGISTERS / name, folder / OWN_FOLDER / name)
    shutil.copyfile(provided("Makefile"), folder / "Makefile")
    (folder / ".gitignore").write_text(_GITIGNORE, encoding="utf-8")
    comment = f"# A working folder of {PROJECT}. Its commands look for this file."
    mark = f'{comment}\nmade_with = "{metadata.version(PROJECT)}"\n'
    (folder / WORKING_FOLDER_MARK).write_text(mark, encoding="utf-8")
