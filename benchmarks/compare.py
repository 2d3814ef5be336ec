"""Compare ``analysis report`` and ``analysis profiles`` with papermill and nbconvert on the same notebooks.

``make bench RAW=DIR PERIOD=YYYY-MM`` runs rounds. In a round each way is run once, in turn, and the ratios of a round
count: on a busy machine all of a round are slowed alike. This plain way has its best case: the same environment, with
the same bound on ``jsonschema``. Further ways can be named, each by its environment:

``--unbounded DIR``
    The plain way in an environment of current packages without our bounds, such as one by ``pip install -r`` of the
    names in ``pyproject.toml``.
``--ploomber DIR``
    ploomber, which runs notebooks as tasks offline, on the same notebooks in an environment that has it.
``--earlier DIR``
    ``analysis report`` of a clone of an earlier commit with its own ``.venv``, whose reports and processed data are
    removed before each run.
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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from measure import Measured, analysis, copy_project, measure

_PROGRAMS = Path(sys.executable).parent
Round = dict[str, Measured]


@dataclass(frozen=True)
class Asked:
    """What a case is run on: a copy of the project, extracts, census, how often, and how many pages each way."""

    project: Path
    raw: Path
    period: str
    rounds: int
    areas: int = 36
    plain_areas: int = 6
    unbounded: Path | None = None
    ploomber: Path | None = None
    earlier: Path | None = None

    @property
    def of_report(self) -> tuple[str, str, str, str]:
        """The options of the report."""
        return ("--period", self.period, "--raw", str(self.raw))


def main() -> None:
    """Run the cases that were asked for, and print a line for each way and each comparison."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--raw", required=True, type=Path, help="the folder with the extracts")
    options.add_argument("--period", required=True, help="the census of the report")
    options.add_argument("--rounds", type=int, default=5, help="how often each way is run")
    options.add_argument("--cases", nargs="*", choices=CASES, default=list(CASES), help="all by default")
    options.add_argument("--areas", type=int, default=36, help="how many areas have a profile")
    options.add_argument("--plain-areas", type=int, default=6, help="how many of them the plain way makes")
    options.add_argument("--unbounded", type=Path, help="an environment for the plain way, without our bounds")
    options.add_argument("--ploomber", type=Path, help="an environment with ploomber and what notebooks need")
    options.add_argument("--earlier", type=Path, help="a clone of an earlier commit, with its .venv")
    given = options.parse_args()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {given.rounds} rounds, ", end="")
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, load {load}", flush=True)
    for case in given.cases:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            project = copy_project(Path(folder) / "project")
            further = given.areas, given.plain_areas, given.unbounded, given.ploomber, given.earlier
            asked = Asked(project, given.raw.resolve(), given.period, given.rounds, *further)
            print_case(case, list(CASES[case](asked)))


def print_case(case: str, rounds: list[Round]) -> None:
    """Print the medians of each way, with their ranges, and how many times as long the others take as each of ours."""
    print(f"{case}:")
    for way in rounds[0]:
        processor = statistics.median(measured[way].processor for measured in rounds)
        print(f"  {way}: {_told([measured[way].wall for measured in rounds])} s, processor time {processor:.1f} s")
    ours = [way for way in rounds[0] if way.startswith("ours")]
    for own in ours:
        for other in rounds[0]:
            if other not in ours:
                ratios = [measured[other].wall / measured[own].wall for measured in rounds]
                print(f"  {other} takes {_told(ratios)} times as long as {own}", flush=True)


def _told(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def reports(asked: Asked) -> Iterator[Round]:
    """A report with nothing stored; the same again; again after a title was changed; and the other ways."""
    for number in range(asked.rounds):
        measured = {"ours, nothing stored": ours(asked, cold=True), "ours, nothing changed": ours(asked)}
        change_title(asked, number)
        measured["ours, a title changed"] = ours(asked)
        measured["plain"] = plain(asked, _PROGRAMS)
        if asked.unbounded:
            measured["plain, unbounded packages"] = plain(asked, asked.unbounded / "bin")
        if asked.ploomber:
            measured["ploomber"] = ploomber(asked, asked.ploomber / "bin")
        if asked.earlier:
            measured["the earlier commit, nothing stored"] = earlier(asked, asked.earlier)
        yield measured


def profiles(asked: Asked) -> Iterator[Round]:
    """Pages of areas in one batch; each by papermill and nbconvert, one after the other, and by two such processes.

    The plain way opens the report anew for each page, so that a page costs the same however many there are: it makes
    some of the pages, and its times are scaled to all.
    """
    codes = _ready_for_profiles(asked)
    some = codes[:: max(1, len(codes) // asked.plain_areas)][: asked.plain_areas]
    scale = len(codes) / len(some)
    print(f"  ours makes {len(codes)} pages, plain {len(some)}: its times are scaled by {scale:.2f}", flush=True)
    for _ in range(asked.rounds):
        yield {
            "ours": _our_profiles(asked, codes),
            "plain, one after the other": _plain_profiles(asked, some).times(scale),
            "plain, two processes": _plain_profiles(asked, some, at_once=2).times(scale),
        }


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


CASES: Mapping[str, Callable[[Asked], Iterator[Round]]] = {"reports": reports, "profiles": profiles}


def change_title(asked: Asked, number: int) -> None:
    """Change a heading of the last notebook."""
    notebook = asked.project / "notebooks" / "4_report.ipynb"
    content = json.loads(notebook.read_text(encoding="utf-8"))
    heading = next(cell for cell in content["cells"] if "".join(cell["source"]).startswith("## "))
    heading["source"] = ["## Heading, changed" + " again" * number]  # a digit would be one that nobody can trace
    notebook.write_text(json.dumps(content), encoding="utf-8")


def ours(asked: Asked, *, cold: bool = False) -> Measured:
    """One ``analysis report``; ``cold`` with nothing stored before."""
    if cold:
        _remove_results(asked.project)
    return measure(asked.project, [analysis("report", "--quiet", *asked.of_report)])


def earlier(asked: Asked, clone: Path) -> Measured:
    """One ``analysis report`` of an earlier commit, with nothing stored before."""
    _remove_results(clone)
    return measure(clone, [[str(clone / ".venv" / "bin" / "analysis"), "report", *asked.of_report]])


def _remove_results(project: Path) -> None:
    for folder in ("data/processed", "reports"):
        shutil.rmtree(project / folder, ignore_errors=True)


def _parameters(asked: Asked, work: Path) -> dict[str, str]:
    """What the notebooks of a report are given by another way than ours, which works in the folder ``work``."""
    shutil.rmtree(work, ignore_errors=True)
    (work / "run").mkdir(parents=True)
    folders = {"processed": str(work / "processed"), "results": str(work / "run")}
    return {"period": asked.period, "raw": str(asked.raw), **folders}


def _notebooks(asked: Asked) -> list[Path]:
    return sorted((asked.project / "notebooks").glob("[0-9]_*.ipynb"))


def plain(asked: Asked, programs: Path) -> Measured:
    """The four notebooks with ``papermill``, and each to a page with ``jupyter nbconvert``, one after the other.

    ``programs`` is the folder of both: their environment.
    """
    work = asked.project.parent / "plain"
    given = [part for name, value in _parameters(asked, work).items() for part in ("-r", name, value)]
    commands = []
    for notebook in _notebooks(asked):
        executed = str(work / notebook.name)
        commands.append([str(programs / "papermill"), str(notebook), executed, "--no-progress-bar", *given])
        commands.append([str(programs / "jupyter"), "nbconvert", "--to", "html", "--no-input", executed])
    return measure(asked.project, commands)


def ploomber(asked: Asked, programs: Path) -> Measured:
    """The four notebooks as tasks of ploomber, each after the one before, with a page for each."""
    work = asked.project.parent / "ploomber"
    parameters, before, tasks = _parameters(asked, work), [], []
    for notebook in _notebooks(asked):
        product = {"nb": str(work / f"{notebook.stem}.html")}
        tasks.append(
            {
                "source": str(notebook),
                "name": notebook.stem,
                "product": product,
                "params": parameters,
                "upstream": before,
            }
        )
        before = [notebook.stem]
    pipeline = asked.project / "pipeline.yaml"  # JSON is YAML, too
    pipeline.write_text(json.dumps({"meta": {"extract_upstream": False}, "tasks": tasks}), encoding="utf-8")
    return measure(asked.project, [[str(programs / "ploomber"), "build", "--force"]])


if __name__ == "__main__":
    main()
