"""Curves read off a publication: small ones by hand, public cohorts there and back, and what is refused."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.datasets import load_gbsg2, load_rossi, load_waltons

from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.estimates.survival.reconstructed import Reconstructed, reconstruct

HAND = ([2, 4, 6], [0.9, 0.675, 0.45], [0, 5], [10, 6])
COHORTS: dict[str, tuple[Callable[[], pd.DataFrame], str, str, Callable[[pd.DataFrame], pd.Series]]] = {
    "waltons": (load_waltons, "T", "E", lambda table: table["group"] == "miR-137"),
    "rossi": (load_rossi, "week", "arrest", lambda table: table["fin"] == 1),
    "gbsg2": (load_gbsg2, "time", "cens", lambda table: table["horTh"] == "yes"),
}


def there_and_back(times: np.ndarray, happened: np.ndarray, told: bool) -> Reconstructed:
    """Return the reconstruction of a curve drawn by lifelines, read at its steps to three decimals."""
    fitted = KaplanMeierFitter().fit(times, happened).survival_function_.iloc[:, 0]
    steps = fitted[(fitted.diff().fillna(0) < 0) | (fitted.index == times.max())].round(3)
    risk_times = np.linspace(0, times.max() * 0.9, 6)
    at_risk = [int((times >= each).sum()) for each in risk_times]
    return reconstruct(steps.index, steps, risk_times, at_risk, events=int(happened.sum()) if told else None)


def patients(found: Reconstructed) -> pd.DataFrame:
    parts = []
    for kind, event in ((found.counts.events, 1), (found.counts.censored, 0)):
        parts.append(pd.DataFrame({"T": np.repeat(found.counts.months, kind[:, 0]), "E": event}))
    return pd.concat(parts, ignore_index=True)


def test_a_curve_by_hand() -> None:
    # Ten patients: one dies at 2; one is censored at 2.5, half-way to month 5; two of eight die at 4; two of six at 6.
    found = reconstruct(*HAND, events=5)
    curve = KaplanMeier.of(found.counts).curve
    held = curve[(curve["events"] > 0) | (curve["censored"] > 0)]
    assert held[["months", "at_risk", "events", "censored"]].to_numpy().tolist() == [
        [2, 10, 1, 0],
        [2.5, 9, 0, 1],
        [4, 8, 2, 0],
        [6, 6, 2, 4],
    ]
    assert (found.root_mean_square, found.largest) == pytest.approx((0, 0))
    assert found.fit.endswith("by 0.0 percentage points (root mean square), at most by 0.0: close.")


def test_without_censoring_every_event_is_found() -> None:
    times = np.arange(1.0, 21.0)
    found = reconstruct(times, 1 - times / 20, [0, 10.5], [20, 10])
    assert found.counts.number_of_events == 20
    assert found.largest == pytest.approx(0)


@pytest.mark.parametrize("told", [False, True])
@pytest.mark.parametrize("name", COHORTS)
def test_a_public_cohort_there_and_back(name: str, told: bool) -> None:
    load, time, event, second = COHORTS[name]
    table = load()
    again = []
    for arm in (False, True):
        own = table[second(table) == arm]
        times, happened = own[time].to_numpy(dtype=float), own[event].to_numpy()
        found = there_and_back(times, happened, told)
        assert found.root_mean_square < 0.005
        # One event more or less, of the total that was told, moves the end of a curve where few are left.
        assert found.largest < (0.04 if told else 0.01)
        assert found.counts.number_of_patients == len(own)
        assert abs(found.counts.number_of_events - happened.sum()) <= 0.03 * len(own)
        assert (found.at_risk["published"] - found.at_risk["reconstructed"]).abs().max() <= 1
        again.append(patients(found).assign(arm=int(arm)))
    truth = CoxPHFitter().fit(
        pd.DataFrame({"T": table[time], "E": table[event], "arm": second(table).astype(int)}), "T", "E"
    )
    back = CoxPHFitter().fit(pd.concat(again), "T", "E")
    assert back.params_["arm"] == pytest.approx(truth.params_["arm"], abs=0.03)
    assert back.standard_errors_["arm"] == pytest.approx(truth.standard_errors_["arm"], rel=0.02)


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=3, max_size=60))
@settings(max_examples=40, deadline=None)
def test_nobody_is_lost_and_nobody_made(cohort: list[tuple[int, bool]]) -> None:
    times, happened = (np.array(column) for column in zip(*cohort, strict=True))
    if not happened.any():
        return
    found = there_and_back(times.astype(float), happened, told=False)
    assert found.counts.number_of_patients == len(cohort)
    assert (found.counts.events >= 0).all()
    assert (found.counts.censored >= 0).all()
    assert np.isfinite([found.root_mean_square, found.largest]).all()


def test_a_trembling_hand_is_smoothed_and_a_rise_refused() -> None:
    found = reconstruct([1, 2, 3, 4], [0.9, 0.905, 0.8, 0.8], [0], [20])
    assert found.points["survival"].tolist() == [0.9, 0.9, 0.8, 0.8]
    with pytest.raises(ValueError, match=r"Row 2: survival 0\.95 is above 0.9 before it"):
        reconstruct([1, 2], [0.9, 0.95], [0], [20])


def test_events_that_do_not_fit_are_told() -> None:
    found = reconstruct(*HAND, events=9)
    assert "events where 9 were told" in found.fit


@pytest.mark.parametrize(
    ("months", "survival", "risk_months", "at_risk", "events", "words"),
    [
        ([1, 3, 2], [0.9, 0.8, 0.7], [0], [10], None, "Row 3: month 2 comes after month 3"),
        ([1, 2], [90, 80], [0], [10], None, "Row 1: survival 90 is not a share"),
        ([1, 2], [0.9, np.nan], [0], [10], None, "Row 2: survival nan is not a share"),
        ([1, np.inf], [0.9, 0.8], [0], [10], None, "Row 2: a time is a number"),
        ([1], [0.9], [], [], None, "Without numbers at risk"),
        ([1], [0.9], [0, 5], [10, 12], None, "At risk, row 2: 12 are more than the 10 before"),
        ([1], [0.9], [0, 0], [10, 9], None, "At risk, row 2: month 0 does not come after month 0"),
        ([1], [0.9], [1], [10], None, "first number at risk is that at month 0"),
        ([1], [0.9], [0], [10], 11, "11 events are more than the 10 patients"),
        ([], [], [0], [10], None, "as many times as shares"),
    ],
)
def test_what_cannot_be_a_curve_is_refused_by_row(
    months: list, survival: list, risk_months: list, at_risk: list, events: int | None, words: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        reconstruct(months, survival, risk_months, at_risk, events=events)
