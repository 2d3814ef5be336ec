"""The real command line, run as a user runs it, in a copy of the project: what tests of whole reports share."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What the script `analysis` of an environment does; a copy of the project has no environment of its own.
_MAIN = "from analysis.cli import main; main()"
# A report takes half a minute on two idle cores; a machine that is busy with other things may need ten times that.
PATIENCE_SECONDS = 900


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    said: str
    complained: str

    @property
    def parts(self) -> tuple[str, str, str]:
        """The three parts of an error: what happened, why, and what mends it; a list within the first stays in it.

        Before it stand the lines of the steps that came to their end.
        """
        steps = r"(?:\w+: (?:[\d.]+ s|unchanged)\n)*"
        match = re.fullmatch(steps + r"(\S.*?)\n  Why: (\S.*?)\n  Fix: (\S.*?)\n", self.complained, re.DOTALL)
        if match is None:
            raise AssertionError(f"not in three parts:\n{self.complained}")
        return match[1], match[2], match[3]


@dataclass(frozen=True)
class Project:
    """A copy of the project to run commands in, so that nothing is written into the clone under test."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """The tests' environment, with the copy's own package before the installed one and the network refused."""
        before = os.environ.get("PYTHONPATH", "")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
        return clean | {"PYTHONPATH": os.pathsep.join(filter(None, (str(self.root / "src"), before)))}

    def run(
        self, *arguments: str | Path, through: Sequence[str] = (), cwd: Path | None = None, **variables: str
    ) -> Ended:
        """Run ``analysis ARGUMENTS`` to its end, ``through`` another program when one is given."""
        done = subprocess.run(
            [*through, *command(arguments)],
            cwd=cwd or self.root,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str | Path, **variables: str) -> subprocess.Popen[str]:
        """Start ``analysis ARGUMENTS`` in a process group of its own, to be waited for or killed."""
        return subprocess.Popen(
            command(arguments),
            cwd=self.root,
            env=self.environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def report(self, *arguments: str | Path, through: Sequence[str] = ()) -> Ended:
        """Make a report that must come out.

        Raises
        ------
        RuntimeError
            With what the command said, when it did not end with exit code 0.
        """
        ended = self.run("report", *arguments, through=through)
        if ended.code:
            raise RuntimeError(f"exit code {ended.code}\n{ended.complained}")
        return ended


def command(arguments: Sequence[str | Path]) -> list[str]:
    """The command line of ``analysis ARGUMENTS``."""
    return [sys.executable, "-c", _MAIN, *map(str, arguments)]


def copy_project(folder: Path) -> Project:
    """Copy what git tracks, or would track, of the project under test into ``folder``."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        source = ROOT / name
        # Tests and their helpers are not needed to make a report; a file deleted but not yet committed is still listed.
        if source.is_file() and not name.startswith("tests/"):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return Project(folder)


def contents(folder: Path, *, but: Sequence[str] = ()) -> Mapping[str, bytes]:
    """Every file below ``folder`` by its relative name, hidden ones too, for a comparison byte by byte."""
    return {
        name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (name := path.relative_to(folder).as_posix()) not in but
    }
