"""The only file that knows session state: which cohort, which filters, which comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeVar, cast

import streamlit as st

from analysis import AllOf, AnyOf, Between, Cohort, Cut, Filters, Grouping, OneOf, load_sample
from analysis.cohort.grouping import By
from pages.parts import frame, looks

Result = TypeVar("Result")

# One control a key; the word in the address is the key.
CHOICES = {"source": "msc_source", "organ": "organs", "sex": "sex"}
RANGES = {"age": "age_years", "baseline_sledai": "baseline_sledai"}
COLUMNS = CHOICES | RANGES
ORGANS_ANY = "any of them"
ORGANS_ALL = "all of them"
ADDRESS_WORDS = (*COLUMNS, "organs", "missing", "compare", "cut")
PATIENT = "patient"
# What every control that is kept over pages and in the address has in common.
KEPT: dict[str, Any] = {"persist_state": "session", "bind": "query-params"}

# What a comparison is by, in the control and in the address: a column's name, or one of these before a name.
ORGAN = "organ:"
NUMBER = "number:"
MEDIAN, TERTILES, TYPED = "median", "tertiles", "typed"


@dataclass(frozen=True)
class View:
    """What a page shows: the whole cohort, the part that the filters keep, and the comparison."""

    whole: Cohort
    cohort: Cohort
    filters: Filters
    by: By | None
    synthetic: bool
    dark: bool

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
        frame.navigate()
        st.rerun()
    return handed


def hand_over(view: View) -> None:
    """Leave the view for the page that runs next."""
    st.session_state["view"] = view


def present_view() -> View:
    """Return the view that cohort, filters and comparison of this session make."""
    cohort = whole_cohort()
    chosen = filters()
    return View(
        whole=cohort,
        cohort=cohort.where(chosen),
        filters=chosen,
        by=comparison(),
        synthetic=uploaded() is None,
        dark=looks.dark(),
    )


def estimate(function: Callable[..., Result], cohort: Cohort, *choices: object, **options: object) -> Result:
    """Return ``function(cohort, *choices, **options)``, computed once a session for the same cohort and options."""
    name = f"{function.__module__}.{function.__qualname__}"
    return cast(Result, _estimate(name, cohort.fingerprint, choices, options, function, cohort))


@st.cache_data(scope="session", show_spinner=False, max_entries=128)
def _estimate(
    name: str,  # noqa: ARG001 -- name and fingerprint are the key; hashing the tables would be slow,
    fingerprint: str,  # noqa: ARG001 -- and of a large one Streamlit hashes a sample only
    choices: tuple[object, ...],
    options: dict[str, object],
    _function: Callable[..., object],
    _cohort: Cohort,
) -> object:
    return _function(_cohort, *choices, **options)


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
    """Make a cohort the open one from the next run on: filters cannot be cleared once their controls are drawn."""
    st.session_state["opened"] = cohort


def forget_cohort() -> None:
    """Forget the uploaded cohort and all that was computed from it, and go back to the sample."""
    st.session_state.pop("uploaded", None)
    _estimate.clear()
    _start_afresh()


def _start_afresh() -> None:
    clear_filters()
    st.session_state["compare"] = ""


def filters() -> Filters:
    """Return the filters that the sidebar's controls stand for."""
    state = st.session_state
    keep = bool(state.get("keep_missing", False))
    conditions: dict[str, OneOf | Between] = {}
    for key, column in CHOICES.items():
        if state.get(key):
            kind = OneOf if key != "organ" else AllOf if state.get("organs") == ORGANS_ALL else AnyOf
            conditions[column] = kind(*state[key], keep_missing=keep)
    for key, column in RANGES.items():
        if state.get(key) and tuple(state[key]) != state.get(f"limits_{key}"):
            conditions[column] = Between(*state[key], keep_missing=keep)
    return Filters(conditions)


def clear_filters() -> None:
    """Take all filters off."""
    for column in COLUMNS.values():
        clear_filter(column)
    st.session_state["keep_missing"] = False


def clear_filter(column: str) -> None:
    """Take the filter on one column off."""
    for key, name in COLUMNS.items():
        if name == column:
            st.session_state.pop(key, None)


def comparison() -> By | None:
    """Return what groups the patients, or None."""
    chosen = st.session_state.get("compare", "")
    if chosen.startswith(ORGAN):
        return Grouping(chosen.removeprefix(ORGAN))
    if chosen.startswith(NUMBER):
        how = st.session_state.get("cut", MEDIAN)
        at = cut_points() if how == TYPED else how
        return Cut(chosen.removeprefix(NUMBER), at) if at else None
    return chosen or None


def cut_points() -> tuple[float, ...]:
    """Return the cut points that were typed; empty where they are no numbers."""
    try:
        points = tuple(float(part) for part in st.session_state.get("cut_points", "").split(",") if part.strip())
    except ValueError:
        return ()
    return points if all(isfinite(point) for point in points) else ()


def open_patient(patient_id: str) -> None:
    """Go to the page of one patient."""
    st.session_state[PATIENT] = patient_id
    # With the whole view in one step of the history, Back leads to where the patient was chosen.
    st.switch_page("pages/patients.py", query_params={**address_words(), PATIENT: patient_id})


def choose_patient(ids: list[str]) -> str:
    """Return the patient in view: the one that was opened, or named in the address, else the first of these."""
    named = st.session_state.pop("next_patient", None) or st.session_state.get(
        PATIENT, st.query_params.get(PATIENT, ids[0])
    )
    chosen = named if named in ids else ids[0]
    st.session_state[PATIENT] = chosen
    if st.query_params.get(PATIENT, ids[0]) != chosen:
        st.query_params[PATIENT] = chosen
    return str(chosen)


def follow_pick(figure: str, picked: list[dict[str, Any]], ids: list[str]) -> None:
    """Show the patient that was newly clicked in a figure of the page of patients."""
    newest = _newly_picked(figure, picked, ids)
    if newest:
        st.session_state["next_patient"] = newest
        st.rerun()


def open_pick(figure: str, picked: list[dict[str, Any]], ids: list[str]) -> None:
    """Go to the page of the patient that was newly clicked in a figure."""
    newest = _newly_picked(figure, picked, ids)
    if newest:
        open_patient(newest)


def _newly_picked(figure: str, picked: list[dict[str, Any]], ids: list[str]) -> str:
    """Return the patient clicked last, once: one that stays picked does not hold the page."""
    newest = str(picked[-1]["patient_id"]) if picked else ""
    if newest == st.session_state.get(f"followed_{figure}", ""):
        return ""
    st.session_state[f"followed_{figure}"] = newest
    return newest if newest in ids else ""


def step_patient(ids: list[str], step: int) -> None:
    """Go to the patient before or after the one in view."""
    place = ids.index(st.session_state[PATIENT]) + step
    st.session_state[PATIENT] = ids[min(max(place, 0), len(ids) - 1)]


def offer_choice(key: str, options: list[str]) -> None:
    """Drop what is chosen under a key but not offered, such as a stale word from the address."""
    st.session_state[key] = [value for value in st.session_state.get(key, []) if value in options]


def offer_range(key: str, limits: tuple[int, int] | None) -> None:
    """Keep a chosen range within the limits of the cohort, and remember them; without limits nothing is chosen."""
    st.session_state[f"limits_{key}"] = limits
    if limits is None:
        st.session_state.pop(key, None)
        return
    low, high = st.session_state.get(key, limits)
    low, high = max(low, limits[0]), min(high, limits[1])
    st.session_state[key] = (low, high) if low <= high else limits


def offer_comparison(options: list[str]) -> None:
    """Drop a comparison that the cohort does not offer."""
    if st.session_state.get("compare", "") not in options:
        st.session_state["compare"] = ""


def begin() -> None:
    """Before any control is drawn: open a cohort that was accepted, without filters; else look at the address."""
    opened: Cohort | None = st.session_state.pop("opened", None)
    if opened is None:
        _restore_from_address()
    else:
        st.session_state["uploaded"] = opened
        _start_afresh()


def _restore_from_address() -> None:
    """Take the view from the address, where it is not the one that was last written there.

    That is so at the start, and when Back or Forward was pressed: a link to another page takes the view along.
    """
    state = st.session_state
    words = {key: st.query_params.get_all(key) for key in ADDRESS_WORDS if key in st.query_params}
    if words == state.get("address", {}):
        return
    for key in CHOICES:
        state[key] = words.get(key, [])
    for key in RANGES:
        limits = words.get(key, [""])[0].split("-")
        if len(limits) == 2 and all(limit.isdecimal() and len(limit) < 5 for limit in limits):
            state[key] = (int(limits[0]), int(limits[1]))
        else:
            state.pop(key, None)
    state["organs"] = ORGANS_ALL if words.get("organs") == ["all"] else ORGANS_ANY
    state["keep_missing"] = words.get("missing") == ["keep"]
    state["compare"] = words.get("compare", [""])[0]
    cut = words.get("cut", [MEDIAN])[0]
    state["cut"] = cut if cut in (MEDIAN, TERTILES) else TYPED
    state["cut_points"] = "" if cut in (MEDIAN, TERTILES) else cut


def write_to_address() -> None:
    """Keep filters and comparison in the address; never data."""
    words = address_words()
    st.session_state["address"] = words
    for key in ADDRESS_WORDS:
        if key in st.query_params and key not in words:
            del st.query_params[key]
    changed = {key: values for key, values in words.items() if st.query_params.get_all(key) != values}
    if changed:
        st.query_params.update(changed)


def address_words() -> dict[str, list[str]]:
    """Return filters and comparison as they stand in the address."""
    state = st.session_state
    active = filters().conditions
    words: dict[str, list[str]] = {key: state[key] for key in CHOICES if state.get(key)}
    words |= {key: [f"{state[key][0]}-{state[key][1]}"] for key, column in RANGES.items() if column in active}
    if state.get("organ") and state.get("organs") == ORGANS_ALL:
        words["organs"] = ["all"]
    if state.get("keep_missing"):
        words["missing"] = ["keep"]
    if state.get("compare"):
        words["compare"] = [state["compare"]]
    if state.get("compare", "").startswith(NUMBER) and state.get("cut", MEDIAN) != MEDIAN:
        words["cut"] = [state.get("cut_points", "") if state["cut"] == TYPED else state["cut"]]
    return words
