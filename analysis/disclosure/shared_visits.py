"""A measure over time that may be shared: at the visits at which enough patients have a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis.cohort.arrays import Flags, Integers
from analysis.counts.distribution import Distribution
from analysis.counts.extent import Extent
from analysis.counts.presence import required
from analysis.counts.trajectory_counts import TrajectoryCounts
from analysis.disclosure.masking import check_groups, check_sizes, few_beyond, few_differ, hidden_of
from analysis.estimates.common.means import MEDIAN, place_of_median_limit
from analysis.estimates.scores.trajectory import (
    Trajectory,
    in_centre,
    steps_to_be_counted,
    steps_to_be_shown,
    trajectory_method,
    trajectory_summary,
)

QUARTILES = "iqr"
LEFT_OUT = (
    "For sharing, visits are left out at which few patients have a value, few have none, or few have another one than "
    "most; limits are left out beyond which few lie."
)


def shared_trajectory(result: Trajectory, least: int) -> Trajectory:
    """Return the centres at the visits that are disclosed in every group, without lines of patients and changes.

    A visit is disclosed if in no group few patients have a value, or few have none: of those with a value at any visit,
    and of the whole group, whose size a baseline table tells. Nor may few patients differ from the others, because the
    mean would tell how many. Medians and other limits are disclosed if enough patients lie below and above them.
    Changes are not disclosed: the number of patients with a change would tell how many have only one of two values, and
    an exact p-value how many became worse.

    Raises
    ------
    NotSharedError
        If a group is small, or has few patients with a value, or patients are in two.
    """
    counts = result.counts
    if counts is None:
        raise TypeError("Of this result small counts are hidden already.")
    presence, values = counts.presence, counts.values
    disclosed = values.at_months(_disclosed_months(counts, result.centre, least))
    left_out = presence.left_out(steps_to_be_counted(values, result.centre)).hidden()
    not_above_0 = None if (values.value <= 0).any() else 0
    any_at_limit = presence.at_limit.any()
    method = trajectory_method(
        values, result.centre, result.spread, None, not_above_0, None if any_at_limit else (0, 0), left_out
    )
    summary = trajectory_summary(disclosed, result.centre, result.spread)
    hidden = ~_limits_disclosed(summary["patients"].to_numpy(int), result.centre, result.spread, least)
    return replace(
        result,
        method=f"{method} {LEFT_OUT}",
        left_out=result.left_out.head(0),
        summary=summary.assign(**{name: summary[name].mask(hidden) for name in ("lower", "upper")}),
        change=result.change.head(0),
        extent=Extent(),
        patients=None,
        counts=None,
    )


def _disclosed_months(counts: TrajectoryCounts, centre: str, least: int) -> list[int]:
    """Return the positions of the months that are disclosed."""
    check_groups(counts.presence.groups, least)
    sizes = counts.presence.by_group(required(steps_to_be_shown(counts.values)))
    check_sizes(list(zip(sizes["group"], sizes["patients"], strict=True)), least)
    of = sizes[["patients", "members"]].to_numpy(int)
    values = in_centre(counts.values, centre)
    by_month = [[values.at(group, month) for group in values.groups.shown] for month in range(len(values.months))]
    return [month for month, held in enumerate(by_month) if _is_disclosed(held, of, centre, least)]


def _is_disclosed(held: Sequence[Distribution], of: Integers, centre: str, least: int) -> bool:
    """Return whether a month is disclosed, given the values of each group and how many could have one."""
    patients = np.array([each.size for each in held])
    if hidden_of(patients[:, None], of, least).any() or any(few_differ(each.patients, least) for each in held):
        return False
    return centre != MEDIAN or not (few_beyond(0.5 * (patients - 1), least) & (patients > 0)).any()


def _limits_disclosed(patients: Integers, centre: str, spread: str, least: int) -> Flags:
    """Return whether the limits of a centre are disclosed, given the number of values; those of a mean always are."""
    if spread == QUARTILES:
        return ~few_beyond(0.25 * (patients - 1), least)
    if centre == MEDIAN:
        return ~few_beyond(np.array([place_of_median_limit(size) for size in patients]), least)
    return np.ones(len(patients), dtype=bool)
