"""The pages by area that lie in the folder of a report: ``profiles/<level>/<code>.html``, with a list of all of them.

They belong to the report, and go with it when another takes its place. Its ``SHA256SUMS`` does not name them, since
they are made after it; the list of the pages has its own, and so has the folder of each level.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis.periods import month_label
from analysis.pipeline.checksums import PROFILES, Difference, checksums_of, differences, read_checksums, write_checksums
from analysis.pipeline.json_files import UNREADABLE, read_json
from analysis.pipeline.reports_folder import write_page
from analysis.publish.context import PageContext
from analysis.publish.profile_page import LEVELS, ListedLevel, render_list

RECORD = "pages.json"
LIST = f"{PROFILES}/index.html"
_DESCRIPTION = "A page for each area that one was made for, with its figures, trend, networks and coverage."


@dataclass(frozen=True)
class LevelFolder:
    """The pages of one level.

    Parameters
    ----------
    folder
        Where they lie.
    keys
        For each area, by its code, the digest of what its page was made from.
    names
        The name of each area, by its code, in order.
    """

    folder: Path
    keys: dict[str, str]
    names: dict[str, str]

    @classmethod
    def read(cls, report: Path, level: str) -> LevelFolder:
        """The pages of ``level`` in a report; none where there are none, or what tells of them cannot be read."""
        folder = report / PROFILES / level
        try:
            areas = read_json(folder / RECORD).get("areas", [])
            keys = {str(code): str(key) for code, _, key in areas}
            return cls(folder, keys, {str(code): str(name) for code, name, _ in areas})
        except UNREADABLE:
            return cls(folder, {}, {})


def levels_in(report: Path) -> tuple[ListedLevel, ...]:
    """The levels that have pages in the folder of a report."""
    found = (ListedLevel(level, tuple(LevelFolder.read(report, level).names.items())) for level in LEVELS)
    return tuple(listed for listed in found if listed.areas)


def list_page(report: Path, *, title: str, period: str, synthetic: bool) -> str:
    """The list of the pages that lie in the folder of a report, as HTML."""
    context = PageContext(f"{title} by area", _DESCRIPTION, period, month_label(period), synthetic)
    return render_list(levels_in(report), context)


def write_list(report: Path, page: str) -> None:
    """Write the list of the pages into the folder of a report, with its checksum beside it."""
    path = report / LIST
    path.parent.mkdir(exist_ok=True)
    write_page(path, page)
    write_checksums(path.parent, below=False)


def changed_pages(report: Path) -> tuple[int, list[Difference]]:
    """How many files of profiles there are, and which of them are not as they were made.

    Raises
    ------
    UsageError
        There are pages, or a list of them, without checksums.
    """
    profiles = report / PROFILES
    if not profiles.is_dir():
        return 0, []
    number, unlike = 0, list[Difference]()
    for folder in (profiles, *sorted(path for path in profiles.iterdir() if path.is_dir())):
        recorded = read_checksums(folder)
        number += len(recorded)
        name = folder.relative_to(report).as_posix()
        found = differences(recorded, checksums_of(folder, below=folder != profiles))
        unlike += [Difference(f"{name}/{each.file}", each.kind) for each in found]
    return number, unlike
