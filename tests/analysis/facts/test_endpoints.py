"""Endpoints worked out by hand."""

import pandas as pd
import pytest

from analysis import Cohort, Landmark, TimeToEvent, read_cohort
from analysis.facts.endpoints import AnyEndpoint, available_endpoints, endpoint_times
from tests.analysis.made import cohort_of


@pytest.fixture(scope="module")
def five() -> Cohort:
    patients = pd.DataFrame(
        {
            "patient_id": list("abcde"),
            "follow_up_months": [24, 20, 9, 30, 12],
            "died": [0, 1, 1, 0, 0],
            # b relapsed before the remission, d after it, e after the end of follow-up
            "relapse_months": [None, 3, None, 18, 13],
        }
    )
    visits = pd.DataFrame(
        [
            ("a", 0, "complete", 0),  # at transplantation: not a remission after it
            ("a", 6, "partial", 0),
            ("a", 12, "complete", 0),
            ("b", 3, "none", 1),
            ("b", 6, "complete", 0),
            ("b", 15, "none", 1),
            ("c", 6, "none", 0),
            ("d", 12, "complete", 0),
            ("d", 18, "none", 1),
            ("e", 12, "partial", 0),
        ],
        columns=["patient_id", "months", "remission", "relapse"],
    )
    return read_cohort(patients, visits)


def course(cohort: Cohort, endpoint: AnyEndpoint) -> dict[str, tuple[float, str]]:
    """Return months and how they end, of each patient with the endpoint."""
    timed = endpoint_times(cohort, endpoint)
    columns = (timed.columns[name] for name in ("months", "event", "competing"))
    return {
        patient: (months, "event" if event else "competing" if other else "censored")
        for patient, has, months, event, other in zip(cohort.values("patient_id"), timed.has, *columns, strict=True)
        if has
    }


def without(cohort: Cohort, endpoint: AnyEndpoint) -> list[list[str]]:
    """Return patient_id and reason of each patient without the endpoint."""
    timed = endpoint_times(cohort, endpoint)
    reasons = zip(cohort.values("patient_id"), timed.columns["reason"], strict=True)
    return [[patient, reason] for patient, reason in reasons if reason]


def entries(cohort: Cohort, endpoint: AnyEndpoint) -> list[float]:
    """Return the entry of each patient with the endpoint."""
    timed = endpoint_times(cohort, endpoint)
    months: list[float] = timed.columns["entry_months"][timed.has].tolist()
    return months


def test_overall_survival(five: Cohort) -> None:
    assert course(five, "overall_survival") == {
        "a": (24, "censored"), "b": (20, "event"), "c": (9, "event"), "d": (30, "censored"), "e": (12, "censored"),
    }  # fmt: skip


def test_relapse_free_survival(five: Cohort) -> None:
    assert course(five, "relapse_free_survival") == {
        "a": (24, "censored"), "b": (3, "event"), "c": (9, "event"), "d": (18, "event"), "e": (12, "censored"),
    }  # fmt: skip


def test_death_competes_with_relapse(five: Cohort) -> None:
    assert course(five, "relapse") == {
        "a": (24, "censored"), "b": (3, "event"), "c": (9, "competing"), "d": (18, "event"), "e": (12, "censored"),
    }  # fmt: skip


def test_time_to_remission_begins_after_transplantation(five: Cohort) -> None:
    assert course(five, "time_to_remission") == {
        "a": (12, "event"), "b": (6, "event"), "c": (9, "competing"), "d": (12, "event"), "e": (12, "censored"),
    }  # fmt: skip


def test_remission_duration_starts_its_own_clock(five: Cohort) -> None:
    # a: 12 to 24 in remission; b: 6 to the relapse after it at 15; d: 12 to 18.
    assert course(five, "remission_duration") == {"a": (12, "censored"), "b": (9, "event"), "d": (6, "event")}
    endpoint = endpoint_times(five, "remission_duration")
    assert endpoint.time_zero == "first complete remission"
    assert without(five, "remission_duration") == [
        ["c", "never in recorded complete remission"],
        ["e", "never in recorded complete remission"],
    ]


def test_death_in_remission_competes() -> None:
    visits = pd.DataFrame({"patient_id": ["p0"], "months": [6], "remission": ["complete"]})
    patients = cohort_of([20], [1], relapse_months=[3]).patients
    assert course(read_cohort(patients, visits), "remission_duration") == {"p0": (14, "competing")}


def test_a_landmark_keeps_those_event_free_and_followed(five: Cohort) -> None:
    reset = Landmark("relapse_free_survival", 12)
    assert course(five, reset) == {"a": (12, "censored"), "d": (6, "event"), "e": (0, "censored")}
    endpoint = endpoint_times(five, reset)
    assert endpoint.time_zero == "12 months after transplantation"
    assert without(five, reset) == [
        ["b", "the event came by month 12"],
        ["c", "the event came by month 12"],
    ]
    running = Landmark("relapse_free_survival", 12, reset=False)
    assert course(five, running) == {"a": (24, "censored"), "d": (18, "event"), "e": (12, "censored")}
    assert endpoint_times(five, running).time_zero == "transplantation"


def test_a_landmark_leaves_out_those_no_longer_followed(five: Cohort) -> None:
    assert without(five, Landmark("relapse", 15)) == [
        ["b", "the event came by month 15"],
        ["c", "death before it by month 15"],
        ["e", "not followed to month 15"],
    ]


def test_own_columns() -> None:
    cohort = cohort_of(
        [9, 9, 9, 9], [0, 0, 0, 0], flare_months=[4, 5, None, 7], flare=[1, 0, 1, 0], transplanted=[0, 1, 0, 0]
    )
    own = TimeToEvent("flare_months", "flare", competing="transplanted", name="renal flare", time_zero="biopsy")
    endpoint = endpoint_times(cohort, own)
    assert course(cohort, own) == {"p0": (4, "event"), "p1": (5, "competing"), "p3": (7, "censored")}
    assert (endpoint.name, endpoint.time_zero, endpoint.competing_words) == ("Renal flare", "biopsy", "transplanted")
    assert without(cohort, own) == [["p2", "time or event is not recorded"]]
    assert endpoint.question == "How many have had renal flare by then?"


def test_own_columns_without_a_name_are_named_by_column_and_value() -> None:
    cohort = cohort_of([9, 9], [0, 0], flare_months=[4, 5], renal_flare=[1, 0])
    endpoint = endpoint_times(cohort, TimeToEvent("flare_months", "renal_flare"))
    assert endpoint.question == "How many are without “renal flare” = yes over time?"
    assert (endpoint.name, endpoint.event_words) == ("Renal flare", "“renal flare” = yes")


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (TimeToEvent("weeks", "flare"), "no column 'weeks'"),
        (TimeToEvent("months", "status"), "something else than 1/0, true/false or yes/no"),
        (TimeToEvent("words", "flare"), "no numbers of months"),
    ],
)
def test_own_columns_that_cannot_be_used(own: TimeToEvent, message: str) -> None:
    cohort = cohort_of([9, 9], [0, 0], months=[4, 5], flare=[1, 0], status=[1, 2], words=["soon", "late"])
    with pytest.raises(ValueError, match=message):
        endpoint_times(cohort, own)


@pytest.mark.parametrize("flags", [[1, 0, None], [1.0, 0.0, None], ["yes", "no", None], ["True", "FALSE", None]])
def test_spellings_of_flags_in_own_columns(flags: list[object]) -> None:
    cohort = cohort_of([9, 9, 9], [0, 0, 0], months=[4, 5, 6], flare=flags)
    own = TimeToEvent("months", "flare")
    assert course(cohort, own) == {"p0": (4, "event"), "p1": (5, "censored")}
    assert [patient for patient, _ in without(cohort, own)] == ["p2"]


def test_own_times_before_time_zero_are_left_out() -> None:
    cohort = cohort_of([9, 9], [0, 0], months=[-1, 5], flare=[1, 0])
    assert without(cohort, TimeToEvent("months", "flare")) == [["p0", "it ends before time zero"]]


def test_late_entries_count_from_the_endpoints_own_time_zero() -> None:
    visits = pd.DataFrame({"patient_id": ["p0", "p1"], "months": [6, 6], "remission": ["complete"] * 2})
    patients = cohort_of([20, 20, 4], [0, 0, 1], entry_months=[10, None, 5], relapse_months=[None] * 3).patients
    cohort = read_cohort(patients, visits)
    assert entries(cohort, "overall_survival") == [10, 0]
    assert without(cohort, "overall_survival") == [["p2", "observed only after the outcome had ended"]]
    assert entries(cohort, "remission_duration") == [4, 0]
    assert entries(cohort, Landmark("overall_survival", 8)) == [2, 0]


def test_available_endpoints_of_a_cohort(five: Cohort) -> None:
    assert available_endpoints(cohort_of([1], [0])) == ["overall_survival"]
    assert available_endpoints(five) == [
        "overall_survival", "relapse_free_survival", "time_to_remission", "remission_duration", "relapse",
    ]  # fmt: skip


@pytest.mark.parametrize("months", [0, -1, float("nan"), float("inf")])
def test_a_landmark_lies_after_time_zero(months: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        Landmark("overall_survival", months)


@pytest.mark.parametrize("endpoint", ["time_to_remission", "remission_duration", "relapse"])
def test_an_endpoint_names_its_missing_columns(endpoint: str) -> None:
    with pytest.raises(ValueError, match=r"needs (remission|relapse_months|relapse)"):
        endpoint_times(cohort_of([1], [0]), endpoint)
