"""Groups of adverse events by name, and time to the first of a group with death competing."""

import pandas as pd
import pytest

from analysis import Cohort, FirstAdverseEvent, cumulative_incidence, kaplan_meier, read_cohort
from analysis.facts.event_groups import event_group


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("Herpes zoster", "infection"),
        ("UTI", "infection"),
        ("Utility of care", ""),
        ("Aseptic meningitis", ""),
        ("Haemorrhagic cystitis", ""),
        ("Infusion-related reaction", "infusion reaction"),
        ("Anaphylaxis", "infusion reaction"),
        ("CRS grade 1", "cytokine release"),
        ("Benign tumour of skin", ""),
        ("Acute myeloid leukaemia", "malignancy"),
        ("Deep vein thrombosis", "thrombosis"),
        ("Thrombocytopenia", ""),
        ("Thrombotic microangiopathy", ""),
        ("Pre-eclampsia", "pregnancy"),
        ("Nausea", ""),
    ],
)
def test_the_group_of_a_name(name: str, group: str) -> None:
    assert event_group(name) == group


@pytest.fixture
def cohort() -> Cohort:
    """Of five: an infection at 2 (related) and at 9, a death at 4 without one, one after the end, one with nausea."""
    patients = pd.DataFrame(
        {"patient_id": list("ABCDE"), "follow_up_months": [12.0, 12, 4, 6, 12], "died": [0, 0, 1, 0, 0]}
    )
    events = pd.DataFrame(
        {
            "patient_id": ["A", "A", "B", "D", "E"],
            "months": [2.0, 3, 9, 7, 1],
            "event": ["Pneumonia", "Zoster", "Sepsis", "Pneumonia", "Nausea"],
            "grade": [3, 1, 4, 2, 1],
            "related": [1, 0, 0, 0, 0],
        }
    )
    visits = pd.DataFrame({"patient_id": ["A"], "months": [0.0], "sledai": [8]})
    return read_cohort(patients, visits, events)


def of_kind(cohort: Cohort, kind: str, related: bool = False) -> list[float]:
    """Return the incidence at months 3, 5 and 12."""
    result = cumulative_incidence(cohort, FirstAdverseEvent(kind, related))
    return [float(value) for value in result.at([3, 5, 12])["incidence"]]


def test_incidence_of_infection_with_death_competing(cohort: Cohort) -> None:
    # At 2 one of 5; the death at 4 competes; D leaves at 6 without one within follow-up; at 9 one of 2 at risk,
    # of whom 3/5 were free: 1/5 + 3/5 * 1/2.
    assert of_kind(cohort, "infection") == pytest.approx([1 / 5, 1 / 5, 1 / 2])


def test_only_related_only_severe_and_any(cohort: Cohort) -> None:
    assert of_kind(cohort, "infection", related=True) == pytest.approx([1 / 5] * 3)
    assert of_kind(cohort, "severe adverse event") == pytest.approx([1 / 5, 1 / 5, 1 / 2])
    # E at 1, A at 2, the death at 4, D leaves at 6, B at 9: 2/5 + 2/5 * 1.
    assert of_kind(cohort, "adverse event") == pytest.approx([2 / 5, 2 / 5, 4 / 5])


def test_words_say_what_competes(cohort: Cohort) -> None:
    result = cumulative_incidence(cohort, FirstAdverseEvent("infection", related=True))
    assert result.question == "How many have had a first infection related to the transplantation by then?"
    assert "death before it" in result.method


def test_without_a_table_of_events_it_is_refused(cohort: Cohort) -> None:
    silent = read_cohort(cohort.patients, cohort.visits)
    with pytest.raises(ValueError, match="needs a table of adverse events"):
        kaplan_meier(silent, FirstAdverseEvent("infection"))
    with pytest.raises(ValueError, match="Unknown kind"):
        FirstAdverseEvent("hiccup")
