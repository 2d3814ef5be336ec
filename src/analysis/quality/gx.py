"""Great Expectations as this package uses it: the one place that imports it, with its side effects undone."""

from __future__ import annotations

import importlib
import logging
import sys
from types import ModuleType
from typing import Any

import scipy


class _ImportedWhenUsed(ModuleType):
    """Stands for a module, and imports it when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)


# A third of the time that Great Expectations takes to be imported is this module, which it uses for tests of
# distributions that no suite here has. `from scipy import stats` finds what stands in its place; nothing else does.
_IS_THERE = "scipy.stats" in sys.modules
if not _IS_THERE:
    scipy.stats = _ImportedWhenUsed("scipy.stats")

import great_expectations  # noqa: E402
from great_expectations.data_context.types.base import (  # noqa: E402
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations import (  # type: ignore[attr-defined] # noqa: E402 # GX does not mark re-exports
    ExpectColumnPairValuesToBeEqual,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToBeNull,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.metadata_types import FailureSeverity  # noqa: E402

if not _IS_THERE:
    del scipy.stats

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
