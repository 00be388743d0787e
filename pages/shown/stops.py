"""The stops of a presentation: the saved views or, without any, the first figures of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from analysis import Cohort
from analysis.cohort.address import Words
from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.measures import numeric_measures
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.estimates.yearly.estimand import Estimand
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.facts.recorded_events import has_relapses, has_remission
from pages.shown import activity_figures, behind, patient_figures, response_figures, standard, survival_figure
from pages.shown.build_up import COMPARED, EVERYBODY_ONLY, FILTERED
from pages.shown.people import Who
from pages.state import options, patient, views
from pages.state.activity_options import ACTIVITY
from pages.state.ending import NothingToShowError
from pages.state.option import Answers
from pages.state.patients_options import LANES, MEASURES
from pages.state.published_options import BESIDE, PUBLISHED, YEARS_BESIDE
from pages.state.response_options import ESTIMAND, RELAPSE_ESTIMAND, RESPONSE, relapse_rule
from pages.state.session import Figure, View
from pages.state.survival_options import SURVIVAL, endpoint

MOST_ROWS = 16  # of a forest on the stage


@dataclass(frozen=True)
class Stop:
    """A stop: one figure.

    Attributes
    ----------
    key
        Its key in the address.
    page
        The file of the page that the figure is from.
    make
        Returns the figure of a view, as far as the part that is reached; "" for all of it.
    who
        Returns who is behind the parts of the figure; None if they are not many at once, as lines and lanes are.
    name
        The name of the saved view; "" without one.
    usable
        Whether a cohort has the columns that the figure needs.
    levels
        By how much the figure can be built up, as in `build_up.steps`.
    around
        Pixels around the plot, without the rows of numbers of groups.
    rows
        Whether there are such rows: of the groups, or of the parts.
    told
        Whether a sentence states the main result of the figure.
    parts
        The parts of the figure that are reached one after the other; () for all at once.
    asked
        The query parameters of the saved view; None to show the present question.
    """

    key: str
    page: str
    make: Callable[[View, str], Figure]
    who: Callable[[View, Figure], Who] | None = None
    name: str = ""
    usable: Callable[[Cohort], bool] = lambda _: True
    levels: int = COMPARED
    around: int = 101
    rows: bool = True
    told: bool = True
    parts: tuple[str, ...] = ()
    asked: Words | None = None


def stops(whole: Cohort) -> list[Stop]:
    """Return the stops in order."""
    saved = views.saved()
    if saved:
        return [replace(of_page(view.page), key=view.name, name=view.name, asked=view.words) for view in saved]
    return [stop for stop in _FIRST_FIGURES if stop.usable(whole)]


def of_page(page: str) -> Stop:
    """Return the stop that shows the first figure of a page."""
    known = (stop for stop in (*_OTHERS, *_FIRST_FIGURES) if stop.page == page)
    return next(known, Stop("", page, _none, levels=EVERYBODY_ONLY, told=False))


def _survival(view: View, _: str) -> Figure:
    chosen = options.settled([*SURVIVAL.together, *SURVIVAL.apart], view.whole)
    return survival_figure.curves(view, chosen, survival_figure.outcome(view, chosen))


def _response(view: View) -> Answers:
    chosen = options.settled([*RESPONSE.together, *RESPONSE.apart], view.whole)
    response_figures.check_remission(view, chosen)
    return chosen


def _remission(view: View, _: str) -> Figure:
    return response_figures.of_remission_by_year(view, _response(view))


def _response_with_relapse(view: View) -> Answers:
    chosen = _response(view)
    if relapse_rule(chosen).missing_columns(view.whole):
        raise NothingToShowError(response_figures.NO_RELAPSE)
    return chosen


def _relapse(view: View, _: str) -> Figure:
    chosen = _response_with_relapse(view)
    return response_figures.of_relapse_by_year(view, chosen, chosen[RELAPSE_ESTIMAND])


def _published(view: View, _: str) -> Figure:
    """Return the forest of one year: of more, its rows would be too low for a back row."""
    chosen = _response(view)
    years = options.settled(BESIDE, view.whole)[YEARS_BESIDE][:1]
    shown = response_figures.of_beside(view, chosen, "remission", years)
    if len(shown.chart.drawing.numbers) > MOST_ROWS:
        raise NothingToShowError(
            "More papers stand beside this year than a back row can read. Leave some of them out on the page."
        )
    return shown


def _shows_published(whole: Cohort) -> bool:
    return has_remission(whole) and options.settled([PUBLISHED], whole)[PUBLISHED]


def _ledger(view: View, _: str) -> Figure:
    chosen = _response(view)
    return standard.ledger(view, response_figures.remission_result(view, chosen, chosen[ESTIMAND]), EVERYBODY)


def _ways_of_remission(view: View, reached: str) -> Figure:
    return response_figures.of_every_way(view, _response(view), "remission", reached)


def _ways_of_relapse(view: View, reached: str) -> Figure:
    return response_figures.of_every_way(view, _response_with_relapse(view), "relapse", reached)


def _states(view: View, _: str) -> Figure:
    return response_figures.of_states(view, _response(view), EVERYBODY)


def _activity(view: View, _: str) -> Figure:
    activity_figures.check_measures(view)
    return activity_figures.over_time(view, options.settled([*ACTIVITY.together, *ACTIVITY.apart], view.whole))


def _overview(view: View, _: str) -> Figure:
    return standard.survival(view)


def _has_rows(whole: Cohort) -> bool:
    return not isinstance(whole, RowsElsewhere)


def _courses(view: View, _: str) -> Figure:
    return patient_figures.courses(view, options.settled([LANES], view.whole)[LANES])


def _course(view: View, _: str) -> Figure:
    if view.no_rows:
        raise NothingToShowError(f"This figure shows one patient. {view.no_rows}")
    chosen = options.settled([MEASURES], view.whole)
    return patient_figures.course(view, patient.choose(view.present), chosen[MEASURES])


def _none(*_: object) -> Figure:
    raise NothingToShowError("This page has no figure for the stage. End presenting to see the page.")


def _has_both(whole: Cohort) -> bool:
    return has_remission(whole) and has_relapses(whole)


def _behind_steps(view: View, shown: Figure) -> Who:
    chosen = options.settled(SURVIVAL.together, view.whole)
    return behind.step(view, shown.result.curve, endpoint(chosen))


def _behind_bars(view: View, shown: Figure) -> Who:
    return behind.bar(view, shown.result)


def _behind_places(view: View, shown: Figure) -> Who:
    return behind.place(view, shown.result)


def _labels(estimands: Mapping[str, Estimand]) -> tuple[str, ...]:
    return tuple(each.label for each in estimands.values())


_OVERVIEW, _SURVIVAL, _RESPONSE, _ACTIVITY, _PATIENTS = (
    f"pages/{name}.py" for name in ("overview", "survival", "response", "activity", "patients")
)
_FIRST_FIGURES = (
    Stop("survival", _SURVIVAL, _survival, _behind_steps),
    Stop("remission", _RESPONSE, _remission, _behind_bars, usable=has_remission),
    Stop("relapse", _RESPONSE, _relapse, _behind_bars, usable=_has_both),
    Stop("published", _RESPONSE, _published, usable=_shows_published, levels=FILTERED, around=86, rows=False),
    Stop("activity", _ACTIVITY, _activity, around=136, usable=lambda whole: bool(numeric_measures(whole))),
    Stop(
        "ledger",
        _RESPONSE,
        _ledger,
        _behind_places,
        usable=has_remission,
        levels=FILTERED,
        around=198,
        rows=False,
        told=False,
    ),
    Stop(
        "ways",
        _RESPONSE,
        _ways_of_remission,
        usable=has_remission,
        levels=FILTERED,
        around=86,
        parts=_labels(REMISSION_ESTIMANDS),
    ),
    Stop(
        "relapse_ways",
        _RESPONSE,
        _ways_of_relapse,
        usable=_has_both,
        levels=FILTERED,
        around=86,
        parts=_labels(RELAPSE_ESTIMANDS),
    ),
    Stop("states", _RESPONSE, _states, usable=has_remission, levels=FILTERED, around=211, rows=False, told=False),
    Stop("courses", _PATIENTS, _courses, usable=_has_rows, levels=FILTERED, around=135, rows=False, told=False),
)
# Pages that begin with a figure that is no stop by itself.
_OTHERS = (
    Stop("", _OVERVIEW, _overview, lambda view, shown: behind.step(view, shown.result.curve)),
    Stop("", _PATIENTS, _course, levels=EVERYBODY_ONLY, around=140, rows=False, told=False),
)
