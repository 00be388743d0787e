"""The question to a cohort: which patients, and what they are compared by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from analysis.cohort.filter_names import EVERYBODY_ELSE, filters_name
from analysis.cohort.filters import Filters
from analysis.cohort.grouping import EVERYBODY, Against, By, Cut, Grouping, Pinned
from analysis.cohort.measures import characteristics, numeric_characteristics, organ_domains
from analysis.cohort.model import Cohort
from analysis.cohort.names import one_line
from analysis.cohort.per_patient import cached
from analysis.cohort.rows_elsewhere import RowsElsewhere

# A comparison as text: the name of a column, one of these prefixes with a name, or the word for the pinned cohort or
# for all whom the filters leave out.
ORGAN = "organ:"
NUMBER = "number:"
PINNED = "pinned"
ELSE = "everybody_else"
MEDIAN, TERTILES = "median", "tertiles"


@dataclass(frozen=True)
class Pin:
    """A pinned selection to compare the present one with.

    Attributes
    ----------
    filters
        The filters that select it.
    names
        The names of the pinned and the present selection; "" for that of the filters.
    rest
        Whether the patients of the pinned selection are excluded from the present one.
    """

    filters: Filters
    names: tuple[str, str] = ("", "")
    rest: bool = False

    def beside(self, present: Filters, whole: Cohort) -> Pinned:
        """Return the comparison with the patients of a cohort that pass the present filters."""
        second = EVERYBODY_ELSE if self.rest and not present else filters_name(present, whole)
        first, second = self.names[0] or filters_name(self.filters, whole), self.names[1] or second
        return Pinned(first, f"{second} (present)" if first == second else second, self.filters, present, self.rest)


def pin_names(typed: Sequence[str]) -> tuple[str, str]:
    """Return the two typed names, each on one line; "" for one that is "All", and for both if they are equal."""
    names = ["" if name == EVERYBODY else name for name in map(one_line, typed)]
    return (names[0], names[1]) if len(names) == 2 and names[0] != names[1] else Pin.names


@dataclass(frozen=True)
class Asked:
    """The patients that a question is about.

    Attributes
    ----------
    whole, present
        All patients, and the present selection: those who pass the filters.
    cohort
        The patients used in estimates: the present selection; with a pinned cohort the union of both; against everybody
        else the whole cohort.
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
        A column, "organ:" with an organ, "number:" with a numeric column, "pinned", "everybody_else", or "" for no
        comparison.
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
        by, chosen = self.by(whole), self.filters.one_by_one
        if isinstance(by, Against):
            apart = 0 < len(present) < len(whole)
            return Asked(whole, present, whole if apart else present, by if apart else None, chosen)
        if not isinstance(by, Pinned):
            return Asked(whole, present, present, by, chosen)
        first, second, shared = by.sizes(whole)
        if first == second == shared or not first or not second:
            # Two equal selections, or an empty one, cannot be compared.
            return Asked(whole, present, present, None, chosen)
        return Asked(whole, present, by.either(whole), by, chosen or by.of_first.one_by_one)

    def filtered(self, filters: Filters) -> Question:
        """Return the question with other filters; without any there is no everybody else to compare with."""
        alone = not filters and self.compare == ELSE
        return replace(self, filters=filters, compare="" if alone else self.compare)

    def by(self, whole: Cohort) -> By | None:
        """Return the grouping of a cohort; None without a comparison, or if the typed cut points are invalid."""
        if isinstance(whole, RowsElsewhere) and whole.groups is not None:
            return whole.groups.get(self.compare)
        if self.compare == PINNED:
            return self.pin.beside(self.filters, whole) if self.pin else None
        if self.compare == ELSE:
            return Against(self.filters, filters_name(self.filters, whole)) if self.filters else None
        if self.compare.startswith(ORGAN):
            return Grouping(self.compare.removeprefix(ORGAN))
        if self.compare.startswith(NUMBER):
            at = self.cut if self.cut in (MEDIAN, TERTILES) else cut_points(self.cut)
            return Cut(self.compare.removeprefix(NUMBER), at) if at else None
        return self.compare or None


@cached
def comparisons(cohort: Cohort) -> list[str]:
    """Return the values that ``Question.compare`` can have for any filters of a cohort; "" is no comparison."""
    if isinstance(cohort, RowsElsewhere) and cohort.groups is not None:
        return ["", *cohort.groups]
    numbers = [f"{NUMBER}{name}" for name in numeric_characteristics(cohort)]
    organs = [f"{ORGAN}{organ}" for organ in organ_domains(cohort)]
    columns = [name for name in characteristics(cohort) if name not in (PINNED, ELSE)]
    return ["", *columns, *numbers, *organs]


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
