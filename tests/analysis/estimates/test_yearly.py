"""Remission and relapse per year, on cohorts small enough to count by hand."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import AnyOf, Cohort, Filters, OneOf, read_cohort, yearly_relapse, yearly_remission
from analysis.estimates.ledger import PLACES


def place_of(result, year: int) -> dict[str, str]:  # type: ignore[no-untyped-def]
    members = result.members[result.members["year"] == year]
    return dict(zip(members["patient_id"], members["place"], strict=True))


@pytest.fixture
def eight() -> Cohort:
    """One patient for each place in the first year, and more."""
    patients = pd.DataFrame(
        [
            ("complete", 30, 0, "ongoing", None),
            ("partial", 30, 0, "ongoing", 12.0),
            ("missed", 30, 0, "ongoing", 9.0),
            ("died", 8, 1, "died", None),
            ("lost", 10, 0, "lost", None),
            ("not due", 11, 0, "ongoing", None),
            ("no reason", 11, 0, None, None),
            ("died later", 14, 1, "died", 12.1),
        ],
        columns=["patient_id", "follow_up_months", "died", "follow_up_ended", "relapse_months"],
    )
    visits = pd.DataFrame(
        [
            ("complete", 9.0, "complete"),  # on the edge of the window
            ("complete", 24.0, "none"),
            ("partial", 11.0, "complete"),
            ("partial", 12.5, "partial"),  # nearer than the visit before it
            ("missed", 15.1, "complete"),  # just outside
            ("died", 8.0, "complete"),
            ("died later", 10.0, "complete"),
            ("died later", 14.0, "none"),  # as near as the one at 10, but later
        ],
        columns=["patient_id", "months", "remission"],
    )
    return read_cohort(patients, visits)


def test_everyone_has_a_place(eight: Cohort) -> None:
    assert place_of(yearly_remission(eight), 1) == {
        "complete": "assessed",
        "partial": "assessed",
        "missed": "visit_missing",
        "died": "died_before",
        "lost": "lost_before",
        "not due": "not_yet_due",
        "no reason": "ended_unknown",
        "died later": "assessed",
    }


def test_remission_is_the_state_at_the_nearest_visit_and_of_two_the_earlier(eight: Cohort) -> None:
    result = yearly_remission(eight)
    assert result.bars[["year", "events", "patients"]].to_numpy().tolist() == [[1, 2, 3], [2, 0, 1]]
    counted = result.members[result.members["counted"]]
    assert counted[["year", "patient_id"]].to_numpy().tolist() == [[1, "complete"], [1, "died later"]]


def test_second_year(eight: Cohort) -> None:
    ledger = yearly_remission(eight).ledger.iloc[1]
    assert ledger[["enrolled", *PLACES]].tolist() == [8, 1, 2, 2, 1, 1, 1]


def test_a_relapse_at_twelve_months_is_of_the_first_year(eight: Cohort) -> None:
    bars = yearly_relapse(eight).bars
    assert bars[["year", "events", "patients"]].to_numpy().tolist() == [[1, 1, 3], [2, 0, 1]]


def test_relapses_of_those_not_seen_are_told(eight: Cohort) -> None:
    # "missed" relapsed at 9 without a visit in the window, "died later" in a year without one.
    assert "2 first relapses of patients not seen then in no bar" in yearly_relapse(eight).method


def test_a_narrower_window_assesses_fewer(eight: Cohort) -> None:
    assert yearly_remission(eight, window_months=1).bars["patients"].tolist() == [1, 1]


def test_a_visit_dated_after_death_is_no_assessment() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [11, 20], "died": [1, 0]})
    visits = pd.DataFrame({"patient_id": ["a", "b"], "months": [12, 12], "remission": ["complete", "complete"]})
    bars = yearly_remission(read_cohort(patients, visits)).bars
    assert bars[["events", "patients"]].to_numpy().tolist() == [[1, 1]]


def test_a_visit_without_a_recorded_state_is_no_assessment_of_remission() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [20, 20], "died": [0, 0]})
    visits = pd.DataFrame({"patient_id": ["a", "b"], "months": [12, 12], "remission": ["complete", None]})
    cohort = read_cohort(patients, visits)
    assert place_of(yearly_remission(cohort), 1) == {"a": "assessed", "b": "visit_missing"}
    assert place_of(yearly_relapse(cohort), 1) == {"a": "assessed", "b": "assessed"}


def test_relapses_come_from_the_visits_where_the_patients_have_no_column() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [30, 30], "died": [0, 0]})
    visits = pd.DataFrame({"patient_id": ["a", "a", "b", "b"], "months": [12, 24, 12, 24], "relapse": [0, 1, 0, 0]})
    bars = yearly_relapse(read_cohort(patients, visits)).bars
    assert bars[["events", "patients"]].to_numpy().tolist() == [[0, 2], [1, 2]]


def test_groups_share_their_years(eight: Cohort) -> None:
    source = ["UC", "BM", "UC", "BM", "UC", "BM", "UC", "UC"]
    cohort = read_cohort(
        eight.patients.assign(msc_source=source, follow_up_ended=eight.patients["follow_up_ended"].astype(object)),
        eight.visits.astype({"remission": object}),
    )
    bars = yearly_remission(cohort, by="msc_source").bars
    assert bars[["group", "year", "patients"]].to_numpy().tolist() == [
        ["BM", 1, 1], ["BM", 2, 0], ["UC", 1, 2], ["UC", 2, 1],
    ]  # fmt: skip
    empty = bars[bars["patients"] == 0]
    assert empty[["share", "lower", "upper"]].isna().all(axis=None)


def test_years_can_be_chosen(eight: Cohort) -> None:
    assert yearly_remission(eight, years=[1, 2, 3]).bars["patients"].tolist() == [3, 1, 0]


def test_without_visits_there_is_no_year() -> None:
    cohort = read_cohort(pd.DataFrame({"patient_id": ["a"], "follow_up_months": [20], "died": [0]}))
    for result in (yearly_remission(cohort), yearly_relapse(cohort)):
        assert result.bars.empty
        assert result.ledger.empty


@pytest.mark.parametrize(
    "arguments", [{"estimand": "guess"}, {"rule": "guess"}, {"interval": "wald"}, {"window_months": 7}]
)
def test_what_is_not_known_is_named(eight: Cohort, arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Unknown|window"):
        yearly_remission(eight, **arguments)  # type: ignore[arg-type]


@st.composite
def random_cohorts(draw: st.DrawFn) -> Cohort:
    number = draw(st.integers(1, 25))
    of = st.lists
    patients = pd.DataFrame(
        {
            "patient_id": [str(row) for row in range(number)],
            "follow_up_months": draw(of(st.integers(0, 60), min_size=number, max_size=number)),
            "died": draw(of(st.integers(0, 1), min_size=number, max_size=number)),
            "follow_up_ended": draw(of(st.sampled_from(["lost", "ongoing", None]), min_size=number, max_size=number)),
            "msc_source": draw(of(st.sampled_from(["BM", "UC", None]), min_size=number, max_size=number)),
            "organs": draw(of(st.sampled_from(["renal", "skin", "none"]), min_size=number, max_size=number)),
        }
    )
    visits = pd.DataFrame(
        draw(
            of(
                st.tuples(
                    st.integers(0, number - 1).map(str),
                    st.integers(0, 600).map(lambda tenth: tenth / 10),
                    st.sampled_from(["none", "partial", "complete", None]),
                ),
                max_size=60,
            )
        ),
        columns=["patient_id", "months", "remission"],
    )
    return read_cohort(patients, visits.drop_duplicates(["patient_id", "months"]))


@settings(max_examples=40, deadline=None)
@given(random_cohorts())
def test_the_ledger_adds_up_and_agrees_with_bars_and_members(cohort: Cohort) -> None:
    result = yearly_remission(cohort, by="msc_source")
    ledger, bars, members = result.ledger, result.bars, result.members
    assert (ledger[list(PLACES)].sum(axis=1) == ledger["enrolled"]).all()
    assert bars["patients"].tolist() == ledger["assessed"].tolist()
    assert (bars["events"] <= bars["patients"]).all()
    assert members["counted"].sum() == bars["events"].sum()
    assert (members.loc[members["counted"], "place"] == "assessed").all()
    assert not members.duplicated(["year", "patient_id"]).any()


@settings(max_examples=40, deadline=None)
@given(random_cohorts())
def test_groups_add_up_to_the_whole(cohort: Cohort) -> None:
    recorded = cohort.subset(cohort.patients["msc_source"].notna())
    whole = yearly_remission(recorded).bars[["events", "patients"]].to_numpy()
    split = yearly_remission(recorded, by="msc_source").bars.groupby("year")[["events", "patients"]].sum().to_numpy()
    assert whole.tolist() == split.tolist()


@settings(max_examples=40, deadline=None)
@given(random_cohorts())
def test_a_filter_and_its_group_agree(cohort: Cohort) -> None:
    filters = Filters({"msc_source": OneOf("UC"), "organs": AnyOf("renal")})
    alone = yearly_remission(cohort.where(filters), years=[1, 2]).members
    everyone = yearly_remission(cohort, years=[1, 2]).members
    kept = everyone[everyone["patient_id"].isin(cohort.where(filters).patients["patient_id"])]
    pd.testing.assert_frame_equal(alone, kept.reset_index(drop=True))
