"""nbstripout with this project's options: the git filter, the pre-commit hook, ``make check`` and the tests call it.

Without files it reads a notebook from its input and writes it stripped; with files it strips them in place;
``--verify`` changes nothing and exits with 1 when a file is not clean.
"""

import sys

from nbstripout import main

VOLATILE_KEYS = (
    "metadata.papermill",  # paths and times of a batch run
    "cell.metadata.papermill",
    "cell.metadata.execution",  # times of a run by hand
    "metadata.language_info.version",  # whichever Python ran it last
    "metadata.language_info.codemirror_mode",  # this and the rest JupyterLab adds when it saves, and papermill does not
    "metadata.language_info.file_extension",
    "metadata.language_info.mimetype",
    "metadata.language_info.nbconvert_exporter",
    "metadata.language_info.pygments_lexer",
)

if __name__ == "__main__":
    # Cell ids are kept: JupyterLab and papermill keep them too, so they name a cell across versions.
    sys.argv[1:1] = ["--keep-id", "--extra-keys", " ".join(VOLATILE_KEYS)]
    main()
