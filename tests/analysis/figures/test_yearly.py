"""The bars and the numbers below them."""

import pandas as pd
import pytest

from analysis import Cohort, read_cohort, yearly_relapse, yearly_remission
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.remission_range import remission_range
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.theme import Look, palette
from analysis.figures.yearly.ways_of_counting import ways_chart
from analysis.figures.yearly.ways_reading import ways_description
from analysis.figures.yearly.yearly import yearly_chart, yearly_description
from analysis.figures.yearly.yearly_reading import yearly_reading
from analysis.figures.yearly.yearly_tables import yearly_table
from tests.analysis.figures.results import SOURCES, bars, rows_of, seen, spec, texts_at

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
    chart = yearly_chart(result, kind="remission", look=Look(dark=dark))
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


@pytest.fixture(scope="module")
def six() -> Cohort:
    return seen({"BM": [(13.0, "complete", ""), (13.0, "none", ""), (5.0, "none", "died"), (6.0, "none", "lost")]})


@pytest.mark.parametrize("estimand", REMISSION_ESTIMANDS)
def test_every_remission_estimand_has_its_axis_and_its_patients(six: Cohort, estimand: str) -> None:
    result = yearly_remission(six, estimand=estimand, years=[1])
    title = texts_at(yearly_chart(result, kind="remission", height=400), 506)
    assert any(result.estimand.short in text for text in title)
    bar = result.bars.iloc[0]
    if estimand in ("ever", "current"):  # estimated shares are no fractions of counts, which have rows of their own
        assert {"At risk", str(bar["at_risk"])} <= set(title)
        assert result.estimand.estimator.capitalize() in yearly_table(result)
    else:
        assert f"{bar['events']}/{bar['patients']}" in title
    words = yearly_reading(result, "in complete remission")
    counted = f"{bar['at_risk']}" if estimand in ("ever", "current") else f"{bar['events']} of {bar['patients']}"
    assert f" at year 1, {counted} {result.estimand.of}" in words
    assert words.endswith(result.estimand.caution)


def test_a_rate_has_an_axis_of_its_own_from_0(six: Cohort) -> None:
    result = yearly_relapse(six, estimand="rate", rule="visits", years=[1, 2])
    chart = yearly_chart(result, kind="relapse")
    domain = spec(chart)["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert domain == [0, 10]  # four patients without a relapse do not extend the axis
    # The note only names several; the values are in the alternative text.
    assert "arrows: intervals beyond the axis: year 1, year 2" in str(spec(chart)["title"]).lower()
    # In the strip the axis ends at 100, and exactly the bars cut there are noted.
    words = ways_description(result, titles=["Rate"]).split("beyond the axis")[-1]
    assert [f"year {year}" in words for year in (1, 2)] == (result.bars["upper"] > 100).tolist()
    assert "0.0 (0.0 to 126.5)" in yearly_description(result)
    assert yearly_description(result).endswith("Arrows: intervals beyond the axis: year 1, year 2.")
    placed = texts_at(chart, 506)
    assert {"First relapses per 100", "Relapses", "Patient-years", "Patients"} <= set(placed)
    assert yearly_table(result).columns.tolist() == [
        "Year", "Patients", "Events / patient-years", "Per 100 patient-years",
    ]  # fmt: skip
    assert "100 patient-years in year 1, " in yearly_reading(result, "first relapses")


def test_the_title_of_the_axis_is_never_longer_than_the_axis(six: Cohort) -> None:
    result = yearly_remission(six, estimand="deaths_counted", years=[1])
    title = spec(yearly_chart(result, kind="remission", height=150))["layer"][0]["encoding"]["y"]["axis"]["title"]
    assert title == ["In complete remission", "(% of assessed or dead)"]


def test_years_that_few_could_have_been_followed_to_are_pale() -> None:
    # All transplanted within a year: half could be followed to month 12, nobody to 24.
    people = [(f"p{row}", 11.0 if row < 6 else 25.0 if row < 10 else 13.0) for row in range(12)]
    patients = pd.DataFrame(people, columns=["patient_id", "follow_up_months"]).assign(died=0, relapse_months=8.0)
    visits = pd.DataFrame(
        [(name, month, "none") for name, end in people for month in (12, 24) if month <= end],
        columns=["patient_id", "months", "remission"],
    )
    cohort = read_cohort(patients, visits)
    for ask, kind, estimands in (
        (yearly_remission, "remission", REMISSION_ESTIMANDS),
        (yearly_relapse, "relapse", RELAPSE_ESTIMANDS),
    ):
        results = [ask(cohort, estimand=estimand) for estimand in estimands]
        for result in results:
            if result.bars["share"].isna().all():
                continue
            chart = yearly_chart(result, kind=kind, height=210)
            drawn = [row["pale"] for row in rows_of(spec(chart), "share", "pale")]
            assert drawn == result.bars.loc[result.bars["share"].notna(), "immature"].tolist()
            assert ("Pale bars" in str(spec(chart).get("title"))) == any(drawn)
            assert ("Pale, as fewer than half" in yearly_description(result)) == any(drawn)
        ways = ways_chart(*results, titles=list(estimands))
        assert "hollow: fewer than half" in str(spec(ways)["title"]).casefold()
        assert results[0].bars["immature"].tolist() == [False, True]
    without = yearly_chart(bars({"All": PUBLISHED[:2]}), kind="remission")
    assert "Pale bars" not in str(spec(without)["title"])


def test_the_possible_range_is_an_outer_whisker(six: Cohort) -> None:
    result, possible = yearly_remission(six, years=[1]), remission_range(six, years=[1])
    chart = yearly_chart(result, kind="remission", possible=possible)
    ends = rows_of(spec(chart), "lowest", "highest")
    assert [(row["lowest"], row["highest"]) for row in ends] == [
        (100 * possible.table["lowest"].iloc[0], 100 * possible.table["highest"].iloc[0])
    ]
    assert "Outer whiskers" in str(spec(chart)["title"])
    assert "50 %" in texts_at(chart, 506)


def test_few_patients_do_not_set_the_axis_of_rates_and_what_is_cut_is_told() -> None:
    # Year 1: 10 relapses among 20. Year 2: of the two followed into it one relapses after a day: 0.1 to 2,000 per 100.
    followed = [12.0] * 18 + [12.1, 12.2]
    relapse = [6.0] * 10 + [None] * 8 + [12.1, None]
    patients = pd.DataFrame({"patient_id": [f"p{row}" for row in range(20)], "follow_up_months": followed, "died": 0})
    result = yearly_relapse(read_cohort(patients.assign(relapse_months=relapse)), estimand="rate", years=[1, 2])
    first, second = result.bars["upper"]
    assert second > 20_000 / 100
    chart = yearly_chart(result, kind="relapse")
    made = spec(chart)
    end = made["layer"][0]["encoding"]["y"]["scale"]["domain"][1]
    assert end == pytest.approx(1.05 * first)
    assert "arrows: intervals beyond the axis: year 2: " in str(made["title"]).lower()
    drawn = [row["upper"] for rows in made["datasets"].values() for row in rows if {"lower", "upper"} <= set(row)]
    assert max(drawn) == pytest.approx(end)
    assert any(layer["mark"].get("shape") == "triangle-up" for layer in made["layer"])
    ways = spec(ways_chart(result, titles=["rate"]))
    assert ways["layer"][0]["encoding"]["y"]["scale"]["domain"][1] == pytest.approx(max(100, end))
    assert "intervals beyond the axis: rate, year 2: " in str(ways["title"])


def test_a_rate_of_none_does_not_set_the_axis() -> None:
    # Year 2: eight followed for a tenth of a month, nobody relapses: 0 to 5,000 per 100.
    patients = pd.DataFrame({"patient_id": [f"p{row}" for row in range(20)], "follow_up_months": 12.0, "died": 0})
    patients.loc[:7, "follow_up_months"] = 12.1
    patients["relapse_months"] = [None] * 10 + [6.0] * 10
    result = yearly_relapse(read_cohort(patients), estimand="rate", years=[1, 2])
    made = spec(yearly_chart(result, kind="relapse"))
    assert made["layer"][0]["encoding"]["y"]["scale"]["domain"][1] == pytest.approx(1.05 * result.bars["upper"].iloc[0])
