"""The people behind a step of the mean number of relapses."""

import pytest

from analysis import event_times, mean_relapses, relapse_list
from analysis.facts.relapse import RECORDED_RELAPSE
from analysis.figures.survival.behind_relapses import behind_relapses, relapse_choices
from tests.analysis.estimates.test_mean_relapses import FIVE, made, reference_cohort

COHORT = made(FIVE)


def test_a_step_names_who_relapsed_for_the_how_manieth_time_died_and_was_last_seen() -> None:
    people = behind_relapses(relapse_list(COHORT), event_times(COHORT), RECORDED_RELAPSE, "All", 10)
    assert people.title == "1 relapse, 1 died, 1 last seen at 10 months"
    relapsed, died, seen = (part.members for part in people.parts)
    assert relapsed.to_numpy().tolist() == [["A", 10.0, "relapse 2"]]
    assert (died["patient_id"].tolist(), seen["patient_id"].tolist()) == (["A"], ["B"])


@pytest.mark.parametrize("name", ["late", "tied"])
def test_every_step_names_as_many_as_relapse(name: str) -> None:
    cohort = reference_cohort(name)
    curve = mean_relapses(cohort, by="arm").curve
    found, members = relapse_list(cohort, by="arm"), event_times(cohort, by="arm")
    choices = relapse_choices(curve)
    assert len(choices) == 40
    for pick in choices.values():
        at = curve[(curve["group"] == pick["group"]) & (curve["months"] == pick["months"])]
        people = behind_relapses(found, members, RECORDED_RELAPSE, **pick)
        assert len(people.parts[0].members) == at["relapses"].iloc[0]
