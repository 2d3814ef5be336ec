"""Sizes of a drawing in pixels, and the parameter by which a specification knows the narrow one.

Nothing else is here, so that the process that draws need not import what charts are built with.
"""

from __future__ import annotations

TEXT_PX = 13  # a drawing is scaled by at most 0.95 in its column, and text must stay at 12 pixels or more
LINE_PX = 16  # from one line of text to the next
LABEL_PX = 15  # the same for names on an axis
HEIGHT_PX = 280
ROW_PX = 22
WIDE_PX = 640  # from 40rem on
NARROW_PX = 300  # below: the 320 pixel screen less its margins
# A parameter of every chart: true in the drawing for small screens. Shown by itself, a chart has the wide form.
NARROW = "narrow"
