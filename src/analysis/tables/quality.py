"""Tables of quality and provenance: checks, back-tests, breaks, unknown roles, inputs."""

from __future__ import annotations

import dataclasses

import pandas as pd

from analysis.facts.labels import BACKTEST_LABELS
from analysis.measures.backtests import DIFFERS
from analysis.tables.base import (
    CENSUS,
    CENSUSES_OF_A_YEAR,
    FOCUS_ROLES,
    TableMaker,
    count,
    fte,
    newest_first,
    rows_of_latest,
)
from analysis.tables.table import Column, Table

_EQUAL = (
    "Figures are equal when they are no further apart than the publisher’s rounding. Some totals are published as "
    "whole numbers."
)


class QualityTables(TableMaker):
    """Tables of quality and provenance: checks, back-tests, breaks, unknown roles, inputs."""

    @property
    def checks(self) -> Table:
        """The checks of the validation, and how each came out."""
        validation = self._analysis.validation
        rows = [] if validation is None else [dataclasses.asdict(check) for check in validation.checks]
        return self._table(
            "checks",
            f"Checks of the files, {self._until}",
            pd.DataFrame(rows, columns=["id", "subject", "severity", "outcome", "found"]),
            {
                "subject": Column("Checked", "what the check looks at"),
                "severity": Column("Severity", "critical, warning or info: what a failure means for the report"),
                "outcome": Column("Outcome", "passed, failed, explained or not assessed"),
                "found": Column("Found", "what the check found, in a sentence"),
            },
            index=["id"],
        )

    @property
    def backtests(self) -> Table:
        """Published figures against ours."""
        frame = self._measures.backtests
        frame = frame.assign(
            ours_note=["[x]" if missing else "" for missing in frame["ours"].isna()],
            role=frame["role"].map({**self._analysis.roles.names, "all": "All roles"}),
            unit=frame["measure"].map({"fte": "FTE", "headcount": "people"}).fillna("PCNs"),
            measure=frame["measure"].map(BACKTEST_LABELS),
        )
        table = self._table(
            "published-against-ours",
            f"Published national figures compared with ours, to {self._until}",
            frame,
            {
                "measure": Column("Measure", "what is counted"),
                "role": Column("Role", "name of the role"),
                "census": CENSUS,
                "unit": Column("Unit", "unit of the figures of the row"),
                "published": Column("Published", "as published", "", 1),
                "ours": Column("Here", "as computed from the extracts", "", 1, "ours_note"),
                "difference": Column("Difference", "ours less published", "", 3, "ours_note", signed=True),
                "verdict": Column("Verdict", "equal to the precision published, or differs"),
            },
        )
        return dataclasses.replace(table, notes=(_EQUAL,))

    @property
    def backtests_in_focus(self) -> Table:
        """The same for the roles in focus and the counts of PCNs: what the page has room for."""
        whole = self.backtests
        names = self._analysis.roles.names
        kept = whole.frame["role"].isin(
            {
                *(names[code] for code in (*self._analysis.roles.with_focus(FOCUS_ROLES), "splw_mh", "arrs13")),
                "All roles",
            }
        )
        # A reader looks for what differs, and then for the newest: the page has these, the download every census.
        frame = newest_first(whole.frame[kept])
        differs = frame["verdict"] == DIFFERS
        shown = int(differs.sum()) + rows_of_latest(frame[~differs], CENSUSES_OF_A_YEAR)
        frame = pd.concat([frame[differs], frame[~differs]], ignore_index=True)
        return dataclasses.replace(
            whole,
            id="published-against-ours-in-focus",
            title=f"Published national figures compared with ours, main roles, to {self._until}",
            frame=frame,
            rows_on_page=shown,
        )

    @property
    def breaks(self) -> Table:
        """The breaks in the series up to the period."""
        rows = [
            {"census": entry.census, "kind": entry.kind, "reader": entry.reader, "source": entry.source}
            for entry in self._analysis.breaks.breaks
            if entry.census <= self._period
        ]
        return self._table(
            "breaks",
            f"Breaks in the series, to {self._until}",
            pd.DataFrame(rows, columns=["census", "kind", "reader", "source"]),
            {
                "census": Column("From census", "first census after the break"),
                "kind": Column("Kind", "collection, roles or geography"),
                "reader": Column("What it means", "what does not compare across the break"),
                "source": Column("Source", "where the break is stated or can be seen"),
            },
        )

    @property
    def unknown_roles(self) -> Table:
        """Roles that the vocabulary does not know."""
        return self._table(
            "unknown-roles",
            f"Roles that the vocabulary does not know, to {self._until}",
            self._measures.unknown_roles,
            {
                "census": CENSUS,
                "staff_group": Column("Staff group", "STAFF_GROUP of the extract"),
                "staff_role": Column("Role", "STAFF_ROLE of the extract"),
                "detailed_staff_role": Column("Detailed role", "DETAILED_STAFF_ROLE of the extract"),
                "rows": count("Rows", "rows of the extract with the role", "rows", None),
                "fte": fte("FTE", "full-time equivalent of all rows", None),
            },
        )

    @property
    def inputs(self) -> Table:
        """The inputs: names, checksums, censuses."""
        rows = [dataclasses.asdict(entry) for entry in self._analysis.catalogue.inputs]
        return self._table(
            "inputs",
            f"Inputs of the report for {self._until}",
            pd.DataFrame(rows),
            {
                "name": Column("File", "name of the file, or of the archive's member"),
                "kind": Column("Kind", "workforce, bulletin or patients"),
                "first_census": Column("From", "first month it was used for"),
                "last_census": Column("To", "last month it was used for"),
                "rows": count("Rows", "rows of the file that were used", "rows", None),
                "sha256": Column("SHA-256", "checksum of the content"),
            },
        )

    @property
    def notes_on_inputs(self) -> Table:
        """What ingest warned of, and which files it left out and why."""
        catalogue = self._analysis.catalogue
        rows = [("warning", "", text) for text in catalogue.warnings]
        rows += [("left out", entry.file, entry.reason) for entry in catalogue.left_out]
        return self._table(
            "notes-on-inputs",
            f"Warnings about the inputs, and files left out, {self._until}",
            pd.DataFrame(rows, columns=["kind", "file", "text"]),
            {
                "kind": Column("Kind", "warning, or left out"),
                "file": Column("File", "the file left out"),
                "text": Column("What", "the warning, or why it was left out"),
            },
        )
