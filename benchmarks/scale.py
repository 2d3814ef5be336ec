"""Measure what grows: reading, the analysis, reports of longer histories, and a page for each network.

``make bench`` runs this after the comparisons.

- ``reading``: the individual-level extracts in RAW, by this project and by the quickest readers of CSV that are
  installed; then up to seven million rows of the synthetic series.
- ``analysis``: measures, assessment and facts, in memory, of 11 and of 54 censuses.
- ``histories``: the first report of 11, 26, 54 and 120 censuses, and another with one census more.
- ``networks``: whether a page costs the same at the end of a large batch as at its beginning.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from measure import MEGABYTE, Measured, analysis, copy_project, measure, processor_seconds

from analysis.columns import DEFAULT_ROLE
from analysis.profiles.areas import areas_of

_READINGS = 5
_PART = 100  # pages at the beginning and at the end whose cost is compared
CENSUSES = (11, 26, 54, 120)
# The sample ends three months past the register; here it is drawn on, month by month.
_DRAWN_ON_TO = "2036-12"
_WRITE_SAMPLE = """
import sys
from pathlib import Path
from analysis.sample import totals, write_sample
totals.DRAWN_ON_TO = sys.argv[3]
last = totals.load_totals().censuses[int(sys.argv[2]) - 1]
write_sample(Path(sys.argv[1]), last=last, full=True)
print(last)
"""
_TO_READ = (54, 108, 162)  # censuses: 1.5, 3.9 and 7.1 million rows
_TO_ANALYSE = (11, 54)
# Each reading in a process of its own, so that its highest memory is that of this one alone. This project reads two
# files at once, as its ingest does; pyarrow has two threads of its own.
_READ = {
    "this project": (
        "from concurrent.futures import ThreadPoolExecutor\nfrom analysis.extracts.workforce import read_workforce",
        "tables = [*ThreadPoolExecutor(2).map(lambda path: read_workforce(path.name, path.read_bytes()), paths)]",
    ),
    "pyarrow.csv": ("import pyarrow.csv", "tables = [pyarrow.csv.read_csv(path) for path in paths]"),
    "pandas": (
        "import pandas",
        'tables = [pandas.read_csv(path, encoding="utf-8", encoding_errors="replace") for path in paths]',
    ),
}
_INGEST = "from analysis.extracts import ingest, load_workforce"
_INGESTED = """
processed = Path(sys.argv[2])
frame = load_workforce(ingest(Path(sys.argv[1]), processed), processed)
told |= {"rows": len(frame), "frame": int(frame.memory_usage(deep=True).sum())}
"""
_ANALYSE = """
import analysis, analysis.report.assembly
analysis.run("", *sys.argv[1:]).validate()
run = analysis.run("", *sys.argv[1:])
"""
_MEASURED = """
import json, resource, sys, time
from pathlib import Path
told = {{}}
paths = sorted(Path(sys.argv[1]).rglob("*Individual Level.csv"))
{before}
begun, used = time.perf_counter(), time.process_time()
{body}
told |= {{"wall": time.perf_counter() - begun, "processor": time.process_time() - used}}
told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps(told))
"""


def main() -> None:
    """Run the cases that were asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--raw", type=Path, help="the folder with the extracts, for reading and networks")
    options.add_argument("--period", help="the census of the report, for networks")
    options.add_argument("--cases", nargs="*", choices=CASES, default=list(CASES), help="all by default")
    options.add_argument("--pages", type=int, default=0, help="how many networks have a page; all by default")
    options.add_argument("--censuses", nargs="*", type=int, default=CENSUSES, help="how long the histories are")
    given = options.parse_args()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {time.strftime('%Y-%m-%d %H:%M')}, load {load}")
    for case in given.cases:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            CASES[case](copy_project(Path(folder) / "project"), given)


def reading(project: Path, given: argparse.Namespace) -> None:
    """The extracts in RAW by several readers, five times each; and more and more rows, read and loaded as a frame."""
    for reader, (before, read) in _READ.items():
        times = [_measured(project, before, read, given.raw.resolve()) for _ in range(_READINGS)]
        wall, processor = (statistics.median(one[of] for one in times) for of in ("wall", "processor"))
        print(f"reading: {reader}, {wall:.2f} s on the clock, {processor:.2f} s of processor time", flush=True)
    for number in _TO_READ:
        raw = project / "data" / f"raw-{number}"
        _write_sample(project, raw, number)
        told = _measured(project, _INGEST, _INGESTED, raw, project / "data" / f"processed-{number}")
        per_million, ratio = told["wall"] / told["rows"] * 1_000_000, told["memory"] / told["frame"]
        print(
            f"reading: {told['rows']:,.0f} rows, {told['wall']:.1f} s on the clock, {per_million:.1f} for a million; "
            f"at most {told['memory'] / MEGABYTE:,.0f} MB, {ratio:.1f} times the frame",
            flush=True,
        )
        shutil.rmtree(raw)


def analyses(project: Path, _: argparse.Namespace) -> None:
    """Measures, assessment and facts of so many censuses, in memory, in a process of its own."""
    for number in _TO_ANALYSE:
        raw = project / "data" / f"raw-{number}"
        _write_sample(project, raw, number)
        told = _measured(project, _ANALYSE, "run.analyse()", raw, project / "data" / f"processed-{number}")
        print(
            f"analysis: {number} censuses, {told['wall']:.1f} s on the clock, {told['processor']:.1f} s of processor "
            f"time, at most {told['memory'] / MEGABYTE:,.0f} MB with validation",
            flush=True,
        )


def _measured(project: Path, before: str, body: str, *arguments: object) -> dict[str, float]:
    code = _MEASURED.format(before=before, body=body)
    # As the kernels of a report have it.
    printed = _python(project, code, *arguments, OMP_NUM_THREADS="1", ARROW_DEFAULT_MEMORY_POOL="system")
    told: dict[str, float] = json.loads(printed.splitlines()[-1])
    return told


def networks(project: Path, given: argparse.Namespace) -> None:
    """The pages of all networks: in all, and for each of the first and the last hundred."""
    of_report = ("--period", given.period, "--raw", given.raw.resolve())
    measure(project, [analysis("report", "--quiet", *of_report)])
    areas = areas_of(project / "reports" / given.period, "pcn", period=given.period, role=DEFAULT_ROLE)
    codes = [area.code for area in areas][: given.pages or None]
    marks: list[tuple[float, float]] = []

    def tell(line: str) -> None:
        if f" of {len(codes)}" in line:  # a page is ready
            marks.append((time.perf_counter(), processor_seconds()))

    pages = analysis("profiles", "--by", "pcn", "--areas", " ".join(codes), *of_report)
    whole = measure(project, [pages], tell=tell)
    print(f"networks: {len(codes):,} pages, {told(whole)}; for each {_each(whole, len(codes))}")
    part = min(_PART, len(marks) // 2)
    for words, (begin, end) in {
        "first": (marks[0], marks[part]),
        "last": (marks[-1 - part], marks[-1]),
    }.items():
        spent = Measured(end[0] - begin[0], end[1] - begin[1])
        print(f"  {words} {part}: for each {_each(spent, part)}")


def histories(project: Path, given: argparse.Namespace) -> None:
    """The first report of a history, and the next with one census more: each step, in all, and memory."""
    for number in given.censuses:
        for censuses, words in ((number, "nothing stored"), (number + 1, "one census more")):
            raw = project / "data" / f"raw-{number}"
            last = _write_sample(project, raw, censuses)
            reports = project / f"reports-{number}"
            folder = ("--raw", raw, "--reports", reports)
            seen: list[str] = []
            whole = measure(project, [analysis("report", "--period", last, *folder)], tell=seen.append)
            manifest = json.loads((reports / last / "manifest.json").read_text(encoding="utf-8"))
            steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in manifest["seconds"].items())
            print(f"histories: {censuses} censuses to {last}, {words}: {told(whole)} ({steps})", flush=True)


def _write_sample(project: Path, raw: Path, censuses: int) -> str:
    """Write so many censuses of the synthetic series to ``raw``; the last of them."""
    return _python(project, _WRITE_SAMPLE, raw, censuses, _DRAWN_ON_TO).split()[-1]


def _python(project: Path, code: str, *arguments: object, **variables: str) -> str:
    """What Python code prints in a process of its own, with the package of the copy of the project."""
    environment = {**os.environ, "PYTHONPATH": str(project / "src"), **variables}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, env=environment, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"Python ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def told(spent: Measured) -> str:
    """Times and memory in words."""
    memory = f", at most {spent.memory / MEGABYTE:,.0f} MB" if spent.memory else ""
    return f"{spent.wall:.1f} s on the clock, {spent.processor:.1f} s of processor time{memory}"


def _each(spent: Measured, number: int) -> str:
    return f"{spent.wall / number:.2f} s on the clock, {spent.processor / number:.2f} s of processor time"


CASES: Mapping[str, Callable[[Path, argparse.Namespace], None]] = {
    "reading": reading,
    "analysis": analyses,
    "histories": histories,
    "networks": networks,
}


if __name__ == "__main__":
    main()
