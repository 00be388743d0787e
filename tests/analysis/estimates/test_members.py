"""The patients behind a curve."""

import pandas as pd

from analysis import kaplan_meier, read_cohort
from analysis.listings.event_times import at_risk_at, event_times, leaving_at
from tests.analysis.made import SAMPLE


def test_listed_patients_match_the_counts_of_each_step() -> None:
    sample = SAMPLE
    members = event_times(sample, by="msc_source")
    for row in kaplan_meier(sample, by="msc_source").curve.itertuples():
        leaving = leaving_at(members, row.group, row.months)
        assert (leaving["ended"] == "event").sum() == row.events
        assert (leaving["ended"] == "last contact").sum() == row.censored
        assert len(at_risk_at(members, row.group, row.months)) == row.at_risk


def test_a_death_before_relapse_competes() -> None:
    patients = pd.DataFrame(
        {
            "patient_id": list("abc"),
            "follow_up_months": [10, 5, 8],
            "died": [0, 1, 0],
            "relapse_months": [3, None, None],
        }
    )
    members = event_times(read_cohort(patients), "relapse")
    assert members[["patient_id", "months", "ended"]].to_numpy().tolist() == [
        ["a", 3.0, "event"], ["b", 5.0, "competing event"], ["c", 8.0, "last contact"],
    ]  # fmt: skip
