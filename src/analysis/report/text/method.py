"""What the report says of its checks, its quality, its terms and its sources."""

from __future__ import annotations

from analysis.facts.analysis import Analysis
from analysis.markup.prose import Prose, cited, code, dated, definitions, joined, link, listed, month, panel, say
from analysis.report.text.words import who

FIRST_OFFICIAL = "2020-09"  # March and June 2020 were "Experimental statistics" at source


def validation(analysis: Analysis) -> Prose:
    """What was checked and what came of it."""
    found = analysis.validation
    if found is None:
        return say(
            "The extracts of this census have not been validated: run the notebook {name} first.",
            name=code("2_validate.ipynb"),
        )
    facts = analysis.facts
    counts = [
        say("{number} {outcome}", number=facts[f"checks.{outcome.replace(' ', '_')}"], outcome=outcome)
        for outcome in found.counts
    ]
    opening = say(
        "Before anything was analysed, {all} checks were run on the extracts: {counts}. A critical failure would have "
        "stopped the report; the validation page lists every check, why it is there, and where anything was found.",
        all=facts["checks"],
        counts=listed(list(counts)),
    )
    parts = [opening]
    if found.warnings:
        warnings: list[object] = [
            say("{subject} ({id})", subject=dated(c.subject), id=code(c.id)) for c in found.warnings
        ]
        parts.append(say("Warnings: {warnings}.", warnings=listed(warnings)))
    parts += [
        say(
            "{subject} ({id}) would have stopped the report. It was let through by a decision: {reason}",
            subject=dated(check.subject),
            id=code(check.id),
            reason=dated(check.explanation),
        )
        for check in found.decisions
    ]
    return joined(parts)


def backtests(analysis: Analysis) -> Prose:
    """How the figures compare with those published."""
    facts = analysis.facts
    if facts["backtests"].value == 0:
        return say("No published figure can be held against the extracts of this report.")
    return say(
        "Each published national figure up to {last} in the register was held against the same figure computed here from the "
        "extracts: {equal} of {all} are equal to the published precision, {differ} differ.",
        last=month(str(analysis.measures.backtests["census"].max())),
        equal=facts["backtests.equal"],
        all=facts["backtests"],
        differ=facts["backtests.differs"],
    )


def quality(analysis: Analysis) -> Prose:
    """Quality under the headings used for administrative data."""
    early = [census for census in analysis.censuses if census < FIRST_OFFICIAL]
    experimental = (
        [say("The publisher labelled {early} as Experimental statistics.", early=listed([month(c) for c in early]))]
        if early
        else []
    )
    return definitions(
        [
            (
                "Relevance",
                [
                    say(
                        "The series counts {who} in PCNs. It cannot say how many people were referred or helped, and it "
                        "cannot measure turnover: identifiers are issued anew in each extract.",
                        who=who(analysis),
                    )
                ],
            ),
            (
                "Accuracy and reliability",
                [
                    say(
                        "The figures are plain sums of returns, without an estimate for PCNs that did not report. Identical "
                        "rows are real, since contracted rows carry no identifier, and are kept."
                    )
                ],
            ),
            (
                "Timeliness and punctuality",
                [
                    say(
                        "The publisher releases the extracts some weeks after the last day of the month that is counted."
                    ),
                    *experimental,
                ],
            ),
            (
                "Accessibility and clarity",
                [
                    say(
                        "The page works offline and without scripts; every chart has its data as a table; every figure in the "
                        "text leads to its origin; every table can be downloaded in full precision."
                    )
                ],
            ),
            (
                "Coherence and comparability",
                [
                    say(
                        "A second official series, collated from practices, PCNs and reimbursement claims, runs well above this "
                        "one and is not mixed with it. Organisation codes, never names, join areas over time."
                    )
                ],
            ),
        ],
        css_class="quality",
    )


def definitions_of_terms(analysis: Analysis) -> Prose:
    """The terms, in a sentence each."""
    facts = analysis.facts
    opening = say(
        "In short; the {page} has the readings, the bounds, the decomposition with an example worked by hand, the limits and "
        "the sources.",
        page=link("../methodology.html", "methodology page"),
    )
    terms = definitions(
        [
            (
                "FTE",
                [say("Full-time equivalent: one is {hours} hours a week.", hours=facts["constant.hours_per_fte"])],
            ),
            (
                "Headcount",
                [
                    say(
                        "Distinct people on PCNs’ own returns. It does not add up over roles or areas, and does not count contracted services."
                    )
                ],
            ),
            (
                "Contracted services",
                [
                    say(
                        "Hours delivered by people whom another organisation employs. They count towards FTE, not towards headcount."
                    )
                ],
            ),
            (
                "PCN reporting",
                [say("A PCN with any row of any role. A PCN without rows is not available, which is not zero.")],
            ),
            (
                "Coverage",
                [
                    say(
                        "PCNs reporting, of PCNs active as the publisher counts them. Where that number is not published, and for areas: of PCNs on the list of registered patients nearest to the census, else of PCNs seen in an extract of the year to it, an estimate."
                    )
                ],
            ),
            ("As reported", [say("The sum of what was returned: for a number in place, a lower bound.")]),
            (
                "Rounding",
                [say("Only for print, from unrounded figures: printed parts may not add up to the printed whole.")],
            ),
            (
                "Matched panel",
                [say("PCNs that report at both ends of a comparison, or at every census since a chosen one.")],
            ),
            (
                "Scaled up [e]",
                [
                    say(
                        "As reported, times active over reporting PCNs (or the same with registered patients): an estimate that assumes those missing are like those reporting."
                    )
                ],
            ),
            (
                "Verdict",
                [
                    say(
                        "Reached, or not reached, on reported data; not assessable while the data end before the date, or hold no such figure."
                    )
                ],
            ),
        ],
        css_class="terms",
    )
    return panel([opening, terms], css_class="method")


def sources(analysis: Analysis) -> Prose:
    """Attribution, and what this analysis is."""
    return joined(
        [
            say(
                "Source of the figures: {series}, NHS Digital (now NHS England){patients}. Contains "
                "public sector information licensed under the {licence}.",
                series=cited("Primary Care Network Workforce"),
                patients=say("; registered patients: {name}", name=cited("Patients Registered at a GP Practice"))
                if any(entry.kind == "patients" for entry in analysis.catalogue.inputs)
                else "",
                licence=cited("Open Government Licence v3.0"),
            ),
            say(
                "This is a secondary analysis of published data for {period}. It is not official statistics; it applies the Code of "
                "Practice for Statistics voluntarily: trustworthiness by showing how each figure was made, quality by checks and "
                "back-tests that run with every report, value by answering what was promised and what came.",
                period=month(analysis.period),
            )
            if not analysis.synthetic
            else say(
                "The figures on this page are SYNTHETIC: invented for {period} so that national totals equal the published ones, "
                "while every network, person and area figure is made up.",
                period=month(analysis.period),
            ),
        ]
    )
