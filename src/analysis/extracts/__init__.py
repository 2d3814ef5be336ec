"""Recognise and read the raw extracts: a folder of files in, typed frames and a catalogue out."""

from analysis.extracts.catalogue import Catalogue, Input, LeftOut
from analysis.extracts.ingest import ingest
from analysis.extracts.load import (
    load_bulletin,
    load_compact,
    load_deprivation,
    load_patients,
    load_practice_map,
    load_workforce,
)
from analysis.extracts.months import without_notes
from analysis.extracts.walk import NoExtracts

__all__ = [
    "Catalogue",
    "Input",
    "LeftOut",
    "NoExtracts",
    "ingest",
    "load_bulletin",
    "load_compact",
    "load_deprivation",
    "load_patients",
    "load_practice_map",
    "load_workforce",
    "without_notes",
]
