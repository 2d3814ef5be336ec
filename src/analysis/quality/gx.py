"""Great Expectations as this package uses it: the one place that imports it, with its side effect undone."""

from __future__ import annotations

import logging

import great_expectations
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations import (  # type: ignore[attr-defined] # GX does not mark what it re-exports
    ExpectColumnPairValuesToBeEqual,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeNull,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.metadata_types import FailureSeverity

# Importing Great Expectations diverts all Python warnings into a log that nobody reads.
logging.captureWarnings(capture=False)

__all__ = [
    "DataContextConfig",
    "ExpectColumnPairValuesToBeEqual",
    "ExpectColumnValuesToBeBetween",
    "ExpectColumnValuesToBeInSet",
    "ExpectColumnValuesToBeNull",
    "ExpectColumnValuesToMatchRegex",
    "ExpectColumnValuesToNotBeNull",
    "FailureSeverity",
    "InMemoryStoreBackendDefaults",
    "ProgressBarsConfig",
    "great_expectations",
]
