"""Every way of counting in one figure: the same patients rise by one denominator and fall by another."""

from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from analysis import read_cohort, yearly_relapse, yearly_remission
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.axes import LINE_HEIGHT
from analysis.figures.common.ready import ready
from analysis.figures.common.theme import text_width
from analysis.figures.yearly.ways_of_counting import ways_chart
from analysis.figures.yearly.ways_reading import way_line, ways_line, ways_reading
from tests.analysis.figures.results import bars, rows_of, spec, texts_at
from tests.analysis.made import SAMPLE

ASKED = [(yearly_remission, REMISSION_ESTIMANDS), (yearly_relapse, RELAPSE_ESTIMANDS)]
# Of those assessed, as published; of all who were due: of the same numerators, 23 of 87, 12 of 61, 5 of 41 and 3 of 29.
FRACTIONS = {
    "Assessed": [(23, 83), (12, 39), (5, 12), (3, 6)],
    "All due": [(23, 87), (12, 61), (5, 41), (3, 29)],
}
# Pictures of 85, 120 and 180 mm, and columns of a page.
WIDTHS = [321, 454, 680, 340, 590, 940]


def of_sample(ways: dict[str, Any], by: str | None = None, ask: Any = yearly_remission) -> list[Yearly]:
    return [ask(SAMPLE, estimand=name, by=by) for name in ways]


def test_the_same_patients_rise_by_one_denominator_and_fall_by_the_other() -> None:
    results = of_sample({"assessed": 0, "all_due": 0})
    drawn = rows_of(spec(ways_chart(*results, titles=list(FRACTIONS))), "of", "at", "share")
    expected = [100 * events / patients for years in FRACTIONS.values() for events, patients in years]
    assert [row["share"] for row in drawn] == pytest.approx(expected)
    assert ways_line(*results) == (
        "Of those assessed, 28 % (23/83) at year 1 rises to 50 % (3/6) at year 4; "
        "of those due, 26 % (23/87) falls to 10 % (3/29): the same patients."
    )


def test_the_line_takes_the_way_that_parts_most_of_those_that_count_the_same_patients() -> None:
    every = ways_line(*of_sample(REMISSION_ESTIMANDS))
    assert every == ways_line(*of_sample({"assessed": 0, "all_due": 0}))
    # Who is at risk in a year had no relapse before: these are not the relapses of those assessed.
    relapse = ways_line(*of_sample(RELAPSE_ESTIMANDS, ask=yearly_relapse))
    assert relapse == "Of those assessed, 12 % (10/83) at year 1 rises to 17 % (1/6) at year 4."


def test_the_line_says_each_group_and_what_stays() -> None:
    first = bars({"BM": [(1, 4), (1, 4)], "UC": [(0, 0), (2, 4)]})
    assert ways_line(first) == (
        "BM: of those assessed, 25 % (1/4) at year 1 is still 25 % (1/4) at year 2. UC: of those assessed, 50 % (2/4) "
        "at year 2."
    )
    assert ways_line(bars({"All": [(0, 0)]})) == ""
    assert ways_line(yearly_relapse(SAMPLE, estimand="rate")) == ""


def test_the_highest_and_the_lowest_share_of_a_year_are_printed_and_every_count_stands_below() -> None:
    results = of_sample({"assessed": 0, "all_due": 0})
    placed = texts_at(ways_chart(*results, titles=list(FRACTIONS)), 640)
    assert {"28 %", "31 %", "42 %", "50 %", "26 %", "20 %", "12 %", "10 %"} <= set(placed)
    assert {f"{events}/{patients}" for years in FRACTIONS.values() for events, patients in years} <= set(placed)
    assert all(any(way in text for text in placed) for way in FRACTIONS)


def test_each_way_says_its_own_fractions_and_whether_the_patients_are_the_same() -> None:
    assessed, dead, due = of_sample({"assessed": 0, "deaths_counted": 0, "all_due": 0})
    assert way_line(assessed) == "Assessed: of those assessed, 28 % (23/83) at year 1 rises to 50 % (3/6) at year 4."
    assert way_line(due, assessed, dead) == (
        "All due: of those due, 26 % (23/87) at year 1 falls to 10 % (3/29) at year 4: the same patients as before."
    )
    cumulative, rate = of_sample({"cumulative": 0, "rate": 0}, ask=yearly_relapse)
    assert way_line(cumulative) == "Cumulative: estimated for all patients, 12 % at year 1 rises to 40 % at year 4."
    assert (
        way_line(rate) == "Rate: per 100 patient-years, 12.3 (10 / 81.3) at year 1 rises to 12.9 (1 / 7.7) at year 4."
    )
    groups = bars({"BM": [(1, 4)], "UC": [(0, 0)], "AD": [(2, 4)]})
    assert way_line(groups) == (
        "Assessed: BM: of those assessed, 25 % (1/4) at year 1. Assessed: AD: of those assessed, 50 % (2/4) at year 1."
    )


def test_why_fewer_are_ever_than_assessed_is_said_with_that_way() -> None:
    assessed, ever = of_sample({"assessed": 0, "ever": 0})
    assert "Fewer ever than assessed is no error" in way_line(ever, assessed)
    assert "error" not in way_line(ever)


def test_the_ways_are_reached_one_after_the_other_in_one_specification() -> None:
    results, titles = of_sample(REMISSION_ESTIMANDS), list(REMISSION_ESTIMANDS)
    charts = [ready(ways_chart(*results, titles=titles, reached=reached)) for reached in ["", *titles]]
    assert len({repr({**chart, "datasets": list(chart["datasets"])}) for chart in charts}) == 1
    due = spec(ways_chart(*results, titles=titles, reached="all_due"))
    lines = rows_of(due, "of", "at", "share")
    assert {(row["group"], row["faint"]) for row in lines} == {
        ("assessed", True), ("deaths_counted", True), ("all_due", False),
    }  # fmt: skip
    placed = texts_at(ways_chart(*results, titles=titles, reached="all_due"), 900)
    assert {"26 %", "20 %", "12 %", "10 %", "3/29", "3/6"} <= set(placed)
    assert not {"28 %", "50 %"} & set(placed)


@pytest.mark.parametrize(("ask", "ways"), ASKED, ids=["remission", "relapse"])
@pytest.mark.parametrize("by", [None, "msc_source"])
def test_every_count_stands_below_its_year(ask: Any, ways: dict[str, Any], by: str | None) -> None:
    results = of_sample(ways, by, ask)
    made = spec(ways_chart(*results, titles=list(ways)))
    below = rows_of(made, "text", "y", "ink", "year")
    assert len(below) == sum(len(result.bars) for result in results)


@pytest.mark.parametrize(("ask", "ways"), ASKED, ids=["remission", "relapse"])
def test_no_name_of_a_group_overlaps_the_next(ask: Any, ways: dict[str, Any]) -> None:
    cohort = SAMPLE
    patients = cohort.patients.assign(
        msc_source=cohort.patients["msc_source"].map(
            {"BM": "bone marrow of a relative", "UC": "umbilical cord, pooled"}
        )
    )
    named = read_cohort(patients.astype({"organs": object}), cohort.visits)
    results = [ask(named, estimand=name, by="msc_source") for name in ways]
    groups = list(results[0].bars["group"].cat.categories)
    assert len(groups) == 2
    for width in WIDTHS:
        texts = texts_at(ways_chart(*results, titles=list(ways)), width)
        placed = {text.replace("\n", " "): (text.split("\n"), *at[0]) for text, at in texts.items()}
        for group, after in pairwise(groups):
            (lines, x, y), (_, next_x, next_y) = placed[group], placed[after]
            below = y + LINE_HEIGHT * len(lines)
            assert x + max(map(text_width, lines)) <= next_x or below <= next_y, f"{group} at {width} px"


def test_a_rate_over_a_hundred_fits() -> None:
    cohort = SAMPLE
    short = read_cohort(cohort.patients.head(4).assign(follow_up_months=12, died=0, relapse_months=[1, 2, 3, 2]))
    result = yearly_relapse(short, estimand="rate", years=[1])
    assert result.bars["share"].iloc[0] == pytest.approx(100 * 4 / (8 / 12))
    domain = spec(ways_chart(result, titles=["rate"]))["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert domain[1] == pytest.approx(1.05 * result.bars["share"].iloc[0])


def test_fewer_ever_than_assessed_is_explained_where_it_happens_only() -> None:
    patients = pd.DataFrame({"patient_id": list("abcd"), "follow_up_months": 24.0, "died": 0})

    def told(month: float) -> str:
        visits = pd.DataFrame({"patient_id": list("abcd"), "months": month, "remission": ["complete"] * 3 + ["none"]})
        cohort = read_cohort(patients, visits)
        return ways_reading(*(yearly_remission(cohort, estimand=name, years=[1]) for name in REMISSION_ESTIMANDS))

    assert told(12.0) == "Of those assessed, 75 % (3/4) at year 1."
    assert "Year 1: 0 % ever, 75 % of those assessed. Fewer ever than assessed is no error: " in told(13.0)
