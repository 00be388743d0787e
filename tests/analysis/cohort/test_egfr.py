"""eGFR by CKD-EPI 2021: published values, the equation by hand, and what a cohort gets of it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, read_cohort
from analysis.cohort.egfr import EGFR, egfr_ckd_epi_2021

WOMAN, MAN = True, False


def one(mg_per_dl: float, age: float, woman: bool) -> float:
    return float(egfr_ckd_epi_2021([mg_per_dl * 88.4], [age], [woman])[0])


@pytest.mark.parametrize(
    ("mg_per_dl", "age", "woman", "published", "digits"),
    [
        (1.2, 55, MAN, 71, 0),  # the calculator of the National Kidney Foundation
        (0.8, 70, MAN, 95.2, 1),  # examples of R's tabletools 0.1 (calculate_egfr_ckdepi)
        (0.8, 70, WOMAN, 79.2, 1),
    ],
)
def test_published_values(mg_per_dl: float, age: float, woman: bool, published: float, digits: int) -> None:
    assert round(one(mg_per_dl, age, woman), digits) == published


@pytest.mark.parametrize(
    ("mg_per_dl", "age", "woman", "by_hand"),
    [
        # 142 * (mg/dL / 0.7)^-0.241 * 0.9938^age * 1.012 of a woman below 0.7, with logarithms to 20 digits by bc.
        (0.5, 30, WOMAN, 129.31695975066620763),
        (0.7, 20, WOMAN, 126.89622572879934046),
        (1.0, 50, WOMAN, 68.633496658800811532),
        (0.8, 60, WOMAN, 84.298154143091363759),
        (2.5, 65, WOMAN, 20.820588514758302759),
        (0.6, 40, MAN, 125.14906260691659443),
        (0.9, 20, MAN, 125.39152739999934828),
        (1.0, 50, MAN, 91.691478609833223138),
        (2.5, 65, MAN, 27.815434727676835536),
    ],
)
def test_the_equation_by_hand(mg_per_dl: float, age: float, woman: bool, by_hand: float) -> None:
    assert one(mg_per_dl, age, woman) == pytest.approx(by_hand, rel=1e-12)


@given(st.floats(0.1, 20), st.floats(18, 100), st.booleans())
def test_it_falls_with_creatinine_and_with_age(mg_per_dl: float, age: float, woman: bool) -> None:
    assert one(mg_per_dl * 1.01, age, woman) < one(mg_per_dl, age, woman)
    assert one(mg_per_dl, age + 1, woman) == pytest.approx(one(mg_per_dl, age, woman) * 0.9938)


def test_there_is_none_of_children_without_age_or_of_a_creatinine_of_zero() -> None:
    found = egfr_ckd_epi_2021([80, 80, 80, 0, np.nan], [17.9, np.nan, 18, 40, 40], [True] * 5)
    assert np.isnan(found).tolist() == [True, True, False, True, True]


PATIENTS = "patient_id,follow_up_months,died,age_years,sex\na,90,0,50,f\nb,90,0,16.5,m\nc,90,0,,f\nd,90,0,40,\n"
VISITS = "patient_id,months,creatinine_umol_per_l\na,0,88.4\na,24,88.4\nb,0,60\nb,18,60\nc,0,60\nd,3,60\nd,6,\n"


def read(patients: str = PATIENTS, visits: str = VISITS) -> Cohort:
    return read_cohort(patients.encode(), visits.encode())


def notes(cohort: Cohort) -> list[str]:
    return [each.partition(": ")[2] for each in cohort.findings["message"] if "eGFR" in each]


def test_a_cohort_with_creatinine_age_and_sex_gets_it_and_says_so() -> None:
    cohort = read()
    egfr = cohort.visits[EGFR]
    assert egfr.isna().tolist() == [False, False, True, False, True, True, True]
    expected = [one(1, 50, WOMAN), one(1, 52, WOMAN), one(60 / 88.4, 18, MAN)]  # age at the visit
    assert egfr.dropna().tolist() == [round(value, 1) for value in expected]
    assert len(notes(cohort)) == 1
    assert notes(cohort)[0] == (
        "eGFR was computed from creatinine, age and sex by CKD-EPI 2021 (Inker et al. 2021). "
        "It is missing where creatinine is known: at 2 visits age or sex is not known, "
        "at 1 visit the patient is younger than 18 years."
    )


def test_recorded_values_are_never_mixed_with_computed_ones() -> None:
    rows = VISITS.replace("per_l\n", "per_l,eGFR\n").replace("88.4\n", "88.4,70\n").replace(",60\n", ",60,\n")
    cohort = read(visits=rows.replace("d,6,\n", "d,6,,\n"))
    assert cohort.visits[EGFR].dropna().tolist() == [70, 70]
    assert [each for each in notes(cohort) if "computed" in each] == []


@pytest.mark.parametrize("absent", [["age_years"], ["sex"], ["age_years", "sex"]])
def test_without_age_or_sex_there_is_none_and_it_is_said(absent: list[str]) -> None:
    rows = [line.split(",") for line in PATIENTS.splitlines()]
    frame = pd.DataFrame(rows[1:], columns=rows[0]).drop(columns=absent)
    cohort = read(frame.to_csv(index=False))
    assert EGFR not in cohort.visits
    words = " and no ".join(name.removesuffix("_years") for name in absent)
    assert notes(cohort) == [f"eGFR is not computed from creatinine: the patients have no {words}."]


def test_a_creatinine_below_a_limit_makes_an_egfr_above_one() -> None:
    cohort = read(visits=VISITS.replace("a,0,88.4", "a,0,<20").replace("a,24,88.4", "a,24,>800"))
    assert cohort.visits[f"{EGFR}_limit"].astype(object).tolist()[:2] == [">", "<"]
