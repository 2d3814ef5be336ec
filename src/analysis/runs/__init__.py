"""A run and its store: what the notebooks hand to each other."""
