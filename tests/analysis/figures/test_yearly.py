"""The bars and what stands under them."""

import pytest

from analysis.estimates.yearly import Yearly
from analysis.figures.theme import palette
from analysis.figures.yearly import yearly_chart, yearly_description
from tests.analysis.figures.results import SOURCES, bars, rows_of, spec, texts_at

PUBLISHED = [(23, 83), (12, 39), (5, 12), (3, 6)]


@pytest.mark.parametrize("width", [298, 506, 800])
def test_every_bar_has_its_patients_under_it(width: int) -> None:
    placed = texts_at(yearly_chart(bars({"All": PUBLISHED}), kind="remission"), width)
    for year, counts in enumerate(("23/83", "12/39", "5/12", "3/6"), start=1):
        tick = next(x for x, y in placed[str(year)] if y > 320)
        assert [x for x, y in placed[counts] if y > 320] == pytest.approx([tick], abs=0.5)


def test_shares_are_printed_and_the_axis_is_not_zoomed() -> None:
    chart = yearly_chart(bars({"All": PUBLISHED}), kind="remission")
    assert {"28 %", "31 %", "42 %", "50 %"} <= set(texts_at(chart, 506))
    assert spec(chart)["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 100]


def test_a_year_with_nobody_has_words_and_no_bar() -> None:
    chart = yearly_chart(bars({"All": [(1, 4), (0, 0)]}), kind="relapse")
    assert "0 assessed" in texts_at(chart, 506)
    assert [row["year"] for row in rows_of(spec(chart), "printed")] == [1]


def test_a_year_with_no_event_has_its_interval() -> None:
    made = spec(yearly_chart(bars({"All": [(0, 20)]}), kind="relapse"))
    assert rows_of(made, "lower", "upper") == [{"group": "All", "year": 1, "lower": 0.0, "upper": 50.0, "pale": False}]


@pytest.mark.parametrize(("kind", "state"), [("remission", "complete"), ("relapse", "relapse")])
def test_a_single_group_has_the_colour_of_the_state(kind: str, state: str) -> None:
    made = spec(yearly_chart(bars({"All": PUBLISHED}), kind="remission" if kind == "remission" else "relapse"))
    assert made["layer"][0]["mark"]["fill"] == palette().states[state]


def test_groups_have_their_colour_and_a_shape_each() -> None:
    made = spec(yearly_chart(bars({"BM": PUBLISHED, "UC": PUBLISHED}), kind="relapse"))
    bar = made["layer"][0]["encoding"]
    assert bar["fill"]["scale"] == {"domain": ["BM", "UC"], "range": palette().lines(["BM", "UC"])}
    assert bar["xOffset"]["scale"]["domain"] == ["BM", "UC"]
    shapes = [layer["encoding"]["shape"]["scale"]["range"] for layer in made["layer"] if "shape" in layer["encoding"]]
    assert shapes == [["circle", "square"]] * 2


def test_group_names_lead_the_rows() -> None:
    placed = texts_at(yearly_chart(bars({"BM": PUBLISHED, "UC": [(1, 2)] * 4}), kind="relapse"), 506)
    assert len(placed["1/2"]) == 4
    assert {y for _, y in placed["1/2"]} == {y for _, y in placed["UC"]}


@pytest.mark.parametrize(
    "result",
    [
        bars({"All": []}),
        bars({"All": [(0, 0)]}),
        bars({"All": [(1, 1)]}),
        bars({source: [(0, 0), (2, 2), (0, 3)] for source in SOURCES}),
    ],
    ids=["no year", "nobody", "one patient", "five groups"],
)
@pytest.mark.parametrize("dark", [False, True])
def test_any_result_can_be_drawn(result: Yearly, dark: bool) -> None:
    chart = yearly_chart(result, kind="remission", dark=dark)
    spec(chart)
    texts = [*texts_at(chart, 298), yearly_description(result)]
    assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in texts)


def test_the_description_tells_every_bar() -> None:
    words = yearly_description(bars({"All": [(23, 83), (0, 0)]}))
    assert "Year 1: 23/83, 28 % (14–64). Year 2: 0 assessed." in words


def test_a_click_picks_a_bar_by_group_and_year_where_nobody_is_too() -> None:
    made = spec(yearly_chart(bars({"All": [(1, 4), (0, 0)]}), kind="relapse"))
    pick = next(param["select"] for param in made["params"] if param["name"] == "pick")
    assert pick["fields"] == ["group", "year"]
    assert [row["year"] for row in rows_of(made, "words", "counts")] == [1, 2]


def test_shares_that_would_run_into_each_other_are_left_to_the_table() -> None:
    groups = dict.fromkeys(SOURCES, PUBLISHED)
    assert "28 %" not in texts_at(yearly_chart(bars(groups), kind="relapse"), 506)
