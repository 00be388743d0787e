"""The questions that a yearly figure can answer: each has its own denominator."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("proportion", "probability", "rate")


@dataclass(frozen=True)
class Estimand:
    """One way to count.

    Attributes
    ----------
    label
        For a switch.
    question
        What it answers; "{remission}" stands for what counts as remission.
    denominator
        Who is in it, in words.
    kind
        "proportion" (of patients), "probability" (estimated, allowing for who is no longer followed) or "rate" (per
        100 patient-years).
    """

    label: str
    question: str
    denominator: str
    kind: str = "proportion"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Unknown kind {self.kind!r} of the estimand {self.label}; known: {', '.join(KINDS)}.")

    def asked(self, remission: str = "complete remission") -> str:
        """Return the question, with the words of what counts as remission."""
        return self.question.format(remission=remission)


REMISSION_ESTIMANDS = {
    "assessed": Estimand(
        "Assessed",
        "How many of the patients assessed are in {remission} each year?",
        "patients alive at a visit with a known state near the year",
    ),
    "deaths_counted": Estimand(
        "Deaths counted",
        "How many of the patients assessed or dead are in {remission} each year?",
        "patients assessed, and those who died before they could be; deaths are not in remission",
    ),
    "all_due": Estimand(
        "All due",
        "How many of all patients who were due are known to be in {remission} each year?",
        "everyone but those not yet due; who died, was lost or was not seen is not in remission",
    ),
    "ever": Estimand(
        "Ever",
        "How many have been in {remission} at least once by the end of each year?",
        "all patients",
        "probability",
    ),
    "current": Estimand(
        "Current",
        "How many of all patients are alive and in {remission} at the end of each year?",
        "all patients",
        "probability",
    ),
}

RELAPSE_ESTIMANDS = {
    "assessed": Estimand(
        "Assessed",
        "How many of the patients assessed have a first relapse in each year?",
        "patients alive at a visit near the end of the year",
    ),
    "at_risk": Estimand(
        "At risk",
        "How many of those who enter the year in {remission} and without relapse have a first relapse in it?",
        "patients followed into the year, in remission and without a relapse so far",
    ),
    "rate": Estimand(
        "Rate",
        "How many first relapses are there per 100 patient-years in each year?",
        "time of the patients without a relapse so far",
        "rate",
    ),
    "cumulative": Estimand(
        "Cumulative",
        "How many have had a relapse by the end of each year?",
        "all patients",
        "probability",
    ),
}


def no_estimator(estimand: str) -> NotImplementedError:
    """Return the error of a way of counting that is listed here and computed nowhere."""
    return NotImplementedError(f"The estimand {estimand!r} has no estimator.")
