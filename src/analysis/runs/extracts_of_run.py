"""The tidy frames of a run's extracts, opened from their typed files."""

from __future__ import annotations

from pathlib import Path

from analysis import extracts
from analysis.extracts import Catalogue
from analysis.facts.analysis import Extracts
from analysis.measures.compact_table import CompactTable
from analysis.registers.roles import load_roles


def load_extracts(catalogue: Catalogue, processed: Path, role: str) -> Extracts:
    """The typed frames of the extracts in ``catalogue``, with each row's role; ``role`` is what the report is about."""
    roles = load_roles(about=role)

    def read_table() -> CompactTable:
        cells, people = extracts.load_compact(catalogue, processed)
        return CompactTable(roles.with_role(cells), people)

    return Extracts(
        catalogue=catalogue,
        read_table=read_table,
        read_workforce=lambda: roles.with_role(extracts.load_workforce(catalogue, processed)),
        bulletin=roles.with_bulletin_role(extracts.load_bulletin(catalogue, processed)),
        patients=extracts.load_patients(catalogue, processed),
        practice_map=extracts.load_practice_map(catalogue, processed),
        deprivation=extracts.load_deprivation(catalogue, processed),
        roles=roles,
    )
