"""The sample cohort: rebuilt byte for byte, and every published figure counted again from the files alone."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.cohort.sledai import ITEMS, sledai_scores
from analysis.facts.item_criteria import NERVOUS, RENAL

FOLDER = Path(__file__).parents[2] / "sample_data"
SCHEDULE = np.array([0, 1, 3, 6, 12, 24, 36, 48])
WINDOW = 3.0
ORGANS = {
    "renal", "musculoskeletal", "skin", "haematological", "cardiorespiratory",
    "serositis", "vasculitis", "mucosal", "neuropsychiatric", "constitutional",
}  # fmt: skip


@pytest.fixture(scope="module")
def patients() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "patients.csv")


@pytest.fixture(scope="module")
def visits() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "visits.csv", keep_default_na=False, na_values=[""])


@pytest.fixture(scope="module")
def joined(patients: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Visits with their patient's row and scheduled month."""
    table = visits.merge(patients, on="patient_id", validate="many_to_one")
    table["scheduled"] = SCHEDULE[np.abs(table["months"].to_numpy()[:, None] - SCHEDULE).argmin(axis=1)]
    return table


def assessed_at(visits: pd.DataFrame, year: int) -> pd.DataFrame:
    """Visits with a recorded remission inside the window round a year."""
    return visits[visits["remission"].notna() & ((visits["months"] - 12 * year).abs() <= WINDOW)]


def test_rebuilding_gives_the_committed_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-W", "error", str(FOLDER / "build.py"), str(tmp_path)], check=True)
    for name in ("patients.csv", "visits.csv", "events.csv", "treatments.csv", "infusions.csv"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_it_says_that_it_is_synthetic(patients: pd.DataFrame) -> None:
    assert set(patients["data_origin"]) == {"synthetic"}


def test_patients_deaths_and_follow_up(patients: pd.DataFrame) -> None:
    dead = patients["died"] == 1
    assert list(patients["patient_id"]) == [f"S{number:03d}" for number in range(1, 88)]
    assert (~dead).sum() == 82
    assert round(patients["follow_up_months"].mean(), 1) == 27.0
    assert patients["follow_up_months"].max() <= 48 + WINDOW
    assert patients.loc[dead, "follow_up_months"].is_unique
    assert ((patients["follow_up_ended"] == "died") == dead).all()
    assert set(patients["follow_up_ended"]) == {"died", "lost", "ongoing"}
    assert (patients.loc[dead, "death_related"] == 0).all()
    assert (patients[["cause_of_death", "death_related"]].notna().all(axis=1) == dead).all()
    assert (patients["cell_dose_million_per_kg"] == 1.0).all()


@pytest.mark.parametrize(
    ("year", "assessed", "complete", "relapses"),
    [(1, 83, 23, 10), (2, 39, 12, 7), (3, 12, 5, 2), (4, 6, 3, 1), (5, 0, 0, 0)],
)
def test_published_remission_and_relapse(
    patients: pd.DataFrame, visits: pd.DataFrame, year: int, assessed: int, complete: int, relapses: int
) -> None:
    seen = assessed_at(visits, year)
    assert seen["patient_id"].is_unique  # one visit a window: no rule about the nearest changes the counts
    assert len(seen) == assessed
    assert (seen["remission"] == "complete").sum() == complete
    in_year = patients["relapse_months"].between(12 * (year - 1), 12 * year, inclusive="right")
    assert in_year.sum() == relapses
    assert patients.loc[in_year, "patient_id"].isin(seen["patient_id"]).all()


def test_twenty_relapse_while_followed_and_five_of_them_again(patients: pd.DataFrame, joined: pd.DataFrame) -> None:
    relapsed = patients[patients["relapse_months"].notna()]
    assert len(relapsed) == 20
    assert (relapsed["relapse_months"] <= relapsed["follow_up_months"]).all()
    first_after = joined[joined["months"] >= joined["relapse_months"]].groupby("patient_id")["months"].min()
    flagged = joined["relapse"] == 1
    marked = joined[flagged].groupby("patient_id")["months"].min()
    pd.testing.assert_series_equal(marked, first_after)
    is_first = joined["months"] == joined["patient_id"].map(marked)
    before = joined.groupby("patient_id")["sledai"].shift()
    assert (joined["sledai"] > before)[flagged & is_first].all()
    again = joined[flagged & ~is_first]
    assert len(again) == 5
    assert (again["months"] > again["relapse_months"] + 4).all()
    assert (again["remission"] != "complete").all()


@pytest.mark.parametrize("year", [1, 2, 3])
def test_those_not_assessed_are_missing_for_several_reasons(
    patients: pd.DataFrame, visits: pd.DataFrame, year: int
) -> None:
    absent = patients[~patients["patient_id"].isin(assessed_at(visits, year)["patient_id"])]
    followed = absent["follow_up_months"] >= 12 * year
    places = {"visit missing"} if followed.any() else set()
    places |= set(absent.loc[~followed, "follow_up_ended"])
    assert places == {"visit missing", "died", "lost"} | ({"ongoing"} if year > 1 else set())


def test_visits_lie_within_follow_up_one_a_scheduled_month(joined: pd.DataFrame) -> None:
    assert (joined["months"] >= 0).all()
    assert (joined["months"] <= joined["follow_up_months"]).all()
    assert not (joined["months"] == joined["follow_up_months"])[joined["died"] == 1].any()
    assert not joined.duplicated(["patient_id", "scheduled"]).any()
    assert joined.loc[joined["scheduled"] == 0, "patient_id"].nunique() == 87


def test_sledai_follows_the_sister_cohort(joined: pd.DataFrame) -> None:
    median = joined.groupby("scheduled")["sledai"].median()
    expected = pd.Series([13, 9, 8, 6, 5, 5, 5, 5], index=SCHEDULE)
    assert ((median - expected).abs() <= [1, 1, 1, 1, 1, 2, 2, 2]).all()
    baseline = joined.loc[joined["scheduled"] == 0, "sledai"]
    assert baseline.between(8, 34).all()
    assert joined["sledai"].between(0, 34).all()
    assert joined["sledai"].dtype == np.int64


def test_complete_remission_is_quiet_disease_on_little_prednisone(joined: pd.DataFrame) -> None:
    complete = joined[joined["remission"] == "complete"]
    assert (complete["sledai"] <= 4).all()
    assert (complete["prednisone_mg_per_day"] <= 10).all()


def test_sources_and_organs(patients: pd.DataFrame) -> None:
    assert patients["msc_source"].value_counts().to_dict() == {"BM": 45, "UC": 42}
    organs = patients["organs"].str.split(";").explode()
    assert set(organs) == ORGANS
    assert organs.value_counts()["renal"] == round(64 / 69 * 87)


def test_laboratory_values_are_sometimes_missing(visits: pd.DataFrame) -> None:
    laboratory = visits.loc[:, "proteinuria_g_per_24h":"upcr_g_per_g"].drop(columns="clinical_sledai")
    assert laboratory.isna().mean().between(0.005, 0.08).all()
    assert visits.drop(columns=laboratory.columns).notna().all(axis=None)


def test_no_adverse_event_is_related(patients: pd.DataFrame) -> None:
    events = pd.read_csv(FOLDER / "events.csv")
    assert len(events) == 38
    assert (events["related"] == 0).all()
    assert set(events["grade"]) <= {1, 2, 3}
    followed = events["patient_id"].map(patients.set_index("patient_id")["follow_up_months"])
    assert (events["months"] <= followed).all()


def test_clinical_sledai_leaves_out_complement_and_antibodies(visits: pd.DataFrame) -> None:
    serological = visits["sledai"] - visits["clinical_sledai"]
    assert set(serological) == {0, 2, 4}
    assert (visits["clinical_sledai"] >= 0).all()


def test_a_ratio_of_protein_to_creatinine_follows_the_protein_of_a_day(visits: pd.DataFrame) -> None:
    both = visits[["upcr_g_per_g", "proteinuria_g_per_24h"]].dropna()
    assert both.corr().iloc[0, 1] > 0.95
    assert 0.8 < (both["upcr_g_per_g"] / both["proteinuria_g_per_24h"]).median() < 1.0


def test_the_items_of_sledai_add_up_and_are_of_the_organs(visits: pd.DataFrame, patients: pd.DataFrame) -> None:
    items = visits[[f"sledai_{item.name}" for item in ITEMS]]
    assert set(np.unique(items)) == {0, 1}
    scores = sledai_scores(items)
    assert (scores["sledai"] == visits["sledai"]).all()
    assert (scores["clinical_sledai"] == visits["clinical_sledai"]).all()
    organs = visits["patient_id"].map(patients.set_index("patient_id")["organs"])
    renal = items[[f"sledai_{name}" for name in RENAL]].any(axis=1)
    nervous = items[[f"sledai_{name}" for name in NERVOUS]].any(axis=1)
    assert organs[renal].str.contains("renal").all()
    assert nervous.any()
    assert organs[nervous].str.contains("neuropsychiatric").all()
    # Where protein was measured above 0.5 g and the score has room for it, it counts.
    above = visits["proteinuria_g_per_24h"] > 0.5
    assert not items["sledai_proteinuria"][visits["proteinuria_g_per_24h"] <= 0.5].any()
    assert items["sledai_proteinuria"][above & (visits["clinical_sledai"] >= 4)].mean() > 0.97


def test_infusions_are_those_of_the_patients(patients: pd.DataFrame) -> None:
    infusions = pd.read_csv(FOLDER / "infusions.csv")
    told = patients.set_index("patient_id")
    pd.testing.assert_series_equal(
        infusions["patient_id"].value_counts().sort_index(), told["infusions"], check_names=False
    )
    own = told.loc[infusions["patient_id"]].reset_index()
    assert (infusions["msc_source"] == own["msc_source"]).all()
    assert (infusions["cell_dose_million_per_kg"] == own["cell_dose_million_per_kg"]).all()
    assert (infusions["months"] <= own["follow_up_months"]).all()
    assert (infusions.groupby("patient_id")["months"].min() == 0).all()


def test_treatments_are_periods_with_the_prednisone_of_the_visits(patients: pd.DataFrame, visits: pd.DataFrame) -> None:
    periods = pd.read_csv(FOLDER / "treatments.csv")
    stop = periods["stop_months"].fillna(np.inf)
    assert (periods["start_months"] < stop).all()
    followed = periods["patient_id"].map(patients.set_index("patient_id")["follow_up_months"])
    assert (periods["start_months"] <= followed).all()
    assert (periods["stop_months"].dropna() <= followed[periods["stop_months"].notna()]).all()
    prednisone = periods[periods["drug"] == "prednisone"]
    taken = visits.merge(prednisone, on="patient_id")
    taken = taken[(taken["start_months"] <= taken["months"]) & (taken["months"] < taken["stop_months"].fillna(np.inf))]
    assert len(taken) == len(visits)
    assert (taken["dose"] == taken["prednisone_mg_per_day"]).all()
    for drug in ("cyclophosphamide", "mycophenolate", "hydroxychloroquine"):
        before = periods.loc[(periods["drug"] == drug) & (periods["start_months"] < 0), "patient_id"]
        assert set(before) == set(patients.loc[patients[f"prior_{drug}"] == 1, "patient_id"])
