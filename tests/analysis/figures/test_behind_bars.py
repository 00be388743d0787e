"""The patients behind a bar or a place are as many as the figure shows."""

import pytest

from analysis import load_sample, yearly_remission
from analysis.figures.yearly.behind_bars import behind_bar, behind_place
from analysis.figures.yearly.ledger_table import LEDGER_WORDS
from analysis.listings.years import yearly_members

RESULT = yearly_remission(load_sample(), by="msc_source")
MEMBERS = yearly_members(load_sample(), RESULT)
IN_REMISSION = "in complete remission"


@pytest.mark.parametrize("row", range(len(RESULT.bars)))
def test_a_bar_counts_those_who_are_listed(row: int) -> None:
    bar = RESULT.bars.iloc[row]
    title, who = behind_bar(MEMBERS, str(bar["group"]), int(bar["year"]), IN_REMISSION)
    assert title == f"{bar['group']}, year {bar['year']}: {bar['events']} {IN_REMISSION}, of"
    assert len(who) == bar["patients"]
    assert list(who[IN_REMISSION]) == ["yes"] * bar["events"] + ["no"] * (bar["patients"] - bar["events"])
    assert who["patient_id"].is_unique


@pytest.mark.parametrize("row", range(len(RESULT.ledger)))
def test_a_place_holds_as_many_as_the_ledger_says(row: int) -> None:
    year = RESULT.ledger.iloc[row]
    for place in LEDGER_WORDS:
        title, who = behind_place(MEMBERS, str(year["group"]), int(year["year"]), place)
        assert title == f"{year['group']}, year {year['year']}, {LEDGER_WORDS[place].lower()}"
        assert len(who) == year[place]


def test_nobody_is_behind_a_group_that_is_no_longer_there() -> None:
    assert not len(behind_bar(MEMBERS, "XX", 1, IN_REMISSION)[1])
    assert not len(behind_place(MEMBERS, "XX", 1, "enrolled")[1])
