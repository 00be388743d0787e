"""The figures of the Disease activity page."""

from __future__ import annotations

from typing import Any

from analysis import trajectory
from analysis.cohort.column_words import column_label, column_unit, measure_words, normal_range, unit_words
from analysis.cohort.measures import numeric_measures
from analysis.estimates.scores.change_differences import ChangeDifferences, change_differences
from analysis.estimates.scores.trajectory import Trajectory
from analysis.figures.scores.trajectory import TRAJECTORY, has_lines
from analysis.listings.last_values import last_values
from analysis.listings.trajectory_lines import trajectory_lines
from pages.state import session
from pages.state.activity_options import (
    AT_LIMIT,
    AXIS,
    CHANGE,
    MEASURE,
    MONTHS,
    READ_VISIT,
    SAME_PATIENTS,
    WITHIN,
    centre,
    spread,
)
from pages.state.ending import NothingToShowError
from pages.state.option import Answers


def check_measures(view: session.View) -> None:
    """Raise NothingToShowError if no number was measured at a visit."""
    if not numeric_measures(view.whole):
        raise NothingToShowError("This cohort has no visit with a measured number, such as a column named sledai.")


def scheduled(view: session.View, chosen: Answers) -> dict[str, Any]:
    """Return the options of all estimates of a measure."""
    at_limit = chosen.get(AT_LIMIT)  # only if the measure has such values
    return {
        "schedule": chosen[MONTHS],
        "window_months": chosen[WITHIN],
        "by": view.by,
        **({"at_limit": at_limit} if at_limit else {}),
    }


def of_values(view: session.View, chosen: Answers) -> dict[str, Any]:
    """Return the options of estimates of the values over time."""
    return {"change": chosen[CHANGE], "same_patients": chosen[SAME_PATIENTS], **scheduled(view, chosen)}


def quantity(chosen: Answers) -> tuple[str, str]:
    """Return what is drawn, in words, and its unit."""
    measured = measure_words(chosen[MEASURE])
    unit = "%" if chosen[CHANGE] == "percent" else unit_words(chosen[MEASURE])
    return f"change of {measured}" if chosen[CHANGE] else measured, unit


def over_time_result(view: session.View, chosen: Answers) -> Trajectory:
    """Return the measure over time."""
    return session.estimate(
        trajectory,
        view.cohort,
        chosen[MEASURE],
        centre=centre(chosen),
        spread=spread(chosen),
        **of_values(view, chosen),
    )


def over_time(view: session.View, chosen: Answers) -> session.Figure:
    """Return the figure of the measure over time."""
    measure, change, cohort = chosen[MEASURE], chosen[CHANGE], view.cohort
    words, unit = quantity(chosen)
    result, asked = over_time_result(view, chosen), of_values(view, chosen)
    apart = None if view.by is None else session.if_had(lambda: differences(view, chosen))
    # Differences of changes in percent are not estimated.
    normal = None if change else normal_range(measure)
    rows = not view.no_rows
    axis = {"normal": normal, "log": chosen[AXIS]}
    read = {"read_at": chosen[READ_VISIT], "apart": None if change == "percent" else apart}
    shown = session.Figure(
        key="trajectory",
        question=result.question,
        chart=session.chart(
            TRAJECTORY,
            result,
            label=f"Change of {measure_words(measure)}" if change else column_label(measure),
            unit="%" if change == "percent" else column_unit(measure),
            lines=session.estimate(trajectory_lines, cohort, measure, **asked) if has_lines(result) and rows else None,
            ends=session.estimate(last_values, cohort, measure, **scheduled(view, chosen))
            if rows and not change
            else None,
            rule=True,
            **axis,
            look=view.look,
            **read,
        ),
        alt_text=session.drawn(TRAJECTORY.description, result, label=words, unit=unit, **axis, **read),
        reading=session.drawn(TRAJECTORY.reading, result, f"{centre(chosen)} {words}", unit),
        method=result.method,
    )
    if apart is None:
        return shown
    return session.compared(shown, result, measure=measure_words(measure), unit=unit_words(measure), test=apart)


def differences(view: session.View, chosen: Answers) -> ChangeDifferences:
    """Return how far the groups are apart in their change."""
    how = {"same_patients": chosen[SAME_PATIENTS], **scheduled(view, chosen)}
    return session.estimate(change_differences, view.cohort, chosen[MEASURE], **how)
