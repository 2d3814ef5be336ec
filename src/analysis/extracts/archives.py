"""Zip archives, opened with suspicion. Members are read into memory; their names never become paths."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from analysis.characters import printable
from analysis.errors import ExtractError
from analysis.extracts.limits import LARGEST_DIRECTORY_BYTES, LARGEST_EXTRACT_BYTES, LONGEST_NAME, refuse_larger

# Beside its own error, zipfile lets through what damaged sizes and offsets lead to ("negative seek value").
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, OverflowError, ValueError, struct.error)
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800  # general purpose flags of a member
# The record at the end of an archive, with the size of its directory 12 bytes on; that of large archives, 40 bytes on.
_END, _END_OF_LARGE = b"PK\x05\x06", b"PK\x06\x06"
_END_LIES_WITHIN = 66_000  # bytes: the record, and a comment of 65,535
_SIZE_IN_OTHER_RECORD = 0xFFFFFFFF


@contextlib.contextmanager
def opened(file: str, content: bytes | BinaryIO) -> Iterator[zipfile.ZipFile]:
    """An archive, from its bytes or from a file that is open for reading. Nothing is unpacked.

    Raises
    ------
    ExtractError
        It is cut short or damaged, or has far too many members.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    with _told(file):
        refuse_larger(f"The directory of {file}", _directory_size(stream), LARGEST_DIRECTORY_BYTES)
        archive = zipfile.ZipFile(stream)
    with archive:
        yield archive


def read_head(file: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> bytes:
    """The first bytes of a member: ``size`` of them, or all that it has.

    Raises
    ------
    ExtractError
        It is encrypted, damaged, or packed in a way Python cannot unpack.
    """
    if info.flag_bits & _ENCRYPTED:
        raise ExtractError(
            f"{file} is encrypted.",
            "The publisher's archives carry no password, and its content cannot be read without one.",
            "Download the archive again, or unpack it with its password and put the content in RAW.",
        )
    with _told(file), archive.open(info) as stream:
        return stream.read(size)


def read_member(file: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The content of a member, checked against its checksum. zipfile gives no more bytes than the directory states.

    Raises
    ------
    ExtractError
        It is larger than any extract, or damaged.
    """
    refuse_larger(file, info.file_size, LARGEST_EXTRACT_BYTES)
    with _told(file):
        return archive.read(info)


def _directory_size(stream: BinaryIO) -> int:
    stream.seek(0, io.SEEK_END)
    stream.seek(max(0, stream.tell() - _END_LIES_WITHIN))
    end = stream.read()
    at = end.rfind(_END)
    size = struct.unpack_from("<L", end, at + 12)[0] if at >= 0 else 0
    if size == _SIZE_IN_OTHER_RECORD and (large := end.rfind(_END_OF_LARGE)) >= 0:
        size = struct.unpack_from("<Q", end, large + 40)[0]
    return int(size)


def display_name(info: zipfile.ZipInfo) -> str:
    """The name of a member as its maker meant it.

    Archives made on Windows hold names in Windows-1252 (or UTF-8) without saying so, and zipfile then reads them
    as code page 437: the en dash (0x96) of the publisher's names comes out as "û". Some write a backslash between
    folders, though the format has a slash.
    """
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        with contextlib.suppress(UnicodeError):
            raw = name.encode("cp437")
            try:
                name = raw.decode("utf-8")
            except UnicodeDecodeError:
                name = raw.decode("cp1252")
    return printable(name.replace("\\", "/").replace("\n", "\ufffd"), LONGEST_NAME)


@contextlib.contextmanager
def _told(file: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise ExtractError(
            f"{file} cannot be opened as a zip archive or workbook: {str(error).rstrip('.')}.",
            "It begins like one and is damaged or cut short, as an interrupted download is.",
            "Download it again and replace the file, or move it out of RAW.",
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise ExtractError(
            f"{file} is packed in a way that cannot be unpacked here: {str(error).rstrip('.')}.",
            "Its content cannot be read.",
            "Unpack it yourself and put the content in RAW, or pack it again as an ordinary zip.",
        ) from error
