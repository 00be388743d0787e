"""What is listed in one place is known in all: nothing unknown is taken for something known."""

import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, read_cohort, yearly_relapse, yearly_remission
from analysis.counts.places import profiles_of_patients
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.yearly.estimand import PROBABILITY, PROPORTION, Estimand
from analysis.estimates.yearly.estimands import ESTIMANDS, choose_estimand
from analysis.estimates.yearly.remission_estimands import ASSESSED
from analysis.estimates.yearly.yearly import Yearly
from analysis.export import accounts_of_years
from analysis.export.accounts import account
from analysis.export.papers import cite
from analysis.facts import relapse_by_year, remission_by_year
from analysis.facts.remission_by_year import RemissionByYear
from analysis.figures.common.estimate import Estimate
from analysis.listings.years import yearly_members
from tests.analysis.made import SAMPLE

FACTS = {"remission": remission_by_year.FACTS, "relapse": relapse_by_year.FACTS}
ASK: dict[str, Callable[..., Yearly]] = {"remission": yearly_remission, "relapse": yearly_relapse}
WAYS = [way for ways in ESTIMANDS.values() for way in ways.values()]
OF_THOSE_SEEN = [way for way in ESTIMANDS["remission"].values() if way.disclosure.events == "of those seen"]
GLOSSARY = (Path(__file__).parents[2] / "GLOSSARY.md").read_text(encoding="utf-8")

each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.outcome} {way.name}")


def estimated(way: Estimand, **options: Any) -> Yearly:
    return ASK[way.outcome](SAMPLE, estimand=way.name, **options)


@each_way
def test_an_estimand_is_asked_for_by_its_name_and_answers_its_question(way: Estimand) -> None:
    result = estimated(way)
    assert result.estimand is way
    assert result.question == way.asked()
    assert way.denominator in result.method
    words = [result.question, result.method, way.title.format(remission=""), way.reading.format(remission="")]
    assert "{" not in "".join(words)


@each_way
def test_an_estimand_needs_nothing_that_is_not_known_of_patients(way: Estimand) -> None:
    assert set(way.columns) <= set(FACTS[way.outcome])


@each_way
def test_an_estimand_counts_those_whom_it_lists(way: Estimand) -> None:
    result = estimated(way, by="msc_source")
    members = yearly_members(SAMPLE, result)
    assert not (members["counted"] & ~members["in_denominator"]).any()
    listed = members.groupby(["group", "year"], observed=False)[["counted", "in_denominator"]].sum()
    assert result.bars[["events", "patients"]].to_numpy().tolist() == listed.to_numpy().tolist()


@each_way
def test_what_an_estimand_returns_is_plain_data(way: Estimand) -> None:
    result = estimated(way, by="msc_source")
    again = pickle.loads(pickle.dumps(result))  # noqa: S301
    pd.testing.assert_frame_equal(again.bars, result.bars)
    assert (again.settings, again.estimand) == (result.settings, way)


@each_way
def test_an_estimand_says_what_of_it_may_leave_the_house(way: Estimand) -> None:
    safe = shared_yearly(estimated(way), 5)
    told = safe.bars[["events", "patients"]].to_numpy(dtype=float).ravel()
    assert not any(0 < count < 5 for count in told)
    if way.kind == PROBABILITY:
        assert (safe.bars["share"].dropna() * 100 % 1).round(6).isin([0, 1]).all()


def seen_in_remission() -> Cohort:
    """Return a patient in remission, one who dies after that within the year, one who enters late, and one without."""
    patients = pd.DataFrame(
        [("a", 30, 0, 0), ("b", 11.5, 1, 0), ("c", 30, 0, 8), ("d", 30, 0, 0)],
        columns=["patient_id", "follow_up_months", "died", "entry_months"],
    )
    visits = [("a", 12, "complete"), ("a", 24, "none"), ("b", 11, "complete"), ("c", 12, "complete")]
    visits += [("d", 12, "none"), ("d", 24, "complete")]
    return read_cohort(patients, pd.DataFrame(visits, columns=["patient_id", "months", "remission"]))


@pytest.mark.parametrize("way", OF_THOSE_SEEN, ids=lambda way: way.name)
def test_estimands_with_the_events_of_those_seen_have_the_same_events(way: Estimand) -> None:
    """Else, disclosed together, they tell by their difference how many are in only one of them."""
    names = tuple(dict.fromkeys([*ASSESSED.columns, *way.columns]))
    profiles = profiles_of_patients(seen_in_remission(), RemissionByYear(), names, (1, 2)).from_start()
    seen, counted = ASSESSED.counted(profiles), way.counted(profiles)
    assert seen.tolist() == [[True, True, False, False], [False, False, False, True]]
    died = way.beside.get("died_in_remission", lambda _: np.zeros_like(seen))(profiles)
    assert (counted.astype(int) + died == seen).all()


@each_way
def test_a_paper_says_how_an_estimand_was_estimated(way: Estimand) -> None:
    estimate = Estimate(estimated(way), ASK[way.outcome], SAMPLE, (), {"estimand": way.name})
    told = account(estimate)
    assert "{" not in "".join([*told.definitions, *told.visits, *told.analysis, *told.missing])
    assert told.analysis[0].endswith(".")


def test_a_paper_names_the_state_in_every_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    papers = replace(ASSESSED.in_papers, missing="Patients without a visit were not in {state}{wilson1927}.")
    way = replace(ASSESSED, in_papers=papers)
    monkeypatch.setattr(accounts_of_years, "choose_estimand", lambda *_: way)
    told = account(Estimate(estimated(way, response="any"), yearly_remission, SAMPLE, (), {"response": "any"}))
    cited = cite("wilson1927")
    assert told.missing == (f"Patients without a visit were not in complete or partial remission{cited}.",)


def described(function: Callable[..., Any], parameter: str) -> str:
    """Return what a docstring says of a parameter."""
    described = re.search(rf"\n    [\w, ]*\b{parameter}\b[\w, ]*\n((?:        .*\n)+)", function.__doc__ or "")
    assert described
    return described[1]


@each_way
def test_an_estimand_is_described_where_it_is_asked_for_and_in_the_glossary(way: Estimand) -> None:
    assert f'"{way.name}": ' in described(ASK[way.outcome], "estimand")
    if way.kind != PROPORTION:
        assert f'"{way.name}"' in described(ASK[way.outcome], "interval")
    terms = [line.split("|")[1] for line in GLOSSARY.splitlines() if line.startswith("| ")]
    assert any(re.search(rf"\b{way.label}\b", term, re.IGNORECASE) for term in terms)


def test_an_unknown_estimand_is_an_error_and_never_another_one() -> None:
    for outcome, ask in ASK.items():
        with pytest.raises(ValueError, match=f"Unknown estimand 'new'; known: {', '.join(ESTIMANDS[outcome])}"):
            ask(SAMPLE, estimand="new")
    with pytest.raises(ValueError, match="Unknown kind 'odds'"):
        replace(choose_estimand("remission", "assessed"), kind="odds")
    with pytest.raises(ValueError, match="says why two groups are not tested"):
        replace(choose_estimand("remission", "ever"), no_test="")
