"""An extract as it may look years ahead: for trying that ingest and the gate take news as news, not as an error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.columns import CONTRACTED, STAFF
from analysis.registers.roles import load_roles
from analysis.sample.draws import allot, uniforms
from analysis.sample.hours import contracted_fte, staff_fte
from analysis.sample.layouts import individual_csv
from analysis.sample.networks import make_networks
from analysis.sample.totals import NANO, load_totals
from analysis.sample.workforce import FIRST_ID, rows_of

CENSUS = "2026-06"
# Invented roles: no vocabulary knows them. One in a group that 2020-22 had, one in each of the two new groups.
NEW_ROLES = {
    "Community Garden Facilitators": "Other Direct Patient Care staff",
    "Remote Monitoring Nurses": "Other Nurses",
    "Rotational GP Fellows": "Other GPs",
}
PEOPLE, CONTRACTED_ROWS = 150, 12  # by role: few, so that tests are quick; no totals are met
STAFF_MEAN_FTE, CONTRACTED_MEAN_FTE = 0.8, 1.0


def write_future_extract(path: Path) -> Path:
    """Write a June 2026 extract to ``path`` and return it: a small one, of every role and of some that are new.

    UTF-8 with BOM, no identifier on contracted rows, five staff groups, mental health link workers, 36 ICBs, some with
    codes of five characters. Its PCN names begin with ``SYNTHETIC``, as those of the sample do.
    """
    roles = load_roles()
    networks = make_networks(load_totals())
    groups = {role.code: role.group for role in roles.roles if role.starts <= CENSUS} | NEW_ROLES
    parts = []
    for role, group in groups.items():
        for source, count in ((STAFF, PEOPLE), (CONTRACTED, CONTRACTED_ROWS)):
            pcns = allot(count, networks.patients(CENSUS), "future", role, source)
            if source == STAFF:
                fte = staff_fte(round(count * STAFF_MEAN_FTE * NANO), count)
            else:
                fte = contracted_fte(round(count * CONTRACTED_MEAN_FTE * NANO), count, CENSUS)
            parts.append(rows_of(role, source, pcns, fte).assign(staff_group=group))
    rows = pd.concat(parts, ignore_index=True).sort_values("pcn", kind="stable", ignore_index=True)
    ids = FIRST_ID + np.argsort(uniforms(len(rows), "identifiers", CENSUS), kind="stable")
    rows["person_id"] = np.where(rows["data_source"] == STAFF, ids, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(individual_csv(CENSUS, rows, networks.at(CENSUS), roles))
    return path
