"""What is asked of a cohort: which patients, and what they are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from analysis.cohort.filters import Filters, option_counts
from analysis.cohort.grouping import EVERYBODY, By, Cut, Grouping, Pinned
from analysis.cohort.measures import characteristics, numeric_characteristics
from analysis.cohort.model import Cohort
from analysis.cohort.names import one_line

# What a comparison is by, as a word: the name of a column, one of these before a name, or the pinned cohort.
ORGAN = "organ:"
NUMBER = "number:"
PINNED = "pinned"
MEDIAN, TERTILES = "median", "tertiles"


@dataclass(frozen=True)
class Pin:
    """A cohort that was pinned: A, beside which the present one stands as B.

    Attributes
    ----------
    filters
        Which patients it is.
    names
        What A and B are called.
    rest
        Whether B is what of the present cohort is not in A, instead of the present cohort.
    """

    filters: Filters
    names: tuple[str, str] = ("A", "B")
    rest: bool = False

    def beside(self, present: Filters) -> Pinned:
        """Return it as A beside the patients whom some filters keep."""
        return Pinned(*self.names, self.filters, present, self.rest)


def pin_names(typed: Sequence[str]) -> tuple[str, str]:
    """Return two names for pinned cohorts, each on one line; A and B unless two differ and none stands for all."""
    names = tuple(map(one_line, typed))
    fit = len(names) == 2 and names[0] != names[1] and "" not in names and EVERYBODY not in names
    return (names[0], names[1]) if fit else Pin.names


@dataclass(frozen=True)
class Asked:
    """The patients that a question is about.

    Attributes
    ----------
    whole, present
        All patients, and those whom the filters keep.
    cohort
        The patients that are estimated from: the present ones, or with a pinned cohort those of both.
    by
        What groups them; None where nothing does.
    """

    whole: Cohort
    present: Cohort
    cohort: Cohort
    by: By | None


@dataclass(frozen=True)
class Question:
    """Which patients, and what they are compared by.

    Attributes
    ----------
    filters
        The conditions that the patients meet.
    compare
        A column, "organ:" or "number:" before a name, "pinned", or "" for no comparison.
    cut
        How a number is cut: "median", "tertiles", or the cut points divided by commas.
    pin
        The pinned cohort, also while it is not compared with.
    """

    filters: Filters = Filters()
    compare: str = ""
    cut: str = MEDIAN
    pin: Pin | None = None

    def of(self, whole: Cohort) -> Asked:
        """Return the patients of a cohort that are asked about.

        Raises
        ------
        ValueError
            If the cohort lacks a column of the filters.
        """
        return self.among(whole, whole.where(self.filters))

    def among(self, whole: Cohort, present: Cohort) -> Asked:
        """Return the same as `of`, where the patients whom the filters keep are known already."""
        by = self.by()
        if not isinstance(by, Pinned):
            return Asked(whole, present, present, by)
        first, second = by.flags(whole)
        if (first == second).all() or not first.any() or not second.any():
            # Cohorts of the same patients, and an empty one, are no comparison.
            return Asked(whole, present, present, None)
        return Asked(whole, present, by.either(whole), by)

    def by(self) -> By | None:
        """Return what groups the patients; None where nothing does, or what was typed is no cut."""
        if self.compare == PINNED:
            return self.pin.beside(self.filters) if self.pin else None
        if self.compare.startswith(ORGAN):
            return Grouping(self.compare.removeprefix(ORGAN))
        if self.compare.startswith(NUMBER):
            at = self.cut if self.cut in (MEDIAN, TERTILES) else cut_points(self.cut)
            return Cut(self.compare.removeprefix(NUMBER), at) if at else None
        return self.compare or None


def comparisons(cohort: Cohort) -> list[str]:
    """Return what a cohort can be compared by, as words, besides a pinned cohort; "" is no comparison."""
    numbers = [f"{NUMBER}{name}" for name in numeric_characteristics(cohort)]
    organs: list[str] = []
    if "organs" in cohort.patients:
        organs = [f"{ORGAN}{organ}" for organ in option_counts(cohort, Filters(), "organs")["value"]]
    return ["", *characteristics(cohort), *numbers, *organs]


def cut_points(typed: str) -> tuple[float, ...]:
    """Return the cut points that were typed, divided by commas; empty where they are no numbers."""
    try:
        points = tuple(float(part) for part in typed.split(",") if part.strip())
    except ValueError:
        return ()
    return points if all(isfinite(point) for point in points) else ()
