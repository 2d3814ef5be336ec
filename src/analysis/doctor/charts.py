"""Charts and their fonts: one is drawn, and the font that readers' browsers will take on this machine is looked up."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator

import vl_convert

from analysis.charts.theme import FONT
from analysis.doctor.findings import Finding, fault, ok, warning

# Fonts whose letters are as wide as those of Arial, which the labels of the charts are laid out for.
_AS_WIDE = ("Arial", "Helvetica", "Liberation Sans", "Arimo", "Nimbus Sans", "FreeSans", "TeX Gyre Heros")
_WORD = "font"
_INSTALL = "Reports are not changed by this. To look at them here, install a font (Debian, Ubuntu: fonts-liberation)."


def check_fonts() -> Iterator[Finding]:
    """Whether charts can be drawn, and whether this machine shows them in a font of the right width."""
    chart = {"data": {"values": [{}]}, "mark": {"type": "text", "text": _WORD, "font": FONT}}
    drawn = vl_convert.vegalite_to_svg(chart)
    if f">{_WORD}<" not in drawn:
        yield fault(
            "fonts", "A chart was drawn without its text.", "Create the environment again: `make clean report`."
        )
        return
    first = FONT.partition(",")[0]
    if sys.platform != "linux":  # macOS and Windows have Arial
        yield ok("fonts", f"A chart was drawn; this system has {first}.")
    elif shutil.which("fc-match") is None:
        yield warning(
            "fonts",
            f"A chart was drawn. Without fontconfig the program cannot find out which font replaces {first} here.",
            _INSTALL,
        )
    else:
        family = _family(first)
        if family.startswith(_AS_WIDE):
            yield ok("fonts", f"A chart was drawn; pages are shown here in {family}.")
        else:
            yield warning(
                "fonts",
                f"A chart was drawn, but this machine shows pages in {family or 'no font'}, whose letters may be wider "
                "than the charts leave room for.",
                _INSTALL,
            )


def _family(name: str) -> str:
    """The family that fontconfig takes for a name; empty when it has none."""
    program = shutil.which("fc-match") or "fc-match"
    done = subprocess.run([program, "--format=%{family[0]}", name], capture_output=True, text=True, check=False)
    return done.stdout.strip()
