"""The publisher's site with the edition of June 2026, and a way to fetch from it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fetch.june_2026 import june_2026

from analysis.fetch import Fetched, Fetcher, FetchRequest
from analysis.fetch.publisher import load_publisher

if TYPE_CHECKING:
    from fetch.publisher_site import PublisherSite


@pytest.fixture
def site() -> Iterator[PublisherSite]:
    """The site, with one edition of each publication."""
    with june_2026() as publisher:
        yield publisher


@pytest.fixture
def publisher():
    """The publisher's settings, with short waits."""
    settings = load_publisher()
    quick = {"first_wait_seconds": 0.0, "pause_seconds": 0.0, "read_seconds": 0.5, "longest_wait_seconds": 2.0}
    return settings.model_copy(update={"limits": settings.limits.model_copy(update=quick)})


@pytest.fixture
def raw(tmp_path) -> Path:
    return tmp_path / "raw"


@pytest.fixture
def fetch(site, publisher, raw, tmp_path) -> Callable[..., list[Fetched]]:
    """``fetch(period="2026-06", ...)`` fetches into ``raw``; what was told is in ``fetch.told``."""

    def run(**asked: object) -> list[Fetched]:
        return list(run.fetcher(**asked).run())

    def fetcher(limits: dict[str, float] | None = None, **asked: object) -> Fetcher:
        settings = publisher.model_copy(update={"limits": publisher.limits.model_copy(update=limits or {})})
        asked = {"raw": raw, "processed": tmp_path / "processed", "base_url": site.address, **asked}
        return Fetcher(FetchRequest(**asked), tell=run.lines.append, warn=run.lines.append, publisher=settings)

    run.lines = []
    run.fetcher = fetcher
    return run


@pytest.fixture
def command(site, tmp_path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``analysis`` in an empty project, against the site."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "link-worker-report"\n', encoding="utf-8")

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from analysis.cli import main; main()", *arguments, "--base-url", site.address],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
