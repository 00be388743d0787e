"""Published deaths and adverse events, beside those of a cohort."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.centres.published_fact import LUPUS, MSC, PublishedFact
from analysis.estimates.common.intervals import proportion_interval
from analysis.figures.common.number_words import percent_interval

PUBLISHED_SAFETY = "Published deaths and adverse events (exact 95 % interval)"


def published_safety_table(facts: Sequence[PublishedFact]) -> pd.DataFrame:
    """Return one row per published number of deaths or of patients with an adverse event after MSC.

    Examples
    --------
    >>> from analysis.centres.published_list import published_facts
    >>> table = published_safety_table(published_facts()).set_index("Study")
    >>> table.loc["Wang 2018"].tolist()
    ['Death, any cause', 'month 60', '13 of 81', '16 % (9–26)', '']
    """
    kept = [fact for fact in facts if fact.treatment == MSC and fact.measure in ("death", "adverse event")]
    events, patients = [fact.events for fact in kept], [fact.patients for fact in kept]
    limits = zip(*proportion_interval(events, patients, "clopper-pearson"), strict=True)
    return pd.DataFrame(
        {
            "Study": [fact.study for fact in kept],
            "What": [f"{fact.defined[:1].upper()}{fact.defined[1:]}" for fact in kept],
            "When": [fact.when for fact in kept],
            "n of N": [f"{fact.events} of {fact.patients}" for fact in kept],
            "Share": [
                percent_interval(fact.events / fact.patients, low, high, fact.patients)
                for fact, (low, high) in zip(kept, limits, strict=True)
            ],
            "Of whom": ["; ".join(filter(None, _patients(fact))) for fact in kept],
        }
    )


def _patients(fact: PublishedFact) -> tuple[str, str]:
    return fact.population if fact.population != LUPUS else "", fact.note
