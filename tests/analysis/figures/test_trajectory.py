"""The measure over time, and the numbers of patients below every visit."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd
import pytest

from analysis import read_cohort, trajectory
from analysis.counts.extent import Extent
from analysis.estimates.scores.trajectory import Trajectory
from analysis.figures.common.axes import share_down
from analysis.figures.common.picking import TARGETS
from analysis.figures.common.theme import Look
from analysis.figures.scores.trajectory import MOST_PATIENTS, trajectory_chart, trajectory_description
from analysis.figures.scores.visit_axis import LABEL_ROOM
from analysis.listings.trajectory_lines import trajectory_lines
from tests.analysis.figures.results import SOURCES, rows_of, spec, texts_at, visit_lines, visits

SCHEDULE = ("0", "1", "3", "6", "12", "24", "36", "48")


def chart_of(
    groups: list[str], patients: int, schedule: Sequence[float] = tuple(map(int, SCHEDULE)), **options: Any
) -> alt.LayerChart:
    """Return the chart of `visits` with one line per patient."""
    lines = visit_lines(groups, patients, schedule)
    return trajectory_chart(visits(groups, patients, schedule), lines=lines, **options)


@pytest.mark.parametrize("width", [298, 408, 506, 800])
def test_labels_of_visits_and_numbers_never_meet(width: int) -> None:
    placed = texts_at(chart_of(["All"], 87, height=200), width)
    labels = [next(x for x, y in placed[month] if 210 < y < 235) for month in SCHEDULE]
    assert all(right - left >= LABEL_ROOM - 0.01 for left, right in pairwise(labels))
    numbers = [next(x for x, y in placed[str(87 - place)] if y > 235) for place in range(8)]
    assert numbers == pytest.approx(labels, abs=0.01)


def test_where_there_is_room_labels_stand_at_their_visits() -> None:
    placed = texts_at(chart_of(["All"], 87, height=200), 800)
    year, four = (next(x for x, y in placed[month] if 200 < y < 235) for month in ("12", "48"))
    assert year == pytest.approx(four / 4)


def test_the_axis_starts_at_zero() -> None:
    made = spec(chart_of(["All"], 20))
    low, high = made["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low == 0
    assert high > 22


def test_a_fall_is_drawn_below_zero() -> None:
    result = visits(["All"], 20)
    lines = visit_lines(["All"], 20)
    lines["value"] -= 20
    extent = Extent(lines["value"].min(), lines["value"].max(), 48, len(lines))
    result = replace(result, extent=extent)
    result.summary[["centre", "lower", "upper"]] -= 20
    low, high = spec(trajectory_chart(result, lines=lines))["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert low == -7
    assert high >= 2


def test_lines_are_thinned_evenly_and_the_note_says_so() -> None:
    made = spec(chart_of(["BM", "UC"], 400))
    drawn = {(row["group"], row["patient_id"]) for row in rows_of(made, "patient_id", "value")}
    assert len(drawn) == MOST_PATIENTS
    assert sum(group == "BM" for group, _ in drawn) == MOST_PATIENTS / 2
    assert "300 of 800 patients" in made["title"]["text"]["expr"]


def test_of_very_many_visits_only_the_centre_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.figures.scores.trajectory.MOST_VISITS", 100)
    result = visits(["All"], 87)
    made = spec(trajectory_chart(result, lines=visit_lines(["All"], 87)))
    assert not any({"patient_id", "value"} <= set(row) for rows in made["datasets"].values() for row in rows)
    assert "too many patients for a line each, 87" in made["title"]["text"]["expr"].lower()
    assert made["layer"][0]["encoding"]["y"]["scale"]["domain"][1] == pytest.approx(1.03 * 21)


def test_few_patients_are_all_drawn() -> None:
    made = spec(chart_of(["All"], 87))
    assert len({row["patient_id"] for row in rows_of(made, "patient_id", "value")}) == 87
    assert "each patient" in made["title"]["text"]["expr"]


def test_a_visit_without_patients_says_so_and_breaks_the_line() -> None:
    chart = chart_of(["All"], 3, height=200)
    assert len([y for _, y in texts_at(chart, 800)["0"] if y > 235]) == 5
    empty = [layer for layer in spec(chart)["layer"] if layer["mark"]["type"] == "line"][1]
    rows = spec(chart)["datasets"][empty["data"]["name"]]
    assert [row["centre"] for row in rows][2:5] == [18.0, None, None]


def test_groups_have_shapes_dashes_and_names() -> None:
    chart = chart_of(["BM", "UC"], 20)
    made = spec(chart)
    dashes = [layer["encoding"]["strokeDash"] for layer in made["layer"] if "strokeDash" in layer["encoding"]]
    assert [dash["scale"]["range"] for dash in dashes] == [[[1, 0], [8, 3]]]
    assert len(texts_at(chart, 506)["UC"]) == 2


def test_many_visits_are_labelled_by_an_even_choice() -> None:
    placed = texts_at(chart_of(["All"], 60, range(0, 50, 2), height=200), 506)
    labels = sorted(x for texts in placed.values() for x, y in texts if 223 < y < 226)
    assert len(labels) <= 12
    assert all(right - left > 20 for left, right in pairwise(labels))


@pytest.mark.parametrize(
    "made",
    [(["All"], 0), (["BM", "UC"], 0), (["All"], 1), (SOURCES, 30), (["All"], 5, [0])],
    ids=["nobody", "two empty groups", "one patient", "five groups", "one visit"],
)
@pytest.mark.parametrize("dark", [False, True])
def test_any_result_can_be_drawn(made: tuple[Any, ...], dark: bool) -> None:
    result: Trajectory = visits(*made)
    chart = chart_of(*made, label="SLEDAI", unit="points", look=Look(dark=dark))
    spec(chart)
    texts = [*texts_at(chart, 298), trajectory_description(result)]
    assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in texts)


def test_the_description_tells_every_visit() -> None:
    words = trajectory_description(visits(["All"], 2, [0, 1, 3]))
    assert "2 patients" in words
    assert "Month 1: 19.0, 1 patient. Month 3: no patients." in words
    words = trajectory_description(visits(["All"], 2, [0, 1, 3]), label="albumin", unit="g/L")
    assert "Lines of albumin over months" in words
    assert "Month 1: 19.0 g/L, 1 patient." in words


@pytest.mark.parametrize("width", [298, 408, 506, 800])
@pytest.mark.parametrize("most", [1000, 20_000, 99_999, 100_000, 4_000_000])
def test_long_numbers_never_meet(width: int, most: int) -> None:
    result = visits(["All"], 20)
    numbers = [most - most * place // 9 for place in range(8)]
    chart = trajectory_chart(replace(result, summary=result.summary.assign(patients=numbers)), height=200)
    placed = texts_at(chart, width)
    ((_, heading),) = placed.pop("Patients")
    row = sorted((x, text) for text, places in placed.items() for x, y in places if y > heading)
    pixels = [(x, 0.53 * 12 * len(text)) for x, text in row]
    assert len(pixels) == 8
    assert all(right - left > (first + second) / 2 for (left, first), (right, second) in pairwise(pixels))
    assert pixels[0][0] - pixels[0][1] / 2 > -32  # the labels of the y axis


def test_where_there_is_room_long_numbers_are_in_full() -> None:
    result = visits(["All"], 20)
    chart = trajectory_chart(replace(result, summary=result.summary.assign(patients=15_907)), height=200)
    assert "15,907" in texts_at(chart, 800)
    assert "15.9k" in texts_at(chart, 340)
    assert "16k" in texts_at(chart, 298)


def test_a_click_picks_the_patient_of_the_nearest_visit() -> None:
    made = spec(chart_of(["BM", "UC"], 5))
    picks = {param["name"]: param for param in made["params"] if "select" in param}
    assert picks["pick"]["views"] == [TARGETS]
    assert picks["pick"]["select"]["fields"] == ["group", "patient_id"]
    assert picks["pick"]["select"]["nearest"]
    targets = next(layer for layer in made["layer"] if layer.get("name") == TARGETS)
    assert {"group", "patient_id", "months", "value"} <= set(made["datasets"][targets["data"]["name"]][0])


def left(reasons: list[str]) -> pd.DataFrame:
    ids = [f"All{patient}" for patient in range(len(reasons))]
    return pd.DataFrame({"patient_id": ids, "months": 6.0, "value": 16.0, "reason": reasons})


def test_without_lines_the_note_speaks_of_none() -> None:
    note = spec(trajectory_chart(visits(["All"], 87)))["title"]["text"]["expr"].lower()
    assert "line: mean; band: 95 % interval" in note
    assert "for a line each" not in note


def test_lines_of_those_who_left_end_in_the_mark_of_the_reason() -> None:
    chart = chart_of(["All"], 5, ends=left(["died", "lost", "not yet due", "ended, unknown why"]))
    made = spec(chart)
    marks = rows_of(made, "aside", "shape")
    assert len({row["shape"] for row in marks}) == 4
    low, high = next(layer["encoding"]["y"]["scale"]["domain"] for layer in made["layer"] if layer["mark"].get("clip"))
    assert marks[0]["y"] == pytest.approx(340 * (high - 16) / (high - low))
    assert {"Died", "Lost", "Not yet due", "Ended, unknown why"} <= set(texts_at(chart, 298))
    told = {row["patient_id"]: row["left"] for row in rows_of(made, "left", "patient_id")}
    assert (told["All0"], told["All4"]) == ("died", "")


def test_without_ends_nothing_is_marked() -> None:
    for ends in (None, left([])):
        assert "Died" not in texts_at(chart_of(["All"], 5, ends=ends), 298)


def test_severity_bands_leave_no_gap_and_stay_in_the_plot() -> None:
    chart = trajectory_chart(
        visits(["All"], 9), severity=[("Mild", 1, 5), ("None", 0, 0), ("Severe", 12, 105), ("Moderate", 6, 11)]
    )
    bands = sorted(rows_of(spec(chart), "y", "y2", "opacity"), key=lambda band: band["y2"])
    assert bands[0]["y"] == 0
    assert bands[-1]["y2"] == 340
    assert all(above["y2"] == pytest.approx(below["y"]) for above, below in pairwise(bands))
    assert {"Mild", "Moderate", "Severe"} <= set(texts_at(chart, 298))


def test_the_normal_range_is_a_band_with_its_source() -> None:
    normal = ("normal (Dati et al. 1996)", 12.0, 1000.0)
    chart = trajectory_chart(visits(["All"], 9), normal=normal)
    (band,) = rows_of(spec(chart), "lowest", "highest")
    assert (band["lowest"], band["highest"]) == (12, 1000)
    without = spec(trajectory_chart(visits(["All"], 9)))
    assert len(spec(chart)["layer"]) == len(without["layer"]) + 3
    assert spec(chart)["layer"][-1] == without["layer"][-1]
    assert "normal (Dati et al. 1996)" in texts_at(chart, 298)
    drawn = [layer for layer in spec(chart)["layer"] if layer["mark"].get("clip") and layer["mark"]["type"] == "rect"]
    assert len(drawn) == 1  # cut where the axis ends, which it does not move
    words = trajectory_description(visits(["All"], 9), unit="g/L", normal=normal)
    assert "Shaded: normal (Dati et al. 1996), 12 to 1000 g/L." in words


def measured(values: list[list[float]]) -> tuple[Trajectory, pd.DataFrame]:
    """Return anti-dsDNA of patients at months 0, 12 and 24, and its lines."""
    rows = [
        (f"p{place}", month, value)
        for place, own in enumerate(values)
        for month, value in zip((0, 12, 24), own, strict=True)
    ]
    patients = pd.DataFrame({"patient_id": [f"p{place}" for place in range(len(values))], "follow_up_months": 60})
    visits = pd.DataFrame(rows, columns=["patient_id", "months", "anti_dsdna_iu_per_ml"])
    cohort = read_cohort(patients.assign(died=0), visits)
    made, schedule = "anti_dsdna_iu_per_ml", [0, 12, 24]
    return trajectory(cohort, made, schedule=schedule), trajectory_lines(cohort, made, schedule=schedule)


def test_on_a_logarithmic_axis_equal_ratios_are_equal_distances() -> None:
    result, lines = measured([[1000, 100, 10], [1000, 100, 10]])
    made = spec(trajectory_chart(result, lines=lines, log=True, rule=True, read_at=12.0))
    scale = next(each["encoding"]["y"]["scale"] for each in made["layer"] if each["mark"].get("clip"))
    assert scale["type"] == "log"
    assert scale["domain"] == pytest.approx([10 / 1.15, 1150])
    assert share_down(100, *scale["domain"], log=True) == pytest.approx(0.5)
    # The words of the rule stand beside their values.
    held = next(rows for rows in made["datasets"].values() if rows and {"short", "y", "months"} <= set(rows[0]))
    at = {row["months"]: row["y"] for row in held}
    assert at[0] < at[12] < at[24]
    assert at[12] == pytest.approx(170)


def test_values_without_a_place_on_a_logarithmic_axis_are_told() -> None:
    result, lines = measured([[1000, 0, 10], [1000, 0, 0], [400, 0, 20]])
    chart = trajectory_chart(result, lines=lines, log=True)
    assert "4 values of 0 or below not on the logarithmic axis" in str(spec(chart)["title"])
    drawn = [row["value"] for row in rows_of(spec(chart), "value", "patient_id")]
    assert all(value is None or value > 0 for value in drawn)
    assert [row["centre"] for row in rows_of(spec(chart), "centre", "visit")] == [800, 10]
    words = trajectory_description(result, log=True)
    assert "The axis is logarithmic. Values of 0 or below not on the logarithmic axis." in words
    even = trajectory_chart(result, lines=lines)
    assert "logarithmic" not in str(spec(even))
    assert "logarithmic" not in trajectory_description(result)


def test_nothing_above_0_is_an_empty_logarithmic_axis() -> None:
    result, lines = measured([[0, 0, 0]])
    assert "3 values of 0 or below" in str(spec(trajectory_chart(result, lines=lines, log=True))["title"])


def test_few_patients_do_not_set_the_axis_and_what_is_cut_is_told() -> None:
    result = visits(["All"], 20, [0, 12, 24])
    result.summary.loc[2, ["patients", "lower", "upper"]] = [2, -300.0, 340.0]
    made = spec(trajectory_chart(result))
    low, high = made["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert (low, high) == (0, pytest.approx(1.03 * 22))
    assert "band beyond the axis: month 24: " in str(made["title"]).lower()
    assert "300.0 to 340.0)" in str(made["title"])
    assert "Band beyond the axis: month 24: " in trajectory_description(result)
    result.summary.loc[1, "upper"] = 400.0
    result.summary.loc[1, "patients"] = 2
    assert "band beyond the axis: month 12, month 24" in str(spec(trajectory_chart(result))["title"])
    assert trajectory_description(result).endswith("Band beyond the axis: month 12, month 24.")
