"""The rules, suite by suite. Importing this imports Great Expectations.

There is no rule against identical rows. Contracted services carry no identifier, so two equal rows are two services
of equal hours, and both are in the published totals: dropping repeats loses 153 FTE of link workers (7.5%) in
September 2022.
"""
