"""Places on the machine that made a page: they are nobody's business, and tell a reader nothing."""

from __future__ import annotations

import re
import sys
from pathlib import Path

MACHINE_PATH = re.compile(
    r"(?<![\w.:/])/(?:home|work|tmp|root|Users|mnt|srv|opt|usr|var|private)/[^\s<>\"']+"
    r"|\b[A-Za-z]:\\[^\s<>\"']+|\bfile:/[^\s<>\"']*"
)


def own_places() -> tuple[str, ...]:
    """The folders of this machine that could get into a page: home, the working directory, environment and project.

    Any other path in a page is text, such as the name of an archive's member: it tells nothing of this machine, and
    must not stop a report.
    """
    places = (Path.home(), Path.cwd(), Path(sys.prefix), Path(__file__).resolve().parents[3])
    return tuple(sorted({str(place) for place in places if place != Path(place.anchor)}))


def without_machine_paths(text: str) -> str:
    """Keep of each path only its last part.

    >>> without_machine_paths('File "/home/ann/report/src/analysis/extracts/read.py", line 3')
    'File "…/read.py", line 3'
    """
    return MACHINE_PATH.sub(lambda match: "…/" + re.split(r"[/\\]", match[0].rstrip("/\\"))[-1], text)
