"""Remission over time against R's survfit with states; see ``reference/states.R``."""

import importlib.util
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, Filters, OneOf, read_cohort, yearly_remission
from analysis.estimates.states.state_probabilities import state_probabilities

FOLDER = Path(__file__).parents[1] / "reference"
REFERENCE = json.loads((FOLDER / "states.json").read_text(encoding="utf-8"))
TIMES = REFERENCE["times"]
CASES = [
    (name, group, response)
    for name in ("sample", "tied", "tied_from_active", "dense", "late")
    for group in REFERENCE[name]
    for response in ("complete", "any")
]


@cache
def cohort_of(name: str) -> Cohort:
    spec = importlib.util.spec_from_file_location("reference_states", FOLDER / "states.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return read_cohort(*made.COHORTS[name]())


def whole_or_part(name: str, group: str) -> Cohort:
    cohort = cohort_of(name)
    return cohort if group == "All" else cohort.where(Filters({"msc_source": OneOf(group)}))


def assert_equal(found: pd.Series, reference: list[float | None], within: float = 1e-9) -> None:
    """Compare where both have a number: beyond the end of follow-up only R has one."""
    expected = np.array([np.nan if value is None else value for value in reference])
    both = found.notna().to_numpy() & ~np.isnan(expected)
    np.testing.assert_allclose(found.to_numpy(dtype=float)[both], expected[both], rtol=0, atol=within)


@pytest.mark.parametrize(("name", "group", "response"), CASES)
def test_current_against_survfit(name: str, group: str, response: str) -> None:
    cohort = whole_or_part(name, group)
    reference = REFERENCE[name][group][response]["current"]
    result = state_probabilities(cohort, months=TIMES, response=response)
    last = cohort.patients["follow_up_months"].max()
    everybody_died = bool(cohort.patients["died"].all())
    known = [everybody_died or time <= last for time in TIMES]
    assert result.remission["probability"].notna().tolist() == known
    assert_equal(result.remission["probability"], reference["remission"])
    assert_equal(result.remission["standard_error"], reference["jackknife"], within=1e-8)
    assert_equal(result.remission["standard_error"], reference["standard_error"])
    inside = result.remission["probability"].between(0, 1, inclusive="neither")
    assert result.remission["lower"].notna().tolist() == inside.tolist()
    for column in ("lower", "upper"):
        assert_equal(result.remission[column], reference[column])
    for state, name_in_r in (("active", "active"), ("in remission", "remission"), ("dead", "dead")):
        steps = result.curve[result.curve["state"] == state]
        at = [steps.loc[steps["months"] <= time, "probability"].iloc[-1] for time in TIMES]
        np.testing.assert_allclose(at, reference[name_in_r], atol=1e-9)


@pytest.mark.parametrize(("name", "group", "response"), CASES)
def test_yearly_current_and_ever_against_survfit(name: str, group: str, response: str) -> None:
    cohort = whole_or_part(name, group)
    reference = REFERENCE[name][group][response]
    for estimand, share in (("current", "remission"), ("ever", "incidence")):
        bars = yearly_remission(cohort, estimand=estimand, response=response, years=[1, 2, 3, 4]).bars
        figures = reference[estimand]
        assert_equal(bars["share"], figures[share][1:])
        for limit in ("lower", "upper"):
            assert_equal(bars[limit], figures[limit][1:])


def test_groups_have_the_estimate_they_have_alone() -> None:
    result = state_probabilities(cohort_of("tied"), months=TIMES, by="msc_source")
    for group in ("BM", "UC"):
        alone = state_probabilities(whole_or_part("tied", group), months=TIMES).remission
        own = result.remission[result.remission["group"] == group].reset_index(drop=True)
        pd.testing.assert_frame_equal(own.drop(columns="group"), alone.drop(columns="group"))
