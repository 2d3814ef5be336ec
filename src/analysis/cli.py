"""The console command ``analysis``: the verbs, and how errors are told.

What a verb needs is imported inside it, so that ``analysis --help`` answers at once.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from analysis.characters import printable
from analysis.columns import DEFAULT_ROLE
from analysis.errors import UsageError, UserError

if TYPE_CHECKING:
    from analysis.profiles.reasons import PagePlan

_NAMED = 60  # characters of a name in a message: enough to know it by
BUG = 70  # sysexits.h: EX_SOFTWARE
NOT_READY = 8  # `doctor` alone: something stands in the way of a report
NEWER = 7  # `fetch --check` alone: a scheduler must tell "there is something new" from "it could not be found out" (3)


# Taken wherever it stands; :func:`main` looks for it, because it also serves errors in reading the options themselves.
_DEBUG = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")


class _Verbs(click.Group):
    """A group that names the nearest verb when one is mistyped, as click does for options."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which was likely meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1, cutoff=0.4)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"{error.message}{hint}", ctx) from None


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="link-worker-report", prog_name="analysis")
@_DEBUG
def analysis() -> None:
    """Report on social prescribing link workers in England, from published extracts to one accessible page.

    Exit codes: 0 made, 2 wrong use, 3 extract, 4 validation, 5 notebook, 6 page, 7 newer edition
    (fetch --check), 8 a report cannot be made (doctor), 70 a bug.
    """


class _Folder(click.Path):
    """A path that can be one; an empty text, as a scheduler's unset variable gives, is not the working directory."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what cannot be a folder's name, and leave the rest to click."""
        if not str(value):
            self.fail("the name of the folder is empty; give one, or leave the option out", param, ctx)
        try:
            Path(value).expanduser().exists()
        except RuntimeError:
            self.fail(f"there is no user of the name in {str(value)!r}; write the path in full", param, ctx)
        except (OSError, ValueError) as fault:
            reason = getattr(fault, "strerror", None) or fault
            self.fail(f"{_clipped(str(value))!r} cannot be a folder ({reason}); give another name", param, ctx)
        return super().convert(value, param, ctx)


def _clipped(text: str) -> str:
    return text if len(text) <= _NAMED else f"{text[:_NAMED]}…"


_QUIET = click.option("--quiet", is_flag=True, help="No line for each step; errors and the result alone.")
_REPORTS = click.option(
    "--reports",
    type=_Folder(path_type=Path),
    default=Path("reports"),
    show_default=True,
    help="The folder of the reports.",
)
_FURTHER = click.option(
    "-p",
    "--parameter",
    "further",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="A further parameter that a notebook declares; see `analysis parameters`.",
)


@analysis.command()
@click.option("--period", default="", metavar="YYYY-MM", help="The census of the report; the latest in RAW by default.")
@click.option("--raw", type=_Folder(path_type=Path), help="The folder with the extracts; data/raw by default.")
@_REPORTS
@_FURTHER
@click.option(
    "--role",
    default=DEFAULT_ROLE,
    metavar="CODE",
    show_default=True,
    help="What the report is about: a role or group of roles.toml. Another role's report is REPORTS/<period>-<role>/.",
)
@click.option("--strict", is_flag=True, help="Fail (exit code 6) unless the report comes out final.")
@click.option("--fresh", is_flag=True, help="Do every step again, also those of which nothing has changed.")
@click.option("--fetch", "fetch_first", is_flag=True, help="First get the edition from the publisher; see `fetch`.")
@click.option("--base-url", default="", metavar="URL", help="With --fetch: a mirror of the publisher's site.")
@_QUIET
@_DEBUG
def report(
    period: str,
    raw: Path | None,
    reports: Path,
    further: tuple[tuple[str, str], ...],
    base_url: str,
    *,
    role: str,
    strict: bool,
    fresh: bool,
    fetch_first: bool,
    quiet: bool,
) -> None:
    """Make the report: run the notebooks, check the page, put it into REPORTS.

    A step is not done again while nothing it depends on has changed; `analysis plan` says what would run, and why.

    Nothing but --fetch uses the network.
    """
    from analysis.pipeline.request import Request
    from analysis.pipeline.steps import report_or_notebooks

    request = Request(
        period=period, raw=raw, reports=reports, parameters=dict(further), role=role, strict=strict, fresh=fresh
    )
    if base_url and not fetch_first:
        raise click.UsageError("--base-url says where --fetch gets the extracts from; give both, or neither.")
    made, runs_notebooks = (None, False) if fetch_first else report_or_notebooks(request)
    if made is not None:
        _progress(quiet=quiet)(f"Nothing has changed: the report of {made.period} stays as it is.")
    else:
        with contextlib.ExitStack() as processes:
            around = _kernel_surroundings(processes) if runs_notebooks else None
            if fetch_first:
                from analysis.fetch import FetchRequest
                from analysis.pipeline.plan import plan as check

                check(request)  # wrong use is told before anything is fetched
                _fetch(FetchRequest(period=period, raw=raw, base_url=base_url), quiet=quiet)
                made, _ = report_or_notebooks(request)
            if made is None:
                from analysis.pipeline.make_report import make_report

                made = make_report(request, tell=_progress(quiet=quiet), around=around)
    _say(f"{made.page.as_posix()} ({made.page_bytes / 1024:.0f} KB)")
    if made.synthetic:
        _say("SYNTHETIC: made from the sample, not from published extracts.")
    for target, verdict in made.verdicts:
        _say(f"  {target}: {verdict}")
    _say(f"Status: {made.status}. {' '.join(made.status_reasons)}")
    _say(f"Warnings: {made.warnings}" + (f" (see {made.folder.as_posix()}/validation.html)" if made.warnings else ""))


@analysis.command()
@click.option("--period", default="", metavar="YYYY-MM", help="The census of the report; the latest in RAW by default.")
@click.option("--raw", type=_Folder(path_type=Path), help="The folder with the extracts; data/raw by default.")
@_REPORTS
@_FURTHER
@click.option("--role", default=DEFAULT_ROLE, metavar="CODE", show_default=True, help="As for `analysis report`.")
@click.option("--strict", is_flag=True, help="As for `analysis report`.")
@click.option("--fresh", is_flag=True, help="As for `analysis report`.")
@_DEBUG
def plan(
    period: str,
    raw: Path | None,
    reports: Path,
    further: tuple[tuple[str, str], ...],
    *,
    role: str,
    strict: bool,
    fresh: bool,
) -> None:
    """Say which steps `analysis report` would do with the same options, why, and how long they took last.

    Nothing is run and nothing is written.
    """
    from analysis.pipeline.request import Request
    from analysis.pipeline.steps import plan_steps

    plans, _ = plan_steps(
        Request(
            period=period, raw=raw, reports=reports, parameters=dict(further), role=role, strict=strict, fresh=fresh
        )
    )
    for step in plans:
        took = "" if step.seconds is None else f" It took {step.seconds:.1f} s last time."
        _say(f"{step.name}: runs, because {step.reason}.{took}" if step.runs else f"{step.name}: unchanged")
    runs = [step for step in plans if step.runs]
    if not runs:
        _say("Nothing has changed: the report stays as it is.")
    elif all(step.seconds is not None for step in runs):
        _say(f"Expected time: {sum(step.seconds or 0 for step in runs):.0f} s.")


@analysis.command()
@click.option("--period", default="", metavar="YYYY-MM", help="The census of the report; the latest in RAW by default.")
@click.option(
    "--by",
    "level",
    type=click.Choice(["icb", "sub_icb", "region", "pcn"]),
    default="icb",
    show_default=True,
    help="The level of the areas.",
)
@click.option("--areas", default="", metavar="CODES", help="Codes of areas, with spaces between; all by default.")
@click.option("--raw", type=_Folder(path_type=Path), help="The folder with the extracts; data/raw by default.")
@_REPORTS
@click.option("--role", default=DEFAULT_ROLE, metavar="CODE", show_default=True, help="As for `analysis report`.")
@click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS",
    help="A Dask scheduler, tcp://HOST:PORT, whose workers make the pages; this machine by default.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    default=0,
    help="Pages at once on this machine; by default one for each core.",
)
@click.option("--fresh", is_flag=True, help="Make every page again, also those of which nothing has changed.")
@click.option("--plan", "only_plan", is_flag=True, help="Say which pages would be made, and why; make none.")
@_QUIET
@_DEBUG
def profiles(
    period: str,
    level: str,
    areas: str,
    raw: Path | None,
    reports: Path,
    *,
    role: str,
    scheduler: str,
    workers: int,
    fresh: bool,
    only_plan: bool,
    quiet: bool,
) -> None:
    """Make a page for each area of a level, beside the report: REPORTS/<period>/profiles/<level>/<code>.html.

    The report is made first where it is not in place. An area that fails is named, and the pages of the others are put
    in place all the same.
    """
    from analysis.pipeline.request import Request
    from analysis.profiles.make_profiles import ProfilesRequest, make_profiles, plan_profiles

    report = Request(period=period, raw=raw, reports=reports, role=role, fresh=fresh)
    codes = tuple(areas.replace(",", " ").split())
    request = ProfilesRequest(report, level, codes, scheduler, workers)
    if only_plan:
        _say_plan(plan_profiles(request))
        return
    made = make_profiles(request, tell=_progress(quiet=quiet))
    _say(f"{made.folder.as_posix()}: {len(made.made)} pages made, {made.unchanged} unchanged.")
    if error := made.error():
        raise error


def _say_plan(pages: list[PagePlan] | None) -> None:
    if pages is None:
        _say("The report is not in place, or something has changed: it would be made first, and then every page.")
        return
    for page in pages:
        if page.reason:
            _say(f"{page.area.code} {page.area.name}: is made, because {page.reason}")
    unchanged = sum(not page.reason for page in pages)
    _say(f"{len(pages) - unchanged} of {len(pages)} pages would be made; {unchanged} are unchanged.")


@analysis.command()
@click.option("--period", default="", metavar="YYYY-MM", help="The census; that of the newest edition by default.")
@click.option("--from", "first", default="", metavar="YYYY-MM", help="The first census of a range.")
@click.option("--to", "last", default="", metavar="YYYY-MM", help="The last census of a range.")
@click.option(
    "--what",
    default="",
    metavar="FILES",
    help="Which files, with commas between: individual,bulletin,patients,map. All by default.",
)
@click.option("--raw", type=_Folder(path_type=Path), help="The folder to put the files into; data/raw by default.")
@click.option("--base-url", default="", metavar="URL", help="A mirror of the publisher's site.")
@click.option(
    "--check",
    is_flag=True,
    help=f"Fetch nothing; list the editions newer than what RAW holds, and end with {NEWER} when there is one.",
)
@_QUIET
@_DEBUG
def fetch(
    *, period: str, first: str, last: str, what: str, raw: Path | None, base_url: str, check: bool, quiet: bool
) -> None:
    """Get the extracts of an edition from the publisher into RAW.

    Each file is checked before it gets its name, and has a record of its origin beside it, NAME.source.json.
    """
    from analysis.fetch import FetchRequest, parse_what

    request = FetchRequest(period=period, first=first, last=last, what=parse_what(what), raw=raw, base_url=base_url)
    if not check:
        _fetch(request, quiet=quiet)
        return
    if period or first or last or what:
        raise click.UsageError("--check looks for any newer edition; leave out --period, --from, --to and --what.")
    from analysis.fetch import Fetcher

    newer = Fetcher(request, tell=_progress(quiet=quiet), warn=_warn).newer()
    for census, page in newer.items():
        _say(f"{census} {page}")
    sys.exit(NEWER if newer else 0)


def _fetch(request: Any, *, quiet: bool) -> None:
    """Fetch, with a line for each file."""
    from analysis.fetch import Fetcher

    for fetched in Fetcher(request, tell=_progress(quiet=quiet), warn=_warn).run():
        _say(f"{fetched.path.as_posix()} ({fetched.record.bytes / 1024:,.0f} KB, {fetched.state})")


def _kernel_surroundings(until: contextlib.ExitStack) -> Any:
    """Begin to import what notebooks need, beside what this process does; what hinders it is told by the run."""
    from analysis.pipeline.kernels import kernel_surroundings

    with contextlib.suppress(UserError):
        return until.enter_context(kernel_surroundings())
    return None


def _say(text: object, *, err: bool = False) -> None:
    """Print a line. Names from extracts and older reports may stand in it: the terminal must not obey them."""
    click.echo(printable(str(text)), err=err)


def _lead_to_nowhere(stream: TextIO) -> None:
    """Give a stream without a reader another end: what is in its buffer would fail again when Python flushes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _warn(line: str) -> None:
    """Print a line on the standard error. That nobody reads it any more (a closed pager) must not end a run."""
    try:
        _say(line, err=True)
    except BrokenPipeError:
        _lead_to_nowhere(sys.stderr)


def _progress(*, quiet: bool) -> Any:
    """A line for each step, on the standard error: a log of a scheduler has them too."""
    return (lambda _: None) if quiet else _warn


@analysis.command()
@click.argument("folder", type=_Folder(path_type=Path), required=False)
@click.option("--full", is_flag=True, help="Write the extract of every census: 1.7 million rows, 400 MB.")
@_DEBUG
def sample(folder: Path | None, *, full: bool) -> None:
    """Write the synthetic extracts to FOLDER (data/processed/sample by default)."""
    from analysis.pipeline.raw_folder import current_sample, write_sample_to
    from analysis.pipeline.reports_folder import storage_errors
    from analysis.settings import PROCESSED, resolve

    if folder is None:
        _say(current_sample(resolve(PROCESSED) / "sample", full=full))
    else:
        with storage_errors(folder):
            write_sample_to(folder, full=full)
        _say(folder)


@analysis.command()
@click.argument("fact_id")
@_REPORTS
@click.option("--period", default="", metavar="YYYY-MM", help="The report to look in; the latest by default.")
@_DEBUG
def explain(fact_id: str, reports: Path, period: str) -> None:
    """Say where a figure comes from, for example FACT_ID fte.splw.ENG.2021-12."""
    from analysis.pipeline.lookup import explanation, report_folder

    _say(explanation(report_folder(reports, period), fact_id))


@analysis.command()
@click.argument("old")
@click.argument("new")
@_REPORTS
@_DEBUG
def compare(old: str, new: str, reports: Path) -> None:
    """Compare two reports, each given as a folder or as a period in REPORTS."""
    from analysis.pipeline.compare import compare_folders
    from analysis.pipeline.lookup import report_folder

    page, summary = compare_folders(report_folder(reports, old), report_folder(reports, new), reports)
    for line in summary:
        _say(line)
    _say(page.as_posix())


@analysis.command()
@click.argument("name", metavar="REPORT", required=False, default="")
@_REPORTS
@_DEBUG
def pdf(name: str, reports: Path) -> None:
    """Print REPORT (a folder, or a period in REPORTS; the latest by default) to REPORTS/report-<period>.pdf.

    Chromium, Chrome or Edge prints it, where one is installed.
    """
    from analysis.pipeline.lookup import report_folder
    from analysis.pipeline.pdf import print_report
    from analysis.pipeline.reports_folder import storage_errors

    with storage_errors(reports):
        made = print_report(report_folder(reports, name), reports)
    _say(f"{made.as_posix()} ({made.stat().st_size / 1024:,.0f} KB)")


@analysis.command()
@click.argument("name", metavar="REPORT")
@_REPORTS
@click.option("--again", is_flag=True, help="Make the report again from the same inputs, and compare the bytes.")
@click.option("--raw", type=_Folder(path_type=Path), help="With --again: where the extracts are now.")
@_QUIET
@_DEBUG
def verify(name: str, reports: Path, raw: Path | None, *, again: bool, quiet: bool) -> None:
    """Check that REPORT (a folder, or a period in REPORTS) is as it was made."""
    from analysis.pipeline.lookup import report_folder

    folder = report_folder(reports, name)
    if raw is not None and not again:
        raise click.UsageError("--raw says where --again reads the extracts; give both, or neither.")
    from analysis.pipeline.verification import NOT_COMPARED, verify

    verified = verify(folder, again=again, raw=raw, tell=_progress(quiet=quiet))
    _say(f"{folder.as_posix()}: {verified.files} files are as they were made.")
    if verified.again:
        told_of_the_run = ", ".join(NOT_COMPARED)
        _say(f"Made again, every file has the same bytes. Not compared, as they tell of the run: {told_of_the_run}.")


@analysis.command()
@click.option("--period", default="", metavar="YYYY-MM", help="The census that notebooks take by default.")
@click.option("--raw", type=_Folder(path_type=Path), help="The folder of extracts that notebooks take by default.")
@click.option("--failed", is_flag=True, help="Open the notebooks kept from the last failed run.")
@_REPORTS
@_DEBUG
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def lab(period: str, raw: Path | None, reports: Path, options: tuple[str, ...], *, failed: bool) -> None:
    """Open the notebooks in JupyterLab; OPTIONS after ``--`` go to it as they are."""
    from analysis.pipeline.lab import open_lab

    open_lab(reports if failed else None, options, period=period, raw=raw)


@analysis.command()
@click.option("--period", default="", metavar="YYYY-MM", help="The census of the report; the latest in RAW by default.")
@click.option("--raw", type=_Folder(path_type=Path), help="The folder with the extracts; data/raw by default.")
@_REPORTS
@_DEBUG
def doctor(period: str, raw: Path | None, reports: Path) -> None:
    """Check what a report needs, and say what to do where something is amiss.

    Looks at the environment, registers, git, REPORTS, disks, memory, temporary folder, kernel, fonts and extracts.
    """
    from analysis.doctor import Finding, examine
    from analysis.pipeline.request import Request

    def tell(finding: Finding) -> None:
        for line in finding.lines():
            click.echo(line)

    examined = examine(Request(period=period, raw=raw, reports=reports), tell)
    click.echo(examined.in_short())
    sys.exit(NOT_READY if examined.has_fault else 0)


@analysis.command()
@click.argument("folder", type=_Folder(path_type=Path))
@_DEBUG
def new(folder: Path) -> None:
    """Make a working folder: notebooks, registers and a Makefile, to keep a report of your own in."""
    from analysis.pipeline.reports_folder import storage_errors
    from analysis.pipeline.working_folder import make_working_folder

    with storage_errors(folder):
        make_working_folder(folder.expanduser())
    _say(f"{folder.as_posix()}: put extracts into data/raw there, then run `analysis report` in that folder.")


@analysis.command()
@click.option("--raw", type=_Folder(path_type=Path), help="The folder with the bulletin workbook; data/raw by default.")
@click.option("--accept-revisions", is_flag=True, help="Also change figures that were published otherwise before.")
@click.option("--register", "path", type=_Folder(path_type=Path), help="The file to update; the package's by default.")
@_DEBUG
def register(raw: Path | None, path: Path | None, *, accept_revisions: bool) -> None:
    """Take new published totals over from the newest bulletin workbook in RAW.

    They go into published.csv, the register that fills the national series where RAW has no extract.
    """
    from analysis.pipeline.register import update_register
    from analysis.settings import RAW, resolve

    update = update_register(raw or resolve(RAW), accept_revisions=accept_revisions, path=path)
    _say(
        f"{update.workbook}, to {update.edition}: {len(update.added)} new figures, {len(update.revised)} changed, "
        f"{update.equal} as they were."
    )
    for figure in (*update.revised, *update.added):
        _say(f"  {figure}")
    if update.kept:
        _say(f"{update.kept} figures of the register are not in the workbook. They stay as they are.")
    if update.unknown_labels:
        _say(
            f"{len(update.unknown_labels)} roles of the workbook are not in roles.toml and were left out: "
            f"{'; '.join(update.unknown_labels)}"
        )


@analysis.command()
@_DEBUG
def parameters() -> None:
    """List the parameters that the notebooks declare."""
    from analysis.pipeline.notebooks import discover
    from analysis.settings import project_root

    for notebook in discover(project_root() / "notebooks"):
        _say(notebook.path.name)
        for parameter in notebook.parameters.values():
            choice = f", one of {', '.join(map(repr, parameter.values))}" if parameter.values else ""
            kind = f"{parameter.type.__name__}{choice}, default {parameter.default!r}"
            _say(f"  {parameter.name} ({kind}){': ' if parameter.help else ''}{parameter.help}")


def main() -> NoReturn:
    """Run the command; every way it can end has its exit code."""
    for ending in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(ending) is not signal.SIG_IGN:  # `nohup` has it ignored, and means it
            signal.signal(ending, _terminated)
    try:
        _require_working_directory()
        sys.exit(analysis.main(standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except UserError as error:
        _show_traceback()
        _warn(str(error))
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _warn("Stopped. Each report that is in place is whole.")
        sys.exit(128 + signal.SIGINT)
    except BrokenPipeError:
        _lead_to_nowhere(sys.stdout)  # the reader (head, a closed pager) has seen enough
        sys.exit(0)
    except Exception as bug:  # noqa: BLE001 - the last place where a bug can be told in words
        _show_traceback()
        _warn(
            f"A bug in this program: {type(bug).__name__}: {bug}\n"
            "  Why: this was not foreseen; each report that is in place is whole.\n"
            "  Fix: run again with --debug and send what it shows to whoever looks after the project.",
        )
        sys.exit(BUG)


def _require_working_directory() -> None:
    try:
        Path.cwd()
    except OSError as fault:
        raise UsageError(
            f"The working directory no longer exists ({fault.strerror}).",
            "The project is looked for above it, and relative paths start at it.",
            "Change to a folder that exists (`cd`), then run the command again.",
        ) from fault


def _show_traceback() -> None:
    if "--debug" in sys.argv:
        _warn(traceback.format_exc())


def _terminated(number: int, _: object) -> NoReturn:
    """End as an interrupt does, so that kernels are stopped and half-made reports removed on the way out."""
    _warn("Stopped. Each report that is in place is whole.")
    raise SystemExit(128 + number)
