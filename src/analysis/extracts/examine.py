"""Look into one file under RAW: which extracts it holds, read and stored, or why it holds none."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from analysis.extracts.workforce import read_workforce

_READERS: Mapping[Kind, Callable[[str, bytes], Reading]] = {
    "bulletin": read_bulletin,
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


def examine(loose: LooseFile, store: Store) -> tuple[list[Extract], list[LeftOut]]:
    """The extracts in a file, and what in it is none. An extract whose content is stored is not read again.

    Raises
    ------
    ExtractError
        It is an extract with faults, or an archive that cannot be opened, or it cannot be read from the disk.
    """
    try:
        with loose.path.open("rb") as stream:
            found = recognise_head(loose.file, stream.read(HEAD_BYTES))
            if found.kind == "other":
                return [], [LeftOut(loose.file, found.reason)]
            size = os.fstat(stream.fileno()).st_size
            if found.kind == "archive" and size > LARGEST_EXTRACT_BYTES:
                return _unpack(loose.file, stream, store)  # as people's archives of other data are
            refuse_larger(loose.file, size, LARGEST_EXTRACT_BYTES)
            stream.seek(0)
            data = stream.read(LARGEST_EXTRACT_BYTES + 1)  # it may be growing
    except OSError as error:
        raise ExtractError(
            f"{loose.file} cannot be read: {error.strerror or error}.",
            "If an extract were skipped, it would be missing from the report and nobody would know.",
            "Give yourself permission to read it, copy it again, or move it out of RAW.",
        ) from error
    refuse_larger(loose.file, len(data), LARGEST_EXTRACT_BYTES)
    result = _examine_content(loose.file, data, store)
    if result is None:
        return _examine_archive(loose.file, data, store)
    return ([result], []) if isinstance(result, Extract) else ([], [result])


def _examine_content(file: str, data: bytes, store: Store) -> Extract | LeftOut | None:
    """The extract that ``data`` is, or why it is none; ``None`` for an archive of other files."""
    sha256 = hashlib.sha256(data).hexdigest()
    name = PurePosixPath(file.rpartition("!")[2]).name
    named = frozenset(censuses_in_name(name))
    if piece := store.piece(sha256):
        return Extract(file, name, piece, named)
    found = recognise_head(file, data[:HEAD_BYTES])
    if found.kind == "other":
        return LeftOut(file, found.reason)
    kind: Kind
    if found.kind == "archive":
        with archives.opened(file, data) as archive:
            if not is_workbook(archive):
                return None
        if reason := recognise_workbook(file, data):
            return LeftOut(file, reason)
        kind = "bulletin"
    else:
        kind = found.kind
    try:
        reading = _READERS[kind](file, data)
    except SetAside as reason:
        return LeftOut(file, str(reason))
    return Extract(file, name, store.add(sha256, len(data), reading), named)


def _examine_archive(file: str, data: bytes, store: Store) -> tuple[list[Extract], list[LeftOut]]:
    sha256 = hashlib.sha256(data).hexdigest()
    extracts: list[Extract] = []
    left_out: list[LeftOut] = []
    listing = store.listing(sha256)
    if listing is None:
        extracts, left_out = _unpack(file, data, store)
        members = [ListedMember(e.file.removeprefix(f"{file}!"), e.piece.sha256, "") for e in extracts]
        members += [ListedMember(entry.file.removeprefix(f"{file}!"), None, entry.reason) for entry in left_out]
        store.add_listing(sha256, members)
    else:
        for member in listing:
            whole, name = f"{file}!{member.name}", PurePosixPath(member.name).name
            if member.sha256 and (piece := store.piece(member.sha256)):
                extracts.append(Extract(whole, name, piece, frozenset(censuses_in_name(name))))
            else:
                left_out.append(LeftOut(whole, member.reason))
    if not extracts and not left_out:
        left_out.append(LeftOut(file, "it is a zip archive without a CSV or a workbook in it"))
    if len(extracts) == 1 and not extracts[0].named:
        # An archive's name speaks for its content only when it holds one extract: early ones were cumulative.
        only = extracts[0]
        extracts = [Extract(only.file, only.name, only.piece, frozenset(censuses_in_name(PurePosixPath(file).name)))]
    return extracts, left_out


def _unpack(file: str, content: bytes | BinaryIO, store: Store) -> tuple[list[Extract], list[LeftOut]]:
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
                result = _examine_content(whole, archives.read_member(whole, archive, info), store)
                if isinstance(result, Extract):
                    extracts.append(result)
                else:
                    left_out.append(result or _archive_inside(whole))
    return extracts, left_out


def _archive_inside(file: str) -> LeftOut:
    return LeftOut(file, "it is an archive inside an archive: unpack the outer one")
