"""What the issues say must be seen, line by line, and the tests that show it.

======= ============================================================================== ===============================
 Issue   What must be seen                                                              Shown in
======= ============================================================================== ===============================
 report  the published figures, the article's, the thirteen roles                       test_real_figures
 report  March 2021: verdict, first census, and nothing later anywhere                  test_period_2021_03
 report  September 2022: not assessable, growth from each baseline                      test_real_figures
 report  December 2022 from the bulletin tables: national, verdict by baseline          test_national_only
 report  an extract of years ahead, unknown roles named                                 test_future_extract
 report  empty RAW, no extract, cut zip, lost column, no Table 1a, wrong periods        test_refusals
 report  a gate that stops before anything is analysed                                  test_gate
 report  whole or not at all; a failed run leaves the last good one                     test_interrupted_runs
 report  the network unplugged: the same run                                            test_same_bytes
 assess  readings of the 2019 target: six or more, each with value, bound, verdict      test_real_figures
 assess  growth to December 2022 and the verdicts from three baselines                  test_national_only
 assess  decomposition, balanced panel, rates by ICB, back-tests, worked examples       tests/measures, tests/assessment
 assess  the first screen: news, trend, figures, a verdict for each target               test_pages_for_readers
 page    axe-core: no violation in any page, at all widths, with and without script     test_pages_axe
 page    no request, no console message, a policy that forbids both                     test_pages_for_readers
 page    script off: everything is readable                                             test_pages_for_readers
 page    keyboard only: reachable and visible                                           test_pages_for_readers
 page    the same bytes in another folder                                               test_same_bytes
 page    no number in prose that is not a fact; one typed into a notebook stops the run test_pages_for_readers, test_status
 page    size of the real report, printed by the run                                    test_real_figures
 page    draft, final, strict                                                           test_status
 page    A4: nothing cut, links spelt out, DRAFT and SYNTHETIC on every sheet           test_pages_on_paper
 page    explain, compare, what changed                                                 test_explain_and_compare
 reader  a network found by name; boards in order; the same without script              test_area_finder
 reader  charts: tooltips at a census, no label on another, dark and forced colours     test_charts_for_readers
 reader  the first screen as a screen reader is given it                                test_first_screen_is_spoken
 input   without a network the same bytes; nothing wants to leave, JupyterLab too        test_other_surroundings
 input   a hostile extract: no script, no request, no formula, a quiet terminal         test_hostile_extract
======= ============================================================================== ===============================

``make report`` and ``make test`` on a fresh clone, with the environment made from nothing, are in tests/build.
"""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_every_module_that_the_table_names_is_there_and_every_module_is_named() -> None:
    named = set(re.findall(r"\btest_\w+", __doc__))
    there = {path.stem for path in HERE.glob("test_*.py")} - {Path(__file__).stem}
    assert named == there
