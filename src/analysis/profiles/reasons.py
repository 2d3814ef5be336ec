"""Why a page by area would be made: it is not there, it was changed, or something that it depends on has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.errors import UsageError
from analysis.pipeline.checksums import checksums_of, read_checksums
from analysis.pipeline.profile_folders import LevelFolder
from analysis.profiles.areas import Area
from analysis.publish.profile_page import page_name

_FRESH = "every page is to be made again"
_NONE = "it has no page"
_OTHER = "its page was made from another report or another notebook"
_CHANGED = "its page is not as it was made"


@dataclass(frozen=True)
class PagePlan:
    """What would be done for an area: its page would be made for ``reason``, or stays where that is empty."""

    area: Area
    reason: str


def plan_pages(before: LevelFolder, key: str, wanted: Sequence[Area], *, fresh: bool) -> list[PagePlan]:
    """Which of the pages of ``wanted`` are to be made, and why.

    Parameters
    ----------
    before
        The pages of the level that there are.
    key
        The digest of what pages are made from now; empty where nobody can tell.
    wanted
        The areas that were asked for.
    fresh
        Every page is to be made, also those that are current.
    """
    same = _as_they_were_made(before)
    return [PagePlan(area, _FRESH if fresh else _reason(area.code, before, key, same)) for area in wanted]


def _reason(code: str, before: LevelFolder, key: str, same: set[str]) -> str:
    if code not in before.keys:
        return _NONE
    if not key or before.keys[code] != key:
        return _OTHER
    return "" if page_name(code) in same else _CHANGED


def _as_they_were_made(before: LevelFolder) -> set[str]:
    """The names of the files whose bytes are those that the list of checksums tells."""
    if not before.keys:
        return set()
    try:
        listed, found = read_checksums(before.folder), checksums_of(before.folder)
    except UsageError:  # the list is damaged: nobody can tell which pages are as they were made
        return set()
    return {name for name, digest in listed.items() if found.get(name) == digest}
