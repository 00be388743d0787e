"""The caption of a figure stands alone: who, how many, definition, interval, marks, the test or why there is none."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis import Filters, OneOf
from analysis.cohort.question import ELSE, Asked, Question
from analysis.export.caption import caption
from analysis.export.shared_exhibit import shared
from analysis.export.sharing import Sharing
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.paper import Paper
from tests.analysis.export.exhibits import DRAWINGS, exhibit, ledger, remission, scores, survival
from tests.analysis.made import SAMPLE

FEMALE = Question(Filters({"sex": OneOf("female")}), "msc_source")


def test_it_says_who_how_many_what_with_which_interval_and_why_there_is_no_test() -> None:
    assert caption(exhibit(survival, FEMALE), Paper()) == (
        "77 of 87 patients after mesenchymal stem cells for lupus: Sex female. "
        "Patients were compared by MSC source (BM, UC). "
        "Kaplan-Meier estimate of overall survival (death from any cause), months from transplantation, 95 % log "
        "interval, exact (beta product) until the first event of a group, 77 patients, 5 events. "
        "Dotted: fewer than 10 at risk; short strokes: censored. "
        "No log-rank test: fewer than 10 events (5)."
    )


def test_warnings_and_the_test_travel() -> None:
    words = caption(exhibit(remission, FEMALE), Paper())
    assert "Pale bars: fewer than half could be followed that long" in words
    assert "Fisher's exact test: p 0.23." in words
    assert "Each year's bar counts only the patients assessed in that year." in words
    assert "band beyond the axis: BM month 48, UC month 36" in caption(
        exhibit(scores, Question(compare="msc_source")), Paper()
    )


def test_against_everybody_else_the_filters_name_a_group_and_leave_out_nobody() -> None:
    words = caption(exhibit(survival, Question(Filters({"msc_source": OneOf("UC")}), ELSE)), Paper())
    assert words.startswith(
        "87 of 87 patients after mesenchymal stem cells for lupus. Patients who met some conditions"
    )
    assert "UC (42): MSC source UC. Everybody else (45): all other patients." in words


def test_against_everybody_else_of_a_cohort_that_was_selected_before_it_says_how() -> None:
    opened = replace(SAMPLE, settled=("Age 18 to 60 years",))
    words = caption(exhibit(survival, Question(Filters({"msc_source": OneOf("UC")}), ELSE), opened), Paper())
    assert words.startswith("87 of 87 patients after mesenchymal stem cells for lupus: Age 18 to 60 years. Patients")


def test_a_figure_of_all_is_not_said_to_compare_groups() -> None:
    assert "compared" not in caption(exhibit(ledger, FEMALE), Paper())


def test_with_hidden_counts_no_test_from_all_is_told() -> None:
    shown = shared(exhibit(scores, Question(compare="msc_source")), Sharing(least=5), {})
    assert "made from all counts, and small ones are hidden" in caption(shown, Paper())
    assert not re.search(r"\bp [0-9]", caption(shown, Paper()))


@pytest.mark.parametrize("draw", DRAWINGS)
def test_it_is_in_whole_sentences(draw: Callable[[Asked], Drawing]) -> None:
    words = caption(exhibit(draw), Paper())
    assert words[0].isdigit()
    assert words.endswith(".")
    assert ".." not in words
    assert "  " not in words
