"""Mean time in remission: by hand, against R's survfit, as the area under its curve, and when it is withheld."""

from dataclasses import replace
from fractions import Fraction
from math import sqrt

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, SmallNumbers, read_cohort, state_probabilities
from analysis.counts.stays import Stays
from analysis.estimates.states.time_in_remission import TimeInRemission, time_in_remission
from analysis.facts.remission import RECORDED
from tests.analysis.estimates.test_states_reference import CASES, REFERENCE, TIMES, cohort_of, whole_or_part


def of_state(table: pd.DataFrame, state: str) -> pd.Series:
    (row,) = [row for _, row in table.iterrows() if row["state"] == state]
    return row


def made(patients: dict[str, tuple[float, int]], visits: list[tuple[str, float, str]]) -> Cohort:
    rows = [(name, months, died, "all") for name, (months, died) in patients.items()]
    table = pd.DataFrame(rows, columns=["patient_id", "follow_up_months", "died", "arm"])
    return read_cohort(table, pd.DataFrame(visits, columns=["patient_id", "months", "remission"]))


# Nobody is censored before month 12: P1 is in remission from 2 to 6 and from 9, P2 from 4 until death at 8, P3 never,
# P4 dies at 3.
FOUR = made(
    {"P1": (12.0, 0), "P2": (8.0, 1), "P3": (12.0, 0), "P4": (3.0, 1)},
    [
        *(("P1", month, state) for month, state in ((2.0, "complete"), (6.0, "none"), (9.0, "complete"))),
        ("P2", 4.0, "complete"),
        ("P3", 5.0, "partial"),
    ],
)


def test_without_censoring_it_is_the_mean_of_each_patients_time() -> None:
    table = time_in_remission(FOUR, months=12).table
    own = {"in remission": [4 + 3, 4, 0, 0], "active": [5, 4, 12, 3], "dead": [0, 4, 0, 9]}
    for state, times in own.items():
        row = of_state(table, state)
        assert row["mean"] == pytest.approx(np.mean(times))
        assert row["standard_error"] == pytest.approx(np.std(times) / sqrt(4))


def test_one_who_is_censored_counts_as_the_others_at_risk() -> None:
    # A is in remission from 2 on and followed to 10; B is censored at 4, out of remission; C goes on to 10, out of it.
    # Remission is 1/3 from 2 on. It never ends, and nobody comes into it after 4: 8 of 10 months times 1/3.
    cohort = made({"P1": (10.0, 0), "P2": (4.0, 0), "P3": (10.0, 0)}, [("P1", 2.0, "complete")])
    assert of_state(time_in_remission(cohort, months=10).table, "in remission")["mean"] == pytest.approx(
        float(Fraction(8, 3))
    )


@pytest.mark.parametrize(("name", "group", "response"), CASES)
def test_against_survfit(name: str, group: str, response: str) -> None:
    cohort, reference = whole_or_part(name, group), REFERENCE[name][group][response]["current"]
    compared = 0
    for place, months in enumerate(TIMES):
        row = of_state(time_in_remission(cohort, months=months, response=response).table, "in remission")
        if not np.isnan(row["mean"]):
            assert row["mean"] == pytest.approx(reference["time_in_remission"][place], abs=1e-9)
            if not np.isnan(row["standard_error"]):
                error = reference["time_in_remission_jackknife"][place]
                assert row["standard_error"] == pytest.approx(error, abs=1e-6)
            compared += 1
    assert compared or cohort.patients["follow_up_months"].max() < TIMES[0] or name == "late"


def test_the_three_states_fill_the_time() -> None:
    for months in (7.3, 12, 36):
        table = time_in_remission(cohort_of("tied"), months=months, by="msc_source").table
        assert table.groupby("group", observed=True)["mean"].sum().tolist() == pytest.approx([months, months])


@pytest.mark.parametrize("state", ["in remission", "active", "dead"])
def test_it_is_the_area_under_the_curve_of_probabilities(state: str) -> None:
    curve = state_probabilities(cohort_of("dense"), months=[12]).curve
    own = curve[(curve["state"] == state) & (curve["months"] < 30)]
    area = float(np.sum(np.diff([*own["months"], 30.0]) * own["probability"]))
    found = of_state(time_in_remission(cohort_of("dense"), months=30).table, state)
    assert found["mean"] == pytest.approx(area, abs=1e-9)


def test_limits_are_those_of_a_bootstrap() -> None:
    """Of 400 draws a standard error has an error of its own of some 4 %."""
    counts, random = Stays.of(cohort_of("tied"), RECORDED), np.random.default_rng(5)
    number = int(counts.patients.sum())
    drawn = random.multinomial(number, counts.patients / number, size=400)
    again = [TimeInRemission.of(replace(counts, patients=patients), months=36).table for patients in drawn]
    spread = np.std([of_state(table, "in remission")["mean"] for table in again])
    error = of_state(TimeInRemission.of(counts, months=36).table, "in remission")["standard_error"]
    assert spread == pytest.approx(error, rel=0.15)


def test_beyond_the_shortest_follow_up_it_is_withheld() -> None:
    result = time_in_remission(FOUR, months=13)
    assert result.table["mean"].isna().all()
    assert set(result.table["withheld"]) == {"at risk to month 12 only"}


def test_under_observation_late_it_is_withheld() -> None:
    patients = pd.DataFrame(
        {"patient_id": ["P1", "P2"], "follow_up_months": [12.0, 9.0], "died": [0, 0], "entry_months": [3.0, 2.0]}
    )
    visits = pd.DataFrame({"patient_id": ["P1", "P2"], "months": [5.0, 6.0], "remission": ["complete", "none"]})
    table = time_in_remission(read_cohort(patients, visits), months=6).table
    assert set(table["withheld"]) == {"observed from month 2 only"}


def test_a_difference_needs_enough_remissions_and_patients() -> None:
    cohort = cohort_of("tied")
    told = time_in_remission(cohort, months=24, by="msc_source").differences.iloc[0]
    assert told["withheld"] == ""
    table = time_in_remission(cohort, months=24, by="msc_source").table
    means = table.loc[table["state"] == "in remission", "mean"].tolist()
    assert told["difference"] == pytest.approx(means[1] - means[0])
    strict = time_in_remission(cohort, months=24, by="msc_source", limits=SmallNumbers(10_000)).differences.iloc[0]
    assert "fewer than 10,000 events" in strict["withheld"]
    assert np.isnan(strict["p"])
    assert np.isnan(strict["lower"])


def test_a_month_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        time_in_remission(FOUR, months=0)
