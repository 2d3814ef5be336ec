"""What can go wrong while an edition is fetched."""

from __future__ import annotations

from analysis.errors import ExtractError


class FetchError(ExtractError):
    """An edition, or a file of it, cannot be had from the publisher."""


class NotPublishedError(FetchError):
    """There is no page, or no file, at the address where it would be."""
