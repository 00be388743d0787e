"""The figure of times between visits: an area where the share cannot be told."""

from analysis import turnbull
from analysis.figures.common.paper import Paper
from analysis.figures.common.theme import Look
from analysis.figures.survival.turnbull import turnbull_chart, turnbull_reading, turnbull_table
from tests.analysis.estimates.test_turnbull import seen

COHORT = seen({"A": {6: "c"}, "B": {3: "n", 12: "c"}, "C": {14: "n"}, "D": {12: "n", 24: "c"}})


def test_the_area_spans_what_cannot_be_told() -> None:
    result = turnbull(COHORT)
    assert result.curve[["after", "months"]].to_numpy().tolist() == [[3, 6], [14, 24]]
    spec = turnbull_chart(result).to_dict()
    bands = [rows for rows in spec["datasets"].values() if rows and "upper" in rows[0] and "lower" in rows[0]]
    limits = {row["months"]: (round(row["lower"]), round(row["upper"])) for row in bands[0]}
    assert limits[3] == (0, 50)
    assert limits[6] == (50, 50)
    assert limits[14] == (50, 100)


def test_no_area_is_called_an_interval() -> None:
    spec = turnbull_chart(turnbull(COHORT), look=Look(paper=Paper(width_mm=85))).to_dict()
    note = str(spec["title"])
    assert "Areas: between the visits, where the share cannot be told" in note
    assert "intervals" not in note


def test_words_and_table_tell_both_ways_of_dating() -> None:
    words = "With a first complete remission by 1 year: 50 %; if dated to the visit that shows it 50 % (3 at risk)."
    assert turnbull_reading(turnbull(COHORT), few=3) == words
    table = turnbull_table(turnbull(COHORT))
    assert table[["Year", "Between visits", "Dated to the visit"]].to_numpy().tolist() == [
        ["1", "50 %", "50 %"],
        ["2", "100 %", "100 %"],
    ]
