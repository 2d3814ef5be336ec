"""What the notebooks call. Each begins with ``run = an.run(period, raw)``; everything else hangs on the run.

Relative paths are relative to the project, whatever the working directory.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from analysis.columns import DEFAULT_ROLE
from analysis.errors import UsageError
from analysis.registers.breaks import load_breaks
from analysis.registers.published import censuses_published, load_published
from analysis.registers.roles import load_roles
from analysis.registers.targets import load_targets
from analysis.settings import PROCESSED, RAW, Parameters

if TYPE_CHECKING:
    from analysis.charts.report_charts import Charts
    from analysis.extracts import Catalogue
    from analysis.facts.analysis import Analysis, Extracts
    from analysis.facts.fact import Fact, Facts
    from analysis.markup.prose import Prose
    from analysis.quality import Validation
    from analysis.report.report import Report
    from analysis.runs.folder import RunFolder

_MOST_ROWS = 500  # every check and every input; a folder of five thousand other files must not fill the notebook
_LISTED = 3  # of the items in one field of a row: the row stays a few lines high


def run(
    period: str = "", raw: str = RAW, processed: str = PROCESSED, results: str = "", role: str = DEFAULT_ROLE
) -> Run:
    """The run for the census ``period`` and the extracts in ``raw``: found when it is there, else begun.

    The extracts are recognised and read; those that were read before are not read again. What the run works out lies in
    ``processed/runs/<period>-<digest>/``, where the digest is of inputs, registers, parameters and code. So a change in
    any of them makes another run, and figures of two runs can never stand under one name.

    Parameters
    ----------
    period
        Census ``YYYY-MM``; empty for the latest in ``raw``. It may be one of which only the register of published
        totals has figures: the report is then national.
    raw
        The folder with the extracts. While the project's own ``data/raw`` holds nothing, it is the synthetic sample.
    processed
        The folder of the extracts as they were read, and of the runs.
    results
        Another folder for this run alone, as ``make report`` gives it.
    role
        What the report is about: the code of a role or group of the register, such as ``cc``.

    Raises
    ------
    UsageError
        A parameter of the wrong kind, or ``results`` belongs to another run.
    ExtractError
        No extract, an unreadable one, or two that disagree.

    Examples
    --------
    >>> import analysis as an
    >>> run = an.run("2022-09")  # doctest: +SKIP
    >>> report = run.report()  # doctest: +SKIP
    >>> report.facts["fte.splw.ENG.2022-09"]  # doctest: +SKIP
    >>> report.assessment["splw-2019"]  # doctest: +SKIP
    """
    from analysis.extracts import ingest  # noqa: PLC0415 - keeps `import analysis` fast
    from analysis.pipeline.raw_folder import resolve_raw  # noqa: PLC0415
    from analysis.runs import store  # noqa: PLC0415
    from analysis.runs.folder import RunFolder  # noqa: PLC0415
    from analysis.runs.identity import run_name  # noqa: PLC0415

    load_roles(about=role)  # a role that the register lacks is told at once
    asked = {"period": period, "raw": raw, "processed": processed, "results": results, "role": role}
    given = Parameters.parse(asked).in_lab()
    folder = given.processed_folder
    catalogue = ingest(
        resolve_raw(given.raw, given.processed),
        folder,
        given.period or None,
        published=censuses_published(load_published()),
    )
    name = run_name(catalogue, given)
    own = given.results_folder
    opened = RunFolder.of_run(folder, name) if own is None else RunFolder.given(own, name)
    store.save_catalogue(catalogue, opened.path)
    opened.record(store.INGEST_FILE)
    return Run(given, catalogue, opened)


@dataclass(frozen=True)
class Run:
    """One run: its extracts, and what was worked out from them. Made by :func:`run`.

    Parameters
    ----------
    parameters
        What was asked for.
    catalogue
        The extracts that are used and the files that are left out.
    folder
        Where the results lie, and under which name.
    """

    parameters: Parameters
    catalogue: Catalogue = field(repr=False)
    folder: RunFolder

    @property
    def name(self) -> str:
        """The period, and a digest of inputs, registers, parameters and code."""
        return self.folder.name

    @property
    def period(self) -> str:
        """The census of the run, ``YYYY-MM``."""
        return self.catalogue.period

    @property
    def synthetic(self) -> bool:
        """Whether the extracts are invented."""
        return self.catalogue.synthetic

    @cached_property
    def periods(self) -> list[str]:
        """The censuses up to this one that have an individual-level extract, in order: each can have a run."""
        return sorted({entry.first_census for entry in self.catalogue.inputs if entry.kind == "workforce"})

    @cached_property
    def extracts(self) -> Extracts:
        """The typed frames of the extracts, with each row's role."""
        from analysis.runs.extracts_of_run import load_extracts  # noqa: PLC0415 - as above

        return load_extracts(self.catalogue, self.parameters.processed_folder, self.parameters.role)

    def validate(self) -> Validation:
        """Check the extracts, and save what was expected and found. Nothing is raised: see ``.gate()``."""
        from analysis.quality import validate  # noqa: PLC0415 - as above
        from analysis.runs import store  # noqa: PLC0415

        given = self.extracts
        validation = validate(given.workforce, given.bulletin, catalogue=self.catalogue, patients=given.patients)
        store.save_validation(validation, self.folder.path)
        self.folder.record(store.VALIDATION_FILE)
        return validation

    def analyse(self) -> Report:
        """Work out measures, assessment and facts, in memory; :meth:`save` saves them.

        Raises
        ------
        GateError
            Validation finds a critical failure. Extracts that were not validated yet are validated first.
        """
        from analysis.pipeline.measures_beside import measures_beside  # noqa: PLC0415 - as above
        from analysis.report.assembly import analyse  # noqa: PLC0415

        # A notebook that has looked at the extracts may have changed them.
        untouched = "extracts" not in vars(self)
        validation = self._validation() or self.validate()
        validation.gate()
        return analyse(
            self.extracts,
            validation=validation,
            published=load_published(),
            targets=load_targets(roles=self.extracts.roles),
            breaks=load_breaks(),
            measures=measures_beside(self.name) if untouched else None,
        )

    def save(self, analysis: Analysis) -> None:
        """Save an analysis of this run: ``facts.json``, ``assessment.json`` and the frames of the measures.

        Raises
        ------
        UsageError
            When it is an analysis of other extracts.
        """
        from analysis.runs import store  # noqa: PLC0415 - as above

        if (analysis.period, analysis.catalogue.inputs) != (self.period, self.catalogue.inputs):
            raise UsageError(
                f"This analysis is not of the run {self.name}.",
                "Figures of two runs would be mixed.",
                "Save what `analyse()` of the same run has given.",
            )
        store.save_analysis(analysis, self.folder.path)
        self.folder.record(*store.ANALYSIS_PARTS)

    def report(self) -> Report:
        """The analysis of this run: opened when it was saved, else validated, worked out and saved.

        Raises
        ------
        GateError
            Validation finds a critical failure.
        UsageError
            A part of the run was changed by other means.
        """
        from analysis.runs.open_report import open_report  # noqa: PLC0415 - as above

        if self._is_analysed():
            return open_report(self.folder.path)
        report = self.analyse()
        self.save(report)
        return report

    @cached_property
    def facts(self) -> Facts:
        """The facts of this run, each looked up when it is asked for; ``.frame()`` gives the figures as a tidy frame.

        Examples
        --------
        >>> run.facts["fte.splw.U00070.2022-09"]  # doctest: +SKIP
        >>> run.facts.frame(measures=["rate_reporting"], levels=["icb"], roles=["cc"])  # doctest: +SKIP
        """
        return self.report().facts

    def fact(
        self,
        name: str,
        *,
        value: float | None,
        unit: str,
        made_by: str | Callable[..., object],
        rows: pd.DataFrame,
        decimals: int = 0,
        signed: bool = False,
        note: str = "",
    ) -> Fact:
        """Make a fact of your own, ``own.<name>.<period>``: the page accepts it in prose, and says that it is yours.

        Parameters
        ----------
        name
            Small letters, digits and ``_``.
        value
            The figure, unrounded; ``None`` where there is none, and ``note`` says why (``[x]``, ``[z]``).
        unit
            Its unit, such as ``FTE per person``.
        made_by
            How it was made: the formula in words, or the function.
        rows
            The frame it was made from. Of rows of the extracts the page names the files and counts the rows.
        decimals, signed
            How it is printed.

        Raises
        ------
        UsageError
            When it does not say how, or from which rows, it was made.

        Examples
        --------
        >>> staff = run.extracts.workforce.query("role == 'splw' and census == @run.period")  # doctest: +SKIP
        >>> run.fact("mean_row", value=staff["fte"].mean(), unit="FTE per row",  # doctest: +SKIP
        ...          made_by="mean of fte", rows=staff, decimals=2)
        """
        from analysis.facts.own import own_fact  # noqa: PLC0415 - as above

        made = own_fact(
            name,
            value,
            unit,
            self.period,
            made_by=made_by,
            rows=rows,
            file_names={entry.sha256: entry.name for entry in self.catalogue.inputs},
            decimals=decimals,
            signed=signed,
            note=note,
        )
        self.facts.replace(made)
        return made

    @cached_property
    def charts(self) -> Charts:
        """The charts of the report, by name; each is an Altair chart with its words and its table."""
        return self.report().charts

    def what_changed(self) -> Prose:
        """Compare this run with the report before it, if there is one."""
        from analysis.comparison.text import what_changed  # noqa: PLC0415
        from analysis.pipeline.compare import changes_since_previous  # noqa: PLC0415 - as above

        if not self._is_analysed():
            self.report()
        return what_changed(changes_since_previous(self.folder.path))

    def _validation(self) -> Validation | None:
        """What validation has found in this run, if it was run."""
        from analysis.runs import store  # noqa: PLC0415 - as above

        is_there = self.folder.has(store.VALIDATION_FILE)
        return store.validation_in(self.folder.path, self.period) if is_there else None

    def _is_analysed(self) -> bool:
        from analysis.runs import store  # noqa: PLC0415 - as above

        return self.folder.has(*store.PARTS)

    def _repr_html_(self) -> str:
        """What is looked at: period, kind of data, folder, inputs, and when they were analysed."""
        return self.catalogue._repr_html_() + Markup("<p>{}</p>").format(" ".join(self._whereabouts()))

    def _whereabouts(self) -> list[str]:
        if self.parameters.results:  # a report is made: neither its time nor its place is that of the page
            return [f"Run {self.name}."]
        raw = "the synthetic sample" if self.synthetic and self.parameters.raw == RAW else self.parameters.raw
        sentences = [
            f"Extracts from {raw}.",
            f"Run {self.name}, in {self.parameters.processed}/{self.folder.path.parent.name}.",
        ]
        return [*sentences, f"Analysed on {made}." if (made := self._analysed()) else "Not analysed yet."]

    def _analysed(self) -> str:
        from analysis.runs import store  # noqa: PLC0415 - as above

        if not self._is_analysed():
            return ""
        at = dt.datetime.fromtimestamp((self.folder.path / store.FACTS_FILE).stat().st_mtime).astimezone()
        return f"{at.day} {at:%B %Y at %H:%M}"


def change(given: Extracts, start: str, end: str) -> pd.DataFrame:
    """Divide the change between any two censuses by which PCNs report: at both, at the later only, at the earlier only.

    ``given`` is ``run.extracts``. Gives the frame ``decomposition`` of the architecture page (FTE; England, regions,
    ICBs and sub-ICBs; by role and data source); its parts add up to the change.

    Raises
    ------
    UsageError
        A census of which there is no individual-level extract.

    Examples
    --------
    >>> import analysis as an
    >>> an.change(an.run().extracts, "2020-12", "2022-03")  # doctest: +SKIP
    """
    from analysis.measures.decomposition import decomposition  # noqa: PLC0415 - as above

    held = given.table.censuses
    for census in (start, end):
        if census not in held:
            raise UsageError(
                f"There is no individual-level extract of {census}.",
                "A change is decomposed network by network.",
                f"Choose two of these censuses: {', '.join(held)}.",
            )
    return decomposition(
        given.table,
        given.roles,
        load_breaks(),
        [(start, end)],
        patients=given.patients,
        practice_map=given.practice_map,
    )


class Listing(pd.DataFrame):
    """A frame that shows its texts and rows in full, where pandas cuts after 50 characters and 60 rows."""

    @property
    def _constructor(self) -> type[Listing]:
        return Listing

    def _repr_html_(self) -> str | None:
        with pd.option_context("display.max_colwidth", None, "display.max_rows", _MOST_ROWS):
            return super()._repr_html_()  # type: ignore[misc, no-any-return]  # not in the stubs of pandas


def table_of(items: Sequence[object]) -> Listing:
    """Lay out a sequence of results (inputs, checks, readings) as a frame: a row each, a column for each field.

    Fields that hold several things are told in words, the first three of them.
    """
    names = [item.name for item in fields(items[0])] if items else []  # type: ignore[arg-type]  # our results are dataclasses
    return Listing([{name: _in_words(getattr(item, name)) for name in names} for item in items], columns=names)


def _in_words(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        more = f"; and {len(value) - _LISTED:,} more" if len(value) > _LISTED else ""
        return "; ".join(str(_in_words(item)) for item in value[:_LISTED]) + more
    return value
