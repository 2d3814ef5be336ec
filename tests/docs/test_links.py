"""Links between the documents lead somewhere, and each document can be reached."""

from __future__ import annotations

import re

import pytest
from tests.docs.documents import DOCS, DOCUMENTS, ROOT, anchors, links

# Made by `make docs`, never committed.
MADE = {"docs/api/index.html"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_within_the_project_resolves(document):
    """A file that is there, and a heading in it where the link names one."""
    broken = []
    for link in links(document):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        there = target.exists() or target.relative_to(ROOT).as_posix() in MADE
        if not there or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_document_is_linked_from_another():
    """Nobody finds a page that nothing leads to."""
    linked = {
        (document.parent / link.partition("#")[0]).resolve()
        for document in DOCUMENTS
        for link in links(document)
        if not link.startswith("http") and not link.startswith("#")
    }
    pages = {path for path in DOCS.rglob("*.md") if "api" not in path.relative_to(DOCS).parts}
    lost = {path.relative_to(ROOT).as_posix() for path in pages if path not in linked}
    # A folder that is linked shows its README.
    assert lost == set()


def test_no_document_names_a_path_of_a_machine():
    """Documents are read elsewhere."""
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        assert not re.findall(r"/(?:work|home|root|tmp|Users)/", text), document.name
