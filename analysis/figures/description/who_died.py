"""The people behind the number of deaths."""

from __future__ import annotations

import numpy as np

from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.listings.people import DEATH, Part, People, members_table


def who_died(cohort: Cohort) -> People:
    """Return the patients who died, in the order of time.

    Examples
    --------
    >>> from analysis import load_sample
    >>> people = who_died(load_sample())
    >>> people.title, people.parts[0].members["months"].tolist()
    ('5 deaths', [4.6, 8.3, 17.4, 28.9, 40.7])
    """
    died = np.flatnonzero(cohort.died)
    months = cohort.numbers("follow_up_months")[died]
    members = members_table(cohort.values("patient_id")[died], months).sort_values("months", kind="stable")
    return People(
        count_words(len(died), "death"), (Part("who died", "who died", members.reset_index(drop=True)),), DEATH
    )
