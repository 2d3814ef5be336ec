"""The facts of a report: each a number with its definition, expression, rounding and the rows it came from."""
