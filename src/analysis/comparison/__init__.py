"""One report against another (pure: results in, results out)."""

from analysis.comparison.compare import Comparison, ReportResults, compare_reports, first_report
from analysis.comparison.tables import ROWS_SHOWN, comparison_tables

__all__ = ["ROWS_SHOWN", "Comparison", "ReportResults", "compare_reports", "comparison_tables", "first_report"]
