"""Survival of centres at a month taken together: effective numbers by hand, and in general."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, kaplan_meier, pool_shares, pool_survival, read_cohort
from analysis.estimates.pooling.marginal_likelihood import Likelihood
from analysis.estimates.pooling.pooled_survival import effective_patients

# Events before month 12 of patients in each centre, all others followed to month 24.
WHOLE = {"A": (2, 10), "B": (1, 12), "C": (4, 15), "D": (3, 9)}


def cohort_of(rows: list[tuple[str, float, bool]]) -> Cohort:
    names = ("centre", "follow_up_months", "died")
    table = pd.DataFrame(rows, columns=list(names)).assign(patient_id=[f"p{place}" for place in range(len(rows))])
    return read_cohort(table)


def followed(counts: dict[str, tuple[int, int]]) -> Cohort:
    rows = [
        (name, 3.0 + place if place < k else 24.0, place < k) for name, (k, n) in counts.items() for place in range(n)
    ]
    return cohort_of(rows)


def test_with_everybody_followed_it_is_the_pooled_share_of_the_counts() -> None:
    found = pool_survival(kaplan_meier(followed(WHOLE), by="centre"), 12)
    expected = pool_shares(list(WHOLE), [n - k for k, n in WHOLE.values()], [n for _, n in WHOLE.values()])
    columns = ["share", "lower", "upper", "tau", "prediction_lower", "prediction_upper"]
    assert found.summary[columns].iloc[0].tolist() == pytest.approx(
        expected.summary[columns].iloc[0].tolist(), abs=1e-6
    )
    assert found.studies[["events", "patients"]].to_numpy().tolist() == [[k, n] for k, n in WHOLE.values()]


def test_whoever_is_censored_before_counts_less() -> None:
    # Four patients: one dies at 2, one is censored at 4, one dies at 6. S = 3/4 * 1/2 = 3/8; the variance of log S by
    # Greenwood is 1/(4*3) + 1/(2*1) = 7/12, so that 5/8 / (3/8 * 7/12) = 20/7 patients would have the same.
    rows = [("A", 2.0, True), ("A", 4.0, False), ("A", 6.0, True), ("A", 24.0, False)]
    with_others = [*rows, *[(name, 24.0, False) for name in "BC" for _ in range(5)]]
    found = pool_survival(kaplan_meier(cohort_of(with_others), by="centre"), 12)
    effective = np.array([20 / 7, 5.0, 5.0])
    best = Likelihood(effective * [3 / 8, 1.0, 1.0], effective).maximum()
    assert found.summary["log_odds"].item() == pytest.approx(best.mu, abs=1e-6)


def test_centres_that_are_not_followed_so_far_are_left_out() -> None:
    rows = [(name, months, name == "A") for name, months in (("A", 9.0), ("B", 11.0), ("C", 30.0)) for _ in range(4)]
    found = pool_survival(kaplan_meier(cohort_of(rows), by="centre"), 12)
    assert found.studies[["study", "share"]].to_numpy().tolist() == [["A", 0.0], ["C", 1.0]]
    assert found.heterogeneity == "The spread between centres takes at least 3 of them."


def test_without_a_death_there_is_no_prediction_and_it_says_why() -> None:
    found = pool_survival(kaplan_meier(followed({"A": (0, 8), "B": (0, 9), "C": (0, 7)}), by="centre"), 12)
    # 0 of 24 died: the exact lower limit is 0.025^(1/24).
    assert found.summary["lower"].item() == pytest.approx(0.025 ** (1 / 24))
    assert found.heterogeneity.startswith("Every centre is at 100 %")


@given(
    st.lists(st.lists(st.tuples(st.floats(0.5, 30), st.booleans()), min_size=2, max_size=12), min_size=3, max_size=5)
)
def test_no_centre_has_more_effective_patients_than_patients(centres: list[list[tuple[float, bool]]]) -> None:
    rows = [(f"C{place}", months, died) for place, each in enumerate(centres) for months, died in each]
    curves = kaplan_meier(cohort_of(rows), by="centre")
    at = curves.at([12.0])
    at = at[at["survival"].notna()].reset_index(drop=True)
    sizes = curves.summary.set_index("group")["patients"].loc[at["group"]].to_numpy()
    assert (effective_patients(curves.curve, at, 12.0) <= sizes + 1e-9).all()
