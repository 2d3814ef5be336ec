"""Reading what the sample wrote, by the plainest means."""

from __future__ import annotations

import io

import pandas as pd

from analysis.sample.further_roles import roles_of_sample


def read_individual(content: bytes) -> pd.DataFrame:
    """The rows of an individual-level CSV as text, with ``fte`` as number and ``role`` added: also roles beyond the vocabulary."""
    encoding = "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp1252"
    frame = pd.read_csv(io.BytesIO(content), encoding=encoding, dtype=str, keep_default_na=False)
    frame["fte"] = frame["FTE"].astype(float)
    named = frame.rename(columns={"STAFF_ROLE": "staff_role", "DETAILED_STAFF_ROLE": "detailed_staff_role"})
    frame["role"] = roles_of_sample().with_role(named)["role"].to_numpy()
    return frame
