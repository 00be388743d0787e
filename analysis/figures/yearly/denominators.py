"""The words for the denominator of each estimand."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS


@dataclass(frozen=True)
class Denominator:
    """The words for the denominator of an estimand.

    Attributes
    ----------
    of
        The denominator, after "12 of 39".
    short
        The same in an axis title; "" if the share is of all patients.
    caution
        A sentence that prevents a common misreading.
    estimator
        The estimator of a share that is no fraction of counts; "" for one that is.
    """

    of: str
    short: str
    caution: str
    estimator: str = ""

    @property
    def nobody(self) -> str:
        """The words for a denominator of 0: "0 assessed" or "0 counted"."""
        return f"0 {self.of if self.of == 'assessed' else 'counted'}"


_INCIDENCE = (
    "Estimated from all patients (cumulative incidence, death competes), allowing for those no longer followed; "
    "at risk are those still followed without it so far."
)
_PROBABILITY = (
    "Estimated from all patients (state probability, Aalen-Johansen), allowing for those no longer followed; "
    "at risk are those alive and still followed."
)
DENOMINATORS = {
    "assessed": Denominator(
        "assessed", "% of assessed", "Each year's bar counts only the patients assessed in that year."
    ),
    "deaths_counted": Denominator(
        "assessed or dead",
        "% of assessed or dead",
        "Each year's bar counts the patients assessed in that year and those who died before.",
    ),
    "all_due": Denominator(
        "due", "% of all due", "Each year's bar counts everyone who was due; who was not seen is not in remission."
    ),
    "ever": Denominator("at risk", "%", _INCIDENCE, "cumulative incidence"),
    "current": Denominator("at risk", "%", _PROBABILITY, "state probability"),
    "at_risk": Denominator(
        "at risk", "% of those at risk", "Each year's bar counts those who entered it in remission and without relapse."
    ),
    "cumulative": Denominator("at risk", "%", _INCIDENCE, "cumulative incidence"),
    "rate": Denominator(
        "patients", "per 100 patient-years", "The time is that of the patients without a relapse so far."
    ),
}


if unsaid := {*REMISSION_ESTIMANDS, *RELAPSE_ESTIMANDS} ^ DENOMINATORS.keys():
    raise NotImplementedError(f"Estimands and the words of their denominators differ in {', '.join(sorted(unsaid))}.")
