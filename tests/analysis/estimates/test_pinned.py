"""Two overlapping pinned cohorts: every estimate, and no test."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    Cohort,
    Pinned,
    Response,
    SmallNumbers,
    cumulative_incidence,
    follow_up,
    hazard_ratios,
    kaplan_meier,
    log_rank,
    restricted_mean,
    trajectory,
    yearly_relapse,
    yearly_remission,
)
from analysis.cohort.grouping import group_labels
from analysis.estimates.scores.dropout import dropout
from analysis.estimates.scores.mixed_model import mixed_model
from analysis.estimates.scores.response_share import response_share
from analysis.estimates.scores.severity_bands import severity_bands
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.states.state_probabilities import state_probabilities
from analysis.estimates.survival.mean_relapses import mean_relapses
from analysis.estimates.survival.relapse_gaps import relapse_gaps
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.maturity import maturity
from analysis.estimates.yearly.relapse_counts import relapse_counts
from analysis.estimates.yearly.yearly import Yearly
from analysis.listings.event_times import left_out_of_curves
from analysis.listings.last_values import last_values
from analysis.listings.relapse_list import relapse_list
from analysis.listings.trajectory_lines import trajectory_lines
from analysis.listings.years import yearly_members
from tests.analysis.made import SAMPLE, cohort_of, pinned
from tests.properties import FEW

ALWAYS = SmallNumbers(0, 0)
SHARE = "the groups share 2 patients"

YEARS = (1, 2, 3, 4)
MONTHS = (0, 6, 12, 30)
YEARLY = ("bars", "ledger")

# Every estimate that follows patients from visit to visit or from year to year, and its tables by group.
ESTIMATES: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "trajectory": (trajectory, ("summary", "change")),
    "change": (partial(trajectory, change=True), ("summary", "change")),
    "percent change": (partial(trajectory, change="percent"), ("summary",)),
    "same patients": (
        partial(trajectory, centre="geometric mean", schedule=[0, 6, 12], same_patients=True),
        ("summary",),
    ),
    "response share": (partial(response_share, response=Response("fall", 12)), ("table",)),
    "severity bands": (severity_bands, ("table",)),
    "dropout": (dropout, ("reasons", "means", "difference")),
    "state counts": (partial(state_counts, months=MONTHS), ("table",)),
    "state probabilities": (partial(state_probabilities, months=MONTHS), ("curve", "remission")),
    "maturity": (partial(maturity, years=YEARS), ("table",)),
    "relapse counts": (relapse_counts, ("table",)),
    "mean relapses": (mean_relapses, ("curve", "summary")),
    "relapse gaps": (relapse_gaps, ("table",)),
    **{
        f"remission {name}": (partial(yearly_remission, estimand=name, years=YEARS), YEARLY)
        for name in REMISSION_ESTIMANDS
    },
    **{f"relapse {name}": (partial(yearly_relapse, estimand=name, years=YEARS), YEARLY) for name in RELAPSE_ESTIMANDS},
}


LISTS: dict[str, Callable[..., pd.DataFrame]] = {
    "values": trajectory_lines,
    "changes": partial(trajectory_lines, change=True),
    "percent changes": partial(trajectory_lines, change="percent"),
    "values of the same patients": partial(trajectory_lines, schedule=[0, 6, 12], same_patients=True),
    "last values": last_values,
}


@pytest.fixture(scope="module")
def six() -> Cohort:
    return cohort_of([2, 4, 6, 8, 10, 12], [1, 0, 1, 0, 1, 0], relapse_months=[1, 3, 5, None, None, None])


def part(cohort: Cohort, *numbers: int) -> Cohort:
    return cohort.subset(cohort.patients["patient_id"].isin([f"p{number}" for number in numbers]))


@pytest.fixture(scope="module")
def sharing(six: Cohort) -> Pinned:
    return Pinned.of(part(six, 0, 1, 2, 3), part(six, 2, 3, 4), ("first", "second"))


@pytest.fixture(scope="module")
def apart(six: Cohort) -> Pinned:
    return Pinned.of(part(six, 0, 2, 4), part(six, 1, 3, 5))


@st.composite
def pinned_samples(draw: st.DrawFn) -> Pinned:
    ids = SAMPLE.patients["patient_id"]
    where = draw(st.lists(st.sampled_from(["AB", "A", "B", ""]), min_size=len(ids), max_size=len(ids)))
    first, second = (frozenset(ids[[name in held for held in where]]) for name in "AB")
    return pinned(first, second)


@pytest.mark.parametrize("name", ESTIMATES)
@FEW
@given(two=pinned_samples())
def test_each_pinned_cohort_has_the_estimates_it_has_alone(name: str, two: Pinned) -> None:
    estimate, tables = ESTIMATES[name]
    together = estimate(SAMPLE, by=two)
    for group, ids in (("A", two.of_first), ("B", two.of_second)):
        alone = estimate(SAMPLE.where(ids))
        for table in tables:
            found = getattr(together, table)
            assert found["group"].cat.categories.tolist() == ["A", "B"]
            pd.testing.assert_frame_equal(
                found[found["group"] == group].drop(columns="group").reset_index(drop=True),
                getattr(alone, table).drop(columns="group"),
                check_dtype=False,
            )


@pytest.mark.parametrize("name", LISTS)
@FEW
@given(two=pinned_samples())
def test_each_pinned_cohort_has_the_listing_it_has_alone(name: str, two: Pinned) -> None:
    together = LISTS[name](SAMPLE, by=two)
    for group, ids in (("A", two.of_first), ("B", two.of_second)):
        pd.testing.assert_frame_equal(
            together[together["group"] == group].drop(columns="group").reset_index(drop=True),
            LISTS[name](SAMPLE.where(ids)).drop(columns="group"),
            check_dtype=False,
        )


@pytest.mark.parametrize("estimate", [yearly_remission, yearly_relapse])
@FEW
@given(two=pinned_samples())
def test_each_pinned_cohort_lists_the_patients_it_lists_alone(estimate: Callable[..., Yearly], two: Pinned) -> None:
    lists = yearly_members(SAMPLE, estimate(SAMPLE, by=two, years=YEARS)), relapse_list(SAMPLE, by=two)
    for group, ids in (("A", two.of_first), ("B", two.of_second)):
        own = SAMPLE.where(ids)
        alone = yearly_members(own, estimate(own, years=YEARS)), relapse_list(own)
        for found, expected in zip(lists, alone, strict=True):
            listed = found[found["group"] == group].reset_index(drop=True)
            pd.testing.assert_frame_equal(listed.drop(columns="group"), expected.drop(columns="group"))


@pytest.mark.parametrize("name", ESTIMATES)
@FEW
@given(two=pinned_samples())
def test_methods_count_distinct_patients_asked_for(name: str, two: Pinned) -> None:
    estimate, _ = ESTIMATES[name]
    together, everybody = estimate(SAMPLE, by=two), estimate(two.either(SAMPLE))
    assert together.method == everybody.method
    assert together.left_out.to_numpy().tolist() == everybody.left_out.to_numpy().tolist()


def test_a_shared_patient_counts_as_two_in_the_mixed_model() -> None:
    ids = SAMPLE.patients["patient_id"]
    named = {"A": ids[:50], "B": ids[30:70]}
    two = pinned(*named.values())

    def copied(table: pd.DataFrame) -> pd.DataFrame:
        parts = [table[table["patient_id"].isin(held)].assign(arm=group) for group, held in named.items()]
        both = pd.concat(parts, ignore_index=True)
        return both.assign(patient_id=both["patient_id"] + both["arm"])

    copies = replace(SAMPLE, patients=copied(SAMPLE.patients), visits=copied(SAMPLE.visits))
    together, apart = mixed_model(SAMPLE, by=two), mixed_model(copies, by="arm")
    pd.testing.assert_frame_equal(together.table, apart.table, rtol=1e-4)
    assert (together.between, together.within) == pytest.approx((apart.between, apart.within), rel=1e-4)
    everybody = mixed_model(two.either(SAMPLE))
    assert together.method.replace(", by group", "") == everybody.method
    assert together.left_out.equals(everybody.left_out)


def test_one_shared_patient_is_too_few_for_a_mixed_model() -> None:
    one = SAMPLE.patients["patient_id"][:1]
    result = mixed_model(SAMPLE, by=pinned(one, one))
    assert result.withheld == "not estimable: 1 patient with a value at more than one scheduled month"


def test_the_last_month_is_that_of_patients_asked_for() -> None:
    followed = SAMPLE.patients.set_index("patient_id")["follow_up_months"].sort_values()
    two = pinned(followed.index[:20], followed.index[10:30])
    alone = two.either(SAMPLE)
    for estimate in (yearly_remission, yearly_relapse):
        years = estimate(alone).bars["year"].tolist()
        assert max(years) < estimate(SAMPLE).bars["year"].max()
        assert estimate(SAMPLE, by=two).bars["year"].tolist() == 2 * years
    assert state_counts(SAMPLE, by=two).table["months"].max() == int(followed.iloc[29])


def test_each_pinned_cohort_has_the_curve_it_has_alone(six: Cohort, sharing: Pinned) -> None:
    result = kaplan_meier(six, by=sharing)
    assert result.summary[["group", "patients", "events"]].to_numpy().tolist() == [["first", 4, 2], ["second", 3, 2]]
    for group, numbers in (("first", (0, 1, 2, 3)), ("second", (2, 3, 4))):
        alone = kaplan_meier(part(six, *numbers)).curve
        own = result.curve[result.curve["group"] == group]
        assert own.drop(columns="group").to_numpy() == pytest.approx(
            alone.drop(columns="group").to_numpy(), nan_ok=True
        )
    assert result.left_out.empty  # patients in neither cohort are not asked for
    assert follow_up(six, by=sharing).table["mean"].tolist() == [5, 8]


def test_overlapping_cohorts_are_not_tested(six: Cohort, sharing: Pinned) -> None:
    for pairwise in (False, True):
        row = log_rank(six, by=sharing, pairwise=pairwise, limits=ALWAYS).table.iloc[0]
        assert (row["group_a"], row["group_b"], row["withheld"]) == ("first", "second", SHARE)
        assert row["p"] != row["p"]
    assert cumulative_incidence(six, by=sharing, limits=ALWAYS).test["withheld"].tolist() == [SHARE]
    assert restricted_mean(six, by=sharing, months=6, limits=ALWAYS).differences["withheld"].tolist() == [SHARE]
    ratios = hazard_ratios(six, by=sharing, limits=ALWAYS).table
    assert ratios["withheld"].tolist() == [SHARE]
    assert ratios[["hazard_ratio", "p", "proportional_p"]].isna().all(axis=None)


def test_disjoint_cohorts_are_compared_like_groups(six: Cohort, apart: Pinned) -> None:
    arm = cohort_of([2, 4, 6, 8, 10, 12], [1, 0, 1, 0, 1, 0], arm=["A", "B"] * 3)
    by_column = log_rank(arm, by="arm", limits=ALWAYS).table
    assert log_rank(six, by=apart, limits=ALWAYS).table.equals(by_column)


def test_every_patient_left_out_is_reported(six: Cohort, sharing: Pinned) -> None:
    late = cohort_of([2, 4, 6, 8, 10, 12], [1, 0, 1, 0, 1, 0], entry_months=[0, 0, 7, 0, 0, 13])
    assert kaplan_meier(late, by=sharing).left_out["patients"].tolist() == [1]
    assert left_out_of_curves(late, by=sharing)["patient_id"].tolist() == ["p2"]


def test_where_groups_must_be_exclusive_overlap_is_refused(six: Cohort, sharing: Pinned, apart: Pinned) -> None:
    assert group_labels(six, apart).tolist() == ["A", "B"] * 3
    with pytest.raises(ValueError, match="first and second share patients"):
        group_labels(six, sharing)


def test_pinned_cohorts_are_hashable(six: Cohort) -> None:
    assert {Pinned.of(part(six, 0), part(six, 1)): 1}[Pinned.of(part(six, 0), part(six, 1))] == 1
