"""Charts: the house style, how a chart becomes a drawing that all can read, and the charts of the report."""
