"""A page for each area: one notebook, run for many areas on the cores of a machine or on a Dask cluster."""
