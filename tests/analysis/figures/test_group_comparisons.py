"""Comparisons in words: every withheld number has a reason, and every number its patients."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import TimeToEvent, cumulative_incidence, hazard_ratios, kaplan_meier, log_rank, restricted_mean
from analysis.estimates.survival.hazard_ratios import HazardRatios
from analysis.figures.common.p_words import p_words
from analysis.figures.survival.group_tests import (
    CAUSE_SPECIFIC,
    comparison_reading,
    gray_reading,
    gray_table,
    log_rank_table,
    observed_table,
)
from analysis.figures.survival.hazard_ratios import hazard_table, ratio_words
from analysis.figures.survival.restricted_mean import difference_table, restricted_table
from tests.analysis.figures.results import cohort_of, incidences
from tests.analysis.made import competing

REFERENCE = Path(__file__).parents[1] / "reference"
NAN = float("nan")
ENDPOINT = TimeToEvent("follow_up_months", "relapsed", "died", "a relapse")
EARLY = [(float(month), "event" if month % 2 else "") for month in range(1, 31)]
LATE = [(float(month), "" if month % 3 else "event") for month in range(10, 41)]
COHORTS = {
    "two groups": {"BM": EARLY, "UC": LATE},
    "three groups": {"BM": EARLY, "UC": LATE, "AD": LATE},
    "few events": {"BM": EARLY[:12], "UC": [(20.0, "")] * 12},
    "a patient each": {"BM": [(5.0, "event")], "UC": [(6.0, "")]},
    "one group": {"BM": EARLY},
}


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.0004, "< 0.001"),
        (0.0042, "0.004"),
        (0.03, "0.03"),
        (0.0496, "0.050"),
        (0.0464, "0.046"),
        (0.34, "0.34"),
        (0.999, "> 0.99"),
    ],
)
def test_p_as_papers_print_it(p: float, words: str) -> None:
    assert p_words(p) == words


def test_what_is_withheld_says_why() -> None:
    assert p_words(NAN, "fewer than 10 events (5)") == "withheld: fewer than 10 events (5)"
    assert p_words(NAN, "no event while both groups were at risk") == "no event while both groups were at risk"
    assert ratio_words(NAN, NAN, NAN, "not estimable: no deaths in UC") == "not estimable: no deaths in UC"
    assert p_words(NAN) == ratio_words(NAN, NAN, NAN) == "not estimable"


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        ((1.83, 0.66, 4.51), "1.8 (0.7–4.5)"),
        ((0.62, 0.41, 0.93), "0.62 (0.41–0.93)"),
        ((1.021, 0.991, 1.052), "1.021 (0.991–1.052)"),
        ((2.0, 0.04, 104.4), "2.0 (0.04–104)"),
        ((12.0, 0.9, 5e9), "12.0 (0.9–> 1,000)"),
    ],
)
def test_ratios_have_the_decimals_their_interval_calls_for(ratio: tuple[float, float, float], words: str) -> None:
    assert ratio_words(*ratio) == words


def test_comparisons_name_groups_and_patients() -> None:
    cohort = cohort_of(COHORTS["three groups"])
    result = log_rank(cohort, ENDPOINT, by="msc_source")
    overall = log_rank_table(result).iloc[0]
    assert (overall["Compared"], overall["Patients"], overall["Degrees of freedom"]) == ("all groups", "92", "2")
    pairs = log_rank_table(log_rank(cohort, ENDPOINT, by="msc_source", pairwise=True))
    assert pairs["Compared"].tolist() == ["BM, UC", "BM, AD", "UC, AD"]
    assert pairs["Patients"].tolist() == ["30, 31", "30, 31", "31, 31"]
    assert comparison_reading(result).startswith("Test of a difference between all groups (92 patients): p ")
    observed = observed_table(result)
    assert observed["Observed"].tolist() == ["15", "10", "10"]
    assert sum(map(float, observed["Expected"])) == pytest.approx(35, abs=0.2)


def tables_of(groups: dict[str, list[tuple[float, str]]]) -> list[pd.DataFrame]:
    cohort, by = cohort_of(groups), "msc_source"
    summary = kaplan_meier(cohort, ENDPOINT, by=by).summary
    means = restricted_mean(cohort, ENDPOINT, by=by, months=12)
    compared = log_rank(cohort, ENDPOINT, by=by)
    return [
        log_rank_table(compared),
        observed_table(compared),
        log_rank_table(log_rank(cohort, ENDPOINT, by=by, pairwise=True)),
        hazard_table(hazard_ratios(cohort, ENDPOINT, by=by), summary),
        restricted_table(means, summary),
        difference_table(means, summary),
        gray_table(incidences(groups)),
    ]


@pytest.mark.parametrize("groups", COHORTS.values(), ids=COHORTS)
def test_nothing_prints_nan_and_no_number_stands_without_its_patients(
    groups: dict[str, list[tuple[float, str]]],
) -> None:
    for table in tables_of(groups):
        assert table.columns[1] == "Patients"
        cells = [str(cell).lower() for cell in table.to_numpy().ravel()]
        assert all(cells)
        assert not any(word in cell for cell in cells for word in ("nan", "none", "inf", "-0.0"))


def test_few_events_keep_the_difference_and_lose_its_interval() -> None:
    *_, restricted, differences, gray = tables_of(COHORTS["few events"])
    assert restricted["Mean months after the event"].tolist()[1].endswith("; no standard error: no events by month 12")
    assert "; withheld: fewer than 10 events (6)" in differences["Difference in months"].iloc[0]
    assert gray["p"].tolist() == ["withheld: fewer than 10 events (6)"]
    few = log_rank(cohort_of(COHORTS["few events"]), ENDPOINT, by="msc_source")
    assert comparison_reading(few) == (
        "No test of a difference between BM and UC (12, 12 patients): fewer than 10 events (6)."
    )
    assert gray["Events"].tolist() == ["6"]
    assert gray_reading(incidences(COHORTS["few events"])) == (
        "No test of a difference in cumulative incidence (Gray) between BM and UC (12, 12 patients): "
        "fewer than 10 events (6)."
    )


def test_where_an_event_competes_each_test_says_what_it_is_of() -> None:
    # In the same patients, the incidences do not differ but the cause-specific hazards do.
    rows = pd.read_csv(REFERENCE / "competing.csv")
    pairs = zip(rows["months"].astype(float), rows["status"], strict=True)
    cohort = competing([*pairs], arm=rows["arm"].tolist())
    assert gray_reading(cumulative_incidence(cohort, "relapse", by="arm")) == (
        "Test of a difference in cumulative incidence (Gray) between A and B (70, 70 patients): p 0.40."
    )
    assert comparison_reading(log_rank(cohort, "relapse", by="arm"), CAUSE_SPECIFIC) == (
        "Test of a difference in cause-specific hazards (log-rank) between A and B (70, 70 patients): p 0.002."
    )


def test_a_model_of_covariates_has_no_patients_of_groups() -> None:
    cohort = cohort_of(COHORTS["two groups"])
    table = hazard_table(hazard_ratios(cohort, ENDPOINT, covariates=["msc_source"]))
    assert "Patients" not in table
    assert table["Against"].tolist() == ["BM"]


@pytest.mark.parametrize(
    ("reference", "ratio", "per", "words"),
    [
        ("per unit", (1.00138, 1.00096, 1.00180), "per 100 units", "1.148 (1.101–1.197)"),
        ("per year", (1.01, 0.99, 1.03), "per 10 years", "1.10 (0.90–1.34)"),
        ("per year", (1.04, 1.01, 1.07), "per year", "1.040 (1.010–1.070)"),
        ("per mg/day", (1.0001, 0.9999, 1.0003), "per 1,000 mg/day", "1.11 (0.90–1.35)"),
        ("per g", (1e8, 1e4, 1e12), "per 0.1 g", "6.3 (2.5–15.8)"),
        ("BM", (1.0001, 0.9999, 1.0003), "BM", "1.000 (1.000–1.000)"),
    ],
)
def test_ratios_of_numbers_are_for_as_many_units_as_it_takes_to_read_them(
    reference: str, ratio: tuple[float, float, float], per: str, words: str
) -> None:
    columns = ["hazard_ratio", "lower", "upper"]
    row = {"term": "x", "reference": reference, **dict(zip(columns, ratio, strict=True))}
    table = pd.DataFrame([{**row, "p": 0.5, "proportional_p": 0.5, "withheld": ""}])
    shown = hazard_table(HazardRatios("", "", pd.DataFrame(), table)).iloc[0]
    assert (shown["Against"], shown["Hazard ratio"]) == (per, words)
