"""Fetch the files of one edition or several into RAW, and say which editions are newer than what RAW holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import unquote, urlsplit

from analysis.errors import UsageError
from analysis.extracts.store import Store
from analysis.fetch import pages
from analysis.fetch.contents import censuses_held, require_contents
from analysis.fetch.download import Download, Received
from analysis.fetch.errors import FetchError, NotPublishedError
from analysis.fetch.publisher import Publication, Publisher, SourceFile, What, load_publisher
from analysis.fetch.records import SourceRecord, records_under
from analysis.fetch.site import Site, site_of
from analysis.fetch.web import Web
from analysis.file_digests import sha256_of
from analysis.periods import FIRST_CENSUS, expected_censuses, parse_census
from analysis.settings import PROCESSED, RAW, resolve

ALL: tuple[What, ...] = ("individual", "bulletin", "patients", "map")
# A report can be made without the others; where nobody asked for them by name, their absence is told and stops nothing.
_NEEDED = ("individual", "bulletin")


@dataclass(frozen=True)
class FetchRequest:
    """What is to be fetched.

    Parameters
    ----------
    period
        Census month; empty for the newest edition, or where ``first`` or ``last`` is given.
    first, last
        A range of censuses, both included.
    what
        Which files; empty for all.
    raw
        The folder to put them into; ``None`` for the project's ``data/raw``.
    base_url
        A mirror of the publisher's site; empty for the site itself.
    processed
        The folder of typed pieces; ``None`` for the project's.
    """

    period: str = ""
    first: str = ""
    last: str = ""
    what: tuple[What, ...] = ()
    raw: Path | None = None
    base_url: str = ""
    processed: Path | None = None

    @property
    def raw_folder(self) -> Path:
        """The folder to put the files into; a relative one starts at the working directory."""
        return resolve(RAW) if self.raw is None else self.raw.expanduser().absolute()

    @property
    def store(self) -> Store:
        """Where what is read from the files is kept."""
        return Store(resolve(PROCESSED) if self.processed is None else self.processed)


@dataclass(frozen=True)
class Fetched:
    """A file that RAW now holds. ``state`` says whether it came now, was there, or changed at its source."""

    path: Path
    state: Literal["new", "there already", "changed at its source"]
    record: SourceRecord


@dataclass(frozen=True)
class _Wanted:
    what: What
    source: SourceFile
    month: str  # of the edition


class Fetcher:
    """The publisher's site on one side, RAW on the other."""

    def __init__(
        self,
        request: FetchRequest,
        *,
        tell: Callable[[str], None] = lambda _: None,
        warn: Callable[[str], None] = lambda _: None,
        publisher: Publisher | None = None,
    ) -> None:
        """``tell`` is given a line when something is tried again, ``warn`` one for a file that is not fetched."""
        _refuse_contradiction(request)
        self.publisher = publisher or load_publisher()
        self.request, self.warn = request, warn
        self.raw, self.store = request.raw_folder, request.store
        self.site: Site = site_of(self.publisher.site, self.publisher.hosts, request.base_url)
        self.web = Web(self.site, self.publisher.limits, tell)
        self._pages: dict[str, tuple[str, str] | NotPublishedError] = {}

    # ---- which editions -----------------------------------------------------------------------------------------

    def published(self) -> dict[str, str]:
        """The workforce editions that the publication's page links to: census and address of its page, newest first.

        Raises
        ------
        FetchError
            The page cannot be had, or links to no edition.
        """
        publication = self.publisher.publications["workforce"]
        found = self._listed(publication)
        if not found:
            raise FetchError(
                f"{self.site.at(publication.path)} is not there, or links to no edition.",
                "Which editions there are is read off the publication's page.",
                "Name the census: analysis fetch --period 2026-06. If the page has changed, edit "
                "src/analysis/fetch/publisher.toml.",
            )
        return found

    def newer(self) -> dict[str, str]:
        """The published editions that are newer than the latest individual-level census in RAW: census and page."""
        latest = max(censuses_held(self.raw, self.store), default="")
        return {census: page for census, page in self.published().items() if census > latest}

    def censuses(self) -> list[str]:
        """The censuses asked for, in order of time: every month from 2023 on, every third before."""
        request = self.request
        if request.period:
            return [request.period]
        if not (request.first or request.last):
            return [max(self.published())]
        first, last = request.first or FIRST_CENSUS, request.last or max(self.published())
        return [census for census in expected_censuses(FIRST_CENSUS, last) if census >= first]

    # ---- fetching -----------------------------------------------------------------------------------------------

    def run(self) -> Iterator[Fetched]:
        """Fetch what is asked for, one file after the other.

        Raises
        ------
        FetchError
            A file cannot be had; the others were fetched all the same. Or a file has changed at its source.
        """
        failures: list[FetchError] = []
        changed: list[Fetched] = []
        censuses = self.censuses()
        for what in self.request.what or ALL:
            absent: list[FetchError] = []
            found = 0
            for fetched in self._each(what, censuses, absent, failures):
                found += 1
                if fetched.state == "changed at its source":
                    changed.append(fetched)
                yield fetched
            needed = what in _NEEDED or what in self.request.what
            if absent and not found and needed:
                failures.append(absent[0])
            else:
                for error in absent:
                    self.warn(f"Not fetched ({what}): {error.what}")
        if failures:
            raise _failed(failures)
        if changed:
            raise _changed(changed)

    def _each(
        self, what: What, censuses: Sequence[str], absent: list[FetchError], failures: list[FetchError]
    ) -> Iterator[Fetched]:
        """The file ``what`` for each census; what is not published goes to ``absent``, other faults to ``failures``."""
        source = self.publisher.files[what]
        for census in censuses if source.each_edition else reversed(censuses):
            try:
                yield self._fetch(_Wanted(what, source, source.edition_month(census)))
            except NotPublishedError as error:
                absent.append(error)
            except FetchError as error:
                failures.append(error)
            else:
                if not source.each_edition:  # the newest edition has the figures of all earlier ones
                    return

    def _fetch(self, wanted: _Wanted) -> Fetched:
        url, page = self._edition_page(wanted)
        candidates = pages.addresses(page, url, wanted.source, wanted.month, self.site)
        first: FetchError | None = None
        for address in candidates:  # most often one; where there are more, the first that holds what it should
            try:
                return self._fetch_file(wanted, address, url)
            except FetchError as error:
                first = first or error
        raise first or AssertionError  # `addresses` returns one at least

    def _edition_page(self, wanted: _Wanted) -> tuple[str, str]:
        publication = self.publisher.publications[wanted.source.publication]
        address = self.site.at(publication.edition_path(wanted.month))
        try:
            return self._page(address)
        except NotPublishedError:
            # Addresses drift as titles do: the publication's page says where the edition is.
            elsewhere = self._listed(publication).get(wanted.month, address)
            if elsewhere == address:
                raise
            return self._page(elsewhere)

    def _listed(self, publication: Publication) -> dict[str, str]:
        """The editions that a publication's page links to: month and address of its page, newest first."""
        try:
            url, page = self._page(self.site.at(publication.path))
        except NotPublishedError:
            return {}
        return {month: self.site.resolve(href, url) for month, href in pages.editions(page, publication).items()}

    def _page(self, address: str) -> tuple[str, str]:
        """A page, asked for once; that there is none is remembered too."""
        if address not in self._pages:
            try:
                self._pages[address] = self.web.page(address)
            except NotPublishedError as error:
                self._pages[address] = error
        found = self._pages[address]
        if isinstance(found, NotPublishedError):
            raise found
        return found

    def _fetch_file(self, wanted: _Wanted, address: str, page: str) -> Fetched:
        name = pages.file_name(address)
        publication = self.publisher.publications[wanted.source.publication]
        folder = self.raw / PurePosixPath(publication.path).name / _edition_name(publication.edition_path(wanted.month))
        download = Download(self.web, address, folder / f".{name}.part", PurePosixPath(name.lower()).suffix)
        earlier = self._earlier(address)
        try:
            received = download.run(earlier[1] if earlier else None)
            if received is None and earlier:
                return Fetched(earlier[0], "there already", earlier[1])
            received = self._checked(wanted, name, download, received)
            return self._take_in(wanted, folder / name, download.part, self._record(wanted, address, page, received))
        except OSError as error:
            raise FetchError(
                f"{name} cannot be written into RAW: {error.strerror or error}.",
                "The file was not downloaded. Nothing in RAW has changed.",
                "Free some space, or give yourself permission to write there, and run again: a download "
                "continues where it stopped.",
            ) from error

    def _checked(self, wanted: _Wanted, name: str, download: Download, received: Received | None) -> Received:
        """Check what was downloaded; what was put together from two replies and does not pass is fetched anew, once."""
        while received is not None:
            try:
                require_contents(download.part, name, wanted.source.kind, wanted.month, self.store)
            except FetchError:
                download.forget()
                if not received.resumed:
                    raise
            else:
                return received
            received = download.run()
        raise FetchError(
            f"The server says that {name} has not changed, though it was not asked whether it had.",
            "There is no copy of it under RAW.",
            "Try again later, or download the file in a browser and put it into RAW.",
        )

    def _record(self, wanted: _Wanted, address: str, page: str, received: Received) -> SourceRecord:
        return SourceRecord(
            address=address,
            page=page,
            what=wanted.what,
            publication=self.publisher.publications[wanted.source.publication].name,
            edition=wanted.month,
            fetched=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            bytes=received.bytes,
            sha256=received.sha256,
            licence=self.publisher.licence,
            etag=received.etag,
            last_modified=received.last_modified,
        )

    def _take_in(self, wanted: _Wanted, path: Path, part: Path, record: SourceRecord) -> Fetched:
        """Give a checked download its name; a content that is there already, under whatever name, is not kept twice."""
        if same := self._same_content(record, part):
            part.unlink()
            record.write_beside(same)
            return Fetched(same, "there already", record)
        changed = path.exists() or any(
            (old.what, old.edition, pages.file_name(old.address)) == (wanted.what, wanted.month, path.name)
            for _, old in records_under(self.raw)
        )
        target = _free_name(path, record.fetched[:10])
        record.write_beside(target)  # first: a record without its file says nothing, a file without one has no origin
        part.replace(target)
        return Fetched(target, "changed at its source" if changed else "new", record)

    def _earlier(self, address: str) -> tuple[Path, SourceRecord] | None:
        """The latest file fetched from an address, as long as it is what was fetched."""
        found = [(path, record) for path, record in records_under(self.raw) if record.address == address]
        for path, record in sorted(found, key=lambda entry: entry[1].fetched, reverse=True):
            if path.stat().st_size == record.bytes and sha256_of(path) == record.sha256:
                return path, record
        return None

    def _same_content(self, record: SourceRecord, part: Path) -> Path | None:
        for path in sorted(self.raw.rglob("*")):
            if path == part or path.name.startswith(".") or not path.is_file():
                continue
            if path.stat().st_size == record.bytes and sha256_of(path) == record.sha256:
                return path
        return None


def parse_what(text: str) -> tuple[What, ...]:
    """The files named in ``text``, with commas between; empty for all.

    Raises
    ------
    UsageError
        One of them is unknown.
    """
    names = dict.fromkeys(name.strip() for name in text.split(",") if name.strip())
    if unknown := [name for name in names if name not in ALL]:
        raise UsageError(
            f"There is no file {unknown[0]!r} to fetch.",
            "A misspelt name would leave the file out.",
            f"Choose among {','.join(ALL)}.",
        )
    return tuple(what for what in ALL if what in names)


def _edition_name(path: str) -> str:
    return PurePosixPath(unquote(urlsplit(path).path)).name


def _free_name(path: Path, day: str) -> Path:
    """``path``, or the same name with the day (and a number) where that is taken."""
    candidate, number = path, 1
    while candidate.exists():
        number_text = f" ({number})" if number > 1 else ""
        candidate = path.with_name(f"{path.stem} fetched {day}{number_text}{path.suffix}")
        number += 1
    return candidate


def _refuse_contradiction(request: FetchRequest) -> None:
    for census in (request.period, request.first, request.last):
        if census:
            parse_census(census)
    if request.period and (request.first or request.last):
        raise UsageError(
            "--period was given together with --from or --to.",
            "One names a single census, the others a range.",
            "Give the one or the other.",
        )
    if request.first and request.last and request.first > request.last:
        raise UsageError(
            f"The range from {request.first} to {request.last} ends before it begins.",
            "There is no census in it.",
            "Swap the two.",
        )


def _failed(failures: Sequence[FetchError]) -> FetchError:
    if len(failures) == 1:
        return failures[0]
    listed = "".join(f"\n    {error.what}" for error in failures)
    return FetchError(f"{len(failures)} files were not fetched:{listed}", failures[0].why, failures[0].fix)


def _changed(changed: Sequence[Fetched]) -> FetchError:
    named = ", ".join(fetched.path.name for fetched in changed)
    return FetchError(
        f"{len(changed)} {'file has' if len(changed) == 1 else 'files have'} changed at the source. The new copy is "
        f"kept beside the old one: {named}.",
        "The publisher has corrected the edition, or another file took its place. Reports made before are of the old "
        "copy; a report from both would count twice.",
        "Read on the edition's page what was corrected, then move one of the two out of RAW (with its .source.json).",
    )
