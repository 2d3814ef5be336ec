"""One synthetic census: who works where, how many hours, under which identifier.

The frame ``rows`` made here has one row a row of the extract, by PCN: ``pcn`` (number of the network), ``role`` (code),
 ``detailed`` (0 the commoner wording, 1 the other), ``data_source``, ``nano_fte`` (billionths of an FTE),
``person_id`` (0: none, a contracted row).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.columns import CONTRACTED, STAFF
from analysis.sample.draws import Flags, Ints, allot, order, skewed, uniforms, uniforms_at
from analysis.sample.hours import contracted_fte, contracted_rows, staff_fte
from analysis.sample.networks import Networks
from analysis.sample.reporting import Reporting
from analysis.sample.totals import NANO, Totals

WEIGHT_UNIT = 1_000_000  # weights are whole numbers, so that their sums do not depend on the order of summing
MEAN_PATIENTS = 48_000
ENTRANT_SHARE, MONTHS_TO_CATCH_UP = 0.5, 24  # a PCN new to the returns has about half the FTE of an old one
APPETITE_SPREAD, ROLE_SPREAD = 0.30, 0.75  # gives a fifth of PCNs no link worker, and one in ten four FTE or more
MIXED_SHARE = 0.07  # of PCNs have both staff and contracted services in one role
DETAILED_OTHER_SHARE = 0.2
SPLIT_SHARE, SPLIT_FROM = 0.012, "2021-12"  # people in two PCNs, as in the real extracts since December 2021
SHARED_SHARE = 0.0025  # people in two roles
FIRST_ID, LAST_ID = 1_000, 110_000
PLACES_A_PCN = 128  # of the draws of its people: more than `MOST_IN_ONE_PCN`


def make_rows(census: str, networks: Networks, totals: Totals, arrs: frozenset[str]) -> pd.DataFrame:
    """The rows of one census (columns: module docstring); national totals and PCN counts are those of ``totals``."""
    reporting = networks.reporting[census]
    people, services = _counts(census, networks, totals, arrs)
    _repair(
        people, list(arrs & people.keys()), reporting.reporting & ~reporting.contracted_only & ~reporting.without_arrs
    )
    _repair(people, list(people.keys() - arrs), reporting.without_arrs)
    _repair(services, list(arrs & services.keys()), reporting.contracted_only)
    parts = [
        *(
            rows_of(role, STAFF, count, staff_fte(totals.fte[census, role, STAFF], count.sum()))
            for role, count in people.items()
        ),
        *(
            rows_of(role, CONTRACTED, count, contracted_fte(totals.fte[census, role, CONTRACTED], count.sum(), census))
            for role, count in services.items()
        ),
    ]
    rows = pd.concat(parts, ignore_index=True).sort_values(["pcn", "data_source"], kind="stable", ignore_index=True)
    return _with_people(rows, census, networks, reporting)


def _counts(
    census: str, networks: Networks, totals: Totals, arrs: frozenset[str]
) -> tuple[dict[str, Ints], dict[str, Ints]]:
    """People and contracted rows by role and PCN."""
    reporting, patients = networks.reporting[census], networks.patients(census)
    people: dict[str, Ints] = {}
    services: dict[str, Ints] = {}
    for role in totals.roles:
        staff, contracted = (totals.fte.get((census, role, source), 0) for source in (STAFF, CONTRACTED))
        weights = _weights(role, patients, reporting, arrs)
        direct, outsourced = _who_contracts(
            role, weights, contracted, staff + contracted, networks=networks, reporting=reporting
        )
        if staff:
            people[role] = allot(totals.headcount[census, role], np.where(direct, weights, 0), role, STAFF)
        if contracted:
            services[role] = allot(
                contracted_rows(contracted, census), np.where(outsourced, weights, 0), role, CONTRACTED
            )
    return people, services


def _weights(role: str, patients: Ints, reporting: Reporting, arrs: frozenset[str]) -> Ints:
    """How much of a role each PCN wants: by list size, by taste, and less when it is new to the returns."""
    count = len(patients)
    tenure = np.minimum(reporting.months_reported, MONTHS_TO_CATCH_UP) / MONTHS_TO_CATCH_UP
    taste = skewed(count, APPETITE_SPREAD, "appetite") * skewed(count, ROLE_SPREAD, "appetite", role)
    wanted = patients / MEAN_PATIENTS * taste * (ENTRANT_SHARE + (1 - ENTRANT_SHARE) * tenure)
    wants = reporting.reporting & ~reporting.without_arrs if role in arrs else reporting.reporting
    return np.where(wants, np.maximum(np.rint(wanted * WEIGHT_UNIT), 1), 0).astype(np.int64)


def _who_contracts(
    role: str, weights: Ints, contracted: int, total: int, *, networks: Networks, reporting: Reporting
) -> tuple[Flags, Flags]:
    """Which PCNs employ, and which contract the role out, so that the national share contracted comes out.

    A PCN's leaning is its own for good: when the share jumps, as it did with the new collection tool of September 2021,
    PCNs pass from one side to the other, and the sum of both goes on as before.
    """
    count = len(weights)
    leaning = networks.outsourced + uniforms(count, "leaning", role)
    leaning = np.where(reporting.contracted_only, np.inf, leaning)
    by_leaning = np.argsort(-leaning, kind="stable")
    upto = np.cumsum(weights[by_leaning])
    outsourced = np.zeros(count, dtype=bool)
    if contracted:
        share = int(upto[-1]) * contracted // total  # in Python's whole numbers: the product passes 64 bits
        outsourced[by_leaning[: np.searchsorted(upto, share) + 1]] = True
    mixed = uniforms(count, "mixed", role) < MIXED_SHARE
    direct = ~outsourced | mixed
    return direct & ~reporting.contracted_only, outsourced | reporting.contracted_only


def _repair(counts: dict[str, Ints], roles: list[str], needs_one: Flags) -> None:
    """Give each PCN that ``needs_one`` a row of ``roles`` when it has none: from the PCN that has most."""
    if not needs_one.any():
        return
    roles.sort()
    table = np.stack([counts[role] for role in roles])
    for pcn in np.flatnonzero(needs_one & (table.sum(axis=0) == 0)):
        donor = np.argmax(table.sum(axis=0))
        role = np.argmax(table[:, donor])
        table[role, donor] -= 1
        table[role, pcn] += 1
    counts.update(zip(roles, table, strict=True))


def rows_of(role: str, source: str, count: Ints, nano_fte: Ints) -> pd.DataFrame:
    """The rows of a role and source: the k-th person of a PCN keeps a place in the order of hours over time."""
    pcns = len(count)
    pcn = np.repeat(np.arange(pcns), count)
    k = np.arange(len(pcn)) - np.repeat(np.cumsum(count) - count, count)
    place = pcn * PLACES_A_PCN + k
    lasting = uniforms_at(place, "hours", role, source)
    rank = np.argsort(np.argsort(lasting, kind="stable"), kind="stable")
    other = uniforms_at(place, "detailed", role)
    return pd.DataFrame(
        {
            "pcn": pcn,
            "role": role,
            "detailed": (other < DETAILED_OTHER_SHARE).astype(np.int64),
            "data_source": source,
            "nano_fte": nano_fte[rank],
        }
    )


def _with_people(rows: pd.DataFrame, census: str, networks: Networks, reporting: Reporting) -> pd.DataFrame:
    """``rows`` with identifiers, reissued in each extract; a few people have two roles, or work in two PCNs."""
    staff = (rows["data_source"] == STAFF).to_numpy()
    ids = np.zeros(len(rows), dtype=np.int64)
    ids[staff] = FIRST_ID + order(LAST_ID - FIRST_ID, "identifiers", census)[: staff.sum()]
    previous = rows.shift()
    same_person = staff & (previous["pcn"] == rows["pcn"]) & (previous["data_source"] == STAFF)
    same_person &= (previous["role"] != rows["role"]) & (uniforms(len(rows), "shared", census) < SHARED_SHARE)
    shared = np.flatnonzero(same_person)
    ids[shared] = ids[shared - 1]
    rows = rows.assign(person_id=ids)
    if census < SPLIT_FROM:
        return rows
    return _split(rows, census, networks, reporting)


def _split(rows: pd.DataFrame, census: str, networks: Networks, reporting: Reporting) -> pd.DataFrame:
    """``rows`` with some whole-time people divided over their PCN and the next in the sub-ICB that employs staff."""
    employing = np.flatnonzero(reporting.reporting & ~reporting.contracted_only & ~reporting.without_arrs)
    place = pd.Series(networks.changes.place[employing])
    neighbour = pd.Series(employing, index=employing).groupby(place.to_numpy()).shift(-1).dropna().astype(np.int64)
    chosen = rows.loc[
        (rows["data_source"] == STAFF)
        & (rows["nano_fte"] == NANO)
        & rows["pcn"].isin(neighbour.index)
        & (uniforms(len(rows), "split", census) < SPLIT_SHARE)
    ]
    second = chosen.assign(pcn=neighbour.loc[chosen["pcn"]].to_numpy(), nano_fte=NANO // 2)
    first = rows.assign(nano_fte=rows["nano_fte"].where(~rows.index.isin(chosen.index), NANO - NANO // 2))
    return pd.concat([first, second], ignore_index=True).sort_values("pcn", kind="stable", ignore_index=True)
