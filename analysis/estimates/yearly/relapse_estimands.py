"""The estimands of yearly relapse."""

from __future__ import annotations

from analysis.cohort.arrays import Flags
from analysis.cohort.wording import count_words
from analysis.counts.places import Profiles
from analysis.counts.yearly_counts import FIRST_EVENTS
from analysis.estimates.yearly.estimand import PROBABILITY, RATE, CountedYears, DisclosedCounts, Estimand, InPapers
from analysis.estimates.yearly.estimators import incidence, incidence_curve, person_years, proportion, rate
from analysis.estimates.yearly.words import (
    CENSORED,
    CUMULATIVE_INCIDENCE,
    LOG_LOG,
    NO_TEST_OF_A_CURVE,
    OF_ALL_BY_INCIDENCE,
)
from analysis.estimates.yearly.yearly_numbers import Numbers

# Numbers in the method sentence.
OUTSIDE, BEFORE = "first relapses in no bar", "first relapses before any remission"
ENTERING_FIRST, CUT_SHORT = "patients entering year 1", "years not followed to the end"
RELAPSE = ("relapsed", "before_remission")


def _outside(counted: CountedYears) -> int:
    relapsed = counted.shown.profiles["relapsed"] & ~counted.counted.any(axis=0)
    return counted.shown.distinct(relapsed) if counted.shown.years else 0


def _before(counted: CountedYears) -> int:
    told = counted.counts.tells_states and counted.shown.years
    return counted.shown.distinct(counted.shown.profiles["before_remission"]) if told else 0


OF_RELAPSES = {OUTSIDE: _outside, BEFORE: _before}


def _outside_words(numbers: Numbers, whose: str = "") -> list[str]:
    """Return how many first relapses are in no bar, and how many came before any remission."""
    outside, before = numbers.mentioned[OUTSIDE], numbers.mentioned[BEFORE]
    remission = numbers.settings.of_each.remission_words
    notes = [] if outside == 0 else [f"{count_words(outside, 'first relapse')}{whose} in no bar"]
    return notes if before == 0 else [*notes, f"{count_words(before, 'first relapse')} before any {remission}"]


def _window_words(numbers: Numbers) -> list[str]:
    return [f"visits within {numbers.settings.of_each.window_months:g} months of the end of the year"]


def _assessed(profiles: Profiles) -> Flags:
    return profiles.among(["assessed"])


ASSESSED = Estimand(
    name="assessed",
    outcome="relapse",
    columns=(*RELAPSE, "seen_with_first"),
    in_denominator=_assessed,
    counted=lambda profiles: _assessed(profiles) & profiles["seen_with_first"],
    estimate=proportion,
    label="Assessed",
    question="How many of the patients assessed have a first relapse in each year?",
    denominator="patients alive at a visit near the end of the year",
    how=_window_words,
    mentions=OF_RELAPSES,
    notes=lambda numbers: _outside_words(numbers, " of patients not seen then"),
    title="With a first relapse",
    reading="first relapse in",
    of="assessed",
    short="% of assessed",
    caution="Each year's bar counts only the patients assessed in that year.",
    disclosure=DisclosedCounts(("assessed",), "of those seen"),
    in_papers=InPapers(
        "The share with a first relapse in each year was taken of the patients alive at a visit near its end",
        "Patients without a visit near the end of a year were not counted in that year.",
        defines_remission=False,
    ),
)


def _entering(profiles: Profiles) -> Flags:
    entering: Flags = profiles.enrolled & profiles["enters"]
    return entering


def _entering_first(counted: CountedYears) -> int:
    return counted.shown.distinct(counted.in_denominator & (counted.shown.ends == 12)[:, None])


def _cut_short(counted: CountedYears) -> int:
    return counted.shown.distinct(counted.in_denominator & counted.shown.profiles["enters_cut_short"])


def _entering_words(numbers: Numbers) -> list[str]:
    words, cut_short = ["the state at the last visit by the start of the year"], numbers.mentioned[CUT_SHORT]
    if numbers.mentioned[ENTERING_FIRST] == 0:
        words.append("nobody is in remission at transplantation, so nobody enters year 1")
    if cut_short != 0:
        words.append(f"{count_words(cut_short, 'patient-year')} not followed to the end, counted as without relapse")
    return words


AT_RISK = Estimand(
    name="at_risk",
    outcome="relapse",
    columns=(*RELAPSE, "enters", "enters_with_first", "enters_cut_short"),
    in_denominator=_entering,
    counted=lambda profiles: profiles.enrolled & profiles["enters_with_first"],
    estimate=proportion,
    label="At risk",
    question="How many of those who enter the year in {remission} and without relapse have a first relapse in it?",
    denominator="patients followed into the year, in remission and without a relapse so far",
    how=_entering_words,
    mentions={**OF_RELAPSES, ENTERING_FIRST: _entering_first, CUT_SHORT: _cut_short},
    notes=_outside_words,
    title="First relapse in the year",
    reading="first relapse in",
    of="at risk",
    short="% of those at risk",
    caution="Each year's bar counts those who entered it in remission and without relapse.",
    disclosure=DisclosedCounts((), "own"),
    in_papers=InPapers(
        "The share with a first relapse in each year was taken of the patients followed into it, in {state} at the "
        "last visit before it and without a relapse so far",
        "",
        visits="",
    ),
)

RATE_OF_RELAPSES = Estimand(
    name="rate",
    outcome="relapse",
    columns=(*RELAPSE, "contributes", "in_year"),
    tables=(FIRST_EVENTS,),
    in_denominator=lambda profiles: profiles["contributes"],
    counted=lambda profiles: profiles["in_year"],
    person_years=person_years,
    estimate=rate,
    kind=RATE,
    label="Rate",
    question="How many first relapses are there per 100 patient-years in each year?",
    denominator="time of the patients without a relapse so far",
    mentions=OF_RELAPSES,
    notes=_outside_words,
    title="First relapses",
    reading="first relapse in",
    of="patients",
    short="per 100 patient-years",
    caution="The time is that of the patients without a relapse so far.",
    no_test="no test of a rate",
    disclosure=DisclosedCounts((), "leaving"),
    in_papers=InPapers(
        "First relapses in each year were counted per 100 patient-years without an earlier relapse",
        CENSORED,
        "exact Poisson confidence intervals{garwood1936}",
        visits="",
        defines_remission=False,
    ),
)

CUMULATIVE = Estimand(
    name="cumulative",
    outcome="relapse",
    columns=(*RELAPSE, "observed", "happened", "at_risk"),
    tables=(FIRST_EVENTS,),
    in_denominator=lambda profiles: profiles["observed"],
    counted=lambda profiles: profiles["happened"],
    beside={"at_risk": lambda profiles: profiles["at_risk"]},
    curve=incidence_curve,
    estimate=incidence,
    kind=PROBABILITY,
    label="Cumulative",
    question="How many have had a relapse by the end of each year?",
    denominator="all patients",
    mentions=OF_RELAPSES,
    notes=_outside_words,
    title="Relapsed so far",
    reading="relapsed so far",
    of="at risk",
    short="%",
    caution=OF_ALL_BY_INCIDENCE,
    estimator="cumulative incidence",
    no_test=NO_TEST_OF_A_CURVE,
    disclosure=DisclosedCounts((), "rising"),
    in_papers=InPapers(
        f"The share with a relapse by the end of each year {CUMULATIVE_INCIDENCE}",
        CENSORED,
        LOG_LOG,
        visits="",
        defines_remission=False,
    ),
)

# In the order of the switch and of the strip on the page; the first is the default.
WAYS = (ASSESSED, AT_RISK, RATE_OF_RELAPSES, CUMULATIVE)
