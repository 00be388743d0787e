"""When a comparison is withheld: too few events or patients, one group only, groups that share patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.estimates.words import count_words

ONE_GROUP = "needs two groups"
FEW_AT_RISK = 10  # below so many a curve is thin and dashed, and is not read


@dataclass(frozen=True)
class SmallNumbers:
    """Below which numbers a p-value, a ratio and its limits are withheld.

    With few events or patients they promise more than the data hold: one chance allocation decides them.

    Attributes
    ----------
    events
        Fewest events in all groups that are compared together.
    patients
        Fewest patients in each of them.
    """

    events: int = 10
    patients: int = 10

    def reason(self, events: int, patients: Mapping[str, int], shared: int = 0) -> str:
        """Return why a comparison is withheld, or "".

        Parameters
        ----------
        events
            Events in all groups compared.
        patients
            Patients in each group.
        shared
            Patients in more than one of them: no test here takes them, for it takes the groups as independent.
        """
        if len(patients) < 2:
            return ONE_GROUP
        if shared:
            return f"the groups share {count_words(shared, 'patient')}"
        return self.reason_in_all(events, patients)

    def reason_in_all(self, events: int, patients: Mapping[str, int]) -> str:
        """Return why an estimate from these patients is withheld, or ""; one group is enough."""
        small = [f"{number} in {group}" for group, number in patients.items() if number < self.patients]
        reasons = []
        if events < self.events:
            reasons.append(f"fewer than {count_words(self.events, 'event')} ({events})")
        if small:
            reasons.append(f"fewer than {count_words(self.patients, 'patient')} ({', '.join(small)})")
        return "; ".join(reasons)

    def words(self) -> str:
        """Return the rule in words, as it stands under a figure."""
        return f"withheld below {count_words(self.events, 'event')} or {count_words(self.patients, 'patient')} a group"
