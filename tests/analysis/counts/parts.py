"""Cohorts and their parts: counts of parts must add up to the counts of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from analysis import Cohort, read_cohort

PARTS = 3
TIMES = [0.0, 0.3, 1, 2, 2.5, 7, 12, 13, 24, 25.5, 36]
MONTHS = st.sampled_from(TIMES)
# Not 0: whether that is a relapse is decided by how many there are in a file, which differs between parts.
RELAPSES = st.sampled_from(TIMES[1:])


@st.composite
def cohorts(draw: st.DrawFn) -> tuple[list[Cohort], list[Cohort], list[Cohort]]:
    """Return a small cohort for all options of a curve, selections of it, and the same parts as separate cohorts."""
    size = draw(st.integers(1, 24))

    def some(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=size, max_size=size))

    months = some(MONTHS)
    relapses = some(st.none() | RELAPSES)
    patients = pd.DataFrame(
        {
            "patient_id": [f"p{number:02}" for number in range(size)],
            "follow_up_months": months,
            "died": some(st.integers(0, 1)),
            "relapse_months": [
                None if relapse is None or relapse > end else relapse
                for relapse, end in zip(relapses, months, strict=True)
            ],
            "entry_months": [min(entry, end) for entry, end in zip(some(st.just(0.0) | MONTHS), months, strict=True)],
            "arm": some(st.sampled_from(["A", "B", "C", None])),
            "centre": some(st.sampled_from(["north", "south", None])),
            "age_years": some(st.none() | st.integers(20, 24)),
            "dose": some(st.none() | st.sampled_from([1.5, 2.0, 10.0])),
            "follow_up_ended": some(st.sampled_from(["lost", "ongoing", None])),
        }
    )
    where = np.array(some(st.integers(0, PARTS - 1)))
    kept = [where == part for part in range(PARTS)]
    cohort = read_cohort(patients)
    separately = [read_cohort(patients[held].reset_index(drop=True)) for held in kept if held.any()]
    return [cohort], [cohort.subset(held) for held in kept], separately


def added(counts: list[Any]) -> Any:
    """Return the sum of counts."""
    first, *others = counts
    for each in others:
        first = first + each
    return first


def assert_adds_up(
    whole: list[Cohort],
    selections: list[Cohort],
    separately: list[Cohort],
    count: Callable[[Cohort], Any],
    estimate: Callable[[Any], Any],
) -> None:
    """Assert that counts of any parts add up to those of all, and that estimates from the sum are identical."""
    of_all, *others = ([count(part) for part in parts] for parts in (whole, selections, separately))
    for together in map(added, others):
        pd.testing.assert_frame_equal(together.to_table(), of_all[0].to_table())
        assert_same(estimate(together), estimate(of_all[0]))


def assert_same(first: Any, second: Any) -> None:
    """Assert that two results are identical in every table and sentence."""
    assert type(first) is type(second)
    for each in fields(first) if first is not None else ():
        held, other = getattr(first, each.name), getattr(second, each.name)
        if isinstance(held, pd.DataFrame):
            pd.testing.assert_frame_equal(held, other, check_exact=True)
        elif hasattr(held, "to_table"):
            pd.testing.assert_frame_equal(held.to_table(), other.to_table())
        else:
            assert held == other
