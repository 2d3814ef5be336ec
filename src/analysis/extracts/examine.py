"""Look into one file under RAW: which extracts it holds, read and stored, or why it holds none."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import BinaryIO

from analysis.errors import ExtractError
from analysis.extracts import archives
from analysis.extracts.bulletin import read_bulletin
from analysis.extracts.catalogue import LeftOut
from analysis.extracts.deprivation import read_deprivation
from analysis.extracts.limits import LARGEST_ARCHIVE_BYTES, LARGEST_EXTRACT_BYTES, MOST_MEMBERS, refuse_larger
from analysis.extracts.months import censuses_in_name
from analysis.extracts.patients import read_patients
from analysis.extracts.practice_map import read_practice_map
from analysis.extracts.reading import Kind, Reading, SetAside
from analysis.extracts.recognise import HEAD_BYTES, is_workbook, recognise_head, recognise_workbook
from analysis.extracts.store import ListedMember, Piece, Store
from analysis.extracts.walk import LooseFile, is_passed_over
from analysis.extracts.workbook import Workbook
from analysis.extracts.workforce import read_workforce
from analysis.file_digests import State

_READERS: Mapping[Kind, Callable[[str, bytes], Reading]] = {
    "deprivation": read_deprivation,
    "patients": read_patients,
    "practice_map": read_practice_map,
    "workforce": read_workforce,
}
_MEMBER_ENDINGS = (".csv", ".xlsx")  # an archive also holds guides; only these are looked into


@dataclass(frozen=True)
class Extract:
    """An extract where it was found. ``named``: the census months that its name, or its archive's, states."""

    file: str
    name: str
    piece: Piece
    named: frozenset[str]


Found = tuple[list[Extract], list[LeftOut]]


def examine(loose: LooseFile, store: Store) -> Found:
    """The extracts in a file, and what in it is none. A file whose content is stored is not read again.

    Raises
    ------
    ExtractError
        It is an extract with faults, or an archive that cannot be opened, or it cannot be read from the disk.
    """
    if (known := store.digests.kept(loose.path)) and (found := _stored(loose.file, known, store)):
        return found
    try:
        before, now = State.of(loose.path), time.time_ns()
        with loose.path.open("rb") as stream:
            recognised = recognise_head(loose.file, stream.read(HEAD_BYTES))
            if recognised.kind == "other":
                return [], [LeftOut(loose.file, recognised.reason)]
            if recognised.kind == "archive" and before.bytes > LARGEST_EXTRACT_BYTES:
                return _unpack(loose.file, stream, store)  # as people's archives of other data are
            refuse_larger(loose.file, before.bytes, LARGEST_EXTRACT_BYTES)
            stream.seek(0)
            data = stream.read(LARGEST_EXTRACT_BYTES + 1)  # it may be growing
    except OSError as error:
        raise ExtractError(
            f"{loose.file} cannot be read: {error.strerror or error}.",
            "If an extract were skipped, it would be missing from the report and nobody would know.",
            "Give yourself permission to read it, copy it again, or move it out of RAW.",
        ) from error
    refuse_larger(loose.file, len(data), LARGEST_EXTRACT_BYTES)
    sha256 = hashlib.sha256(data).hexdigest()
    store.digests.keep(loose.path, sha256, before, now)
    if found := _stored(loose.file, sha256, store):
        return found
    result = _read(loose.file, data, sha256, store)
    if result is None:
        return _read_archive(loose.file, data, sha256, store)
    return ([result], []) if isinstance(result, Extract) else ([], [result])


def _stored(file: str, sha256: str, store: Store) -> Found | None:
    """What a file holds whose content was read before; ``None`` where it was not, or was none of ours."""
    if piece := store.piece(sha256):
        return [_extract(file, piece)], []
    listing = store.listing(sha256)
    return None if listing is None else _of_archive(file, listing, store)


def _extract(file: str, piece: Piece) -> Extract:
    name = PurePosixPath(file.rpartition("!")[2]).name
    return Extract(file, name, piece, frozenset(censuses_in_name(name)))


def _read(file: str, data: bytes, sha256: str, store: Store) -> Extract | LeftOut | None:
    """The extract that ``data`` is, read and stored, or why it is none; ``None`` for an archive of other files."""
    found = recognise_head(file, data[:HEAD_BYTES])
    if found.kind == "other":
        return LeftOut(file, found.reason)
    try:
        if found.kind == "archive":
            with archives.opened(file, data) as archive:
                if not is_workbook(archive):
                    return None
            book = Workbook(file, data)
            if reason := recognise_workbook(book):
                return LeftOut(file, reason)
            reading = read_bulletin(book)
        else:
            reading = _READERS[found.kind](file, data)
    except SetAside as why:
        return LeftOut(file, str(why))
    return _extract(file, store.add(sha256, len(data), reading))


def _read_archive(file: str, data: bytes, sha256: str, store: Store) -> Found:
    extracts, left_out = _unpack(file, data, store)
    members = [ListedMember(e.file.removeprefix(f"{file}!"), e.piece.sha256, "") for e in extracts]
    members += [ListedMember(entry.file.removeprefix(f"{file}!"), None, entry.reason) for entry in left_out]
    store.add_listing(sha256, members)
    return _of_archive(file, members, store)


def _of_archive(file: str, listing: Sequence[ListedMember], store: Store) -> Found:
    extracts: list[Extract] = []
    left_out: list[LeftOut] = []
    for member in listing:
        whole = f"{file}!{member.name}"
        if member.sha256 and (piece := store.piece(member.sha256)):
            extracts.append(_extract(whole, piece))
        else:
            left_out.append(LeftOut(whole, member.reason))
    if not extracts and not left_out:
        left_out.append(LeftOut(file, "it is a zip archive without a CSV or a workbook in it"))
    if len(extracts) == 1 and not extracts[0].named:
        # An archive's name speaks for its content only when it holds one extract: early ones were cumulative.
        named = frozenset(censuses_in_name(PurePosixPath(file).name))
        extracts = [replace(extracts[0], named=named)]
    return extracts, left_out


def _unpack(file: str, content: bytes | BinaryIO, store: Store) -> Found:
    extracts: list[Extract] = []
    left_out: list[LeftOut] = []
    with archives.opened(file, content) as archive:
        members = [(archives.display_name(info), info) for info in archive.infolist() if not info.is_dir()]
        candidates = [
            (f"{file}!{member}", info)
            for member, info in sorted(members, key=lambda entry: entry[0])
            if not is_passed_over(PurePosixPath(member).name) and not member.startswith("__MACOSX/")
        ]
        refuse_larger(file, len(candidates), MOST_MEMBERS, "files")
        unpacked = 0
        for whole, info in candidates:
            if whole.lower().endswith(".zip"):
                left_out.append(_archive_inside(whole))
            elif whole.lower().endswith(_MEMBER_ENDINGS):
                # Of a file of another kind no more is unpacked, however large it is.
                found = recognise_head(whole, archives.read_head(whole, archive, info, HEAD_BYTES))
                if found.kind == "other":
                    left_out.append(LeftOut(whole, found.reason))
                    continue
                unpacked += info.file_size
                refuse_larger(f"{file}, unpacked,", unpacked, LARGEST_ARCHIVE_BYTES)
                data = archives.read_member(whole, archive, info)
                sha256 = hashlib.sha256(data).hexdigest()
                piece = store.piece(sha256)
                result = _extract(whole, piece) if piece else _read(whole, data, sha256, store)
                if isinstance(result, Extract):
                    extracts.append(result)
                else:
                    left_out.append(result or _archive_inside(whole))
    return extracts, left_out


def _archive_inside(file: str) -> LeftOut:
    return LeftOut(file, "it is an archive inside an archive: unpack the outer one")
