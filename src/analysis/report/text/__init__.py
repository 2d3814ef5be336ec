"""What the texts of a report are filled with: names, and logic with branches. The texts stand in ``4_report.ipynb``."""
