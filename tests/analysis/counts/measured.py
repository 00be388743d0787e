"""Cohorts with visit measures and their parts: counts of parts must add up to the counts of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from analysis import Against, Cohort, Cut, Filters, Grouping, OneOf, read_cohort
from tests.analysis.made import pinned

PARTS = 3
BYS = [
    None,
    "arm",
    "sex",
    Grouping("renal"),
    Against(Filters({"sex": OneOf("female")}), "women"),
    Cut("age_years", [30, 40]),
    pinned(["p0", "p1", "p2"], ["p2", "p3", "p9"]),
]


def _marked(score: int | None, mark: str) -> str:
    """Return a score as a text, with a mark if it is odd."""
    return "" if score is None else f"{mark if score % 2 else ''}{score}"


@dataclass(frozen=True)
class Parted:
    """A cohort, selections of it, and the same parts as separate cohorts."""

    whole: Cohort
    selections: list[Cohort]
    separate: list[Cohort]


@st.composite
def parted_cohorts(draw: st.DrawFn) -> Parted:
    """Return a small cohort and its parts: with rare measurements, decimals, and patients without a group."""
    size = draw(st.integers(1, 12))

    def some(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=size, max_size=size))

    patients = pd.DataFrame(
        {
            "patient_id": [f"p{number}" for number in range(size)],
            "follow_up_months": some(st.sampled_from([0.5, 3.0, 11.0, 24.5, 60.0])),
            "died": some(st.integers(0, 1)),
            "follow_up_ended": some(st.sampled_from(["lost", "ongoing", None])),
            "sex": some(st.sampled_from(["female", "male"])),
            "arm": pd.Categorical(
                some(st.sampled_from(["mild", "severe", "moderate", None])), ["mild", "severe", "moderate"]
            ),
            "organs": some(st.sampled_from(["renal", "renal;skin", "none", None])),
            "age_years": some(st.none() | st.integers(20, 50)),
            "weight": some(st.none() | st.sampled_from([50.1, 60.25, 70.0])),
            "smoker": some(st.sampled_from([True, False, None])),
        }
    ).astype({"smoker": "boolean"})
    value = st.none() | st.integers(0, 9)
    marks = some(st.sampled_from(["", "<", ">"]))  # of the odd scores of each patient
    visits = pd.DataFrame(
        [
            (who, float(month), score, None if score is None else score / 3 + 0.1, _marked(score, mark))
            for who, mark in zip(patients["patient_id"], marks, strict=True)
            for month, score in draw(st.dictionaries(st.sampled_from([0, 1, 2, 6, 7, 12, 30]), value)).items()
        ],
        columns=["patient_id", "months", "sledai", "c3_g_per_l", "anti_dsdna_iu_per_ml"],
    ).astype({"sledai": float, "c3_g_per_l": float})
    where = np.array(some(st.integers(0, PARTS - 1)))
    whole = read_cohort(patients, visits)
    kept = [where == part for part in range(PARTS)]
    held = [patients[each].reset_index(drop=True) for each in kept if each.any()]
    separate = [read_cohort(part, visits[visits["patient_id"].isin(part["patient_id"])]) for part in held]
    return Parted(whole, [whole.subset(each) for each in kept], separate)


def assert_adds_up(parted: Parted, count: Callable[[Cohort], Any], again: Callable[[pd.DataFrame, Any], Any]) -> Any:
    """Assert that counts of parts add up to those of all and survive their table; return the counts of the parts.

    Parameters
    ----------
    parted
        The cohort and its parts.
    count
        Returns the counts of a cohort.
    again
        Returns counts from their table, given the original counts.
    """
    whole = count(parted.whole)
    told = whole.to_table()
    pd.testing.assert_frame_equal(again(told, whole).to_table(), told)
    added = [together(list(map(count, parts))) for parts in (parted.selections, parted.separate)]
    for each in added:
        pd.testing.assert_frame_equal(each.to_table(), told)
    return added


def together(counts: list[Any]) -> Any:
    """Return the sum of counts."""
    first, *others = counts
    for each in others:
        first = first + each
    return first


def assert_same(first: Any, second: Any) -> None:
    """Assert that two results are identical in every table, sentence and number."""
    for each in fields(first):
        one, other = getattr(first, each.name), getattr(second, each.name)
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, other, check_exact=True)
        else:
            assert repr(one) == repr(other)
