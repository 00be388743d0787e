"""Kaplan-Meier: curves worked out by hand, reference figures, and properties of any curve."""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines.datasets import load_lupus

from analysis import Cohort, Grouping, Landmark, follow_up, kaplan_meier, read_cohort
from analysis.listings.event_times import left_out_of_curves
from tests.analysis.made import cohort_of
from tests.properties import SOME

INTERVALS = ["log-log", "log", "plain", "exact"]


cohorts = st.integers(2, 40).flatmap(
    lambda patients: st.builds(
        cohort_of,
        st.lists(st.integers(0, 30).map(lambda tenths: tenths / 2), min_size=patients, max_size=patients),
        st.lists(st.integers(0, 1), min_size=patients, max_size=patients),
        msc_source=st.lists(st.sampled_from(["BM", "UC"]), min_size=patients, max_size=patients),
    )
).filter(lambda cohort: cohort.patients["died"].any())  # fmt: skip


@pytest.fixture(scope="module")
def lupus() -> Cohort:
    """99 patients from diagnosis (Merrell and Shulman 1955); the figures are those of R's survival package."""
    table = load_lupus()
    return read_cohort(
        pd.DataFrame(
            {
                "patient_id": [str(row) for row in range(len(table))],
                "follow_up_months": 12 * table["time_between_diagnosis_and_last_observation_(years)"],
                "died": table["dead"].astype(int),
            }
        )
    )


def test_curve_worked_by_hand() -> None:
    # At 2: one of six dies and one is censored at the same time; at 5: two of four; at 9: the last one dies.
    result = kaplan_meier(cohort_of([2, 2, 5, 5, 7, 9], [1, 0, 1, 1, 0, 1]))
    curve = result.curve
    assert curve.columns.tolist() == [
        "group", "months", "at_risk", "events", "censored", "survival", "lower", "upper",
    ]  # fmt: skip
    assert curve["group"].tolist() == ["All"] * 5
    assert curve["months"].tolist() == [0, 2, 5, 7, 9]
    assert curve["at_risk"].tolist() == [6, 6, 4, 2, 1]
    assert curve["events"].tolist() == [0, 1, 2, 0, 1]
    assert curve["censored"].tolist() == [0, 1, 0, 1, 0]
    expected = [Fraction(1), Fraction(5, 6), Fraction(5, 12), Fraction(5, 12), Fraction(0)]
    assert curve["survival"].tolist() == pytest.approx([float(share) for share in expected], abs=1e-12)
    assert result.summary.iloc[0][["patients", "events", "median"]].tolist() == [6, 4, 5]


def test_deaths_at_time_zero_are_in_the_first_row() -> None:
    curve = kaplan_meier(cohort_of([0, 0, 3, 4], [1, 0, 1, 0])).curve
    assert curve["months"].tolist() == [0, 3, 4]
    assert curve["events"].tolist() == [1, 1, 0]
    assert curve["at_risk"].tolist() == [4, 2, 1]
    assert curve["survival"].tolist() == pytest.approx([3 / 4, 3 / 8, 3 / 8])


@pytest.mark.parametrize("patients", [6, 8, 14, 18, 20, 44])
def test_a_curve_that_reaches_one_half_has_its_median_there(patients: int) -> None:
    result = kaplan_meier(cohort_of([float(month) for month in range(1, patients + 1)], [1] * patients))
    assert result.summary["median"].iloc[0] == patients / 2


def test_times_within_rounding_are_joined() -> None:
    curve = kaplan_meier(cohort_of([0.3, 0.1 + 0.2, 1], [1, 1, 0])).curve
    assert curve["events"].tolist() == [0, 2, 0]


@pytest.mark.parametrize(
    ("years", "at_risk", "survival", "interval", "limits"),
    [
        (1, 50, 0.7430, "log", (0.6537, 0.8445)),
        (1, 50, 0.7430, "log-log", (0.6331, 0.8245)),
        (2, 30, 0.6863, "log", (0.5868, 0.8027)),
        (2, 30, 0.6863, "log-log", (0.5651, 0.7802)),
        (3, 18, 0.6112, "log", (0.4980, 0.7501)),
        (3, 18, 0.6112, "log-log", (0.4741, 0.7227)),
        (4, 4, 0.5348, "log", (0.4058, 0.7049)),
        (4, 4, 0.5348, "log-log", (0.3780, 0.6686)),
    ],
)
def test_lupus_reference_figures(
    lupus: Cohort, years: int, at_risk: int, survival: float, interval: str, limits: tuple[float, float]
) -> None:
    at = kaplan_meier(lupus, interval=interval).at([12 * years]).iloc[0]
    assert at["at_risk"] == at_risk
    assert at["survival"] == pytest.approx(survival, abs=5e-5)
    assert (at["lower"], at["upper"]) == pytest.approx(limits, abs=5e-5)


def test_lupus_medians(lupus: Cohort) -> None:
    summary = kaplan_meier(lupus).summary.iloc[0]
    assert (summary["patients"], summary["events"]) == (99, 31)
    assert summary["median"] / 12 == pytest.approx(4.50, abs=0.005)
    followed = follow_up(lupus).table.iloc[0]
    assert (followed[["median", "lower", "upper"]] / 12).tolist() == pytest.approx([1.75, 1.33, 2.59], abs=0.005)


def test_at_counts_up_to_and_including_a_time() -> None:
    at = kaplan_meier(cohort_of([2, 2, 5, 5, 7, 8], [1, 0, 1, 1, 0, 0])).at([0, 2, 6.9, 8, 8.1])
    assert at["at_risk"].tolist() == [6, 6, 2, 1, 0]
    assert at["cumulative_events"].tolist() == [0, 1, 3, 3, 3]
    assert at["cumulative_censored"].tolist() == [0, 1, 1, 3, 3]
    assert at["survival"].isna().tolist() == [False, False, False, False, True]


def test_a_curve_at_zero_stays_there() -> None:
    at = kaplan_meier(cohort_of([2, 3], [1, 1])).at([100])
    assert at["survival"].tolist() == [0]
    assert at[["lower", "upper"]].isna().all(axis=None)


def test_a_group_without_deaths_has_the_exact_band() -> None:
    # 0 deaths among 20: the Clopper-Pearson limit 1 - 0.025 ** (1 / 20).
    result = kaplan_meier(cohort_of([12.0] * 20, [0] * 20))
    start = result.curve.iloc[0]
    assert start["upper"] == 1
    assert 1 - start["lower"] == pytest.approx(0.1684, abs=5e-5)
    assert 1 - result.at([12])["lower"].iloc[0] == pytest.approx(0.1684, abs=5e-5)  # the last time is within
    assert np.isnan(result.summary["median"].iloc[0])


@pytest.mark.parametrize("deaths", range(1, 10))
def test_without_censoring_the_exact_band_is_clopper_pearson(deaths: int) -> None:
    from scipy.stats import binomtest

    result = kaplan_meier(cohort_of([float(month) for month in range(1, 11)], [1] * 10), interval="exact")
    at = result.at([deaths]).iloc[0]
    assert (at["lower"], at["upper"]) == pytest.approx(tuple(binomtest(10 - deaths, 10).proportion_ci()), abs=1e-9)


@pytest.mark.parametrize("interval", INTERVALS)
def test_until_its_first_death_a_group_has_the_exact_limits(interval: str) -> None:
    # 20 of 20 are alive at month 12, 83-100 %, whether or not one of them dies later.
    alive = 0.025 ** (1 / 20)
    cohort = cohort_of([36.0] * 20 + [30.0] + [36.0] * 19, [0] * 20 + [1] + [0] * 19, arm=["A"] * 20 + ["B"] * 20)
    result = kaplan_meier(cohort, by="arm", interval=interval)
    at = result.at([0, 12, 24])
    assert at["survival"].tolist() == [1] * 6
    assert at["lower"].tolist() == pytest.approx([alive] * 6)
    assert at["upper"].tolist() == [1] * 6
    later = result.at([30]).set_index("group").loc["B"]
    assert later["survival"] == pytest.approx(19 / 20)
    assert 0 < later["lower"] < 19 / 20 < later["upper"] <= 1
    assert "until" not in result.method if interval == "exact" else "until the first event of a group" in result.method


def test_limits_of_a_median_start_at_the_first_death_as_in_r() -> None:
    # R: quantile(survfit(Surv(c(1, 2, 3, 4), c(0, 1, 1, 1)) ~ 1, conf.type = "log-log"), 0.5) has 3 (2 to NA). Of the
    # three who are followed to month 2 the exact limit is below one half, but nobody has died yet.
    summary = kaplan_meier(cohort_of([1, 2, 3, 4], [0, 1, 1, 1])).summary.iloc[0]
    assert summary[["median", "median_lower"]].tolist() == [3, 2]
    assert np.isnan(summary["median_upper"])


def test_late_entries_do_not_narrow_the_band_before() -> None:
    # One patient is at risk until month 20 and 30 after it: the first months rest on that one.
    cohort = cohort_of([40.0] * 31, [0] * 31, entry_months=[0.0] + [20.0] * 30)
    at = kaplan_meier(cohort).at([10, 30])
    assert at["at_risk"].tolist() == [1, 31]
    assert at["lower"].tolist() == pytest.approx([0.025, 0.025])


def test_patients_without_a_group_are_left_out_and_reported() -> None:
    cohort = cohort_of([1, 2, 3], [1, 0, 1], msc_source=["UC", "BM", None])
    result = kaplan_meier(cohort, by="msc_source")
    assert result.summary["group"].tolist() == ["BM", "UC"]
    assert result.summary["patients"].tolist() == [1, 1]
    assert left_out_of_curves(cohort, by="msc_source").to_numpy().tolist() == [["p2", "the group is not recorded"]]
    assert result.left_out.to_numpy().tolist() == [["the group is not recorded", 1]]
    assert "1 patient: the group is not recorded" in result.method


def test_without_groups_there_is_no_curve() -> None:
    cohort = cohort_of([1, 2, 3], [1, 0, 1], msc_source=["BM", "UC", None])
    result = kaplan_meier(cohort.subset(cohort.patients["msc_source"].isna()), by="msc_source")
    assert result.curve.empty
    assert result.summary.empty
    assert result.left_out["patients"].tolist() == [1]


@pytest.mark.parametrize(("died", "survival", "median"), [(1, [1, 0], 5), (0, [1, 1], None)])
def test_one_patient(died: int, survival: list[float], median: float | None) -> None:
    result = kaplan_meier(cohort_of([5], [died]))
    assert result.curve["survival"].tolist() == survival
    assert result.summary["median"].dropna().tolist() == ([] if median is None else [median])


def test_all_censored_has_the_exact_band() -> None:
    # Clopper-Pearson of 3 of 3, 2 of 2 and 1 of 1; at the last time, the one at risk.
    curve = kaplan_meier(cohort_of([1, 2, 3], [0, 0, 0])).curve
    assert curve["survival"].tolist() == [1] * 4
    assert curve["upper"].tolist() == [1] * 4
    assert curve["lower"].tolist() == pytest.approx([0.025 ** (1 / 3), 0.025 ** (1 / 2), 0.025, 0.025])


def test_a_group_without_events_beside_one_with_events() -> None:
    cohort = cohort_of([1, 2, 3, 4], [1, 0, 0, 0], arm=["A", "A", "B", "B"])
    curve = kaplan_meier(cohort, by="arm").curve.set_index("group")
    assert curve.loc["A", "survival"].tolist() == [1, 1 / 2, 1 / 2]
    assert curve.loc["B", "lower"].tolist() == pytest.approx([0.025 ** (1 / 2), 0.025, 0.025])


def test_26_groups_have_26_curves() -> None:
    # In group k one of k + 1 dies at k.
    numbers = [number for number in range(1, 27) for _ in range(number + 1)]
    first = [place == 0 or numbers[place] != numbers[place - 1] for place in range(len(numbers))]
    times = [float(number) if begins else 99.0 for number, begins in zip(numbers, first, strict=True)]
    cohort = cohort_of(times, [int(begins) for begins in first], arm=[chr(64 + number) for number in numbers])
    result = kaplan_meier(cohort, by="arm")
    expected = [float(Fraction(number, number + 1)) for number in range(1, 27)]
    assert result.at([50])["survival"].tolist() == pytest.approx(expected)
    assert result.summary["patients"].tolist() == list(range(2, 28))


def test_late_entries_worked_by_hand() -> None:
    # At 2 three are at risk, without the one who enters then. At 4 it is three again, without p0: S is 2/3 and 4/9.
    cohort = cohort_of([2, 4, 5, 4], [1, 1, 0, 0], entry_months=[0, 1, 2, None])
    result = kaplan_meier(cohort)
    assert result.curve["months"].tolist() == [0, 1, 2, 4, 5]
    assert result.curve["at_risk"].tolist() == [2, 2, 3, 3, 1]
    expected = [1, 1, Fraction(2, 3), Fraction(4, 9), Fraction(4, 9)]
    assert result.curve["survival"].tolist() == pytest.approx([float(share) for share in expected])
    assert result.at([0.5, 1.5, 3, 4.5])["at_risk"].tolist() == [2, 3, 3, 1]
    assert result.summary[["patients", "events"]].to_numpy().tolist() == [[4, 2]]
    assert "at risk from their entry on (left truncation)" in result.method


def test_entries_after_the_end_are_left_out_and_reported() -> None:
    result = kaplan_meier(cohort_of([2, 4], [1, 1], entry_months=[0, 4]))
    assert result.left_out.to_numpy().tolist() == [["observed only after the outcome had ended", 1]]
    assert "1 patient: observed only after the outcome had ended" in result.method


def test_an_empty_risk_set_does_not_change_the_curve() -> None:
    # The first patient leaves at 2, the second enters at 3: nobody is at risk between.
    result = kaplan_meier(cohort_of([2, 5, 6], [0, 1, 0], entry_months=[0, 3, 3]))
    assert result.curve["survival"].tolist() == [1, 1, 1, 1 / 2, 1 / 2]
    assert result.at([2.5])["survival"].tolist() == [1]
    # Nothing is known of the months without anybody at risk.
    assert result.curve["lower"].tolist()[:3] == pytest.approx([0.025, 0, 0])
    assert result.curve["upper"].tolist()[:3] == [1, 1, 1]


def test_a_landmark_with_and_without_a_reset_clock() -> None:
    # At 3 three are left, of whom one dies at 5.
    cohort = cohort_of([1, 2, 4, 5, 6], [1, 0, 0, 1, 0])
    reset = kaplan_meier(cohort, Landmark("overall_survival", 3))
    assert reset.curve["months"].tolist() == [0, 1, 2, 3]
    assert reset.curve["survival"].tolist() == [1, 1, 1 / 2, 1 / 2]
    assert reset.time_zero == "3 months after transplantation"
    assert "months from 3 months after transplantation" in reset.method
    assert reset.left_out["patients"].sum() == 2
    running = kaplan_meier(cohort, Landmark("overall_survival", 3, reset=False))
    assert running.curve["months"].tolist() == [0, 4, 5, 6]
    assert running.curve["survival"].tolist() == reset.curve["survival"].tolist()


def test_death_censors_a_curve_of_relapses_and_is_named() -> None:
    cohort = cohort_of([2, 4, 6], [1, 0, 0], relapse_months=[None, 4, None])
    result = kaplan_meier(cohort, "relapse")
    assert result.curve["censored"].tolist() == [0, 1, 0, 1]
    assert result.curve["survival"].tolist() == [1, 1, 1 / 2, 1 / 2]
    assert "death before it censors" in result.method


def test_relapse_ends_relapse_free_survival() -> None:
    cohort = cohort_of([10, 10, 10, 4], [0, 0, 1, 1], relapse_months=[3, None, None, None])
    curve = kaplan_meier(cohort, "relapse_free_survival").curve
    assert curve.loc[curve["events"] > 0, "months"].tolist() == [3, 4, 10]


def test_an_empty_cohort_has_an_empty_curve() -> None:
    from analysis import Filters, OneOf

    cohort = cohort_of([1, 2], [1, 0], msc_source=["UC", "UC"]).where(Filters({"msc_source": OneOf("BM")}))
    result = kaplan_meier(cohort)
    assert result.summary[["patients", "events"]].iloc[0].tolist() == [0, 0]
    assert result.curve["survival"].isna().all()


@pytest.mark.parametrize(
    "arguments",
    [
        {"endpoint": "happiness"},
        {"level": 1.0},
        {"interval": "wald"},
        {"by": "arm"},
        {"endpoint": "relapse_free_survival"},
    ],
)
def test_unknown_arguments_are_refused_by_name(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"Unknown|no column|needs|between 0 and 1"):
        kaplan_meier(cohort_of([1, 2], [1, 0]), **arguments)


@given(cohorts, st.sampled_from(INTERVALS))
def test_a_curve_never_increases_and_lies_within_its_band(cohort: Cohort, interval: str) -> None:
    curve = kaplan_meier(cohort, interval=interval).curve
    assert (curve["survival"].diff().dropna() <= 1e-12).all()
    banded = curve.dropna(subset=["lower", "upper"])
    assert (banded["lower"] <= banded["survival"] + 1e-9).all()
    assert (banded["upper"] >= banded["survival"] - 1e-9).all()
    assert (curve[["lower", "upper"]].notna().all(axis=1) | (curve["survival"] < 1e-12)).all()
    assert curve["at_risk"].iloc[0] == len(cohort)
    assert (curve["events"] + curve["censored"]).sum() == len(cohort)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=30))
def test_without_censoring_it_is_the_share_alive(months: list[int]) -> None:
    curve = kaplan_meier(cohort_of([float(month) for month in months], [1] * len(months))).curve
    alive = [np.mean(np.array(months) > time) for time in curve["months"]]
    assert curve["survival"].tolist() == pytest.approx(alive, abs=1e-12)


@SOME
@given(cohorts, st.randoms(use_true_random=False))
def test_the_order_of_patients_does_not_matter(cohort: Cohort, random) -> None:
    order = list(range(len(cohort)))
    random.shuffle(order)
    shuffled = read_cohort(cohort.patients.iloc[order].astype({"msc_source": object}))
    pd.testing.assert_frame_equal(
        kaplan_meier(shuffled, by="msc_source").curve, kaplan_meier(cohort, by="msc_source").curve
    )


@SOME
@given(cohorts)
def test_a_group_has_the_curve_it_has_alone(cohort: Cohort) -> None:
    both = kaplan_meier(cohort, by="msc_source").curve
    for source in both["group"].cat.categories:
        alone = kaplan_meier(cohort.subset(cohort.patients["msc_source"] == source)).curve
        grouped = both[both["group"] == source].reset_index(drop=True)
        pd.testing.assert_frame_equal(grouped.drop(columns="group"), alone.drop(columns="group"))


def test_follow_up_by_group() -> None:
    cohort = cohort_of([2, 4, 6, 10], [0, 0, 1, 0], organs=["renal", "renal", "skin", "skin"])
    table = follow_up(cohort, by=Grouping("renal")).table
    assert table["group"].tolist() == ["no renal", "renal"]
    assert table["patients"].tolist() == [2, 2]
    assert table[["minimum", "maximum", "mean"]].to_numpy().tolist() == [[6, 10, 8], [2, 4, 3]]
    assert table["median"].tolist() == [10, 2]
