"""A published number: of how many patients how many had an outcome, in which paper, by which definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Measure = Literal["remission", "partial response", "relapse", "death", "adverse event"]

LUPUS, MSC, OTHER = "lupus", "MSC", "other"
TREATMENTS = (MSC, "CAR-T", "placebo", OTHER)
# What was counted, to what it tells of. Of one paper the first of these that it tells stands for remission.
OUTCOMES: dict[str, Measure] = {
    "complete remission": "remission",
    "clinical remission": "remission",
    "DORIS remission": "remission",
    "complete renal remission": "remission",
    "complete renal response": "remission",
    "major clinical response": "remission",
    "renal remission": "remission",
    "LLDAS": "remission",
    "low disease activity": "remission",
    "SRI-4": "remission",
    "partial remission": "partial response",
    "partial clinical response": "partial response",
    "partial renal response": "partial response",
    "relapse": "relapse",
    "renal flare": "relapse",
    "proteinuria relapse": "relapse",
    "death": "death",
    "adverse event": "adverse event",
    "serious adverse event": "adverse event",
    "infection": "adverse event",
    "serious infection": "adverse event",
    "malignancy": "adverse event",
}
ENROLLED, ASSESSED, IN_REMISSION = "all enrolled", "assessed", "in remission"
# Who was counted, to words after "of 24"; "" where the paper, as far as it was read, does not tell.
DENOMINATORS = {
    ENROLLED: "enrolled",
    ASSESSED: "assessed",
    "survivors": "who survived",
    IN_REMISSION: "in remission before",
    "once in remission": "once in remission",
    "with a response": "with a response before",
    "": "",
}


@dataclass(frozen=True)
class PublishedFact:
    """A published number of patients with an outcome, and of whom.

    Attributes
    ----------
    study
        Its short name, such as "Wang 2013"; the rows of one paper have the same.
    outcome
        What was counted, one of `OUTCOMES`.
    events, patients
        How many had it, of how many.
    months
        Months from treatment at which, or up to which, it was counted; None for the whole of follow-up.
    definition, denominator
        How the paper defines the outcome, and who was counted, one of `DENOMINATORS`; "" if not told.
    population, treatment, cells
        Who was treated, with what, one of `TREATMENTS`, and with cells from where.
    centres
        Where; two papers with one of them in common may tell of the same patients.
    first_year, last_year
        Years of enrolment; None if not told.
    enrolled
        How many were enrolled; None if not told.
    citation, identifier, read_in, note
        The paper, its DOI or PubMed number, where in it the numbers were read, and what else is to be known.

    Examples
    --------
    >>> fact = PublishedFact("Kamen 2022", "SRI-4", 5, 6, months=6.0, denominator="all enrolled", enrolled=6)
    >>> fact.measure, fact.counted
    ('remission', '5 of 6 enrolled')
    """

    study: str
    outcome: str
    events: int
    patients: int
    months: float | None = None
    definition: str = ""
    denominator: str = ""
    population: str = LUPUS
    treatment: str = MSC
    cells: str = ""
    centres: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    enrolled: int | None = None
    citation: str = ""
    identifier: str = ""
    read_in: str = ""
    note: str = ""

    @property
    def measure(self) -> Measure:
        """What its outcome tells of."""
        return OUTCOMES[self.outcome]

    @property
    def asked(self) -> tuple[object, ...]:
        """What it tells and of whom, without the number: no two numbers of a list have the same."""
        return self.study, self.treatment, self.outcome, self.definition, self.denominator, self.months

    @property
    def counted(self) -> str:
        """How many of whom, in words."""
        return " ".join(filter(None, [f"{self.events} of {self.patients}", DENOMINATORS[self.denominator]]))

    @property
    def defined(self) -> str:
        """The outcome with its definition, in words."""
        return ", ".join(filter(None, [self.outcome, self.definition]))

    @property
    def when(self) -> str:
        """The time at which it was counted, in words."""
        return "during follow-up" if self.months is None else f"month {self.months:g}"


def shared_centre(one: PublishedFact, other: PublishedFact) -> str:
    """Return a centre that two papers share if they may tell of the same patients; "" if they may not.

    Papers of one centre tell of other patients only where the years of enrolment of both are told and lie apart.

    Examples
    --------
    >>> early = PublishedFact("A 2010", "death", 1, 9, centres=("Rome",), first_year=2005, last_year=2008)
    >>> late = PublishedFact("B 2015", "death", 1, 9, centres=("Oslo", "Rome"), first_year=2009, last_year=2013)
    >>> untold = PublishedFact("C 2016", "death", 1, 9, centres=("Rome",))
    >>> shared_centre(early, late), shared_centre(late, untold)
    ('', 'Rome')
    """
    common = [centre for centre in one.centres if centre in other.centres]
    if not common or _apart(one, other) or _apart(other, one):
        return ""
    return common[0]


def _apart(early: PublishedFact, late: PublishedFact) -> bool:
    return early.last_year is not None and late.first_year is not None and early.last_year < late.first_year
