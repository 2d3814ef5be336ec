"""What is shown, as data with its origin: facts, prose, tables, figures."""
