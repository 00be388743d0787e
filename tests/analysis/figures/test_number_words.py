"""Sentences and tables: no overstatement, no NaN."""

import pandas as pd
import pytest

from analysis import read_cohort, yearly_remission
from analysis.figures.common.number_words import median_words, months_words, number_interval, percent, percent_interval
from analysis.figures.scores.trajectory_reading import trajectory_reading
from analysis.figures.scores.trajectory_tables import change_table, trajectory_table
from analysis.figures.survival.curve_tables import incidence_table, survival_table
from analysis.figures.yearly.yearly_reading import yearly_reading
from analysis.figures.yearly.yearly_tables import yearly_table
from tests.analysis.figures.results import bars, curves, incidences, visits

NAN = float("nan")


def test_decimals_by_the_number_of_patients() -> None:
    assert percent_interval(0.9327, 0.851, 0.971, 87) == "93 % (85–97)"
    assert percent_interval(0.9327, 0.851, 0.971, 100) == "93.3 % (85.1–97.1)"
    assert percent_interval(0.5, NAN, NAN, 2) == "50 %"
    assert percent_interval(NAN, NAN, NAN, 0) == percent(NAN, 0) == "not estimable"
    assert months_words(NAN) == "not reached"


def test_medians_have_their_limits() -> None:
    assert median_words(27.31, 20.1, NAN) == "27.3 (from 20.1)"
    assert median_words(27.31, 20.1, 40) == "27.3 (20.1–40.0)"
    assert median_words(NAN, 20.1, NAN) == "not reached (from 20.1)"
    assert median_words(NAN, NAN, NAN) == "not reached"
    assert number_interval(-0.04, -1.0, 0.04) == "0.0 (−1.0 to 0.0)"


def test_nobody_is_said_in_words() -> None:
    patients = pd.DataFrame({"patient_id": list("abc"), "follow_up_months": [5, 6, 7], "died": [1, 0, 0]})
    patients["follow_up_ended"] = ["died", "lost", "ongoing"]
    short = yearly_remission(read_cohort(patients))
    assert yearly_reading(short, "in remission") == (
        "Nobody was assessed for year 1: of 3 patients 1 died before, 1 lost before, 1 not yet due."
    )
    assert trajectory_reading(visits(["All"], 0), "mean SLEDAI").startswith("Fewer than two patients")


def test_the_yearly_reading_has_its_denominators() -> None:
    assert yearly_reading(bars({"All": [(23, 83), (12, 39)]}), "in complete remission").startswith(
        "In complete remission 28 % (14–64) at year 1, 23 of 83 assessed, then 31 % (15–65) at year 2, "
        "12 of 39 assessed."
    )


def test_the_trajectory_reading_has_its_patients() -> None:
    assert trajectory_reading(visits(["All"], 5, [0, 12, 24]), "mean SLEDAI").startswith(
        "Mean SLEDAI 20.0 at month 0 (5 patients), 18.0 at month 24 (3 patients)."
    )


def test_the_trajectory_reading_has_its_unit() -> None:
    assert trajectory_reading(visits(["All"], 5, [0, 12]), "mean albumin", "g/L").startswith(
        "Mean albumin 20.0 g/L at month 0 (5 patients), "
    )
    assert trajectory_reading(visits(["BM"], 5, [0, 12]), "mean albumin", "g/L").startswith(
        "BM: mean albumin 20.0 g/L at month 0"
    )


@pytest.mark.parametrize(
    "table",
    [
        survival_table(curves({"All": [], "B": [5.0]}), [12, 24]),
        survival_table(curves({"All": [], "B": [5.0]}), [12, 24], failure=True),
        incidence_table(incidences({"A": [(5.0, "")], "B": [(5.0, "event")]}), [3, 24]),
        yearly_table(bars({"All": [(0, 0), (1, 1)]})),
        trajectory_table(visits(["All"], 2)),
        change_table(visits(["All"], 2)),
    ],
    ids=["survival", "failure", "incidence", "yearly", "trajectory", "change"],
)
def test_tables_say_what_is_missing_in_words(table: pd.DataFrame) -> None:
    cells = [str(cell).lower() for cell in table.to_numpy().ravel()]
    assert not any(word in cell for cell in cells for word in ("nan", "none", "inf"))


def test_table_rows_name_their_group_where_there_are_several() -> None:
    assert yearly_table(bars({"All": [(1, 2)]}))["Year"].tolist() == ["Year 1"]
    assert yearly_table(bars({"bM": [(1, 2)], "UC": [(0, 0)]}))["Year"].tolist() == [
        "bM, year 1",
        "UC, year 1",
    ]


def test_the_table_of_failures_exchanges_the_limits() -> None:
    result = curves({"All": [30.0] * 8}, {"All": [6.0, 20.0]})
    assert survival_table(result, [24])["Survival"].tolist() == ["80 % (41–95)"]
    assert survival_table(result, [24], failure=True)["With the event"].tolist() == ["20 % (5–59)"]


def test_numbers_have_a_true_minus_sign_and_no_minus_zero() -> None:
    assert number_interval(-0.04, -1.25, 1.16) == "0.0 (−1.2 to 1.2)"
