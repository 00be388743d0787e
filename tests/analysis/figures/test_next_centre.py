"""What several centres say together, and what a next one would see."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis import Cohort, load_sample, yearly_remission
from analysis.estimates.pooling.binomial_normal import pool_shares
from analysis.figures.yearly.next_centre import next_centre_table


@pytest.fixture(scope="module")
def of_centres() -> Cohort:
    sample = load_sample()
    names = pd.Series([f"Centre {place % 4}" for place in range(len(sample))], dtype="category")
    return replace(sample, patients=sample.patients.assign(centre=names), fingerprint="four centres")


def test_the_prediction_is_that_of_the_pooled_shares(of_centres: Cohort) -> None:
    by_centre = yearly_remission(of_centres, by="centre")
    table = next_centre_table(by_centre)
    first = by_centre.bars[by_centre.bars["year"] == 1]
    pooled = pool_shares(first["group"].astype(str).tolist(), first["events"].tolist(), first["patients"].tolist())
    low, high = pooled.summary[["prediction_lower", "prediction_upper"]].iloc[0]
    assert table.loc[0, ["Year", "Centres", "n / N"]].tolist() == ["1", 4, "23/83"]
    assert table.loc[0, "A next centre"] == f"{100 * low:.0f} to {100 * high:.0f} %"
    assert "tau" in table.loc[0, "Differences"]


def test_two_centres_are_not_pooled_and_it_says_so() -> None:
    sample = load_sample()
    table = next_centre_table(yearly_remission(sample, by="msc_source"))
    assert set(table["Centres"]) <= {1, 2}
    assert (table["Together"] == "").all()
    assert (table["Differences"].str.len() > 0).all()
