"""Each patient's last value of a visit measure, and why none follows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.facts.afterwards import last_visits
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure
from analysis.listings.visits_of_groups import rows_of_groups, with_ids


def last_values(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    by: By | None = None,
) -> pd.DataFrame:
    """Return each patient's last visit with a value.

    Parameters
    ----------
    cohort, measure, schedule, window_months, at_limit, by
        As for `analysis.estimates.scores.dropout.dropout`.

    Returns
    -------
    DataFrame
        group, patient_id, months, value, next_due (the next scheduled month, missing after the last), followed (months
        to death or last contact), reason (why there is no later value); sorted by group. A patient in two groups has
        two rows.

    Raises
    ------
    ValueError
        If the visits have no such measure, or the patients no such grouping column.

    Examples
    --------
    >>> from analysis import load_sample
    >>> last_values(load_sample())["reason"].value_counts().index[0]
    'not yet due'
    """
    asked = ScheduledMeasure.of(measure, schedule, window_months, at_limit)
    group, columns = rows_of_groups(cohort, by, last_visits(cohort, asked))
    return with_ids(cohort, pd.DataFrame({"group": group, **columns}, copy=False))
