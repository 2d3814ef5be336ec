"""A run: its identity, and the folder and store that its notebooks share."""
