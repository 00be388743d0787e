"""Scores over time against R's stats and nlme; see ``reference/scores.R``."""

import importlib.util
import json
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from analysis import Cohort, Response, read_cohort, trajectory
from analysis.estimates.scores.dropout import dropout
from analysis.estimates.scores.mixed_model import mixed_model
from analysis.estimates.scores.response_share import response_share

FOLDER = Path(__file__).parents[1] / "reference"
REFERENCE = json.loads((FOLDER / "scores.json").read_text(encoding="utf-8"))
NAMES = ["scores", "albumin"]
MONTHS = [0, 3, 6, 12, 24]


@cache
def cohort_of(name: str) -> Cohort:
    spec = importlib.util.spec_from_file_location("reference_scores", FOLDER / "scores.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    visits = made.COHORTS[name]()
    patients = visits.drop_duplicates("patient_id")[["patient_id", "arm"]].rename(columns={"arm": "msc_source"})
    visits = visits.drop(columns="arm").rename(columns={"value": "score"})
    return read_cohort(patients.assign(follow_up_months=60, died=0), visits)


def figures(name: str, kind: str, table: pd.DataFrame) -> list[dict[str, float]]:
    """Return the reference of every row of a table, all of which exist."""
    rows = {(row["group"], row["months"]): row for row in REFERENCE[name][kind]}
    keys = list(zip(table["group"].astype(str), table["months"], strict=True))
    assert set(keys) == set(rows)
    return [rows[key] for key in keys]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("centre", "spread", "count", "middle", "limits"),
    [
        ("mean", "ci", "patients", "mean", "mean_ci"),
        ("median", "iqr", "patients", "median", "quartiles"),
        ("geometric mean", "ci", "positive", "geometric_mean", "geometric_ci"),
    ],
)
def test_centres(name: str, centre: str, spread: str, count: str, middle: str, limits: str) -> None:
    result = trajectory(
        cohort_of(name), "score", centre=centre, spread=spread, schedule=MONTHS, by="msc_source"
    ).summary
    expected = figures(name, "centres", result)
    assert result["patients"].tolist() == [row[count] for row in expected]
    assert result["centre"].tolist() == pytest.approx([row[middle] for row in expected], rel=1e-9)
    for place, column in enumerate(("lower", "upper")):
        wanted = [row[limits][place] for row in expected]
        assert result[column].tolist() == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_standard_deviations(name: str) -> None:
    plain = trajectory(cohort_of(name), "score", spread="sd", schedule=MONTHS, by="msc_source").summary
    expected = figures(name, "centres", plain)
    assert (plain["upper"] - plain["centre"]).tolist() == pytest.approx([row["sd"] for row in expected], rel=1e-9)
    factor = trajectory(
        cohort_of(name), "score", centre="geometric mean", spread="sd", schedule=MONTHS, by="msc_source"
    ).summary
    wanted = [row["geometric_sd"] for row in expected]
    assert (factor["upper"] / factor["centre"]).tolist() == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_changes(name: str) -> None:
    result = trajectory(cohort_of(name), "score", schedule=MONTHS, by="msc_source").change
    expected = figures(name, "changes", result)
    assert result["pairs"].tolist() == [row["pairs"] for row in expected]
    # Changes are rounded to nine decimals.
    assert result["mean_change"].tolist() == pytest.approx([row["mean_change"] for row in expected], abs=1e-9)
    assert result["p"].tolist() == pytest.approx([row["p"] for row in expected], rel=1e-6)
    for place, column in enumerate(("lower", "upper")):
        wanted = [row["ci"][place] for row in expected]
        assert result[column].tolist() == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_falls(name: str) -> None:
    fall = Response("fall", 4)
    result = response_share(cohort_of(name), "score", response=fall, schedule=MONTHS, by="msc_source").table
    expected = figures(name, "falls", result)
    assert result["events"].tolist() == [row["events"] for row in expected]
    assert result["patients"].tolist() == [row["patients"] for row in expected]
    for place, column in enumerate(("lower", "upper")):
        wanted = [row["ci"][place] for row in expected]
        assert result[column].tolist() == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_dropout_against_r(name: str) -> None:
    result = dropout(cohort_of(name), "score", schedule=MONTHS, by="msc_source").difference
    compared = result[result["lower"].notna()]
    rows = {(row["group"], row["months"]): row for row in REFERENCE[name]["later"] if row["difference"] is not None}
    expected = [rows.pop(key) for key in zip(compared["group"].astype(str), compared["months"], strict=True)]
    assert not rows
    assert compared["difference"].tolist() == pytest.approx([row["difference"] for row in expected], rel=1e-9)
    for place, column in enumerate(("lower", "upper")):
        assert compared[column].tolist() == pytest.approx([row["ci"][place] for row in expected], abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_mixed_model(name: str) -> None:
    result = mixed_model(cohort_of(name), "score", schedule=MONTHS, by="msc_source")
    reference = REFERENCE[name]["mixed"]
    rows = pd.DataFrame({key: reference[key] for key in ("group", "months", "mean", "standard_error")})
    expected = rows.set_index(["group", "months"]).sort_index()
    found = result.table.astype({"group": str}).set_index(["group", "months"]).sort_index()
    assert found.index.tolist() == expected.index.tolist()
    assert found["mean"].tolist() == pytest.approx(expected["mean"].tolist(), abs=1e-5)
    assert found["standard_error"].tolist() == pytest.approx(expected["standard_error"].tolist(), rel=3e-3)
    assert [result.between, result.within] == pytest.approx([reference["between"], reference["within"]], rel=1e-4)
