"""From executed notebooks and results to what readers get: offline accessible pages and downloads."""
