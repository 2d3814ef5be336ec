"""What can go wrong for a user, and how it is told.

Each error says three things: what happened and where, why it matters, and how to fix it. The exit code
belongs to the kind of error, so that a scheduler can tell them apart. The list of codes is in the README.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from analysis.characters import printable


class UserError(Exception):
    """An error that the user can correct: shown as three plain sentences, without a traceback.

    Parameters
    ----------
    what
        What happened and where: file, row, cell, parameter.
    why
        Why it matters, or why it is not allowed.
    fix
        The command or edit that mends it.
    """

    exit_code: ClassVar[int] = 70
    kind: ClassVar[str] = "error"

    def __init__(self, what: str, why: str, fix: str) -> None:
        # Names and cells of extracts stand in these sentences; a terminal would obey the control characters in them.
        what, why, fix = printable(what), printable(why), printable(fix)
        super().__init__(what, why, fix)
        self.what, self.why, self.fix = what, why, fix

    def __str__(self) -> str:
        return f"{self.what}\n  Why: {self.why}\n  Fix: {self.fix}"

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback: IPython asks for it by this name."""
        return [f"{type(self).__name__}: {self}"]

    @staticmethod
    def from_text(name: str, text: str) -> UserError | None:
        """The error that was raised in another process, from its class name and its text; ``None`` if it is none.

        A notebook's kernel hands over no more than these two.
        """
        match = _THREE_PARTS.match(text)
        kinds = {kind.__name__: kind for kind in _kinds(UserError)}
        return kinds[name](*match.groups()) if match and name in kinds else None


class UsageError(UserError):
    """An unknown option or a parameter of the wrong type or value."""

    exit_code = 2
    kind = "wrong use"


class ExtractError(UserError):
    """An extract is missing, unreadable or not recognised."""

    exit_code = 3
    kind = "extract"


class RegisterError(UsageError):
    """One of the editable registers (targets, roles, breaks, ...) does not pass its checks."""

    kind = "register"


class TextError(UsageError):
    """A text of a notebook that cannot be shown as it is written."""


class GateError(UserError):
    """Validation found a critical failure: nothing is analysed."""

    exit_code = 4
    kind = "validation"


class NotebookError(UserError):
    """A notebook failed: a cell raised, its kernel died, or it took too long."""

    exit_code = 5
    kind = "notebook"


class PageError(UserError):
    """The page did not pass its own checks, or a strict run did not come out final."""

    exit_code = 6
    kind = "page"


_THREE_PARTS = re.compile(r"(.*?)\n  Why: (.*?)\n  Fix: (.*)", re.DOTALL)


def first_few(items: Sequence[str], most: int) -> str:
    """The first ``most`` of ``items`` as a message lists them, and how many more there are.

    >>> first_few(["a", "b", "c"], 2), first_few(["a", "b"], 2)
    ('a, b and 1 more', 'a, b')
    """
    more = f" and {len(items) - most:,} more" if len(items) > most else ""
    return ", ".join(items[:most]) + more


def _kinds(kind: type[UserError]) -> Iterator[type[UserError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
