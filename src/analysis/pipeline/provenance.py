"""What made a report: the version of the code and the environment it ran in."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from analysis.settings import PROJECT

# The folder of the project that this package is imported from; that of an installed wheel is no project.
PACKAGE_ROOT = Path(__file__).resolve().parents[3]
_ELSEWHERE = "The package that ran lies outside this project, so the version of its code is not known."
_REFUSED = (
    "git will not read this clone, because another user owns its folder; "
    "so the version of its code is not known (git config safe.directory)."
)
_NAME = re.compile(r"^[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class CodeVersion:
    """The code that makes a report.

    Parameters
    ----------
    package
        The package's version.
    commit
        Full git commit; empty when the project is not a clone.
    changed
        Files with changes that are not committed; ``None`` when the project is not a clone.
    reason
        Why the version cannot be told, where it is not that the project is no clone.
    """

    package: str
    commit: str
    changed: tuple[str, ...] | None
    reason: str = ""

    @property
    def text(self) -> str:
        """The version in words, without time or machine."""
        if not self.commit:
            return f"{PROJECT} {self.package}"
        return f"{PROJECT} {self.package}, commit {self.commit[:10]}{' with changes' if self.changed else ''}"


def code_version(root: Path, reports: Path | None = None, *, package_root: Path = PACKAGE_ROOT) -> CodeVersion:
    """The version of the project at ``root``. New files in ``reports`` are made by it, and no change.

    It is told of the project alone whose package runs: with the notebooks of one clone and the code of another, neither
    commit says what made the report.
    """
    package = metadata.version(PROJECT)
    if package_root != root.resolve():
        return CodeVersion(package, "", None, _ELSEWHERE)
    if _git_refuses(root):
        return CodeVersion(package, "", None, _REFUSED)
    # A folder unpacked inside somebody else's clone is not a clone of this project: its own pyproject must be tracked.
    if _git(root, "ls-files", "--error-unmatch", "pyproject.toml") is None:
        return CodeVersion(package, "", None)
    commit = _git(root, "rev-parse", "HEAD")
    status = _git(root, "status", "--porcelain", "-z", "--untracked-files=normal", "--", ".")
    if commit is None or status is None:
        return CodeVersion(package, "", None)
    changes = [(entry[:2], entry[3:]) for entry in status.split("\0") if entry[2:3] == " "]
    return CodeVersion(
        package,
        commit.strip(),
        tuple(path for mark, path in changes if not (mark == "??" and _lies_in(root / path, reports))),
    )


def _lies_in(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.resolve().is_relative_to(folder.resolve())


def _git_refuses(root: Path) -> bool:
    """Whether git knows the folder and will not read it, as it does with a clone that another user owns."""
    git = shutil.which("git")
    if git is None:
        return False
    command = [git, "-C", str(root), "rev-parse", "--git-dir"]
    asked = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})
    return asked.returncode != 0 and b"dubious ownership" in asked.stderr


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints, or ``None`` when there is no git or it refuses."""
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run(
        [git, "-C", str(root), *arguments],
        capture_output=True,
        check=False,
        # Asking must not take git's own lock: the analyst may be committing.
        env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
    )
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else None


@cache
def environment() -> dict[str, object]:
    """Python, platform, and the version of each package that the project depends on."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in _dependencies()},
    }


def _dependencies() -> list[str]:
    requirements = [text for text in metadata.requires(PROJECT) or [] if "extra ==" not in text]
    return sorted(match.group() for text in requirements if (match := _NAME.match(text)))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
