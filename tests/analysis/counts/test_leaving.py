"""Counts at each time: any parts add up to all, and estimates from the sum are identical."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import pytest
from hypothesis import given

from analysis import Cohort, Cut, Landmark, SmallNumbers
from analysis.cohort.grouping import By
from analysis.counts.covariate_cells import CovariateCells
from analysis.counts.leaving import Leaving
from analysis.counts.strata import Strata
from analysis.estimates.survival.curve_differences import CurveDifferences
from analysis.estimates.survival.follow_up import FollowUp
from analysis.estimates.survival.hazard_ratios import HazardRatios
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.estimates.survival.log_rank import LogRank
from analysis.estimates.survival.restricted_mean import RestrictedMean
from analysis.estimates.yearly.maturity import Maturity
from analysis.facts.endpoints import AnyEndpoint, PotentialFollowUp
from tests.analysis.counts.parts import assert_adds_up, assert_same, cohorts
from tests.analysis.made import cohort_of, pinned
from tests.properties import FEW

ALWAYS = SmallNumbers(0, 0)
SHARING = pinned([f"p{number:02}" for number in range(9)], [f"p{number:02}" for number in range(5, 16)])
ESTIMATES: list[tuple[AnyEndpoint, Callable[[Leaving], Any]]] = [
    ("overall_survival", KaplanMeier.of),
    (Landmark("relapse", 2), lambda counts: KaplanMeier.of(counts, interval="exact")),
    ("relapse", lambda counts: CumulativeIncidence.of(counts, limits=ALWAYS)),
    ("relapse_free_survival", lambda counts: RestrictedMean.of(counts, months=2, limits=ALWAYS)),
    ("relapse", lambda counts: RestrictedMean.of(counts, months=2, limits=ALWAYS)),
    ("relapse_free_survival", lambda counts: CurveDifferences.of(counts, months=[1, 7])),
    ("relapse_free_survival", lambda counts: HazardRatios.of(counts, limits=ALWAYS)),
    ("overall_survival", FollowUp.of),
    (PotentialFollowUp(), lambda counts: Maturity.of(counts, years=[1, 2])),
]


@pytest.mark.parametrize("by", [None, "arm", Cut("age_years", [22]), SHARING], ids=["all", "arm", "cut", "sharing"])
@FEW
@given(made=cohorts())
def test_parts_add_up(by: By | None, made: tuple[list[Cohort], ...]) -> None:
    for endpoint, estimate in ESTIMATES:
        assert_adds_up(*made, partial(Leaving.of, endpoint=endpoint, by=by), estimate)


@pytest.mark.parametrize("by", ["arm", SHARING], ids=["arm", "sharing"])
@FEW
@given(made=cohorts())
def test_parts_of_strata_add_up(by: By, made: tuple[list[Cohort], ...]) -> None:
    assert_adds_up(
        *made,
        lambda cohort: Strata.of(cohort, "relapse_free_survival", by, "centre"),
        lambda counts: LogRank.of(counts, pairwise=True, limits=ALWAYS),
    )


@pytest.mark.parametrize("endpoint", ["relapse_free_survival", "relapse"])
@FEW
@given(made=cohorts())
def test_parts_of_cells_add_up(endpoint: AnyEndpoint, made: tuple[list[Cohort], ...]) -> None:
    covariates = ["arm", "dose", Cut("age_years", [22])]
    assert_adds_up(
        *made,
        lambda cohort: CovariateCells.of(cohort, endpoint, covariates),
        lambda counts: HazardRatios.of(counts, limits=ALWAYS),
    )


@FEW
@given(made=cohorts())
def test_counts_come_back_from_their_table(made: tuple[list[Cohort], ...]) -> None:
    cohort = made[0][0]
    counts = Leaving.of(cohort, "relapse", "arm")
    back = Leaving.from_table(counts.to_table(), "relapse", "arm")
    pd.testing.assert_frame_equal(back.to_table(), counts.to_table())
    assert_same(CumulativeIncidence.of(back), CumulativeIncidence.of(counts))
    strata = Strata.of(cohort, "relapse", "arm", "centre")
    again = Strata.from_table(strata.to_table(), "relapse", "arm", "centre")
    pd.testing.assert_frame_equal(again.to_table(), strata.to_table())
    assert_same(LogRank.of(again, limits=ALWAYS), LogRank.of(strata, limits=ALWAYS))
    cells = CovariateCells.of(cohort, "relapse", ["arm", "dose"])
    held = CovariateCells.from_table(cells.to_table(), "relapse", ["arm", "dose"])
    pd.testing.assert_frame_equal(held.to_table(), cells.to_table())
    assert_same(HazardRatios.of(held, limits=ALWAYS), HazardRatios.of(cells, limits=ALWAYS))


def test_counts_worked_by_hand() -> None:
    cohort = cohort_of([2, 4, 4], [1, 0, 1], entry_months=[0, 3, 0], arm=["B", "A", "B"])
    table = Leaving.of(cohort, by="arm").to_table().dropna(subset="months").drop(columns="reason")
    assert table.to_numpy().tolist() == [
        ["events", "B", 2.0, 1],
        ["events", "B", 4.0, 1],
        ["censored", "A", 4.0, 1],
        ["entered", "A", 3.0, 1],
    ]


def test_times_of_two_centres_are_joined_within_rounding() -> None:
    first, second = Leaving.of(cohort_of([0.3, 2], [1, 0])), Leaving.of(cohort_of([0.1 + 0.2], [1]))
    assert (first + second).months.tolist() == [0, 0.3, 2]
    assert (first + second).events[:, 0].tolist() == [0, 2, 0]
    cells = CovariateCells.of(cohort_of([0.3], [1], dose=[1]), covariates=["dose"])
    others = CovariateCells.of(cohort_of([0.1 + 0.2], [1], dose=[1]), covariates=["dose"])
    assert (cells + others).patients.tolist() == [2]


def test_counts_of_different_questions_are_not_added() -> None:
    cohort = cohort_of([2, 4], [1, 0], arm=["A", "B"], dose=[1, 2], relapse_months=[None, None])
    for other in (Leaving.of(cohort, "relapse"), Leaving.of(cohort, by="arm")):
        with pytest.raises(ValueError, match="add up"):
            Leaving.of(cohort) + other
    with pytest.raises(ValueError, match="add up"):
        CovariateCells.of(cohort, covariates=["arm"]) + CovariateCells.of(cohort, covariates=["dose"])
    with pytest.raises(ValueError, match="add up"):
        Strata.of(cohort, by="arm", stratify="dose") + Strata.of(cohort, by="arm")
