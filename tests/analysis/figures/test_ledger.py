"""The parts of the ledger add up on the screen, and every part and number can be picked."""

import itertools

import pytest

from analysis import Filters, OneOf, yearly_remission
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.theme import Look
from analysis.figures.yearly.ledger import ledger_chart, ledger_description
from tests.analysis.figures.results import rows_of, seen, spec, texts_at

PATIENTS = {
    "BM": [(13.0, "complete", ""), (25.0, "none", ""), (5.0, "none", "died"), (6.0, "none", "lost"), (30.0, "", "")],
    "UC": [(14.0, "complete", "")],
}


@pytest.fixture(scope="module")
def result() -> Yearly:
    return yearly_remission(seen(PATIENTS), by="msc_source", years=[1, 2])


def test_the_parts_of_a_year_stand_on_each_other_and_fill_the_bar(result: Yearly) -> None:
    parts = rows_of(spec(ledger_chart(result, group="BM", height=100)), "place", "y", "y2", without="group")
    for year in (1, 2):
        stack = [row for row in parts if row["year"] == year]
        assert stack[0]["y2"] == 100
        assert all(below["y"] == above["y2"] for below, above in itertools.pairwise(stack))
        assert stack[-1]["y"] == pytest.approx(0)


def test_every_number_of_the_ledger_stands_under_its_year(result: Yearly) -> None:
    placed = texts_at(ledger_chart(result, group="BM"), 408)
    assert {"Assessed", "Visit missing", "Died before", "Lost before"} <= set(placed)
    assert "Ended, reason unknown" not in placed or result.ledger["ended_unknown"].any()
    ledger = result.ledger[result.ledger["group"] == "BM"].set_index("year")
    year_one = next(x for x, y in placed["1"] if 180 < y < 210)
    row = placed["Assessed"][0][1]
    number = str(ledger.loc[1, "assessed"])
    assert any(abs(x - year_one) < 1 and abs(y - row) < 1 for x, y in placed[number])


def test_a_part_and_its_number_are_picked_by_group_year_and_place(result: Yearly) -> None:
    made = spec(ledger_chart(result, group="BM"))
    pick = next(param for param in made["params"] if param["name"] == "pick")
    assert pick["select"]["fields"] == ["group", "year", "place"]
    targets = rows_of(made, "group", "year", "place")
    assert {row["group"] for row in targets} == {"BM"}
    died = [row for row in targets if row["place"] == "died_before" and row["year"] == 1]
    assert len(died) == 2  # the part of the bar and its number
    assert [row["text"] for row in died] == ["1", "1"]
    missing = [row for row in targets if row["place"] == "visit_missing"]
    assert all(row["y"] < row["y2"] for row in missing)


@pytest.mark.parametrize("group", ["BM", "UC"])
@pytest.mark.parametrize("dark", [False, True])
def test_any_group_can_be_drawn_and_told(result: Yearly, group: str, dark: bool) -> None:
    texts = [
        *texts_at(ledger_chart(result, group=group, look=Look(dark=dark)), 298),
        ledger_description(result, group=group),
    ]
    assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in texts)


def test_a_ledger_of_nobody_can_be_drawn() -> None:
    empty = yearly_remission(seen(PATIENTS).where(Filters({"msc_source": OneOf("AD")})), years=[])
    spec(ledger_chart(empty))
    assert ledger_description(empty) == "Stacked bars of patients by year since transplantation."


def test_the_description_tells_every_year(result: Yearly) -> None:
    words = ledger_description(result, group="BM")
    assert "Year 1, 5 patients: assessed 2, visit missing 1, died before 1, lost before 1." in words
