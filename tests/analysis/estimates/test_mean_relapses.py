"""The mean number of relapses: by hand, by its definition, and as mets has it; see ``reference/relapses.R``."""

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, Pinned, cumulative_incidence, read_cohort
from analysis.counts.relapse_paths import NOT_OBSERVED, RelapsePaths
from analysis.estimates.survival.mean_relapses import MeanRelapses, mean_relapses
from analysis.facts.relapse import RECORDED_RELAPSE
from tests.analysis.made import SAMPLE, pinned
from tests.benchmarks.coverage import covered
from tests.properties import SOME

FOLDER = Path(__file__).parents[1] / "reference"
REFERENCE = json.loads((FOLDER / "relapses.json").read_text(encoding="utf-8"))
TIMES = REFERENCE["times"]
FIVE = {
    # End of follow-up, whether it is death, and relapses: A's last on the day of death, D's on that of the last visit.
    "A": (10, 1, [2, 10]),
    "B": (10, 0, [4]),
    "C": (4, 1, []),
    "D": (6, 0, [2, 6]),
    "E": (3, 0, []),
}


@cache
def reference_tables(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    spec = importlib.util.spec_from_file_location("reference_relapses", FOLDER / "relapses.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    tables: tuple[pd.DataFrame, pd.DataFrame] = made.COHORTS[name]()
    return tables


@cache
def reference_cohort(name: str) -> Cohort:
    return read_cohort(*reference_tables(name))


def made(people: dict[str, tuple[float, int, list[float]]], **columns: list[Any]) -> Cohort:
    patients = pd.DataFrame(
        {
            "patient_id": list(people),
            "follow_up_months": [end for end, _, _ in people.values()],
            "died": [died for _, died, _ in people.values()],
            **columns,
        }
    )
    rows = [(name, month, 1) for name, (_, _, months) in people.items() for month in months]
    return read_cohort(patients, pd.DataFrame(rows, columns=["patient_id", "months", "relapse"]))


def by_definition(people: dict[str, tuple[float, int, list[float]]], entry: dict[str, float]) -> dict[float, Any]:
    """Return mean and standard error at each time: every patient's influence, summed over the times one by one."""
    times = sorted({0.0, *entry.values(), *(t for end, _, months in people.values() for t in (end, *months))})
    alive, mean = 1.0, 0.0
    steps, found = [], {}
    for time in times:
        there = [n for n, (end, _, _) in people.items() if time <= end and (time > entry[n] or entry[n] == 0)]
        number = max(len(there), 1)
        relapses = {name: people[name][2].count(time) for name in there}
        deaths = {name: int(people[name][0] == time and people[name][1]) for name in there}
        relapsed, died = sum(relapses.values()) / number, sum(deaths.values()) / number
        mean += alive * relapsed
        steps.append((there, number, alive, mean, relapses, relapsed, deaths, died))
        alive *= 1 - died
        influence = dict.fromkeys(people, 0.0)
        for who, size, before, reached, own, expected, dying, dead in steps:
            for name in who:
                influence[name] += before / size * (own[name] - expected)
                influence[name] -= (mean - reached) / size * (dying[name] - dead)
        found[time] = mean, sum(each**2 for each in influence.values()) ** 0.5
    return found


def test_five_patients_by_hand() -> None:
    # At month 2 two of 5 relapse: 0.4. At 4 one of 4, one dies: 0.65, alive 3/4. At 6: 3/4 of 1/3. At 10: 3/4 of 1/2.
    result = mean_relapses(made(FIVE))
    at = result.at([0, 2, 4, 6, 10])
    assert at["mean"].tolist() == pytest.approx([0, 0.4, 0.65, 0.9, 1.275], abs=1e-15)
    assert at["at_risk"].tolist() == [5, 5, 4, 3, 2]
    assert at["cumulative_relapses"].tolist() == [0, 2, 3, 4, 5]
    # The influences of A to E on the mean at month 6 are -0.01021, 0.03979, -0.18938, 0.23979 and -0.08.
    error = at.set_index("months").loc[6, "standard_error"]
    assert error == pytest.approx(0.3185130, abs=1e-7)
    assert at.set_index("months").loc[6, "lower"] == pytest.approx(0.9 * np.exp(-1.959964 * error / 0.9), abs=1e-6)
    assert result.summary.drop(columns="group").to_numpy().tolist() == [[5, 3, 5, 2]]


def test_it_is_never_below_0_and_has_no_limits_before_the_first_relapse() -> None:
    curve = mean_relapses(made(FIVE)).curve
    assert curve.loc[curve["mean"] == 0, ["lower", "upper"]].isna().all(axis=None)
    assert (curve.loc[curve["mean"] > 0, "lower"] > 0).all()


@pytest.mark.parametrize("name", ["frail", "late"])
@pytest.mark.parametrize("group", ["All", "x", "y", "z"])
@pytest.mark.parametrize("rule", ["recorded", "visits"])
def test_mean_and_standard_error_are_those_of_mets(name: str, group: str, rule: str) -> None:
    result = mean_relapses(reference_cohort(name), rule=rule, by=None if group == "All" else "arm")
    at = result.at(TIMES)
    at = at[at["group"] == group]
    reached = at["mean"].notna()
    assert reached.sum() >= 5
    for column in ("mean", "standard_error"):
        expected = np.array(REFERENCE[name]["mean"][group][column])[reached]
        np.testing.assert_allclose(at.loc[reached, column], expected, rtol=0, atol=1e-9)


@SOME
@given(
    courses=st.lists(
        st.tuples(
            st.sampled_from([0, 2, 3, 5, 8]),
            st.integers(0, 1),
            st.lists(st.sampled_from([1, 2, 3, 5, 8]), unique=True),
            st.sampled_from([0, 0, 1, 2]),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_with_ties_and_late_entries_it_is_what_the_definition_says(courses: list[tuple[Any, ...]]) -> None:
    people, entry = {}, {}
    for place, (end, died, months, came) in enumerate(courses):
        entry[f"p{place}"] = came if came < end else 0
        seen = sorted(month for month in months if entry[f"p{place}"] < month <= end)
        people[f"p{place}"] = (float(end), died, seen)
    cohort = made(people, entry_months=list(entry.values()))
    curve = mean_relapses(cohort, rule="visits").curve.set_index("months")
    for time, (mean, error) in by_definition(people, entry).items():
        if time in curve.index:
            assert curve.loc[time, "mean"] == pytest.approx(mean, abs=1e-12)
            assert curve.loc[time, "standard_error"] == pytest.approx(error, abs=1e-7)


def test_if_all_are_followed_to_death_it_is_relapses_by_patients() -> None:
    patients, visits = reference_tables("frail")
    curve = mean_relapses(read_cohort(patients.assign(died=1), visits)).curve
    assert curve["mean"].tolist() == pytest.approx((curve["relapses"].cumsum() / len(patients)).tolist(), abs=1e-12)


def test_whoever_has_relapsed_stays_at_risk() -> None:
    sample = SAMPLE
    mean, first = mean_relapses(sample), cumulative_incidence(sample, "relapse")
    assert first.summary["events"].tolist() == [20]
    assert mean.summary["relapses"].tolist() == [20 + 5]
    assert (mean.at([12])["at_risk"] - first.at([12])["at_risk"]).tolist() == [10]


def test_relapses_outside_observation_do_not_count() -> None:
    cohort = made({"a": (10, 0, [2, 6, 9])}, entry_months=[6.0])
    result = mean_relapses(cohort)
    assert result.summary["relapses"].tolist() == [1]
    assert "left truncation" in result.method
    assert result.caution.startswith("Few are at risk until others come under observation")


def test_whoever_is_observed_only_after_the_end_is_left_out() -> None:
    cohort = made({"a": (10, 0, [2]), "b": (3, 0, [])}, entry_months=[0.0, 5.0])
    result = mean_relapses(cohort)
    assert result.left_out.to_numpy().tolist() == [[NOT_OBSERVED, 1]]
    assert result.summary["patients"].tolist() == [1]


def test_beyond_follow_up_it_is_missing_unless_all_died() -> None:
    assert mean_relapses(made({"a": (10, 0, [2])})).at([11])["mean"].isna().all()
    assert mean_relapses(made({"a": (10, 1, [2])})).at([11])["mean"].tolist() == [1]


def test_differences_have_limits_from_those_of_both_groups() -> None:
    result = mean_relapses(reference_cohort("frail"), by="arm")
    at = result.at([24]).set_index("group")
    found = result.differences([24]).set_index(["group_a", "group_b"])
    assert list(found.index) == [("x", "y"), ("x", "z"), ("y", "z")]
    first = found.loc[("x", "y")]
    means = at["mean"]
    below = np.hypot(means["y"] - at.loc["y", "lower"], at.loc["x", "upper"] - means["x"])
    assert first["difference"] == means["y"] - means["x"]
    assert first["lower"] == pytest.approx(first["difference"] - below)
    assert (found["withheld"] == "").all()


def test_a_difference_says_why_it_has_no_limits() -> None:
    cohort = made({"a": (10, 0, [2]), "b": (4, 0, []), "c": (9, 0, [])}, arm=["x", "y", "y"])
    found = mean_relapses(cohort, by="arm").differences([4, 10])
    assert found["withheld"].tolist() == [
        "no interval: no relapse yet, or too few patients, in x and y",
        "nobody is at risk so long in y",
    ]
    both = mean_relapses(cohort, by=pinned(frozenset("ab"), frozenset("bc"))).differences([2])
    assert both["withheld"].tolist() == ["the groups share 1 patient"]


def test_no_patients_and_no_relapses() -> None:
    cohort = made({"a": (10, 0, [2]), "b": (9, 0, [])})
    nobody = mean_relapses(cohort.subset(np.zeros(2, dtype=bool)))
    assert nobody.curve["mean"].isna().all()
    assert nobody.at([1])["at_risk"].tolist() == [0]
    quiet = mean_relapses(cohort.subset(np.array([False, True])))
    assert quiet.at([9])["mean"].tolist() == [0]


def test_limits_hold_the_true_mean_about_as_often_as_they_say() -> None:
    # Three standard errors of a share of 0.95 among 1,000 made cohorts.
    assert all(0.929 < share < 0.971 for share in covered(100, cohorts=1000).values())


@pytest.mark.parametrize("by", [None, "arm", Pinned])
def test_it_is_the_same_from_a_table_of_counts(by: Any) -> None:
    cohort = reference_cohort("late")
    asked = pinned(frozenset(cohort.patient_ids[:70]), frozenset(cohort.patient_ids[50:])) if by is Pinned else by
    counts = RelapsePaths.of(cohort, RECORDED_RELAPSE, asked)
    again = MeanRelapses.of(RelapsePaths.from_table(counts.to_table(), RECORDED_RELAPSE, asked))
    pd.testing.assert_frame_equal(again.curve, mean_relapses(cohort, by=asked).curve, check_exact=True)
