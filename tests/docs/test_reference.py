"""The reference of the package is made offline from the docstrings, and has every module."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from tests.docs.documents import ROOT
from tests.docs.walked_project import WalkedProject

import analysis

pytestmark = pytest.mark.xdist_group("reference")


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    """The pages that the documented command, ``make docs``, makes in a copy of the project."""
    project = WalkedProject(tmp_path_factory.mktemp("reference") / "project")
    for name in ("python", "pdoc"):  # of the tests' own environment
        program = project.root / ".venv/bin" / name
        module = "-m pdoc " if name == "pdoc" else ""
        # A warning of pdoc is a fault in a docstring, and stops it.
        strict = "-W error::UserWarning " if name == "python" else ""
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {strict}{module}"$@"\n', encoding="utf-8")
        program.chmod(0o755)
    project.run("make docs")
    return project.root / "docs/api"


def test_every_module_has_its_page(reference):
    """A module that cannot be imported, or is left out, would have none."""
    package = ROOT / "src/analysis"
    modules = {
        path.relative_to(package.parent).with_suffix("").as_posix().removesuffix("/__init__")
        for path in package.rglob("*.py")
    }
    made = {path.relative_to(reference).with_suffix("").as_posix() for path in reference.rglob("*.html")}
    assert modules - made == set()


def test_what_notebooks_call_is_explained_on_the_first_page(reference):
    """Each public name of ``import analysis as an``."""
    page = (reference / "analysis.html").read_text(encoding="utf-8")
    assert [name for name in analysis.__all__ if name != "__version__" and f'id="{name}"' not in page] == []


def test_the_pages_load_nothing_from_elsewhere(reference):
    """No script, style, font or picture has a remote address."""
    for path in reference.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert not re.findall(r"<(?:script|img|iframe|source)[^>]*\ssrc=[\"']https?:", page), path.name
        assert not re.findall(r"<link[^>]*\shref=[\"']https?:", page), path.name
