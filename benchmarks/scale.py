"""Measure what grows: a page for each of 1,271 networks, and reports of longer histories.

``make bench`` runs this after the comparisons. ``networks`` says whether a page costs the same at the end of a large
batch as at its beginning. ``histories`` makes the first report of 11, 26, 54 and 120 censuses of the synthetic series,
and another with one census more.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from measure import MEGABYTE, Measured, analysis, copy_project, measure, processor_seconds

_PART = 100  # pages at the beginning and at the end whose cost is compared
CENSUSES = (11, 26, 54, 120)
# The sample ends three months past the register; here it is drawn on, month by month, to 121 censuses.
_DRAWN_ON_TO = "2032-01"
_WRITE_SAMPLE = """
import sys
from pathlib import Path
from analysis.sample import totals, write_sample
totals.DRAWN_ON_TO = sys.argv[3]
last = totals.load_totals().censuses[int(sys.argv[2]) - 1]
write_sample(Path(sys.argv[1]), last=last, full=True)
print(last)
"""


def main() -> None:
    """Run the cases that were asked for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--raw", type=Path, help="the folder with the extracts, for networks")
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


def networks(project: Path, given: argparse.Namespace) -> None:
    """The pages of all networks: in all, and for each of the first and the last hundred."""
    of_report = ("--period", given.period, "--raw", given.raw.resolve())
    measure(project, [analysis("report", "--quiet", *of_report)])
    codes = _networks(project / "reports" / given.period, given.period)[: given.pages or None]
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


def _networks(report: Path, period: str) -> list[str]:
    import pandas as pd  # noqa: PLC0415 - the other cases do without

    places = pd.read_parquet(report / "measures" / "places.parquet", columns=["level", "census", "area_code"])
    here = places[(places["level"] == "pcn") & (places["census"] == period)]
    return sorted(here["area_code"].astype(str).unique())


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
    command = [sys.executable, "-c", _WRITE_SAMPLE, str(raw), str(censuses), _DRAWN_ON_TO]
    environment = {**os.environ, "PYTHONPATH": str(project / "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The sample was not written:\n{done.stderr}")
    return done.stdout.split()[-1]


def told(spent: Measured) -> str:
    """Times and memory in words."""
    memory = f", at most {spent.memory / MEGABYTE:,.0f} MB" if spent.memory else ""
    return f"{spent.wall:.1f} s on the clock, {spent.processor:.1f} s of processor time{memory}"


def _each(spent: Measured, number: int) -> str:
    return f"{spent.wall / number:.2f} s on the clock, {spent.processor / number:.2f} s of processor time"


CASES: Mapping[str, Callable[[Path, argparse.Namespace], None]] = {"networks": networks, "histories": histories}


if __name__ == "__main__":
    main()
