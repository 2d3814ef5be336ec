"""A copy of the project in which the blocks of a how-to are carried out as a reader would.

``sh``: the commands are run. ``diff``: the lines are exchanged in the file that the text before names last; in a
notebook, the source of a cell, or lines of one. ``toml``: added at the end of that file. ``python``: run, or, when the
text names a notebook and a heading, added as a cell below it, as ``jinja`` is. ``markdown``: added as a cell above that
heading. ``text``: what the block before prints.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
from tests.docs.documents import DOCS, Block, blocks
from tests.e2e.command import PATIENCE_SECONDS, copy_project

_MAIN = "from analysis.cli import main; main()"


class WalkedProject:
    """The copy, with an environment that is the tests' own and a package that is the copy's."""

    def __init__(self, root: Path) -> None:
        self.root = root
        copy_project(root)
        program = root / ".venv/bin/analysis"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{_MAIN}" "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        # Newer than the locks just copied: make finds the environment whole.
        (root / ".venv/.dev-stamp").write_text(f"home={root.resolve()}\n", encoding="utf-8")
        self._so_far = ""
        self._added: dict[str, int] = {}

    def walk(self, how_to: str, *, passing_over: tuple[str, ...] = (), ends: dict[str, int] | None = None) -> str:
        """Carry out the blocks of ``docs/how-to/<how_to>``; return what the last one printed.

        ``passing_over`` are commands not to run here; ``ends`` gives the exit code of commands that must fail, the
        first time.
        """
        said = ""
        self._so_far = ""
        fails = dict(ends or {})
        for block in blocks(DOCS / "how-to" / how_to):
            if block.language == "text":
                assert said.strip() == block.text.strip()
            else:
                said = self._carry_out(block, passing_over, fails)
        return said

    def _carry_out(self, block: Block, passing_over: tuple[str, ...], ends: dict[str, int]) -> str:
        if block.language == "sh":
            commands = [line for line in block.text.splitlines() if line not in passing_over]
            return "".join(self.run(command, ends.pop(command, 0)) for command in commands)
        heading = re.search(r"heading\s+`(#+ [^`]+)`", block.before)
        if block.language in {"python", "markdown", "jinja"} and heading:
            return self._add_cell(block.named_file, heading.group(1), block)
        if block.language == "python":
            return self._python(block.text)
        self._so_far = ""  # Python that ran before an edit ran with the old file
        if block.language == "toml":
            with (self.root / block.named_file).open("a", encoding="utf-8") as file:
                file.write(block.text)
        elif block.language == "diff":
            self._exchange(self.root / block.named_file, block.text)
        else:
            raise ValueError(f"no way to carry out a block of {block.language!r}")
        return ""

    def run(self, command: str, exit_code: int = 0) -> str:
        """Run a command of a document; make tells the exit code of a command that fails as ``Error N``."""
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.root,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        ended = int(found.group(1)) if (found := re.search(r"Error (\d+)", done.stderr)) else done.returncode
        assert ended == exit_code, f"{command}: {done.stderr}"
        return done.stdout

    @property
    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "COV_"))}
        path = os.pathsep.join(filter(None, (str(self.root / "src"), os.environ.get("PYTHONPATH", ""))))
        return inherited | {"PYTHONPATH": path}

    def _python(self, source: str) -> str:
        """Run a block after those before it, and show the last expression, as a notebook does."""
        self._so_far += source
        lines = ast.parse(source).body
        last = lines[-1]
        if isinstance(last, ast.Expr):
            lines = [*lines[:-1], *ast.parse(f"_ = {ast.unparse(last)}\nif _ is not None: print(_)").body]
        before = self._so_far.removesuffix(source)
        program = f"{before}\nprint('\\0')\n{ast.unparse(ast.Module(lines, []))}"
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=self.root,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.partition("\0\n")[2]

    def _add_cell(self, path: str, heading: str, block: Block) -> str:
        """Add prose above a heading; code below it, after what was added there before."""
        notebook = nbformat.read(self.root / path, as_version=4)
        (place,) = (
            n
            for n, cell in enumerate(notebook.cells)
            if cell.source.startswith(heading + "\n") or cell.source == heading
        )
        source = block.text.rstrip("\n")
        if block.language == "markdown":
            notebook.cells.insert(place, nbformat.v4.new_markdown_cell(source))
        else:
            self._added[heading] = self._added.get(heading, 0) + 1
            notebook.cells.insert(place + self._added[heading], nbformat.v4.new_code_cell(source))
        nbformat.write(notebook, self.root / path)
        return ""

    @staticmethod
    def _exchange(path: Path, difference: str) -> None:
        """Put the new lines of a difference in the place of the old ones, which must stand there once."""
        lines = [(line[:1], line[1:]) for line in difference.splitlines()]
        old, new = ("\n".join(text for mark, text in lines if mark in kept) for kept in (" -", " +"))
        if path.suffix == ".ipynb":
            notebook = nbformat.read(path, as_version=4)
            (cell,) = (cell for cell in notebook.cells if f"\n{cell.source}\n".count(f"\n{old}\n") == 1)
            cell.source = f"\n{cell.source}\n".replace(f"\n{old}\n", f"\n{new}\n")[1:-1]
            nbformat.write(notebook, path)
            return
        text = path.read_text(encoding="utf-8")
        assert text.count(f"\n{old}\n") == 1, f"{path.name}: {old!r} stands there {text.count(old)} times"
        path.write_text(text.replace(f"\n{old}\n", f"\n{new}\n"), encoding="utf-8")
