"""Which cohort is open in this session, what a page sees of it, and what was computed from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st

from analysis import Cohort, Filters, Pinned, load_sample
from analysis.cohort.grouping import By, Cut, group_labels
from analysis.cohort.question import Asked, Question
from analysis.facts.observed_times import TRANSPLANTATION
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.ready import Spec, ready
from analysis.figures.common.theme import Look
from pages.state import asking, browser, page_list, results
from pages.state.results import Made

Result = TypeVar("Result")


@dataclass(frozen=True)
class View:
    """What a page shows.

    Attributes
    ----------
    question
        What is asked.
    asked
        The patients whom it is asked of.
    selection
        Who is in, in words: the filters, or who is in A and who in B.
    look
        How figures are drawn.
    """

    question: Question
    asked: Asked
    selection: tuple[str, ...]
    look: Look

    @property
    def whole(self) -> Cohort:
        """All patients."""
        return self.asked.whole

    @property
    def present(self) -> Cohort:
        """The patients whom the filters keep."""
        return self.asked.present

    @property
    def cohort(self) -> Cohort:
        """The patients that are estimated from: the present ones, or with a pinned cohort those of both."""
        return self.asked.cohort

    @property
    def filters(self) -> Filters:
        """What the patients are filtered by."""
        return self.question.filters

    @property
    def by(self) -> By | None:
        """What they are compared by."""
        return self.asked.by

    @property
    def synthetic(self) -> bool:
        """Whether the sample is open."""
        return uploaded() is None

    @property
    def has_whole_behind(self) -> bool:
        """Whether the whole cohort stands behind the figure, so that what a filter changed is seen."""
        return bool(self.filters) and self.by is None


def view() -> View:
    """Return the present view; every page calls this first.

    Until `st.navigation` has run once, Streamlit may open a page without ``app.py``. The view that ``app.py`` hands
    over is then missing, and the page is started again inside the frame.
    """
    handed: View | None = st.session_state.pop("view", None)
    if handed is None:
        page_list.navigate()
        st.rerun()
    return handed


def hand_over(view: View) -> None:
    """Leave the view for the page that runs next."""
    st.session_state["view"] = view


def present_view(presenting: bool) -> View:
    """Return the view that cohort and question of this session make."""
    question, whole = asking.present(), whole_cohort()
    asked = question.among(whole, _part(whole, question.filters))
    st.session_state["estimates"] = {}
    return View(
        question=question,
        asked=asked,
        selection=_selection(question, asked),
        look=Look(browser.dark(), _order(whole, asked.by), presenting),
    )


def _part(whole: Cohort, filters: Filters) -> Cohort:
    """Return the patients whom the filters keep, who are the same from click to click until the filters change."""
    known_by = repr(filters)
    held: tuple[str, Cohort] | None = st.session_state.get("part")
    if held is None or held[0] != known_by or held[1].whole is not whole:
        held = known_by, whole.where(filters)
        st.session_state["part"] = held
    return held[1]


def _selection(question: Question, asked: Asked) -> tuple[str, ...]:
    by = asked.by
    if not isinstance(by, Pinned):
        return tuple(question.filters.words())
    *sizes, shared = by.sizes(asked.whole)
    parts = zip((by.first, by.second), sizes, (by.of_first, by.of_second), strict=True)
    words = [f"{name} ({size:,}): {' and '.join(each.words()) or 'all patients'}" for name, size, each in parts]
    return words[0], words[1] + (f", without those in {by.first}" if by.rest else f", {shared:,} in both")


def _order(whole: Cohort, by: By | None) -> tuple[str, ...]:
    """Return the groups of the whole cohort, so that each keeps its colour; cut points move with the patients."""
    if by is None or isinstance(by, Cut):
        return ()
    if isinstance(by, Pinned):
        return tuple(sorted((by.first, by.second)))
    return tuple(group_labels(whole, by).cat.categories)


def estimate(function: Callable[..., Result], cohort: Cohort, *choices: object, **options: object) -> Result:
    """Return ``function(cohort, *choices, **options)``, computed once for the same cohort and options.

    How it came about is known until the next run, for the script that makes it again.
    """
    # Hashing the tables would be slow, and of a large one Streamlit hashes a sample only.
    key = (_name(function), cohort.fingerprint, choices, options)
    result = cast(Result, _once(key, lambda: function(cohort, *choices, **options)))
    st.session_state["estimates"][id(result)] = Estimate(result, function, cohort, choices, options)
    return result


def estimated(result: object) -> Estimate:
    """Return how a result of `estimate` came about in this run."""
    found: Estimate = st.session_state["estimates"][id(result)]
    return found


@dataclass(frozen=True)
class Chart:
    """A chart as it can be drawn again, and, once it is asked for, as the browser takes it."""

    drawing: Drawing
    make: Callable[[], Spec]


@dataclass(frozen=True)
class Figure:
    """A figure of a page.

    Attributes
    ----------
    key
        What it is known by, on the page and as a file.
    question
        What it answers; its title.
    chart
        What is drawn.
    alt_text
        The same in words, for those who do not see it.
    reading
        The sentence that reads it.
    method
        How its numbers were computed.
    time_zero
        What months count from.
    """

    key: str
    question: str
    chart: Chart
    alt_text: str
    reading: str
    method: str
    time_zero: str = TRANSPLANTATION


def chart(kind: FigureKind, /, *results: object, **options: object) -> Chart:
    """Return the chart of a kind of figure; it is made ready for the browser once as `drawn`, where it is shown."""
    key = ("chart", *_key(kind.chart, results, options))

    def make() -> Spec:
        return cast(Spec, _once(key, lambda: Made(ready(kind.chart(*results, **options)), (results, options))).made)

    known = st.session_state["estimates"]
    named = {name: known.get(id(value), value) for name, value in options.items()}
    return Chart(Drawing(kind, tuple(known.get(id(result), result) for result in results), named), make)


def drawn(function: Callable[..., Result], *results: object, **options: object) -> Result:
    """Return ``function(*results, **options)``, made once for the same results of `estimate` and the same options."""
    key = _key(function, results, options)
    return cast(Result, _once(key, lambda: Made(function(*results, **options), (results, options))).made)


def _key(
    function: Callable[..., object], results: tuple[object, ...], options: dict[str, object]
) -> tuple[object, ...]:
    """Return what is made by: function and options by value, results and their tables by identity."""
    named = tuple((key, id(value) if _is_result(value) else value) for key, value in options.items())
    return _name(function), tuple(id(value) if _is_result(value) else value for value in results), named


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _is_result(value: object) -> bool:
    """Return whether a value is a result or a table of one: large, and the same object as long as it is the same."""
    return hasattr(value, "method") or isinstance(value, pd.DataFrame | Cohort)


def _once(key: tuple[object, ...], make: Callable[[], Any]) -> Any:
    """Return what was made under this key: of the sample by anybody, of an upload in this session."""
    room = results.of_everybody() if uploaded() is None else results.of_session()
    return room.once(key, make)


@st.cache_resource(show_spinner=False)
def _sample() -> Cohort:
    return load_sample()


def whole_cohort() -> Cohort:
    """Return the open cohort: the uploaded one, else the synthetic sample."""
    held = uploaded()
    return held if held is not None else _sample()


def uploaded() -> Cohort | None:
    """Return the uploaded cohort, where one is open."""
    found: Cohort | None = st.session_state.get("uploaded")
    return found


def open_cohort(cohort: Cohort) -> None:
    """Make a cohort the open one from the next run on: what is asked cannot change once controls are drawn."""
    st.session_state["opened"] = cohort


def take_opened() -> Cohort | None:
    """Return the cohort that is to be the open one from now on, once; None where there is none."""
    opened: Cohort | None = st.session_state.pop("opened", None)
    if opened is not None:
        _forget_results()
        st.session_state["uploaded"] = opened
    return opened


def forget_cohort() -> None:
    """Forget the uploaded cohort and all that was computed from it, and go back to the sample."""
    st.session_state.pop("uploaded", None)
    _forget_results()
    asking.start_afresh()


def _forget_results() -> None:
    results.forget()
    st.session_state.pop("part", None)
