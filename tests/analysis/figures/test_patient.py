"""One patient: a panel per measure on one time axis, below the states."""

import itertools

import pandas as pd
import pytest

from analysis import Cohort, read_cohort
from analysis.cohort.measures import numeric_measures
from analysis.figures.common.theme import Look
from analysis.figures.description.one_patient import NO_VALUES, patient_chart, patient_description
from tests.analysis.figures.results import rows_of, spec, texts_at
from tests.analysis.made import SAMPLE

MEASURES = ["sledai", "albumin_g_per_l", "c3_g_per_l"]


@pytest.fixture(scope="module")
def sample() -> Cohort:
    return SAMPLE


def one(months: list[float], sledai: list[float | None]) -> Cohort:
    people = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [30.0, 9.0], "died": [1, 0]})
    visits = pd.DataFrame({"patient_id": "a", "months": months, "sledai": sledai})
    events = pd.DataFrame({"patient_id": ["a"], "months": [4.0], "event": ["fever"]})
    return read_cohort(people, visits, events)


def test_values_stand_in_their_own_panel(sample: Cohort) -> None:
    made = spec(patient_chart(sample, "S007", MEASURES, panel_height=60))
    rows = rows_of(made, "measure", "value", "visit")
    drugs = len({row["drug"] for row in rows_of(made, "drug", "dose")})
    assert drugs > 1
    for place, title in enumerate(["SLEDAI (points)", "Albumin (g/L)", "Complement C3 (g/L)"]):
        top = 16 + 14 + 26 * drugs + 30 + place * 90
        own = [row for row in rows if row["measure"] == title]
        assert own
        assert all(top <= row["y"] <= top + 60 for row in own)


def test_a_value_stands_between_its_ticks() -> None:
    chart = patient_chart(one([0, 12], [20, 5]), "a", ["sledai"], panel_height=60)
    rows = rows_of(spec(chart), "measure", "value")
    assert [row["y"] for row in rows] == pytest.approx([46.0, 91.0])
    placed = texts_at(chart, 298)
    assert [placed[tick][0][1] for tick in ("20", "10")] == [46.0, 76.0]


def test_what_happened_is_marked_and_told() -> None:
    made = spec(patient_chart(one([0, 12], [20, 5]), "a", ["sledai"]))
    assert [(row["what"], row["time"]) for row in rows_of(made, "what")] == [
        ("Adverse event: fever", "month 4.0"),
        ("Died", "month 30.0"),
    ]


def test_visits_before_transplantation_are_on_the_axis() -> None:
    made = spec(patient_chart(one([-3, 12], [20, 5]), "a", ["sledai"]))
    scales = [layer["encoding"]["x"]["scale"] for layer in made["layer"] if "x" in layer["encoding"]]
    assert all(scale["domain"] == [-3, 30] for scale in scales)


def test_a_measure_without_a_value_says_so() -> None:
    cohort = one([0, 12], [20, 5])
    assert NO_VALUES in texts_at(patient_chart(cohort, "b", ["sledai"]), 298)
    assert f"SLEDAI (points): {NO_VALUES}." in patient_description(cohort, "b", ["sledai"])


def test_an_unknown_patient_is_refused(sample: Cohort) -> None:
    with pytest.raises(ValueError, match="no patient 'S999'"):
        patient_chart(sample, "S999", MEASURES)


@pytest.mark.parametrize("value", [0.0, -4.0, 0.001, 7.0, 123456.0])
def test_a_constant_has_a_panel(value: float) -> None:
    cohort = one([0, 12], [None, None])
    cohort.visits["score"] = value
    rows = rows_of(spec(patient_chart(cohort, "a", ["score"], panel_height=60)), "measure", "value")
    assert all(46 <= row["y"] <= 106 for row in rows)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [298, 800])
def test_every_patient_can_be_drawn_and_no_texts_meet(sample: Cohort, dark: bool, width: int) -> None:
    measures = numeric_measures(sample)
    for patient in sample.patients["patient_id"].iloc[::15]:
        chart = patient_chart(sample, patient, measures, look=Look(dark=dark))
        spec(chart)
        placed = texts_at(chart, width)
        assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in placed)
        ticks = sorted(y for texts in placed.values() for x, y in texts if y > 0 and x < 0)
        assert all(below - above >= 14 for above, below in itertools.pairwise(ticks))


def test_the_description_tells_states_events_and_values() -> None:
    words = patient_description(one([0, 12], [20, 5]), "a", ["sledai"])
    assert "adverse event at month 4.0, died at month 30.0" in words
    assert "SLEDAI (points), 2 values: first 20 at month 0, last 5 at month 12, lowest 5, highest 20." in words
