"""The people behind a bar or a place are as many as the figure shows."""

import pandas as pd
import pytest

from analysis import sledai_at_most, yearly_relapse, yearly_remission
from analysis.figures.yearly.behind_bars import bar_choices, behind_bar, behind_place, reclassified_people
from analysis.figures.yearly.ledger_table import LEDGER_WORDS
from analysis.listings.people import People
from analysis.listings.reclassified_patients import reclassified_patients
from analysis.listings.years import yearly_members
from tests.analysis.made import SAMPLE

RESULT = yearly_remission(SAMPLE, by="msc_source")
MEMBERS = yearly_members(SAMPLE, RESULT)


def ids(people: People, part: int = 0) -> list[str]:
    return people.parts[part].members["patient_id"].tolist()


@pytest.mark.parametrize("row", range(len(RESULT.bars)))
def test_a_bar_counts_those_who_are_listed(row: int) -> None:
    bar = RESULT.bars.iloc[row]
    group, year, events, patients = (bar[name] for name in ("group", "year", "events", "patients"))
    people = behind_bar(MEMBERS, RESULT, str(group), int(year))
    assert people.title == f"{group}, year {year}: {events} in complete remission, of {patients}"
    assert [part.words for part in people.parts] == ["in complete remission", "others assessed"]
    assert people.parts[0].reason == f"{group}, in complete remission, year {year}"
    assert [len(part.members) for part in people.parts] == [events, patients - events]
    assert len({*ids(people), *ids(people, 1)}) == patients


def test_the_relapsers_of_year_2_are_told_with_the_month_of_their_relapse() -> None:
    sample = SAMPLE
    result = yearly_relapse(sample)
    people = behind_bar(yearly_members(sample, result), result, "All", 2)
    members = people.parts[0].members.set_index("patient_id")["months"]
    # From the sample's own table: a first relapse after month 12 and up to 24, and a visit within 3 months of 24.
    patients = sample.patients.set_index("patient_id")
    near = sample.visits[sample.visits["months"].between(21, 27)]["patient_id"]
    expected = patients["relapse_months"][(patients["relapse_months"] > 12) & (patients["relapse_months"] <= 24)]
    assert people.title == "Year 2: 7 with a first relapse, of 39"
    assert people.event == "first relapse"
    assert members.to_dict() == expected[expected.index.isin(near)].to_dict()


@pytest.mark.parametrize("estimand", ["assessed", "all_due"])
def test_those_in_remission_are_told_with_the_month_of_the_visit(estimand: str) -> None:
    sample = SAMPLE
    result = yearly_remission(sample, estimand=estimand)
    people = behind_bar(yearly_members(sample, result), result, "All", 1)
    months = people.parts[0].members.set_index("patient_id")["months"]
    # From the sample's own table: the visit nearest to month 12, at most 3 months from it, the earlier of two as near.
    near = sample.visits.assign(far=(sample.visits["months"] - 12).abs()).query("far <= 3 and remission.notna()")
    nearest = near.sort_values(["far", "months"]).drop_duplicates("patient_id").set_index("patient_id")
    assert people.event == "visit in complete remission"
    assert months.to_dict() == nearest.loc[months.index, "months"].to_dict()
    assert (nearest.loc[months.index, "remission"] == "complete").all()
    assert people.parts[1].members["months"].isna().all()


def test_those_ever_in_remission_are_told_with_their_first_one() -> None:
    sample = SAMPLE
    result = yearly_remission(sample, estimand="ever")
    people = behind_bar(yearly_members(sample, result), result, "All", 2)
    months = people.parts[0].members.set_index("patient_id")["months"]
    complete = sample.visits[(sample.visits["remission"] == "complete") & (sample.visits["months"] > 0)]
    assert people.event == "first complete remission"
    assert months.to_dict() == complete.groupby("patient_id")["months"].min()[months.index].to_dict()


def test_those_now_in_remission_are_told_with_their_last_visit_by_the_end_of_the_year() -> None:
    sample = SAMPLE
    result = yearly_remission(sample, estimand="current")
    people = behind_bar(yearly_members(sample, result), result, "All", 2)
    months = people.parts[0].members.set_index("patient_id")["months"]
    known = sample.visits[sample.visits["remission"].notna() & (sample.visits["months"] <= 24)]
    assert len(months)
    assert months.to_dict() == known.groupby("patient_id")["months"].max()[months.index].to_dict()


@pytest.mark.parametrize(
    ("estimand", "title"),
    [("cumulative", "Year 1: 10 relapsed so far, of 87"), ("rate", "Year 1: 10 first relapses, of 87")],
)
def test_a_bar_has_the_words_of_its_estimand(estimand: str, title: str) -> None:
    result = yearly_relapse(SAMPLE, estimand=estimand)
    assert behind_bar(yearly_members(SAMPLE, result), result, "All", 1).title == title


def test_every_bar_can_be_chosen_by_words() -> None:
    choices = bar_choices(yearly_relapse(SAMPLE))
    assert choices["Year 2: 7 with a first relapse"] == {"group": "All", "year": 2}
    assert len(bar_choices(RESULT)) == len(RESULT.bars)


@pytest.mark.parametrize("row", range(len(RESULT.ledger)))
def test_a_place_holds_as_many_as_the_ledger_says(row: int) -> None:
    year = RESULT.ledger.iloc[row]
    for place, words in LEDGER_WORDS.items():
        people = behind_place(MEMBERS, RESULT, str(year["group"]), int(year["year"]), place)
        assert people.title.startswith(f"{year['group']}, year {year['year']}, {words.lower()}: {year[place]} patient")
        assert len(ids(people)) == year[place]


def test_nobody_is_behind_a_group_that_is_no_longer_there() -> None:
    assert not ids(behind_bar(MEMBERS, RESULT, "XX", 1))
    assert not ids(behind_place(MEMBERS, RESULT, "XX", 1, "enrolled"))


def test_the_reclassified_are_told_with_their_years() -> None:
    found = pd.DataFrame(
        {
            "patient_id": ["a", "b", "a"],
            "year": [1, 1, 2],
            "recorded": ["none", "complete", "partial"],
            "by_rule": ["complete", "none", "complete"],
            "into_remission": [True, False, True],
        }
    )
    people = reclassified_people(found, sledai_at_most(4))
    assert people.title == "Reclassified: 2 patients"
    assert people.parts[0].members[["patient_id", "note"]].values.tolist() == [
        ["a", "year 1: none on record, complete by the rule; year 2: partial on record, complete by the rule"]
    ]
    assert ids(people, 1) == ["b"]
    everybody = reclassified_patients(SAMPLE, sledai_at_most(4))
    assert {*ids(reclassified_people(everybody, sledai_at_most(4)))} <= set(everybody["patient_id"])
