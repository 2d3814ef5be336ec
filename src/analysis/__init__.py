"""Social prescribing link workers in England: from published extracts to one accessible report.

``import analysis as an``, then ``an.load("2022-09")``. Heavy libraries are imported when they are first needed.
"""

from __future__ import annotations

from importlib.metadata import version

from analysis.api import ingest, load, open_results, read_extracts, save, table_of, validate, what_changed

__version__ = version("link-worker-report")
__all__ = [
    "__version__",
    "ingest",
    "load",
    "open_results",
    "read_extracts",
    "save",
    "table_of",
    "validate",
    "what_changed",
]
