"""Each fault of the site and of the way to it: tried again where that can help, told in three parts where not."""

from __future__ import annotations

import datetime as dt
import email.utils
import os
import subprocess
import time
from pathlib import Path

import pytest
from fetch.june_2026 import BULLETIN, INDIVIDUAL, individual
from fetch.publisher_site import WORKFORCE, served

from analysis.fetch import FetchError
from analysis.fetch.site import site_of

HOSTS = ("digital.nhs.uk", "files.digital.nhs.uk")
PAGE = f"{WORKFORCE}/30-june-2026"
ONE = {"period": "2026-06", "what": ("individual",)}


def left_in(raw: Path) -> list[str]:
    """The files that a report would see."""
    return [path.name for path in raw.rglob("*") if path.is_file() and not path.name.startswith(".")]


@pytest.mark.parametrize("path", [PAGE, INDIVIDUAL])
@pytest.mark.parametrize("fault", [503, 429, 500, 408, "reset", "silent", "cut"])
def test_a_fault_that_passes_is_got_over(fetch, site, path, fault):
    site.documents[path].faults = [fault, fault]

    assert [fetched.state for fetched in fetch(**ONE)] == ["new"]
    assert len(site.asked(path)) == 3


@pytest.mark.parametrize("fault", [503, "reset", "cut"])
def test_a_fault_that_stays_is_told_after_as_many_attempts_as_are_set(fetch, site, raw, fault):
    site.documents[INDIVIDUAL].ranges = False
    site.documents[INDIVIDUAL].faults = [fault] * 9

    with pytest.raises(FetchError, match="tried 5 times"):
        fetch(**ONE)

    assert len(site.asked(INDIVIDUAL)) == 5
    assert left_in(raw) == []


def test_what_had_arrived_is_not_asked_for_again(fetch, site):
    """A cut download goes on where it stopped, on condition that the file is still the same."""
    site.documents[INDIVIDUAL].faults = ["cut"]
    content = site.documents[INDIVIDUAL].content

    (fetched,) = fetch(**ONE)

    resumed = site.asked(INDIVIDUAL)[-1].headers
    assert resumed["Range"] == f"bytes={len(content) // 2}-"
    assert resumed["If-Range"] == site.documents[INDIVIDUAL].etag
    assert fetched.path.read_bytes() == content


@pytest.mark.parametrize("validators", [True, False])
def test_an_interrupted_run_is_resumed_by_the_next(fetch, site, raw, validators):
    document = site.documents[INDIVIDUAL]
    document.validators = validators
    document.faults = ["cut", 404]
    with pytest.raises(FetchError):
        fetch(**ONE)
    assert left_in(raw) == []

    (fetched,) = fetch(**ONE)

    assert site.asked(INDIVIDUAL)[-1].headers["Range"] == f"bytes={len(document.content) // 2}-"
    assert fetched.path.read_bytes() == document.content


@pytest.mark.parametrize("validators", [True, False])
def test_a_file_that_changed_in_between_is_not_put_together_from_two(fetch, site, validators):
    """With validators the server sends the whole; without, the checksums of the zip find it out, and it comes anew."""
    document = site.documents[INDIVIDUAL]
    document.validators, document.faults = validators, ["cut", 404]
    with pytest.raises(FetchError):
        fetch(**ONE)
    new = individual("2026-06")
    assert len(new) == len(document.content)
    document.content = new

    (fetched,) = fetch(**ONE)

    assert fetched.path.read_bytes() == new
    assert "Range" in site.asked(INDIVIDUAL)[2].headers
    assert len(site.asked(INDIVIDUAL)) == (3 if validators else 4)


def test_retry_after_is_kept_to(fetch, site):
    site.documents[INDIVIDUAL].faults = [(429, "1")]
    begun = time.monotonic()

    fetch(**ONE)

    assert time.monotonic() - begun >= 1
    assert [line for line in fetch.lines if "status 429" in line]


def test_retry_after_may_be_a_date(fetch, site):
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    site.documents[INDIVIDUAL].faults = [(503, email.utils.format_datetime(until, usegmt=True))]

    fetch(**ONE)

    assert dt.datetime.now(dt.UTC) >= until.replace(microsecond=0)


def test_a_wait_that_is_too_long_is_told_and_not_waited_for(fetch, site):
    site.documents[INDIVIDUAL].faults = [(429, "3600")]

    with pytest.raises(FetchError, match=r"tried once.*asks to wait 3600 seconds"):
        fetch(**ONE)


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(fetch, site):
    site.documents[INDIVIDUAL].trickle_seconds = 0.05
    limits = {"total_seconds": 0.4, "attempts": 1}

    with pytest.raises(FetchError, match="took longer than"):
        list(fetch.fetcher(limits, **ONE).run())


@pytest.mark.parametrize("kind", ["text/html", "application/json", "image/png"])
def test_another_type_is_refused_at_once(fetch, site, raw, kind):
    site.documents[INDIVIDUAL].type = kind

    with pytest.raises(FetchError, match=f"of the type '{kind}', not a .zip file"):
        fetch(**ONE)

    assert len(site.asked(INDIVIDUAL)) == 1
    assert left_in(raw) == []


def test_a_page_that_is_no_page_is_refused(fetch, site):
    site.documents[PAGE].type = "application/pdf"

    with pytest.raises(FetchError, match="is no web page"):
        fetch(**ONE)


@pytest.mark.parametrize("path", [PAGE, INDIVIDUAL])
def test_what_is_not_there_is_told(fetch, site, path):
    del site.documents[path]

    with pytest.raises(FetchError, match="status 404") as caught:
        fetch(**ONE)
    assert caught.value.exit_code == 3


def test_a_page_without_links_is_told(fetch, site):
    site.page(PAGE, ["/about", "guide.pdf"])

    with pytest.raises(FetchError, match="links to no file whose address ends in"):
        fetch(**ONE)


def test_a_refusal_is_not_tried_again(fetch, site):
    site.documents[INDIVIDUAL].faults = [403]

    with pytest.raises(FetchError, match="status 403"):
        fetch(**ONE)
    assert len(site.asked(INDIVIDUAL)) == 1


ELSEWHERE = [
    "https://elsewhere.example/PCNWFIndividualCSV.zip",
    "http://files.digital.nhs.uk/PCNWFIndividualCSV.zip",
    "https://files.digital.nhs.uk:8443/PCNWFIndividualCSV.zip",
    "https://user:word@files.digital.nhs.uk/PCNWFIndividualCSV.zip",
    "https://files.digital.nhs.uk.elsewhere.example/Individual.zip",
    "file:///etc/Individual.zip",
    "//elsewhere.example/Individual.zip",
    "http://127.0.0.1:1/Individual.zip",
    "https://[::1/Individual.zip",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_neither_a_link_nor_a_redirect_leads_to_another_host(fetch, site, address):
    site.documents[INDIVIDUAL].location = address
    with pytest.raises(FetchError, match="is not used"):
        fetch(**ONE)

    site.page(PAGE, [address])
    with pytest.raises(FetchError, match=r"is not used|links to no file"):
        fetch(**ONE)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_without_a_mirror_it_is_the_same(address):
    with pytest.raises(FetchError):
        site_of("https://digital.nhs.uk", HOSTS).resolve(address, "http://digital.nhs.uk/")


def test_a_redirect_within_the_site_is_followed_and_one_without_end_is_not(fetch, site):
    moved = "/elsewhere/PCNWFIndividualCSV.062026.zip"
    site.documents[moved] = site.documents.pop(INDIVIDUAL)
    site.documents[INDIVIDUAL] = type(site.documents[moved])(b"", location=f"https://files.digital.nhs.uk{moved}")
    assert [fetched.state for fetched in fetch(**ONE)] == ["new"]

    site.documents[BULLETIN].location = f"https://files.digital.nhs.uk{BULLETIN}".replace(" ", "%20")
    with pytest.raises(FetchError, match="redirects more than 5 times"):
        fetch(period="2026-06", what=("bulletin",))


@pytest.mark.parametrize("length", [True, False])
def test_a_file_or_a_page_without_end_is_not_read_to_its_end(fetch, site, raw, length):
    for path, limit in ((INDIVIDUAL, "file_bytes"), (PAGE, "page_bytes")):
        site.documents[path].length = length
        with pytest.raises(FetchError, match="at most 100 are read"):
            list(fetch.fetcher({limit: 100}, **ONE).run())
    assert left_in(raw) == []


def test_a_packed_reply_is_refused(fetch, site):
    """It could unpack without end, and was not asked for."""
    site.documents[PAGE].type = "text/html\r\nContent-Encoding: gzip"

    with pytest.raises(FetchError, match="comes packed"):
        fetch(**ONE)


def test_one_request_at_a_time_with_the_projects_name(fetch, site):
    fetch(period="2026-06")

    assert site.most_at_once == 1
    assert {request.headers["User-Agent"].partition("/")[0] for request in site.requests} == {"link-worker-report"}


def test_a_pause_lies_between_two_requests(fetch, site):
    begun = time.monotonic()
    list(fetch.fetcher({"pause_seconds": 0.3}, **ONE).run())
    assert time.monotonic() - begun >= 0.3 * (len(site.requests) - 1)


def test_a_full_disk_is_told(fetch, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.fetch.download.Download._receive", full)
    with pytest.raises(FetchError, match="cannot be written into RAW: No space left") as caught:
        fetch(**ONE)
    assert "Free some space" in caught.value.fix


def test_the_other_files_are_fetched_when_one_fails(fetch, site):
    site.documents[INDIVIDUAL].faults = [403]
    fetched = []

    with pytest.raises(FetchError, match="status 403"):
        fetched.extend(fetch.fetcher(period="2026-06").run())
    assert len(site.asked(BULLETIN)) == 1


# ---- TLS ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path) -> Path:
    """A self-signed certificate for this machine, with its key."""
    pem = tmp_path / "self-signed.pem"
    done = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", pem, "-out", tmp_path / "cert.pem",
         "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("openssl makes no certificate here")
    pem.write_bytes(pem.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    return pem


def test_a_certificate_that_is_not_trusted_ends_it_at_once(fetch, site, certificate):
    with served(site, certificate), pytest.raises(FetchError, match=r"not secure: .*self[- ]signed") as caught:
        fetch(base_url=site.address, **ONE)

    assert "SSL_CERT_FILE" in caught.value.fix
    assert site.requests == []


def test_a_certificate_that_the_system_trusts_will_do(fetch, site, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with served(site, certificate):
        assert [fetched.state for fetched in fetch(base_url=site.address, **ONE)] == ["new"]


def test_a_proxy_of_the_environment_is_used(fetch, site, monkeypatch):
    """Nothing listens at its port: the attempt shows that it was asked."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(FetchError, match=r"(?i)refused|proxy"):
        list(fetch.fetcher({"attempts": 1}, base_url="", **ONE).run())
    assert os.environ["HTTPS_PROXY"]
    assert site.requests == []
