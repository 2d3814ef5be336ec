"""Get editions of the extracts from their publisher into RAW. Nothing else of the package uses the network."""

from analysis.fetch.editions import ALL, Fetched, Fetcher, FetchRequest, parse_what
from analysis.fetch.errors import FetchError

__all__ = ["ALL", "FetchError", "FetchRequest", "Fetched", "Fetcher", "parse_what"]
