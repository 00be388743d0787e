"""An attacker with two shared files: which small counts are sums and differences of the numbers told in both.

A number told is that of a set of patients. What follows from numbers by adding and taking away is what lies in the span
of these sets. The attacker knows even which sets are empty. What follows from one file alone is not counted here:
`test_masking` tries that with all possible counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest

from analysis import (
    Cohort,
    Filters,
    OneOf,
    baseline_table,
    cumulative_incidence,
    kaplan_meier,
    read_cohort,
    trajectory,
    yearly_relapse,
    yearly_remission,
)
from analysis.disclosure.refused import NotSharedError
from analysis.estimates.yearly.yearly import Yearly
from analysis.export.released import Released
from analysis.export.sharing import Sharing
from analysis.facts.place_by_year import PLACES
from analysis.figures.common.estimate import Estimate
from analysis.listings.event_times import event_times
from analysis.listings.years import yearly_members
from tests.analysis.disclosure.disclosed import safe_of
from tests.analysis.export.exhibits import SAMPLE, made

pytestmark = pytest.mark.newest  # sums and differences of sets; see also tests/analysis/disclosure

LEAST = 5
GRID = np.arange(0, 73, 3)
UC = Filters({"msc_source": OneOf("UC")})


def cohort_of(seed: int) -> Cohort:
    """Return 60 to 200 patients of two sources and sexes, followed for up to six years."""
    chance = np.random.default_rng(seed)
    size = int(chance.integers(60, 201))
    died, last = chance.exponential(60, size), chance.uniform(6, 72, size)
    relapse = chance.exponential(40, size)
    months = np.minimum(died, last).round(1) + 0.1
    people = pd.DataFrame(
        {
            "patient_id": range(size),
            "follow_up_months": months,
            "died": (died < last).astype(int),
            "relapse_months": np.where(relapse < months, relapse.round(1) + 0.1, np.nan),
            "follow_up_ended": np.where(died < last, "died", chance.choice(["lost", "ongoing"], size)),
            "msc_source": chance.choice(["BM", "UC"], size),
            "sex": chance.choice(["female", "male"], size),
        }
    )
    people["relapse_months"] = people["relapse_months"].where(people["relapse_months"] <= months)
    visits = [
        (patient, year, chance.choice(["complete", "none"]), 0)
        for patient, until in enumerate(months)
        for year in range(0, 72, 12)
        if year <= until and (year == 0 or chance.random() < 0.8)
    ]
    return read_cohort(people, pd.DataFrame(visits, columns=["patient_id", "months", "remission", "relapse"]))


PAIRS = {
    "all, then by source": lambda it: [made(kaplan_meier, it), made(kaplan_meier, it, by="msc_source")],
    "by source, then by sex": lambda it: [made(kaplan_meier, it, by=by) for by in ("msc_source", "sex")],
    "all, then filtered": lambda it: [made(kaplan_meier, it), made(kaplan_meier, it.where(UC))],
    "two endpoints that share deaths": lambda it: [
        made(kaplan_meier, it),
        made(cumulative_incidence, it, "relapse"),
    ],
    "curve, then bars and ledger": lambda it: [made(kaplan_meier, it), made(yearly_remission, it)],
    "all, then by source, per year": lambda it: [
        made(yearly_remission, it),
        made(yearly_remission, it, by="msc_source"),
    ],
}


ALLOWED = {
    "remission, then relapse": lambda it: [made(yearly_remission, it), made(yearly_relapse, it)],
    "two ways of counting by source": lambda it: [
        made(yearly_remission, it, estimand=each, by="msc_source") for each in ("assessed", "deaths_counted")
    ],
}


def rows_of(whole: Cohort, ids: pd.Series) -> np.ndarray:
    """Return which patients of a cohort these are."""
    return whole.patients["patient_id"].isin(ids).to_numpy(float)


def told_sets(whole: Cohort, estimate: Estimate) -> list[np.ndarray]:
    """Return the patients behind each number that a shared figure tells."""
    safe, by = safe_of(estimate.result, Sharing(LEAST)), estimate.options.get("by")
    if isinstance(safe, Yearly):
        return _of_years(whole, estimate, safe)
    times = event_times(estimate.cohort, *estimate.choices, by=by)
    found = []
    for row in safe.curve.itertuples():
        own = times[times["group"] == row.group]
        before = own["months"] < row.months
        if pd.notna(row.at_risk):
            found.append(own.loc[~before, "patient_id"])
        kinds = {"events": "event", "competing": "competing event", "censored": "last contact"}
        for name, ended in kinds.items():
            if pd.notna(getattr(row, name, np.nan)):
                found.append(own.loc[before & (own["ended"] == ended), "patient_id"])
    return [rows_of(whole, ids) for ids in found]


def _of_years(whole: Cohort, estimate: Estimate, safe: Yearly) -> list[np.ndarray]:
    found = []
    members = dict(iter(yearly_members(estimate.cohort, estimate.result).groupby(["group", "year"], observed=True)))
    for row in safe.ledger.itertuples():
        own = members[row.group, row.year]
        found += [own["patient_id"]]
        found += [own.loc[own["place"] == place, "patient_id"] for place in PLACES if pd.notna(getattr(row, place))]
    for row in safe.bars.itertuples():
        own = members[row.group, row.year]
        if pd.notna(row.patients):
            found.append(own.loc[own["in_denominator"], "patient_id"])
        if pd.notna(row.events):
            found.append(own.loc[own["counted"], "patient_id"])
    return [rows_of(whole, ids) for ids in found]


def secret_sets(whole: Cohort, estimate: Estimate) -> list[np.ndarray]:
    """Return the small cells behind a figure: who left between any two times, and who is where in a year."""
    by = estimate.options.get("by")
    cells: Iterable[pd.Series]
    if isinstance(estimate.result, Yearly):
        members = yearly_members(estimate.cohort, estimate.result)
        cells = [own["patient_id"] for _, own in members.groupby(["group", "year", "place"], observed=True)]
        cells += [own["patient_id"] for _, own in members[members["counted"]].groupby(["group", "year"], observed=True)]
    else:
        times = event_times(estimate.cohort, *estimate.choices, by=by)
        cells = [
            own.loc[(own["months"] >= first) & (own["months"] < last), "patient_id"]
            for _, group in times.groupby("group", observed=True)
            for own in (group, *(each for _, each in group.groupby("ended")))
            for place, first in enumerate(GRID)
            for last in GRID[place + 1 : place + 5]
        ]
    return [rows_of(whole, ids) for ids in cells if 0 < len(ids) < LEAST]


def follows(told: list[np.ndarray], secrets: np.ndarray) -> np.ndarray:
    """Return which secrets are sums and differences of what is told."""
    basis = np.linalg.svd(np.array(told), full_matrices=False)
    rank = np.count_nonzero(basis.S / basis.S[0] > 1e-9)
    span = basis.Vh[:rank]
    rest = secrets - secrets @ span.T @ span
    return np.abs(rest).max(axis=1) < 1e-7


def broken(whole: Cohort, pair: list[Estimate], released: Released | None) -> bool:
    """Return whether a small count follows from the files that leave; without a memory each is judged alone."""
    told, left = [], []
    for estimate in pair:
        try:
            sets = told_sets(whole, estimate)
            if released is not None:
                released.take([estimate], LEAST)
        except NotSharedError:
            continue
        told.append(sets)
        left.append(estimate)
    if len(told) < 2:
        return False
    secrets = [cell for estimate in left for cell in secret_sets(whole, estimate)]
    if not secrets:
        return False
    first, second = told
    cells = np.unique(np.array(secrets), axis=0)
    alone = follows(first, cells) | follows(second, cells)
    return bool((follows(first + second, cells) & ~alone).any())


def times_broken(name: str, seeds: Iterable[int], remembered: bool) -> int:
    """Return in how many random cohorts the pair gives something away."""
    found = 0
    for seed in seeds:
        whole = cohort_of(seed)
        found += broken(whole, (PAIRS | ALLOWED)[name](whole), Released() if remembered else None)
    return found


@pytest.mark.parametrize("name", PAIRS | ALLOWED)
def test_no_small_count_follows_from_two_files_of_a_session(name: str) -> None:
    assert times_broken(name, range(2), remembered=True) == 0


def test_the_attack_finds_what_files_give_away_that_are_judged_one_by_one() -> None:
    assert times_broken("all, then by source", range(1), remembered=False)


def test_the_same_figure_leaves_again_and_so_do_ways_of_counting_from_one_ledger() -> None:
    released = Released()
    released.take([made(yearly_remission, SAMPLE, estimand=each) for each in ("assessed", "all_due")], LEAST)
    released.take([made(yearly_remission, SAMPLE, window_months=3.0)], LEAST)
    released.take([made(yearly_relapse, SAMPLE), made(trajectory, SAMPLE), made(baseline_table, SAMPLE)], LEAST)


REFUSED = {
    "other patients": made(yearly_remission, SAMPLE.where(UC)),
    "compared by something else": made(yearly_remission, SAMPLE, by="sex"),
    "other settings": made(yearly_remission, SAMPLE, window_months=6.0),
    "in another way": made(kaplan_meier, SAMPLE),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_left_before_refuses_in_words_and_is_all_that_is_remembered(words: str) -> None:
    released = Released()
    released.take([made(yearly_remission, SAMPLE)], LEAST)
    before = released.copy()
    with pytest.raises(NotSharedError, match=words):
        released.take([made(baseline_table, SAMPLE), REFUSED[words]], LEAST)
    assert released == before


def test_another_threshold_is_refused_and_none_remembers_nothing() -> None:
    released = Released()
    released.take([made(kaplan_meier, SAMPLE)], 0)
    assert released == Released()
    released.take([made(kaplan_meier, SAMPLE)], 10)
    with pytest.raises(NotSharedError, match="another threshold"):
        released.take([made(kaplan_meier, SAMPLE)], 5)


def test_two_curves_of_one_report_are_judged_together() -> None:
    with pytest.raises(NotSharedError, match="in another way"):
        Released().take([made(kaplan_meier, SAMPLE), made(kaplan_meier, SAMPLE, "relapse")], LEAST)
