"""The measure over time and the patients under every visit."""

from itertools import pairwise

import pytest

from analysis.estimates.trajectory import Trajectory
from analysis.figures.trajectory import MOST_PATIENTS, trajectory_chart, trajectory_description
from analysis.figures.visits import LABEL_ROOM
from tests.analysis.figures.results import SOURCES, rows_of, spec, texts_at, visits

SCHEDULE = ("0", "1", "3", "6", "12", "24", "36", "48")


@pytest.mark.parametrize("width", [298, 408, 506, 800])
def test_labels_of_visits_and_numbers_never_meet(width: int) -> None:
    placed = texts_at(trajectory_chart(visits(["All"], 87), height=200), width)
    labels = [next(x for x, y in placed[month] if 210 < y < 235) for month in SCHEDULE]
    assert all(right - left >= LABEL_ROOM - 0.01 for left, right in pairwise(labels))
    numbers = [next(x for x, y in placed[str(87 - place)] if y > 235) for place in range(8)]
    assert numbers == pytest.approx(labels, abs=0.01)


def test_where_there_is_room_labels_stand_at_their_visits() -> None:
    placed = texts_at(trajectory_chart(visits(["All"], 87), height=200), 800)
    year, four = (next(x for x, y in placed[month] if 200 < y < 235) for month in ("12", "48"))
    assert year == pytest.approx(four / 4)


def test_the_axis_starts_at_zero() -> None:
    made = spec(trajectory_chart(visits(["All"], 20)))
    low, high = made["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low == 0
    assert high > 22


def test_a_fall_is_drawn_below_zero() -> None:
    result = visits(["All"], 20)
    result.lines["value"] -= 20
    result.summary[["centre", "lower", "upper"]] -= 20
    low, high = spec(trajectory_chart(result))["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low == -7
    assert high >= 2


def test_lines_are_thinned_evenly_and_the_note_says_so() -> None:
    made = spec(trajectory_chart(visits(["BM", "UC"], 400)))
    drawn = {(row["group"], row["patient"]) for row in rows_of(made, "patient", "value")}
    assert len(drawn) == MOST_PATIENTS
    assert sum(group == "BM" for group, _ in drawn) == MOST_PATIENTS / 2
    assert "300 of 800 patients" in made["title"]["text"]["expr"]


def test_few_patients_are_all_drawn() -> None:
    made = spec(trajectory_chart(visits(["All"], 87)))
    assert len({row["patient"] for row in rows_of(made, "patient", "value")}) == 87
    assert "each patient" in made["title"]["text"]["expr"]


def test_a_visit_without_patients_says_so_and_breaks_the_line() -> None:
    chart = trajectory_chart(visits(["All"], 3), height=200)
    assert len([y for _, y in texts_at(chart, 800)["0"] if y > 235]) == 5
    empty = [layer for layer in spec(chart)["layer"] if layer["mark"]["type"] == "line"][1]
    rows = spec(chart)["datasets"][empty["data"]["name"]]
    assert [row["centre"] for row in rows][2:5] == [18.0, None, None]


def test_groups_have_shapes_dashes_and_names() -> None:
    chart = trajectory_chart(visits(["BM", "UC"], 20))
    made = spec(chart)
    dashes = [layer["encoding"]["strokeDash"] for layer in made["layer"] if "strokeDash" in layer["encoding"]]
    assert [dash["scale"]["range"] for dash in dashes] == [[[1, 0], [8, 3]]]
    assert len(texts_at(chart, 506)["UC"]) == 2


def test_many_visits_are_labelled_by_an_even_choice() -> None:
    placed = texts_at(trajectory_chart(visits(["All"], 60, schedule=range(0, 50, 2)), height=200), 506)
    labels = sorted(x for texts in placed.values() for x, y in texts if 223 < y < 226)
    assert len(labels) <= 12
    assert all(right - left > 20 for left, right in pairwise(labels))


@pytest.mark.parametrize(
    "result",
    [visits(["All"], 0), visits(["BM", "UC"], 0), visits(["All"], 1), visits(SOURCES, 30), visits(["All"], 5, [0])],
    ids=["nobody", "two empty groups", "one patient", "five groups", "one visit"],
)
@pytest.mark.parametrize("dark", [False, True])
def test_any_result_can_be_drawn(result: Trajectory, dark: bool) -> None:
    chart = trajectory_chart(result, label="SLEDAI", unit="points", dark=dark)
    spec(chart)
    texts = [*texts_at(chart, 298), trajectory_description(result)]
    assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in texts)


def test_the_description_tells_every_visit() -> None:
    words = trajectory_description(visits(["All"], 2, [0, 1, 3]))
    assert "2 patients" in words
    assert "Month 1: 19.0, 1 patient. Month 3: no patients." in words
