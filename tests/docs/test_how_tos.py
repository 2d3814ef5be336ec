"""Each how-to, tried as it is written, on two censuses of synthetic extracts: enough of them, and quick."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from tests.docs.documents import DOCS, code, table
from tests.docs.walked_project import WalkedProject
from tests.fetch.june_2026 import individual, june_2026
from tests.fetch.publisher_site import XLSX, ZIP

from analysis.columns import CONTRACTED, INDIVIDUAL_TO_TIDY
from analysis.sample import write_sample
from analysis.sample.future import write_future_extract

pytestmark = pytest.mark.xdist_group("how-tos")
REPORT = "make report PERIOD=2021-03"
HOW_TOS = {path.name for path in (DOCS / "how-to").glob("*.md")} - {"README.md"}


@pytest.fixture(scope="module")
def extracts(tmp_path_factory) -> Path:
    """Synthetic extracts of December 2020 (in a zip) and March 2021, with bulletin tables and registered patients."""
    folder = tmp_path_factory.mktemp("extracts") / "raw"
    write_sample(folder, first="2020-12", last="2021-03")
    return folder


@pytest.fixture
def project(tmp_path, extracts) -> WalkedProject:
    """A fresh copy of the project, with these extracts in its data/raw."""
    made = WalkedProject(tmp_path / "project")
    shutil.copytree(extracts, made.root / "data/raw", dirs_exist_ok=True)
    return made


def december_2020(extracts: Path) -> bytes:
    """The individual-level CSV of December 2020."""
    (path,) = extracts.glob("PCNWFIndividualCSV.122020.zip")
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".csv"))
        return archive.read(name)


def only(project: WalkedProject, name: str, content: bytes) -> None:
    """Leave one file in data/raw."""
    raw = project.root / "data/raw"
    shutil.rmtree(raw)
    raw.mkdir()
    (raw / name).write_bytes(content)


def test_change_the_words_add_a_target_a_chart_and_a_section_and_change_a_chart(project):
    """One report, made after all were followed: each is in the page, its tables and the assessment."""
    project.walk("change-the-words.md", passing_over=(REPORT,))
    project.walk("add-a-target.md", passing_over=(REPORT,))
    project.walk("add-a-chart.md", passing_over=(REPORT,))
    project.walk("add-a-section.md", passing_over=(REPORT,))
    project.walk("change-a-chart.md")

    report = project.root / "reports/2021-03"
    page = (report / "index.html").read_text(encoding="utf-8")
    facts = json.loads((report / "facts.json").read_text(encoding="utf-8"))
    said = " ".join(BeautifulSoup(page, "html.parser").get_text().split())
    figures = {role: facts[f"fte.{role}.ENG.2021-03"]["text"] for role in ("splw", "cc")}
    assert re.search(rf"In England, reported link workers rose by \d+ to {figures['splw']} full-time equivalents", said)
    assert f"Beside them there were {figures['cc']} FTE of care coordinators in March 2021." in said
    target = json.loads((report / "assessment.json").read_text(encoding="utf-8"))["targets"]["example-cc"]
    assert target["verdict"] == "not reached on reported data"
    assert "six hundred care coordinators in place by the spring" in page
    assert 'id="figure-pcns-by-region"' in page
    assert "Most networks report by now" in page
    rows = list(csv.DictReader((report / "tables/chart-pcns-by-region.csv").open(encoding="utf-8-sig")))
    assert len(rows) == 7
    changed = page.partition('id="figure-direct-splw"')[2].partition("</figure>")[0]
    assert "Most link workers are employed by networks</h3>" in changed
    assert 'stroke="#801650"' in changed
    assert ">4,000</text>" in changed
    section = page.rpartition(">Care coordinators by integrated care board")[2].partition("<h2")[0]
    places = [
        section.index(words)
        for words in ("The networks that reported in", 'id="figure-coordinators-by-icb"', "Care coordinators and rep")
    ]
    assert places == sorted(places)
    assert len(list(csv.DictReader((report / "tables/coordinators-and-coverage.csv").open(encoding="utf-8-sig")))) == 42


def test_add_a_reading(project):
    """The readings double, and the last line prints how many there are."""
    assert project.walk("add-a-reading.md") == "12\n"


def test_map_a_new_role(project, tmp_path):
    """A role that the vocabulary lacked is known after the block was added."""
    future = write_future_extract(tmp_path / "future.csv").read_bytes()
    only(project, "future.csv", future)
    assert project.walk("map-a-new-role.md") == "{'community_garden_facilitator'}\n"


def test_update_the_published_totals(project, real_data):
    """A register without the figures of the newest census gets them, each in its place."""
    (workbook,) = (real_data / "published/reconstructed").glob("*Bulletin tables.xlsx")
    only(project, workbook.name, workbook.read_bytes())
    register = project.root / "src/analysis/registers/published.csv"
    whole = register.read_text(encoding="utf-8")
    rows = whole.splitlines(keepends=True)
    register.write_text("".join(row for row in rows if ",2025-11,all," not in row), encoding="utf-8")
    project.run("git init --quiet && git add src/analysis/registers/published.csv")
    assert "0 new figures, 0 changed" in project.walk("update-the-published-totals.md")
    assert register.read_text(encoding="utf-8") == whole


def test_look_at_one_place(project):
    """Every block runs, the last gives a chart of the ICB, and its table is a workbook."""
    assert "alt.LayerChart(" in project.walk("look-at-one-place.md")
    assert "Cover" in openpyxl.load_workbook(project.root / "data/processed/QHM.xlsx").sheetnames


def test_make_a_figure_of_your_own(project):
    """The last block shows the sentence with the figure, which is a fact of the analyst's own."""
    assert "A link worker of a network has 0." in project.walk("make-a-figure-of-your-own.md")


def test_work_through_several_periods(project):
    """A row for each census, each from a run in a folder of its own."""
    said = project.walk("work-through-several-periods.md").splitlines()
    runs = sorted(path.name.rpartition("-")[0] for path in (project.root / "data/processed/runs").iterdir())
    assert [line.split()[0] for line in said[1:]] == runs
    assert len(runs) == len(set(runs)) > 1


def test_keep_a_report_of_your_own(project, extracts):
    """A working folder, its report, and a register edited in it, by the commands as they are written."""
    extract = next(extracts.glob("PCNWFIndividualCSV.122020.zip"))
    project.run("mkdir downloads")
    shutil.copy(extract, project.root / "downloads")
    project.walk("keep-a-report-of-your-own.md")
    folder = project.root / "my-report"
    assert (folder / "reports/2020-12/index.html").is_file()
    assert "A name of my own" in (folder / "reports/2020-12/assessment.json").read_text(encoding="utf-8")


def test_use_your_own_extract(project, extracts):
    """A report of one extract in a folder of one's own, in a reports folder of one's own."""
    folder = project.root / "my-extracts"
    folder.mkdir()
    (folder / "as I saved it.csv").write_bytes(december_2020(extracts))
    project.walk("use-your-own-extract.md")
    manifest = json.loads((project.root / "my-reports/2020-12/manifest.json").read_text(encoding="utf-8"))
    assert [entry["name"] for entry in manifest["inputs"]] == ["as I saved it.csv"]


def test_the_columns_of_an_extract_are_those_of_the_code():
    """Names, tidy names and order."""
    rows = table(DOCS / "how-to/use-your-own-extract.md", "column", "becomes")
    assert [(code(row["column"])[0], code(row["becomes"])[0]) for row in rows] == list(INDIVIDUAL_TO_TIDY.items())


def test_get_the_extracts_and_verify_a_report(project, extracts, monkeypatch):
    """From the publisher's site as the tests play it; then a report of what was fetched, in one command."""
    raw = project.root / "data/raw"
    shutil.rmtree(raw)
    program = project.root / ".venv/bin/analysis"
    program.write_text(program.read_text(encoding="utf-8").rstrip("\n") + ' --base-url "$BASE_URL"\n', encoding="utf-8")
    (zipped,), (bulletin,) = extracts.glob("PCNWFIndividualCSV.122020.zip"), extracts.glob("*ulletin*.xlsx")
    december = {f"/A/A/{path.name}": (path.read_bytes(), kind) for path, kind in ((zipped, ZIP), (bulletin, XLSX))}
    with june_2026() as site:
        site.edition("31-may-2026", {"/B/B/PCNWFIndividualCSV.052026.zip": (individual("2026-05"), ZIP)})
        site.edition("31-december-2020", december)
        monkeypatch.setenv("BASE_URL", site.address)

        assert project.walk("get-the-extracts.md", passing_over=("make report FETCH=1",)) == ""  # nothing is newer
        named = {"PCNWFIndividualCSV.062026.zip", "gp-reg-pat-prac-quin-age.zip", "gp-reg-pat-prac-map.zip"}
        assert {path.name for path in raw.rglob("*.zip")} == named
        assert len(list((project.root / "my-extracts").rglob("*.zip"))) == 2

        shutil.rmtree(raw)
        project.run("make report FETCH=1 PERIOD=2020-12")
    program.write_text(program.read_text(encoding="utf-8").replace(' --base-url "$BASE_URL"', ""), encoding="utf-8")
    assert "Made again, every file has the same bytes" in project.walk("verify-a-report.md")
    manifest = json.loads((project.root / "reports/2020-12/manifest.json").read_text(encoding="utf-8"))
    assert {entry["kind"] for entry in manifest["inputs"]} == {"workforce", "bulletin"}


def test_make_an_old_report_again_and_compare_two_reports(project):
    """The same bytes again from more extracts; then the comparison of two periods, on a page of its own."""
    project.run("make report PERIOD=2020-12")
    project.walk("make-an-old-report-again.md")  # ends with cmp, which fails on any difference
    project.run(REPORT)
    said = project.walk("compare-two-reports.md")
    assert said.splitlines()[-1] == "reports/comparison-2020-12-2021-03.html"
    assert (project.root / said.splitlines()[-1]).is_file()


def test_when_validation_stops_the_run(project, extracts):
    """A negative FTE stops the run with a page that names it; the block of the how-to lets it through, explained."""
    rows = list(csv.reader(io.StringIO(december_2020(extracts).decode("cp1252"), newline="")))
    head = rows[0]
    source, role, fte = (head.index(name) for name in ("Data_source", "STAFF_ROLE", "FTE"))
    odd, other = [r for r in rows if r[source] == CONTRACTED and r[role] == "Pharmacists"][:2]
    odd[fte], other[fte] = "-0.8", str(float(other[fte]) + float(odd[fte]) + 0.8)  # the published total stays
    damaged = io.StringIO(newline="")
    csv.writer(damaged, lineterminator="\r\n").writerows(rows)
    only(project, "december.csv", damaged.getvalue().encode("cp1252"))

    said = project.walk("when-validation-stops-the-run.md", ends={"make report PERIOD=2020-12": 4})

    assert said == "['contracted-fte-possible']\n"
    kept = project.root / "reports/failed/2020-12"
    assert "-0.8" in (kept / "validation.html").read_text(encoding="utf-8").replace("−", "-")
    assert (kept / "failure.html").is_file()
    assert not (project.root / "reports/2020-12").exists()


def test_report_on_another_role(project):
    """The report about care coordinators lies beside that about link workers, and both are on the front page."""
    assert project.walk("report-on-another-role.md").endswith(" care coordinators\n")
    page = (project.root / "reports/2021-03-cc/index.html").read_text(encoding="utf-8")
    assert "care coordinators" in page
    assert "2021-03-cc/" in (project.root / "reports/index.html").read_text(encoding="utf-8")


def test_make_a_page_for_each_area(project):
    """Two regions; that all boards and a cluster are the same command is shown by tests/profiles."""
    all_boards, cluster = "make profiles PERIOD=2021-03", "SCHEDULER=tcp://HOST:8786"
    others = ("dask scheduler", "dask worker tcp://HOST:8786", f"{all_boards} BY=pcn {cluster}")
    project.walk("make-a-page-for-each-area.md", passing_over=(all_boards, *others))
    said = project.run(f'{all_boards} BY=region AREAS="Y56 Y58"')
    assert "0 pages made, 2 unchanged" in said
    pages = project.root / "reports/2021-03/profiles"
    assert {path.name for path in pages.glob("region/*.html")} == {"Y56.html", "Y58.html"}
    assert "../profiles" not in (pages / "index.html").read_text(encoding="utf-8")
    report = (project.root / "reports/2021-03/index.html").read_text(encoding="utf-8")
    assert 'href="profiles/index.html"' in report
    assert "2021-03/profiles/index.html#region" in (project.root / "reports/index.html").read_text(encoding="utf-8")
    assert "files are as they were made" in project.run(".venv/bin/analysis verify 2021-03")


def test_find_and_fix_a_failed_run(project):
    """The first run fails at the cell and says so; the second, with the cell put right, makes the report."""
    failed, kept = "make report PERIOD=2020-12", project.root / "reports/failed/2020-12"
    said = project.walk("find-and-fix-a-failed-run.md", ends={failed: 5})
    assert "reports/2020-12" in said
    assert not kept.exists()
    assert (project.root / "reports/2020-12/index.html").is_file()


def test_every_how_to_is_tried():
    """Each file is walked by a test above, and in the list of how-tos."""
    source = Path(__file__).read_text(encoding="utf-8")
    assert {name for name in HOW_TOS if f'walk("{name}"' not in source} == set()
    listed = (DOCS / "how-to/README.md").read_text(encoding="utf-8")
    assert {name for name in HOW_TOS if f"]({name})" not in listed} == set()


def test_a_step_that_does_not_work_is_noticed(project):
    """A command that fails, an edit of a line that is not there, and Python that raises: each fails the walk."""
    with pytest.raises(AssertionError, match="no such"):
        project.run("cat no-such-file || { echo no such >&2; exit 1; }")
    with pytest.raises(AssertionError, match="stands there 0 times"):
        project._exchange(project.root / "README.md", "-no such line\n+another\n")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        project._python("1 / 0\n")
