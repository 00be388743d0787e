"""The share of observed time in remission, against sums by hand and the jackknife."""

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, read_cohort, renal_response_kdigo_2024, share_of_time
from analysis.counts.times_in_state import NOT_OBSERVED
from analysis.facts.observed_times import NO_BASELINE
from analysis.facts.remission import RECORDED
from analysis.facts.time_in_states import time_in_states
from tests.analysis.facts.visit_tables import cohort_of

STATE = {"C": "complete", "P": "partial", "n": "none", "?": None}
# Months and states at the visits; observed months, and of these in complete remission.
TIMES: dict[str, tuple[list[float], str, float, float]] = {
    "half": ([0, 6, 12], "nCC", 12, 6),
    "lost again": ([0, 6, 12, 24], "nCnC", 24, 6),
    "before transplantation counts from it": ([-6, 6, 12], "CnC", 12, 6),
    "an unknown state between": ([0, 6, 12], "C?n", 12, 12),
    "late first visit": ([6, 12, 30], "CPn", 24, 6),
    "always": ([0, 10], "CC", 10, 10),
    "never": ([0, 60], "nn", 60, 0),
    "beyond follow-up": ([0, 48, 72], "nCC", 60, 12),
    "one visit": ([6], "C", 0, 0),
    "no known state": ([6, 12], "??", 0, 0),
}


def seen(**patients: object) -> Cohort:
    visits = {
        patient: [(month, STATE[state]) for month, state in zip(months, states, strict=True)]
        for patient, (months, states, _, _) in TIMES.items()
    }
    return cohort_of(("remission",), visits, **patients)


def test_observed_time_of_each_patient() -> None:
    times = time_in_states(seen(), RECORDED, ("complete",))
    assert times["observed"].tolist() == [observed for _, _, observed, _ in TIMES.values()]
    assert times["inside"].tolist() == [inside for _, _, _, inside in TIMES.values()]


def test_the_share_and_its_limits() -> None:
    result = share_of_time(seen())
    told = result.table.iloc[0]
    pairs = np.array([(inside, observed) for _, _, observed, inside in TIMES.values() if observed], dtype=float)
    inside, observed = pairs.sum(axis=0)
    assert (told["patients"], told["months_observed"], told["months_inside"]) == (8, observed, inside)
    assert told["share"] == inside / observed
    # By hand: variance of a ratio, then its logit, with t of 7 degrees of freedom (2.364624, printed tables).
    share, n = inside / observed, 8
    error = np.sqrt(n / (n - 1) * sum((x - share * y) ** 2 for x, y in pairs)) / observed
    reach = 2.364624 * error / (share * (1 - share))
    limits = [1 / (1 + np.exp(-(np.log(share / (1 - share)) + side))) for side in (-reach, reach)]
    assert told[["lower", "upper"]].tolist() == pytest.approx(limits, abs=1e-6)
    assert result.left_out.to_numpy().tolist() == [[NOT_OBSERVED, 2]]


def test_the_error_is_near_that_of_the_jackknife() -> None:
    random = np.random.default_rng(24)
    ids = [f"p{number}" for number in range(200)]
    rows = [
        (patient, month, "complete" if random.random() < chance else "none")
        for patient, chance in zip(ids, random.beta(1, 2, len(ids)), strict=True)
        for month in range(0, 6 * int(random.integers(2, 9)), 6)
    ]
    people = pd.DataFrame({"patient_id": ids, "follow_up_months": 60, "died": 0})
    cohort = read_cohort(people, pd.DataFrame(rows, columns=["patient_id", "months", "remission"]))
    times = time_in_states(cohort, RECORDED, ("complete",))
    x, y = times["inside"], times["observed"]
    left_one_out = (x.sum() - x) / (y.sum() - y)
    n = len(ids)
    jackknife = np.sqrt((n - 1) / n * ((left_one_out - left_one_out.mean()) ** 2).sum())
    told = share_of_time(cohort).table.iloc[0]
    width = told["upper"] - told["lower"]
    assert width == pytest.approx(2 * 1.972 * jackknife, rel=0.03)


def test_groups_and_ends() -> None:
    alone = {"always": "x", "never": "y", "one visit": "z"}
    cohort = seen(arm=[alone.get(patient, "rest") for patient in TIMES])
    table = share_of_time(cohort, by="arm").table.set_index("group")
    assert table.loc["x", ["patients", "share"]].tolist() == [1, 1]
    assert table.loc["y", "share"] == 0
    assert table.loc[["x", "y"], ["lower", "upper"]].isna().all(axis=None)
    assert table.loc["z", "patients"] == 0
    assert np.isnan(table.loc["z", "share"])
    anything = share_of_time(cohort, response="any").table.iloc[0]
    assert anything["months_inside"] == share_of_time(cohort).table.iloc[0]["months_inside"] + 18


def test_who_has_no_baseline_is_left_out() -> None:
    visits = {"a": [(0, 2.0, 80), (12, 0.4, 80), (24, 0.4, 80)], "b": [(6, 2.0, 80), (12, 0.2, 80)]}
    cohort = cohort_of(("upcr_g_per_g", "egfr_ml_per_min_per_1_73m2"), visits)
    result = share_of_time(cohort, rule=renal_response_kdigo_2024())
    assert result.table["share"].tolist() == [0.5]
    assert result.left_out.to_numpy().tolist() == [[NO_BASELINE, 1]]
    assert result.question == ("What share of the observed time is spent in complete renal response by KDIGO 2024?")


def test_a_level_outside_0_to_1_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        share_of_time(seen(), level=95)
