"""The change of each patient at one month: what a waterfall figure is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.grouping import By, group_labels, without_group
from analysis.cohort.model import Cohort
from analysis.cohort.vocabulary import column_label
from analysis.estimates.scheduled import (
    NO_VALUE,
    SCHEDULE,
    changes_since,
    not_in,
    rising_months,
    scheduled_lines,
    start_values,
)
from analysis.estimates.words import count_words, method_words


@dataclass(frozen=True)
class Waterfall:
    """Each patient's change of a visit measure at one scheduled month.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    left_out
        patient_id, reason: patients who have no bar.
    table
        group, patient_id, months (of the visit itself), start, value, change, percent_change (missing where the start
        is not above 0); sorted by group, then from the largest rise to the largest fall.
    """

    question: str
    method: str
    left_out: pd.DataFrame
    table: pd.DataFrame


def waterfall(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    month: float = 12,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    by: By | None = None,
) -> Waterfall:
    """Return each patient's change of a visit measure from the first scheduled month to another one.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    month
        One of the scheduled months after the first.
    schedule, window_months
        As for `trajectory`.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`; without it there is one group, "All".

    Raises
    ------
    ValueError
        If the visits have no such measure, or the month is not scheduled after the first.
    """
    months = rising_months(schedule)
    if month not in months[1:]:
        raise ValueError(f"Month {month:g} is not one of the scheduled months after the first.")
    labels = group_labels(cohort, by)
    lines = scheduled_lines(cohort, labels, measure, months, window_months)
    changed = changes_since(lines, months[0])
    at_month = changed[changed["scheduled"] == month].rename(columns={"value": "change"})
    start = at_month["patient_id"].map(start_values(lines, months[0])).astype(float)
    table = at_month.assign(
        start=start,
        value=start + at_month["change"],
        percent_change=(100 * at_month["change"] / start).where(start > 0),
    ).sort_values(["group", "change", "patient_id"], ascending=[True, False, True], ignore_index=True)
    left_out = pd.concat(
        [
            without_group(cohort, labels),
            not_in(cohort, labels, lines, NO_VALUE),
            not_in(cohort, labels, changed, f"no value at month {months[0]:g}"),
            not_in(cohort, labels, table, f"no value at month {month:g}"),
        ],
        ignore_index=True,
    ).drop_duplicates("patient_id", ignore_index=True)
    label = column_label(measure)
    return Waterfall(
        question=f"Whose {label} fell or rose by month {month:g}, and by how much?",
        method=method_words(
            f"Change of {label} from month {months[0]:g} to month {month:g}, each patient's nearest visit; "
            f"{count_words(len(table), 'patient')}",
            left_out,
        ),
        left_out=left_out,
        table=table[["group", "patient_id", "months", "start", "value", "change", "percent_change"]],
    )
