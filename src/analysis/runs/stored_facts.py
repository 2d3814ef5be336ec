"""The facts of a report or of a run, opened from its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from analysis import formats
from analysis.facts.catalogue import lookup_in
from analysis.facts.fact import Facts
from analysis.facts.row_counts import RowCounts
from analysis.facts.stored import inputs_from_data, read_facts_json
from analysis.registers.roles import load_roles

MEASURES_FOLDER = "measures"


class StoredFrames(Mapping[str, pd.DataFrame]):
    """The frames of the measures in a folder of results, each read when it is asked for.

    ``levels`` gives the levels of geography that are read of a frame; by default all.
    """

    def __init__(self, folder: Path, levels: Callable[[str], Sequence[str]] | None = None) -> None:
        self._folder, self._levels = folder / MEASURES_FOLDER, levels
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            path = self._folder / f"{name}.parquet"
            filters = None
            if self._levels is not None and "level" in pq.read_schema(path).names:
                filters = [("level", "in", [*self._levels(name)])]
            self._read[name] = pd.read_parquet(path, filters=filters)
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return (self._folder / f"{name}.parquet").is_file()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in self._folder.glob("*.parquet")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def facts_in(
    folder: Path,
    *,
    frames: Mapping[str, pd.DataFrame] | None = None,
    levels: Callable[[str], Sequence[str]] | None = None,
) -> Facts:
    """The facts of the report, or of the results, in ``folder``: of the present format, or of an earlier one.

    Facts that ``facts.json`` does not hold are looked up in the frames beside it (``frames``, where they were read),
    those of the ``levels`` of each frame where these are given.

    Raises
    ------
    NewerFormatError
        When a later version of the project wrote them.
    """
    header, made = read_facts_json((folder / formats.FACTS).read_text(encoding="utf-8"))
    if not header or header["inputs"] is None:
        return Facts(made)
    frames = StoredFrames(folder, levels) if frames is None else frames
    roles = load_roles(about=header["role"])
    rows = RowCounts(lambda: frames["row_counts"], roles) if "row_counts" in frames else RowCounts()
    return Facts(made, lookup_in(frames, roles, inputs_from_data(header["inputs"], rows)))
