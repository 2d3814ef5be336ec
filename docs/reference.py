"""Make the reference of the package from its docstrings: ``docs/api/index.html``, offline.

pdoc alone leaves out modules that a package does not name in ``__all__``, and names that are imported when they are
first used. Here every module is named, and every public name is there.
"""  # noqa: INP001 - a script beside the documents, in no package

from __future__ import annotations

import pkgutil
import warnings
from pathlib import Path

import pdoc
import pdoc.render

import analysis

HERE = Path(__file__).resolve().parent
# Named modules also come with their packages; and types such as Series[str] are known to type checkers alone: pdoc
# prints them as they are written, which is what a reader wants.
_EXPECTED = ("The module specification", "Error parsing type annotation")


def main() -> None:
    """Write the pages."""
    for message in _EXPECTED:
        warnings.filterwarnings("ignore", message=message)
    for name in analysis.__all__:
        setattr(analysis, name, getattr(analysis, name))
    modules = sorted(module.name for module in pkgutil.walk_packages(analysis.__path__, f"{analysis.__name__}."))
    pdoc.render.configure(docformat="numpy")
    pdoc.pdoc(analysis.__name__, *modules, output_directory=HERE / "api")


if __name__ == "__main__":
    main()
