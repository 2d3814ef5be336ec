"""Set up git in this clone so that outputs of notebooks are never committed, and their diffs are readable.

Both settings go to the clone's own configuration, name the environment by its relative path, and step aside when
there is no environment: `git status` works in any clone.
"""

import shutil
import subprocess
import sys
from pathlib import Path

SCRIPTS = ".venv/Scripts" if sys.platform == "win32" else ".venv/bin"

# Without the environment the notebook passes as it is; the test on notebooks then finds what was not stripped.
# Not `required`: that would make git refuse to work without the environment.
STRIP = (
    f"if test -x {SCRIPTS}/python && test -f tools/strip_notebooks.py; "
    f"then {SCRIPTS}/python tools/strip_notebooks.py; else cat; fi"
)
# git calls a diff driver with: path, old file, old hash, old mode, new file, new hash, new mode.
DIFF = (
    f"f() {{ if test -x {SCRIPTS}/git-nbdiffdriver; "
    f'then {SCRIPTS}/git-nbdiffdriver diff --use-filter --ignore-outputs --ignore-id --ignore-details "$@"; '
    'else diff -u "$2" "$5" || true; fi; }; f'
)
SETTINGS = {
    "filter.nbstripout.clean": STRIP,
    "filter.nbstripout.smudge": "cat",
    "diff.jupyternotebook.command": DIFF,
}


def configure(root: Path) -> bool:
    """Write the settings when ``root`` is the top of a git work tree; True when it is."""
    git = shutil.which("git")
    if git is None or not is_clone(git, root):
        return False
    for name, value in SETTINGS.items():
        written = subprocess.call([git, "config", "--local", name, value], cwd=str(root))
        if written != 0:
            print(f"git would not take {name}: outputs of notebooks are not stripped.", file=sys.stderr)
    return True


def is_clone(git: str, root: Path) -> bool:
    """Whether ``root`` itself is a work tree: not a folder inside somebody else's."""
    answer = subprocess.run(
        [git, "rev-parse", "--show-toplevel"],
        cwd=str(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    top = answer.stdout.decode("utf-8", "replace").strip()
    return answer.returncode == 0 and Path(top).resolve() == root.resolve()


if __name__ == "__main__":
    configure(Path(__file__).resolve().parent.parent)
