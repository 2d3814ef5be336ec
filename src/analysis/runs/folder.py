"""The folder of a run, and ``run.json`` in it: which run the folder belongs to, and the checksum of each part.

A part is a file or a folder that one notebook writes and another reads: ``ingest.json``, ``facts.json``, ``measures``.
Parts of two runs can never be read together: each must have the checksum that ``run.json`` gives.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import UsageError
from analysis.folders import write_whole

RECORD = "run.json"
RUNS = "runs"  # under the folder of processed data
# Of each census: the run at hand, the one before an edit, and one more to compare with. A run takes about 10 MB.
KEPT_OF_A_CENSUS = 3


@dataclass(frozen=True)
class RunFolder:
    """The folder of the run ``name``."""

    path: Path
    name: str

    @classmethod
    def of_run(cls, processed: Path, name: str) -> RunFolder:
        """The run's own folder, ``processed/runs/<name>``; of each census, only the runs used last are kept."""
        opened = cls(processed / RUNS / name, name)
        opened.begin()
        (opened.path / RECORD).touch()
        _remove_old_runs(opened.path)
        return opened

    @classmethod
    def given(cls, folder: Path, name: str) -> RunFolder:
        """``folder``, for the run ``name`` alone.

        Raises
        ------
        UsageError
            When it belongs to another run.
        """
        there = cls.at(folder)
        if there is not None and there.name != name:
            raise UsageError(
                f"The folder {folder.name}/ belongs to the run {there.name}, and this is the run {name}.",
                "Two runs in one folder would mix their figures. The extracts, the registers, the parameters or the "
                "code are not the same.",
                "Give `results` another folder, or leave it out. If a file changed while a report was being made, make "
                "the report again.",
            )
        opened = cls(folder, name)
        opened.begin()
        return opened

    @classmethod
    def at(cls, folder: Path) -> RunFolder | None:
        """The run that ``folder`` belongs to, by its ``run.json``; ``None`` where there is none."""
        try:
            return cls(folder, str(json.loads((folder / RECORD).read_text(encoding="utf-8"))["run"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def begin(self) -> None:
        """Make the folder and its ``run.json`` where they are missing."""
        self.path.mkdir(parents=True, exist_ok=True)
        if RunFolder.at(self.path) is None:
            self._write({})

    def record(self, *parts: str) -> None:
        """Note the checksums of ``parts``, which have just been written."""
        self._write(self._parts() | {part: _checksum(self.path / part) for part in parts})

    def has(self, *parts: str) -> bool:
        """Whether this run has written all of ``parts``.

        Raises
        ------
        UsageError
            When one of them was changed or exchanged since.
        """
        recorded = self._parts()
        if any(part not in recorded or not (self.path / part).exists() for part in parts):
            return False
        for part in parts:
            if _checksum(self.path / part) != recorded[part]:
                raise UsageError(
                    f"{part} in {self.path.name}/ is not the one that the run {self.name} has written.",
                    "Figures of two runs would be mixed.",
                    f"Delete the folder {self.path.name}/ and run the notebook again.",
                )
        return True

    def _parts(self) -> dict[str, str]:
        return dict(json.loads((self.path / RECORD).read_text(encoding="utf-8"))["parts"])

    def _write(self, parts: dict[str, str]) -> None:
        text = json.dumps({"run": self.name, "parts": dict(sorted(parts.items()))}, indent=1) + "\n"
        write_whole(self.path / RECORD, text)


def _checksum(part: Path) -> str:
    """The SHA-256 of a file, or of the names and the content of the files in a folder."""
    if part.is_file():
        return hashlib.sha256(part.read_bytes()).hexdigest()
    files: Sequence[Path] = sorted(path for path in part.iterdir() if path.is_file())
    return hashlib.sha256("".join(f"{path.name} {_checksum(path)}\n" for path in files).encode()).hexdigest()


def _remove_old_runs(folder: Path) -> None:
    """Remove what was used longest ago among the runs of the same census."""
    census = folder.name.rpartition("-")[0]
    used = {path: (path / RECORD).stat().st_mtime for path in folder.parent.glob(f"{census}-*") if RunFolder.at(path)}
    for old in sorted(used, key=lambda path: used[path], reverse=True)[KEPT_OF_A_CENSUS:]:
        shutil.rmtree(old, ignore_errors=True)
