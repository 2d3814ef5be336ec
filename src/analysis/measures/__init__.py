"""The measures: tidy frames in, tidy frames out; no disk, no printing.

Missing is ``NaN``, never zero, and a note column beside it holds the reason: see :mod:`analysis.measures.notes`.
"""
