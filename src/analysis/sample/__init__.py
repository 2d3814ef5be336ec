"""Synthetic extracts in the true layouts, calibrated to the published national totals, and marked as synthetic."""

from analysis.sample.future import write_future_extract
from analysis.sample.geography import MARK
from analysis.sample.write import write_sample

__all__ = ["MARK", "write_future_extract", "write_sample"]
