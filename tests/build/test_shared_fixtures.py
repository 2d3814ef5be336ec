"""The fixtures that every other test leans on do what they say."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

OUTSIDE = "192.0.2.1"  # reserved for documentation: nobody is there (RFC 5737)
SNEAK = f"""
import socket
try:
    socket.create_connection(("{OUTSIDE}", 80), timeout=1)
except OSError:
    pass  # as a library's update check would
"""


@pytest.fixture
def own_log(tmp_path, monkeypatch) -> Path:
    """A log of refused connections apart from the session's, for tests that provoke them."""
    log = tmp_path / "refused.txt"
    log.touch()
    monkeypatch.setenv("NO_NETWORK_LOG", str(log))
    return log


@pytest.mark.parametrize("host", [OUTSIDE, "example.org", "2001:db8::1"])
def test_a_connection_beyond_this_machine_is_refused_and_noted(own_log, host):
    with pytest.raises(OSError, match=host):
        socket.create_connection((host, 80), timeout=1)
    assert host in own_log.read_text()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_connection_within_this_machine_is_let_through(host):
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


def test_a_python_started_by_a_test_is_held_to_the_same_rule(own_log):
    """A swallowed error is noted all the same."""
    done = subprocess.run([sys.executable, "-c", SNEAK], check=False)
    assert done.returncode == 0
    assert OUTSIDE in own_log.read_text()


def test_the_guard_fails_a_test_that_used_the_network(pytester_run):
    outcome = pytester_run(f"def test_sneaks():\n    exec('''{SNEAK}''')\n")
    assert "the network was used" in outcome
    assert "1 passed, 1 error" in outcome


@pytest.fixture
def pytester_run(tmp_path):
    """Run a test module under this project's conftest, in a session of its own."""

    def run(source: str, *options: str, **environment: str) -> str:
        conftest = Path(__file__).parents[1] / "conftest.py"
        (tmp_path / "conftest.py").write_text(conftest.read_text(encoding="utf-8"), encoding="utf-8")
        if not (tmp_path / "no_network").exists():
            (tmp_path / "no_network").symlink_to(conftest.parent / "no_network")
        (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_") and k != "CI"}
        # The conftest imports what the tests share, from the folder that this project's own settings name.
        inherited["PYTHONPATH"] = os.pathsep.join([str(conftest.parent), inherited.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(tmp_path)]
        return subprocess.run(
            command, cwd=tmp_path, env=inherited | environment, capture_output=True, text=True, check=False
        ).stdout

    return run


SHARING = """
import pytest
@pytest.mark.parametrize("number", range(6))
def test_reads(shared_run, number):
    def make(folder):
        with open({journal!r}, "a") as file:
            file.write("made\\n")
        if {fails}:
            raise ValueError("the reason")
        (folder / "report.txt").write_text("one report")
    assert (shared_run("report", make) / "report.txt").read_text() == "one report"
"""


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_shared_run_is_made_once_for_all_who_want_it(pytester_run, tmp_path, options):
    journal = tmp_path / "journal.txt"
    assert "6 passed" in pytester_run(SHARING.format(journal=str(journal), fails=False), *options)
    assert journal.read_text() == "made\n"


def test_a_shared_run_that_failed_is_not_tried_again(pytester_run, tmp_path):
    journal = tmp_path / "journal.txt"
    outcome = pytester_run(SHARING.format(journal=str(journal), fails=True))
    assert "6 failed" in outcome
    assert "report was tried before: ValueError: the reason" in outcome
    assert journal.read_text() == "made\n"


GROUPED = """
import os
import pytest
@pytest.mark.xdist_group("together")
@pytest.mark.parametrize("number", range(6))
def test_notes_its_worker(number):
    with open({journal!r}, "a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""


def test_a_group_of_tests_is_kept_on_one_worker(pytester_run, tmp_path):
    """With pytest 9.2 and pytest-xdist 3.8 it was not, and two workers ran notebooks in one folder."""
    journal = tmp_path / "journal.txt"
    assert "6 passed" in pytester_run(GROUPED.format(journal=str(journal)), "-n", "2", "--dist", "loadgroup")
    assert len(set(journal.read_text().split())) == 1


def test_absent_extracts_skip_a_test_but_fail_it_in_ci(pytester_run):
    """The copied conftest looks beside its own folder, where there are none."""
    source = "def test_wants(real_data):\n    assert real_data\n"
    assert "1 skipped" in pytester_run(source)
    assert "1 error" in pytester_run(source, CI="true")


PAGE = """<!doctype html><html lang="en"><title>A page</title><h1>Hello</h1>
<img src="https://example.org/pixel.png" alt=""><script>console.log("said"); document.title = "scripted"</script>"""


def test_a_page_is_opened_with_its_requests_and_messages_recorded(new_page, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    opened = new_page(path, width=320)
    assert opened.requests == [path.as_uri(), "https://example.org/pixel.png"]
    assert any("said" in message for message in opened.console)
    assert opened.page.viewport_size["width"] == 320
    assert opened.page.title() == "scripted"
    assert new_page(path, script=False).page.title() == "A page"


def test_an_event_loop_can_be_started_after_the_browser_was_used():
    """The test above leaves playwright's loop behind when both run in one process."""

    async def answer() -> int:
        await asyncio.sleep(0)
        return 42

    assert asyncio.run(answer()) == 42
