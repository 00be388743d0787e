"""Differences in words: the direction, the unit, and why a number is missing."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis import Cohort, Pinned, read_cohort, yearly_relapse, yearly_remission
from analysis.estimates.scores.change_differences import COLUMNS as OF_CHANGES
from analysis.estimates.scores.change_differences import ChangeDifferences, change_differences
from analysis.estimates.survival.curve_differences import COLUMNS as OF_CURVES
from analysis.estimates.survival.curve_differences import CurveDifferences, curve_differences
from analysis.estimates.yearly.share_differences import share_differences
from analysis.figures.scores.change_differences import change_difference_table
from analysis.figures.survival.curve_differences import curve_difference_table
from analysis.figures.yearly.share_differences import share_difference_table
from tests.analysis.made import SAMPLE

NAN = float("nan")
NOBODY = pd.DataFrame(columns=["patient_id", "reason"])
SHARED = "the groups share 3 patients"


def curve_rows(*rows: tuple[object, ...]) -> list[list[str]]:
    table = curve_difference_table(CurveDifferences("", "", NOBODY, pd.DataFrame(rows, columns=OF_CURVES)))
    assert table.columns.tolist() == ["Compared", "Shares", "Difference in points"]
    return table.to_numpy().tolist()


def change_rows(*rows: tuple[object, ...]) -> list[list[str]]:
    table = change_difference_table(ChangeDifferences("", "", NOBODY, pd.DataFrame(rows, columns=OF_CHANGES)))
    assert table.columns.tolist() == ["Compared", "Patients", "Mean change", "Difference", "p (Welch)"]
    return table.to_numpy().tolist()


def test_curves_in_points() -> None:
    short, bare = "nobody is at risk so long in UC", "no interval: survival is 100 % in UC"
    assert curve_rows(
        (12, "BM", "UC", 0.83, 0.71, -0.12, -0.30, 0.05, ""),
        (6.0, "BM", "UC", 0.9, 0.897, -0.003, -0.004, 0.1, ""),
        (24.0, "BM", "UC", 0.6, 1.0, 0.4, NAN, NAN, bare),
        (30.5, "BM", "UC", 0.6, 0.5, -0.1, NAN, NAN, SHARED),
        (36, "BM", "UC", 0.6, NAN, NAN, NAN, NAN, short),
        (0, "BM", "UC", 1.0, 1.0, 0.0, NAN, NAN, bare),
    ) == [
        ["Year 1: UC less BM", "71 %, 83 %", "−12 (−30 to 5)"],
        ["Month 6: UC less BM", "90 %, 90 %", "0 (0 to 10)"],
        ["Year 2: UC less BM", "100 %, 60 %", f"40; {bare}"],
        ["Month 30.5: UC less BM", "50 %, 60 %", f"−10; withheld: {SHARED}"],
        ["Year 3: UC less BM", "–, 60 %", short],
        ["Month 0: UC less BM", "100 %, 100 %", f"0; {bare}"],
    ]


def test_changes_in_the_unit_of_the_measure() -> None:
    few, nobody = "fewer than 10 patients (4 in UC)", "nobody in UC has both values"
    assert change_rows(
        (6, "BM", "UC", 1200, 14, -4.21, -3.14, 1.07, -0.8, 2.94, 0.0312, ""),
        (12, "BM", "UC", 12, 4, -4.0, -6.0, -2.0, -9.0, 5.0, NAN, few),
        (24, "BM", "UC", 12, 14, -4.0, -4.02, -0.02, NAN, NAN, NAN, SHARED),
        (36, "BM", "UC", 12, 0, -4.0, NAN, NAN, NAN, NAN, NAN, nobody),
    ) == [
        ["Month 6: UC less BM", "14, 1,200", "−3.1, −4.2", "1.1 (−0.8 to 2.9)", "0.03"],
        ["Month 12: UC less BM", "4, 12", "−6.0, −4.0", "−2.0 (−9.0 to 5.0)", f"withheld: {few}"],
        ["Month 24: UC less BM", "14, 12", "−4.0, −4.0", "0.0", f"withheld: {SHARED}"],
        ["Month 36: UC less BM", "0, 12", "–, −4.0", nobody, "–"],
    ]


def test_proportions_have_a_test_and_estimates_have_none() -> None:
    sample = SAMPLE
    counted = share_difference_table(share_differences(yearly_remission(sample, by="msc_source")))
    assert counted.columns.tolist() == ["Compared", "Shares", "Difference in points", "p (Fisher)"]
    assert counted.iloc[0].tolist() == ["Year 1: UC less BM", "25 %, 30 %", "−5 (−24 to 14)", "0.63"]
    estimated = share_difference_table(
        share_differences(yearly_relapse(sample, estimand="cumulative", by="msc_source"))
    )
    assert estimated.columns.tolist() == ["Compared", "Shares", "Difference in points"]
    assert estimated.iloc[0].tolist() == ["Year 1: UC less BM", "12 %, 11 %", "1 (−12 to 15)"]
    assert estimated.iloc[3].tolist() == ["Year 4: UC less BM", "–, 25 %", "nobody is at risk so long in UC"]


def test_rates_are_per_100_patient_years() -> None:
    table = share_difference_table(share_differences(yearly_relapse(SAMPLE, estimand="rate", by="msc_source")))
    assert table.columns.tolist() == ["Compared", "Rates", "Difference per 100 patient-years"]
    assert table.iloc[1].tolist() == ["Year 2: UC less BM", "8.2, 16.9", "−8.7 (−32.3 to 15.5)"]


def test_a_proportion_without_interval_says_why_in_place_of_p() -> None:
    found = share_differences(yearly_remission(SAMPLE, by="msc_source", years=[1]))
    table = found.table.assign(lower=NAN, upper=NAN, p=NAN, withheld=SHARED)
    cells = share_difference_table(replace(found, table=table)).iloc[0].tolist()
    assert cells[2:] == ["−5", f"withheld: {SHARED}"]


def no_visits() -> Cohort:
    patients = pd.DataFrame({"patient_id": ["a", "b", "c"], "arm": ["A", "B", "B"], "follow_up_months": 9, "died": 0})
    visits = pd.DataFrame(
        {"patient_id": ["a", "b", "c"], "months": 0.0, "sledai": 5, "remission": "none", "relapse": 0}
    )
    return read_cohort(patients, visits)


def pinned(cohort: Cohort) -> Pinned:
    number = pd.Series(range(len(cohort)), index=cohort.patients.index)
    return Pinned.of(cohort.subset(number < 50), cohort.subset(number >= 40), ("first", "second"))


@pytest.mark.parametrize("which", ["sample", "sharing", "few"])
def test_nothing_prints_nan(which: str) -> None:
    cohort = no_visits() if which == "few" else SAMPLE
    by = {"sample": "msc_source", "sharing": pinned(cohort), "few": "arm"}[which]
    months = [0, 1, 6, 12, 24, 48, 120, 999]
    tables = [
        *(
            curve_difference_table(curve_differences(cohort, name, by=by, months=months))
            for name in ("overall_survival", "relapse")
        ),
        change_difference_table(change_differences(cohort, by=by)),
    ]
    years = [1, 4, 9]
    tables += [
        share_difference_table(share_differences(yearly_remission(cohort, estimand=estimand, by=by, years=years)))
        for estimand in ("assessed", "all_due", "ever", "current")
    ]
    tables += [
        share_difference_table(share_differences(yearly_relapse(cohort, estimand=estimand, by=by, years=years)))
        for estimand in ("assessed", "at_risk", "rate", "cumulative")
    ]
    for table in tables:
        assert len(table)
        for cell in table.to_numpy().ravel():
            assert isinstance(cell, str)
            assert cell
            assert not any(word in cell.lower() for word in ("nan", "none", "inf", "-"))
    if which == "sharing":
        told = [cell for table in tables for cell in table.to_numpy().ravel() if "share" in cell]
        assert any("the groups share 10 patients" in cell for cell in told)
        assert not any(" to " in cell for table in tables for cell in table.to_numpy().ravel())
