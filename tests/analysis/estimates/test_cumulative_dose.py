"""Cumulative doses of prednisone worked out by hand, and who is left out."""

import pandas as pd
import pytest

from analysis import Cohort, Filters, OneOf, cumulative_dose, read_cohort
from analysis.counts.cumulative_doses import CumulativeDoses
from analysis.estimates.scores.cumulative_dose import CumulativeDose

DAYS = 30.4375  # a month


@pytest.fixture
def cohort() -> Cohort:
    """Return five patients: C is lost at 5, D has no dose before month 1, E has a visit without a dose."""
    patients = pd.DataFrame(
        {
            "patient_id": list("ABCDE"),
            "follow_up_months": [12.0, 12, 5, 12, 6],
            "died": [0, 0, 0, 0, 1],
            "arm": ["x", "y", "x", "x", "y"],
        }
    )
    doses = [
        *[("A", 0, 20), ("A", 3, 10), ("A", 6, 0), ("B", -2, 40), ("B", 4, 5), ("C", 0, 20), ("D", 1, 20)],
        *[("E", 0, 10), ("E", 2, None), ("E", 5.5, 60), ("E", 6, 5)],
    ]
    visits = pd.DataFrame(doses, columns=["patient_id", "months", "prednisone_mg_per_day"])
    return read_cohort(patients, visits.assign(sledai=4))


def test_each_dose_is_kept_until_the_next(cohort: Cohort) -> None:
    table = cumulative_dose(cohort, months=6, by="arm").table
    a, b, e = 20 * 3 + 10 * 3, 40 * 4 + 5 * 2, 10 * 5.5 + 60 * 0.5
    assert table["patients"].tolist() == [1, 2]
    assert table["mean"].tolist() == pytest.approx([a * DAYS / 1000, (b + e) / 2 * DAYS / 1000])


def test_who_is_left_out_is_told(cohort: Cohort) -> None:
    result = cumulative_dose(cohort, months=6)
    assert result.left_out.to_numpy().tolist() == [
        ["no dose at or before transplantation", 1],
        ["not followed as long", 1],
    ]
    assert "In no number: 1 patient: no dose at or before transplantation; 1 patient: not followed" in result.method


def test_counts_of_parts_add_up(cohort: Cohort) -> None:
    parts = [cohort.where(Filters({"patient_id": OneOf(*names)})) for names in ("AD", "BC", "E")]
    for by in (None, "arm"):
        first, *others = (CumulativeDoses.of(part, 6, by) for part in parts)
        for other in others:
            first = first + other
        table, whole = first.to_table(), CumulativeDoses.of(cohort, 6, by).to_table()
        pd.testing.assert_frame_equal(table, whole)
        again = CumulativeDoses.from_table(whole, by)
        pd.testing.assert_frame_equal(
            CumulativeDose.of(again, months=6).table, cumulative_dose(cohort, months=6, by=by).table
        )


def test_a_difference_is_the_second_less_the_first(cohort: Cohort) -> None:
    result = cumulative_dose(cohort, months=4, by="arm")
    row, means = result.differences.iloc[0], result.table["mean"]
    assert (row["group_a"], row["group_b"]) == ("x", "y")
    assert row["difference"] == pytest.approx(means[1] - means[0])


def test_without_doses_or_months_it_is_refused(cohort: Cohort) -> None:
    bare = read_cohort(cohort.patients, cohort.visits.drop(columns="prednisone_mg_per_day"))
    with pytest.raises(ValueError, match="prednisone_mg_per_day"):
        cumulative_dose(bare, months=6)
    with pytest.raises(ValueError, match="above 0"):
        cumulative_dose(cohort, months=0)
