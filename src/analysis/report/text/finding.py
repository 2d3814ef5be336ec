"""A finding: what logic with branches gives a text, as a sentence, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from analysis.facts.fact import Fact
from analysis.markup.prose import Prose


@dataclass(frozen=True)
class Finding:
    """A sentence whose words depend on the figures; ``{{ finding }}`` prints it.

    Parameters
    ----------
    sentence
        The whole sentence, with its full stop.
    value
        The figure that it turns on, if there is one.
    reason
        Why it is said so, in a few words; empty where the figures alone say why.
    """

    sentence: Prose
    value: Fact | None = None
    reason: str = ""

    def __html__(self) -> str:
        return Markup(escape(self.sentence))  # noqa: S704 - prose is escaped where it is made

    def __str__(self) -> str:
        return self.sentence.text

    def __bool__(self) -> bool:
        return bool(self.sentence.html)
