"""The estimands of yearly remission."""

from __future__ import annotations

from analysis.cohort.arrays import Flags
from analysis.cohort.wording import count_words
from analysis.counts.places import Profiles
from analysis.counts.yearly_counts import FIRST_EVENTS, STAYS
from analysis.estimates.yearly.estimand import (
    DIED_IN_REMISSION,
    PROBABILITY,
    CountedYears,
    DisclosedCounts,
    Estimand,
    InPapers,
)
from analysis.estimates.yearly.estimators import (
    incidence,
    incidence_curve,
    proportion,
    state_probability,
    state_probability_curve,
)
from analysis.estimates.yearly.words import (
    CENSORED,
    CUMULATIVE_INCIDENCE,
    LOG_LOG,
    NO_TEST_OF_A_CURVE,
    OF_ALL_BY_INCIDENCE,
)
from analysis.estimates.yearly.yearly_numbers import Numbers

DIED = "died after a visit in remission"  # in the method sentence
SEEN = ("in_remission", "dead")
FIRST = ("observed", "happened", "at_risk")


def _seen_in_remission(profiles: Profiles) -> Flags:
    seen: Flags = profiles["in_remission"] & profiles.enrolled
    return seen


def _alive_in_remission(profiles: Profiles) -> Flags:
    return _seen_in_remission(profiles) & ~profiles["dead"]


def _died_in_remission(profiles: Profiles) -> Flags:
    return _seen_in_remission(profiles) & profiles["dead"]


def _window_words(numbers: Numbers) -> list[str]:
    return [f"visits within {numbers.settings.of_each.window_months:g} months of the year, the nearest one"]


def _died(counted: CountedYears) -> int:
    # A year of a patient who is in two groups is there twice.
    return int(counted.shown.number_of(_died_in_remission(counted.shown.profiles)).sum())


def _died_words(numbers: Numbers) -> list[str]:
    died = numbers.mentioned[DIED]
    words = (
        f"{count_words(died, 'patient-year')} of patients who died by the end of the year after a visit in remission"
    )
    return [] if died == 0 else [f"{words}, not counted"]


ASSESSED = Estimand(
    name="assessed",
    outcome="remission",
    columns=SEEN,
    in_denominator=lambda profiles: profiles.among(["assessed"]),
    counted=_seen_in_remission,
    estimate=proportion,
    label="Assessed",
    question="How many of the patients assessed are in {remission} each year?",
    denominator="patients alive at a visit with a known state near the year",
    how=_window_words,
    title="In {remission}",
    reading="in {remission}",
    of="assessed",
    short="% of assessed",
    caution="Each year's bar counts only the patients assessed in that year.",
    range="the dead not counted",
    disclosure=DisclosedCounts(("assessed",), "of those seen"),
    in_papers=InPapers(
        "The share in {state} each year was taken of the patients alive at a visit with a known state near the end of "
        "that year",
        "Patients without a visit near the end of a year were not counted in that year.",
    ),
)

DEATHS_COUNTED = Estimand(
    name="deaths_counted",
    outcome="remission",
    columns=SEEN,
    in_denominator=lambda profiles: profiles.among(["assessed", "died_before"]),
    counted=_alive_in_remission,
    beside={DIED_IN_REMISSION: _died_in_remission},
    mentions={DIED: _died},
    estimate=proportion,
    from_start=True,
    label="Deaths counted",
    question="How many of the patients assessed or dead are in {remission} each year?",
    denominator="patients assessed, and those who died before they could be; deaths are not in remission",
    how=_window_words,
    notes=_died_words,
    title="In {remission}",
    reading="in {remission}",
    of="assessed or dead",
    short="% of assessed or dead",
    caution="Each year's bar counts the patients assessed in that year and those who died before.",
    range="the dead counted as not in remission",
    disclosure=DisclosedCounts(("assessed", "died_before"), "of those seen"),
    in_papers=InPapers(
        "The share in {state} each year was taken of the patients assessed near the end of that year and of those who "
        "had died by then, who counted as not in {state}",
        "Living patients without a visit near the end of a year were not counted in that year.",
    ),
)

ALL_DUE = Estimand(
    name="all_due",
    outcome="remission",
    columns=SEEN,
    in_denominator=lambda profiles: profiles.enrolled & ~profiles.among(["not_yet_due"]),
    counted=_alive_in_remission,
    beside={DIED_IN_REMISSION: _died_in_remission},
    mentions={DIED: _died},
    estimate=proportion,
    from_start=True,
    label="All due",
    question="How many of all patients who were due are known to be in {remission} each year?",
    denominator="everyone but those not yet due; who died, was lost or was not seen is not in remission",
    how=_window_words,
    notes=_died_words,
    title="In {remission}",
    reading="in {remission}",
    of="due",
    short="% of all due",
    caution="Each year's bar counts everyone who was due; who was not seen is not in remission.",
    disclosure=DisclosedCounts(("not_yet_due",), "of those seen"),
    in_papers=InPapers(
        "The share in {state} each year was taken of all patients who were due by then, of whom those who had died, "
        "were lost or had no visit counted as not in {state}",
        "Patients not yet due were not counted.",
    ),
)

EVER = Estimand(
    name="ever",
    outcome="remission",
    columns=FIRST,
    tables=(FIRST_EVENTS,),
    in_denominator=lambda profiles: profiles["observed"],
    counted=lambda profiles: profiles["happened"],
    beside={"at_risk": lambda profiles: profiles["at_risk"]},
    curve=incidence_curve,
    estimate=incidence,
    kind=PROBABILITY,
    label="Ever",
    question="How many have been in {remission} at least once by the end of each year?",
    denominator="all patients",
    title="Ever in {remission}",
    reading="ever in {remission}",
    of="at risk",
    short="%",
    caution=OF_ALL_BY_INCIDENCE,
    estimator="cumulative incidence",
    no_test=NO_TEST_OF_A_CURVE,
    disclosure=DisclosedCounts((), "rising"),
    in_papers=InPapers(
        f"The share that had been in {{state}} at least once by the end of each year {CUMULATIVE_INCIDENCE}",
        CENSORED,
        LOG_LOG,
        visits="between",
    ),
)


def _followed(profiles: Profiles) -> Flags:
    followed: Flags = profiles.enrolled & profiles["entered"] & ~profiles["dead"] & profiles["followed"]
    return followed


CURRENT = Estimand(
    name="current",
    outcome="remission",
    columns=("entered", "dead", "followed", "in_remission_at_end"),
    tables=(FIRST_EVENTS, STAYS),
    in_denominator=lambda profiles: profiles.enrolled & profiles["entered"],
    counted=lambda profiles: _followed(profiles) & profiles["in_remission_at_end"],
    beside={"at_risk": _followed},
    curve=state_probability_curve,
    estimate=state_probability,
    kind=PROBABILITY,
    label="Current",
    question="How many of all patients are alive and in {remission} at the end of each year?",
    denominator="all patients",
    title="Alive and in {remission}",
    reading="in {remission}",
    of="at risk",
    short="%",
    caution="Estimated from all patients (state probability, Aalen-Johansen), allowing for those no longer followed; "
    "at risk are those alive and still followed.",
    estimator="state probability",
    no_test="no test of a state probability",
    disclosure=DisclosedCounts((), "own"),
    in_papers=InPapers(
        "The probability of being alive and in {state} at the end of each year was estimated by the Aalen-Johansen "
        "method{aalen1978}, for a state that may be left and entered again",
        CENSORED,
        f"{LOG_LOG} from the infinitesimal jackknife",
        visits="between",
    ),
)

# In the order of the switch and of the strip on the page; the first is the default.
WAYS = (ASSESSED, DEATHS_COUNTED, ALL_DUE, EVER, CURRENT)
