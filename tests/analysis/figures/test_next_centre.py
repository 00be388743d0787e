"""Several centres beside each other, together, and what a next one would see."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, kaplan_meier, yearly_relapse, yearly_remission
from analysis.estimates.pooling.binomial_normal import pool_shares
from analysis.figures.common.theme import note_of
from analysis.figures.survival.centres_at_month import (
    CENTRE_SURVIVAL,
    centre_survival_chart,
    centre_survival_reading,
    centre_survival_table,
)
from analysis.figures.yearly.centres_by_year import (
    CENTRE_SHARES,
    centre_shares_chart,
    centre_shares_reading,
    centre_shares_table,
)
from tests.analysis.made import SAMPLE


@pytest.fixture(scope="module")
def of_centres() -> Cohort:
    names = pd.Series([f"Centre {place % 4}" for place in range(len(SAMPLE))], dtype="category")
    return replace(SAMPLE, patients=SAMPLE.patients.assign(centre=names), fingerprint="four centres")


def test_the_prediction_is_that_of_the_pooled_shares(of_centres: Cohort) -> None:
    by_centre = yearly_remission(of_centres, by="centre")
    table = centre_shares_table(by_centre, [1])
    first = by_centre.bars[by_centre.bars["year"] == 1]
    pooled = pool_shares(first["group"].astype(str).tolist(), first["events"].tolist(), first["patients"].tolist())
    low, high = pooled.summary[["prediction_lower", "prediction_upper"]].iloc[0]
    assert table.loc[0, ["Year", "Centres", "n / N"]].tolist() == ["1", 4, "23/83"]
    assert table.loc[0, "A next centre"] == f"{100 * low:.0f} to {100 * high:.0f} %"
    assert "Between centres" in table.loc[0, "Differences"]
    row = CENTRE_SHARES.numbers(by_centre, years=(1,)).set_index("centre").loc["Together"]
    assert row[["next_lower", "next_upper"]].tolist() == pytest.approx([low, high])


def test_each_centre_has_its_number_with_exact_limits(of_centres: Cohort) -> None:
    numbers = CENTRE_SHARES.numbers(yearly_remission(of_centres, by="centre"), years=(1,)).set_index("centre")
    assert numbers.loc["Centre 0", ["events", "patients"]].tolist() == [9, 20]
    # binom.test(9, 20) of R.
    assert numbers.loc["Centre 0", ["lower", "upper"]].astype(float).round(4).tolist() == [0.2306, 0.6847]


def test_the_words_speak_of_centres_and_not_of_studies(of_centres: Cohort) -> None:
    remission, curves = yearly_remission(of_centres, by="centre"), kaplan_meier(of_centres, by="centre")
    told = [centre_shares_reading(remission, years=[1, 2]), centre_survival_reading(curves)]
    told += [str(centre_shares_table(remission, [1]).to_dict()), str(centre_survival_table(curves, 24).to_dict())]
    assert not any("stud" in words for words in told)


def test_two_centres_are_not_pooled_and_it_says_so() -> None:
    by_source = yearly_remission(SAMPLE, by="msc_source")
    table = centre_shares_table(by_source)
    assert set(table["Centres"]) <= {1, 2}
    assert (table["Together (95 %)"] == "").all()
    assert (table["Differences"] == "The spread between centres takes at least 3 of them.").all()
    assert "dashed" not in note_of(centre_shares_chart(by_source))
    assert CENTRE_SHARES.numbers(by_source).set_index("centre").loc["Together", "share"].isna().all()


@pytest.mark.parametrize("estimand", ["ever", "current"])
def test_estimates_that_are_no_fractions_stand_beside_and_are_not_pooled(of_centres: Cohort, estimand: str) -> None:
    by_centre = yearly_remission(of_centres, by="centre", estimand=estimand)
    numbers = CENTRE_SHARES.numbers(by_centre, years=(1,)).set_index("centre")
    assert pd.isna(numbers.loc["Together", "share"])
    assert numbers.drop(index="Together")["share"].notna().all()
    assert "are not pooled" in centre_shares_reading(by_centre, years=(1,))


def test_a_rate_is_refused_in_words(of_centres: Cohort) -> None:
    with pytest.raises(ValueError, match="A rate per 100 patient-years is no share"):
        centre_shares_reading(yearly_relapse(of_centres, by="centre", estimand="rate"))


def test_survival_of_each_centre_is_that_of_its_curve(of_centres: Cohort) -> None:
    curves = kaplan_meier(of_centres, by="centre")
    numbers = CENTRE_SURVIVAL.numbers(curves, months=24.0).set_index("centre").drop(index="Together")
    at = curves.at([24]).set_index("group")
    for name, column in (
        ("share", "survival"),
        ("lower", "lower"),
        ("upper", "upper"),
        ("events", "cumulative_events"),
    ):
        assert numbers[name].tolist() == pytest.approx(at[column].tolist())


def test_a_month_beyond_all_follow_up_has_words_and_no_numbers(of_centres: Cohort) -> None:
    curves = kaplan_meier(of_centres, by="centre")
    assert centre_survival_reading(curves, months=400) == "Month 400: No centre has a share then."
    assert np.isnan(CENTRE_SURVIVAL.numbers(curves, months=400.0)["share"].astype(float)).all()
    assert centre_survival_chart(curves, months=400.0).to_dict()["layer"]
