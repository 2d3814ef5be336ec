"""The measures of a run, worked out by a process of their own while another one validates the extracts.

The process is forked from the one that kernels are forked from, and imports nothing anew. It writes one file into the
folder for temporary files of the run's kernels: no result of the run lies there, and the folder goes with the run. The
file is named by the run, so by inputs, registers, parameters and code; it appears whole or not at all. A notebook takes
the measures when they are there and waits when they are in the making. Otherwise it works them out: in JupyterLab, with
plain kernels, or when the process failed. The gate stands where it stood: only after it are measures taken or saved.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pickle
import sys
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from analysis.extracts import Catalogue
from analysis.facts.analysis import Measures
from analysis.formats import INGEST
from analysis.pipeline.locks import Lock, LockHeldError
from analysis.registers.breaks import load_breaks
from analysis.registers.published import load_published
from analysis.registers.targets import load_targets
from analysis.report.assembly import measure
from analysis.runs.extracts_of_run import load_extracts
from analysis.runs.folder import RunFolder
from analysis.runs.identity import run_name
from analysis.settings import RUN_MARK, Parameters

_LOCK = "measures.lock"
_COMPRESSION = "lz4"  # 60 MB of measures become 3 MB in a tenth of a second
# Ten times what the measures of 54 censuses take on a slow machine. Whoever has waited so long works them out.
_PATIENCE_SECONDS = 300.0


def work_out_measures(folder: Path, given: Mapping[str, object]) -> None:
    """Work out the measures of the run in ``folder``, and write them for the notebooks of this run.

    Nothing is written when the parameters and the extracts are not those of the run, or a register is edited meanwhile.
    """
    home, run = _home(), RunFolder.at(folder)
    if home is None or run is None or _file(home, run.name).exists():
        return
    with contextlib.suppress(LockHeldError), Lock(home / _LOCK):
        known = Parameters.declared()
        parameters = Parameters.parse({name: value for name, value in given.items() if name in known})
        catalogue = Catalogue.from_json((folder / INGEST).read_text(encoding="utf-8"))
        if run_name(catalogue, parameters) != run.name:
            return
        extracts = load_extracts(catalogue, parameters.processed_folder, parameters.role)
        targets = load_targets(roles=extracts.roles)
        measures = measure(extracts, published=load_published(), targets=targets, breaks=load_breaks())
        new = _file(home, run.name).with_suffix(".new")
        with pa.CompressedOutputStream(str(new), _COMPRESSION) as file:
            pickle.dump(measures, file, protocol=pickle.HIGHEST_PROTOCOL)
        if run_name(catalogue, parameters) == run.name:
            new.rename(_file(home, run.name))


def measures_beside(run: str) -> Measures | None:
    """The measures of the run, by its name, if a process beside has worked them out; waits while it does."""
    home = _home()
    if home is None or not any((home / name).exists() for name in (_LOCK, _file(home, run).name)):
        return None
    try:
        with Lock(home / _LOCK, wait_seconds=_PATIENCE_SECONDS):
            pass
        with pa.CompressedInputStream(str(_file(home, run)), _COMPRESSION) as file:
            # Of a process of this run, in a folder that only its user may write to. Parquet would not keep each type.
            measures = pickle.load(file)  # noqa: S301
    except (OSError, LockHeldError, EOFError, pickle.UnpicklingError):
        return None
    return measures if isinstance(measures, Measures) else None


def _home() -> Path | None:
    """The folder for temporary files of the kernels of this run; ``None`` in a process that belongs to no run."""
    mark, home = os.environ.get(RUN_MARK), Path(os.environ.get("TMPDIR", ""))
    return home if mark and home.name == mark else None


def _file(home: Path, run: str) -> Path:
    return home / f"measures-{run}.pickle"


if __name__ == "__main__":
    gc.disable()  # it ends in seconds: looking for cycles among what it holds is a twentieth of its time
    work_out_measures(Path(sys.argv[1]), json.loads(sys.argv[2]))
