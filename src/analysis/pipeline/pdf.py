"""A report as a PDF: its page printed by Chromium, where that is installed. Nothing else needs a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from analysis.errors import PageError, UsageError

# In this order: the free build first, then those of Google and Microsoft, which print alike.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
# Where macOS and Windows keep them, which is not on the PATH.
_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
# A full report takes five seconds; a machine that is busy with other things has been seen to take forty.
MOST_SECONDS = 180
_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",  # else date and path of this machine stand on each sheet
)


def find_browser() -> str:
    """The program that prints.

    Raises
    ------
    UsageError
        When there is none.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    found = found or next((place for place in _PLACES if Path(place).is_file()), None)
    if found is None:
        raise UsageError(
            "There is no Chromium, Chrome or Edge on this machine.",
            "A PDF is the page of the report, printed by one of them.",
            "Install Chromium, or open index.html in any browser and print it to a PDF from there.",
        )
    return found


def print_report(folder: Path, reports: Path) -> Path:
    """Print the page of the report in ``folder`` to ``report-<name>.pdf`` in ``reports``, and return its path.

    It lies beside the report, not in it: the checksums of a report name each file in its folder.

    Raises
    ------
    UsageError
        When there is no browser, or ``folder`` holds no page.
    PageError
        When the browser failed, took longer than :data:`MOST_SECONDS` seconds, or wrote no PDF.
    """
    page = folder / "index.html"
    if not page.is_file():
        raise UsageError(
            f"{folder.name}/ holds no index.html.",
            "The PDF is the printed page of a report.",
            "Make the report again: `analysis report`.",
        )
    browser = find_browser()
    reports.mkdir(parents=True, exist_ok=True)
    # On the same disk as the result, so that it appears whole. The profile is new each time: nobody's add-ons print.
    with tempfile.TemporaryDirectory(prefix=".pdf-", dir=reports, ignore_cleanup_errors=True) as temporary:
        made = Path(temporary) / "report.pdf"
        profile = Path(temporary) / "profile"
        _run([browser, *_options(), f"--user-data-dir={profile}", f"--print-to-pdf={made}", page.resolve().as_uri()])
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF-"):
            raise _failed(browser, "It ended without writing a PDF.")
        return made.replace(reports / f"report-{folder.resolve().name}.pdf")


def _options() -> tuple[str, ...]:
    # Chromium refuses to run as root within its sandbox: so it is in most containers. The page is our own.
    as_root = sys.platform != "win32" and os.geteuid() == 0
    return (*_OPTIONS, "--no-sandbox") if as_root else _OPTIONS


def _run(command: list[str]) -> None:
    """Run the browser. Its processes are a group of their own, which ends with it or at the time limit."""
    try:
        with subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as browser:
            try:
                _, complaint = browser.communicate(timeout=MOST_SECONDS)
            except BaseException as stopped:
                _end(browser)
                if isinstance(stopped, subprocess.TimeoutExpired):
                    raise _failed(command[0], f"It had not printed the page after {MOST_SECONDS} seconds.") from None
                raise
    except OSError as fault:
        raise _failed(command[0], f"It does not start ({fault.strerror}).") from fault
    if browser.returncode:
        last = complaint.strip().splitlines()[-1:] or ["It said nothing."]
        raise _failed(command[0], f"It ended with {browser.returncode}: {last[0]}")


def _end(browser: subprocess.Popen[str]) -> None:
    if sys.platform == "win32":
        browser.kill()
    else:
        os.killpg(browser.pid, 9)


def _failed(browser: str, how: str) -> PageError:
    return PageError(
        f"{Path(browser).name} did not print the page. {how}",
        "There is no new PDF; the report is untouched.",
        "Try again when the machine is less busy, or open index.html in a browser and print it from there.",
    )
