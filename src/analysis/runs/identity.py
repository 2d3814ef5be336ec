"""The identity of a run: a digest of everything that its figures depend on."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.registers.files import FOLDER, register_names, register_path
from analysis.settings import Parameters

if TYPE_CHECKING:
    from analysis.extracts import Catalogue

_PACKAGE = Path(__file__).parents[1]
# 48 bits: among a million runs of one census, two share a name with a chance of 1 in 500.
_DIGITS = 12


def run_name(catalogue: Catalogue, parameters: Parameters) -> str:
    """``<period>-<digest>``, such as ``2026-06-1f0c2a9b7d3e``.

    The digest is of the inputs (name and content), the registers, the parameters that change a figure, and the code of
    this package. Where files lie is no part of it: the same inputs in another folder are the same run.
    """
    parts = {
        "period": catalogue.period,
        "inputs": [asdict(entry) for entry in catalogue.inputs],
        "parameters": parameters.of_figures(),
        "registers": _digest(map(register_path, register_names())),
        "code": _code_digest(),
    }
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return f"{catalogue.period}-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:_DIGITS]}"


@functools.cache
def _code_digest() -> str:
    """Of the code as this process has loaded it: Python does not load a module again when its file is edited."""
    return _digest(code_files(_PACKAGE))


def code_files(package: Path) -> Iterator[Path]:
    """The files of the package that count as code: all but the registers, which are data, and temporary ones."""
    registers = {FOLDER / name for name in register_names()}
    for path in package.rglob("*"):
        if path.is_file() and path not in registers and not _is_temporary(path):
            yield path


def _is_temporary(path: Path) -> bool:
    """Whether Python or an editor writes it while it works."""
    return "__pycache__" in path.parts or path.name.startswith(".") or path.name.endswith("~")


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda path: (path.name, path)):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
