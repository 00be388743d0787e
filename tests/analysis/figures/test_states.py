"""The areas of states add up to all patients."""

import itertools

import pandas as pd
import pytest

from analysis import Filters, OneOf, read_cohort, sledai_at_most
from analysis.estimates.states.state_counts import StateCounts, state_counts
from analysis.figures.common.theme import Look, palette
from analysis.figures.states.state_counts import states_chart, states_description
from tests.analysis.figures.results import rows_of, seen, spec, texts_at

PATIENTS = {
    "BM": [(12.0, "complete", ""), (12.0, "partial", ""), (5.0, "none", "died"), (26.0, "none", ""), (6.0, "none", "")],
    "UC": [(14.0, "complete", "")],
}


@pytest.fixture(scope="module")
def result() -> StateCounts:
    return state_counts(seen(PATIENTS), by="msc_source")


def test_the_areas_fill_the_axis_at_every_month(result: StateCounts) -> None:
    areas = rows_of(spec(states_chart(result, group="BM")), "state", "lower", "upper")
    for month in {row["months"] for row in areas}:
        stack = [row for row in areas if row["months"] == month]
        assert stack[0]["lower"] == pytest.approx(0)
        assert stack[-1]["upper"] == pytest.approx(100)
        ends = itertools.pairwise(stack)
        assert all(below["upper"] == pytest.approx(above["lower"]) for below, above in ends)


def test_the_rows_tell_how_many_are_in_each_state(result: StateCounts) -> None:
    placed = texts_at(states_chart(result, group="BM"), 506)
    assert {"Complete remission", "Partial remission", "Active", "Dead", "No longer followed"} <= set(placed)
    assert "Relapsed" not in placed
    row = placed["Active"][0][1]
    assert any(abs(y - row) < 1 for _, y in placed["5"])


def test_states_have_the_colours_of_the_theme(result: StateCounts) -> None:
    made = spec(states_chart(result, group="BM"))
    scale = next(layer["encoding"]["fill"]["scale"] for layer in made["layer"] if layer["mark"]["type"] == "area")
    colours = dict(zip(scale["domain"], scale["range"], strict=True))
    assert colours["complete remission"] == palette().states["complete"]
    assert colours["dead"] == palette().states["died"]
    assert len(set(colours.values())) == len(colours)


def test_remission_by_a_rule_has_the_colour_of_complete_remission() -> None:
    by_rule = state_counts(seen({"BM": [(12.0, "none", ""), (24.0, "none", "")]}), rule=sledai_at_most(4))
    placed = texts_at(states_chart(by_rule), 506)
    assert "Remission" in placed


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("source", ["BM", "UC", "AD"])
def test_any_result_can_be_drawn(source: str, dark: bool) -> None:
    result = state_counts(seen(PATIENTS).where(Filters({"msc_source": OneOf(source)})))
    texts = [*texts_at(states_chart(result, look=Look(dark=dark)), 298), states_description(result)]
    assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in texts)


def test_the_description_tells_whole_years(result: StateCounts) -> None:
    words = states_description(result, group="BM")
    assert "Month 0, 5 patients: active 5." in words
    assert (
        "Month 12, 5 patients: complete remission 1, partial remission 1, active 1, dead 1, no longer followed 1."
        in words
    )


def test_unobserved_patients_have_no_colour_of_a_state() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": 24, "died": 0, "entry_months": [0, 12]})
    visits = pd.DataFrame({"patient_id": ["a"], "months": [6], "remission": ["complete"]})
    made = spec(states_chart(state_counts(read_cohort(patients, visits))))
    scale = next(layer["encoding"]["fill"]["scale"] for layer in made["layer"] if "fill" in layer["encoding"])
    colours = dict(zip(scale["domain"], scale["range"], strict=True))
    assert len(set(colours.values())) == len(colours)
    assert "not yet observed" in {name.casefold() for name in colours}
