"""Relapse rules, visit by visit."""

import pandas as pd
import pytest

from analysis import Cohort, read_cohort, sledai_at_most
from analysis.facts.relapse import (
    RECORDED_RELAPSE,
    RELAPSE_AT_VISITS,
    RelapseRule,
    find_relapses,
    relapse_rule,
    rise_after_remission,
    selena_flare,
)
from analysis.facts.remission import RECORDED


def cohort_of(visits: dict[str, list[tuple[object, ...]]], columns: list[str], **patients: list[object]) -> Cohort:
    rows = [(patient, *visit) for patient, held in visits.items() for visit in held]
    table = pd.DataFrame({"patient_id": list(visits), "follow_up_months": 60, "died": 0, **patients})
    return read_cohort(table, pd.DataFrame(rows, columns=["patient_id", "months", *columns]))


def found(cohort: Cohort, rule: RelapseRule, *columns: str) -> list[list[object]]:
    return find_relapses(cohort, rule)[["patient_id", "months", *columns]].to_numpy().tolist()


@pytest.fixture
def recorded() -> Cohort:
    """Relapses recorded in the table of patients, and at visits."""
    return cohort_of(
        {
            "between visits": [(6, "complete", 0), (12, "none", 1), (18, "none", 1), (24, "none", 0)],
            "at a visit": [(12, "none", 1), (24, "none", 1)],
            "visits only": [(12, "none", 1)],
            "same time": [(12, "complete", 1)],
            "never": [(12, "complete", 0)],
        },
        ["remission", "relapse"],
        relapse_months=[10, 12, None, 12, None],
    )


def test_first_and_further_recorded_relapses(recorded: Cohort) -> None:
    assert found(recorded, RECORDED_RELAPSE, "number", "after_remission") == [
        ["between visits", 10.0, 1, True],  # the visit at 12 records the same relapse
        ["between visits", 18.0, 2, True],
        ["at a visit", 12.0, 1, False],
        ["at a visit", 24.0, 2, False],
        ["same time", 12.0, 1, False],  # remission at the visit of the relapse is not before it
    ]  # "visits only": relapse_months wins


def test_relapses_at_visits_are_dated_to_the_visit(recorded: Cohort) -> None:
    assert found(recorded, RELAPSE_AT_VISITS, "number") == [
        ["between visits", 12.0, 1],
        ["between visits", 18.0, 2],
        ["at a visit", 12.0, 1],
        ["at a visit", 24.0, 2],
        ["visits only", 12.0, 1],
        ["same time", 12.0, 1],
    ]


def test_a_relapse_at_transplantation_does_not_count() -> None:
    cohort = cohort_of({"a": [(0, 1), (6, 0), (12, 1)]}, ["relapse"])
    for rule in (RECORDED_RELAPSE, RELAPSE_AT_VISITS):
        assert found(cohort, rule) == [["a", 12.0]]


def test_without_recorded_states_after_remission_is_missing() -> None:
    cohort = cohort_of({"a": [(12, 1)]}, ["relapse"])
    assert find_relapses(cohort, RECORDED_RELAPSE)["after_remission"].isna().all()
    by_score = cohort_of({"a": [(6, 0, 2), (12, 1, 8)]}, ["relapse", "sledai"])
    assert find_relapses(by_score, RECORDED_RELAPSE, sledai_at_most(4))["after_remission"].tolist() == [True]


SCORES = [
    (0, 14, "none"),
    (3, 2, "complete"),
    (6, 5, "none"),  # a rise of 3 is not above 3
    (9, 6, "none"),  # 4 above the last visit in remission
    (12, 10, "none"),  # the same relapse
    (15, 1, "complete"),
    (18, None, "none"),
    (21, 5, "none"),  # a further relapse
]


def test_a_rise_counts_from_the_last_visit_in_remission() -> None:
    cohort = cohort_of({"a": SCORES, "never in remission": [(0, 4, "none"), (6, 14, "none")]}, ["sledai", "remission"])
    assert found(cohort, rise_after_remission(), "number", "after_remission") == [
        ["a", 9.0, 1, True],
        ["a", 21.0, 2, True],
    ]
    assert found(cohort, rise_after_remission(7)) == [["a", 12.0]]
    assert found(cohort, rise_after_remission(3, sledai_at_most(1))) == [["a", 21.0]]


def test_partial_remission_counts_as_a_response_of_any() -> None:
    cohort = cohort_of({"a": [(6, 3, "partial"), (12, 7, "none")]}, ["sledai", "remission"])
    assert found(cohort, rise_after_remission()) == []
    assert found(cohort, rise_after_remission(response="any")) == [["a", 12.0]]


def test_a_selena_flare_is_severe_by_the_score_it_reaches() -> None:
    visits = [
        (-1, 4),
        (0, 13),  # a rise, but before transplantation
        (3, 12),
        (6, 13),  # a rise of 1, to above 12
        (9, 14),  # above 12 already
        (12, 4),
        (15, 7),  # a rise of 3 is not above 3
        (18, 8),
        (21, 12),  # a rise of 4, to 12 and not above it
        (24, 17),
    ]
    cohort = cohort_of({"a": visits}, ["sledai"])
    assert found(cohort, selena_flare(), "severity") == [
        ["a", 6.0, "severe"],
        ["a", 21.0, "mild or moderate"],
        ["a", 24.0, "severe"],
    ]


def test_a_rule_names_its_missing_columns() -> None:
    cohort = cohort_of({"a": [(12, 8)]}, ["sledai"])
    assert selena_flare().missing_columns(cohort) == ()
    assert rise_after_remission().missing_columns(cohort) == ("remission",)
    assert RELAPSE_AT_VISITS.missing_columns(cohort) == ("relapse",)
    assert RECORDED_RELAPSE.missing_columns(cohort) == ("relapse_months",)
    with pytest.raises(ValueError, match="needs remission"):
        find_relapses(cohort, rise_after_remission())


def test_rules_by_name_and_by_content() -> None:
    assert relapse_rule("recorded") is RECORDED_RELAPSE
    assert relapse_rule("visits") is RELAPSE_AT_VISITS
    assert len({rise_after_remission(3), rise_after_remission(3.0, RECORDED), selena_flare(), selena_flare()}) == 2
    with pytest.raises(ValueError, match="Unknown rule"):
        relapse_rule("guess")
    with pytest.raises(ValueError, match="points"):
        rise_after_remission(-1)
    with pytest.raises(ValueError, match="response"):
        rise_after_remission(response="guess")
