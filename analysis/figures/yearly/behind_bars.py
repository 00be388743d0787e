"""The people behind a bar, or behind a place of the yearly ledger."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.estimates.yearly.settings import YearlySettings
from analysis.estimates.yearly.yearly import Yearly
from analysis.facts.relapse import RECORDED_RELAPSE, RelapseRule
from analysis.facts.relapse_by_year import RelapseByYear
from analysis.facts.remission import RemissionRule
from analysis.figures.yearly.ledger_table import LEDGER_WORDS
from analysis.listings.people import Part, People, members_table, of_group
from analysis.listings.years import event_of


def behind_bar(members: pd.DataFrame, result: Yearly, group: str, year: int) -> People:
    """Return the patients in the denominator of a bar: those in its numerator, then the others.

    Parameters
    ----------
    members
        group, year, patient_id, months, counted, in_denominator.
    result
        The estimate that the bar is drawn from.
    group, year
        The group and year of the bar; unknown ones have no patients.
    """
    there = _of(members, group, year)
    inside = there[there["in_denominator"]]
    counted, where = result.estimand.numerator(result.settings.of_each.remission_words), f"year {year}"
    others = "other patients" if result.estimand.of == "patients" else f"others {result.estimand.of}"
    parts = [(words, inside[inside["counted"] == held], held) for words, held in ((counted, True), (others, False))]
    number = int(inside["counted"].sum())
    rule, relapse = _rules(result.settings)
    return People(
        f"{_title(group, where)}: {number:,} {counted}, of {len(inside):,}",
        tuple(
            Part(
                words,
                of_group(group, f"{words}, {where}"),
                members_table(who["patient_id"].to_numpy(), who["months"].to_numpy() if held else float("nan")),
            )
            for words, who, held in parts
        ),
        event_of(result),
        rule,
        relapse,
    )


def bar_choices(result: Yearly) -> dict[str, dict[str, Any]]:
    """Return the group and year of each bar, by words such as "Year 2: 12 in complete remission"."""
    counted = result.estimand.numerator(result.settings.of_each.remission_words)
    return {
        f"{_title(str(bar.group), f'year {bar.year}')}: {bar.events:,} {counted}": {
            "group": bar.group,
            "year": bar.year,
        }
        for bar in result.bars.itertuples()
    }


def behind_place(members: pd.DataFrame, result: Yearly, group: str, year: int, place: str) -> People:
    """Return the patients at a place of the ledger in a year, such as assessed or died before.

    Parameters
    ----------
    members
        group, year, patient_id, place.
    result
        The estimate that the ledger is drawn from.
    group, year, place
        The group, the year, and the place or "enrolled"; unknown ones have no patients.
    """
    there = _of(members, group, year)
    if place != "enrolled":
        there = there[there["place"] == place]
    words = LEDGER_WORDS[place].lower()
    rule, relapse = _rules(result.settings)
    part = Part(words, of_group(group, f"{words}, year {year}"), members_table(there["patient_id"].to_numpy()))
    patients = count_words(len(there), "patient")
    return People(f"{_title(group, f'year {year}')}, {words}: {patients}", (part,), rule=rule, relapse=relapse)


def reclassified_people(found: pd.DataFrame, rule: RemissionRule) -> People:
    """Return the patients in remission by the rule only, then those by the record only.

    Parameters
    ----------
    found
        As from `reclassified_patients`.
    rule
        The rule.
    """
    years = found.assign(
        note=[
            f"year {year}: {recorded} on record, {told} by the rule"
            for year, recorded, told in zip(found["year"], found["recorded"], found["by_rule"], strict=True)
        ]
    )
    parts = []
    for words, held in (
        (f"in {rule.state} by the rule only", found["into_remission"]),
        ("by the record only", ~found["into_remission"]),
    ):
        notes = years[held].groupby("patient_id", sort=False)["note"].agg("; ".join)
        parts.append(Part(words, words, members_table(notes.index.to_numpy(), note=notes.to_numpy())))
    number = found["patient_id"].nunique()
    return People(f"Reclassified: {count_words(number, 'patient')}", tuple(parts), rule=rule)


def _rules(settings: YearlySettings) -> tuple[RemissionRule, RelapseRule]:
    """Return the definitions of remission and relapse of a yearly estimate."""
    each = settings.of_each
    return (each.remission, each.rule) if isinstance(each, RelapseByYear) else (each.rule, RECORDED_RELAPSE)


def _title(group: str, words: str) -> str:
    told = of_group(group, words)
    return f"{told[:1].upper()}{told[1:]}" if group == "All" else told


def _of(members: pd.DataFrame, group: str, year: int) -> pd.DataFrame:
    return members[(members["group"].astype(str) == group) & (members["year"] == year)]
