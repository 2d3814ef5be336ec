"""Reading what the sample wrote, by the plainest means."""

from __future__ import annotations

import csv
import io

import pandas as pd

from analysis.registers.roles import load_roles


def read_individual(content: bytes) -> pd.DataFrame:
    """The rows of an individual-level CSV as text, with ``fte`` as number and ``role`` added."""
    text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp1252")
    header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    frame["fte"] = frame["FTE"].astype(float)
    named = frame.rename(columns={"STAFF_ROLE": "staff_role", "DETAILED_STAFF_ROLE": "detailed_staff_role"})
    frame["role"] = load_roles().with_role(named)["role"].to_numpy()
    return frame
