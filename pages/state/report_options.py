"""The options of the Report page; some are also used wherever a file is made."""

from __future__ import annotations

from collections.abc import Callable

from analysis import Cohort
from analysis.estimates.description.baseline_table import MEAN, MEDIAN
from analysis.facts.recorded_events import has_relapses, has_remission
from pages.state.option import Answers, Choice, PageOptions, Several, Switch, Text
from pages.state.paper_options import PAPER_SIZE

TITLE = "Mesenchymal stem cells in systemic lupus erythematosus"
THRESHOLDS = (0, 3, 5, 6, 10, 11, 20)  # thresholds that data holders require

CENTRES = {"mean": MEAN, "median": MEDIAN}  # by value in the address

# The figures for any report, by name, and whether a cohort has their columns.
FIGURES: dict[str, Callable[[Cohort], bool]] = {
    "Survival": lambda _: True,
    "Remission per year": has_remission,
    "Relapse per year": has_relapses,
    "Who is counted": has_remission,
    "SLEDAI": lambda cohort: "sledai" in cohort.visit_columns,
    "Remission in every way": has_remission,
    "Remission beside what was published": has_remission,
    "States over time": has_remission,
    "Every relapse": has_relapses,
    "Between visits": has_remission,
}
USUAL = ("Survival", "Remission per year", "Relapse per year", "Who is counted", "SLEDAI")


def reportable(cohort: Cohort) -> list[str]:
    """Return the names of the figures that a report of a cohort can contain."""
    return [name for name, can_be_made in FIGURES.items() if can_be_made(cohort)]


def _figures(answers: Answers) -> list[str]:
    return reportable(answers.cohort)


def _usual(answers: Answers) -> list[str]:
    return [name for name in reportable(answers.cohort) if name in USUAL]


REPORT_TITLE = Text[str]("report_title", "Title", default=TITLE, longest=200, means=lambda title: title or TITLE)
REPORT_FIGURES = Several[list[str]](
    "report_figures",
    "Figures",
    values=_figures,
    default=_usual,
    drawn="row",
    help="More are chosen on the other pages: under a figure, Download, In the report.",
)
REPORT_BASELINE = Choice[str](
    "report_baseline",
    "Numbers at baseline",
    values=CENTRES,
    words=CENTRES.__getitem__,
    means=CENTRES.__getitem__,
    help="One line a characteristic: what numbers are told by in the table of who the patients were.",
)
LEAST = Choice[int](
    "share_least",
    "Small counts",
    values=THRESHOLDS,
    words=lambda least: f"hide those below {least}" if least else "tell all",
    help="With each hidden count go its share, its interval and what would give it away; curves have fewer, larger "
    "steps. Figures of single patients are then left out.",
)
REPLACE_IDS = Switch("share_ids", "Replace patient numbers")
DATES_AS_YEARS = Switch("share_years", "Dates as years")

REPORT = PageOptions(
    "report", apart=(REPORT_TITLE, REPORT_BASELINE, PAPER_SIZE, REPORT_FIGURES, LEAST, REPLACE_IDS, DATES_AS_YEARS)
)
