"""Which files a notebook opens beside the inputs that every step has: a start-up file of its kernel writes them down.

It listens to the audit events of Python (PEP 578). Files that are written count like those that are read: when one
is gone, the notebook runs again. A notebook that starts another program or uses the network may depend on anything: it
runs each time. What a library opens without Python (a reader in C++ that is given a path) is not seen; pandas opens its
files through Python.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.pipeline.step_inputs import digest_of, file_digest

# Run by IPython when a kernel starts; the list lies beside the kernel's connection file.
NOTE_FILES_READ = """
def _write_down_what_is_read():
    import os, sys

    from ipykernel.kernelapp import IPKernelApp

    beside = IPKernelApp.instance().abs_connection_file + ".read"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    seen = set()
    beyond = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.startfile", "pty.spawn")

    def note(line):
        if line not in seen:
            seen.add(line)
            try:
                os.write(descriptor, (line + "\\n").encode("utf-8", "surrogateescape"))
            except OSError:  # no space: a list with a gap says less than none
                try:
                    os.unlink(beside)
                except OSError:  # it is gone already
                    pass

    def listen(event, arguments):
        if event == "open":
            path = arguments[0]
            if isinstance(path, (str, bytes)):
                note("file " + os.path.abspath(os.fsdecode(path)).replace("\\n", "?"))
        elif event in ("os.listdir", "os.scandir"):
            path = arguments[0]
            if path is None or isinstance(path, (str, bytes)):
                note("list " + os.path.abspath(os.fsdecode(path or ".")).replace("\\n", "?"))
        elif event in beyond:
            note("beyond " + event)
        elif event == "socket.connect" and isinstance(arguments[1], tuple):
            note("beyond " + event)

    sys.addaudithook(listen)


_write_down_what_is_read()
del _write_down_what_is_read
"""


def files_read(
    connection_file: str, but_below: Sequence[Path], but: Sequence[Path] = (), yet_below: Sequence[Path] = ()
) -> dict[str, str] | None:
    """The digest of each file and folder that a kernel read, by path; ``None`` when it may depend on anything.

    Left out is what lies below the folders ``but_below`` and in the environment of Python, and the listing of ``but``;
    not left out is what lies below ``yet_below``.
    """
    try:
        text = Path(f"{connection_file}.read").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    places = [*map(Path, (sys.prefix, sys.base_prefix, "/proc", "/sys", "/dev")), *but_below]
    known = frozenset([*places, *(path.resolve() for path in places)])
    found: dict[str, str] = {}
    for line in text.splitlines():
        kind, _, name = line.partition(" ")
        if kind == "beyond":
            return None
        path = Path(name)
        if kind == "file" and path.suffix == ".pyc":  # the source may change while nothing opens it
            path = _source(path)
        is_known = not known.isdisjoint([path, *path.parents]) and not any(map(path.is_relative_to, yet_below))
        if is_known or (kind == "list" and path in but):
            continue
        if (digest := content_digest(path)) != "missing":
            found[str(path)] = digest
    return found


def content_digest(path: Path) -> str:
    """The digest of a file, or of the names in a folder."""
    if path.is_dir():
        return digest_of(sorted(entry.name for entry in path.iterdir() if not entry.name.startswith(".")))
    return file_digest(path) if path.is_file() else "missing"


def _source(cached: Path) -> Path:
    try:
        return Path(importlib.util.source_from_cache(str(cached)))
    except ValueError:
        return cached
