"""Which notebooks there are, their parameters, running them, and putting a report in place."""
