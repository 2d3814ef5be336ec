"""Known anomalies (``anomalies.toml``): values in published extracts that break a rule, each with its reason.

An entry explains a value of one pattern at the censuses it names, and never more rows than it says. What no entry
explains still fails: the limits of the checks stay narrow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictFloat, StrictInt, StrictStr, field_validator

from analysis.columns import DATA_SOURCES
from analysis.periods import long_date
from analysis.registers.files import Entry, RegisterFile, read_register

Census = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]

# The keys that say which rows are meant: frame columns of the same name.
SELECTORS = (
    "pcn_code",
    "sub_icb_code",
    "icb_code",
    "region_code",
    "data_source",
    "staff_role",
    "role",
    "measure",
    "org_type",
    "org_code",
)


class Anomaly(Entry):
    """One known anomaly: the check it trips, where, with what value, and why it is let through.

    Parameters
    ----------
    check
        The id of the check it explains, as in ``validation.json``.
    censuses
        The censuses that have it.
    value
        The value that the check finds, to six decimals, or the text that the validation page shows.
    pcn_code, sub_icb_code, icb_code, region_code, data_source, staff_role, role, measure, org_type, org_code
        Which rows are meant; at least one of them. ``role`` is a code of the vocabulary, ``measure`` that of a
        published figure, ``org_type`` and ``org_code`` an organisation of the lists of patients. A check of a whole
        census has none of them: there ``value`` says enough.
    rows
        How many rows of each of these censuses it explains, at most.
    reason
        A sentence that a reader of the validation page can judge.
    decided_by, decided_on
        Who decided to publish with it, and the day. The checks on a census without published totals ask for both:
        what they find is no oddity of an old extract, but may be an error in the figures that are being published.
    """

    check: Annotated[StrictStr, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    censuses: Annotated[tuple[Census, ...], Field(min_length=1)]
    value: StrictInt | StrictFloat | StrictStr
    pcn_code: StrictStr | None = None
    data_source: StrictStr | None = None
    sub_icb_code: StrictStr | None = None
    icb_code: StrictStr | None = None
    region_code: StrictStr | None = None
    staff_role: StrictStr | None = None
    role: StrictStr | None = None
    measure: StrictStr | None = None
    org_type: StrictStr | None = None
    org_code: StrictStr | None = None
    rows: Annotated[StrictInt, Field(ge=1)] = 1
    reason: Annotated[StrictStr, Field(min_length=20)]  # a word or two would not be a reason
    decided_by: Annotated[StrictStr, Field(min_length=2)] | None = None
    decided_on: dt.date | None = None

    @field_validator("data_source")
    @classmethod
    def _is_a_data_source(cls, value: str | None) -> str | None:
        if value is not None and value not in DATA_SOURCES:
            raise ValueError(f"{value!r} is none of {', '.join(DATA_SOURCES)}")
        return value

    @property
    def summary(self) -> str:
        """The reason, with who decided and when, as a page shows it."""
        if self.decided_by is None or self.decided_on is None:
            return self.reason
        return f"{self.reason.rstrip('.')}. Decided by {self.decided_by}, {long_date(self.decided_on)}."

    @property
    def selectors(self) -> dict[str, str]:
        """The columns and values that say which rows are meant."""
        return {key: value for key in SELECTORS if (value := getattr(self, key)) is not None}


class _AnomaliesFile(Entry):
    anomaly: tuple[Anomaly, ...] = ()


@dataclass(frozen=True)
class Anomalies:
    """The register in force, and the file it was read from."""

    entries: tuple[Anomaly, ...]
    file: RegisterFile

    def check_ids(self, known: set[str], decided: Collection[str] = ()) -> None:
        """Refuse an entry for a check that does not exist: it would explain nothing, unseen.

        ``decided`` are the checks whose entries must say who decided, and when.

        Raises
        ------
        RegisterError
            Naming the entry, and the checks there are, or what it does not say.
        """
        for number, entry in enumerate(self.entries, start=1):
            if entry.check not in known:
                raise self.file.error(f"anomaly {number}: check {entry.check!r} does not exist", sorted(known))
            if entry.check in decided and (entry.decided_by is None or entry.decided_on is None):
                raise self.file.error(
                    f"anomaly {number}: to let {entry.check!r} through is a decision to publish, and it does not say "
                    "who decided, or when",
                    ("decided_by", "decided_on"),
                )


def load_anomalies(path: Path | None = None) -> Anomalies:
    """Read the register, checked.

    Raises
    ------
    RegisterError
        An unknown key, a value of the wrong type, an entry that names no rows, the same pattern twice for a census.
    """
    file, content = read_register("anomalies.toml", _AnomaliesFile, path)
    seen: dict[tuple[object, ...], int] = {}
    for number, entry in enumerate(content.anomaly, start=1):
        if not entry.selectors and entry.decided_by is None:
            raise file.error(f"anomaly {number}: names no rows, so it would let a value through anywhere", SELECTORS)
        for census in entry.censuses:
            pattern = (entry.check, census, entry.value, *sorted(entry.selectors.items()))
            if pattern in seen:
                raise file.error(
                    f"anomaly {number}: the same as anomaly {seen[pattern]} for {census}; raise its rows instead"
                )
            seen[pattern] = number
    return Anomalies(content.anomaly, file)
