"""What left the house already: what would give away small counts together with it is refused.

Each figure hides its small counts by itself. Two figures of other patients, of other groups, or of who left when, can
give them away together: the one less the other (Hundepool et al. 2012, Statistical Disclosure Control, chapter 5). So
the first figure that leaves settles three things for all that follow: the patients, their groups with the threshold,
and in which one way the course of patients is told. `protected` then hides the same counts in every figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from analysis.disclosure.refused import NotSharedError
from analysis.estimates.description.baseline_table import baseline_table
from analysis.estimates.scores.trajectory import trajectory
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.estimate import Estimate

YEARLY = "counts at the end of each year"
# Settled apart, or no matter of which patients are counted.
HOW_PRINTED = ("cohort", "by", "level", "interval", "limits", "years")
# Tell nothing of when patients left or had an event; whatever is not known here is taken to tell it.
OF_NO_COURSE = (baseline_table, trajectory)
TOGETHER = (
    "A figure {} is in the same report or has left already, and the two together could give away small counts. Leave "
    "one of them out; what has left cannot be called back."
)


@dataclass(frozen=True)
class _Settled:
    """What the first figure settled: the patients by their fingerprint, their groups, the threshold."""

    patients: str
    by: object
    least: int


@dataclass
class Released:
    """What of a session has left the house while small counts were hidden.

    Attributes
    ----------
    settled
        By the first figure; None before it.
    course
        How the course of patients is told, by the first figure that tells it; None before it.
    ways
        How each other estimate was asked for.
    """

    settled: _Settled | None = None
    course: object = None
    ways: dict[str, object] = field(default_factory=dict)

    def copy(self) -> Released:
        """Return the same, to try what else may leave."""
        return replace(self, ways=dict(self.ways))

    def take(self, estimates: Iterable[Estimate], least: int) -> None:
        """Remember estimates that leave together, all or none; with a threshold of 0 nothing is remembered.

        Raises
        ------
        NotSharedError
            If they could give away small counts, with what left before or with each other.
        """
        if not least:
            return
        tried = self.copy()
        for estimate in estimates:
            _settle(tried, estimate, least)
        self.settled, self.course, self.ways = tried.settled, tried.course, tried.ways


def _settle(released: Released, estimate: Estimate, least: int) -> None:
    """Add an estimate to what is released, or refuse it."""
    asked = _Settled(estimate.cohort.fingerprint, estimate.options.get("by"), least)
    released.settled = released.settled or asked
    _check(released.settled, asked)
    course = _course(estimate)
    if course is not None:
        released.course = released.course or course
        if released.course != course:
            raise NotSharedError(TOGETHER.format("that tells in another way when patients died, left or had an event"))
    way = _way(estimate)
    if released.ways.setdefault(estimate.function.__name__, way) != way:
        raise NotSharedError(TOGETHER.format("of this kind with other settings"))


def _check(settled: _Settled, asked: _Settled) -> None:
    for same, what in (
        (settled.patients == asked.patients, "of other patients (another filter, or another file)"),
        (settled.by == asked.by, "compared by something else, or not compared as this one is,"),
        (settled.least == asked.least, f"with another threshold, counts below {settled.least} hidden,"),
    ):
        if not same:
            raise NotSharedError(TOGETHER.format(what))


def _course(estimate: Estimate) -> object:
    """Return how an estimate tells when patients left or had an event; None if it does not."""
    if estimate.function in OF_NO_COURSE:
        return None
    # Shares of those seen come from one ledger, whose counts are hidden alike; other ways have risk sets as well.
    return YEARLY if _of_ledger(estimate) else _way(estimate)


def _way(estimate: Estimate) -> object:
    """Return what makes a function count other patients than when it is asked in another way."""
    without = (*HOW_PRINTED, *(("estimand",) if _of_ledger(estimate) else ()))
    return estimate.function.__name__, {
        name: held for name, held in vars(estimate.asked).items() if name not in without
    }


def _of_ledger(estimate: Estimate) -> bool:
    return isinstance(estimate.result, Yearly) and estimate.result.estimand.disclosure.events == "of those seen"
