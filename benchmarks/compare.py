"""Compare ``analysis report`` with the plain way: papermill and nbconvert from the command line, on the same notebooks.

``make bench RAW=DIR PERIOD=YYYY-MM`` runs both in turns, several times, in this environment, and prints medians and
their ratio. On a busy machine the two of a pair are slowed alike, so that the ratio says more than either time. The
plain way has its best case: the same environment, with the same bound on ``jsonschema``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from measure import Measured, analysis, copy_project, measure

_PROGRAMS = Path(sys.executable).parent


@dataclass(frozen=True)
class Asked:
    """What a case is run on: a copy of the project, extracts, census, how many pairs, and how many pages each way."""

    project: Path
    raw: Path
    period: str
    pairs: int
    areas: int = 36
    plain_areas: int = 6

    @property
    def of_report(self) -> tuple[str, str, str, str]:
        """The options of the report."""
        return ("--period", self.period, "--raw", str(self.raw))


Pairs = list[tuple[Measured, Measured]]


def main() -> None:
    """Run the cases that were asked for, and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--raw", required=True, type=Path, help="the folder with the extracts")
    options.add_argument("--period", required=True, help="the census of the report")
    options.add_argument("--pairs", type=int, default=5, help="how often each case is run")
    options.add_argument("--cases", nargs="*", choices=CASES, default=list(CASES), help="all by default")
    options.add_argument("--areas", type=int, default=36, help="how many areas have a profile in its cases")
    options.add_argument("--plain-areas", type=int, default=6, help="how many of them the plain way makes")
    given = options.parse_args()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {given.pairs} pairs, ", end="")
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, load {load}", flush=True)
    for case in given.cases:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            project = copy_project(Path(folder) / "project")
            asked = Asked(project, given.raw.resolve(), given.period, given.pairs, given.areas, given.plain_areas)
            report_case(case, CASES[case](asked))


def report_case(case: str, pairs: Pairs) -> None:
    """Print the medians of a case, and the median of the ratios, with their ranges."""
    ours, plain = [own.wall for own, _ in pairs], [other.wall for _, other in pairs]
    ratios = [other / own for own, other in zip(ours, plain, strict=True)]
    processor = statistics.median(own.processor for own, _ in pairs), statistics.median(p.processor for _, p in pairs)
    print(f"{case}: ours {_told(ours)} s, plain {_told(plain)} s, plain takes {_told(ratios)} times as long")
    print(f"  processor time: ours {processor[0]:.1f} s, plain {processor[1]:.1f} s")


def _told(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def nothing_stored(asked: Asked) -> Pairs:
    """The first report of a clone: no extract is read yet, no step is done."""
    return [(ours(asked, cold=True), plain(asked)) for _ in range(asked.pairs)]


def nothing_changed(asked: Asked) -> Pairs:
    """The same report again."""
    ours(asked, cold=True)
    return [(ours(asked), plain(asked)) for _ in range(asked.pairs)]


def title_changed(asked: Asked) -> Pairs:
    """The report again after a heading of the last notebook was changed."""
    ours(asked, cold=True)
    measured = []
    for number in range(asked.pairs):
        notebook = asked.project / "notebooks" / "4_report.ipynb"
        content = json.loads(notebook.read_text(encoding="utf-8"))
        heading = next(cell for cell in content["cells"] if "".join(cell["source"]).startswith("## "))
        heading["source"] = [f"## Heading, change {number}"]
        notebook.write_text(json.dumps(content), encoding="utf-8")
        measured.append((ours(asked), plain(asked)))
    return measured


def profiles(asked: Asked, *, at_once: int = 1) -> Pairs:
    """Pages of areas in one batch, and each by papermill and nbconvert, one after the other.

    The plain way opens the report anew for each page, so that a page costs the same however many there are: it makes
    some of the pages, and its times are scaled to all.
    """
    codes = _ready_for_profiles(asked)
    some = codes[:: max(1, len(codes) // asked.plain_areas)][: asked.plain_areas]
    scale = len(codes) / len(some)
    print(f"  ours makes {len(codes)} pages, plain {len(some)}: its times are scaled by {scale:.2f}", flush=True)
    return [
        (_our_profiles(asked, codes), _plain_profiles(asked, some, at_once=at_once).times(scale))
        for _ in range(asked.pairs)
    ]


def profiles_of_two(asked: Asked) -> Pairs:
    """The same, the plain way with two processes side by side."""
    return profiles(asked, at_once=2)


def _ready_for_profiles(asked: Asked) -> list[str]:
    """Make the report that the pages belong to, and the run that the plain way opens; the codes of the areas."""
    import pandas as pd  # noqa: PLC0415 - the other cases do without

    ours(asked, cold=True)
    places = pd.read_parquet(asked.project / "reports" / asked.period / "measures" / "places.parquet")
    here = places[(places["level"] == "icb") & (places["census"] == asked.period)]
    codes = sorted(here["area_code"].astype(str).unique())[: asked.areas]
    _plain_profiles(asked, codes[:1])
    return codes


def _our_profiles(asked: Asked, codes: list[str]) -> Measured:
    shutil.rmtree(asked.project / "reports" / asked.period / "profiles" / "icb", ignore_errors=True)
    return measure(asked.project, [analysis("profiles", "--quiet", *asked.of_report, "--areas", " ".join(codes))])


def _plain_profiles(asked: Asked, codes: list[str], *, at_once: int = 1) -> Measured:
    """The notebook with ``papermill``, and to a page with ``jupyter nbconvert``, for each area."""
    work = asked.project.parent / "plain-profiles"
    work.mkdir(exist_ok=True)
    commands = []
    for code in codes:
        executed = str(work / f"{code}.ipynb")
        parameters = {"period": asked.period, "raw": asked.raw, "area": code}
        given = [part for name, value in parameters.items() for part in ("-r", name, str(value))]
        notebook = str(asked.project / "notebooks" / "profile.ipynb")
        run = [str(_PROGRAMS / "papermill"), notebook, executed, "--no-progress-bar", *given]
        convert = [str(_PROGRAMS / "jupyter"), "nbconvert", "--to", "html", "--no-input", executed]
        commands.append([*run, ";", *convert])
    return measure(asked.project, commands, at_once=at_once)


CASES: Mapping[str, Callable[[Asked], Pairs]] = {
    "nothing-stored": nothing_stored,
    "nothing-changed": nothing_changed,
    "title-changed": title_changed,
    "profiles": profiles,
    "profiles-two-processes": profiles_of_two,
}


def ours(asked: Asked, *, cold: bool = False) -> Measured:
    """One ``analysis report``; ``cold`` with nothing stored before."""
    if cold:
        shutil.rmtree(asked.project / "data" / "processed", ignore_errors=True)
        shutil.rmtree(asked.project / "reports", ignore_errors=True)
    return measure(asked.project, [analysis("report", "--quiet", *asked.of_report)])


def plain(asked: Asked) -> Measured:
    """The four notebooks with ``papermill``, and each to a page with ``jupyter nbconvert``, one after the other."""
    work = asked.project.parent / "plain"
    shutil.rmtree(work, ignore_errors=True)
    (work / "run").mkdir(parents=True)
    commands = []
    for notebook in sorted((asked.project / "notebooks").glob("[0-9]_*.ipynb")):
        executed = str(work / notebook.name)
        parameters = {
            "period": asked.period,
            "raw": asked.raw,
            "processed": work / "processed",
            "results": work / "run",
        }
        given = [part for name, value in parameters.items() for part in ("-r", name, str(value))]
        commands.append([str(_PROGRAMS / "papermill"), str(notebook), executed, "--no-progress-bar", *given])
        commands.append([str(_PROGRAMS / "jupyter"), "nbconvert", "--to", "html", "--no-input", executed])
    return measure(asked.project, commands)


if __name__ == "__main__":
    main()
