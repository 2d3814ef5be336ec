"""Tables: a frame with a caption and the meaning of each column, and the tables of the report."""
