"""Properties of the yearly estimates of any cohort."""

import itertools
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis import AnyOf, Cohort, Filters, OneOf, read_cohort, sledai_at_most, yearly_relapse, yearly_remission
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.states.state_probabilities import state_probabilities
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.remission_range import remission_range
from analysis.estimates.yearly.share_differences import newcombe_interval
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.place_by_year import PLACES
from analysis.facts.relapse import rise_after_remission
from analysis.listings.years import yearly_members
from tests.properties import SOME

ALL_WAYS = [("remission", name) for name in REMISSION_ESTIMANDS] + [("relapse", name) for name in RELAPSE_ESTIMANDS]


@st.composite
def random_cohorts(draw: st.DrawFn) -> Cohort:
    number = draw(st.integers(1, 25))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=number, max_size=number))

    patients = pd.DataFrame(
        {
            "patient_id": [str(row) for row in range(number)],
            "follow_up_months": column(st.integers(0, 60)),
            "died": column(st.integers(0, 1)),
            "follow_up_ended": column(st.sampled_from(["lost", "ongoing", None])),
            "msc_source": column(st.sampled_from(["BM", "UC", None])),
            "organs": column(st.sampled_from(["renal", "skin", "none"])),
            "relapse_months": column(st.sampled_from([None, 3, 12, 12.5, 24, 40])),
        }
    )
    visit = st.tuples(
        st.integers(0, number - 1).map(str),
        st.one_of(st.integers(0, 60), st.integers(0, 600).map(lambda tenth: tenth / 10)),
        st.sampled_from(["none", "partial", "complete", None]),
        st.one_of(st.none(), st.integers(0, 20)),
    )
    visits = pd.DataFrame(
        draw(st.lists(visit, max_size=60)), columns=["patient_id", "months", "remission", "sledai"]
    ).astype({"months": float})
    return read_cohort(patients, visits.drop_duplicates(["patient_id", "months"]))


ways = st.sampled_from(ALL_WAYS)
rules = st.sampled_from(["recorded", sledai_at_most(4)])
relapse_rules = st.sampled_from(["recorded", rise_after_remission(3, sledai_at_most(4))])
responses = st.sampled_from(["complete", "any"])


def estimate(cohort: Cohort, way: tuple[str, str], **options: Any) -> Yearly:
    kind, estimand = way
    return (yearly_remission if kind == "remission" else yearly_relapse)(cohort, estimand=estimand, **options)


@SOME
@given(random_cohorts(), ways, responses)
def test_ledger_bars_and_members_agree(cohort: Cohort, way: tuple[str, str], response: str) -> None:
    result = estimate(cohort, way, response=response, by="msc_source")
    ledger, bars, members = result.ledger, result.bars, yearly_members(cohort, result)
    assert (ledger[list(PLACES)].sum(axis=1) == ledger["enrolled"]).all()
    assert bars[["group", "year"]].equals(ledger[["group", "year"]])
    assert len(members) == ledger["enrolled"].sum()
    assert not members.duplicated(["year", "patient_id"]).any()
    assert not (members["counted"] & ~members["in_denominator"]).any()
    for column, counted in (("events", "counted"), ("patients", "in_denominator")):
        of_members = members.groupby(["group", "year"], observed=False)[counted].sum().to_numpy()
        assert bars[column].tolist() == of_members.tolist()
    share, lower, upper = (bars[name].to_numpy(dtype=float) for name in ("share", "lower", "upper"))
    limited = ~np.isnan(lower)
    assert (lower[limited] <= share[limited] + 1e-9).all()
    assert (share[limited] <= upper[limited] + 1e-9).all()
    if way[1] != "rate":
        assert ((share[~np.isnan(share)] >= 0) & (share[~np.isnan(share)] <= 1 + 1e-9)).all()


@SOME
@given(random_cohorts(), rules)
def test_denominators_grow(cohort: Cohort, rule: Any) -> None:
    ways_to_count = ("assessed", "deaths_counted", "all_due")
    results = [yearly_remission(cohort, estimand=name, rule=rule) for name in ways_to_count]
    for narrow, wide in itertools.pairwise(results):
        assert (narrow.bars["patients"] <= wide.bars["patients"]).all()
        died = wide.bars["died_in_remission"] - narrow.bars.get("died_in_remission", 0)
        assert (narrow.bars["events"] == wide.bars["events"] + died).all()
        inside, outside = (yearly_members(cohort, each)["in_denominator"] for each in (narrow, wide))
        assert not (inside & ~outside).any()
    ledger = results[2].ledger
    assert (results[2].bars["patients"] == ledger["enrolled"] - ledger["not_yet_due"]).all()


@SOME
@given(random_cohorts(), rules, responses)
def test_ever_increases_and_is_never_below_current(cohort: Cohort, rule: Any, response: str) -> None:
    ever = yearly_remission(cohort, estimand="ever", rule=rule, response=response, years=[1, 2, 3, 4]).bars
    relapsed = yearly_relapse(cohort, estimand="cumulative", years=[1, 2, 3, 4]).bars
    for bars in (ever, relapsed):
        assert (np.diff(bars["share"].dropna()) >= -1e-12).all()
        assert (np.diff(bars["events"]) >= 0).all()
    any_response = yearly_remission(cohort, estimand="ever", rule=rule, response="any", years=[1, 2, 3, 4]).bars
    assert (any_response["events"] >= ever["events"]).all()


@SOME
@given(random_cohorts(), responses)
def test_probabilities_and_counts_of_states_add_up(cohort: Cohort, response: str) -> None:
    curve = state_probabilities(cohort, months=[12], response=response).curve
    assert np.allclose(curve.groupby("months")["probability"].sum(), 1)
    assert curve["probability"].between(-1e-12, 1 + 1e-12).all()
    counts = state_counts(cohort, by="msc_source").table
    of_all = counts.groupby(["group", "months"], observed=True)["patients"].sum()
    in_groups = cohort.patients["msc_source"].value_counts()
    for group, number in in_groups.items():
        if number:
            assert (of_all.loc[group] == number).all()


@SOME
@given(random_cohorts(), ways)
def test_groups_add_up_to_the_whole(cohort: Cohort, way: tuple[str, str]) -> None:
    recorded = cohort.subset(cohort.patients["msc_source"].notna())
    whole = estimate(recorded, way).bars[["events", "patients"]].to_numpy()
    split = estimate(recorded, way, by="msc_source").bars.groupby("year")[["events", "patients"]].sum().to_numpy()
    assert whole.tolist() == split.tolist()


@SOME
@given(random_cohorts(), ways, rules, relapse_rules)
def test_filters_commute_with_counting(cohort: Cohort, way: tuple[str, str], rule: Any, relapse: Any) -> None:
    options = {"rule": rule if way[0] == "remission" else relapse, "years": [1, 2]}
    source, organ = Filters({"msc_source": OneOf("UC")}), Filters({"organs": AnyOf("renal")})
    alone, other_order = (
        estimate(cohort.where(first).where(second), way, **options)
        for first, second in ((source, organ), (organ, source))
    )
    pd.testing.assert_frame_equal(alone.bars, other_order.bars)
    everyone = yearly_members(cohort, estimate(cohort, way, **options))
    members = yearly_members(cohort.where(source).where(organ), alone)
    kept = everyone[everyone["patient_id"].isin(members["patient_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(members, kept)


@SOME
@given(random_cohorts(), st.sampled_from(["assessed", "deaths_counted"]))
def test_the_range_contains_every_share(cohort: Cohort, estimand: str) -> None:
    table = remission_range(cohort, estimand=estimand).table.dropna(subset=["share"])
    assert (table["lowest"] <= table["share"] + 1e-12).all()
    assert (table["share"] <= table["highest"] + 1e-12).all()


@given(st.tuples(st.integers(0, 40), st.integers(0, 40)), st.tuples(st.integers(1, 40), st.integers(1, 40)))
def test_newcombe_limits_are_within_1_and_change_sign_with_the_groups(
    extra: tuple[int, int], patients: tuple[int, int]
) -> None:
    events = (min(extra[0], patients[0]), min(extra[1], patients[1]))
    lower, upper = newcombe_interval(events, patients)
    assert -1 <= lower <= events[1] / patients[1] - events[0] / patients[0] <= upper <= 1
    swapped = newcombe_interval(events[::-1], patients[::-1])
    np.testing.assert_allclose(swapped, (-upper, -lower), atol=1e-12)
