"""The report of one period: its text, tables and charts by name."""
