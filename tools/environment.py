"""Make or mend the environment ``.venv`` from the lock: ``python3 tools/environment.py run`` or ``dev``.

Runs before anything is installed, so it uses the standard library alone. Everything up to the version check
parses on old Pythons too (hence the quoted annotations), so that they get a sentence and not a syntax error.
"""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import git_setup

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
LOCKS = {"run": ROOT / "requirements" / "run.lock", "dev": ROOT / "requirements" / "dev.lock"}
NO_NAG = "--disable-pip-version-check"
OLDEST, TOO_NEW = (3, 11), (3, 14)  # the locks hold packages for 3.11, 3.12 and 3.13


class MakingError(Exception):
    """The environment cannot be made: what happened, why it matters, how to fix it."""

    def __init__(self, what: str, why: str, mend: str) -> None:
        super().__init__(f"{what}\n  Why: {why}\n  Fix: {mend}")


def main(arguments: "list[str]") -> int:
    """Bring ``.venv`` to what the lock of the kind asked for says; do nothing when it is there already."""
    try:
        refuse_wrong_python()
        bring_up_to_date(kind_of(arguments))
    except MakingError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Interrupted. The next command makes the environment afresh.", file=sys.stderr)
        return 130
    return 0


def refuse_wrong_python() -> None:
    """Raise unless this Python is one that the locks were made for."""
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        raise MakingError(
            f"{sys.executable} is Python {running()}, which cannot make the environment.",
            "The packages are locked for Python 3.11, 3.12 and 3.13.",
            "Name one of these on the command line, for example `make report PYTHON=python3.11`.",
        )


def kind_of(arguments: "list[str]") -> str:
    """Which of the two environments is asked for."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        raise MakingError(
            "The kind of environment is missing or unknown.",
            "There are two locks: `run` makes reports; `dev` adds JupyterLab and the test tools.",
            "Run `python3 tools/environment.py run` or `python3 tools/environment.py dev`.",
        )
    return arguments[0]


def running() -> str:
    """The version of this Python, as far as it decides which packages fit: ``3.11``."""
    return "{}.{}".format(*sys.version_info[:2])


def bring_up_to_date(kind: str) -> None:
    """Install what is missing; start afresh when what is there was left half made, moved, or is of another lock."""
    if read_stamp("dev"):
        kind = "dev"  # it holds all of `run`, and whoever made it will want it again
    wanted, found = description(kind), read_stamp(kind)
    if found is None or {**found, "package": wanted["package"]} != wanted:
        can_be_extended = kind == "dev" and read_stamp("run") == description("run")
        if not can_be_extended:
            start_afresh()
        install_lock(kind)
        install_package()
    elif found != wanted:
        install_package()
    if kind == "dev":
        git_setup.configure(ROOT)
    # Written last: an environment without a stamp is one whose making was interrupted.
    stamp(kind).write_text("".join(f"{key}={value}\n" for key, value in wanted.items()), encoding="utf-8")


def description(kind: str) -> "dict[str, str]":
    """What decides whether an environment is the right one."""
    return {
        "lock": sha256(LOCKS[kind]),
        "package": sha256(ROOT / "pyproject.toml"),
        "python": running(),
        "home": str(ROOT),  # scripts hold their environment's absolute path: a moved folder needs a new one
    }


def sha256(path: Path) -> str:
    """The checksum of a file, whatever its line ends were made by a checkout."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def stamp(kind: str) -> Path:
    """Where an environment says that it is whole; the Makefile compares its time with the lock's."""
    return ENVIRONMENT / f".{kind}-stamp"


def read_stamp(kind: str) -> "dict[str, str] | None":
    """The stamp of a whole environment of this kind, or None."""
    try:
        lines = stamp(kind).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return {key: value for key, _, value in (line.partition("=") for line in lines)} if PYTHON.exists() else None


def start_afresh() -> None:
    """Put an empty environment in the place of whatever lies at ``.venv``."""
    if ENVIRONMENT.exists() and not (ENVIRONMENT / "pyvenv.cfg").exists() and any(ENVIRONMENT.iterdir()):
        raise MakingError(
            f"{ENVIRONMENT} exists and is no Python environment.",
            "The environment is made there, and what lies there now might be wanted.",
            "Move it away, then run the command again.",
        )
    try:
        if ENVIRONMENT.exists():
            shutil.rmtree(str(ENVIRONMENT))
    except OSError as error:
        raise MakingError(
            f"The old environment cannot be removed: {error}.",
            "A new one takes its place, so that nothing outside the lock is left in it.",
            "Close the programs that use it (JupyterLab, a terminal), remove .venv, then run the command again.",
        ) from error
    # The interpreter behind this one: when this is itself that of an environment, that one may be gone next time.
    base = getattr(sys, "_base_executable", None) or sys.executable
    uv = shutil.which("uv")
    if uv:
        run([uv, "venv", "--quiet", "--python", base, str(ENVIRONMENT)])
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise MakingError(
            f"Python at {base} has no `venv` or no `ensurepip`.",
            "They make the environment; some systems package them apart from Python.",
            "Install them (Debian and Ubuntu: `apt-get install python3-venv`), or install uv.",
        )
    run([base, "-m", "venv", str(ENVIRONMENT)])


def install_lock(kind: str) -> None:
    """Install every package of the lock, each against its checksum."""
    for each in LOCKS:
        if stamp(each).exists():
            stamp(each).unlink()  # from here until it is whole again
    lock = LOCKS[kind]
    packages = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    print(f"Making the environment .venv from requirements/{lock.name} (up to {packages} packages).")
    sys.stdout.flush()
    # The lock is complete, so nothing is left to resolve; pip's resolver stumbles over extras in a hashed lock.
    run([*installer(), "--require-hashes", "--no-deps", "--requirement", str(lock)])


def install_package() -> None:
    """Install this project itself, editable; its build backend came with the lock."""
    run([*installer(), "--no-build-isolation", "--no-deps", "--editable", str(ROOT)])


def installer() -> "list[str]":
    """The command that installs into ``.venv``: uv where it is on the machine, else pip.

    The user's own settings (mirrors, proxies, certificates) hold for both; the checksums decide what is let in.
    Packages are compiled here, once: each notebook has a process of its own, and where compiled files cannot be written
    (a read-only environment, PYTHONDONTWRITEBYTECODE) each would compile a thousand modules anew, some eight seconds.
    """
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", *quiet, "--compile-bytecode", "--python", str(PYTHON)]
    if subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) != 0:
        run([str(PYTHON), "-m", "ensurepip"])  # uv made it once, without pip
    # Into the environment, even where the user's settings say "my own folder".
    return [str(PYTHON), "-m", "pip", "install", *quiet, "--no-input", "--no-user", "--compile", NO_NAG]


def run(command: "list[str]") -> None:
    """Run a step of the installation; its own messages come through."""
    try:
        subprocess.check_call(command, cwd=str(ROOT))
    except (OSError, subprocess.CalledProcessError) as error:
        raise MakingError(
            f"The environment could not be made: {error}",
            "Every package is fetched once and must match its checksum in requirements/; its own message is above.",
            "Check the network, and the mirror, proxy and certificate settings of pip or uv; then run the command "
            "again. Without a network, pip takes the packages from a folder: PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER.",
        ) from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
