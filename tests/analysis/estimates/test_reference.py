"""Every time-to-event estimate against R (packages survival and cmprsk) on public cohorts; see ``reference/``."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lifelines.statistics import multivariate_logrank_test

from analysis import (
    Cohort,
    SmallNumbers,
    TimeToEvent,
    cumulative_incidence,
    follow_up,
    hazard_ratios,
    kaplan_meier,
    log_rank,
    read_cohort,
    restricted_mean,
)
from tests.analysis.reference.cohorts import COHORTS

FOLDER = Path(__file__).parents[1] / "reference"
REFERENCE = json.loads((FOLDER / "reference.json").read_text(encoding="utf-8"))
NAMES = sorted(set(REFERENCE) - {"versions"})
UNTRUNCATED = [name for name in NAMES if name != "aids"]
EITHER = TimeToEvent("months", "either", name="either event")
FIRST = TimeToEvent("months", "first", competing="second", name="the event")
ALWAYS = SmallNumbers(0, 0)


@cache
def cohort(name: str) -> Cohort:
    table = COHORTS[name]()
    return read_cohort(
        pd.DataFrame(
            {
                "patient_id": table["patient_id"],
                "follow_up_months": table["months"],
                "died": (table["status"] > 0).astype(int),
                "months": table["months"],
                "either": (table["status"] > 0).astype(int),
                "first": (table["status"] == 1).astype(int),
                "second": (table["status"] == 2).astype(int),
                "entry_months": table["entry_months"],
                "arm": table["arm"],
                "stratum": table["stratum"],
                "x": table["x"],
            }
        )
    )


def groups(name: str, part: str) -> list[tuple[str, Any, str | None]]:
    return [(group, figures, None if group == "All" else "arm") for group, figures in REFERENCE[name][part].items()]


def numbers(values: list[Any]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("interval", ["log", "log-log", "plain"])
def test_kaplan_meier(name: str, interval: str) -> None:
    for group, figures, by in groups(name, "kaplan_meier"):
        expected = figures[interval]
        result = kaplan_meier(cohort(name), EITHER, by=by, interval=interval)
        at = result.at(REFERENCE[name]["times"]).set_index("group").loc[[group]]
        assert at["at_risk"].tolist() == expected["at_risk"]
        known = at["survival"].notna().to_numpy()
        assert known[np.array(expected["at_risk"]) > 0].all()
        assert at["survival"][known].to_numpy() == pytest.approx(numbers(expected["survival"])[known], abs=1e-9)
        inside = known & (at["survival"].to_numpy() > 0) & (at["survival"].to_numpy() < 1)
        for limit in ("lower", "upper"):
            assert at[limit][inside].to_numpy() == pytest.approx(
                numbers(expected[limit])[inside], abs=1e-6, nan_ok=True
            )
        medians = result.summary.set_index("group").loc[group, ["median", "median_lower", "median_upper"]]
        assert medians.to_numpy(dtype=float) == pytest.approx(
            numbers([expected[limit] for limit in medians.index]), abs=1e-9, nan_ok=True
        )


@pytest.mark.parametrize("name", NAMES)
def test_reverse_kaplan_meier(name: str) -> None:
    for group, expected, by in groups(name, "follow_up"):
        if (name, group) == ("waltons", "miR-137"):
            continue  # all of them died: the exact band here, none in R
        table = follow_up(cohort(name), by=by).table.set_index("group").loc[group, ["median", "lower", "upper"]]
        assert table.to_numpy(dtype=float) == pytest.approx(
            numbers([expected[limit] for limit in table.index]), abs=1e-9, nan_ok=True
        )


@pytest.mark.parametrize("name", NAMES)
def test_restricted_mean(name: str) -> None:
    for group, expected, by in groups(name, "restricted_mean"):
        table = restricted_mean(cohort(name), EITHER, by=by, months=expected["months"]).table
        row = table.set_index("group").loc[group]
        assert row["mean"] == pytest.approx(expected["mean"], rel=1e-9)
        assert row["standard_error"] == pytest.approx(expected["standard_error"], abs=1e-6)


@pytest.mark.parametrize("name", UNTRUNCATED)
@pytest.mark.parametrize(
    ("figure", "options"),
    [
        ("plain", {}),
        ("fleming_harrington", {"weights": "fleming-harrington"}),
        ("stratified", {"stratify": "stratum"}),
        ("stratified_fleming_harrington", {"stratify": "stratum", "weights": (1, 0)}),
        ("trend", {"trend": True}),
    ],
)
def test_log_rank(name: str, figure: str, options: dict[str, Any]) -> None:
    expected = REFERENCE[name]["log_rank"][figure]
    row = log_rank(cohort(name), EITHER, by="arm", **options).table.iloc[0]
    assert row["statistic"] == pytest.approx(expected["statistic"], rel=1e-6)
    assert row["degrees_of_freedom"] == expected["degrees_of_freedom"]
    assert row["p"] == pytest.approx(expected["p"], rel=1e-6)


@pytest.mark.parametrize("name", UNTRUNCATED)
@pytest.mark.parametrize("adjust", ["holm", "bonferroni", "benjamini-hochberg"])
def test_pairs_of_groups(name: str, adjust: str) -> None:
    expected = REFERENCE[name]["log_rank"]["pairs"][adjust]
    table = log_rank(cohort(name), EITHER, by="arm", pairwise=True, adjust=adjust).table
    assert table["p"].tolist() == pytest.approx(expected, rel=1e-6)


@pytest.mark.filterwarnings("ignore::Warning:lifelines.*")
@pytest.mark.parametrize("name", UNTRUNCATED)
@pytest.mark.parametrize(
    ("weights", "theirs"),
    [
        ("gehan", {"weightings": "wilcoxon"}),
        ("tarone-ware", {"weightings": "tarone-ware"}),
        ("peto", {"weightings": "peto"}),
        ((0, 1), {"weightings": "fleming-harrington", "p": 0, "q": 1}),
        ((0.5, 2), {"weightings": "fleming-harrington", "p": 0.5, "q": 2}),
    ],
)
def test_weighted_log_rank_against_lifelines(name: str, weights: Any, theirs: dict[str, Any]) -> None:
    patients = cohort(name).patients
    # Rank tests do not depend on the added month, without which lifelines fails on events at time 0.
    expected = multivariate_logrank_test(
        1 + patients["months"], patients["arm"].astype(str), patients["either"], **theirs
    )
    row = log_rank(cohort(name), EITHER, by="arm", weights=weights).table.iloc[0]
    assert row["statistic"] == pytest.approx(expected.test_statistic, rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("figure", "arguments"), [("cox_by", {"by": "arm"}), ("cox_covariates", {"covariates": ["arm", "x"]})]
)
def test_cox_model(name: str, figure: str, arguments: dict[str, Any]) -> None:
    expected = REFERENCE[name][figure]
    table = hazard_ratios(cohort(name), EITHER, **arguments, limits=ALWAYS).table
    assert np.log(table["hazard_ratio"]).tolist() == pytest.approx(expected["coefficient"], abs=1e-6)
    width = np.log(table["upper"] / table["lower"]) / 2 / 1.959963984540054
    assert width.tolist() == pytest.approx(expected["standard_error"], abs=1e-6)
    one_a_factor = table.drop_duplicates("proportional_p")["proportional_p"]
    assert one_a_factor.tolist() == pytest.approx(expected["proportional_p"], abs=1e-6)


@pytest.mark.parametrize("name", UNTRUNCATED)
def test_cumulative_incidence(name: str) -> None:
    for group, expected, by in groups(name, "incidence"):
        at = (
            cumulative_incidence(cohort(name), FIRST, by=by)
            .at(REFERENCE[name]["times"])
            .set_index("group")
            .loc[[group]]
        )
        assert at["at_risk"].tolist() == expected["at_risk"]
        known = at["incidence"].notna().to_numpy()
        assert at["incidence"][known].to_numpy() == pytest.approx(numbers(expected["incidence"])[known], abs=1e-9)
        inside = known & (at["incidence"].to_numpy() > 0)
        for limit in ("lower", "upper"):
            assert at[limit][inside].to_numpy() == pytest.approx(numbers(expected[limit])[inside], abs=1e-6)


@pytest.mark.parametrize("name", UNTRUNCATED)
def test_gray(name: str) -> None:
    expected = REFERENCE[name]["gray"]
    row = cumulative_incidence(cohort(name), FIRST, by="arm", limits=ALWAYS).test.iloc[0]
    assert row["statistic"] == pytest.approx(expected["statistic"], rel=1e-6)
    assert row["degrees_of_freedom"] == expected["degrees_of_freedom"]
    assert row["p"] == pytest.approx(expected["p"], rel=1e-6)
