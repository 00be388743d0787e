"""Published numbers that can stand beside one's own at a time: how each differs, and which of them may be pooled."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.centres.published_fact import (
    DENOMINATORS,
    LUPUS,
    MSC,
    OTHER,
    OUTCOMES,
    Measure,
    PublishedFact,
    shared_centre,
)

ALIKE, ONE_EACH, EVERY = "alike", "one_each", "every"
# Which published numbers are pooled, to its words.
POOLS = {
    ALIKE: "Same definition, one paper a centre",
    ONE_EACH: "Any definition, one paper a centre",
    EVERY: "Every paper",
}
SLACK = 1e-9
_RANK = {outcome: place for place, outcome in enumerate(OUTCOMES)}


@dataclass(frozen=True)
class Present:
    """What one's own number counts.

    Attributes
    ----------
    measure
        What it tells of.
    outcome
        The outcome in words, such as "complete remission".
    same
        The published outcomes that mean the same.
    denominator
        The published denominator that means the same; "" if none does.
    counted
        Who is in its own denominator, in words after "of".
    """

    measure: Measure
    outcome: str
    same: tuple[str, ...]
    denominator: str
    counted: str


@dataclass(frozen=True)
class Papers:
    """The published numbers that are looked at, and how they are pooled.

    Attributes
    ----------
    facts
        The numbers.
    pooled
        Which of them are pooled, one of `POOLS`.
    with_own
        Whether one's own number is pooled with them, and not only beside them.
    imitated
        The study that one's own cohort imitates: never pooled with it; "" for none.

    Raises
    ------
    ValueError
        If it is not known what is pooled.
    """

    facts: tuple[PublishedFact, ...]
    pooled: str = ALIKE
    with_own: bool = False
    imitated: str = ""

    def __post_init__(self) -> None:
        if self.pooled not in POOLS:
            raise ValueError(f"Unknown choice of papers {self.pooled!r}; known are {', '.join(POOLS)}.")


@dataclass(frozen=True)
class Comparable:
    """A published number beside one's own.

    Attributes
    ----------
    fact
        The number.
    differs
        How its definition, denominator or patients differ from one's own, in words; empty if nothing told does.
    left_out
        Why it is not pooled, in words; "" if it is.
    repeats
        Whether it is left out because the same patients may be in another paper, or are in another row of this one.
    shares_centre
        A centre that it shares with another pooled paper; "" for none.
    """

    fact: PublishedFact
    differs: tuple[str, ...]
    left_out: str = ""
    repeats: bool = False
    shares_centre: str = ""

    @property
    def other_treatment(self) -> bool:
        """Whether its patients had another treatment than MSC; it is drawn as such and never pooled."""
        return self.fact.treatment != MSC

    @property
    def stands_beside(self) -> bool:
        """Whether it is drawn where one number of each centre is: if it could be pooled, or is of another treatment."""
        return not self.left_out or self.other_treatment

    @property
    def treatment(self) -> str:
        """Its treatment in words."""
        return "another treatment" if self.fact.treatment == OTHER else self.fact.treatment

    @property
    def name(self) -> str:
        """The name of its study, with the treatment if that is another one."""
        return f"{self.fact.study} ({self.treatment})" if self.other_treatment else self.fact.study


def comparable(papers: Papers, present: Present, months: float, window_months: float) -> list[Comparable]:
    """Return the published numbers at a time, and which of them are pooled: of patients with MSC alone.

    Of a paper with several numbers the one that is most like one's own stands for it. Of papers that may tell of the
    same patients (`shared_centre`), one is pooled: like one's own before others, then the one that enrolled more;
    unless every paper is asked for.

    Parameters
    ----------
    papers
        The numbers, and how they are pooled.
    present
        What one's own number counts.
    months
        The time.
    window_months
        How far from it a published time may be.

    Examples
    --------
    >>> from analysis.centres.published_list import published_facts
    >>> own = Present("remission", "complete remission", ("complete remission",), "assessed", "assessed")
    >>> for each in comparable(Papers(published_facts(), "one_each"), own, 12, 3):
    ...     print(each.fact.study, each.fact.events, each.left_out or "pooled", sep="; ")
    Wang 2013; 23; pooled
    Wang 2014; 13; may count patients of Wang 2013 (Nanjing)
    Gu 2014; 49; may count patients of Wang 2013 (Nanjing)
    Barbado 2018; 2; pooled
    Wen 2019; 40; may count patients of Wang 2013 (Nanjing)
    Wen 2019; 16; may count patients of Wang 2013 (Nanjing)
    """
    near = [
        Comparable(fact, differences(fact, present, months))
        for fact in papers.facts
        if fact.measure == present.measure
        and fact.months is not None
        and abs(fact.months - months) <= window_months + SLACK
    ]
    chosen: list[Comparable] = []
    found: dict[PublishedFact, Comparable] = {}
    for each in sorted(near, key=lambda each: _preferred(each, present, months)):
        told = _judged(each, papers, present, chosen)
        found[each.fact] = told
        if not told.left_out:
            chosen.append(told)
    return [found[each.fact] for each in near]


def differences(fact: PublishedFact, present: Present, months: float) -> tuple[str, ...]:
    """Return in words how a published number differs from one's own, as far as the paper tells."""
    words = [] if fact.treatment == MSC else [f"{fact.treatment} treatment, here MSC"]
    if fact.outcome not in present.same:
        words.append(f"{fact.defined}, here {present.outcome}")
    if not fact.denominator:
        words.append(f"who was counted is not told, here {present.counted}")
    elif fact.denominator != present.denominator:
        words.append(f"of those {DENOMINATORS[fact.denominator]}, here of those {present.counted}")
    if fact.population != LUPUS:
        words.append(f"patients with {fact.population}" if fact.population.startswith(LUPUS) else fact.population)
    if fact.months is not None and abs(fact.months - months) > SLACK:
        words.append(f"at month {fact.months:g}, here {months:g}")
    return tuple(words)


def _alike(each: Comparable, present: Present) -> bool:
    fact = each.fact
    return fact.outcome in present.same and fact.denominator == present.denominator and fact.population == LUPUS


def _preferred(each: Comparable, present: Present, months: float) -> tuple[object, ...]:
    """Return what orders numbers: like one's own first; of one paper the better outcome, between papers the larger."""
    fact = each.fact
    far = abs((fact.months or 0.0) - months)
    return not _alike(each, present), -(fact.enrolled or fact.patients), fact.study, _RANK[fact.outcome], far


def _judged(each: Comparable, papers: Papers, present: Present, chosen: list[Comparable]) -> Comparable:
    """Return a number with the reason why it is not pooled beside those chosen before, if there is one."""
    fact = each.fact
    if each.other_treatment:
        named = "" if fact.treatment == OTHER else f" ({fact.treatment})"
        return replace(each, left_out=f"another treatment{named}")
    if papers.with_own and fact.study == papers.imitated:
        return replace(each, left_out="one's own cohort imitates it", repeats=True)
    if any(other.fact.study == fact.study for other in chosen):
        return replace(each, left_out="another number of this paper", repeats=True)
    if papers.pooled == ALIKE and not _alike(each, present):
        return replace(each, left_out="another definition")
    shared = [(other.fact.study, shared_centre(fact, other.fact)) for other in chosen]
    shared = [(study, centre) for study, centre in shared if centre]
    if shared and papers.pooled != EVERY:
        study, centre = shared[0]
        return replace(each, left_out=f"may count patients of {study} ({centre})", repeats=True)
    return replace(each, shares_centre=shared[0][1] if shared else "")
