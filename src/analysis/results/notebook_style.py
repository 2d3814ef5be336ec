"""How results look in JupyterLab, which has styles of its own and none of the page's.

Each output begins with this style; the page takes it off again, since its policy allows its own style sheet alone.
"""

from __future__ import annotations

from markupsafe import Markup

# Without it JupyterLab floats terms and figures side by side, so that a figure stands beside another's term; it shows
# the drawing for small screens under the one for large ones, and aligns words to the right.
NOTEBOOK_STYLE = Markup("""<style>
.narrow-only { display: none; }
.jp-OutputArea-output.jp-RenderedHTMLCommon {
  & dt, & dd { float: none; display: block; width: auto; }
  & dd { margin: 0 0 .3em 1.5em; }
  & figure { margin: 1em 0; }
  & figure svg { display: block; width: 100%; max-width: 52rem; background: white; }
  & figure svg.narrow-only { display: none; }
  & caption { text-align: left; font-weight: bold; }
  & .table-scroll { overflow-x: auto; }
  & .table-scroll th:not(.number), & .table-scroll td:not(.number) { text-align: left; }
  & .table-scroll table { margin-left: 0; }
}
</style>""")
