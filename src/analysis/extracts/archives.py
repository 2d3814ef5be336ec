"""Zip archives, opened with suspicion. Members are read into memory; their names never become paths."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from analysis.errors import ExtractError

# The largest extract published so far unpacks to 21 MB, ten times its packed size. A member a hundred times larger,
# or packed twenty times tighter, is no extract, and could fill the memory.
MAX_MEMBER_BYTES = 2 * 1024**3
MAX_RATIO = 200
_RATIO_FROM_BYTES = 10 * 1024**2  # below it, a member is harmless however tightly it is packed
# Beside its own error, zipfile lets through what damaged sizes and offsets lead to ("negative seek value").
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, OverflowError, ValueError, struct.error)
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800  # general purpose flags of a member


@contextlib.contextmanager
def opened(file: str, data: bytes) -> Iterator[zipfile.ZipFile]:
    """An archive whose every member is small enough to be unpacked.

    Raises
    ------
    ExtractError
        It is cut short or damaged, or a member is absurdly large or tightly packed.
    """
    with _told(file):
        archive = zipfile.ZipFile(io.BytesIO(data))
    with archive:
        for info in archive.infolist():
            _refuse_absurd(f"{file}!{display_name(info)}", info)
        yield archive


def read_member(file: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The content of a member, checked against its checksum.

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
    with _told(file):
        return archive.read(info)


def display_name(info: zipfile.ZipInfo) -> str:
    """The name of a member as its maker meant it.

    Archives made on Windows hold names in Windows-1252 (or UTF-8) without saying so, and zipfile then reads them
    as code page 437: the en dash (0x96) of the publisher's names comes out as "û".
    """
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        with contextlib.suppress(UnicodeError):
            raw = name.encode("cp437")
            try:
                name = raw.decode("utf-8")
            except UnicodeDecodeError:
                name = raw.decode("cp1252")
    return "".join(character if character.isprintable() else "\ufffd" for character in name)


def _refuse_absurd(file: str, info: zipfile.ZipInfo) -> None:
    ratio = info.file_size / max(info.compress_size, 1)
    tight = info.file_size > _RATIO_FROM_BYTES and ratio > MAX_RATIO
    if info.file_size > MAX_MEMBER_BYTES or tight:
        raise ExtractError(
            f"{file} would unpack to {info.file_size:,} bytes from {info.compress_size:,}.",
            f"No extract is larger than {MAX_MEMBER_BYTES:,} bytes or packed tighter than {MAX_RATIO} to 1; "
            "such an archive is made to fill a machine's memory.",
            "Move it out of RAW and download the extract from the publisher.",
        )


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
