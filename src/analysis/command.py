"""Where the console command begins: what must hold before anything else is imported.

The verbs are in :mod:`analysis.cli`. It takes a fifth of a second to import, in which an interrupt must end the command
as quietly as later.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the console command ``analysis``."""
    try:
        _open_standard_files()
        from analysis.cli import main as run  # noqa: PLC0415 - see above

        run()
    except KeyboardInterrupt:
        os._exit(128 + signal.SIGINT)  # as shells report it; nothing has been begun, so nothing is to be cleaned up


def _open_standard_files() -> None:
    """Let input, output and messages lead to nowhere where the caller closed them (``2>&-``).

    Else the first files that are opened would take their numbers, and messages would be written into them.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - open for good


if __name__ == "__main__":
    main()
