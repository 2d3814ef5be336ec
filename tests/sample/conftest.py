"""The sample, written once for all its tests, and read back by the plainest means: not by the package's own readers."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.sample.sample_files import read_individual

from analysis.periods import census_of
from analysis.sample import write_sample

if TYPE_CHECKING:
    import pandas as pd


@pytest.fixture(scope="session")
def sample(shared_run) -> Path:
    """The folder of the sample as written by default."""
    return shared_run("written-sample", lambda folder: write_sample(folder / "raw")) / "raw"


@pytest.fixture(scope="session")
def files(sample) -> dict[str, bytes]:
    """Each file of the sample by its path; the members of a zip as ``<zip>!<member>``."""
    found = {}
    for path in sorted(path for path in sample.rglob("*") if path.is_file()):
        name = path.relative_to(sample).as_posix()
        found[name] = path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found |= {f"{name}!{member}": archive.read(member) for member in archive.namelist()}
    return found


@pytest.fixture(scope="session")
def extracts(files) -> dict[str, pd.DataFrame]:
    """The rows of each individual-level CSV as text, with ``fte`` as number and ``role`` added, by census."""
    found = {}
    for name, content in files.items():
        if name.endswith("Individual Level.csv"):
            frame = read_individual(content)
            census = census_of(int(frame["CENSUS_YEAR"].iloc[0]), int(frame["CENSUS_MONTH"].iloc[0]))
            assert census not in found
            found[census] = frame
    return dict(sorted(found.items()))
