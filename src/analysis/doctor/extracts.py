"""The extracts: read as a report reads them, so that what would stop it is told before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analysis.doctor.findings import Finding, ok, warning
from analysis.extracts import NoExtracts, ingest
from analysis.periods import month_label
from analysis.pipeline.request import Request
from analysis.registers.published import censuses_published, load_published
from analysis.settings import PROCESSED, RAW, resolve

SUBJECT = "extracts"
_NAMED = 3


def check_extracts(request: Request) -> Iterator[Finding]:
    """Whether the extracts can be read, and which a report would use; an :class:`ExtractError` says what stops it."""
    raw = resolve(RAW) if request.raw is None else request.raw.expanduser().resolve()
    processed = resolve(PROCESSED) if request.processed is None else request.processed
    try:
        catalogue = ingest(raw, processed, request.period or None, published=censuses_published(load_published()))
    except NoExtracts:
        if raw != resolve(RAW):
            raise
        yield warning(
            SUBJECT,
            f"{RAW} holds no extract, so a report would show the synthetic sample.",
            "Put the publisher's extracts there (`make fetch` gets them), or name their folder with RAW.",
        )
        return
    kinds = Counter(entry.kind for entry in catalogue.inputs)
    counted = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    period = month_label(catalogue.period)
    yield ok(SUBJECT, f"{period} can be reported on ({counted or 'published totals only'}).")
    if catalogue.national_only:
        yield warning(
            SUBJECT,
            f"No individual-level extract of {period} is there, so the report would have figures for England only.",
            f"Get it: `make fetch PERIOD={catalogue.period}`.",
        )
    if catalogue.left_out:
        named = "; ".join(f"{entry.file}: {entry.reason}" for entry in catalogue.left_out[:_NAMED])
        more = len(catalogue.left_out) - _NAMED
        rest = f"; and {more:,} more, which the report lists" if more > 0 else ""
        yield ok(SUBJECT, f"Files left out: {named}{rest}.")
    for message in catalogue.warnings[:_NAMED]:
        yield warning(SUBJECT, message, "Look at the file that is named; the report says the same.")
