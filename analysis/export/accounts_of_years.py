"""Accounts of remission and relapse: by year, over time, and by patient."""

from __future__ import annotations

from analysis.centres.comparable import ALIKE, EVERY, ONE_EACH, Papers
from analysis.centres.published_fact import MSC
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.yearly.estimand import PROPORTION, Estimand
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.remission_estimands import CURRENT
from analysis.estimates.yearly.words import CENSORED
from analysis.export.account import Account, capital, listed, percent
from analysis.export.accounts_of_curves import ADJUSTED
from analysis.export.papers import PAPERS, cite
from analysis.facts.relapse import RelapseRule, relapse_rule
from analysis.facts.remission import RECORDED, RemissionRule, remission_rule, state_words
from analysis.figures.common.estimate import Estimate

AALEN_JOHANSEN = f"by the Aalen-Johansen method{cite('aalen1978')}"
PROPORTIONS = {
    "wilson": f"Wilson confidence intervals{cite('wilson1927')}",
    "clopper-pearson": f"Clopper-Pearson confidence intervals{cite('clopper1934')}",
}
# References of published definitions, by the name under which they were published, and of flares.
SOURCES = {
    "DORIS 2021": cite("vollenhoven2021"),
    "DORIS off treatment": cite("vollenhoven2017"),
    "LLDAS": cite("franklyn2016"),
    "KDIGO 2024": cite("kdigo2024"),
    "EULAR/ERA-EDTA 2019": cite("fanouriakis2020", "bertsias2012"),
    "Ranjbar 2022": cite("ranjbar2022"),
    "MSC-ROLE": cite("mscrole2019"),
    "SRI-4": cite("furie2009"),
    "SRI-4 without BILAG": cite("furie2009"),
    "BICLA": cite("wallace2014"),
    "Renal flare, KDIGO 2012": cite("kdigo2012"),
    "SELENA-type flare": cite("petri2005"),
}
FROM_BASELINE = (
    "Baseline was the last known value at or before transplantation; of patients without the baseline that the "
    "definition needs no state was told, and they were in no denominator."
)
PALE = (
    "Years to which fewer than half of the patients could have been followed are drawn pale; how many could was "
    f"estimated by the reverse Kaplan-Meier method{cite('schemper1996')}, with death and loss as censoring."
)
BETWEEN_VISITS = "The state was taken to change only at visits."


# What is said of each choice of papers that are pooled.
POOLED = {
    ALIKE: "of the same definition and denominator, from one paper a centre and period",
    ONE_EACH: "of any definition, from one paper a centre and period",
    EVERY: "of every paper, some of which may tell of the same patients",
}


_OF_NEXT_CENTRE = (
    f"were pooled from three centres on by a binomial-normal model with random effects{cite('stijnen2010')}, with the "
    f"prediction interval of the true share in a new centre{cite('higgins2009')}."
)
OF_CENTRE_SHARES = Account(
    analysis=(f"Shares of centres, with Clopper-Pearson intervals{cite('clopper1934')}, {_OF_NEXT_CENTRE}",)
)
OF_CENTRE_SURVIVAL = Account(
    analysis=(
        (
            "Survival of centres at a month, in effective numbers of patients that have Greenwood's variance"
            f"{cite('greenwood1926')}, {_OF_NEXT_CENTRE}"
        ),
    )
)


def of_published(papers: Papers) -> Account:
    """Return the account of published shares beside those of the cohort."""
    studies = list(dict.fromkeys(fact.study for fact in papers.facts if fact.treatment == MSC))
    own = ", with that of this cohort," if papers.with_own else ""
    told = (
        f"Published shares stand beside those of the cohort with Clopper-Pearson intervals{cite('clopper1934')}, and "
        f"are in no test. Those {POOLED[papers.pooled]}{own} were pooled from three on by a "
        f"binomial-normal model with random effects{cite('stijnen2010')}, with the prediction interval of the true "
        f"share in a new centre{cite('higgins2009')}. The papers are {listed(studies)}."
    )
    return Account(analysis=(told,))


def of_yearly_remission(estimate: Estimate) -> Account:
    """Return the account of remission by year."""
    rule = remission_rule(estimate.asked.rule)
    way = choose_estimand("remission", estimate.asked.estimand)
    return _of_estimand(estimate, way, state_words(rule, estimate.asked.response), _remission(estimate, rule))


def of_yearly_relapse(estimate: Estimate) -> Account:
    """Return the account of relapse by year."""
    remission = remission_rule(estimate.asked.remission)
    way = choose_estimand("relapse", estimate.asked.estimand)
    definitions = (
        *(_remission(estimate, remission) if way.in_papers.defines_remission else ()),
        *_relapse(relapse_rule(estimate.asked.rule)),
        "Only the first relapse of each patient counted.",
    )
    return _of_estimand(estimate, way, state_words(remission, estimate.asked.response), definitions)


def _of_estimand(estimate: Estimate, way: Estimand, state: str, definitions: tuple[str, ...]) -> Account:
    """Return the account of an estimand, in its own words."""
    asked, words = estimate.asked, way.in_papers
    visits = {"window": (_window(asked.window_months),), "between": (BETWEEN_VISITS,), "": ()}
    limits = PROPORTIONS[asked.interval] if way.kind == PROPORTION else _cited(words.limits)
    analysis = f"{_cited(words.analysis, state=state)}, with {percent(asked.level)} {limits}."
    missing = (_cited(words.missing, state=state),) if words.missing else ()
    return Account(definitions=definitions, visits=visits[words.visits], analysis=(analysis, PALE), missing=missing)


def of_share_differences(estimate: Estimate) -> Account:
    """Return the account of differences between groups by year."""
    return _differences(estimate.result.kind, estimate.asked.level, estimate.asked.limits)


def of_yearly_differences(estimate: Estimate, limits: SmallNumbers) -> Account:
    """Return the account of the difference that a verdict tells of yearly shares or rates."""
    return _differences(estimate.result.estimand.kind, estimate.asked.level, limits)


def _differences(kind: str, level: float, few: SmallNumbers) -> Account:
    if kind != PROPORTION:
        limits = f"confidence intervals made from those of both groups{cite('zou2008')}"
        return Account(analysis=(f"Differences between the groups each year have {limits}.",))
    limits = f"{percent(level)} confidence intervals by Newcombe's method 10{cite('newcombe1998')}"
    test = "were tested by Fisher's exact test, without adjustment for several years or pairs"
    return Account(analysis=(f"Differences between the groups each year have {limits} and {test}.",), limits=few)


def of_remission_range(estimate: Estimate) -> Account:
    """Return the account of the lowest and highest possible share."""
    asked = estimate.asked
    rule = remission_rule(asked.rule)
    state = state_words(rule, asked.response)
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
    state = state_words(rule, asked.response)
    estimated = f"was estimated {AALEN_JOHANSEN}, with {percent(asked.level)} {_cited(CURRENT.in_papers.limits)}"
    return Account(
        definitions=_remission(estimate, rule),
        visits=(BETWEEN_VISITS,),
        analysis=(f"The probability of being alive and in {state} over time {estimated}.",),
        missing=(CENSORED,),
    )


def of_time_in_remission(estimate: Estimate) -> Account:
    """Return the account of the mean time in remission."""
    asked = estimate.asked
    rule = remission_rule(asked.rule)
    state, compared = state_words(rule, asked.response), asked.by is not None
    area = f"as the area under the probability of being alive and in it, {AALEN_JOHANSEN}"
    limits = f"with normal {percent(asked.level)} confidence intervals from the infinitesimal jackknife"
    return Account(
        definitions=_remission(estimate, rule),
        visits=(BETWEEN_VISITS,),
        analysis=(
            f"The mean time in {state} up to month {asked.months:g} was estimated {area}, {limits}.",
            *([f"P-values of its differences were adjusted by {ADJUSTED[asked.adjust]}."] if compared else []),
        ),
        missing=(CENSORED,),
        limits=asked.limits if compared else None,
    )


def of_share_of_time(estimate: Estimate) -> Account:
    """Return the account of the share of observed time."""
    asked = estimate.asked
    rule = remission_rule(asked.rule)
    state = state_words(rule, asked.response)
    shared = f"The share of the observed time that was spent in {state} is the sum of the times of all patients in it"
    limits = f"{percent(asked.level)} confidence intervals from the variance of a ratio{cite('cochran1977')}"
    return Account(
        definitions=_remission(estimate, rule),
        visits=("A state at a visit was kept until the next one.",),
        analysis=(f"{shared} over the sum of their observed times, with {limits}.",),
        missing=("Time after the last visit with a known state was not observed.",),
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


def of_mean_relapses(estimate: Estimate) -> Account:
    """Return the account of the mean number of relapses."""
    asked = estimate.asked
    limits = f"{percent(asked.level)} confidence intervals on the log scale from its robust variance"
    estimated = f"death as a terminal event, was estimated by the method of Ghosh and Lin{cite('ghosh2000')}"
    return Account(
        definitions=(*_relapse(relapse_rule(asked.rule)), "Every relapse of a patient counted."),
        analysis=(f"The mean number of relapses per patient, with {estimated}, with {limits}.",),
        missing=("Patients no longer followed were censored at their last contact.",),
    )


def of_mean_differences(estimate: Estimate) -> Account:
    """Return the account of differences between mean numbers of relapses at a month."""
    limits = f"{percent(estimate.asked.level)} confidence intervals made from those of both curves{cite('zou2008')}"
    return Account(analysis=(f"Differences between the groups in mean numbers of relapses have {limits}.",))


def of_relapse_rates(estimate: Estimate) -> Account:
    """Return the account of ratios of relapse rates."""
    asked = estimate.asked
    model = f"by the proportional rates model of Lin, Wei, Yang and Ying{cite('lin2000')}"
    limits = f"robust {percent(asked.level)} Wald confidence intervals"
    return Account(
        definitions=(*_relapse(relapse_rule(asked.rule)), "Every relapse of a patient counted."),
        analysis=(
            f"The rates of relapse of living patients were compared {model}, with {limits}.",
            f"Rate ratios by negative binomial regression{cite('lawless1987')}, per patient-year, are given too.",
        ),
        limits=asked.limits,
    )


def of_turnbull(estimate: Estimate) -> Account:
    """Return the account of a time between visits."""
    event = f"The time to the first {estimate.asked.event}, which is only known to lie between two visits,"
    return Account(
        analysis=(f"{event} was estimated by Turnbull's method{cite('turnbull1976')}.",),
        missing=("Patients whose visits did not show it, also those who died, were censored at their last visit.",),
    )


def of_relapse_gaps(estimate: Estimate) -> Account:
    """Return the account of gaps between relapses."""
    told = "Gaps between relapses are those of patients who had a further relapse, without an estimate."
    return Account(definitions=_relapse(relapse_rule(estimate.asked.rule)), analysis=(told,))


def _remission(estimate: Estimate, rule: RemissionRule) -> tuple[str, ...]:
    """Return the definition of remission, and which of its parts could not be applied."""
    if rule == RECORDED:
        return ("Remission was taken as recorded by the clinic at the visit.",)
    absent = rule.not_applied(estimate.cohort)
    cited = f"{rule.published}{SOURCES.get(rule.published, '')}"
    words = rule.words.replace(rule.published, cited, 1) if rule.published else rule.words
    parts = f"Of this definition {'one condition' if len(absent) == 1 else 'these conditions'} could not be checked: "
    return (
        f"{capital(rule.state)} was defined {words}.",
        *([FROM_BASELINE] if rule.from_baseline else []),
        *([f"{parts}{listed(absent)}."] if absent else []),
    )


def _relapse(rule: RelapseRule) -> tuple[str, ...]:
    how = "taken" if rule.words.startswith("as ") else "defined"
    return (f"Relapses were {how} {rule.words}{SOURCES.get(rule.name, '')}.",)


def _window(months: float) -> str:
    return (
        "The visit nearest to the end of each year after transplantation (12 months, 24 months and so on), at most "
        f"{months:g} months before or after it, stood for that year."
    )


def _cited(words: str, **named: str) -> str:
    """Return words with citations in the place of keys of papers, such as "{aalen1978}"."""
    return words.format(**named, **{key: cite(key) for key in PAPERS})
