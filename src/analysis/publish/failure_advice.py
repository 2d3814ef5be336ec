"""What an analyst can do about a failed run, for each kind of failure: steps in the order to try them."""

from __future__ import annotations

from analysis.markup.prose import Prose, code, link, say

_OPEN_NOTEBOOK = say(
    "Open the notebook as the run left it: {command}. Correct the cell in {folder}, and run the notebook from the top.",
    command=code("make lab FAILED=1"),
    folder=code("notebooks"),
)
_UNDO_EDITS = say(
    "See what was changed in the notebooks since they were committed: {diff}. {restore} takes every change back.",
    diff=code("git diff notebooks"),
    restore=code("git checkout notebooks"),
)
_DOCTOR = say(
    "Run {command}: it checks the environment, the extracts, the disks, the kernel and more, and says what to do.",
    command=code("make doctor"),
)
_AGAIN = say("Make the report again with the same command.")
_EXTRACT_AGAIN = say(
    "If the file is damaged, incomplete or the wrong one, download it again from the publisher into the folder of the "
    "extracts. The address of the series page is in {readme}.",
    readme=code("README.md"),
)

ADVICE: dict[str, tuple[Prose, ...]] = {
    "wrong use": (
        say("Compare the parameters below with the list that {command} prints.", command=code("make help")),
        say("Correct the option or parameter that is named above, and give the command again."),
    ),
    "register": (
        say("Open the file that is named above, under {folder}.", folder=code("src/analysis/registers")),
        say(
            "Correct the entry. {diff} shows what was changed in it since it was last committed.",
            diff=code("git diff src/analysis/registers"),
        ),
        _AGAIN,
    ),
    "extract": (
        say("Look at the file that is named above: is it the one that was meant, and is it whole?"),
        _EXTRACT_AGAIN,
        _DOCTOR,
        say("If the report can do without the file, move it out of the folder of the extracts. Keep the original."),
        say("If the publisher has changed the layout, see {guide}.", guide=code("docs/how-to/use-your-own-extract.md")),
        _AGAIN,
    ),
    "validation": (
        say(
            "Open {page}. For each critical check it says what was expected, why, what was found, and in which file "
            "and line.",
            page=link("validation.html", "the validation page"),
        ),
        _EXTRACT_AGAIN,
        say(
            "If a value is odd but true, ask the publisher to confirm it. Then record the decision in {register}: the "
            "check, the rows, the reason, who decided and when. The report shows it.",
            register=code("src/analysis/registers/anomalies.toml"),
        ),
        say(
            "If a role was renamed, map the new name in {register}.", register=code("src/analysis/registers/roles.toml")
        ),
        say(
            "Do not widen a limit to let a value through. {guide} goes through each case.",
            guide=code("docs/how-to/when-validation-stops-the-run.md"),
        ),
        _AGAIN,
    ),
    "notebook": (_DOCTOR, _OPEN_NOTEBOOK, _UNDO_EDITS, _AGAIN),
    "page": (
        say(
            "If the page itself is at fault, open {page} beside this one and look for the element that is named above. "
            "It is the page that was not put in place.",
            page=code("refused.html"),
        ),
        say("Correct the notebook cell that makes the element: {command} opens it.", command=code("make lab FAILED=1")),
        _UNDO_EDITS,
        say(
            "If a strict run was refused because it would be a draft, correct the reasons above, or make a draft: "
            "the same command without {strict}.",
            strict=code("STRICT=1"),
        ),
        _AGAIN,
    ),
    "error": (
        say("This is a fault of the program, not of the extracts. Make the report again: a full disk may have passed."),
        _DOCTOR,
        say(
            "If it fails again, add {option} to the command, and send what it prints, with this page, to whoever looks "
            "after the project.",
            option=code("DEBUG=1"),
        ),
        say("Until it is corrected, the last good report stays at its address and can be used."),
    ),
}


def advice(kind: str) -> tuple[Prose, ...]:
    """The steps for a kind of failure (:attr:`analysis.errors.UserError.kind`).

    Raises
    ------
    KeyError
        For a kind without advice: each new kind of error needs its own.
    """
    return ADVICE[kind]
