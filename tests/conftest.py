"""What tests share: real extracts, a browser, runs made once, and the rule that no test uses the network."""

from __future__ import annotations

import asyncio
import fcntl
import importlib.util
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from e2e.command import Project, copy_project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = ROOT.parent / "shared" / "data"
NO_NETWORK = Path(__file__).parent / "no_network"
LOCAL_ADDRESSES = ("file:", "data:", "blob:", "about:", "http://localhost:", "http://127.0.0.1:")
# Chromium on a machine without a desktop, a GPU or a network: no sandbox for root, no look-ups of its own.
CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# In the background of a shell, or under nohup, these signals are ignored, and commands that tests start inherit that.
for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, handler)

# The same examples in every run: a failure is about the change at hand. No deadline: the machine may be busy.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
# HYPOTHESIS_PROFILE=explore looks further than any one run should.
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--approve`` writes the approved texts anew: see tests/statements/approved_texts.py."""
    parser.addoption("--approve", action="store_true", help="take the texts of the reports as the approved ones")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Call the content of a file by its argument alone: a workbook holds the second in which it was made.

    In the names of tests it would differ between two workers, and then none of them runs.
    """
    return argname if isinstance(val, bytes) else None


def absent(what: str) -> None:
    """Skip for want of something that a developer may do without, but CI must have."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} (in CI this is a failure, not a skip)")
    pytest.skip(what)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the publisher's own extracts."""
    if not REAL_DATA.is_dir():
        absent("The real extracts are not at ../shared/data")
    return REAL_DATA


# ---- the network ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def network_log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file that names every refused connection of this worker, its kernels and its commands."""
    log = tmp_path_factory.mktemp("network") / "refused.txt"
    log.touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_NETWORK_LOG", str(log))
        patch.setenv("PYTHONPATH", str(NO_NETWORK), prepend=os.pathsep)
        specification = importlib.util.spec_from_file_location("no_network", NO_NETWORK / "sitecustomize.py")
        specification.loader.exec_module(importlib.util.module_from_spec(specification))
        yield log


@pytest.fixture(autouse=True)
def network_guard(network_log: Path) -> Iterator[None]:
    """Fail a test during which anything tried to leave this machine, even when the attempt was swallowed."""
    before = network_log.stat().st_size
    yield
    with network_log.open(encoding="utf-8") as log:
        log.seek(before)
        tried = log.read()
    assert not tried, f"the network was used:\n{tried}"


# ---- runs made once -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_run(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Make something expensive once in a whole session, whichever worker asks first: ``shared_run(name, make)``.

    ``make(folder)`` fills a new folder; everybody gets that folder and must only read it. A maker that failed is not
    tried again: the other tests that want it fail with its message.
    """
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent  # each worker has a folder of its own below the session's

    def run(name: str, make: Callable[[Path], object]) -> Path:
        folder, done, failed = (base / f"shared-{name}{suffix}" for suffix in ("", ".done", ".failed"))
        with (base / f"shared-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # released when its holder dies
            if failed.exists():
                pytest.fail(f"{name} was tried before: {failed.read_text(encoding='utf-8')}")
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                try:
                    make(folder)
                except Exception as error:
                    failed.write_text(f"{type(error).__name__}: {error}", encoding="utf-8")
                    raise
                done.touch()
        return folder

    return run


# ---- whole reports, by the real command line ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def report_project(shared_run: Callable) -> Project:
    """A copy of the project, in which the shared reports are made; its REPORTS is ``out``."""
    return Project(shared_run("report-project", copy_project))


@pytest.fixture(scope="session")
def made_report(report_project: Project, shared_run: Callable) -> Callable[..., Path]:
    """``made_report(name, *arguments)`` makes a report once in the session and returns its folder, to be read only.

    What the command said is kept beside its REPORTS, as ``said-<name>.txt``.
    """

    def make(name: str, period: str, reports: str, *arguments: str | Path) -> Path:
        def run(_: Path) -> None:
            ended = report_project.report("--period", period, "--reports", reports, *arguments)
            (report_project.root / f"said-{name}.txt").write_text(ended.said, encoding="utf-8")

        shared_run(name, run)
        return report_project.root / reports / period

    return make


@pytest.fixture(scope="session")
def real_report_2021_03(made_report: Callable, real_data: Path) -> Path:
    """The report of March 2021 from the real extracts, the first in its REPORTS."""
    return made_report("real-2021-03", "2021-03", "out", "--raw", real_data)


@pytest.fixture(scope="session")
def real_report_2022_09(made_report: Callable, real_report_2021_03: Path, real_data: Path) -> Path:
    """The report of September 2022 from the real extracts, in the REPORTS that holds the one of March 2021."""
    assert real_report_2021_03.is_dir()
    return made_report("real-2022-09", "2022-09", "out", "--raw", real_data)


@pytest.fixture(scope="session")
def real_report_2022_12(made_report: Callable, real_report_2022_09: Path, real_data: Path) -> Path:
    """The report of December 2022, of which RAW holds the bulletin tables alone; made after that of September."""
    assert real_report_2022_09.is_dir()
    return made_report("real-2022-12", "2022-12", "out", "--raw", real_data)


@pytest.fixture(scope="session")
def sample_report(made_report: Callable) -> Path:
    """The report of September 2022 that comes out where RAW holds no extract: synthetic."""
    return made_report("sample", "2022-09", "out-sample")


# ---- the browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    executable = next(filter(None, found), None)
    if executable is None:
        absent("There is no Chromium on this machine")
    # A kernel client of an earlier test may have left its loop marked as running, beside which playwright does not start.
    asyncio._set_running_loop(None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def no_running_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hide playwright's event loop from tests that do not use the browser.

    Its synchronous interface leaves a loop marked as running in this thread, suspended between calls; code that
    starts a loop of its own (nbclient, for one) would refuse to.
    """
    suspended = None if "browser" in request.fixturenames else asyncio._get_running_loop()
    if suspended is not None:
        asyncio._set_running_loop(None)
    yield
    if suspended is not None:
        asyncio._set_running_loop(suspended)


@dataclass
class OpenedPage:
    """A page in the browser, with everything that it asked for and everything that it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)  # addresses, the page's own first
    console: list[str] = field(default_factory=list)  # messages of any level, and uncaught errors


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., OpenedPage]]:
    """``new_page(path_or_address, width=1280, height=900, script=True, media="screen")`` opens a page.

    Every request is recorded; one that would leave this machine is recorded and stopped. Further keywords go to
    playwright's ``new_context`` (``forced_colors``, ``reduced_motion``, ...).
    """
    contexts = []

    def open_page(
        target: Path | str,
        *,
        width: int = 1280,
        height: int = 900,
        script: bool = True,
        media: str = "screen",
        **options: object,
    ) -> OpenedPage:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=script, **options
        )
        contexts.append(context)
        opened = OpenedPage(context.new_page())

        def record(route) -> None:
            opened.requests.append(route.request.url)
            if route.request.url.startswith(LOCAL_ADDRESSES):
                route.continue_()
            else:
                route.abort()

        context.route("**/*", record)
        opened.page.on("console", lambda message: opened.console.append(f"{message.type}: {message.text}"))
        opened.page.on("pageerror", lambda error: opened.console.append(f"uncaught: {error}"))
        opened.page.emulate_media(media=media)
        opened.page.goto(target.resolve().as_uri() if isinstance(target, Path) else target)
        return opened

    yield open_page
    for context in contexts:
        context.close()
