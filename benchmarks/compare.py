"""Compare ``analysis report`` with the plain way: papermill and nbconvert from the command line, on the same notebooks.

``make bench RAW=DIR PERIOD=YYYY-MM`` runs both in turns, several times, in this environment, and prints medians and
their ratio. On a busy machine the two of a pair are slowed alike, so that the ratio says more than either time. The
plain way has its best case: the same environment, with the same bound on ``jsonschema``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Measured:
    """Seconds on the clock, and seconds of processor time of a command and all that it started."""

    wall: float
    processor: float


def main() -> None:
    """Run the cases that were asked for, and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--raw", required=True, type=Path, help="the folder with the extracts")
    options.add_argument("--period", required=True, help="the census of the report")
    options.add_argument("--pairs", type=int, default=5, help="how often each case is run")
    options.add_argument("--cases", nargs="*", choices=CASES, default=list(CASES), help="all by default")
    options.add_argument("--areas", type=int, default=36, help="how many areas have a profile in its cases")
    given = options.parse_args()
    global AREAS  # noqa: PLW0603 - the cases share one signature
    AREAS = given.areas
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {given.pairs} pairs, {time.strftime('%Y-%m-%d')}")
    for case in given.cases:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            project = copy_project(Path(folder) / "project")
            report_case(case, CASES[case](project, given.raw.resolve(), given.period, given.pairs))


def report_case(case: str, pairs: list[tuple[Measured, Measured]]) -> None:
    """Print the medians of a case, and the median of the ratios, with their ranges."""
    ours, plain = [own.wall for own, _ in pairs], [other.wall for _, other in pairs]
    ratios = [other / own for own, other in zip(ours, plain, strict=True)]
    processor = statistics.median(own.processor for own, _ in pairs), statistics.median(p.processor for _, p in pairs)
    print(f"{case}: ours {_told(ours)} s, plain {_told(plain)} s, plain takes {_told(ratios)} times as long")
    print(f"  processor time: ours {processor[0]:.1f} s, plain {processor[1]:.1f} s")


def _told(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def nothing_stored(project: Path, raw: Path, period: str, pairs: int) -> list[tuple[Measured, Measured]]:
    """The first report of a clone: no extract is read yet, no step is done."""
    return [(ours(project, raw, period, cold=True), plain(project, raw, period)) for _ in range(pairs)]


def nothing_changed(project: Path, raw: Path, period: str, pairs: int) -> list[tuple[Measured, Measured]]:
    """The same report again."""
    ours(project, raw, period, cold=True)
    return [(ours(project, raw, period), plain(project, raw, period)) for _ in range(pairs)]


def title_changed(project: Path, raw: Path, period: str, pairs: int) -> list[tuple[Measured, Measured]]:
    """The report again after a heading of the last notebook was changed."""
    ours(project, raw, period, cold=True)
    measured = []
    for number in range(pairs):
        notebook = project / "notebooks" / "4_report.ipynb"
        content = json.loads(notebook.read_text(encoding="utf-8"))
        heading = next(cell for cell in content["cells"] if "".join(cell["source"]).startswith("## "))
        heading["source"] = [f"## Heading, change {number}"]
        notebook.write_text(json.dumps(content), encoding="utf-8")
        measured.append((ours(project, raw, period), plain(project, raw, period)))
    return measured


# How many areas the cases of profiles make pages for.
AREAS = 36


def profiles(project: Path, raw: Path, period: str, pairs: int) -> list[tuple[Measured, Measured]]:
    """Pages of areas in one batch, and each by papermill and nbconvert, one after the other."""
    codes = _ready_for_profiles(project, raw, period)
    return [
        (_our_profiles(project, raw, period, codes), _plain_profiles(project, raw, period, codes)) for _ in range(pairs)
    ]


def profiles_of_two(project: Path, raw: Path, period: str, pairs: int) -> list[tuple[Measured, Measured]]:
    """The same, the plain way with two processes side by side."""
    codes = _ready_for_profiles(project, raw, period)
    return [
        (_our_profiles(project, raw, period, codes), _plain_profiles(project, raw, period, codes, at_once=2))
        for _ in range(pairs)
    ]


def _ready_for_profiles(project: Path, raw: Path, period: str) -> list[str]:
    """Make the report that the pages belong to, and the run that the plain way opens; the codes of the areas."""
    import pandas as pd  # noqa: PLC0415 - the other cases do without

    ours(project, raw, period, cold=True)
    places = pd.read_parquet(project / "reports" / period / "measures" / "places.parquet")
    here = places[(places["level"] == "icb") & (places["census"] == period)]
    codes = sorted(here["area_code"].astype(str).unique())[:AREAS]
    _plain_profiles(project, raw, period, codes[:1])
    return codes


def _our_profiles(project: Path, raw: Path, period: str, codes: list[str]) -> Measured:
    shutil.rmtree(project / "reports" / period / "profiles" / "icb", ignore_errors=True)
    command = [sys.executable, "-m", "analysis.command", "profiles", "--quiet", "--period", period, "--raw", str(raw)]
    return measure(project, [[*command, "--areas", " ".join(codes)]])


def _plain_profiles(project: Path, raw: Path, period: str, codes: list[str], *, at_once: int = 1) -> Measured:
    """The notebook with ``papermill``, and to a page with ``jupyter nbconvert``, for each area."""
    work = project.parent / "plain-profiles"
    work.mkdir(exist_ok=True)
    commands = []
    for code in codes:
        executed = str(work / f"{code}.ipynb")
        parameters = {"period": period, "raw": raw, "area": code}
        given = [part for name, value in parameters.items() for part in ("-r", name, str(value))]
        notebook = str(project / "notebooks" / "profile.ipynb")
        run = [str(_PROGRAMS / "papermill"), notebook, executed, "--no-progress-bar", *given]
        convert = [str(_PROGRAMS / "jupyter"), "nbconvert", "--to", "html", "--no-input", executed]
        commands.append([*run, ";", *convert])
    return measure(project, commands, at_once=at_once)


Case = Callable[[Path, Path, str, int], list[tuple[Measured, Measured]]]
CASES: Mapping[str, Case] = {
    "nothing-stored": nothing_stored,
    "nothing-changed": nothing_changed,
    "title-changed": title_changed,
    "profiles": profiles,
    "profiles-two-processes": profiles_of_two,
}


def copy_project(folder: Path) -> Path:
    """A copy of what the project runs from, so that nothing is written into the clone."""
    for name in ("src", "notebooks", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")
    (folder / "data" / "raw").mkdir(parents=True)
    return folder


def ours(project: Path, raw: Path, period: str, *, cold: bool = False) -> Measured:
    """One ``analysis report``; ``cold`` with nothing stored before."""
    if cold:
        shutil.rmtree(project / "data" / "processed", ignore_errors=True)
        shutil.rmtree(project / "reports", ignore_errors=True)
    command = [sys.executable, "-m", "analysis.command", "report", "--quiet", "--period", period, "--raw", str(raw)]
    return measure(project, [command])


def plain(project: Path, raw: Path, period: str) -> Measured:
    """The four notebooks with ``papermill``, and each to a page with ``jupyter nbconvert``, one after the other."""
    work = project.parent / "plain"
    shutil.rmtree(work, ignore_errors=True)
    (work / "run").mkdir(parents=True)
    commands = []
    for notebook in sorted((project / "notebooks").glob("[0-9]_*.ipynb")):
        executed = str(work / notebook.name)
        parameters = {"period": period, "raw": raw, "processed": work / "processed", "results": work / "run"}
        given = [part for name, value in parameters.items() for part in ("-r", name, str(value))]
        commands.append([str(_PROGRAMS / "papermill"), str(notebook), executed, "--no-progress-bar", *given])
        commands.append([str(_PROGRAMS / "jupyter"), "nbconvert", "--to", "html", "--no-input", executed])
    return measure(project, commands)


def measure(project: Path, commands: list[list[str]], *, at_once: int = 1) -> Measured:
    """Run commands in the copy of the project, so many at once; each must succeed. ``;`` divides one from its next."""
    environment = {**os.environ, "PYTHONPATH": str(project / "src")}
    used, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()

    def run(line: list[str]) -> None:
        while line:
            command, line = (line[: line.index(";")], line[line.index(";") + 1 :]) if ";" in line else (line, [])
            done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(f"{' '.join(command[:4])} ended with {done.returncode}:\n{done.stderr}")

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(run, commands))
    wall, now = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Measured(wall, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)


if __name__ == "__main__":
    main()
