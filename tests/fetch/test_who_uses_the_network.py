"""Only ``analysis.fetch`` speaks to other machines, and a report loads it only when it is asked to fetch."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src/analysis"
SPEAKING = {"requests", "urllib3", "httpx", "http", "socket", "ssl", "urllib.request", "ftplib", "smtplib", "tenacity"}


# Pairs of sockets between processes of one machine: the kernels are forked by a process that is asked through one.
WITHIN_THE_MACHINE = {"pipeline/forked_kernels.py", "pipeline/kernel_template.py"}


def imported(path: Path) -> set[str]:
    """What a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_other_module_imports_what_speaks_to_other_machines():
    """By name or by a part of it: ``requests``, ``requests.adapters``."""
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for name in imported(path)
        if name in SPEAKING or name.partition(".")[0] in SPEAKING
    }
    assert {name.partition("/")[0] for name in found - WITHIN_THE_MACHINE} == {"fetch"}


def test_the_sockets_of_kernels_lead_to_no_other_machine():
    """Each is one of a pair that was made as such, or is inherited; none is ever connected or bound to an address."""
    for name in WITHIN_THE_MACHINE:
        source = (PACKAGE / name).read_text(encoding="utf-8")
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        made = [node for node in calls if ast.unparse(node.func) == "socket.socket"]
        assert all([argument.arg for argument in node.keywords] == ["fileno"] for node in made), name
        asked = {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
        assert asked.isdisjoint({"connect", "connect_ex", "bind", "listen", "create_connection"}), name
        pairs = [node for node in calls if ast.unparse(node.func) == "socket.socketpair"]
        assert all(ast.unparse(node.args[0]) == "socket.AF_UNIX" for node in pairs), name


def test_what_makes_a_report_does_not_load_it():
    code = "import sys, analysis.api, analysis.pipeline.make_report, analysis.cli; print([m for m in sys.modules if m.startswith('analysis.fetch')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
