"""Pages put in place: by several processes, after a failure, after an interrupt, and not made again without need."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import psutil
import pytest
from profiles.batches import report_of, some_areas
from profiles.conftest import PERIOD

from analysis.errors import NotebookError, UsageError
from analysis.pipeline.finished_report import finished_report
from analysis.pipeline.json_files import read_json
from analysis.pipeline.pages_beside import write_profiles_list
from analysis.pipeline.profile_folders import changed_pages
from analysis.pipeline.provenance import CodeVersion
from analysis.pipeline.request import Request
from analysis.profiles import make_profiles as module
from analysis.profiles.areas import areas_of
from analysis.profiles.batch import Cause, Outcome
from analysis.profiles.make_profiles import MadeProfiles, ProfilesRequest, make_profiles, plan_profiles
from analysis.publish.profile_page import page_name

pytestmark = pytest.mark.xdist_group("profiles")
AT_ONCE = 2


@pytest.fixture
def reports(small_report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A REPORTS with a copy of the small report, which is in place."""
    folder = tmp_path / "reports"
    shutil.copytree(report_of(small_report), folder / PERIOD)
    report = finished_report(folder / PERIOD, read_json(folder / PERIOD / "manifest.json"))
    monkeypatch.setattr(module, "report_in_place", lambda _: report)
    # Pages name the commit: somebody may work in the clone while this runs.
    monkeypatch.setattr(module, "code_version", lambda *_: CodeVersion("0.1.0", "", None))
    return folder


def request_for(small_report: Path, reports: Path, *codes: str, **further) -> ProfilesRequest:
    report = Request(period=PERIOD, raw=small_report / "raw", reports=reports, processed=small_report / "processed")
    return ProfilesRequest(report, "region", codes, workers=AT_ONCE, **further)


def no_process_left() -> bool:
    """Whether no worker and no kernel of this process is alive."""
    own = psutil.Process().children(recursive=True)
    of_batch = ("kernel_template", "ipykernel_launcher", "spawn_main")
    return not [child for child in own if any(name in " ".join(child.cmdline()) for name in of_batch)]


def test_pages_are_put_in_place_and_not_made_again(small_report, reports, tmp_path):
    """Two processes make three pages; the list and the front page lead there; then nothing is left to do."""
    areas = some_areas(small_report, "region", 3)
    codes = [area.code for area in areas]
    lines: list[str] = []
    plan = plan_profiles(request_for(small_report, reports, *codes))
    assert [each.reason for each in plan] == ["it has no page"] * 3
    made = make_profiles(request_for(small_report, reports, *codes), tell=lines.append)
    assert made.error() is None
    assert sorted(outcome.area.code for outcome in made.made) == sorted(codes)
    assert sum("of 3" in line for line in lines) == len(areas)
    folder = reports / PERIOD / "profiles" / "region"
    assert {path.name for path in folder.iterdir()} == {*map(page_name, codes), "pages.json", "SHA256SUMS"}
    listed = (reports / PERIOD / "profiles" / "index.html").read_text(encoding="utf-8")
    assert all(f'href="region/{page_name(code)}"' in listed for code in codes)
    assert f"{PERIOD}/profiles/index.html#region" in (reports / "index.html").read_text(encoding="utf-8")
    assert changed_pages(reports / PERIOD)[1] == []
    assert no_process_left()
    assert not list(reports.glob(".*"))

    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    again = make_profiles(request_for(small_report, reports, *codes))
    assert (len(again.made), again.unchanged) == (0, 3)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before

    # A page that was changed by hand is found out, and made again with the bytes it had, by one process.
    page = folder / page_name(codes[0])
    content = page.read_bytes()
    page.write_bytes(b"<p>mine</p>")
    plan = plan_profiles(request_for(small_report, reports, *codes))
    assert [bool(each.reason) for each in plan] == [each.area.code == codes[0] for each in plan]
    assert {each.reason for each in plan} == {"", "its page is not as it was made"}
    assert [each.file for each in changed_pages(reports / PERIOD)[1]] == [f"profiles/region/{page.name}"]
    repaired = make_profiles(request_for(small_report, reports, *codes))
    assert ([outcome.area.code for outcome in repaired.made], repaired.unchanged) == ([codes[0]], 2)
    assert page.read_bytes() == content


def test_the_list_of_pages_has_a_checksum(small_report, reports):
    """A list that was changed, or has lost its checksum, is found out, as a page is."""
    write_profiles_list(reports / PERIOD)
    profiles = reports / PERIOD / "profiles"
    assert changed_pages(reports / PERIOD) == (1, [])

    (profiles / "index.html").write_text("<p>other pages</p>", encoding="utf-8")
    (profiles / "more.html").write_text("<p>not listed</p>", encoding="utf-8")
    _, unlike = changed_pages(reports / PERIOD)
    assert [(each.file, each.kind) for each in unlike] == [
        ("profiles/index.html", "changed"),
        ("profiles/more.html", "added"),
    ]

    (profiles / "SHA256SUMS").unlink()
    with pytest.raises(UsageError, match="SHA256SUMS is not there"):
        changed_pages(reports / PERIOD)


def test_an_interrupt_keeps_what_is_finished(small_report, reports):
    """The pages that were made are in place; no process and no staging folder is left; the next run goes on."""
    codes = [area.code for area in some_areas(small_report, "region", 4)]

    def interrupt(line: str) -> None:
        if "of 4" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_profiles(request_for(small_report, reports, *codes), tell=interrupt)
    ready = {path.name for path in (reports / PERIOD / "profiles" / "region").glob("*.html")}
    assert ready
    assert changed_pages(reports / PERIOD)[1] == []
    assert no_process_left()
    assert not list(reports.glob(".*"))


def test_a_network_that_closed_long_before_has_no_page(tmp_path):
    """The frames still have its code; the report has nothing to say of it, as it did not report for over a year."""
    measures = tmp_path / "measures"
    measures.mkdir()
    codes = ["U1", "U2", "U3"]
    places = pd.DataFrame({"level": "pcn", "area_code": codes, "area_name": codes, "census": PERIOD, "role": "splw"})
    places.to_parquet(measures / "places.parquet")
    seen = pd.DataFrame({"census": ["2022-09", "2021-09", "2021-06"], "pcn_code": codes})
    seen.to_parquet(measures / "row_counts.parquet")
    assert [area.code for area in areas_of(tmp_path, "pcn", period=PERIOD, role="splw")] == ["U1", "U2"]


def test_an_area_that_is_not_there_is_refused_before_anything_runs(small_report, reports):
    with pytest.raises(UsageError, match="has the code QQQ"):
        make_profiles(request_for(small_report, reports, "QQQ"))


def test_the_error_names_the_areas_the_cause_and_what_to_do(small_report):
    """Its exit code is that of the notebook, or of the page where pages alone are at fault."""
    first, second = some_areas(small_report, "icb", 2)
    made = MadeProfiles(Path("profiles/icb"), 42)
    assert made.error() is None
    made.failed = [Outcome(first, 1.0, error=Cause("PageError", "It is too large.", "Why.", "Show less."))]
    assert made.error().exit_code == 6
    made.failed.append(Outcome(second, 1.0, error=Cause("NotebookError", "Cell 3 stopped.", "Why.", "Correct it.")))
    error = made.error()
    assert isinstance(error, NotebookError)
    assert error.what.startswith("2 of 42 areas have no new page: ")
    assert all(part in error.what for part in (first.code, second.name, "It is too large.", "Cell 3 stopped."))
    assert "The pages of the 40 others are in place." in error.why
    assert error.fix.startswith("Show less.")
