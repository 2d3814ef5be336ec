"""What the steps of a report depend on: each input by a name that a reader knows, with a digest of its content.

A step whose inputs are all as they were need not run again. So nothing may be missing here: what is in doubt counts. An
input that counts without need costs a run of a few seconds; one that is missing makes a wrong report that looks right.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from analysis import formats
from analysis.file_digests import FileDigests, sha256_of
from analysis.folders import walk_once
from analysis.pipeline.code_cells import code_digest
from analysis.pipeline.lookup import made_reports, report_name
from analysis.pipeline.raw_folder import folder_to_ingest
from analysis.pipeline.request import Request, processed_as_given, raw_as_given
from analysis.registers.files import register_names, register_path
from analysis.runs.identity import code_files
from analysis.settings import LAB_VARIABLES, PROJECT, project_root, resolve

Inputs = dict[str, str]

# A leading number makes a notebook a step; others (explore.ipynb) are the analyst's own.
_STEP = re.compile(r"^(\d+)_\w[\w-]*\.ipynb$")
_PACKAGE = Path(__file__).parents[1]
# Files of an earlier report that a later one is compared with.
_COMPARED = (formats.INGEST, formats.ASSESSMENT, formats.FACTS, formats.MANIFEST, "measures/totals.parquet")
# Variables of the terminal, the session and the programs that start a run. Every other one counts.
_OF_THE_SESSION = re.compile(
    # Those that the Makefile hands arguments on in end with an underscore; `_` is the shell's.
    r"\w*_|PWD|OLDPWD|SHLVL|COLUMNS|LINES|TERM\w*|COLORTERM|LS_COLORS|PS\d|HIST\w+|PAGER|EDITOR|VISUAL|LESS\w*|"
    r"DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|SSH_\w+|GPG_\w+|DBUS_\w+|WINDOWID|MAIL|USER|LOGNAME|HOSTNAME|"
    r"INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_EXEC_PID|MAKE\w*|MFLAGS|TMPDIR|TEMP|TMP|JPY_\w+|PYTEST_\w+|ANALYSIS_KERNELS"
)


def step_paths(folder: Path) -> list[Path]:
    """The notebooks in ``folder`` that are steps, ``N_name.ipynb``, in the order of their numbers."""
    paths = (path for path in folder.glob("*.ipynb") if _STEP.match(path.name))
    return sorted(paths, key=lambda path: (int(path.name.split("_")[0]), path.name))


def notebooks_folder(request: Request) -> Path:
    """The folder of the notebooks that a request runs."""
    return request.notebooks or project_root() / "notebooks"


def shared_inputs(request: Request) -> Inputs | None:
    """What every step of a report depends on; ``None`` while the sample, which it would be made from, is not made.

    Raises
    ------
    ExtractError
        When there is nothing to ingest in RAW.
    """
    raw = folder_to_ingest(raw_as_given(request), processed_as_given(request))
    if raw is None:
        return None
    return {
        **_parameters(request),
        **_raw_files(raw, resolve(processed_as_given(request)), again=request.fresh),
        **{f"the register {name}": file_digest(register_path(name)) for name in register_names()},
        **_code(),
        **_environment(),
        **_variables(),
    }


def notebook_inputs(paths: Iterable[Path]) -> Inputs:
    """The notebooks, as far as their outputs depend on them: without Markdown and raw cells."""
    return {f"the code of {path.name}": code_digest(path) for path in paths}


def notebook_files(paths: Iterable[Path]) -> Inputs:
    """The notebooks as whole files, by their names."""
    return {path.name: file_digest(path) for path in paths}


def earlier_report_inputs(request: Request, period: str) -> Inputs:
    """The reports before ``period``, with which the new one is compared."""
    earlier = [made for made in made_reports(request.reports, request.role) if made < period]
    folders = {name: request.reports / name for name in (report_name(made, request.role) for made in earlier)}
    return {
        f"the earlier report {name}": digest_of(file_digest(folder / file) for file in _COMPARED)
        for name, folder in folders.items()
    }


def file_digest(path: Path, digest: Callable[[Path], str] = sha256_of) -> str:
    """The SHA-256 of a file; ``missing`` where there is none that can be read."""
    try:
        return digest(path)
    except OSError:
        return "missing"


def digest_of(texts: Iterable[str]) -> str:
    """One digest of several texts."""
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogateescape")).hexdigest()


def _parameters(request: Request) -> Inputs:
    # The period and RAW stand in the notebooks as they were given.
    given: dict[str, object] = {
        "period": request.period,
        "raw": raw_as_given(request),
        "processed": processed_as_given(request),
        "role": request.role,
        **request.parameters,
    }
    return {f"the parameter {name}": repr(value) for name, value in given.items()}


def _raw_files(raw: Path, processed: Path, *, again: bool) -> Inputs:
    """Every file of RAW, whatever it holds: which of them are extracts is found out when they are read."""
    digests = FileDigests(processed)
    if again:
        digests.forget()
    found = {path.relative_to(raw).as_posix(): path for path in _files_below(raw, processed)}
    inputs = {f"{name} in RAW": file_digest(found[name], digests.of) for name in sorted(found)}
    digests.save()
    return inputs


def _files_below(folder: Path, processed: Path) -> Iterator[Path]:
    for here, folders, names in walk_once(folder):
        if folder != processed and not folder.is_relative_to(processed):
            folders[:] = [name for name in folders if (here / name).resolve() != processed]
        yield from (here / name for name in names)


def _code() -> Inputs:
    files = {path.relative_to(_PACKAGE).as_posix(): path for path in code_files(_PACKAGE)}
    return {f"the code {name}": file_digest(files[name]) for name in sorted(files)}


def _environment() -> Inputs:
    """Python, the system, and each installed package: its version, and the list of its files with their checksums."""
    inputs = {"Python": sys.version, "the operating system": platform.platform()}
    for place in dict.fromkeys(map(Path, sys.path)):
        for found in sorted(place.glob("*.dist-info")) if place.is_dir() else ():
            name, _, version = found.name.removesuffix(".dist-info").partition("-")
            if name.lower().replace("_", "-") != PROJECT:  # our own code counts file by file
                inputs.setdefault(f"the package {name}", f"{version} {file_digest(found / 'RECORD')}")
    return inputs


def _variables() -> Inputs:
    """The environment variables. Of their values only digests are kept: a secret may be among them."""
    left_out = set(LAB_VARIABLES.values())
    return {
        f"the environment variable {name}": digest_of([value])
        for name, value in sorted(os.environ.items())
        if name not in left_out and not _OF_THE_SESSION.fullmatch(name)
    }
