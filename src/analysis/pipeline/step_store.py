"""The results of steps, kept in ``data/processed/steps``: a step is not done again while its inputs are the same.

An entry is a folder, ``<step>/<digest of its inputs>/``: ``step.json`` names each input with its digest, each file that
the notebook read beside them, and each file that it wrote, which lie in ``files/``. An entry counts only when all of
that is still so. It appears whole or not at all.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.pipeline.files_read import content_digest
from analysis.pipeline.json_files import UNREADABLE, write_json
from analysis.pipeline.locks import Lock, LockHeldError, waiting_lock
from analysis.pipeline.step_inputs import Inputs, digest_of, file_digest

STEPS = "steps"  # under the folder of processed data
NOTEBOOKS = "notebooks"  # in the folder of a run: as they were executed
READY = "ready"  # the same, made ready to be kept
_RECORD, _FILES, _NEW = "step.json", "files", "new-"
# Of each step: a publisher goes back and forth between two or three censuses or parameters. An entry takes some 10 MB.
_KEPT = 4
_DIGITS = 16
# What the pipeline itself writes into the folder of a run while its notebooks run.
_NOT_OF_STEPS = {"log.jsonl"}
_NAMED = 3  # of the inputs that changed, in a message


@dataclass(frozen=True)
class StepEntry:
    """A step that was done.

    Parameters
    ----------
    folder
        Where its results are kept.
    inputs
        The digest of each input, by name.
    read
        The digest of each further file or folder that its notebook read, by path.
    files
        The digest of each file it wrote, by its path in the folder of the run.
    period
        The census of the report.
    seconds
        How long it took.
    """

    folder: Path
    inputs: Inputs
    read: Mapping[str, str]
    files: Mapping[str, str]
    period: str
    seconds: float

    @property
    def results(self) -> str:
        """One digest of what was written."""
        return results_digest(self.files)

    def changed(self, inputs: Inputs) -> list[str]:
        """What differs from ``inputs``, and from what was read and written then, in words."""
        names = [name for name in dict.fromkeys((*inputs, *self.inputs)) if inputs.get(name) != self.inputs.get(name)]
        differences = [
            f"{name} {'is new' if name not in self.inputs else 'is gone' if name not in inputs else 'changed'}"
            for name in names
        ]
        differences += [f"{path} changed" for path, digest in self.read.items() if content_digest(Path(path)) != digest]
        if any(file_digest(self.folder / _FILES / name) != digest for name, digest in self.files.items()):
            differences.append("its stored results are damaged")
        return differences


class StepStore:
    """The entries below ``processed``."""

    def __init__(self, processed: Path) -> None:
        self.root = processed / STEPS

    def find(self, step: str, inputs: Inputs) -> StepEntry | None:
        """The entry of a step with exactly these inputs, if there is one and nothing that it read has changed."""
        entry = _read(self.root / step / _key(inputs))
        if entry is None or entry.changed(inputs):
            return None
        with contextlib.suppress(OSError):  # used last; only for the order in which entries are removed
            os.utime(entry.folder)
        return entry

    def latest(self, step: str) -> StepEntry | None:
        """The entry that was made or used last."""
        found = [entry for path in _by_use(self.root / step) if (entry := _read(path))]
        return found[0] if found else None

    def why_not(self, step: str, inputs: Inputs) -> str:
        """Why a step has to be done, in a few words."""
        entry = _read(self.root / step / _key(inputs)) or self.latest(step)
        if entry is None:
            return "it was not done before"
        changed = entry.changed(inputs)
        more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
        return ", ".join(changed[:_NAMED]) + more

    def save(
        self,
        step: str,
        inputs: Inputs,
        results: Mapping[str, Path],
        *,
        read: Mapping[str, str],
        period: str,
        seconds: float,
    ) -> StepEntry | None:
        """Keep the ``results`` of a step: files by their path in the folder of a run; ``None`` if there is no room."""
        target = self.root / step / _key(inputs)
        new = self.root / step / f"{_NEW}{secrets.token_hex(4)}"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with waiting_lock(self.root / f"{step}.lock"):
                target.parent.mkdir(exist_ok=True)
                for leftover in target.parent.glob(f"{_NEW}*"):  # of a killed run
                    shutil.rmtree(leftover, ignore_errors=True)
                for name, path in results.items():
                    (new / _FILES / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, new / _FILES / name)
                files = {name: file_digest(new / _FILES / name) for name in results}
                record = {"inputs": inputs, "read": dict(read), "files": files, "period": period, "seconds": seconds}
                write_json(new / _RECORD, record)
                shutil.rmtree(target, ignore_errors=True)
                new.rename(target)
                for old in _by_use(target.parent)[_KEPT:]:
                    shutil.rmtree(old, ignore_errors=True)
        except (OSError, LockHeldError):  # no room, or no permission: the step is done again next time
            shutil.rmtree(new, ignore_errors=True)
            return None
        return StepEntry(target, inputs, read, files, period, seconds)

    def restore(self, entry: StepEntry, folder: Path) -> None:
        """Copy the results of a step into the folder of a run.

        Raises
        ------
        OSError
            When the disk is full.
        """
        for name in entry.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(entry.folder / _FILES / name, folder / name)

    def clean(self) -> None:
        """Remove what killed runs left half written."""
        for leftover in self.root.glob(f"*/{_NEW}*"):
            with contextlib.suppress(LockHeldError, OSError), Lock(self.root / f"{leftover.parent.name}.lock"):
                shutil.rmtree(leftover, ignore_errors=True)


def results_digest(files: Mapping[str, str]) -> str:
    """One digest of what a step hands on: files by their path in the folder of the run, each with its digest.

    Executed notebooks are left out. A later notebook that reads one runs each time (:mod:`.files_read`).
    """
    handed_on = {name: digest for name, digest in files.items() if not name.startswith(f"{NOTEBOOKS}/")}
    return digest_of(f"{name} {digest}" for name, digest in sorted(handed_on.items()))


def files_of_run(folder: Path) -> dict[str, str]:
    """The digest of each file that steps have written into the folder of a run; notebooks are told apart by name."""
    return {
        name: file_digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and (name := path.relative_to(folder).as_posix()) not in _NOT_OF_STEPS
        and not name.startswith((f"{NOTEBOOKS}/", f"{READY}/"))
    }


def _key(inputs: Inputs) -> str:
    return digest_of(f"{name} {digest}" for name, digest in sorted(inputs.items()))[:_DIGITS]


def _by_use(folder: Path) -> list[Path]:
    """The entries of a step, the one used last first."""
    return sorted(_entries(folder), key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _entries(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(_NEW))


def _read(folder: Path) -> StepEntry | None:
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        return StepEntry(
            folder,
            dict(record["inputs"]),
            dict(record["read"]),
            dict(record["files"]),
            str(record["period"]),
            float(record["seconds"]),
        )
    except UNREADABLE:
        return None
