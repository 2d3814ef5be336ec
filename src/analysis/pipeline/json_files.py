"""JSON files of a report, read and written: what is read may be damaged, or of another version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import formats

# Kinds of JSON objects that hold their own version number; that of facts.json stands in the manifest.
_NUMBERED = formats.FORMATS.keys() - {formats.FACTS}
# What reading a file of another version, of another maker or of no sense can raise.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in ``path``; empty when the file is not there.

    One of the project's own files (:mod:`analysis.formats`) is brought to the present version of its kind.

    Raises
    ------
    NewerFormatError
        When a later version of the project wrote it.
    ValueError
        When it holds no JSON object.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except RecursionError as error:
        raise ValueError(f"{path.name} is nested too deeply") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} holds no JSON object")
    return formats.to_current(path.name, content) if path.name in _NUMBERED else content


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write ``content`` as the project writes JSON."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
