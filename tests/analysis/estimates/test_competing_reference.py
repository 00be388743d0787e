"""Competing events against R (packages survival and cmprsk); see ``reference/``."""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis import Cohort, cumulative_incidence, log_rank, restricted_mean
from tests.analysis.made import competing

FOLDER = Path(__file__).parents[1] / "reference"
REFERENCE = json.loads((FOLDER / "competing.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    """Synthetic patients for whom the tests of incidence and of cause-specific hazards disagree."""
    rows = pd.read_csv(FOLDER / "competing.csv")
    pairs = zip(rows["months"].astype(float), rows["status"], strict=True)
    return competing(list(pairs), arm=rows["arm"].tolist())


def test_the_two_tests_disagree(cohort: Cohort) -> None:
    gray = cumulative_incidence(cohort, "relapse", by="arm").test.iloc[0]
    assert gray[["statistic", "p"]].tolist() == pytest.approx([*REFERENCE["gray"].values()], rel=1e-6)
    ranks = log_rank(cohort, "relapse", by="arm")
    assert ranks.table[["statistic", "p"]].iloc[0].tolist() == pytest.approx(
        [*REFERENCE["log_rank"].values()], rel=1e-6
    )
    assert (round(gray["p"], 2), round(ranks.table["p"].iloc[0], 3)) == (0.4, 0.002)
    assert ranks.method.startswith("Log-rank test of the cause-specific hazards of relapse (first relapse)")


@pytest.mark.parametrize("months", [6, 12.5, 24, 30])
def test_time_lost(cohort: Cohort, months: float) -> None:
    table = restricted_mean(cohort, "relapse", by="arm", months=months).table.set_index("group")
    for arm, expected in REFERENCE["time_lost"][f"{months:g}"].items():
        assert table.loc[arm, ["mean", "standard_error"]].tolist() == pytest.approx(expected, rel=1e-9)
