"""The national totals that the sample meets, in billionths of an FTE so that sums are exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.columns import CONTRACTED, DATA_SOURCES, STAFF
from analysis.registers.published import ALL, load_published
from analysis.registers.roles import load_roles

if TYPE_CHECKING:
    import pandas as pd

NANO = 1_000_000_000  # the extracts give FTE to nine decimals
ARRS = "arrs13"


@dataclass(frozen=True)
class Totals:
    """Published totals by census: ``fte[census, role, data_source]`` in nano-FTE, ``headcount[census, role]``, PCNs."""

    censuses: tuple[str, ...]
    roles: tuple[str, ...]
    fte: Mapping[tuple[str, str, str], int]
    headcount: Mapping[tuple[str, str], int]
    pcns_active: Mapping[str, int]
    pcns_reporting: Mapping[str, int]
    pcns_reporting_staff: Mapping[str, int]
    without_arrs_share: float

    def pcns_without_arrs(self, census: str) -> int:
        """Reporting PCNs with none of the thirteen reimbursed roles.

        Published for one census (Penfold et al., September 2022: 1,089 of 1,105 PCNs have one); its share is used for
        the others.
        """
        return round(self.without_arrs_share * self.pcns_reporting[census])


def load_totals() -> Totals:
    """The published totals of every census whose roles are all published, March 2020 to December 2022.

    The split by data source is not published for December 2022 (its extract is not among those held), so it is
    **derived**: each role keeps its September 2022 shares of staff and contracted services, but one person has at most
    one FTE; a role that is new in December has as much staff FTE as its headcount can hold.
    """
    published = load_published()
    single = published.loc[published["role"].isin(load_roles().codes)]
    fte = single.loc[single["measure"] == "fte"]
    headcount = {key: int(value) for key, value in _lookup(single, "headcount", ["census", "role"]).items()}
    # a role out of focus: the register has it as long as it has every role
    censuses = tuple(sorted(fte.loc[fte["role"] == "manager", "census"].unique()))
    nano = {
        key: round(value * NANO)
        for key, value in _lookup(fte, "fte", ["census", "role", "data_source"]).items()
        if key[0] in censuses
    }
    for census, role, _ in [key for key in nano if key[2] == ALL]:
        if not any((census, role, source) in nano for source in DATA_SOURCES):
            _derive_split(nano, headcount, census, role)
    counts = {
        measure: {key[0]: int(value) for key, value in _lookup(published, measure, ["census"]).items()}
        for measure in ("pcns_active", "pcns_reporting", "pcns_reporting_staff")
    }
    with_arrs = published.loc[(published["measure"] == "pcns_with_role") & (published["role"] == ARRS)].iloc[0]
    return Totals(
        censuses=censuses,
        roles=tuple(role for role in load_roles().codes if role in set(fte["role"])),
        fte={key: value for key, value in nano.items() if key[2] != ALL},
        headcount=headcount,
        **counts,
        without_arrs_share=1 - with_arrs["value"] / counts["pcns_reporting"][with_arrs["census"]],
    )


def _derive_split(
    nano: dict[tuple[str, str, str], int], headcount: Mapping[tuple[str, str], int], census: str, role: str
) -> None:
    total = nano[census, role, ALL]
    earlier = max((key[0] for key in nano if key[1:] == (role, STAFF) and key[0] < census), default=None)
    staff = total if earlier is None else total * nano[earlier, role, STAFF] // nano[earlier, role, ALL]
    nano[census, role, STAFF] = min(staff, headcount[census, role] * NANO)
    nano[census, role, CONTRACTED] = total - nano[census, role, STAFF]


def _lookup(frame: pd.DataFrame, measure: str, keys: list[str]) -> dict[Any, float]:
    """The values of a measure by ``keys``, as a tuple."""
    rows = frame.loc[frame["measure"] == measure]
    return dict(zip(rows[keys].itertuples(index=False, name=None), rows["value"], strict=True))
