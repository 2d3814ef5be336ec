"""Text that is filled in: Markdown with names in double braces, as the notebook of the report has it.

``fill("There are **{{ fte }}** FTE.", {"fte": facts["fte.splw.ENG.2022-09"]})`` gives prose in which each number
carries its identity. The template language is Jinja2 in its sandbox. Markdown is read before the values are put in:
what comes from an extract is escaped, and none of it can become a heading, a link or markup. A number that is typed is
refused at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

import mistune
from jinja2 import StrictUndefined, Template, TemplateError, Undefined, meta, nodes, pass_context
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from analysis.errors import TextError, UsageError
from analysis.markup.html_tree import read_fragment
from analysis.markup.marks import dated
from analysis.markup.prose import Prose
from analysis.markup.text_filters import FILTERS
from analysis.markup.typed_numbers import typed_numbers

if TYPE_CHECKING:
    from jinja2.runtime import Context

    from analysis.markup.notebook_output import TableData

# A value stands in the Markdown as a number between two characters that no text of ours has.
_OPEN, _CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_ALONE = re.compile(f"<p>{_OPEN}(\\d+){_CLOSE}</p>")
_FILE = "<template>"  # as Jinja2 calls a template without a file
_BUILT_IN = ("first", "last", "length", "list", "select", "selectattr", "reject", "rejectattr", "map", "sort")
# A line of nothing but {% ... %} leaves no line behind; its end goes into the tag, so that lines keep their numbers.
_TAG = r"\{%(?:(?!%\})[^\n])*"
_TAG_LINES = re.compile(rf"^[ \t]*((?:{_TAG}%\}}[ \t]*)*{_TAG}?)([-+]?%\}})[ \t]*\n", re.MULTILINE)
_IN_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_IN_ADDRESS = "%EE%80%80"  # the first of the two characters, as Markdown writes it there
_NO_ATTRIBUTE = re.compile(r"'[\w. ]+' has no attribute ('\w+')")
TAB = "Tab after `report.text.` in a code cell lists the names."
_INLINE = frozenset({"p", "span"})
# Under this name a text that is being filled in has its slots: no text can name it.
_SLOTS = "slots of the text"
_MOST_PARSED = 256  # texts that are kept as they were read: a report has thirty, a page by area fifteen


@dataclass(frozen=True)
class Use:
    """Something that a text uses: its name, and on which line."""

    name: str
    line: int


@dataclass(frozen=True)
class ParsedText:
    """A text, read but not filled in.

    Parameters
    ----------
    source
        As it was written, from the line after ``%%text`` on.
    first_line
        The number of its first line in the cell.
    """

    source: str
    first_line: int = 1
    tree: nodes.Template = field(init=False, repr=False)
    template: Template = field(init=False, repr=False)

    def __post_init__(self) -> None:
        try:
            source = _without_tag_lines(self.source)
            template = _environment().from_string(source)  # finds a filter that there is not
            tree = _environment().parse(source)
        except TemplateError as error:
            raise self.error(str(error), getattr(error, "lineno", 1) or 1, _remedy(error)) from error
        object.__setattr__(self, "tree", tree)
        object.__setattr__(self, "template", template)

    @cached_property
    def names(self) -> list[Use]:
        """The names that the text needs, each where it first stands."""
        stored = {node.name for node in self.tree.find_all(nodes.Name) if node.ctx == "store"}
        undeclared = meta.find_undeclared_variables(self.tree) - stored  # what is set in a branch counts as undeclared
        found: dict[str, Use] = {}
        for node in self.tree.find_all(nodes.Name):
            if node.name in undeclared and node.ctx == "load":
                found.setdefault(node.name, Use(node.name, self.line(node.lineno)))
        return list(found.values())

    @property
    def attributes(self) -> Iterator[tuple[str, Use]]:
        """Each attribute of a name, with the name: ``("role", Use("plural", 3))``."""
        for node in self.tree.find_all(nodes.Getattr):
            if isinstance(node.node, nodes.Name):
                yield node.node.name, Use(node.attr, self.line(node.lineno))

    def keys_of(self, name: str, anything: str) -> Iterator[Use]:
        """What is asked for in ``name[...]``; ``anything`` stands for the parts that are not known yet."""
        for node in self.tree.find_all(nodes.Getitem):
            if isinstance(node.node, nodes.Name) and node.node.name == name:
                yield Use(_constant(node.arg, anything), self.line(node.lineno))

    def line(self, number: int) -> int:
        """The line of the cell, from the line of the template."""
        return number + self.first_line - 1

    def error(self, what: str, line: int, fix: str) -> TextError:
        """An error on a line of the template."""
        return TextError(
            f"Line {self.line(line)} of the cell: {what.rstrip('.')}.",
            "The text cannot be shown as it is written.",
            fix,
        )

    def no_such_name(self, use: Use, names: Iterable[str]) -> TextError:
        """An error for a name that there is not."""
        near = difflib.get_close_matches(use.name, list(names), n=3, cutoff=0.6)
        return TextError(
            f"Line {use.line} of the cell: there is no {use.name!r}.",
            "A text is filled with the names of the report, and with what the cells above it define.",
            f"Did you mean {' or '.join(near)}?" if near else TAB,
        )

    def refuse_typed_numbers(self) -> None:
        """Refuse a number in the text that is no fact, date, quotation or name.

        Raises
        ------
        TextError
            With the number and its line.
        """
        if self._typed_number is not None:
            raise self._typed(*self._typed_number)

    @cached_property
    def _typed_number(self) -> tuple[str, str] | None:
        """The first number that is typed, with the words around it."""
        written = "".join(_written(self.tree))
        found = typed_numbers(read_fragment(_markdown()(written)))
        return next(((number, around) for _, number, around in found), None)

    def _typed(self, number: str, around: str) -> TextError:
        bare = _IN_BRACES.sub(lambda found: "\n" * found.group().count("\n"), self.source)
        line = next((n for n, text in enumerate(bare.splitlines(), start=1) if number in text), 1)
        return TextError(
            f"Line {self.line(line)} of the cell: the number {number!r} in {around!r} is typed.",
            "Every number of the report is a fact, which says where it comes from and changes with the data.",
            "Write a fact, such as {{ fte }}, or a date, such as {{ period|month }}. A number of another text is "
            '{{ "…"|quoted }}, {{ "…"|cited }} or {{ "…"|given }}.',
        )

    def fill(self, names: Mapping[str, object]) -> Prose:
        """Fill the text in.

        Raises
        ------
        TextError
            A name that is not in ``names``, a typed number, a value that cannot be printed.
        """
        self.refuse_typed_numbers()
        slots: list[object] = []
        for use in self.names:
            if use.name not in names:
                raise self.no_such_name(use, names)
        known = {use.name: names[use.name] for use in self.names}
        try:
            text = self.template.render({**known, _SLOTS: slots})
        except UsageError as error:
            raise self._at_line(error) from error
        except (TemplateError, TypeError, ValueError, LookupError, AttributeError) as error:
            message = _NO_ATTRIBUTE.sub(r"there is no \1 in what stands before the dot", str(error))
            raise self.error(message, _line_of(error), _remedy(error)) from error
        return self._put_in(str(_markdown()(text)), slots)

    def _at_line(self, error: UsageError) -> UsageError:
        message = f"Line {self.line(_line_of(error))} of the cell: {error.what}"
        return TextError(message, error.why, error.fix)

    def _put_in(self, html: str, slots: list[object]) -> Prose:
        tables: list[TableData] = []
        for value in slots:
            tables += value.tables if _is_block(value) else ()  # type: ignore[attr-defined]  # a block has them

        def block(found: re.Match[str]) -> str:
            value = slots[int(found.group(1))]
            return str(value.to_html()) if _is_block(value) else found.group()  # type: ignore[attr-defined]  # a block has it

        def inline(found: re.Match[str]) -> str:
            return str(self._inline(slots[int(found.group(1))]))

        if _IN_ADDRESS in html:
            raise self.error("there is a value in the address of a link", 1, 'Write {{ "words"|link(address) }}.')
        filled = _SLOT.sub(inline, _ALONE.sub(block, html))
        for _, number, around in typed_numbers(read_fragment(filled)):
            raise self._typed(number, around)
        return Prose(Markup(filled.strip()), "div", "text", tuple(tables))  # noqa: S704 - Markdown with escaped values

    def _inline(self, value: object) -> Markup:
        if _is_block(value) and not (isinstance(value, Prose) and value.tag in _INLINE):
            raise self.error(
                f"{type(value).__name__} stands inside a sentence",
                1,
                "Put a chart, a table or a list on its own line, with an empty line before and after it.",
            )
        return escape(value).replace(_OPEN, "")  # a text with a mark of ours would put in another value


def fill(source: str, names: Mapping[str, object], first_line: int = 1) -> Prose:
    """Fill a text in: see :meth:`ParsedText.fill`."""
    return _parsed(source, first_line).fill(names)


@lru_cache(_MOST_PARSED)
def _parsed(source: str, first_line: int) -> ParsedText:
    """A text as it was read: a notebook of an area fills the same texts in for a thousand areas."""
    return ParsedText(source, first_line)


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_slot)
    built_in = {name: environment.filters[name] for name in _BUILT_IN}
    environment.filters = {**built_in, **FILTERS}
    environment.globals = {}
    return environment


@cache
def _markdown() -> Callable[[str], str]:
    markdown = mistune.create_markdown(escape=True, hard_wrap=False, plugins=["def_list"])
    markdown.block.rules.remove("indent_code")  # what is indented below {% for %} is text, and not code
    return markdown  # type: ignore[return-value]  # it gives text with the HTML renderer


def _without_tag_lines(source: str) -> str:
    return _TAG_LINES.sub(r"\1\n\2", source)


@pass_context  # and so it is never asked while a text is read, but only while one is filled in
def _slot(context: Context, value: object) -> str:
    """Keep a value for later, and give what stands for it in the Markdown."""
    slots: list[object] = context[_SLOTS]
    if isinstance(value, Undefined):
        str(value)  # raises
    if (isinstance(value, str) and not value) or (isinstance(value, Prose) and not value.html):
        return ""
    if isinstance(value, str) and not isinstance(value, Markup):
        value = dated(value)
    if not isinstance(value, str) and not hasattr(type(value), "__html__") and not _is_block(value):
        kind = "nothing (None)" if value is None else f"a bare {type(value).__name__}, {value}"
        raise TextError(
            f"what is printed is {kind}.",
            "A number in a text is a fact, which says where it comes from.",
            "Print the fact itself, as {{ fte }} and not {{ fte.value }}.",
        )
    slots.append(value if _is_block(value) else escape(value))  # now: an error names the line that is at work
    return f"{_OPEN}{len(slots) - 1}{_CLOSE}"


def _is_block(value: object) -> bool:
    """Whether it is prose, a chart or a table, which can stand on a line of its own.

    Its class is asked, since a figure of a text answers to any name.
    """
    return hasattr(type(value), "to_html")


def _written(node: nodes.Node) -> Iterator[str]:
    """All that is written in a template, in every branch; a mark for each value."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Output):
        for part in node.nodes:
            yield part.data if isinstance(part, nodes.TemplateData) else _typed(part)
    else:
        for child in node.iter_child_nodes():
            yield from _written(child)


def _typed(node: nodes.Node) -> str:
    """What is typed of a value that is printed: ``{{ "12 networks" }}`` is a typed number as much as one outside."""
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, (nodes.Concat, nodes.Add, nodes.CondExpr)):
        return " ".join(map(_typed, node.iter_child_nodes())).strip()
    return "…"


def _constant(node: nodes.Node, anything: str) -> str:
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, (nodes.Concat, nodes.Add)):
        parts = node.nodes if isinstance(node, nodes.Concat) else [node.left, node.right]
        return "".join(_constant(part, anything) for part in parts)
    return anything


def _line_of(error: BaseException) -> int:
    """The line of the template in which an error was raised."""
    trace, line = error.__traceback__, 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _remedy(error: BaseException) -> str:
    message = str(error)
    if "No filter named" in message:
        return f"Use one of the filters: {', '.join(sorted((*FILTERS, *_BUILT_IN)))}."
    if "has no attribute" in message:
        return TAB
    return "Correct the line: {{ name }} prints a value; {% if name %} … {% endif %} shows a part of the text."
