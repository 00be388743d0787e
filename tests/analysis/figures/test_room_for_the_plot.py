"""The plot takes at least 65 % of the width of its figure, at every width at which a figure is shown."""

import pytest
import vl_convert

from analysis import (
    Cohort,
    cumulative_incidence,
    kaplan_meier,
    load_sample,
    trajectory,
    yearly_relapse,
    yearly_remission,
)
from analysis.figures.common.theme import Figure, at_width
from analysis.figures.scores.trajectory import trajectory_chart
from analysis.figures.survival.incidence import incidence_chart
from analysis.figures.survival.kaplan_meier import survival_chart
from analysis.figures.yearly.yearly import yearly_chart
from analysis.listings.trajectory_lines import trajectory_lines

LEAST = 0.65
GROUPS = [None, "msc_source", "sex"]
# A quarter of a page, a phone, half of a page, a page; and a column of a journal (85 mm).
WIDTHS = [245, 321, 358, 525, 690]


@pytest.fixture(scope="module")
def sample() -> Cohort:
    return load_sample()


def plot_width(chart: Figure, width: int) -> float:
    """Return the width of the plot in a picture of this width, which no text may leave."""
    graph = vl_convert.vegalite_to_scenegraph(at_width(chart.to_dict(), width))
    assert graph["width"] == width
    (root,) = graph["scenegraph"]["items"]
    (plot,) = [each for each in root["items"] if each.get("name") == "cell"] or [root]
    return float(plot["width"])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("figure", ["survival", "incidence", "remission", "relapse", "activity"])
def test_the_plot_takes_the_room(sample: Cohort, figure: str, by: str | None, width: int) -> None:
    compact = width < 300  # the Overview shows fewer rows of numbers
    match figure:
        case "survival":
            chart = survival_chart(kaplan_meier(sample, by=by), compact=compact)
        case "incidence":
            chart = incidence_chart(cumulative_incidence(sample, "relapse", by=by))
        case "remission":
            chart = yearly_chart(yearly_remission(sample, by=by), kind="remission")
        case "relapse":
            chart = yearly_chart(yearly_relapse(sample, by=by), kind="relapse")
        case _:
            result, lines = trajectory(sample, by=by), trajectory_lines(sample, by=by)
            chart = trajectory_chart(result, label="SLEDAI", unit="points", lines=lines)
    if figure == "incidence" and compact:
        pytest.skip("no quarter of a page shows an incidence")
    assert plot_width(chart, width) >= LEAST * width
