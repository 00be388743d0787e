"""Attacks on shared figures of remission: what is told, as equations, from which no small count follows."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, read_cohort, yearly_remission
from analysis.estimates.yearly.estimands import REMISSION_ESTIMANDS
from analysis.estimates.yearly.yearly import Yearly
from analysis.export.sharing import Sharing
from analysis.facts.place_by_year import PLACES
from tests.analysis.disclosure.disclosed import safe_of
from tests.analysis.made import SAMPLE
from tests.properties import FEW


@st.composite
def cohorts(draw: st.DrawFn) -> Cohort:
    """Draw two groups of patients with a visit near some years."""
    people, visits = [], []
    for patient in range(draw(st.integers(12, 26))):
        months = draw(st.sampled_from([5, 11, 12, 14, 20, 24, 26, 30, 37, 40]))
        ended = draw(st.sampled_from(["died", "lost", "ongoing"]))
        group = "A" if patient < 5 else "B" if patient < 10 else draw(st.sampled_from("AB"))
        people.append((patient, months, int(ended == "died"), ended, group))
        seen = [year for year in (12, 24, 36) if year <= months and draw(st.booleans())]
        visits += [(patient, year, draw(st.sampled_from(["complete", "none"])), 0) for year in seen]
    visits.append((0, 0, "none", 0))
    return read_cohort(
        pd.DataFrame(people, columns=["patient_id", "follow_up_months", "died", "follow_up_ended", "centre"]),
        pd.DataFrame(visits, columns=["patient_id", "months", "remission", "relapse"]),
    )


class Attack:
    """Everything told, as equations between counts that are not below 0."""

    def __init__(self) -> None:
        self.names: dict[tuple[Any, ...], int] = {}
        self.equations: list[tuple[dict[tuple[Any, ...], float], float]] = []
        self.limits: list[tuple[dict[tuple[Any, ...], float], float]] = []

    def equal(self, terms: dict[tuple[Any, ...], float], value: float) -> None:
        self.equations.append((terms, value))
        self._see(terms)

    def at_most(self, terms: dict[tuple[Any, ...], float], value: float) -> None:
        self.limits.append((terms, value))
        self._see(terms)

    def _see(self, terms: dict[tuple[Any, ...], float]) -> None:
        for name in terms:
            self.names.setdefault(name, len(self.names))

    def range_of(self, name: tuple[Any, ...]) -> tuple[float, float]:
        """Return the smallest and the largest value that a count can have."""
        from scipy.optimize import linprog

        target = np.zeros(len(self.names))
        target[self.names[name]] = 1
        found = [
            linprog(
                sign * target,
                *self._matrix(self.limits),
                *self._matrix(self.equations),
                bounds=(0, None),
            )
            for sign in (1, -1)
        ]
        assert all(each.status == 0 for each in found)
        return round(found[0].fun, 6), round(-found[1].fun, 6)

    def _matrix(self, rows: list[tuple[dict[tuple[Any, ...], float], float]]) -> tuple[Any, Any]:
        matrix = np.zeros((len(rows), len(self.names)))
        for row, (terms, _) in enumerate(rows):
            for name, times in terms.items():
                matrix[row, self.names[name]] = times
        return matrix, np.array([value for _, value in rows])


PARTS_OF = {
    "assessed": ["assessed"],
    "deaths_counted": ["assessed", "died_before"],
    "all_due": [place for place in PLACES if place != "not_yet_due"],
}


def test_every_estimand_with_the_events_of_those_seen_is_attacked() -> None:
    together = [name for name, way in REMISSION_ESTIMANDS.items() if way.disclosure.events == "of those seen"]
    assert list(PARTS_OF) == together


def _events(estimand: str, group: str, year: int) -> dict[tuple[Any, ...], float]:
    """Return the events of a way of counting: where deaths are counted, without those who died in remission."""
    died = {} if estimand == "assessed" else {("died_in_remission", group, year): -1.0}
    return {("events", group, year): 1, **died}


def learn(attack: Attack, estimand: str, safe: Yearly) -> None:
    """Take in what a figure tells."""
    for row in safe.ledger.to_dict("records"):
        group, year = str(row["group"]), row["year"]
        attack.equal({(place, group, year): 1 for place in PLACES}, row["enrolled"])
        for place in PLACES:
            if pd.notna(row[place]):
                attack.equal({(place, group, year): 1}, row[place])
        for place in ("died_before", "lost_before", "ended_unknown"):
            if year > 1:
                attack.at_most({(place, group, year - 1): 1, (place, group, year): -1}, 0)
    for row in safe.bars.to_dict("records"):
        group, year = str(row["group"]), row["year"]
        attack.at_most({("events", group, year): 1, ("assessed", group, year): -1}, 0)
        attack.at_most({("died_in_remission", group, year): 1, ("events", group, year): -1}, 0)
        if pd.notna(row["patients"]):
            attack.equal({(place, group, year): 1 for place in PARTS_OF[estimand]}, row["patients"])
        if pd.notna(row["events"]):
            attack.equal(_events(estimand, group, year), row["events"])
        if pd.notna(row["share"]):
            terms = {(place, group, year): -row["share"] for place in PARTS_OF[estimand]}
            attack.equal({**_events(estimand, group, year), **terms}, 0)


@FEW
@given(cohorts(), st.integers(3, 5))
def test_no_small_count_follows_from_all_yearly_figures_together(cohort: Cohort, least: int) -> None:
    """Three ways of counting, of groups and of all patients, with totals, shares and years before and after."""
    attack, truth = Attack(), {}
    for by in (None, "centre"):
        for estimand in PARTS_OF:
            result = yearly_remission(cohort, estimand=estimand, by=by)
            learn(attack, estimand, safe_of(result, Sharing(least)))
            columns_of_bars = ("events",) if estimand == "assessed" else ("died_in_remission",)
            for table, columns in ((result.ledger, PLACES), (result.bars, columns_of_bars)):
                for row in table.to_dict("records"):
                    truth |= {(name, str(row["group"]), row["year"]): row[name] for name in columns}
    for name, group, year in truth:
        if group == "All":
            attack.equal({(name, each, year): 1 if each == "All" else -1 for each in ("All", "A", "B")}, 0)
    for key, count in truth.items():
        if 0 < count < least:
            lowest, highest = attack.range_of(key)
            assert highest - lowest >= 1, f"{key} can only be {count}"


def test_the_attack_finds_what_is_not_protected() -> None:
    attack = Attack()
    result = yearly_remission(SAMPLE)
    small = result.ledger[list(PLACES)].isin(range(1, 5))
    naive = replace(
        result,
        bars=result.bars.head(0),
        ledger=result.ledger.assign(**{place: result.ledger[place].mask(small[place]) for place in PLACES}),
    )
    learn(attack, "assessed", naive)
    assert attack.range_of(("died_before", "All", 2)) == (3, 3)
