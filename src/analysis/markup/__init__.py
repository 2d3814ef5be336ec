"""The pieces of HTML that are shown: prose with facts in it, dates and quotations, the output of a cell."""
