"""A question to several centres: which patients, which groups, and by which definitions they are counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pandas as pd

from analysis.centres.asked_patients import asked_groups, check_words, read_filters, read_groups
from analysis.centres.coding import Decoder, encoded_fields
from analysis.cohort.column_words import measure_words
from analysis.cohort.grouping import By, group_sizes
from analysis.cohort.model import Cohort
from analysis.cohort.names import one_line
from analysis.cohort.question import Asked
from analysis.disclosure.masking import LEAST_THRESHOLD
from analysis.estimates.description.baseline_table import baseline_table
from analysis.estimates.scores.trajectory import trajectory
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.survival.follow_up import follow_up
from analysis.estimates.survival.incidence import cumulative_incidence
from analysis.estimates.survival.kaplan_meier import kaplan_meier
from analysis.estimates.yearly.yearly_relapse import yearly_relapse
from analysis.estimates.yearly.yearly_remission import yearly_remission
from analysis.facts.endpoints import endpoint_words
from analysis.facts.place_by_year import MOST_YEARS
from analysis.facts.relapse import RECORDED_RELAPSE, RelapseRule
from analysis.facts.remission import RECORDED, RESPONSES, RemissionRule
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure
from analysis.version import VERSION

QUESTION = "question to several centres"
LONGEST_NAME = 80
LONGEST_WORDS = 300
MOST_BYTES = 200_000
MOST_GROUPS = 20
USUAL_THRESHOLD, MOST_THRESHOLD = 5, 50
MOST_WINDOW, MOST_MONTHS = 120.0, 240
UNFIT = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, NotImplementedError)  # of a wrong kind
SURVIVAL_ENDPOINTS = ("overall_survival", "relapse_free_survival", "time_to_remission")


class CentreFileError(ValueError):
    """A file of a question or an answer cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class AskedEstimate:
    """One estimate of a question.

    Attributes
    ----------
    key
        Its name among those of the question.
    function
        The estimate; it takes a cohort, `options`, and the keyword ``by``.
    options
        Its keyword arguments.
    """

    key: str
    function: Callable[..., Any]
    options: Mapping[str, Any] = field(default_factory=dict)

    def of(self, cohort: Any, by: By | None) -> Any:
        """Return the estimate of a cohort, or of centres together."""
        return self.function(cohort, by=by, **self.options)


@dataclass(frozen=True)
class CentreQuestion:
    """What every centre is asked.

    Attributes
    ----------
    name
        Its name, on one line.
    words
        Filters and comparison as in the address of a page.
    rule, relapse, response, window_months
        The definitions of remission and relapse, which states count, and the window of a year's visit in months.
    measures
        Visit measures over time.
    endpoints
        Times to an event.
    schedule
        The months at which measures are read.
    groups
        The names of the groups, in order, which a masked sum has to know before any answer; () where all answers are
        read, or nothing is compared.
    years
        How many years after transplantation a masked sum and a hidden answer count.
    least
        The threshold of a hidden answer: it tells no count from 1 to below it.
    """

    name: str
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rule: RemissionRule = RECORDED
    relapse: RelapseRule = RECORDED_RELAPSE
    response: str = "complete"
    window_months: float = 3.0
    measures: tuple[str, ...] = ("sledai",)
    endpoints: tuple[str, ...] = SURVIVAL_ENDPOINTS
    schedule: tuple[float, ...] = tuple(map(float, SCHEDULE))
    groups: tuple[str, ...] = ()
    years: int = 5
    least: int = USUAL_THRESHOLD

    def __post_init__(self) -> None:
        if not self.name.strip() or self.name != one_line(self.name) or len(self.name) > LONGEST_NAME:
            raise ValueError(f"The name of a question is one line of 1 to {LONGEST_NAME} characters.")
        if self.response not in RESPONSES:
            raise ValueError(f"Unknown response {self.response!r}.")
        for endpoint in self.endpoints:
            endpoint_words(endpoint)
        check_words(self.words)
        if not 1 <= self.years <= MOST_YEARS:
            raise ValueError(f"A masked sum counts 1 to {MOST_YEARS} years, not {self.years}.")
        if not LEAST_THRESHOLD <= self.least <= MOST_THRESHOLD:
            raise ValueError(f"Counts are hidden below {LEAST_THRESHOLD} to {MOST_THRESHOLD}, not below {self.least}.")
        if len(self.groups) > MOST_GROUPS or len(set(self.groups)) < len(self.groups):
            raise ValueError(f"A masked sum is of at most {MOST_GROUPS} groups, each with a name of its own.")
        if any(not name or name != one_line(name) for name in self.groups):
            raise ValueError("The name of a group is one line.")
        _check_measures(self.measures, self.endpoints, self.window_months, self.schedule)

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def estimates(self) -> tuple[AskedEstimate, ...]:
        """The estimates that are asked for, in the order of the pages."""
        definition = {"rule": self.rule, "response": self.response, "window_months": self.window_months}
        return (
            AskedEstimate("follow_up", follow_up),
            *(AskedEstimate(endpoint, _curve(endpoint), {"endpoint": endpoint}) for endpoint in self.endpoints),
            AskedEstimate("remission", yearly_remission, definition),
            AskedEstimate(
                "relapse",
                yearly_relapse,
                {"rule": self.relapse, "remission": self.rule, "response": self.response,
                 "window_months": self.window_months},
            ),
            *(
                AskedEstimate(measure, trajectory, {"measure": measure, "schedule": self.schedule})
                for measure in self.measures
            ),
            AskedEstimate("states", state_counts, {"rule": self.rule, "relapse": self.relapse}),
            AskedEstimate("baseline", baseline_table),
        )  # fmt: skip

    @property
    def by(self) -> By | None:
        """The groups that are compared; None without a comparison."""
        return asked_groups(self.words)

    @property
    def digest(self) -> str:
        """SHA-256 of the question in hexadecimal: equal questions have the same."""
        return sha256(json.dumps(encoded_fields(self), sort_keys=True).encode()).hexdigest()

    def asked_of(self, cohort: Cohort) -> Asked:
        """Return the patients of a cohort that the question is about, and their groups.

        Raises
        ------
        CentreFileError
            If the cohort lacks a column or a value that the question needs, or no patient is left.
        """
        try:
            filters, by = read_filters(self.words, cohort), read_groups(self.words, cohort)
        except ValueError as error:
            raise CentreFileError(
                f"The question {self.name} asks for what this cohort does not have. {error}"
            ) from error
        present = cohort.where(filters)
        if not len(present):
            raise CentreFileError(f"No patient of this cohort passes the filters of the question {self.name}.")
        for lacking in (self.rule.missing_columns(cohort), self.relapse.missing_columns(cohort)):
            if lacking:
                raise CentreFileError(f"This cohort lacks {', '.join(lacking)}, which a definition needs.")
        missing = [measure for measure in self.measures if measure not in cohort.visit_columns]
        if missing:
            raise CentreFileError(f"The visits of this cohort have no {', '.join(missing)}.")
        return Asked(cohort, present, present, by)

    def groups_of(self, cohort: Cohort) -> tuple[str, ...]:
        """Return the names of the groups in a cohort; () without a comparison."""
        by = self.asked_of(cohort).by
        return () if by is None else group_sizes(cohort, by).names

    def told(self, cohort: Cohort) -> pd.DataFrame:
        """Return the question in words, with how many patients of a cohort it is about.

        Returns
        -------
        DataFrame with Asked, What.

        Raises
        ------
        CentreFileError
            If the cohort cannot answer it.
        """
        present = self.asked_of(cohort).present
        rows = {
            "Question": self.name,
            "Patients here": f"{len(present):,} of {len(cohort):,}",
            "Compared by": self.words.get("compare", ("nothing; centres are compared with each other",))[0],
            "Remission": self.rule.words,
            "Relapse": self.relapse.words,
            "Visits": f"up to {self.window_months:g} months from the year count for it",
            "Measures": ", ".join(map(measure_words, self.measures)),
            "Times to an event": ", ".join(endpoint_words(each).name for each in self.endpoints),
            "Small counts": f"a centre that hides them tells none from 1 to {self.least - 1}, for {self.years} years",
        }
        return pd.DataFrame({"Asked": list(rows), "What": list(rows.values())})

    def to_file(self) -> bytes:
        """Return the question as a file of JSON."""
        held = {"file": QUESTION, "made_with": VERSION, "question": encoded_fields(self)}
        return json.dumps(held, indent=1, ensure_ascii=False).encode()


def _check_measures(
    measures: tuple[str, ...], endpoints: tuple[str, ...], window_months: float, schedule: tuple[float, ...]
) -> None:
    if len(set(measures)) < len(measures) or len(set(endpoints)) < len(endpoints):
        raise ValueError("A measure or an endpoint is asked for twice.")
    if not 0 < window_months <= MOST_WINDOW or len(schedule) > MOST_MONTHS:
        raise ValueError("The window or the schedule of visits is longer than any follow-up.")
    ScheduledMeasure.of("", schedule, None)


def shortened(text: str) -> str:
    """Return a text that may come from elsewhere on one line, and not longer than a sentence."""
    line = one_line(text[: 2 * LONGEST_WORDS])
    return line if len(line) <= LONGEST_WORDS else f"{line[:LONGEST_WORDS]}…"


def _curve(endpoint: str) -> Callable[..., Any]:
    return cumulative_incidence if endpoint_words(endpoint).competing_words else kaplan_meier


def read_centre_question(data: bytes) -> CentreQuestion:
    """Return the question in a file that `CentreQuestion.to_file` made.

    Raises
    ------
    CentreFileError
        If the file is no such file, of another version, or holds what is not known.
    """
    held = read_json(data, MOST_BYTES)
    check_file(held, QUESTION, {"question"})
    return decoded_question(held["question"])


def decoded_question(value: Any) -> CentreQuestion:
    """Return a question from JSON.

    Raises
    ------
    CentreFileError
        If it is none.
    """
    try:
        found: CentreQuestion = Decoder().made(CentreQuestion, value)
        found.__post_init__()
    except (*UNFIT, RecursionError) as error:
        why = f": {shortened(str(error))}" if isinstance(error, ValueError) else ""
        raise CentreFileError(f"The question of this file cannot be read{why}") from error
    return found


def read_json(data: bytes, most: int) -> dict[str, Any]:
    """Return the object in a file of JSON.

    Raises
    ------
    CentreFileError
        If it has more than `most` bytes, or is no object of JSON.
    """
    if len(data) > most:
        raise CentreFileError(f"This file has {len(data):,} bytes; a file of this kind has at most {most:,}.")
    try:
        held = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CentreFileError("This file is not JSON, or was cut short. Ask for it again.") from error
    if not isinstance(held, dict):
        raise CentreFileError("This file holds no question, no answer and no key.")
    return held


def check_file(held: Mapping[str, Any], kind: str, parts: set[str], *, any_version: bool = False) -> None:
    """Raise a CentreFileError if an object is not a file of a kind, has other parts, or is of another version."""
    if held.get("file") != kind:
        found = held.get("file")
        words = shortened(found) if isinstance(found, str) else ""
        said = f"{'an' if words[:1] in 'aeiou' else 'a'} {words}" if words else "another one"
        raise CentreFileError(f"This file is {said}, and no {kind}.")
    if held.get("made_with") != VERSION and not any_version:
        made_with = held.get("made_with")
        other = shortened(made_with) if isinstance(made_with, str) else "another one"
        raise CentreFileError(
            f"This file was made with version {other}, and this is version {VERSION}. "
            "All centres need the same version, so that all count alike."
        )
    if set(held) != {"file", "made_with", *parts}:
        raise CentreFileError(f"A {kind} holds {', '.join(sorted(parts))}, and nothing else.")
