"""The catalogue of an ingest: which extracts a report of one period stands on, and what was left out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from markupsafe import Markup

from analysis import formats
from analysis.characters import printable
from analysis.extracts.limits import MOST_LEFT_OUT
from analysis.extracts.reading import Kind
from analysis.periods import month_label


@dataclass(frozen=True)
class Input:
    """One extract that is used.

    Parameters
    ----------
    file
        Path under RAW with forward slashes; a member of an archive as ``a.zip!member.csv``.
    name
        The last part of it.
    kind
        ``workforce`` (individual-level CSV), ``bulletin`` (bulletin tables), ``patients`` (registered patients),
        ``practice_map`` (practices and their PCNs) or ``deprivation`` (deprivation scores of practices).
    sha256
        Of the CSV or workbook itself, whether it was found loose or in an archive.
    first_census, last_census
        The months used, ``YYYY-MM``. None is later than the period, save lists of patients and of practices, which
        may be one month later; of deprivation scores it is the year of the index, ``YYYY``.
    rows
        Rows used: of the CSV; figures of the workbook; organisations of the registered patients; practices.
    encoding
        ``utf-8-sig`` (with byte order mark), ``utf-8``, ``cp1252``; ``xlsx`` for a workbook.
    bytes
        Its size, unpacked.
    """

    file: str
    name: str
    kind: Kind
    sha256: str
    first_census: str
    last_census: str
    rows: int
    encoding: str
    bytes: int


@dataclass(frozen=True)
class LeftOut:
    """A file that is not used, and why, in a sentence that follows its name.

    ``files``: how many are told by this entry. Where there are more than one, ``file`` is the first, and says so.
    """

    file: str
    reason: str
    files: int = 1

    def __post_init__(self) -> None:
        """A reason quotes what stands in the file: only what can be printed is kept of it."""
        object.__setattr__(self, "reason", printable(self.reason))


def grouped(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """The files left out, by name; where they are many, those of one reason together.

    A folder of five thousand other files must not make a report of five thousand lines.
    """
    entries = sorted(left_out, key=lambda entry: entry.file)
    if len(entries) <= MOST_LEFT_OUT:
        return tuple(entries)
    groups: dict[str, list[LeftOut]] = {}
    for entry in entries:
        groups.setdefault(entry.reason, []).append(entry)
    largest = sorted(groups.values(), key=len, reverse=True)
    reasons = [_together(group, group[0].reason) for group in largest[:MOST_LEFT_OUT]]
    rest = [entry for group in largest[MOST_LEFT_OUT:] for entry in group]
    if rest:
        reasons.append(_together(rest, f"each for its own reason; the first: {rest[0].reason}"))
    return tuple(reasons)


def _together(entries: list[LeftOut], reason: str) -> LeftOut:
    files = sum(entry.files for entry in entries)
    more = f" and {files - 1:,} more" if files > 1 else ""
    return LeftOut(f"{entries[0].file}{more}", reason, files)


@dataclass(frozen=True)
class Catalogue:
    """What ingest found for one period.

    Parameters
    ----------
    period
        The census the report is made for, ``YYYY-MM``.
    national_only
        No individual-level extract holds the period: its figures are the published totals, for England only.
    synthetic
        The inputs are invented: every page says so.
    inputs
        Sorted by kind, census and name.
    left_out
        Files that are no extracts, or that a later edition replaces.
    warnings
        Sentences for the report's quality section.
    later
        How many extracts (by content) were passed over because they are later than the period.
    from_register
        No workbook holds the period either: its figures are those of the register of published totals.
    """

    period: str
    national_only: bool
    synthetic: bool
    inputs: tuple[Input, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    later: int
    from_register: bool = False

    def to_json(self) -> str:
        """The catalogue as text: the same inputs and period give the same bytes, whatever the machine or the time."""
        content = formats.with_format(formats.INGEST, asdict(self))
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    def _repr_html_(self) -> str:
        """The period and the inputs; what is invented says so before anything else."""
        warning = Markup("<p><strong>SYNTHETIC DATA: invented figures, not to be quoted.</strong></p>")
        counts = Counter(entry.kind for entry in self.inputs)
        inputs = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
        left_out = sum(entry.files for entry in self.left_out)
        summary = Markup("<p>{period}. Inputs: {inputs}. Files left out: {left_out}. Warnings: {warnings}.</p>").format(
            period=month_label(self.period), inputs=inputs, left_out=left_out, warnings=len(self.warnings)
        )
        return (warning if self.synthetic else Markup("")) + summary

    @classmethod
    def from_json(cls, text: str) -> Catalogue:
        """Read what :meth:`to_json` wrote, in this version or an earlier one."""
        fields = formats.to_current(formats.INGEST, json.loads(text))
        fields["inputs"] = tuple(Input(**entry) for entry in fields["inputs"])
        fields["left_out"] = tuple(LeftOut(**entry) for entry in fields["left_out"])
        fields["warnings"] = tuple(fields["warnings"])
        return cls(**fields)
