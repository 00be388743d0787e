"""Accounts of measures at visits and of the baseline table."""

from __future__ import annotations

from analysis.cohort.column_words import in_unit, known_responses, measure_words, response_words
from analysis.cohort.egfr import egfr_is_computed
from analysis.cohort.measurement_limits import HALVED, LEFT_OUT, USED, has_limits
from analysis.estimates.description.baseline_table import BaselineTable
from analysis.estimates.scores.response_share import usual_response
from analysis.estimates.scores.severity_bands import MEASURE as BANDED
from analysis.export.account import Account, capital, months_words, percent
from analysis.export.accounts_of_years import PROPORTIONS
from analysis.export.papers import cite
from analysis.figures.common.estimate import Estimate

SPREADS = {
    ("mean", "ci"): "95 % confidence intervals of the t distribution",
    ("mean", "sd"): "the standard deviation",
    ("mean", "iqr"): "the quartiles",
    ("median", "ci"): "95 % confidence intervals by order statistics",
    ("median", "iqr"): "the quartiles",
    ("geometric mean", "ci"): f"95 % confidence intervals of the logarithms{cite('bland1996')}",
    ("geometric mean", "sd"): f"the geometric standard deviation{cite('bland1996')}",
}
SCHEMES = {"cook": cite("cook2000"), "bsr": cite("gordon2018"), "malaysia": cite("malaysia2024")}

# Author and year in the vocabulary, and the paper.
SOURCES = {
    "Dati et al. 1996": "dati1996",
    "Fanouriakis et al. 2020": "fanouriakis2020",
    "Franklyn et al. 2016": "franklyn2016",
    "Furie et al. 2009": "furie2009",
    "Furie et al. 2014": "furie2014",
    "Gladman et al. 2002": "gladman2002",
    "Kratz et al. 2004": "kratz2004",
    "van Vollenhoven et al. 2021": "vollenhoven2021",
}

LIMITS = {
    USED: "Values beyond a limit of measurement were taken at the limit.",
    HALVED: f"Values below a limit of measurement were taken at half of it{cite('hornung1990')}, above one at it.",
    LEFT_OUT: "Values beyond a limit of measurement were left out.",
}

COMPUTED_EGFR = (
    "The glomerular filtration rate was estimated from creatinine, age and sex by the equation of CKD-EPI 2021"
    f"{cite('inker2021')}."
)
SEEN = "Values at a month are of the patients seen then."


def of_trajectory(estimate: Estimate) -> Account:
    """Return the account of a measure over time."""
    asked = estimate.asked
    change = {False: "", True: "change of ", "percent": "change in percent of "}[asked.change]
    measure = measure_words(asked.measure) if asked.change == "percent" else in_unit(asked.measure)
    same = "Only patients with a value at every one of these months were included."
    return Account(
        visits=_scheduled(estimate),
        analysis=(_described(f"{change}{measure}", asked.centre, asked.spread),),
        missing=(same if asked.same_patients else SEEN,),
    )


def of_patient_changes(estimate: Estimate) -> Account:
    """Return the account of the change of each patient."""
    asked = estimate.asked
    described = _described(f"change of {in_unit(asked.measure)}", "mean", "ci")
    return Account(visits=_scheduled(estimate), analysis=(described,), missing=(SEEN,))


def of_cumulative_dose(estimate: Estimate) -> Account:
    """Return the account of cumulative doses."""
    dose = f"cumulative dose of prednisone in the first {estimate.asked.months:g} months"
    return Account(
        visits=("A dose of prednisone was kept from its visit until the next visit with a dose.",),
        analysis=(_described(dose, "mean", "ci"),),
        missing=("Cumulative doses are of the patients who were followed so long.",),
    )


def of_treatment_shares(estimate: Estimate) -> Account:
    """Return the account of the shares of patients on each drug."""
    asked = estimate.asked
    limits = f"{percent(asked.level)} {PROPORTIONS[asked.interval]}"
    taken = "A patient took a drug from its recorded start, no longer at its stop, and without a stop to the end of"
    return Account(
        visits=(f"{taken} follow-up.",),
        analysis=(f"The share on each drug is of the patients alive and followed at the month, with {limits}.",),
        missing=("Patients without any recorded treatment counted as not on it.",),
    )


def of_dropout(estimate: Estimate) -> Account:
    """Return the account of drop-out."""
    reasons = "death, loss, a missing visit or a date not yet due"
    unlike = f"Those who left may have differed from those who came again{cite('diggle1994')}."
    return Account(
        visits=_scheduled(estimate),
        analysis=(f"The last value of each patient is marked by why none follows: {reasons}.",),
        missing=(unlike,),
    )


def of_change_differences(estimate: Estimate) -> Account:
    """Return the account of differences in change between groups."""
    asked = estimate.asked
    change = f"mean change of {in_unit(asked.measure)} since month {min(asked.schedule):g}"
    limits = f"95 % confidence intervals and a test by Welch's method{cite('welch1947')}"
    same = "Only patients with a value at every one of these months were included."
    return Account(
        visits=_scheduled(estimate),
        analysis=(
            f"Differences between the groups in the {change} have {limits}, without adjustment for several months.",
        ),
        missing=(same,) if asked.same_patients else ("Changes are of the patients with both values.",),
        limits=asked.limits,
    )


def of_response_share(estimate: Estimate) -> Account:
    """Return the account of the share of patients with a response."""
    asked = estimate.asked
    response = usual_response(asked.measure) if asked.response is None else asked.response
    sources = [each.source for each in known_responses(asked.measure) if each.response == response]
    source = cite(*(SOURCES[each] for each in sources)) if sources else ""
    share = f"The share with {response_words(response, asked.measure)}{source}"
    return Account(
        visits=_scheduled(estimate),
        analysis=(f"{share} is given with {percent(asked.level)} {PROPORTIONS[asked.interval]}.",),
        missing=("Changes are of the patients with both values." if response.is_change else SEEN,),
    )


def of_severity_bands(estimate: Estimate) -> Account:
    """Return the account of bands of SLEDAI."""
    asked = estimate.asked
    shares = f"Shares of patients in bands of SLEDAI{SCHEMES[asked.scheme]}"
    limits = f"{percent(asked.level)} {PROPORTIONS[asked.interval]}"
    return Account(visits=_scheduled(estimate), analysis=(f"{shares} are given with {limits}.",), missing=(SEEN,))


def of_mixed_model(estimate: Estimate) -> Account:
    """Return the account of means from a mixed model."""
    asked = estimate.asked
    model = f"a linear mixed model{cite('laird1982')} with a random intercept for each patient"
    fitted = f"{model} and a mean for each scheduled month, fitted by restricted maximum likelihood"
    return Account(
        visits=_scheduled(estimate),
        analysis=(f"Means of {in_unit(asked.measure)} were also estimated by {fitted}.",),
        missing=("These means hold where values are missing at random.",),
        packages=("statsmodels",),
    )


def of_baseline(estimate: Estimate) -> Account:
    """Return the account of the baseline table."""
    numbers = "counts and percent, or mean and standard deviation or median and quartiles, of those with a value"
    given = f"Characteristics at transplantation are given as {numbers}."
    if estimate.asked.by is None:
        return Account(analysis=(given,))
    sources = cite("austin2009", *(["yang2012"] if _several_levels(estimate.result) else []))
    compared = f"Groups are compared at transplantation by standardised differences{sources}, and not tested."
    return Account(analysis=(given, compared))


def _several_levels(result: BaselineTable) -> bool:
    """Return whether a characteristic has more than two exclusive levels."""
    levels = result.numbers[result.numbers["kind"] == "levels"]
    return bool((levels.groupby("characteristic")["level"].nunique() > 2).any())


def _described(what: str, centre: str, spread: str) -> str:
    return f"{capital(what)} is described by the {centre} with {SPREADS[centre, spread]}."


def _scheduled(estimate: Estimate) -> tuple[str, ...]:
    """Return which visits are used, and how values at a limit of measurement are, if there are any."""
    asked = estimate.asked
    near = (
        "up to half-way to the next" if asked.window_months is None else f"at most {asked.window_months:g} months off"
    )
    visits = f"Each patient's visit nearest to {months_words(asked.schedule)}, {near}, stood for that month."
    measure = getattr(asked, "measure", BANDED)
    limits = [LIMITS[asked.at_limit]] if has_limits(estimate.cohort, measure) else []
    computed = [COMPUTED_EGFR] if egfr_is_computed(estimate.cohort, measure) else []
    return visits, *limits, *computed
