"""The lines of a trajectory: every visit with a value of a measure, by patient."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.counts.presence import required, steps_of_values
from analysis.facts.scheduled_values import PERCENT, VALUE, Change, has_values, what_of
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure, scheduled_visits, visit_extremes
from analysis.listings.visits_of_groups import rows_of_groups, with_ids


def trajectory_lines(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    change: Change = False,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    same_patients: bool = False,
    by: By | None = None,
) -> pd.DataFrame:
    """Return every visit with a value, of the patients that are in a `trajectory`.

    Parameters
    ----------
    cohort, measure, change, schedule, window_months, at_limit, same_patients, by
        As for `analysis.trajectory`.

    Returns
    -------
    DataFrame
        group, patient_id, months (of the visit), value (in the unit of the measure, or in percent), scheduled (the
        month that the visit stands for, missing if none); sorted by group, patient and time. A patient in two groups
        has every visit twice.

    Raises
    ------
    ValueError
        If the visits have no such measure, or the patients no such grouping column.

    Examples
    --------
    >>> from analysis import load_sample
    >>> lines = trajectory_lines(load_sample(), by="sex")
    >>> list(lines.columns), len(lines)
    (['group', 'patient_id', 'months', 'value', 'scheduled'], 470)
    """
    asked, what = ScheduledMeasure.of(measure, schedule, window_months, at_limit), what_of(change)
    group, columns = rows_of_groups(cohort, by, scheduled_visits(cohort, asked))
    has, needed = has_values(cohort, asked)["has"], required(steps_of_values(asked, what, same_patients=same_patients))
    lines = pd.DataFrame({"group": group, **{name: columns[name] for name in ("row", "months", "scheduled")}})
    lines.insert(3, "value", columns["value"] if what == VALUE else columns["change"])
    if what == PERCENT:
        lines["value"] = 100 * lines["value"] / visit_extremes(cohort, asked)["start"][lines["row"]]
    shown = has[lines["row"]] & needed == needed
    return with_ids(cohort, lines if shown.all() else lines[shown].reset_index(drop=True))
