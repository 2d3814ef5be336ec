"""``analysis fetch`` and ``analysis report --fetch``: what is printed, and the exit codes."""

from __future__ import annotations

import nbformat
from fetch.june_2026 import INDIVIDUAL, individual
from fetch.publisher_site import WORKFORCE, ZIP, Document

from analysis.cli import NEWER


def test_each_file_has_a_line_and_nothing_else_is_said(command):
    done = command("fetch", "--period", "2026-06", "--quiet")

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert lines[0].endswith("PCNWFIndividualCSV.062026.zip (59 KB, new)")
    assert done.stderr == ""


def test_what_is_chosen_with_commas(command):
    done = command("fetch", "--what", "bulletin, individual")

    assert [line.rpartition("/")[2].split("(")[0].strip() for line in done.stdout.splitlines()] == [
        "PCNWFIndividualCSV.062026.zip",
        "PCNW June 2026 - Bulletin tables.xlsx",
    ]


def test_a_misspelt_file_is_wrong_use(command, site):
    done = command("fetch", "--what", "bulletins")

    assert done.returncode == 2
    assert "individual,bulletin,patients,map" in done.stderr
    assert site.requests == []


def test_a_fault_is_told_in_three_parts_with_the_exit_code_of_an_extract(command, site):
    site.documents[INDIVIDUAL] = Document(b"<h1>Sorry</h1>")

    done = command("fetch", "--what", "individual")

    assert done.returncode == 3
    assert "of the type 'text/html'" in done.stderr
    assert [line.split(":")[0].strip() for line in done.stderr.splitlines()[1:]] == ["Why", "Fix"]
    assert "Traceback" not in done.stderr


def test_check_lists_the_newer_editions_and_has_its_own_exit_code(command, site):
    site.edition("31-july-2026", {"/N/N/PCNWFIndividualCSV.072026.zip": (individual("2026-07"), ZIP)})
    command("fetch", "--period", "2026-06", "--what", "individual")
    before = len(site.requests)

    done = command("fetch", "--check")

    assert done.returncode == NEWER
    assert done.stdout == f"2026-07 {site.address}{WORKFORCE}/31-july-2026\n"
    assert len(site.requests) == before + 1


def test_check_without_a_newer_edition_says_nothing(command):
    command("fetch", "--period", "2026-06", "--what", "individual")

    done = command("fetch", "--check")

    assert (done.returncode, done.stdout) == (0, "")


def test_check_that_cannot_find_out_is_not_taken_for_nothing_new(command, site):
    site.page(WORKFORCE, ["/about"])

    assert command("fetch", "--check").returncode == 3


def test_check_with_a_period_is_wrong_use(command):
    assert command("fetch", "--check", "--period", "2026-06").returncode == 2


def test_a_report_does_not_begin_when_fetching_failed(command, site, tmp_path):
    (tmp_path / "notebooks").mkdir()
    cell = nbformat.v4.new_code_cell("raise SystemError", metadata={"tags": ["parameters"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "notebooks/1_fails.ipynb")
    site.documents[INDIVIDUAL].faults = [403]

    done = command("report", "--fetch", "--period", "2026-06")

    assert done.returncode == 3
    assert "status 403" in done.stderr


def test_a_mirror_without_fetch_is_wrong_use(command):
    assert command("report").returncode == 2
