"""Download one file beside its place: in pieces, resumed where it broke off, never taken for whole when it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from analysis.fetch.errors import FetchError
from analysis.fetch.records import SourceRecord
from analysis.fetch.web import NOT_MODIFIED, OK, PARTIAL, RANGE_REFUSED, Reply, TryAgainError, Web
from analysis.file_digests import sha256_of

_ANY_BYTES = {"", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/download"}
_TYPES: Mapping[str, set[str]] = {
    ".zip": {"application/zip", "application/x-zip-compressed", "application/x-zip", "multipart/x-zip"},
    ".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip"},
    ".csv": {"text/csv", "application/csv", "text/plain", "application/vnd.ms-excel", "text/x-csv"},
}
# Their pieces carry checksums, so that what was put together from two contents is found out.
_CHECKSUMMED = {".zip", ".xlsx"}


@dataclass(frozen=True)
class Received:
    """A download that has come whole.

    Parameters
    ----------
    bytes, sha256
        Its size and checksum.
    etag, last_modified
        What the server says to tell one content from another; empty when it says nothing.
    resumed
        Whether it was put together from more than one reply.
    """

    bytes: int
    sha256: str
    etag: str
    last_modified: str
    resumed: bool


class Download:
    """One file on its way: ``part`` holds what has arrived, a note beside it says of which content."""

    def __init__(self, web: Web, address: str, part: Path, ending: str) -> None:
        self.part = part
        self._web, self._address, self._ending = web, address, ending
        self._note = part.with_name(part.name + ".json")

    def run(self, known: SourceRecord | None = None) -> Received | None:
        """Download it; ``None`` when the server says that it still has the content that is ``known``.

        Raises
        ------
        FetchError
            It cannot be had whole, or is not of the type that its name says.
        """
        return self._web.again(self._address, lambda: self._attempt(known))

    def forget(self) -> None:
        """Remove what has arrived."""
        for path in (self.part, self._note):
            path.unlink(missing_ok=True)

    def _attempt(self, known: SourceRecord | None) -> Received | None:
        begun = self._begun()
        headers = {}
        if begun:
            headers["Range"] = f"bytes={begun['bytes']}-"
            if condition := _strong(begun["etag"]) or begun["last_modified"]:
                headers["If-Range"] = condition
        elif known:
            headers |= {"If-None-Match": known.etag} if known.etag else {}
            headers |= {"If-Modified-Since": known.last_modified} if known.last_modified else {}
        with self._web.opened(self._address, headers) as reply:
            if reply.status == NOT_MODIFIED or (not begun and known and _is_known(reply, known)):
                return None
            if reply.status == RANGE_REFUSED:
                self.forget()
                raise TryAgainError("the server no longer has what had begun to arrive")
            self._refuse_type(reply)
            start = self._start(reply, begun)
            self._receive(reply, start)
        self._note.unlink(missing_ok=True)
        etag, last_modified = _validators(reply)
        return Received(self.part.stat().st_size, sha256_of(self.part), etag, last_modified, resumed=start > 0)

    def _begun(self) -> dict[str, str] | None:
        """What an attempt before this one, or a run before this one, left: only where it can be gone on with."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            size = self.part.stat().st_size
            begun = {name: str(note[name]) for name in ("address", "etag", "last_modified", "total")}
        except (OSError, ValueError, KeyError, TypeError):
            self.forget()
            return None
        told_apart = _strong(begun["etag"]) or begun["last_modified"] or self._ending in _CHECKSUMMED
        if not size or begun["address"] != self._address or not told_apart:
            self.forget()
            return None
        return {**begun, "bytes": str(size)}

    def _start(self, reply: Reply, begun: Mapping[str, str] | None) -> int:
        """From which byte on the reply goes; 0 when it is the whole file."""
        if reply.status == OK or not begun:
            if reply.status == PARTIAL:
                raise FetchError(
                    f"{self._address} sends a part of the file, though the whole was asked for.",
                    "A part would be taken for the whole.",
                    "Try again later, or download the file in a browser and put it into RAW.",
                )
            return 0
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", reply.headers.get("Content-Range", "").strip())
        same = not begun["total"] or not match or match[2] in ("*", begun["total"])
        if match is None or match[1] != begun["bytes"] or not same:
            self.forget()
            raise TryAgainError("the server sends another part than was asked for")
        return int(match[1])

    def _receive(self, reply: Reply, start: int) -> None:
        total = start + reply.length if reply.length is not None else None
        if start == 0:
            etag, last_modified = _validators(reply)
            note = {"address": self._address, "etag": etag, "last_modified": last_modified, "total": str(total or "")}
            self.part.parent.mkdir(parents=True, exist_ok=True)
            self._note.write_text(json.dumps(note), encoding="utf-8")
        most = self._web.limits.file_bytes - start
        with (
            self.part.open("ab" if start else "wb") as file,
            tqdm(total=total, initial=start, unit="B", unit_scale=True, disable=None, leave=False) as bar,
        ):
            for chunk in self._web.chunks(reply, most):
                file.write(chunk)
                bar.update(len(chunk))

    def _refuse_type(self, reply: Reply) -> None:
        allowed = _TYPES.get(self._ending, set()) | _ANY_BYTES
        if reply.media_type not in allowed:
            raise FetchError(
                f"{self._address} is of the type {reply.media_type!r}, not a {self._ending} file.",
                "A page that says why a file is missing often comes in the place of the file.",
                "Open the address in a browser. If it is the file, put it into RAW.",
            )


def _validators(reply: Reply) -> tuple[str, str]:
    return reply.headers.get("ETag", "").strip(), reply.headers.get("Last-Modified", "").strip()


def _strong(etag: str) -> str:
    """An entity tag that tells every byte; a weak one must not be used to resume (RFC 9110, 13.1.5)."""
    return "" if etag.startswith("W/") else etag


def _is_known(reply: Reply, known: SourceRecord) -> bool:
    """Whether a server that pays no heed to conditions still has what is known, so that it need not be read again."""
    etag, last_modified = _validators(reply)
    if etag and known.etag:
        return etag == known.etag
    if last_modified and known.last_modified and last_modified != known.last_modified:
        return False
    return reply.length == known.bytes
