"""The edition of June 2026 on the publisher's site, in small."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from extracts.extract_files import census_csv, csv_bytes, patients_csv, simple_bulletin, zip_bytes
from fetch.publisher_site import PATIENTS, XLSX, ZIP, PublisherSite, served

INDIVIDUAL = "/A8/E524AA/PCNWFIndividualCSV.062026.zip"
BULLETIN = "/64/0E14D4/PCNW June 2026 - Bulletin tables.xlsx"
QUIN_AGE = "/11/AAAAAA/gp-reg-pat-prac-quin-age.zip"
PRACTICE_MAP = "/22/BBBBBB/gp-reg-pat-prac-map.zip"
MAP_COLUMNS = ("PUBLICATION", "EXTRACT_DATE", "PRACTICE_CODE", "PCN_CODE")


def individual(census: str, rows: int = 1) -> bytes:
    """A zip as published, of one census, with a guide in it; some tens of KB, so that it can be cut."""
    member = f"1.Primary Care Networks - {census} Individual Level.csv"
    return zip_bytes({member: census_csv(census, rows), "guide.pdf": b"%PDF-1.7 " + os.urandom(60_000)})


@contextlib.contextmanager
def june_2026() -> Iterator[PublisherSite]:
    """The site, served on this machine, with one edition of each publication."""
    publisher = PublisherSite()
    publisher.edition(
        "30-june-2026",
        {INDIVIDUAL: (individual("2026-06"), ZIP), BULLETIN: (simple_bulletin({"June 2026": 5055.5}), XLSX)},
    )
    practice_map = csv_bytes(
        [{"EXTRACT_DATE": "01Jul2026", "PRACTICE_CODE": "A81001", "PCN_CODE": "U89141"}],
        columns=MAP_COLUMNS,
        default={},
    )
    publisher.edition(
        "july-2026",
        {
            QUIN_AGE: (
                zip_bytes({"gp-reg-pat-prac-quin-age.csv": patients_csv([{"EXTRACT_DATE": "2026-07-01"}])}),
                ZIP,
            ),
            PRACTICE_MAP: (zip_bytes({"gp-reg-pat-prac-map.csv": practice_map}), ZIP),
        },
        PATIENTS,
    )
    with served(publisher):
        yield publisher
