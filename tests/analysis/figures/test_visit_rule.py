"""The rule across a measure over time: the values of all groups at one scheduled visit, drawn and said."""

import pandas as pd
import pytest

from analysis import Cohort, read_cohort, trajectory
from analysis.estimates.scores.change_differences import change_differences
from analysis.figures.common.picking import READ
from analysis.figures.scores.trajectory import trajectory_chart, trajectory_description
from analysis.figures.scores.visit_rule import readings, visit_words
from analysis.listings.trajectory_lines import trajectory_lines
from tests.analysis.figures.results import spec, texts_at
from tests.analysis.made import SAMPLE

# SLEDAI of three patients of each source at month 0 and at month 12.
VALUES = {"BM": [(10, 6), (12, 6), (14, 6)], "UC": [(10, 7), (10, 8), (10, 9)]}
# UC: 8 with 4.303 / sqrt(3) on both sides. Changes: -6 (variance 4) and -2 (variance 1), 4 apart, with a standard
# error of sqrt(5 / 3) and 2.94 degrees of freedom (Welch).
SENTENCE = (
    "At the visit of month 12: BM 6.0 points (6.0 to 6.0, 3 patients), UC 8.0 points (5.5 to 10.5, 3 patients); "
    "difference in mean change from month 0 4.0 points (−0.2 to 8.2)."
)


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    people = [(f"{source}{row}", source, 13, 0) for source, held in VALUES.items() for row in range(len(held))]
    visits = [
        (f"{source}{row}", month, score)
        for source, held in VALUES.items()
        for row, scores in enumerate(held)
        for month, score in zip((0, 12), scores, strict=True)
    ]
    return read_cohort(
        pd.DataFrame(people, columns=["patient_id", "msc_source", "follow_up_months", "died"]),
        pd.DataFrame(visits, columns=["patient_id", "months", "sledai"]),
    )


def test_a_visit_is_read_with_limits_patients_and_the_difference_in_change(cohort: Cohort) -> None:
    result = trajectory(cohort, schedule=[0, 12], by="msc_source")
    apart = change_differences(cohort, schedule=[0, 12], by="msc_source")
    assert visit_words(result, apart, 12, "points") == SENTENCE
    assert trajectory_description(result, unit="points", read_at=12, apart=apart).endswith(SENTENCE)
    assert "At the visit" not in trajectory_description(result, apart=apart)
    told = texts_at(trajectory_chart(result, rule=True, read_at=12, apart=apart), 600)
    assert "UC 8.0 (5.5 to 10.5, 3 patients)" in told
    assert "Visit of month 12: difference in mean change 4.0 (−0.2 to 8.2)" in told
    assert not any(text.startswith("Visit of") for text in texts_at(trajectory_chart(result, rule=True), 600))
    assert "Visit of month 0" in texts_at(trajectory_chart(result, rule=True, read_at=0, apart=apart), 600)


def test_nothing_is_read_between_visits() -> None:
    result = trajectory(SAMPLE, schedule=[0, 6, 12, 24])
    read = readings(result, None, None)
    assert set(read.table["months"]) == {0, 6, 12, 24}
    assert read.nearest(pd.Series([8.9, 9.1, 17.9, 18.1])) == [6, 12, 12, 24]


def test_a_visit_without_values_says_so(cohort: Cohort) -> None:
    result = trajectory(cohort, schedule=[0, 6, 12], by="msc_source")
    assert visit_words(result, None, 6) == "At the visit of month 6 too few patients have a value."


def test_only_a_figure_with_a_rule_is_read_by_a_click(cohort: Cohort) -> None:
    result, lines = trajectory(cohort, schedule=[0, 12]), trajectory_lines(cohort, schedule=[0, 12])
    names = [
        {param["name"] for param in spec(trajectory_chart(result, lines=lines, rule=rule))["params"]}
        for rule in (False, True)
    ]
    assert READ not in names[0]
    assert READ in names[1]
