"""The question to a cohort: which patients, and what they are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from analysis.cohort.filters import Filters
from analysis.cohort.grouping import EVERYBODY, By, Cut, Grouping, Pinned
from analysis.cohort.measures import characteristics, numeric_characteristics, organ_domains
from analysis.cohort.model import Cohort
from analysis.cohort.names import one_line

# A comparison as text: the name of a column, one of these prefixes with a name, or the word for the pinned cohort.
ORGAN = "organ:"
NUMBER = "number:"
PINNED = "pinned"
MEDIAN, TERTILES = "median", "tertiles"


@dataclass(frozen=True)
class Pin:
    """A pinned selection, A, to compare the present selection, B, with.

    Attributes
    ----------
    filters
        The filters that select A.
    names
        The names of A and B.
    rest
        Whether the patients of A are excluded from B.
    """

    filters: Filters
    names: tuple[str, str] = ("A", "B")
    rest: bool = False

    def beside(self, present: Filters) -> Pinned:
        """Return the comparison of A with the patients that pass the present filters."""
        return Pinned(*self.names, self.filters, present, self.rest)


def pin_names(typed: Sequence[str]) -> tuple[str, str]:
    """Return the two typed names, each on one line; "A" and "B" if one is empty or "All", or both are equal."""
    names = tuple(map(one_line, typed))
    fit = len(names) == 2 and names[0] != names[1] and "" not in names and EVERYBODY not in names
    return (names[0], names[1]) if fit else Pin.names


@dataclass(frozen=True)
class Asked:
    """The patients that a question is about.

    Attributes
    ----------
    whole, present
        All patients, and the present selection: those who pass the filters.
    cohort
        The patients used in estimates: the present selection, or with a pinned cohort the union of both.
    by
        The grouping; None without a comparison.
    one_by_one
        Whether patients were chosen one by one, for a filter or for the pinned selection.
    """

    whole: Cohort
    present: Cohort
    cohort: Cohort
    by: By | None
    one_by_one: bool = False


@dataclass(frozen=True)
class Question:
    """Which patients, and what they are compared by.

    Attributes
    ----------
    filters
        The conditions on the patients.
    compare
        A column, "organ:" with an organ, "number:" with a numeric column, "pinned", or "" for no comparison.
    cut
        How a number is cut: "median", "tertiles", or cut points separated by commas.
    pin
        The pinned selection, kept also while another comparison is chosen.
    """

    filters: Filters = Filters()
    compare: str = ""
    cut: str = MEDIAN
    pin: Pin | None = None

    def of(self, whole: Cohort) -> Asked:
        """Return the patients of a cohort that the question is about.

        Raises
        ------
        ValueError
            If the cohort lacks a column of the filters.
        """
        return self.among(whole, whole.where(self.filters))

    def among(self, whole: Cohort, present: Cohort) -> Asked:
        """Return the same as `of`, given the present selection."""
        by, chosen = self.by(), self.filters.one_by_one
        if not isinstance(by, Pinned):
            return Asked(whole, present, present, by, chosen)
        first, second = by.flags(whole)
        if (first == second).all() or not first.any() or not second.any():
            # Two equal selections, or an empty one, cannot be compared.
            return Asked(whole, present, present, None, chosen)
        return Asked(whole, present, by.either(whole), by, chosen or by.of_first.one_by_one)

    def by(self) -> By | None:
        """Return the grouping; None without a comparison, or if the typed cut points are invalid."""
        if self.compare == PINNED:
            return self.pin.beside(self.filters) if self.pin else None
        if self.compare.startswith(ORGAN):
            return Grouping(self.compare.removeprefix(ORGAN))
        if self.compare.startswith(NUMBER):
            at = self.cut if self.cut in (MEDIAN, TERTILES) else cut_points(self.cut)
            return Cut(self.compare.removeprefix(NUMBER), at) if at else None
        return self.compare or None


def comparisons(cohort: Cohort) -> list[str]:
    """Return the values that ``Question.compare`` can have for a cohort, except "pinned"; "" is no comparison."""
    numbers = [f"{NUMBER}{name}" for name in numeric_characteristics(cohort)]
    organs = [f"{ORGAN}{organ}" for organ in organ_domains(cohort)]
    return ["", *characteristics(cohort), *numbers, *organs]


def cut_points(typed: str) -> tuple[float, ...]:
    """Return the cut points in a text such as "30, 45"; empty if they are not finite numbers.

    Examples
    --------
    >>> cut_points("30, 45"), cut_points("old")
    ((30.0, 45.0), ())
    """
    try:
        points = tuple(float(part) for part in typed.split(",") if part.strip())
    except ValueError:
        return ()
    return points if all(isfinite(point) for point in points) else ()
