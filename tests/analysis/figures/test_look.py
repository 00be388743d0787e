"""Every figure follows the look: styles of groups, and the height of the plot."""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pytest

from analysis import Filters, OneOf, trajectory, yearly_remission
from analysis.estimates.states.state_counts import state_counts
from analysis.figures.common.ready import ready
from analysis.figures.common.theme import Look
from analysis.figures.description.one_patient import patient_chart
from analysis.figures.scores.trajectory import trajectory_chart
from analysis.figures.scores.waterfall import waterfall_chart
from analysis.figures.states.lanes_html import event_words, lanes_html
from analysis.figures.states.state_counts import states_chart
from analysis.figures.states.swimmer import swimmer_chart
from analysis.figures.survival.incidence import incidence_chart
from analysis.figures.survival.kaplan_meier import survival_chart
from analysis.figures.yearly.ledger import ledger_chart
from analysis.figures.yearly.ways_of_counting import ways_chart
from analysis.figures.yearly.yearly import yearly_chart
from analysis.listings.lanes import lanes
from analysis.listings.people import before_events, one_patient
from analysis.listings.trajectory_lines import trajectory_lines
from tests.analysis.figures.results import bars, curves, incidences, seen, spec, texts_at, visit_lines, visits
from tests.analysis.made import SAMPLE

ORDER = ("Q1", "Q2", "Q3")
Chart = Callable[..., alt.LayerChart]


def survival(groups: Sequence[str], **options: Any) -> alt.LayerChart:
    return survival_chart(curves({group: [5.0, 20.0] for group in groups}), **options)


def incidence(groups: Sequence[str], **options: Any) -> alt.LayerChart:
    return incidence_chart(incidences({group: [(5.0, "event"), (20.0, "")] for group in groups}), **options)


def yearly(groups: Sequence[str], **options: Any) -> alt.LayerChart:
    return yearly_chart(bars({group: [(1, 4), (2, 3)] for group in groups}), kind="relapse", **options)


def panel(groups: Sequence[str], **options: Any) -> alt.LayerChart:
    result = bars({group: [(1, 4), (2, 3)] for group in groups})
    return ways_chart(result, titles=["A title"], **options)


def measured(groups: Sequence[str], **options: Any) -> alt.LayerChart:
    return trajectory_chart(visits(groups, 9), lines=visit_lines(groups, 9), **options)


def changed(groups: Sequence[str], **options: Any) -> alt.LayerChart:
    changes = visit_lines(groups, 9).query("months == 6").rename(columns={"value": "change"})
    return waterfall_chart(changes.sort_values("change", ascending=False), 12, **options)


def ledger(groups: Sequence[str], **options: Any) -> alt.LayerChart:
    patients = seen({group: [(13.0, "complete", "")] for group in groups})
    return ledger_chart(yearly_remission(patients, by="msc_source"), group=groups[0], **options)


def states(groups: Sequence[str], **options: Any) -> alt.LayerChart:
    patients = seen({group: [(13.0, "complete", "")] for group in groups})
    return states_chart(state_counts(patients, by="msc_source"), group=groups[0], **options)


def scales(made: dict[str, Any]) -> dict[tuple[str, str], object]:
    """Return the style of each group, for each channel that has one value per group."""
    encodings = [
        (channel, encoding)
        for layer in made["layer"]
        for channel, encoding in layer["encoding"].items()
        if isinstance(encoding, dict) and encoding.get("field") == "group"
    ]
    return {
        (channel, group): style
        for channel, encoding in encodings
        for group, style in zip(encoding["scale"]["domain"], encoding["scale"].get("range", []), strict=False)
    }


@pytest.mark.parametrize("chart", [survival, incidence, yearly, measured, changed])
def test_a_group_keeps_its_style_when_another_one_is_gone(chart: Chart) -> None:
    look = Look(order=ORDER)
    full, left = scales(spec(chart(ORDER, look=look))), scales(spec(chart(ORDER[1:], look=look)))
    assert {group for _, group in left} >= {"Q2", "Q3"}
    assert all(full[key] == style for key, style in left.items())


def test_a_curve_keeps_its_dash_when_another_one_is_gone() -> None:
    made = spec(survival(ORDER[1:], look=Look(order=ORDER)))
    dashes = [layer["mark"]["strokeDash"]["expr"] for layer in made["layer"] if "strokeDash" in layer["mark"]]
    assert len(dashes) == 2  # the curves, and the samples after the names
    assert all(dash.startswith("[[8, 3], [2, 2]") for dash in dashes)


@pytest.mark.parametrize("chart", [survival, incidence, yearly, panel, measured, changed, ledger, states])
def test_on_the_stage_a_plot_is_as_high_as_there_is_room_unless_its_height_is_given(chart: Chart) -> None:
    look = Look(plot=217)
    assert spec(chart(ORDER, look=look))["height"] == 217
    assert spec(chart(ORDER, look=look, height=200))["height"] == 200


@pytest.mark.parametrize("chart", [survival, incidence])
def test_on_the_stage_only_numbers_at_risk_are_below_a_curve(chart: Chart) -> None:
    shown, presented = (str(spec(chart(ORDER, look=Look(plot=plot)))) for plot in (None, 217))
    assert "'At risk'" in shown
    assert "'Events'" in shown
    assert "'At risk'" in presented
    assert "'Events'" not in presented


@pytest.mark.parametrize("chart", [survival, incidence, yearly, panel, measured])
def test_numbers_below_the_axis_can_be_kept_back_without_moving_anything(chart: Chart) -> None:
    shown, kept_back = (spec(chart(ORDER, look=Look(plot=217, numbers=numbers))) for numbers in (True, False))
    assert kept_back["height"] == shown["height"]
    changed = [
        (before, after)
        for before, after in zip(shown["layer"], kept_back["layer"], strict=True)
        if before["mark"] != after["mark"]
    ]
    ((before, after),) = changed
    assert [each["mark"]["opacity"]["expr"].rsplit(" && ", 1)[1] for each in (before, after)] == [
        "true ? 1 : 0", "false ? 1 : 0",
    ]  # fmt: skip
    assert before["mark"]["text"]
    on_screen = [ready(chart(ORDER, look=Look(plot=217, numbers=numbers))) for numbers in (True, False)]
    assert len({repr({**each, "datasets": list(each["datasets"])}) for each in on_screen}) == 1


@pytest.mark.parametrize("dark", [False, True])
def test_an_audience_reads_no_patients_number(dark: bool) -> None:
    few = SAMPLE.where(Filters({"msc_source": OneOf("UC"), "sex": OneOf("male")}))
    courses, result = lanes(few), trajectory(few)
    somebody = str(few.patient_ids.iloc[0])
    assert len(few) < 15  # lanes so high that they are named elsewhere
    for look, named in ((Look(dark), True), (Look(dark, plot=300), False)):
        swimmer = swimmer_chart(courses, look=look)
        assert any(name in texts_at(swimmer, 900) for name in courses.patients["patient_id"]) == named
        for figure in (swimmer, trajectory_chart(result, lines=trajectory_lines(few), look=look)):
            told = [layer["encoding"]["tooltip"] for layer in spec(figure)["layer"] if "tooltip" in layer["encoding"]]
            assert any(field["field"] == "patient_id" for fields in told for field in fields) == named
        words = event_words(before_events(few, one_patient(somebody).parts[0].members), "", courses)
        told_of_lanes = lanes_html(courses, words, look=look)
        assert (somebody in told_of_lanes) == named
        assert 'class="lane"' in told_of_lanes


def test_on_the_stage_panels_and_lanes_share_the_room() -> None:
    sample, look = SAMPLE, Look(plot=300)
    assert spec(swimmer_chart(lanes(sample), look=look))["height"] == pytest.approx(300)
    assert spec(patient_chart(sample, "S007", ["sledai", "c3_g_per_l"], look=look))["height"] == pytest.approx(316)
