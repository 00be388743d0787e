"""One bar per patient, sorted by change."""

import pandas as pd
import pytest

from analysis import Response, trajectory
from analysis.figures.common.picking import TARGETS
from analysis.figures.common.theme import Look
from analysis.figures.scores.waterfall import MOST_BARS, waterfall_chart, waterfall_description
from analysis.listings.patient_changes import patient_changes
from tests.analysis.figures.results import rows_of, spec, texts_at
from tests.analysis.made import SAMPLE


def changes(values: dict[str, list[float]]) -> pd.DataFrame:
    """Return the change of each patient, the largest rise first."""
    rows = [(group, f"{group}{place}", value) for group, own in values.items() for place, value in enumerate(own)]
    table = pd.DataFrame(rows, columns=["group", "patient_id", "change"]).astype({"change": float})
    table["value"] = 10 + table["change"]
    table["group"] = pd.Categorical(table["group"], categories=list(values))
    return table.sort_values("change", ascending=False, kind="stable", ignore_index=True)


def test_bars_are_sorted_from_the_largest_rise_to_the_largest_fall() -> None:
    made = spec(waterfall_chart(changes({"All": [-8.0, 2.0, 0.0, -3.0]}), 12))
    bars = rows_of(made, "start", "change", "zero")
    assert [bar["change"] for bar in bars] == [2.0, 0.0, -3.0, -8.0]
    assert [row["told"] for row in rows_of(made, "patient_id", "told")] == ["+2", "0", "-3", "-8"]


def test_only_the_chosen_month_is_drawn() -> None:
    sample = SAMPLE
    rows = rows_of(spec(waterfall_chart(patient_changes(sample, months=12), 12)), "patient_id", "told")
    pairs = trajectory(sample).change.set_index("months")["pairs"]
    assert len(rows) == pairs[12]
    assert len({row["patient_id"] for row in rows}) == len(rows)


def test_a_click_picks_the_patient() -> None:
    made = spec(waterfall_chart(changes({"All": [-8.0]}), 12))
    (pick,) = made["params"]
    assert (pick["name"], pick["views"], pick["select"]["fields"]) == ("pick", [TARGETS], ["group", "patient_id"])


def test_the_fall_is_a_line_on_the_axis_and_named() -> None:
    made = spec(waterfall_chart(changes({"All": [-1.0]}), 12, response=Response("fall", 4)))
    low, high = made["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low < -4 < 0 <= high
    assert "ashed line: a fall of 4" in made["title"]["text"]["expr"]
    assert "fall" not in spec(waterfall_chart(changes({"All": [-1.0]}), 12))["title"]["text"]["expr"]


def test_groups_have_colours_shapes_and_a_key() -> None:
    chart = waterfall_chart(changes({"BM": [-8.0, 2.0], "UC": [-5.0]}), 12)
    assert {"BM", "UC"} <= set(texts_at(chart, 298))
    fills = [layer["encoding"]["fill"] for layer in spec(chart)["layer"] if "fill" in layer["encoding"]]
    assert fills[0]["scale"]["domain"] == ["BM", "UC"]


def test_more_than_can_be_drawn_are_chosen_evenly_and_it_says_so() -> None:
    made = spec(waterfall_chart(changes({"All": [float(-place) for place in range(900)]}), 12))
    bars = rows_of(made, "patient_id", "told")
    assert len(bars) == MOST_BARS
    assert (bars[0]["told"], bars[-1]["told"]) == ("0", "-899")
    assert f"{MOST_BARS} of 900" in made["title"]["text"]["expr"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "values", [{"All": []}, {"BM": [], "UC": []}, {"All": [0.0]}, {"BM": [1.5], "UC": []}, {"All": [3.0, 2.0]}], ids=str
)
def test_any_result_can_be_drawn(values: dict[str, list[float]], dark: bool) -> None:
    result = changes(values)
    for response in (None, Response("fall", 4), Response("rise", 4), Response("at least", 4)):
        chart = waterfall_chart(result, 12, unit="points", response=response, look=Look(dark=dark))
        spec(chart)
        texts = [*texts_at(chart, 298), waterfall_description(result, 12, response=response)]
        assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in texts)


def test_the_description_has_units_and_no_fall_of_another_measure() -> None:
    words = waterfall_description(changes({"All": [-8.0, 2.0]}), 12, label="albumin", unit="g/L")
    assert "change in albumin at month 12" in words
    assert "2 patients: 1 fell, 0 stayed, 1 rose; from +2 to -8 g/L." in words
    chart = waterfall_chart(changes({"All": [-8.0, 2.0]}), 12, label="albumin", unit="g/L")
    assert "dashed" not in str(spec(chart))
    assert "Change in albumin (g/L)" in str(spec(chart))


def test_the_description_counts_who_fell() -> None:
    words = waterfall_description(changes({"BM": [-8.0, 2.0, 0.0, -3.0], "UC": []}), 12, response=Response("fall", 4))
    assert "BM, 4 patients: 2 fell, 1 of them by 4 or more, 1 stayed, 1 rose; from +2 to -8." in words
    assert "UC, 0 patients: 0 fell" in words


def test_where_a_higher_value_is_better_the_largest_rise_is_last() -> None:
    rises = changes({"All": [-8.0, 2.0, 0.0, -3.0]})
    made = spec(waterfall_chart(rises, 12, better="higher"))
    assert [bar["change"] for bar in rows_of(made, "start", "change", "zero")] == [-8.0, -3.0, 0.0, 2.0]
    words = waterfall_description(rises, 12, better="higher")
    assert "from the largest fall to the largest rise" in words


@pytest.mark.parametrize(
    ("response", "unit", "line", "words"),
    [
        (Response("rise", 2), "g/L", "ashed line: a rise of 2 g/L", "1 stayed, 1 rose, 1 of them by 2 g/L or more"),
        (Response("fall in percent", 50), "%", "ashed line: a fall of 50 %", "2 fell, 0 of them by 50 % or more"),
        (Response("at least", 10), "g/L", "", "1 rose, 2 had at least 10 g/L; from +2 to -8 g/L"),
    ],
)
def test_the_response_is_that_of_the_measure(response: Response, unit: str, line: str, words: str) -> None:
    held = changes({"All": [-8.0, 2.0, 0.0, -3.0]})  # to values of 2, 12, 10 and 7
    options = {"label": "albumin", "unit": unit, "response": response, "better": "higher"}
    note = str(spec(waterfall_chart(held, 12, **options))["title"]["text"])
    assert ("ashed line" in note) == bool(line)
    assert line in note
    assert words in waterfall_description(held, 12, **options)
    low, high = spec(waterfall_chart(held, 12, **options))["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert response.change is None or low < response.change < high
