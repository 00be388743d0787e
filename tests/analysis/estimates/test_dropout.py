"""Drop-out: its reasons, and the values before it."""

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, read_cohort
from analysis.estimates.scores.dropout import dropout
from analysis.facts.afterwards import REASONS
from analysis.listings.last_values import last_values
from tests.analysis.made import SAMPLE

SCHEDULE = [0, 6, 12]


def cohort_of(
    patients: list[tuple[str, float, int, str | None]], visits: list[tuple[str, float, float | None]]
) -> Cohort:
    return read_cohort(
        pd.DataFrame(patients, columns=["patient_id", "follow_up_months", "died", "follow_up_ended"]),
        pd.DataFrame(visits, columns=["patient_id", "months", "sledai"]),
    )


@pytest.fixture(scope="module")
def eight() -> Cohort:
    patients = [
        ("complete", 24, 0, "ongoing"),
        ("died", 8, 1, "died"),
        ("lost", 7, 0, "lost"),
        ("not due", 11, 0, "ongoing"),
        ("missed", 30, 0, "ongoing"),
        ("no reason", 11, 0, None),
        ("died late", 50, 1, "died"),
        ("never", 50, 0, "ongoing"),
    ]
    visits = [
        *[("complete", month, 10.0) for month in (0, 6, 11.5)],
        *[("died", 0, 20.0), ("died", 6, 18.0)],
        *[("lost", 0, 14.0), ("lost", 6, 12.0)],
        *[("not due", 0, 9.0), ("not due", 6, 2.0)],
        *[("missed", 0, 8.0), ("missed", 6, 6.0), ("missed", 12, None)],
        *[("no reason", 0, 8.0), ("no reason", 6, 6.0)],
        ("died late", 0, 16.0),
        ("never", 0, None),
    ]
    return cohort_of(patients, visits)


def test_why_no_later_value_follows(eight: Cohort) -> None:
    result = dropout(eight, schedule=SCHEDULE)
    last = last_values(eight, schedule=SCHEDULE)
    reasons = dict(zip(last["patient_id"], last["reason"], strict=True))
    assert reasons == {
        "complete": "last scheduled month reached",
        "died": "died",
        "lost": "lost",
        "not due": "not yet due",
        "missed": "visit missing",
        "no reason": "ended, reason unknown",
        "died late": "died",
    }
    assert result.left_out.to_numpy().tolist() == [["no value at any visit", 1]]
    assert result.reasons["patients"].tolist() == [2, 1, 1, 1, 1, 1]


def test_the_last_visit_and_the_next_one_due(eight: Cohort) -> None:
    last = last_values(eight, schedule=SCHEDULE).set_index("patient_id")
    assert last.loc["died", ["months", "value", "next_due", "followed"]].tolist() == [6, 18, 12, 8]
    assert last.loc["died late", "next_due"] == 6
    assert np.isnan(last.loc["complete", "next_due"])


def test_means_by_whether_patients_come_again(eight: Cohort) -> None:
    means = dropout(eight, schedule=SCHEDULE).means
    assert means["months"].tolist() == [0, 0, 0, 6, 6, 6]
    assert means["patients"].tolist() == [6, 1, 0, 1, 4, 1]
    # Month 0: 10, 20, 14, 9, 8, 8 come again, 16 does not; month 6: 10 does, 18, 12, 6, 6 do not, 2 is not yet due.
    assert means["mean"].tolist() == pytest.approx([11.5, 16, np.nan, 10, 10.5, 2], nan_ok=True)


def test_difference_of_patients_who_leave(eight: Cohort) -> None:
    difference = dropout(eight, schedule=SCHEDULE).difference
    assert difference["difference"].tolist() == [4.5, 0.5]
    assert difference[["lower", "upper"]].isna().all(axis=None)


def test_welch_interval_by_hand() -> None:
    # 4 and 8 leave, 1 and 3 come again: variances 8 and 2, standard error sqrt(5), df 5 ** 2 / (4 ** 2 + 1).
    visits = [("a", 0, 4.0), ("b", 0, 8.0), ("c", 0, 1.0), ("c", 6, 1.0), ("d", 0, 3.0), ("d", 6, 3.0)]
    cohort = cohort_of([(name, 3.0, 0, "lost") for name in "abcd"], visits)
    row = dropout(cohort, schedule=[0, 6]).difference.iloc[0]
    from scipy.stats import t

    half = t.ppf(0.975, 25 / 17) * 5**0.5
    assert row[["difference", "lower", "upper"]].tolist() == pytest.approx([4, 4 - half, 4 + half])


def test_every_patient_of_the_sample_has_one_reason() -> None:
    cohort = SAMPLE
    result = dropout(cohort, by="msc_source")
    last = last_values(cohort, by="msc_source")
    assert len(last) + result.left_out["patients"].sum() == len(cohort)
    assert set(last["reason"]) <= set(REASONS)
    assert result.reasons["patients"].sum() == len(last)


def test_a_cohort_without_follow_up_ended() -> None:
    cohort = read_cohort(
        pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [0.5, 60], "died": 0}),
        pd.DataFrame({"patient_id": ["a", "b"], "months": 0, "sledai": [4, 6]}),
    )
    assert last_values(cohort)["reason"].tolist() == ["ended, reason unknown", "visit missing"]
