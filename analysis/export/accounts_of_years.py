"""Accounts of remission and relapse: by year, over time, and by patient."""

from __future__ import annotations

from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.share_differences import PROPORTION
from analysis.export.account import Account, capital, listed, percent
from analysis.export.papers import cite
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.remission import RECORDED, RemissionRule, remission_rule, remission_words
from analysis.figures.common.estimate import Estimate

AALEN_JOHANSEN = f"by the Aalen-Johansen method{cite('aalen1978')}"
PROPORTIONS = {
    "wilson": f"Wilson confidence intervals{cite('wilson1927')}",
    "clopper-pearson": f"Clopper-Pearson confidence intervals{cite('clopper1934')}",
}
# References of published definitions, by the name of the rule, and of flares.
SOURCES = {"DORIS 2021": cite("vollenhoven2021"), "LLDAS": cite("franklyn2016"), "SELENA-type flare": cite("petri2005")}
REMISSION = {
    "assessed": "The share in {state} each year was taken of the patients alive at a visit with a known state near the "
    "end of that year",
    "deaths_counted": "The share in {state} each year was taken of the patients assessed near the end of that year and "
    "of those who had died by then, who counted as not in {state}",
    "all_due": "The share in {state} each year was taken of all patients who were due by then, of whom those who had "
    "died, were lost or had no visit counted as not in {state}",
    "ever": "The share that had been in {state} at least once by the end of each year was estimated as a cumulative "
    f"incidence, with death competing, {AALEN_JOHANSEN}",
    "current": "The probability of being alive and in {state} at the end of each year was estimated "
    f"{AALEN_JOHANSEN}, for a state that may be left and entered again",
}
RELAPSE = {
    "assessed": "The share with a first relapse in each year was taken of the patients alive at a visit near its end",
    "at_risk": "The share with a first relapse in each year was taken of the patients followed into it, in {state} at "
    "the last visit before it and without a relapse so far",
    "rate": "First relapses in each year were counted per 100 patient-years without an earlier relapse",
    "cumulative": "The share with a relapse by the end of each year was estimated as a cumulative incidence, with "
    f"death competing, {AALEN_JOHANSEN}",
}
MISSING = {
    "assessed": "Patients without a visit near the end of a year were not counted in that year.",
    "deaths_counted": "Living patients without a visit near the end of a year were not counted in that year.",
    "all_due": "Patients not yet due were not counted.",
}
PALE = (
    "Years to which fewer than half of the patients could have been followed are drawn pale; how many could was "
    f"estimated by the reverse Kaplan-Meier method{cite('schemper1996')}, with death and loss as censoring."
)
CENSORED = "Patients who were no longer followed were censored."
BETWEEN_VISITS = "The state was taken to change only at visits."
BY_SCALE = {
    "ever": "confidence intervals on the log-log scale",
    "cumulative": "confidence intervals on the log-log scale",
    "current": "confidence intervals on the log-log scale from the infinitesimal jackknife",
    "rate": f"exact Poisson confidence intervals{cite('garwood1936')}",
}


def of_yearly_remission(estimate: Estimate) -> Account:
    """Return the account of remission by year."""
    asked = estimate.asked
    rule = remission_rule(asked.rule)
    shares = REMISSION[asked.estimand].format(state=_state(rule, asked.response))
    by_visit = asked.estimand in MISSING
    return Account(
        definitions=_remission(estimate, rule),
        visits=(_window(asked.window_months) if by_visit else BETWEEN_VISITS,),
        analysis=(f"{shares}, with {_limits(asked.estimand, asked.interval, asked.level)}.", PALE),
        missing=(MISSING[asked.estimand] if by_visit else CENSORED,),
    )


def of_yearly_relapse(estimate: Estimate) -> Account:
    """Return the account of relapse by year."""
    asked = estimate.asked
    remission = remission_rule(asked.remission)
    shares = RELAPSE[asked.estimand].format(state=_state(remission, asked.response))
    assessed, at_risk = asked.estimand == "assessed", asked.estimand == "at_risk"
    return Account(
        definitions=(
            *(_remission(estimate, remission) if at_risk else ()),
            *_relapse(relapse_rule(asked.rule)),
            "Only the first relapse of each patient counted.",
        ),
        visits=(_window(asked.window_months),) if assessed else (),
        analysis=(f"{shares}, with {_limits(asked.estimand, asked.interval, asked.level)}.", PALE),
        missing=(MISSING["assessed"],) if assessed else () if at_risk else (CENSORED,),
    )


def of_share_differences(estimate: Estimate) -> Account:
    """Return the account of differences between groups by year."""
    asked = estimate.asked
    if estimate.result.kind != PROPORTION:
        limits = f"confidence intervals made from those of both groups{cite('zou2008')}"
        return Account(analysis=(f"Differences between the groups each year have {limits}.",))
    limits = f"{percent(asked.level)} confidence intervals by Newcombe's method 10{cite('newcombe1998')}"
    test = "were tested by Fisher's exact test, without adjustment for several years or pairs"
    return Account(
        analysis=(f"Differences between the groups each year have {limits} and {test}.",), limits=asked.limits
    )


def of_remission_range(estimate: Estimate) -> Account:
    """Return the account of the lowest and highest possible share."""
    asked = estimate.asked
    rule = remission_rule(asked.rule)
    state = _state(rule, asked.response)
    return Account(
        definitions=_remission(estimate, rule),
        visits=(_window(asked.window_months),),
        missing=(f"A range shows the share if none, and if all, of those not seen had been in {state}.",),
    )


def of_reclassified(estimate: Estimate) -> Account:
    """Return the account of a rule of remission compared with the recorded state."""
    asked = estimate.asked
    return Account(
        definitions=_remission(estimate, asked.rule),
        visits=(_window(asked.window_months),),
        analysis=("The state by this rule was set against the recorded one at the same visits.",),
    )


def of_state_probabilities(estimate: Estimate) -> Account:
    """Return the account of state probabilities."""
    asked = estimate.asked
    rule = remission_rule(asked.rule)
    state = _state(rule, asked.response)
    estimated = f"was estimated {AALEN_JOHANSEN}, with {percent(asked.level)} {BY_SCALE['current']}"
    return Account(
        definitions=_remission(estimate, rule),
        visits=(BETWEEN_VISITS,),
        analysis=(f"The probability of being alive and in {state} over time {estimated}.",),
        missing=(CENSORED,),
    )


def of_courses(estimate: Estimate) -> Account:
    """Return the account of states over time, as counts or patient by patient."""
    asked = estimate.asked
    rule = remission_rule(asked.rule)
    known = not rule.missing_columns(estimate.cohort)
    return Account(
        definitions=(
            *(_remission(estimate, rule) if known else ()),
            *_relapse(relapse_rule(asked.relapse)),
        ),
        visits=("A state at a visit was kept until the next one.",),
        analysis=("The states of the patients over time are shown as they were, without an estimate.",),
    )


def of_relapse_counts(estimate: Estimate) -> Account:
    """Return the account of numbers of relapses."""
    asked = estimate.asked
    counted = "All relapses were counted, without regard to how long each patient was followed."
    return Account(definitions=_relapse(relapse_rule(asked.rule)), analysis=(counted,))


def _remission(estimate: Estimate, rule: RemissionRule) -> tuple[str, ...]:
    """Return the definition of remission, and which of its parts could not be applied."""
    if rule == RECORDED:
        return ("Remission was taken as recorded by the clinic at the visit.",)
    absent = rule.not_applied(estimate.cohort)
    words = rule.words.replace(rule.name, f"{rule.name}{SOURCES.get(rule.name, '')}", 1)
    parts = f"Of this definition {'one condition' if len(absent) == 1 else 'these conditions'} could not be checked: "
    return (f"{capital(rule.state)} was defined {words}.", *([f"{parts}{listed(absent)}."] if absent else []))


def _relapse(rule: RelapseRule) -> tuple[str, ...]:
    how = "taken" if rule.words.startswith("as ") else "defined"
    return (f"Relapses were {how} {rule.words}{SOURCES.get(rule.name, '')}.",)


def _state(rule: RemissionRule, response: str) -> str:
    return remission_words(rule, response) if rule == RECORDED else rule.state


def _window(months: float) -> str:
    return (
        "The visit nearest to the end of each year after transplantation (12 months, 24 months and so on), at most "
        f"{months:g} months before or after it, stood for that year."
    )


def _limits(estimand: str, interval: str, level: float) -> str:
    kind = {**REMISSION_ESTIMANDS, **RELAPSE_ESTIMANDS}[estimand].kind
    return f"{percent(level)} {PROPORTIONS[interval] if kind == PROPORTION else BY_SCALE[estimand]}"
