"""The survival figure shows the curves of the result."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis import kaplan_meier
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.figures.common.theme import Look
from analysis.figures.survival.drawn_curves import MOST_STEPS
from analysis.figures.survival.kaplan_meier import survival_chart, survival_description
from tests.analysis.figures.results import SOURCES, curves, rows_of, spec, texts_at
from tests.analysis.made import cohort_of

TWENTY = [float(month) for month in range(2, 42, 2)]
WIDTHS = [298, 408, 506, 800]


@pytest.fixture
def two() -> KaplanMeier:
    return curves({"BM": TWENTY, "UC": [10.0] * 12 + [40.0]}, {"BM": [5.0, 20.0], "UC": [3.0, 30.0]})


def test_the_axis_is_in_per_cent_and_not_zoomed(two: KaplanMeier) -> None:
    made = spec(survival_chart(two))
    domains = [
        layer["encoding"]["y"]["scale"]["domain"]
        for layer in made["layer"]
        if (layer.get("encoding", {}).get("y", {}).get("scale") or {}).get("domain")
    ]
    assert len(domains) >= 4
    assert all(domain == [0, 100] for domain in domains)


def test_the_tail_begins_where_fewer_than_ten_are_at_risk(two: KaplanMeier) -> None:
    lines = rows_of(spec(survival_chart(two)), "part", "share")
    for group in ("BM", "UC"):
        many = [row for row in lines if row["group"] == group and row["part"] == "many"]
        few = [row for row in lines if row["group"] == group and row["part"] == "few"]
        curve = two.curve[two.curve["group"] == group]
        last_with_ten = curve.loc[curve["at_risk"] >= 10, "months"].max()
        assert many[-1]["months"] == few[0]["months"] == last_with_ten
        assert many[-1]["share"] == few[0]["share"]
        assert few[-1]["months"] == curve["months"].max()


def test_the_tail_has_a_dash_of_its_own(two: KaplanMeier) -> None:
    made = spec(survival_chart(two))
    styles = {(row["group"], row["part"]): row["style"] for row in rows_of(made, "part", "share")}
    assert styles == {("BM", "many"): 0, ("UC", "many"): 1, ("BM", "few"): 2, ("UC", "few"): 2}
    curve = next(layer["mark"] for layer in made["layer"] if layer["mark"]["type"] == "line")
    assert curve["strokeDash"]["expr"].startswith("[[1, 0], [8, 3], [1.5, 3.5], ")
    assert "fewer than 10 at risk" in made["title"]["text"]["expr"]


@pytest.mark.parametrize("width", WIDTHS)
def test_numbers_stand_under_their_ticks(two: KaplanMeier, width: int) -> None:
    placed = texts_at(survival_chart(two, height=200), width)
    ticks = {int(tick): x for tick in ("0", "12", "24", "36") for x, y in placed.get(tick, []) if y == 207.5}
    assert len(ticks) >= 2
    first_row = min(y for _, y in placed["BM"] if y > 200)
    for month, x in ticks.items():
        at = two.at([month])
        expected = str(int(at.loc[at["group"] == "BM", "at_risk"].iloc[0]))
        assert any(abs(there - x) <= 0.51 and y == first_row for there, y in placed[expected])


def test_the_rows_tell_at_risk_events_and_censored(two: KaplanMeier) -> None:
    placed = texts_at(survival_chart(two), 800)
    assert {"At risk", "Events", "Censored"} <= set(placed)
    compact = texts_at(survival_chart(two, compact=True), 800)
    assert "At risk" in compact
    assert not {"Events", "Censored"} & set(compact)


def test_a_group_that_a_filter_empties_leaves_the_colours_alone() -> None:
    full = spec(survival_chart(curves({"BM": TWENTY, "UC": TWENTY})))
    empty = spec(survival_chart(curves({"BM": [], "UC": TWENTY})))
    scales = [made["layer"][1]["encoding"]["color"]["scale"] for made in (full, empty)]
    assert scales[0] == scales[1]
    assert scales[0]["domain"][:2] == ["BM", "UC"]


def test_the_whole_cohort_stands_behind_in_grey() -> None:
    chart = survival_chart(curves({"All": TWENTY}), whole=curves({"All": [*TWENTY, 60.0]}))
    lines = rows_of(spec(chart), "part", "share")
    assert lines[0]["part"] == "whole"
    assert {"whole cohort", "filtered"} <= set(texts_at(chart, 506))


def test_a_single_group_needs_no_name() -> None:
    assert "All" not in texts_at(survival_chart(curves({"All": TWENTY})), 506)


def test_names_are_at_the_ends_only_if_they_fit(two: KaplanMeier) -> None:
    assert [x for x, y in texts_at(survival_chart(two), 506)["BM"] if y < 340]
    long = "a subgroup with a very long name, of one clinic"
    placed = texts_at(survival_chart(curves({long: TWENTY, "others": TWENTY})), 408)
    assert all(y > 340 for _, y in placed["others"])


@pytest.mark.parametrize(
    "result",
    [
        curves({"All": []}),
        curves({"BM": [], "UC": []}),
        curves({"All": [5.0]}),
        curves({"All": []}, {"All": [5.0]}),
        curves({"All": TWENTY}),
        curves(dict.fromkeys(SOURCES, TWENTY), {"AD": [0.0]}),
        curves({"<b>[x].y:Q</b>": TWENTY, "$a$ \\ \"'": TWENTY}),
    ],
    ids=["nobody", "two empty groups", "one patient", "one death", "no event", "five groups", "odd names"],
)
@pytest.mark.parametrize("dark", [False, True])
def test_any_result_can_be_drawn(result: KaplanMeier, dark: bool) -> None:
    chart = survival_chart(result, look=Look(dark=dark))
    spec(chart)
    texts = texts_at(chart, 408)
    words = survival_description(result)
    assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in [*texts, words])


def test_no_more_points_than_a_screen_can_show() -> None:
    months = [1 + 40 * place / 6000 for place in range(6000)]
    died = {"BM": months[::3], "UC": months[1::3]}
    lines = rows_of(spec(survival_chart(curves({"BM": months, "UC": months}, died))), "part", "share")
    assert len(lines) <= 2 * MOST_STEPS + 4


def test_the_description_tells_patients_events_and_the_end(two: KaplanMeier) -> None:
    words = survival_description(two)
    assert "BM: 22 patients, 2 events;" in words
    assert "drawn to 40.0 months." in words


def band_at(chart: object, month: float) -> tuple[float, float]:
    """Return the drawn limits of the band at a month."""
    rows = [row for row in rows_of(spec(chart), "lower", "upper") if row["months"] <= month]
    return rows[-1]["lower"], rows[-1]["upper"]


def test_the_band_of_a_group_without_events_widens_as_patients_leave() -> None:
    result = curves({"All": TWENTY})
    at = result.at([36]).iloc[0]
    assert band_at(survival_chart(result), 36) == pytest.approx((100 * at["lower"], 100 * at["upper"]))


def test_the_band_extends_to_the_death_that_ends_the_curve() -> None:
    result = curves({"All": [10.0, 20.0]}, {"All": [5.0, 40.0]})
    rows = rows_of(spec(survival_chart(result)), "lower", "upper")
    assert rows[0]["months"] == 0  # exact until the first death
    assert rows[-1]["months"] == 40
    assert (rows[-1]["lower"], rows[-1]["upper"]) == (rows[-2]["lower"], rows[-2]["upper"])


def test_few_at_risk_before_others_enter_is_a_stretch_of_its_own() -> None:
    # One patient until month 20, 31 from then until 25 of them leave at 30.
    ends = [40.0, *[30.0] * 25, *[40.0] * 5]
    cohort = cohort_of(ends, [0] * 31, entry_months=[0.0] + [20.0] * 30)
    lines = pd.DataFrame(rows_of(spec(survival_chart(kaplan_meier(cohort))), "part", "stretch"))
    ends_of = lines.groupby(["stretch", "part"])["months"].agg(["min", "max"])
    assert {key: tuple(row) for key, row in zip(ends_of.index, ends_of.to_numpy(), strict=True)} == {
        (0, "few"): (0, 20), (1, "many"): (20, 30), (2, "few"): (30, 40),
    }  # fmt: skip


def test_on_the_failure_scale_the_limits_change_places(two: KaplanMeier) -> None:
    at = two.at([22])
    bm = at[at["group"] == "BM"].iloc[0]
    rows = rows_of(spec(survival_chart(two, failure=True)), "lower", "upper")
    lower, upper = [(row["lower"], row["upper"]) for row in rows if row["group"] == "BM" and row["months"] <= 22][-1]
    assert (lower, upper) == pytest.approx((100 * (1 - bm["upper"]), 100 * (1 - bm["lower"])))
    assert 0 < lower < upper < 100
    assert survival_description(two, failure=True).startswith("One minus Kaplan-Meier curves in per cent")


def test_the_axis_ends_where_it_is_told_to(two: KaplanMeier) -> None:
    chart = survival_chart(two, until=24)
    lines = rows_of(spec(chart), "part", "share")
    assert {row["group"]: row["months"] for row in lines} == {"BM": 24, "UC": 24}
    assert all(row["months"] <= 24 for row in rows_of(spec(chart), "percent", "words"))
    placed = texts_at(chart, 800)
    assert "24" in placed
    assert "36" not in placed
    assert "drawn to 24.0 months" in survival_description(two, until=24)


@pytest.mark.parametrize("months", [0.5, 1, 2.5, 7, 90])
def test_any_end_of_the_axis_can_be_drawn(two: KaplanMeier, months: float) -> None:
    assert "0" in texts_at(survival_chart(two, until=months), 298)


def test_the_number_at_risk_that_is_few_is_a_setting(two: KaplanMeier) -> None:
    made = spec(survival_chart(two, few_at_risk=5))
    assert "fewer than 5 at risk" in made["title"]["text"]["expr"]
    few = [row["months"] for row in rows_of(made, "part", "share") if row["part"] == "few" and row["group"] == "BM"]
    curve = two.curve[two.curve["group"] == "BM"]
    assert few[0] == curve.loc[curve["at_risk"] >= 5, "months"].max()


def test_the_axis_says_what_the_months_count_from(two: KaplanMeier) -> None:
    for time_zero, title in {
        "transplantation": "Months since transplantation",
        "first complete remission": "Months since first complete remission",
        "6 months after transplantation": "Months from 6 months after transplantation",
    }.items():
        assert title in texts_at(survival_chart(replace(two, time_zero=time_zero)), 506)


def test_a_click_picks_a_step_by_group_and_months(two: KaplanMeier) -> None:
    made = spec(survival_chart(two))
    selections = {param["name"]: param["select"] for param in made["params"] if "select" in param}
    assert selections["pick"]["fields"] == ["group", "months"]
    assert selections["pick"]["nearest"] is selections["nearest"]["nearest"] is True
    months = {row["months"] for row in rows_of(made, "percent", "words") if row["group"] == "BM"}
    assert months == set(two.curve.loc[two.curve["group"] == "BM", "months"])


def test_a_cut_axis_says_so_and_a_curve_below_it_ends_there(two: KaplanMeier) -> None:
    made = spec(survival_chart(two, lowest=80))
    assert made["layer"][1]["encoding"]["y"]["scale"]["domain"] == [80, 100]
    assert "Axis from 80 %, not from 0" in made["title"]["text"]["expr"]
    assert "Axis from 80 %, not from 0." in survival_description(two, lowest=80)
    for group in ("BM", "UC"):
        shares = [row["share"] for row in rows_of(made, "part", "share") if row["group"] == group]
        assert min(shares) >= 80
        falls_below = 100 * two.curve.loc[two.curve["group"] == group, "survival"].min() < 80
        assert (min(shares) == 80) == falls_below
    assert "Axis from" not in spec(survival_chart(two))["title"]["text"]["expr"]


def test_a_curve_that_rises_is_never_cut(two: KaplanMeier) -> None:
    made = spec(survival_chart(two, failure=True, lowest=80))
    assert made["layer"][1]["encoding"]["y"]["scale"]["domain"] == [0, 100]
    assert "Axis from" not in made["title"]["text"]["expr"]
