"""The plot takes at least 65 % of the width of its figure, at every width at which a figure is shown."""

import pytest
import vl_convert

from analysis import (
    Cohort,
    cumulative_incidence,
    kaplan_meier,
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
from tests.analysis.made import SAMPLE

LEAST = 0.65
GROUPS = [None, "sex"]  # its names are longer than those of the sources
QUARTER = 245  # of a page
# A phone, a column of a journal (85 mm), half of a page, a page.
WIDTHS = [321, 358, 525, 690]


@pytest.fixture(scope="module")
def sample() -> Cohort:
    return SAMPLE


def plot_width(chart: Figure, width: int) -> float:
    """Return the width of the plot in a picture of this width, which no text may leave."""
    graph = vl_convert.vegalite_to_scenegraph(at_width(chart.to_dict(), width))
    assert graph["width"] == width
    (root,) = graph["scenegraph"]["items"]
    (plot,) = [each for each in root["items"] if each.get("name") == "cell"] or [root]
    return float(plot["width"])


def charts(figure: str, sample: Cohort, by: str | None) -> list[Figure]:
    """Return a figure as the Overview shows it, with fewer rows of numbers, if it does; and as a page does."""
    match figure:
        case "survival":
            result = kaplan_meier(sample, by=by)
            return [survival_chart(result, compact=True), survival_chart(result)]
        case "incidence":
            return [incidence_chart(cumulative_incidence(sample, "relapse", by=by))]
        case "remission":
            return [yearly_chart(yearly_remission(sample, by=by), kind="remission")] * 2
        case "relapse":
            return [yearly_chart(yearly_relapse(sample, by=by), kind="relapse")] * 2
    measured, lines = trajectory(sample, by=by), trajectory_lines(sample, by=by)
    return [trajectory_chart(measured, label="SLEDAI", unit="points", lines=lines)] * 2


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("figure", ["survival", "incidence", "remission", "relapse", "activity"])
def test_the_plot_takes_the_room(sample: Cohort, figure: str, by: str | None) -> None:
    *quarter, whole = charts(figure, sample, by)
    drawn = [*((chart, QUARTER) for chart in quarter), *((whole, width) for width in WIDTHS)]
    plots = {width: plot_width(chart, width) for chart, width in drawn}
    assert {width: plot for width, plot in plots.items() if plot < LEAST * width} == {}
