"""Deaths by an engine: one code a patient, of the cause and its relation to the transplantation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.counts.death_counts import DeathCounts
from analysis.counts.groups import WITHOUT_GROUP
from analysis.facts.recorded_deaths import causes_of_death, recorded_deaths
from analysis.registry.coded import Coded, Made
from analysis.registry.registered import CODE, Registered, in_both, known_cells

CAUSE, RELATION = "cause", "relation"


def death_counts(of: Registered, by: By | None) -> DeathCounts:
    """Return `DeathCounts`; a cause is spelt as at its first death in the registry."""

    def make(part: Cohort) -> Made:
        deaths, causes = recorded_deaths(part), np.array(causes_of_death(part), dtype=object)
        coded = Coded.of({RELATION: deaths["relation"], CAUSE: causes[deaths["cause"]]})
        return {CODE: coded.rows(np.arange(len(coded.code)), deaths["row"], len(part))}

    derived = of.derived("causes of death", ["deaths"], make)
    profiles = derived.meaning(CODE)
    spelt: dict[str, str] = {}
    for name in profiles[CAUSE]:
        spelt.setdefault(name.casefold(), name)
    groups, (cells,) = of.asking.by_group(by, (derived.column(CODE),))
    held = known_cells(profiles.assign(cause=[spelt[name.casefold()] for name in profiles[CAUSE]]), cells)
    rows = [
        pd.DataFrame({"group": group, RELATION: held[RELATION][at], CAUSE: held[CAUSE][at], "deaths": deaths})
        for group, at, deaths in in_both(
            held["member"], np.arange(len(held["member"])), held["patients"], len(groups.names)
        )
    ]
    counted = pd.concat(rows).groupby(["group", RELATION, CAUSE])["deaths"].sum().reset_index()
    causes, place = np.unique(counted[CAUSE].to_numpy(dtype=object), return_inverse=True)
    return DeathCounts(
        groups,
        int(cells.patients[cells.member == WITHOUT_GROUP].sum()),
        tuple(causes),
        counted["group"].to_numpy(dtype=np.intp),
        counted[RELATION].to_numpy(dtype=np.intp),
        place.astype(np.intp),
        counted["deaths"].to_numpy(dtype=np.int64),
    )
