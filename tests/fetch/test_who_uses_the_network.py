"""Only ``analysis.fetch`` speaks to other machines, and a report loads it only when it is asked to fetch."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src/analysis"
SPEAKING = {"requests", "urllib3", "httpx", "http", "socket", "ssl", "urllib.request", "ftplib", "smtplib", "tenacity"}


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
    assert {name.partition("/")[0] for name in found} == {"fetch"}


def test_what_makes_a_report_does_not_load_it():
    code = "import sys, analysis.api, analysis.pipeline.make_report, analysis.cli; print([m for m in sys.modules if m.startswith('analysis.fetch')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
