"""What the Remission & relapse page is asked: the questions in view, all else behind one "More"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from analysis import Cohort, SmallNumbers, doris_2021, lldas, sledai_at_most
from analysis.cohort.column_words import column_label, mid_sentence
from analysis.estimates.common.intervals import PROPORTION_INTERVALS
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.facts.relapse import (
    RECORDED_RELAPSE,
    RELAPSE_AT_VISITS,
    RelapseRule,
    rise_after_remission,
    selena_flare,
)
from analysis.facts.remission import RECORDED, RemissionRule
from analysis.figures.common.markdown import plain
from pages.state import options
from pages.state.options import KEPT

RESPONSES = {"complete": "Complete", "any": "Complete or partial"}
SLEDAI_RULE = "SLEDAI at most"


@dataclass(frozen=True)
class Options:
    """The answers."""

    remission: str
    rule: RemissionRule
    response: str
    window_months: float
    interval: str
    relapse_rule: RelapseRule
    shows_range: bool
    limits: SmallNumbers

    @property
    def of_remission(self) -> dict[str, Any]:
        """What every estimate of remission is asked with."""
        return {"rule": self.rule, "response": self.response, "window_months": self.window_months}


def ask(cohort: Cohort) -> Options:
    """Draw the controls and return what they say."""
    left, right = st.columns([6, 1], gap="small", vertical_alignment="bottom")
    with left:
        remission = st.segmented_control(
            "Remission: of whom?",
            list(REMISSION_ESTIMANDS),
            format_func=lambda name: REMISSION_ESTIMANDS[name].label,
            required=True,
            key=options.choice("estimand", list(REMISSION_ESTIMANDS), "assessed"),
            help="  \n".join(f"{each.label}: {each.asked()}" for each in REMISSION_ESTIMANDS.values()),
            **KEPT,
        )
    with right, options.more("more_response") as place:
        return _ask_more(place, cohort, remission)


def ask_relapse() -> str:
    """Draw the choice of how relapses are counted; it stands above its own figure."""
    return st.segmented_control(
        "Relapse: of whom?",
        list(RELAPSE_ESTIMANDS),
        format_func=lambda name: RELAPSE_ESTIMANDS[name].label,
        required=True,
        key=options.choice("relapse_estimand", list(RELAPSE_ESTIMANDS), "assessed"),
        help="  \n".join(f"{each.label}: {each.asked()}" for each in RELAPSE_ESTIMANDS.values()),
        **KEPT,
    )


def _ask_more(place: PopoverContainer, cohort: Cohort, remission: str) -> Options:
    asked = partial(options.control, place)
    options.heading(place, "Remission")
    rule = _ask_rule(place, cohort)
    response = asked(
        st.segmented_control,
        "What counts",
        list(RESPONSES),
        format_func=RESPONSES.__getitem__,
        required=True,
        key=options.choice("response", list(RESPONSES), "complete"),
        disabled=rule != RECORDED,
    )
    window = asked(
        st.number_input,
        "A visit counts within this many months of the year",
        0.5,
        6.0,
        step=0.5,
        key=options.number("window", 3.0, 0.5, 6.0),
    )
    shows_range = asked(
        st.toggle,
        "Show the range if all who were not seen were, or were not, in remission",
        key=options.switch("range"),
        disabled=remission not in ("assessed", "deaths_counted"),
    )
    options.heading(place, "Relapse")
    relapse_rule = _ask_relapse_rule(place, cohort, rule, response)
    options.heading(place, "Intervals and small numbers")
    interval = asked(
        st.segmented_control,
        "95 % interval of shares",
        list(PROPORTION_INTERVALS),
        format_func=PROPORTION_INTERVALS.__getitem__,
        required=True,
        key=options.choice("share_interval", list(PROPORTION_INTERVALS), "wilson"),
    )
    few_events = asked(
        st.number_input, "No p-value below so many events", 0, 1000, key=options.number("few_events", 10, 0, 1000)
    )
    few_patients = asked(
        st.number_input,
        "No p-value below so many patients a group",
        1,
        1000,
        key=options.number("few_members", 10, 1, 1000),
    )
    return Options(
        remission=remission,
        rule=rule,
        response="complete" if rule != RECORDED else response,
        window_months=window,
        interval=interval,
        relapse_rule=relapse_rule,
        shows_range=shows_range and remission in ("assessed", "deaths_counted"),
        limits=SmallNumbers(events=few_events, patients=few_patients),
    )


def _ask_rule(place: PopoverContainer, cohort: Cohort) -> RemissionRule:
    rules = {
        "Recorded by the clinic": RECORDED,
        SLEDAI_RULE: sledai_at_most(4),
        "DORIS 2021": doris_2021(),
        "LLDAS": lldas(),
    }
    chosen = _usable(place, "Rule", "rule", rules, cohort)
    if chosen != SLEDAI_RULE:
        return rules[chosen]
    asked = partial(options.control, place)
    points = asked(st.number_input, "SLEDAI at most", 0, 105, key=options.number("rule_points", 4, 0, 105))
    cap = asked(
        st.number_input,
        "and prednisone at most (mg/day; 0: no cap)",
        0.0,
        100.0,
        step=2.5,
        key=options.number("rule_cap", 0.0, 0.0, 100.0),
    )
    return sledai_at_most(points, prednisone_mg_per_day=cap or None)


def _ask_relapse_rule(place: PopoverContainer, cohort: Cohort, remission: RemissionRule, response: str) -> RelapseRule:
    rules = {
        "Recorded": RECORDED_RELAPSE,
        "Flagged at visits": RELAPSE_AT_VISITS,
        "SLEDAI more than 3 above remission": rise_after_remission(3, remission=remission, response=response),
        "SELENA-type flare": selena_flare(),
    }
    return rules[_usable(place, "What is a relapse", "relapse_rule", rules, cohort)]


def _usable(
    place: PopoverContainer,
    label: str,
    key: str,
    rules: Mapping[str, RemissionRule | RelapseRule],
    cohort: Cohort,
) -> str:
    """Offer rules, those that the cohort lacks a column for greyed; return the chosen one, or the first that works."""
    lacking = {name: rule.missing_columns(cohort) for name, rule in rules.items()}
    works = [name for name in rules if not lacking[name]] or list(rules)[:1]
    chosen = options.control(
        place,
        st.radio,
        label,
        list(rules),
        format_func=lambda name: _offered(name, lacking[name]),
        key=options.choice(key, list(rules), works[0]),
    )
    if chosen in works:
        return chosen
    st.caption(f"{plain(chosen)} cannot be used here; {plain(mid_sentence(works[0]))} is shown.")
    return works[0]


def _offered(name: str, lacking: tuple[str, ...]) -> str:
    if not lacking:
        return plain(name)
    needs = ", ".join(mid_sentence(column_label(column)) for column in lacking)
    return f":gray[{plain(f'{name} (needs {needs})')}]"
