"""What changed since the report before: figures first, then revisions, verdicts, networks, and what is lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.columns import ENGLAND
from analysis.comparison.tables import ROWS_SHOWN, comparison_tables
from analysis.markup.prose import Prose, bullets, dated, joined, listed, month, panel, say
from analysis.tables.base import disclosed

if TYPE_CHECKING:
    from analysis.comparison.compare import Comparison
    from analysis.comparison.since_report_before import VerdictChange
    from analysis.facts.fact import Fact

# How many networks, by kind: in words for one, and for any other number.
_NETWORKS = {
    "began_reporting": "began to report",
    "newly_formed": "were formed or given another code",
    "only_later": "are in the later data only, and nothing tells why",
    "stopped_reporting": "stopped reporting",
    "closed": "closed, merged or were given another code",
    "only_earlier": "are in the earlier data only, and nothing tells why",
}
_OPEN = ("changes-figures", "changes-areas")


def what_changed(comparison: Comparison) -> Prose:
    """Say what differs from the report before; the first report says that it is the first."""
    if comparison.is_first:
        first = say("There is no earlier report to compare this one with.")
        return panel([first, *_passed_over(comparison)], css_class="changed")
    tables = {table.id: table for table in comparison_tables(comparison, rows=ROWS_SHOWN)}
    news = [tables[name] for name in _OPEN if name in tables]
    rest = [disclosed(table) for name, table in tables.items() if name not in _OPEN]
    return panel([*changes_in_words(comparison), *news, *rest], css_class="changed")


def changes_in_words(comparison: Comparison) -> list[Prose]:
    """What changed between two reports, in the order in which a reader asks."""
    return [
        joined([_compared_with(comparison), *_figures(comparison)]),
        _revisions(comparison),
        bullets([_verdict(change) for change in comparison.one_verdicts]),
        *_networks(comparison),
        *([say("{lacks}", lacks=dated(" ".join(("Not compared.", *comparison.lacks))))] if comparison.lacks else []),
        *_passed_over(comparison),
    ]


def _compared_with(comparison: Comparison) -> Prose:
    return say("Compared with the report for {old}.", old=month(comparison.old_period))


def _figures(comparison: Comparison) -> list[Prose]:
    """The FTE of the role and the networks that reported, at both censuses; nothing where a figure lacks."""
    censuses = (comparison.old_period, comparison.new_period)
    fte = [_fact(comparison, f"fte.{comparison.role}.{ENGLAND}.{census}") for census in censuses]
    networks = [_fact(comparison, f"pcns_reporting.{ENGLAND}.{census}") for census in censuses]
    broken = ", across a break in the series" if comparison.breaks else ""
    words = {
        f"Reported FTE {{went}} from {{old}} to {{new}}{broken}.": fte,
        "The number of networks reporting {went} from {old} to {new}.": networks,
    }
    return [
        say(sentence, went=_went(old, new), old=old, new=new)
        for sentence, (old, new) in words.items()
        if old is not None and new is not None
    ]


def _fact(comparison: Comparison, fact_id: str) -> Fact | None:
    fact = comparison.facts[fact_id] if fact_id in comparison.facts else None  # noqa: SIM401 - Facts.get names the nearest ids
    return fact if fact is not None and fact.value is not None else None


def _went(old: Fact, new: Fact) -> str:
    before, after = old.value or 0.0, new.value or 0.0
    return "rose" if after > before else "fell" if after < before else "stayed the same,"


def _revisions(comparison: Comparison) -> Prose:
    """Whether a figure of an earlier census has another value now: that none has is news."""
    if not comparison.counts["figures of the same census revised"]:
        return say("Revisions: none. No figure of an earlier census has another value.")
    return say("Revisions: figures of earlier censuses have other values. The table of revised figures lists them.")


def _verdict(change: VerdictChange) -> Prose:
    """What became of the verdict on a target."""
    target = dated(change.target)
    if not change.old:
        return say("{target}: new in this report: {new}.", target=target, new=dated(change.new))
    if not change.new:
        return say("{target}: no longer in the report; it was {old}.", target=target, old=dated(change.old))
    if change.old == change.new:
        return say("{target}: as before, {new}.", target=target, new=dated(change.new))
    return say("{target}: {new}; before, {old}.", target=target, new=dated(change.new), old=dated(change.old))


def _networks(comparison: Comparison) -> list[Prose]:
    """How many networks began to report, were formed, stopped or closed between the two, where that is known."""
    facts = {kind: fact for kind, name in comparison.networks.items() if (fact := _fact(comparison, name))}
    if not facts:
        return []
    some = [say("{n} {what}", n=fact, what=_NETWORKS[kind]) for kind, fact in facts.items() if fact.value]
    return [say("Networks: {some}.", some=listed(list(some)) if some else "none began, stopped, formed or closed")]


def _passed_over(comparison: Comparison) -> list[Prose]:
    if not comparison.unreadable:
        return []
    months = listed([month(census) for census in comparison.unreadable])
    words = "Passed over, because it cannot be read: {months}. Make that report again to compare with it."
    return [say(words, months=months)]
