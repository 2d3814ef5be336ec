"""The page of a failed run: which notebook, which cell, with which parameters, and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.periods import month_label
from analysis.publish.context import PageContext
from analysis.publish.failure_advice import advice
from analysis.publish.page import render_body
from analysis.publish.paths import without_machine_paths
from analysis.publish.shell import fill

if TYPE_CHECKING:
    from analysis.pipeline.failure import Failure

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CENSUS = re.compile(r"^\d{4}-\d{2}$")


def render_failure(failure: Failure, *, generator: str = "") -> str:
    """Render one page about a failed run.

    Paths of this machine are cut to their last part and terminal colours are taken out, so that the page can be mailed
    to whoever can help.
    """
    where = ", ".join(
        part
        for part in (failure.notebook, f"cell {failure.cell_number}" if failure.cell_number is not None else "")
        if part
    )
    body = fill(
        "failure.html.j2",
        failure=failure,
        where=where,
        what=_shown(failure.what),
        why=_shown(failure.why),
        fix=_shown(failure.fix),
        steps=advice(failure.kind),
        source=_shown(failure.cell_source),
        traceback=_shown(failure.traceback_tail),
        parameters={name: _shown(str(value)) for name, value in failure.parameters.items()},
    )
    named = month_label(failure.period) if _CENSUS.match(failure.period) else ""
    context = PageContext(
        title="The report was not made",
        description=f"What stopped the run: {failure.kind}.",
        period=failure.period if named else "",
        period_label=named,
        generator=generator,
    )
    return render_body(body, context)


def _shown(text: str) -> str:
    return without_machine_paths(_ANSI.sub("", text)).strip()
