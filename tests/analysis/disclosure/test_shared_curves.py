"""Curves that may be shared: they tell nothing of single patients, and are close to the whole ones."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, cumulative_incidence, kaplan_meier, read_cohort
from analysis.counts.leaving import Leaving
from analysis.disclosure.disclosed_leaving import DisclosedLeaving
from analysis.disclosure.refused import NotSharedError
from analysis.disclosure.shared_curves import shared_survival
from analysis.export.sharing import Sharing
from tests.analysis.disclosure.disclosed import safe_of
from tests.analysis.made import SAMPLE


@given(st.lists(st.tuples(st.integers(0, 130), st.booleans()), min_size=12, max_size=60), st.data())
def test_a_curve_tells_nothing_of_when_in_a_quarter_somebody_left(rows: list[tuple[int, bool]], data: Any) -> None:
    """Two cohorts that differ only within quarters, and so in every step, have the same curve."""
    quarters = [(quarter % 13, died) for quarter, died in rows] + [(13, False)]

    def curve(months: list[float]) -> pd.DataFrame | None:
        people = pd.DataFrame({"follow_up_months": months, "died": [int(died) for _, died in quarters]})
        result = kaplan_meier(read_cohort(people.assign(patient_id=range(len(people)))))
        try:
            return safe_of(result, Sharing(5)).curve
        except NotSharedError:
            return None

    within = st.floats(0.01, 2.9)
    first, second = (
        curve([*(3 * quarter + data.draw(within) for quarter, _ in quarters[:-1]), 41.0]) for _ in range(2)
    )
    assert (first is None) == (second is None)
    if first is not None:
        pd.testing.assert_frame_equal(first, second)


def test_the_curve_of_five_deaths_by_hand() -> None:
    """The five deaths are between month 3 and 42; the time at risk is 2011.5 months by the told numbers at risk."""
    safe = safe_of(kaplan_meier(SAMPLE), Sharing(5))
    hazard = 5 / 2011.5
    last = safe.curve.iloc[-1]
    assert (last["months"], last["at_risk"], last["events"]) == (42, 13, 5)
    assert last["survival"] == pytest.approx(np.exp(-39 * hazard))
    spread = np.exp(1.959964 / np.sqrt(5))
    assert last["lower"] == pytest.approx(np.exp(-39 * hazard * spread), rel=1e-6)
    assert last["upper"] == pytest.approx(np.exp(-39 * hazard / spread), rel=1e-6)
    read = safe.at([12, 24, 42, 48]).set_index("months")
    assert read.loc[24, "at_risk"] == 46
    assert read["cumulative_events"].tolist()[2] == 5
    assert read["cumulative_events"].isna().tolist() == [True, True, False, True]
    assert read["survival"].isna().tolist() == [False, False, False, True]
    assert read.loc[12, "survival"] == pytest.approx(np.exp(-9 * hazard), abs=1e-3)


def two_hazards() -> Cohort:
    """Return 1,000 patients with a hazard of 2 % and a competing one of 1 % a month, all followed for 36 months."""
    chance = np.random.default_rng(4)
    event, other = chance.exponential(50, 1000), chance.exponential(100, 1000)
    months = np.minimum(np.minimum(event, other), 36)
    people = pd.DataFrame(
        {
            "patient_id": range(1000),
            "follow_up_months": np.where(months == 36, 37, months).round(2) + 0.01,
            "died": ((other < event) & (other < 36)).astype(int),
            "relapse_months": np.where((event < other) & (event < 36), months.round(2), np.nan),
        }
    )
    return read_cohort(people)


def test_a_shared_curve_is_close_to_the_whole_one() -> None:
    cohort = two_hazards()
    for whole, name in ((kaplan_meier(cohort, "relapse"), "survival"), (cumulative_incidence(cohort), "incidence")):
        read, truth = safe_of(whole, Sharing(10)).at([12, 24, 33]), whole.at([12, 24, 33])
        for column in (name, "lower", "upper"):
            assert read[column].to_numpy(float) == pytest.approx(truth[column].to_numpy(float), abs=0.015)


def test_a_curve_without_events_has_the_exact_limit() -> None:
    """20 patients of whom all are seen at month 24: one minus the twentieth root of 0.025, Clopper and Pearson."""
    people = pd.DataFrame({"patient_id": range(20), "follow_up_months": 24.0, "died": 0})
    last = safe_of(kaplan_meier(read_cohort(people)), Sharing(5)).curve.iloc[-1]
    assert (last["months"], last["survival"], last["upper"]) == (24, 1, 1)
    assert last["lower"] == pytest.approx(0.025 ** (1 / 20), abs=1e-6)


def test_until_its_first_event_a_curve_has_the_exact_limit_too() -> None:
    """40 of 40 are alive at month 24, whatever comes later: the limit of a constant hazard (Garwood 1936)."""
    people = pd.DataFrame(
        {"patient_id": range(40), "follow_up_months": [30.0] * 10 + [48.0] * 30, "died": [1] * 10 + [0] * 30}
    )
    result = read_cohort(people)
    at = safe_of(kaplan_meier(result), Sharing(5)).at([24]).iloc[0]
    assert (at["survival"], at["upper"]) == (1, 1)
    risen = safe_of(cumulative_incidence(result, "overall_survival"), Sharing(5)).at([24]).iloc[0]
    assert (risen["incidence"], risen["lower"]) == (0, 0)
    # The last month of which it is told that nobody has died is 30: those who die at it are at risk until then.
    assert (at["lower"], 1 - risen["upper"]) == pytest.approx((0.025 ** (24 / 30 / 40),) * 2, abs=1e-6)


def test_patients_who_come_later_are_not_shared() -> None:
    people = pd.DataFrame({"patient_id": range(30), "follow_up_months": range(20, 50), "died": [0, 1, 1] * 10})
    result = kaplan_meier(read_cohort(people))
    assert isinstance(result.counts, Leaving)
    late = replace(result.counts, entered=result.counts.censored)
    with pytest.raises(NotSharedError, match="under observation later"):
        safe_of(replace(result, counts=late), Sharing(5))


def test_what_is_shared_holds_no_counts_but_those_told() -> None:
    safe = safe_of(kaplan_meier(SAMPLE), Sharing(5))
    assert isinstance(safe.counts, DisclosedLeaving)
    with pytest.raises(TypeError, match="hidden already"):
        shared_survival(safe, 5)
