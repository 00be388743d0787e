"""The people behind a step of a curve: those with the event, with a competing one, and last seen."""

from analysis import cumulative_incidence, event_times, kaplan_meier
from analysis.facts.endpoints import endpoint_words
from analysis.figures.survival.behind_steps import behind_step, behind_time, step_choices
from tests.analysis.made import SAMPLE


def test_a_step_of_survival_names_who_died() -> None:
    people = behind_step(event_times(SAMPLE), endpoint_words("overall_survival"), "All", 28.9)
    assert people.title == "1 death from any cause at 28.9 months"
    assert people.event == "death"
    assert people.parts[0].members[["patient_id", "months"]].values.tolist() == [["S026", 28.9]]


def test_every_step_with_an_event_can_be_chosen_and_names_as_many() -> None:
    for endpoint, curve in (
        ("overall_survival", kaplan_meier(SAMPLE, by="msc_source").curve),
        ("relapse", cumulative_incidence(SAMPLE, by="msc_source").curve),
    ):
        words, members = endpoint_words(endpoint), event_times(SAMPLE, endpoint, by="msc_source")
        choices = step_choices(curve, words)
        assert len(choices) == (curve["events"] > 0).sum()
        for pick in choices.values():
            at = curve[(curve["group"] == pick["group"]) & (curve["months"] == pick["months"])]
            assert len(behind_step(members, words, **pick).parts[0].members) == at["events"].iloc[0]


def test_from_another_time_zero_no_month_stands_beside_the_lane() -> None:
    members = event_times(SAMPLE, "remission_duration")
    event = members[members["ended"] == "event"].iloc[0]
    people = behind_step(members, endpoint_words("remission_duration"), "All", event["months"])
    assert people.event == ""
    assert people.parts[0].members["months"].isna().all()


def test_the_risk_set_is_as_large_as_the_curve_says() -> None:
    people = behind_time(event_times(SAMPLE), "All", 12)
    assert people.title == "84 patients at risk at 12 months"
    assert len(people.parts[0].members) == 84
