"""Yearly shares of patients, and the ledger, from a masked sum."""

from __future__ import annotations

from dataclasses import replace

from analysis.centres.masked_layout import STATES, mentions_of, of_each_year, ways
from analysis.centres.masked_sum import PATHS, MaskedSum, not_in_a_sum
from analysis.cohort.arrays import Integers
from analysis.cohort.grouping import NO_GROUP, By
from analysis.counts.places import absence_words
from analysis.counts.reasons import LeftOut
from analysis.estimates.yearly.estimand import Estimand
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.maturity import could_be_followed, immature
from analysis.estimates.yearly.relapse_estimands import BEFORE
from analysis.estimates.yearly.settings import Outcome, YearlySettings
from analysis.estimates.yearly.yearly import Yearly
from analysis.estimates.yearly.yearly_numbers import Numbers
from analysis.facts.observed_times import NO_BASELINE
from analysis.facts.place_by_year import PLACES

ROUNDED = "Who could have been followed so long is told from times in whole months."


def summed_shares(
    total: MaskedSum, outcome: Outcome, estimand: str, by: By | None, interval: str = "wilson", level: float = 0.95
) -> Yearly:
    """Return the shares in remission or with a first relapse in each year of the question.

    Parameters
    ----------
    total
        The masked sum.
    outcome, estimand
        "remission" with "assessed", "deaths_counted" or "all_due"; "relapse" with "assessed" or "at_risk".
    by
        None, or the groups of the question.
    interval, level
        As for `yearly_remission`.

    Raises
    ------
    RowsElsewhereError
        If the estimand is no share of patients, or the groups are not those of the question.
    ValueError
        If the estimand or the interval is unknown.
    """
    way = choose_estimand(outcome, estimand)
    if (outcome, way) not in ways():
        raise not_in_a_sum(PATHS)
    groups, years = total.groups(by), tuple(range(1, 1 + total.question.years))

    def table(part: str) -> Integers:
        return total.table(by, f"{outcome}, {estimand}, {part}")

    places = table("places")[:, groups.shown]
    young = immature(could_be_followed(total.potential(by), years))
    numbers = Numbers(
        settings=YearlySettings(estimand, of_each_year(total.question, outcome), by, years, interval, level),
        groups=groups.only(groups.shown),
        years=years,
        enrolled=places.sum(axis=0),
        places=dict(zip(PLACES, places, strict=True)),
        patients=table("patients")[groups.shown],
        events=table("events")[groups.shown],
        beside={part: table(part)[groups.shown] for part in way.beside},
        person_years=None,
        curve=None,
        immature=young.reshape(-1, len(years)),
        mentioned=_mentioned(way, table("mentioned"), bool(total.tables[STATES])),
        number_of_patients=int(table("enrolled")),
        late=int(table("late")),
        shared_in_year=(),
        left_out=LeftOut((NO_GROUP, NO_BASELINE, absence_words(way.from_start)), tuple(table("left out").tolist())),
        recorded=True,  # a centre that records no relapses cannot answer
        not_applied=total.not_applied if outcome == "remission" else (),
    )
    shares = Yearly.of(numbers)
    return replace(shares, method=f"{shares.method} {ROUNDED}")


def _mentioned(way: Estimand, numbers: Integers, states: bool) -> dict[str, int | None]:
    """Return the numbers of the method sentence; without any known state no relapse comes before remission."""
    found: dict[str, int | None] = dict(zip(mentions_of(way), numbers.tolist(), strict=True))
    return found | {BEFORE: 0} if BEFORE in found and not states else found
