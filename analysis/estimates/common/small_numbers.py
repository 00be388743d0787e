"""When a comparison is withheld: too few events or patients, a single group, or overlapping groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.cohort.wording import count_words

ONE_GROUP = "needs two groups"
HALF = -1  # stands for half of `events`
FEW_AT_RISK = 10  # with fewer at risk a curve is thin and dashed, and not reported


@dataclass(frozen=True)
class SmallNumbers:
    """The smallest numbers for which a p-value, a ratio and its limits are shown.

    With fewer events or patients a single chance event could decide the result.

    Attributes
    ----------
    events
        Fewest events over all groups compared.
    patients
        Fewest patients in each group.
    events_per_group
        Fewest events in each group; by default half of `events`.
    events_per_coefficient
        Fewest events per coefficient of a model; by default half of `events`.
    """

    events: int = 10
    patients: int = 10
    events_per_group: int = HALF
    events_per_coefficient: int = HALF

    def __post_init__(self) -> None:
        for name in ("events_per_group", "events_per_coefficient"):
            if getattr(self, name) == HALF:
                object.__setattr__(self, name, self.events // 2)

    def reason(self, events: Mapping[str, int] | None, patients: Mapping[str, int], shared: int = 0) -> str:
        """Return why a comparison is withheld, or "".

        Parameters
        ----------
        events
            Events in each group; None if events are not compared.
        patients
            Patients in each group.
        shared
            Number of patients in more than one group; all tests assume independent groups.
        """
        if len(patients) < 2:
            return ONE_GROUP
        if shared:
            return f"the groups share {count_words(shared, 'patient')}"
        # A group with too few patients is reported for these, not for its even fewer events.
        enough = [group for group in patients if patients[group] >= self.patients]
        few = ""
        if events is not None:
            few = self._few_in_all(sum(events.values()))
            few = few or _fewer(events, enough, self.events_per_group, "event", " in a group")
        return "; ".join(filter(None, [few, _fewer(patients, list(patients), self.patients, "patient")]))

    def reason_in_all(self, events: int, patients: int) -> str:
        """Return why an estimate from all patients is withheld, or ""."""
        small = _fewer({"all": patients}, ["all"], self.patients, "patient")
        return "; ".join(filter(None, [self._few_in_all(events), small]))

    def reason_of_model(self, events: int, coefficients: int) -> str:
        """Return why all coefficients of a model are withheld, or ""."""
        if events >= self.events_per_coefficient * coefficients:
            return ""
        return (
            f"fewer than {count_words(self.events_per_coefficient, 'event')} a coefficient "
            f"({count_words(events, 'event')}, {count_words(coefficients, 'coefficient')})"
        )

    def _few_in_all(self, events: int) -> str:
        return f"fewer than {count_words(self.events, 'event')} ({events})" if events < self.events else ""

    def words(self, of_model: bool = False) -> str:
        """Return the rule in words, for a method sentence; with the events per coefficient for a model."""
        each = [f"{self.events_per_group} a group"] if self.events_per_group else []
        each += [f"{self.events_per_coefficient} a coefficient"] if of_model and self.events_per_coefficient else []
        events = count_words(self.events, "event") + (f" ({', '.join(each)})" if each else "")
        return f"withheld below {events} or {count_words(self.patients, 'patient')} a group"


def _fewer(numbers: Mapping[str, int], groups: Sequence[str], fewest: int, thing: str, where: str = "") -> str:
    """Return in words the groups below the smallest number, or ""."""
    small = [f"{numbers[group]} in {group}" for group in groups if numbers[group] < fewest]
    return f"fewer than {count_words(fewest, thing)}{where} ({', '.join(small)})" if small else ""
