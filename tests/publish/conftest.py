"""Sample pages, made once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from publish import page_samples as samples


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each kind of page as a file, by kind."""
    folder = tmp_path_factory.mktemp("pages")
    files = {}
    for kind, html in samples.all_pages(folder).items():
        files[kind] = folder / f"{kind}.html"
        files[kind].write_text(html, encoding="utf-8")
    return files
