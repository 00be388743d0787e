"""Accounts of curves over time and of their comparison."""

from __future__ import annotations

from types import SimpleNamespace

from analysis.cohort.column_words import mid_sentence
from analysis.cohort.grouping import group_name
from analysis.estimates.common.method_words import LATE_ENTRIES
from analysis.export.account import Account, capital, listed, percent
from analysis.export.papers import cite
from analysis.facts.endpoints import Landmark, endpoint_words
from analysis.facts.observed_times import Wording
from analysis.figures.common.estimate import Estimate

EXACT = f"by the exact beta product method{cite('fay2013')}"
OF_RECONSTRUCTED = Account(
    analysis=(
        f"Curves of papers were reconstructed from points read off them and numbers at risk{cite('guyot2012')}.",
        "They stand beside those of the cohort, and are in no test.",
    )
)
LOG_LOG = f"on the log-log scale{cite('kalbfleisch2002')} from Greenwood's variance{cite('greenwood1926')}"
INTERVALS = {
    "log-log": LOG_LOG,
    "log": f"on the log scale from Greenwood's variance{cite('greenwood1926')}",
    "plain": f"on the scale of survival from Greenwood's variance{cite('greenwood1926')}",
    "exact": EXACT,
}
AT_FIRST = f" (exact until the first event of a group{cite('fay2013')})"
TESTS = {
    "": f"the log-rank test{cite('mantel1966')}",
    "gehan": f"Gehan's generalised Wilcoxon test{cite('gehan1965')}",
    "tarone-ware": f"the Tarone-Ware test{cite('tarone1977')}",
    "peto": f"the Peto-Peto test{cite('peto1972')}",
    "fleming-harrington": f"the Fleming-Harrington test (1, 0){cite('harrington1982')}",
}
ADJUSTED = {
    "holm": f"Holm's method{cite('holm1979')}",
    "bonferroni": "Bonferroni's method",
    "benjamini-hochberg": f"the method of Benjamini and Hochberg{cite('benjamini1995')}",
}


REVERSE = f"by the reverse Kaplan-Meier method{cite('schemper1996')}"
FOLLOW_UP = Account(analysis=(f"Median follow-up was estimated {REVERSE}.",))
COULD_BE_FOLLOWED = f"The share who could have been followed to each year was estimated {REVERSE}"
MATURITY = Account(analysis=(f"{COULD_BE_FOLLOWED}, with death and loss as censoring.",))
SHARES = f"with 95 % Clopper-Pearson confidence intervals{cite('clopper1934')}"
DEATHS = Account(analysis=(f"Deaths are counts of all patients, however long they were followed, {SHARES}.",))
RATES = f"as rates per patient-year with exact Poisson ones{cite('garwood1936')}"
ADVERSE_EVENTS = Account(analysis=(f"Adverse events are given as shares of patients {SHARES}, and {RATES}.",))


def of_kaplan_meier(estimate: Estimate) -> Account:
    """Return the account of a survival curve."""
    asked = estimate.asked
    limits = f"{percent(asked.level)} confidence intervals {INTERVALS[asked.interval]}"
    limits += "" if asked.interval == "exact" else AT_FIRST
    name, defined = _outcome(estimate, asked, competing="censored")
    return Account(
        definitions=defined,
        analysis=(f"{capital(name)} was estimated by the Kaplan-Meier method{cite('kaplan1958')}, with {limits}.",),
    )


def of_incidence(estimate: Estimate) -> Account:
    """Return the account of a cumulative incidence."""
    asked = estimate.asked
    name, defined = _outcome(estimate, asked, competing="a competing event")
    incidence = f"The cumulative incidence of {name} was estimated by the Aalen-Johansen method{cite('aalen1978')}"
    compared = f"Cumulative incidences were compared by Gray's test{cite('gray1988')}."
    return Account(
        definitions=defined,
        analysis=(
            f"{incidence}, with {percent(asked.level)} confidence intervals on the log-log scale{AT_FIRST}.",
            *([compared] if asked.by is not None else []),
        ),
        limits=asked.limits if asked.by is not None else None,
    )


def of_naive(estimate: Estimate) -> Account:
    """Return the account of one minus Kaplan-Meier beside a cumulative incidence."""
    rival = endpoint_words(estimate.asked.endpoint).competing_words or "nothing"
    kaplan_meier = f"One minus the Kaplan-Meier estimate{cite('kaplan1958')}"
    return Account(analysis=(f"{kaplan_meier}, which takes {rival} as censoring, is drawn beside it for comparison.",))


def of_log_rank(estimate: Estimate) -> Account:
    """Return the account of a log-rank test."""
    asked = estimate.asked
    endpoint = endpoint_words(asked.endpoint)
    what = f"the cause-specific hazards of {_name(endpoint)}" if endpoint.competing_words else _name(endpoint)
    test = TESTS[asked.weights or ""] if not isinstance(asked.weights, tuple) else _fleming_harrington(*asked.weights)
    trend = f" for a trend over the groups in their order{cite('tarone1975')}" if asked.trend else ""
    strata = f", stratified by {mid_sentence(group_name(asked.stratify))}" if asked.stratify is not None else ""
    return Account(
        analysis=(
            f"The groups were compared in {what} by {test}{trend}{strata}.",
            *([f"P-values of pairs of groups were adjusted by {ADJUSTED[asked.adjust]}."] if asked.pairwise else []),
        ),
        limits=asked.limits,
    )


def of_hazard_ratios(estimate: Estimate) -> Account:
    """Return the account of hazard ratios; a model with several covariates uses another package."""
    asked = estimate.asked
    endpoint = endpoint_words(asked.endpoint)
    kind = "Cause-specific hazard ratios" if endpoint.competing_words else "Hazard ratios"
    covariates = asked.covariates or ()
    model = f" with {listed([mid_sentence(group_name(each)) for each in covariates])}" if covariates else ""
    limits = f"{percent(asked.level)} Wald confidence intervals"
    cox = f"by Cox's proportional hazards model{cite('cox1972')}{model}, with Efron's weights for ties"
    score = f"by the score test on the Kaplan-Meier time scale{cite('grambsch1994')}"
    return Account(
        analysis=(
            f"{kind} of {_name(endpoint)} were estimated {cox}{cite('efron1977')} and {limits}.",
            f"Proportional hazards were examined {score}.",
        ),
        missing=("Patients without a value of a covariate were not in the model.",) if covariates else (),
        limits=asked.limits,
        packages=("lifelines",) if covariates else (),
    )


def of_restricted_mean(estimate: Estimate) -> Account:
    """Return the account of a restricted mean."""
    asked = estimate.asked
    endpoint = endpoint_words(asked.endpoint)
    lost = bool(endpoint.competing_words)
    what = "The restricted mean time lost" if lost else "The restricted mean time without the event"
    area = "cumulative incidence" if lost else "Kaplan-Meier curve"
    source = cite("aalen1978") if lost else cite("kaplan1958")
    compared = asked.by is not None
    mean = f"{what} up to month {asked.months:g}{cite('royston2013')} was estimated for {_name(endpoint)}"
    limits = f"with normal {percent(asked.level)} confidence intervals"
    return Account(
        analysis=(
            f"{mean} as the area under the {area}{source}, {limits}.",
            *([f"P-values of its differences were adjusted by {ADJUSTED[asked.adjust]}."] if compared else []),
        ),
        limits=asked.limits if compared else None,
    )


def of_curve_differences(estimate: Estimate) -> Account:
    """Return the account of differences between curves at chosen months."""
    asked = estimate.asked
    name = _name(endpoint_words(asked.endpoint))
    limits = f"{percent(asked.level)} confidence intervals made from those of both curves{cite('zou2008')}"
    return Account(analysis=(f"Differences between the groups in {name} at single months have {limits}.",))


def _name(endpoint: Wording) -> str:
    return mid_sentence(endpoint.name)


def _outcome(estimate: Estimate, asked: SimpleNamespace, competing: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of an endpoint and its definition."""
    endpoint = endpoint_words(asked.endpoint)
    article = "the " if endpoint.event_words.startswith("first") else ""
    name = _name(endpoint)
    event = f"In the analysis of {name} the event was {article}{endpoint.event_words}"
    rival = f"{endpoint.competing_words} was {competing}, and patients with neither" if endpoint.competing_words else ""
    at_landmark = f"Only patients event-free and followed at the landmark were included{cite('anderson1983')}."
    censored = f"{rival or 'patients without it'} were censored at the end of follow-up"
    return name, (
        f"{event}, in months from {endpoint.time_zero}; {censored}.",
        *([at_landmark] if isinstance(asked.endpoint, Landmark) else []),
        *(["Patients observed only from later on were at risk from then."] if _late(estimate) else []),
    )


def _late(estimate: Estimate) -> bool:
    return LATE_ENTRIES in estimate.result.method


def _fleming_harrington(rho: float, gamma: float) -> str:
    return f"the Fleming-Harrington test ({rho:g}, {gamma:g}){cite('harrington1982')}"
