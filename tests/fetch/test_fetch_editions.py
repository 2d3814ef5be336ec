"""An edition is found by the addresses of its files, downloaded once, checked, and put into RAW with its origin."""

from __future__ import annotations

import hashlib
import json

import pytest
from extracts.extract_files import simple_bulletin, zip_bytes
from fetch.june_2026 import BULLETIN, INDIVIDUAL, PRACTICE_MAP, QUIN_AGE, individual
from fetch.publisher_site import PATIENTS, WORKFORCE, XLSX, ZIP, Document

from analysis.errors import UsageError
from analysis.extracts import ingest
from analysis.fetch import FetchError

SERIES = "primary-care-network-workforce"


def visible(raw):
    """Everything under RAW that the user sees, by relative name; nothing hidden must be left."""
    assert [path.name for path in raw.rglob(".*")] == []
    return {path.relative_to(raw).as_posix() for path in raw.rglob("*") if path.is_file()}


def test_an_edition_comes_with_each_of_its_files_and_their_records(fetch, site, raw):
    """Four files, each with its record, in a folder for each edition: two editions use one name."""
    states = {fetched.record.what: fetched.state for fetched in fetch(period="2026-06")}

    files = {
        f"{SERIES}/30-june-2026/PCNWFIndividualCSV.062026.zip",
        f"{SERIES}/30-june-2026/PCNW June 2026 - Bulletin tables.xlsx",
        "patients-registered-at-a-gp-practice/july-2026/gp-reg-pat-prac-quin-age.zip",
        "patients-registered-at-a-gp-practice/july-2026/gp-reg-pat-prac-map.zip",
    }
    assert states == dict.fromkeys(("individual", "bulletin", "patients", "map"), "new")
    assert visible(raw) == files | {f"{name}.source.json" for name in files}
    assert (raw / SERIES / "30-june-2026/PCNWFIndividualCSV.062026.zip").read_bytes() == site.documents[
        INDIVIDUAL
    ].content


def test_the_record_says_where_a_file_came_from(fetch, site, raw):
    """Address, edition, time, size, checksum, licence."""
    fetch(period="2026-06", what=("individual",))

    record = json.loads((raw / SERIES / "30-june-2026/PCNWFIndividualCSV.062026.zip.source.json").read_text())
    content = site.documents[INDIVIDUAL].content
    assert record["address"] == site.address + INDIVIDUAL
    assert record["page"] == f"{site.address}{WORKFORCE}/30-june-2026"
    assert (record["publication"], record["edition"]) == ("Primary Care Network Workforce", "2026-06")
    assert (record["bytes"], record["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert record["licence"] == "Open Government Licence v3.0"
    assert record["fetched"].endswith("+00:00")


def test_ingest_reads_what_was_fetched_and_passes_over_the_records(fetch, raw, tmp_path):
    fetch(period="2026-06", what=("individual", "bulletin", "patients"))

    catalogue = ingest(raw, tmp_path / "processed", "2026-06")

    assert [entry.kind for entry in catalogue.inputs if entry.kind != "patients"] == ["bulletin", "workforce"]
    assert [entry.file for entry in catalogue.left_out if entry.file.endswith(".json")] == []


def test_without_a_period_the_newest_edition_is_fetched(fetch, site):
    site.edition("31-may-2026", {"/B/B/PCNWFIndividualCSV.052026.zip": (individual("2026-05"), ZIP)})

    assert [fetched.record.edition for fetched in fetch(what=("individual",))] == ["2026-06"]


def test_a_file_is_never_downloaded_twice(fetch, site):
    """The second run asks whether each file has changed, and reads no body."""
    fetch(period="2026-06")

    assert {fetched.state for fetched in fetch(period="2026-06")} == {"there already"}
    assert "If-None-Match" in site.asked(INDIVIDUAL)[-1].headers


def test_a_server_without_validators_is_asked_by_size_alone(fetch, site):
    site.documents[INDIVIDUAL].validators = False
    fetch(period="2026-06", what=("individual",))

    assert [fetched.state for fetched in fetch(period="2026-06", what=("individual",))] == ["there already"]


def test_a_file_that_was_put_there_by_hand_is_not_kept_twice(fetch, site, raw):
    """It gets its record, and the next run knows it."""
    raw.mkdir()
    (raw / "mine.zip").write_bytes(site.documents[INDIVIDUAL].content)

    (fetched,) = fetch(period="2026-06", what=("individual",))

    assert (fetched.path, fetched.state) == (raw / "mine.zip", "there already")
    assert visible(raw) == {"mine.zip", "mine.zip.source.json"}
    fetch(period="2026-06", what=("individual",))
    assert "If-None-Match" in site.asked(INDIVIDUAL)[-1].headers


@pytest.mark.parametrize("validators", [True, False])
@pytest.mark.parametrize("moved", [True, False])
def test_a_file_that_changed_at_its_source_is_kept_beside_the_old_one_and_reported(fetch, site, raw, validators, moved):
    """At the same address or, as this publisher does it, at a new one under the same name."""
    site.documents[INDIVIDUAL].validators = validators
    fetch(period="2026-06", what=("individual",))
    old = site.documents.pop(INDIVIDUAL)
    address = "/C1/C1C1C1/PCNWFIndividualCSV.062026.zip" if moved else INDIVIDUAL
    site.edition("30-june-2026", {address: (individual("2026-06", rows=2), ZIP)})
    site.documents[address].validators = validators

    with pytest.raises(
        FetchError, match=r"1 file has changed at the source.*PCNWFIndividualCSV\.062026 fetched"
    ) as caught:
        fetch(period="2026-06", what=("individual",))

    assert "move one of the two out of RAW" in caught.value.fix
    zips = sorted(path for path in raw.rglob("*.zip"))
    assert {path.read_bytes() for path in zips} == {old.content, site.documents[address].content}
    assert len(list(raw.rglob("*.source.json"))) == 2
    # Once told, it is known.
    assert [fetched.state for fetched in fetch(period="2026-06", what=("individual",))] == ["there already"]


def test_a_file_that_was_changed_here_is_not_overwritten(fetch, raw):
    (fetched,) = fetch(period="2026-06", what=("individual",))
    fetched.path.write_bytes(b"edited")

    with pytest.raises(FetchError, match="kept beside the old one"):
        fetch(period="2026-06", what=("individual",))

    assert fetched.path.read_bytes() == b"edited"


def test_a_range_takes_each_edition_and_the_newest_bulletin(fetch, site):
    """Months without an edition are told and stop nothing."""
    for slug, census in (("31-may-2026", "2026-05"), ("31-march-2026", "2026-03")):
        name = f"{census[5:]}{census[:4]}"
        site.edition(
            slug,
            {
                f"/M/{name}/PCNWFIndividualCSV.{name}.zip": (individual(census), ZIP),
                f"/M/{name}/PCNW - Bulletin tables.xlsx": (simple_bulletin({"June 2026": 1.0}), XLSX),
            },
        )

    fetched = fetch(first="2026-03", last="2026-07", what=("individual", "bulletin"))

    assert [(each.record.what, each.record.edition) for each in fetched] == [
        *(("individual", census) for census in ("2026-03", "2026-05", "2026-06")),
        ("bulletin", "2026-06"),
    ]
    assert [line for line in fetch.lines if "30-april-2026" in line]


def test_before_2023_a_range_asks_for_quarters_alone(fetch):
    assert fetch.fetcher(first="2022-07", last="2023-02").censuses() == ["2022-09", "2022-12", "2023-01", "2023-02"]


def test_where_patients_are_not_published_the_rest_is_fetched(fetch, site):
    del site.documents[f"{PATIENTS}/july-2026"]
    site.page(PATIENTS, [])

    assert [fetched.record.what for fetched in fetch(period="2026-06")] == ["individual", "bulletin"]
    assert [line for line in fetch.lines if line.startswith("Not fetched (patients)")]
    with pytest.raises(FetchError, match="status 404"):
        fetch(period="2026-06", what=("patients",))


def test_an_edition_whose_address_drifted_is_found_from_the_publications_page(fetch, site):
    site.documents[f"{WORKFORCE}/30-june-2026-revised"] = site.documents.pop(f"{WORKFORCE}/30-june-2026")
    site.page(WORKFORCE, [f"{WORKFORCE}/30-june-2026-revised"])

    assert [fetched.record.what for fetched in fetch(period="2026-06", what=("individual",))] == ["individual"]


def test_the_link_that_names_the_census_is_taken_first(fetch, site):
    """A page may link to another edition's file too; what is inside decides in the end."""
    other = "/Z/Z/PCNWFIndividualCSV.052026.zip"
    site.documents[other] = Document(individual("2026-05"), ZIP)
    site.page(f"{WORKFORCE}/30-june-2026", [f"https://files.digital.nhs.uk{path}" for path in (other, INDIVIDUAL)])

    (fetched,) = fetch(period="2026-06", what=("individual",))

    assert fetched.record.address.endswith(INDIVIDUAL)
    assert site.asked(other) == []


@pytest.mark.parametrize(
    ("path", "content", "what", "said"),
    [
        (INDIVIDUAL, individual("2026-05"), "individual", "of May 2026, not of June 2026"),
        (INDIVIDUAL, zip_bytes({"a.csv": b"a,b\r\n1,2\r\n"}), "individual", "was to hold an individual-level extract"),
        (BULLETIN, zip_bytes({"xl/workbook.xml": b"no"}), "bulletin", "bulletin"),
        (QUIN_AGE, zip_bytes({"a.csv": b"a,b\r\n1,2\r\n"}), "patients", "was to hold registered patients"),
        (PRACTICE_MAP, zip_bytes({"a.csv": b"a,b\r\n1,2\r\n"}), "map", "was to hold the map of practices"),
    ],
)
def test_a_file_with_another_content_never_reaches_raw(fetch, site, path, content, what, said):  # noqa: PLR0917
    site.documents[path].content = content

    with pytest.raises(FetchError, match=f"(?i){said}"):
        fetch(period="2026-06", what=(what,))

    raw = fetch.fetcher().raw
    assert not raw.exists() or visible(raw) == set()


def test_a_damaged_member_that_no_report_reads_is_found(fetch, site):
    """The zip must be whole, its guide too."""
    content = bytearray(site.documents[INDIVIDUAL].content)
    at = content.index(b"%PDF-1.7") if b"%PDF-1.7" in content else content.index(b"guide.pdf") + 3000
    content[at + 2000] ^= 0xFF
    site.documents[INDIVIDUAL].content = bytes(content)

    with pytest.raises(FetchError, match=r"damaged|cannot be opened"):
        fetch(period="2026-06", what=("individual",))


def test_the_names_of_files_are_made_safe(fetch, site, raw):
    """A name off a page never leads out of its folder, is never hidden, never too long."""
    odd = "/D/D/..%2F..%2F.Individual%0A%E2%80%AE" + "x" * 300 + ".zip"
    site.documents["/D/D/../../.Individual\n\u202e" + "x" * 300 + ".zip"] = site.documents[INDIVIDUAL]
    site.page(f"{WORKFORCE}/30-june-2026", [f"https://files.digital.nhs.uk{odd}"])

    (fetched,) = fetch(period="2026-06", what=("individual",))

    assert fetched.path.parent == raw / SERIES / "30-june-2026"
    assert fetched.path.name[0] != "."
    assert fetched.path.name.isprintable()
    assert len(fetched.path.name.encode()) <= 150


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "2026-13"},
        {"period": "2026-06", "first": "2026-01"},
        {"first": "2026-06", "last": "2026-01"},
        {"base_url": "http://example.org"},
        {"base_url": "ftp://127.0.0.1"},
        {"base_url": "https://user@example.org"},
        {"base_url": "nonsense"},
    ],
)
def test_wrong_use_is_told_before_anything_is_asked(fetch, site, asked):
    with pytest.raises(UsageError):
        fetch(**asked)
    assert site.requests == []
