"""Figures that can be traced: each fact in the prose becomes a link to an entry that says where it comes from.

The entries stand on a page of their own, ``origins.html``. The report holds the same in few bytes, so that a card can
open beside a figure also where the page was sent alone. Without script the link leads to the other page: in the report
the list would be longer than all that is read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from markupsafe import Markup

from analysis.errors import PageError
from analysis.facts.fact import Fact, Facts, Source
from analysis.facts.own import LINEAGE_ATTRIBUTE, own_fact_from_html
from analysis.markup.html_tree import Node, is_within, new_element, wrap
from analysis.publish.context import PageContext
from analysis.publish.origin_words import (
    counted_from,
    in_plain_words,
    link_name,
    period_label,
    status_sentence,
    with_unit,
)
from analysis.publish.outline import Heading
from analysis.publish.shell import fill

# A link inside one of these would be a control inside a control.
_ALREADY_ACTIVE = ("a", "summary", "button", "label", "svg")
_AFTER_PUNCTUATION = re.compile(r"(?<=[,:;.]) ")
ORIGINS = "origins.html"
ORIGINS_TITLE = "Where each figure comes from"
ORIGINS_DESCRIPTION = (
    "Each figure of the report: what it means, how it was made, and the files and rows that it was counted from."
)


@dataclass(frozen=True)
class Input:
    """A file that facts were counted from, listed once, and the censuses of the facts that it served."""

    letter: str
    source: Source
    censuses: tuple[str, ...] = ()

    @property
    def used_for(self) -> str:
        """The censuses in words: a bulletin holds many, and a list of patients serves those about its date."""
        first, last = (self.censuses[0], self.censuses[-1]) if self.censuses else ("", "")
        return f"the census {first}" if first == last else f"censuses {first} to {last}"


@dataclass(frozen=True)
class OriginEntry:
    """A fact and the inputs it was counted from, with the rows counted in each."""

    fact: Fact
    used: tuple[tuple[Input, int], ...]

    @property
    def anchor(self) -> str:
        """The id of its entry on the page."""
        return anchor(self.fact.id)

    @property
    def figure(self) -> str:
        """The printed figure with its unit in words, and its census."""
        label = period_label(self.fact)
        return with_unit(self.fact) + (f", {label}" if label else "")

    @property
    def in_words(self) -> str:
        """What the figure is and what it was counted from, for a reader who knows none of the terms."""
        counted = counted_from(rows for _, rows in self.used)
        sentences = (f"{in_plain_words(self.fact.origin.definition)}.", counted, status_sentence(self.fact))
        return " ".join(filter(None, sentences))

    @property
    def value(self) -> str:
        """The unrounded value; ``none`` where there is none."""
        return "none" if self.fact.value is None else str(self.fact.value)

    @property
    def printed(self) -> str:
        """How the value became the printed figure, and its status."""
        rounding = "" if self.fact.value is None else f"{self.fact.origin.rounding}; "
        return f"{rounding}{self.fact.status.value}"


def anchor(fact_id: str) -> str:
    """The id of a fact's entry.

    >>> anchor("fte.splw.ENG.2021-12")
    'origin-fte.splw.ENG.2021-12'
    """
    return "origin-" + re.sub(r"[^A-Za-z0-9._-]", "-", fact_id)


def link_facts(body: Node, facts: Facts, *, page: str = ORIGINS) -> list[Fact]:
    """Make each ``<data data-fact>`` a link to its origin, in place; return the facts in order of first use.

    ``page`` is the page that the origins stand on; empty for the same.

    Raises
    ------
    PageError
        When a figure names a fact that is not there, or differs from it: a figure without an origin is not printed.
    """
    used: dict[str, Fact] = {}
    for data in body.css("data[data-fact]"):
        fact_id = data.attrs.sget("data-fact")
        if LINEAGE_ATTRIBUTE in data.attrs:
            _take_in(data, facts)
        if fact_id not in facts:
            raise PageError(
                f"The prose shows {data.text()!r} as the fact {fact_id!r}, which the analysis does not hold.",
                "A figure whose origin cannot be shown cannot be checked.",
                "Run all notebooks again from the first, correct the id, or make it a fact with `run.fact`.",
            )
        fact = facts[fact_id]
        _refuse_difference(data, fact)
        used[fact_id] = fact
        if not is_within(data, *_ALREADY_ACTIVE):
            attributes = {"class": "fact", "href": f"{page}#{anchor(fact_id)}", "aria-label": link_name(fact)}
            wrap(data, new_element(data, "a", attributes))
    return list(used.values())


def _take_in(data: Node, facts: Facts) -> None:
    """Take in a fact of the analyst's own, whose element carries its lineage; the page does without that attribute."""
    try:
        facts.add(own_fact_from_html(data.attributes, data.text()))
    except (ValueError, KeyError, TypeError) as error:
        raise PageError(
            f"The prose shows {data.text()!r} as {data.attrs.sget('data-fact')!r}, which has two values or no lineage.",
            "One id means one figure.",
            "Make the fact once with `run.fact`, with its own name, and use what it returns.",
        ) from error
    del data.attrs[LINEAGE_ATTRIBUTE]


def _refuse_difference(data: Node, fact: Fact) -> None:
    value = "" if fact.value is None else repr(fact.value)
    text = fact.text
    if "data-size" in data.attrs:  # the words around it say the direction: marks.without_sign
        del data.attrs["data-size"]
        text = text.lstrip("+−")
    shown = data.attrs.get("value")
    if (shown, data.text()) != (value, text):
        raise PageError(
            f"The prose shows {data.text()!r} ({shown}) where the fact {fact.id!r} is {fact.text!r} ({value}).",
            "The notebook was run on other data than the analysis was made from, or the figure was edited by hand.",
            "Run all notebooks again from the first.",
        )


def origins_section(used: list[Fact]) -> str:
    """The origins of the figures of a page that is sent alone, as its last section."""
    inputs, entries = origin_entries(used)
    return fill("origins_section.html.j2", inputs=inputs, origins=entries)


def origin_entries(used: list[Fact]) -> tuple[list[Input], list[OriginEntry]]:
    """Give the inputs of the facts used a letter each, by census and name, and refer each fact to them."""
    every = sorted(
        (source for fact in used for source in fact.origin.sources),
        key=lambda source: (source.census, source.file, source.sha256),
    )
    by_file: dict[tuple[str, str], list[Source]] = {}
    for source in every:
        by_file.setdefault((source.file, source.sha256), []).append(source)
    inputs = [
        Input(_letter(place), found[0], tuple(dict.fromkeys(source.census for source in found if source.census)))
        for place, found in enumerate(by_file.values())
    ]
    by_key = {(item.source.file, item.source.sha256): item for item in inputs}
    entries = [
        OriginEntry(fact, tuple((by_key[source.file, source.sha256], source.rows) for source in fact.origin.sources))
        for fact in used
    ]
    return inputs, entries


def _letter(place: int) -> str:
    """``A`` to ``Z``, then ``AA``, as a list with ``type="A"`` has them: file names begin with numbers of their own.

    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', 'AA')
    """
    before, rest = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + rest)


def card_data(used: list[Fact]) -> Markup:
    """What the cards of the report show, as JSON for a data block of the page; empty where no fact is used.

    ``inputs`` has file, use and checksum of each file. ``parts`` holds each part of a text once: the texts name
    the same roles and areas again and again. ``cards`` has, by fact id, five texts (figure, words, formula, value, how
    it is printed), each as places in ``parts``, and a list of an input and its rows by turns.
    """
    if not used:
        return Markup()
    inputs, entries = origin_entries(used)
    parts: dict[str, int] = {}

    def places(text: str) -> list[int]:
        return [parts.setdefault(part, len(parts)) for part in _AFTER_PUNCTUATION.split(text)]

    number = {item.letter: at for at, item in enumerate(inputs)}
    cards = {
        entry.fact.id: [
            *map(places, (entry.figure, entry.in_words, entry.fact.origin.expression, entry.value, entry.printed)),
            [count for item, rows in entry.used for count in (number[item.letter], rows)],
        ]
        for entry in entries
    }
    files = [[item.source.file, item.used_for if item.censuses else "", item.source.sha256] for item in inputs]
    data = {"inputs": files, "parts": list(parts), "cards": cards}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Within a script element "<" could end it or begin a comment.
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 no character of it is markup any more


def render_origins(used: list[Fact], context: PageContext) -> str:
    """Render the list of all origins as a page of its own."""
    inputs, entries = origin_entries(used)
    return fill(
        "origins.html.j2",
        context=context,
        contents=(
            Heading("origins-inputs", "Files"),
            Heading("origins-figures", "Figures, in the order of the report"),
        ),
        inputs=inputs,
        origins=entries,
        card_data=Markup(),
    )
