"""The open cohort of this session, the view that a page gets, and what was computed from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st

from analysis import Cohort, Filters, Pinned, load_sample
from analysis.cohort.grouping import EVERYBODY, Against, By, Cut, group_sizes
from analysis.cohort.question import Asked, Question
from analysis.cohort.rows_elsewhere import RowsElsewhere, RowsElsewhereError
from analysis.facts.observed_times import TRANSPLANTATION
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.estimate import Estimate
from analysis.figures.common.kind import FigureKind
from analysis.figures.common.ready import Spec, ready
from analysis.figures.common.theme import Look
from analysis.figures.common.verdict import Verdict
from pages.state import asking, browser, page_list, results
from pages.state.results import Made

Result = TypeVar("Result")


@dataclass(frozen=True)
class View:
    """What a page shows.

    Attributes
    ----------
    question
        Filters, groups and pinned cohort.
    asked
        The patients to whom the question applies.
    selection
        The selected patients in words: the filters, or who is in each of two cohorts.
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
        """The patients whom estimates use: those present or, if they are compared with others, these too."""
        return self.asked.cohort

    @property
    def filters(self) -> Filters:
        """The present filters."""
        return self.question.filters

    @property
    def by(self) -> By | None:
        """The groups that are compared; None for no comparison."""
        return self.asked.by

    @property
    def synthetic(self) -> bool:
        """Whether the sample is open."""
        return uploaded() is None

    @property
    def no_rows(self) -> str:
        """Why no patient can be shown: where the rows are, and where they are opened; "" if they are here."""
        if not isinstance(self.whole, RowsElsewhere):
            return ""
        most = self.whole.most_rows
        opened = f" The Patients page opens the rows of up to {most:,} of them." if most else ""
        return f"{self.whole.no_rows}{opened}"

    @property
    def alone(self) -> str:
        """What the only group of a table is called."""
        return "Filtered" if self.filters else EVERYBODY

    @property
    def has_whole_behind(self) -> bool:
        """Whether figures also show the whole cohort, so that the effect of filters is seen."""
        return bool(self.filters) and self.by is None


def view() -> View:
    """Return the present view; every page calls this first.

    Until `st.navigation` has run once, Streamlit may run a page without ``app.py``. The view from ``app.py`` is then
    missing, and the page starts again through ``app.py``.
    """
    handed: View | None = st.session_state.pop("view", None)
    if handed is None:
        page_list.navigate()
        st.rerun()
    return handed


def hand_over(view: View) -> None:
    """Pass the view to the page that runs next."""
    st.session_state["view"] = view


def view_of(question: Question, *, plot: float | None = None, numbers: bool = True) -> View:
    """Return the view of a question to the cohort of this session; `plot` and `numbers` as in `Look`, for the stage."""
    whole = whole_cohort()
    asked = question.among(whole, _part(whole, question.filters))
    st.session_state["estimates"] = {}
    return View(
        question=question,
        asked=asked,
        selection=_selection(question, asked),
        look=Look(browser.dark(), _order(whole, asked.by), plot, numbers),
    )


def _part(whole: Cohort, filters: Filters) -> Cohort:
    """Return the patients whom the filters keep; the same object until the filters change."""
    key = repr(filters)
    cached: tuple[str, Cohort] | None = st.session_state.get("part")
    if cached is None or cached[0] != key or cached[1].whole is not whole:
        cached = key, whole.where(filters)
        st.session_state["part"] = cached
    return cached[1]


def _selection(question: Question, asked: Asked) -> tuple[str, ...]:
    by, settled = asked.by, asked.whole.settled
    if isinstance(by, Against):
        return *settled, *by.words(asked.whole)
    if not isinstance(by, Pinned):
        return *settled, *question.filters.words()
    *sizes, shared = by.sizes(asked.whole)
    parts = zip((by.first, by.second), sizes, (by.of_first, by.of_second), strict=True)
    words = [f"{name} ({size:,}): {' and '.join(each.words()) or 'all patients'}" for name, size, each in parts]
    both = f", without those in {by.first}" if by.rest else f", {shared:,} in both"
    return *settled, words[0], words[1] + both


def _order(whole: Cohort, by: By | None) -> tuple[str, ...]:
    """Return all groups in order, so that each keeps its colour; () for cut points, which may move."""
    if by is None or isinstance(by, Cut):
        return ()
    return group_sizes(whole, by).names


def estimate(function: Callable[..., Result], cohort: Cohort, *choices: object, **options: object) -> Result:
    """Return ``function(cohort, *choices, **options)``, computed once for the same cohort and options.

    How it was computed is known until the next run, for the script that reproduces it.
    """
    # Streamlit's own cache would hash the tables, which is slow, and only a sample of large ones.
    key = (_name(function), cohort.fingerprint, choices, options)
    result = cast(Result, _once(key, lambda: function(cohort, *choices, **options)))
    st.session_state["estimates"][id(result)] = Estimate(result, function, cohort, choices, options)
    return result


def if_had(make: Callable[[], Result]) -> Result | None:
    """Return what is made; None if it cannot be had of a cohort whose rows are elsewhere."""
    try:
        return make()
    except RowsElsewhereError:
        return None


def estimated(result: object) -> Estimate:
    """Return the function and options that a result of `estimate` was computed with in this run."""
    found: Estimate = st.session_state["estimates"][id(result)]
    return found


@dataclass(frozen=True)
class Chart:
    """A chart: how to draw it and, when it is shown, its specification for the browser; and what it says of groups."""

    drawing: Drawing
    make: Callable[[], Spec]
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Figure:
    """A figure of a page.

    Attributes
    ----------
    key
        Its key on the page, and its name as a file.
    question
        The question that it answers; its title.
    chart
        What is drawn.
    alt_text
        A description of the chart, for people who cannot see it; its verdict stands beside it.
    reading
        A sentence that states the main result of one group; "" for several, whose verdict does.
    method
        How its numbers were computed.
    time_zero
        The event from which months are counted.
    """

    key: str
    question: str
    chart: Chart
    alt_text: str
    reading: str
    method: str
    time_zero: str = TRANSPLANTATION

    @property
    def result(self) -> Any:
        """The first of the results that it draws."""
        first = self.chart.drawing.parts[0]
        return first.result if isinstance(first, Estimate) else first

    @property
    def verdict(self) -> str:
        """What the figure says of its groups; "" if it compares none."""
        return self.chart.verdict.sentence if self.chart.verdict else ""

    @property
    def words(self) -> str:
        """The sentence that answers its question: the verdict of several groups, else the reading."""
        return self.verdict or self.reading


def chart(kind: FigureKind, /, *results: object, **options: object) -> Chart:
    """Return the chart of a kind of figure; its specification is made when it is shown, once, by `drawn`."""
    key = ("chart", *_key(kind.chart, results, options))

    def make() -> Spec:
        return cast(
            Spec, _once(key, lambda: Made(ready(kind.chart(*results, **options), _once), (results, options))).made
        )

    known = st.session_state["estimates"]
    named = {name: known.get(id(value), value) for name, value in options.items()}
    return Chart(Drawing(kind, tuple(known.get(id(result), result) for result in results), named), make)


def compared(shown: Figure, /, *results: object, **telling: object) -> Figure:
    """Return a figure of groups with its verdict.

    Parameters
    ----------
    shown
        The figure without it.
    results, telling
        The arguments of the verdict of its kind: the results that the figure draws, and the test.
    """
    drawing = shown.chart.drawing
    verdict = drawn(drawing.kind.verdict, *results, **telling)
    known = st.session_state["estimates"]
    named = {name: known.get(id(value), value) for name, value in telling.items()}
    return replace(shown, chart=replace(shown.chart, drawing=replace(drawing, telling=named), verdict=verdict))


def drawn(function: Callable[..., Result], *results: object, **options: object) -> Result:
    """Return ``function(*results, **options)``, made once for the same results of `estimate` and the same options."""
    key = _key(function, results, options)
    return cast(Result, _once(key, lambda: Made(function(*results, **options), (results, options))).made)


def _key(
    function: Callable[..., object], results: tuple[object, ...], options: dict[str, object]
) -> tuple[object, ...]:
    """Return a cache key: function and options by value, results and their tables by identity."""
    named = tuple((key, id(value) if _is_result(value) else value) for key, value in options.items())
    return _name(function), tuple(id(value) if _is_result(value) else value for value in results), named


def _name(function: Callable[..., object]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def _is_result(value: object) -> bool:
    """Return whether a value is a result or a table of one, which are large and identified by identity."""
    return hasattr(value, "method") or isinstance(value, pd.DataFrame | Cohort)


def _once(key: tuple[object, ...], make: Callable[[], Any]) -> Any:
    """Return what is cached under this key: for the sample in all sessions, for files of one's own in this one."""
    shared = uploaded() is None and st.session_state.get("centres_merged") is None
    cache = results.of_everybody() if shared else results.of_session()
    return cache.once(key, make)


@st.cache_resource(show_spinner=False)
def _sample() -> Cohort:
    return load_sample()


def whole_cohort() -> Cohort:
    """Return the open cohort: the upload, else the synthetic sample."""
    upload = uploaded()
    return upload if upload is not None else _sample()


def uploaded() -> Cohort | None:
    """Return the uploaded cohort, if one is open."""
    found: Cohort | None = st.session_state.get("uploaded")
    return found


def open_cohort(cohort: Cohort, question: Question = Question()) -> None:
    """Open a cohort with a question in the next run: the question cannot change once controls are drawn."""
    st.session_state["opened"] = cohort
    st.session_state["asked_of_opened"] = question


def take_opened() -> Cohort | None:
    """Return the cohort to open in this run, once; None if there is none."""
    opened: Cohort | None = st.session_state.pop("opened", None)
    if opened is not None:
        _forget_results()
        st.session_state["uploaded"] = opened
    return opened


def forget_cohort() -> None:
    """Remove the uploaded cohort and all that was computed from it, and go back to the sample."""
    st.session_state.pop("uploaded", None)
    _forget_results()
    asking.start_afresh()


def _forget_results() -> None:
    results.forget()
    st.session_state.pop("part", None)
