"""Places on the machine that made a page: they are nobody's business, and tell a reader nothing."""

from __future__ import annotations

import re

MACHINE_PATH = re.compile(
    r"(?<![\w.:/])/(?:home|work|tmp|root|Users|mnt|srv|opt|usr|var|private)/[^\s<>\"']+"
    r"|\b[A-Za-z]:\\[^\s<>\"']+|\bfile:/[^\s<>\"']*"
)


def without_machine_paths(text: str) -> str:
    """Keep of each path only its last part.

    >>> without_machine_paths('File "/home/ann/report/src/analysis/extracts/read.py", line 3')
    'File "…/read.py", line 3'
    """
    return MACHINE_PATH.sub(lambda match: "…/" + re.split(r"[/\\]", match[0].rstrip("/\\"))[-1], text)
