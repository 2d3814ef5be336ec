"""A report is printed by the browser of the machine, and each way in which that fails is told in three sentences."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from analysis.errors import PageError, UsageError
from analysis.pipeline import pdf


@pytest.fixture
def report(tmp_path: Path) -> Path:
    folder = tmp_path / "reports" / "2022-09"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<!DOCTYPE html><title>A</title><p>2,047 link workers", encoding="utf-8")
    return folder


def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program in the place of Chromium."""
    program = tmp_path / "bin" / "chromium"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nimport sys, time\nfrom pathlib import Path\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))


@pytest.mark.skipif(not any(map(shutil.which, pdf.BROWSERS)), reason="there is no Chromium on this machine")
def test_the_page_becomes_a_pdf_beside_the_report_and_nothing_is_left(report: Path) -> None:
    made = pdf.print_report(report, report.parent)
    assert made == report.parent / "report-2022-09.pdf"
    assert len(re.findall(rb"/Type /Page\b", made.read_bytes())) == 1
    assert sorted(path.name for path in report.parent.iterdir()) == ["2022-09", "report-2022-09.pdf"]
    assert [path.name for path in report.iterdir()] == ["index.html"], "the checksums of a report name its files"


def test_without_a_browser_it_says_what_else_can_be_done(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_PLACES", ())
    with pytest.raises(UsageError, match="no Chromium, Chrome or Edge") as refused:
        pdf.print_report(report, report.parent)
    assert "print it to a PDF from there" in refused.value.fix


def test_without_a_page_nothing_is_started(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no index\.html"):
        pdf.print_report(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("sys.exit('no display')", "It ended with 1: no display"),
        ("", "without writing a PDF"),
        ("Path(sys.argv[-2].partition('=')[2]).write_text('not a PDF')", "without writing a PDF"),
        ("time.sleep(60)", "had not printed the page after 1 seconds"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_browser_that_fails_leaves_the_pdf_before_as_it_was(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, told: str
) -> None:
    browser(tmp_path, monkeypatch, script)
    monkeypatch.setattr(pdf, "MOST_SECONDS", 1 if "sleep" in script else 60)
    before = report.parent / "report-2022-09.pdf"
    before.write_bytes(b"%PDF-1.4 before")
    with pytest.raises(PageError, match=told):
        pdf.print_report(report, report.parent)
    assert before.read_bytes() == b"%PDF-1.4 before"
    assert sorted(path.name for path in report.parent.iterdir()) == ["2022-09", "report-2022-09.pdf"]
