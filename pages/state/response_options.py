"""The options of the Remission & relapse page; times in months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import (
    SmallNumbers,
    bicla,
    doris_2021,
    doris_off_treatment,
    lldas,
    renal_flare_kdigo_2012,
    renal_response_eular_2019,
    renal_response_kdigo_2024,
    renal_response_msc_role,
    renal_response_ranjbar_2022,
    sledai_at_most,
    sri_4,
    sri_4_without_bilag,
    sustained,
    with_prednisone_at_most,
    without_steroids,
)
from analysis.estimates.common.intervals import PROPORTION_INTERVALS
from analysis.estimates.yearly.estimand import Estimand
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.facts.relapse import (
    RECORDED_RELAPSE,
    RELAPSE_AT_VISITS,
    RelapseRule,
    rise_after_remission,
    selena_flare,
)
from analysis.facts.remission import RECORDED, RemissionRule
from analysis.facts.renal_rules import PROTEINURIA, UPCR
from pages.state.option import Answers, Choice, Number, PageOptions, Switch, UsableChoice
from pages.state.published_options import BESIDE, PUBLISHED
from pages.state.survival_options import FEW_EVENTS

RESPONSES = {"complete": "Complete", "any": "Complete or partial"}
SLEDAI_RULE = "SLEDAI at most"
EULAR = "Renal response, EULAR/ERA-EDTA 2019"
REMISSION_RULES = {
    "Recorded by the clinic": RECORDED,
    SLEDAI_RULE: sledai_at_most(4),
    "DORIS 2021": doris_2021(),
    "DORIS off treatment": doris_off_treatment(),
    "LLDAS": lldas(),
    "Renal response, KDIGO 2024": renal_response_kdigo_2024(),
    EULAR: renal_response_eular_2019(),
    "Renal response, MSC-ROLE": renal_response_msc_role(),
    "Renal response, Ranjbar 2022": renal_response_ranjbar_2022(),
    "Response, SRI-4": sri_4(),
    "Response, SRI-4 without BILAG": sri_4_without_bilag(),
    "Response, BICLA": bicla(),
}
RISE, RENAL_FLARE = "SLEDAI more than 3 above remission", "Renal flare, KDIGO 2012"
RELAPSE_RULES = {
    "Recorded": RECORDED_RELAPSE,
    "Flagged at visits": RELAPSE_AT_VISITS,
    RISE: rise_after_remission(3),
    "SELENA-type flare": selena_flare(),
    RENAL_FLARE: renal_flare_kdigo_2012(),
}


def _questions(estimands: Mapping[str, Estimand]) -> str:
    return "  \n".join(f"{each.label}: {each.asked()}" for each in estimands.values())


def _definitions() -> str:
    """Return every published definition in words, one a line."""
    published = (rule for rule in REMISSION_RULES.values() if rule.published)
    return "  \n".join(rule.words.removeprefix("by ") for rule in published)


def _follows_sledai(answers: Answers) -> bool:
    return answers[RULE] == SLEDAI_RULE


def _no_doses(answers: Answers) -> bool:
    return "prednisone_mg_per_day" not in answers.cohort.visit_columns


def _without_prednisone(answers: Answers) -> bool:
    return _no_doses(answers) or answers[STEROID_FREE]


def _rule_named(answers: Answers, name: str) -> RemissionRule:
    """Return a definition by its name on the page, of the columns that the cohort has."""
    if name == EULAR and UPCR not in answers.cohort.visit_columns and PROTEINURIA in answers.cohort.visit_columns:
        return renal_response_eular_2019("proteinuria_g_per_24h")
    return REMISSION_RULES[name]


ESTIMAND = Choice[str](
    "estimand",
    "Remission: of whom?",
    values=REMISSION_ESTIMANDS,
    words=lambda name: REMISSION_ESTIMANDS[name].label,
    drawn="row",
    help=_questions(REMISSION_ESTIMANDS),
)
RELAPSE_ESTIMAND = Choice[str](
    "relapse_estimand",
    "Relapse: of whom?",
    values=RELAPSE_ESTIMANDS,
    words=lambda name: RELAPSE_ESTIMANDS[name].label,
    drawn="row",
    help=_questions(RELAPSE_ESTIMANDS),
)

RULE = UsableChoice[str](
    "rule",
    "Rule",
    values=REMISSION_RULES,
    lacking=lambda answers, name: _rule_named(answers, name).missing_columns(answers.cohort),
    help=_definitions(),
)
RULE_POINTS = Number[int]("rule_points", "SLEDAI at most", 0, 105, default=4, applies=_follows_sledai)
STEROID_FREE = Switch("steroid_free", "Only without prednisone (0 mg/day)", disabled=_no_doses)
RULE_CAP = Number[float | None](
    "rule_cap",
    "With prednisone at most (mg/day; 0: no cap)",
    0.0,
    100.0,
    step=2.5,
    default=0.0,
    means=lambda cap: cap or None,
    disabled=_without_prednisone,
)
SUSTAINED = Number[float](
    "sustained",
    "Sustained for so many months (0: at one visit)",
    0.0,
    60.0,
    step=3.0,
    default=0.0,
    help="In the state at every visit over so many months, at two visits or more. It is reached at the visit at which "
    "it has lasted so long, and kept until the first visit without it.",
)
RESPONSE_COUNTED = Choice[str](
    "response",
    "What counts",
    values=RESPONSES,
    words=RESPONSES.__getitem__,
    drawn="row",
    disabled=lambda answers: not remission_rule(answers).partial,
)
WINDOW = Number[float]("window", "A visit counts within this many months of the year", 0.5, 6.0, step=0.5, default=3.0)
SHOWS_RANGE = Switch(
    "range",
    "Show the range if all who were not seen were, or were not, in remission",
    disabled=lambda answers: not REMISSION_ESTIMANDS[answers[ESTIMAND]].range,
)

TIME_TO = Number[int]("time_to", "Mean time in remission up to month", 1, 600, step=6, default=24)

RELAPSE_RULE = UsableChoice[str](
    "relapse_rule",
    "What is a relapse",
    values=RELAPSE_RULES,
    lacking=lambda answers, name: relapse_rules(answers)[name].missing_columns(answers.cohort),
)

MEAN_AT = Number[int | None](
    "mean_at",
    "Mean number of relapses by month (0: the last with enough at risk)",
    0,
    600,
    step=1,
    default=0,
    means=lambda month: month or None,
)

SHARE_INTERVAL = Choice[str](
    "share_interval",
    "95 % interval of shares",
    values=PROPORTION_INTERVALS,
    words=PROPORTION_INTERVALS.__getitem__,
    drawn="row",
    default="wilson",
)
FEW_MEMBERS = Number[int]("few_members", "No p-value below so many patients a group", 1, 1000, default=10)

RESPONSE = PageOptions(
    "response",
    in_view=(ESTIMAND, RELAPSE_ESTIMAND),
    more={
        "Remission": (
            RULE,
            RULE_POINTS,
            STEROID_FREE,
            RULE_CAP,
            SUSTAINED,
            RESPONSE_COUNTED,
            WINDOW,
            SHOWS_RANGE,
            TIME_TO,
        ),
        "Relapse": (RELAPSE_RULE, MEAN_AT),
        "Published cohorts": (PUBLISHED,),
        "Intervals and small numbers": (
            SHARE_INTERVAL,
            FEW_EVENTS.worded("No p-value below so many events"),
            FEW_MEMBERS,
        ),
    },
    apart=BESIDE,
)


# What defines the states of a patient's course, also where it is drawn on other pages.
DEFINITIONS = (RULE, RULE_POINTS, STEROID_FREE, RULE_CAP, SUSTAINED, RESPONSE_COUNTED, RELAPSE_RULE)


def remission_rule(answers: Answers) -> RemissionRule:
    """Return the chosen definition of remission."""
    rule = sledai_at_most(answers[RULE_POINTS]) if _follows_sledai(answers) else _rule_named(answers, answers[RULE])
    cap = answers[RULE_CAP]
    if answers[STEROID_FREE]:
        rule = without_steroids(rule)
    elif cap is not None:
        rule = with_prednisone_at_most(rule, cap)
    return sustained(rule, answers[SUSTAINED]) if answers[SUSTAINED] else rule


def relapse_rules(answers: Answers) -> dict[str, RelapseRule]:
    """Return the definitions of relapse, two of which depend on that of remission."""
    remission, response = remission_rule(answers), answers[RESPONSE_COUNTED]
    rise = rise_after_remission(3, remission=remission, response=response)
    return {**RELAPSE_RULES, RISE: rise, RENAL_FLARE: renal_flare_kdigo_2012(remission, response)}


def relapse_rule(answers: Answers) -> RelapseRule:
    """Return the chosen definition of relapse."""
    return relapse_rules(answers)[answers[RELAPSE_RULE]]


def of_remission(answers: Answers) -> dict[str, Any]:
    """Return the options of all estimates of remission."""
    return {
        "rule": remission_rule(answers),
        "response": answers[RESPONSE_COUNTED],
        "window_months": answers[WINDOW],
    }


def of_relapse(answers: Answers) -> dict[str, Any]:
    """Return the options of all estimates of relapse."""
    return {
        "rule": relapse_rule(answers),
        "remission": remission_rule(answers),
        "response": answers[RESPONSE_COUNTED],
    }


def small_numbers(answers: Answers) -> SmallNumbers:
    """Return the numbers below which tests of shares are withheld."""
    return SmallNumbers(events=answers[FEW_EVENTS], patients=answers[FEW_MEMBERS])
