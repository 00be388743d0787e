"""One's own shares beside published ones: marks, forest, words; the pooled numbers are tested with their estimate."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis import Filters, OneOf, kaplan_meier, yearly_relapse, yearly_remission
from analysis.centres.comparable import Papers
from analysis.centres.published_list import published_facts, read_published
from analysis.disclosure.shared_years import shared_yearly
from analysis.estimates.pooling.binomial_normal import pool_shares
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.beside import OWN
from analysis.figures.common.theme import note_of
from analysis.figures.survival.beside_survival import BESIDE_SURVIVAL, beside_survival_chart
from analysis.figures.survival.kaplan_meier import survival_chart, survival_description
from analysis.figures.survival.published_survival import published_survival
from analysis.figures.yearly.beside_published import (
    BESIDE_PUBLISHED,
    beside_chart,
    beside_each_year,
    years_not_drawn,
    years_table,
    years_without_one,
)
from analysis.figures.yearly.own_definition import present_of
from analysis.figures.yearly.published_years import published_years
from analysis.figures.yearly.yearly import YEARLY, yearly_chart
from tests.analysis.made import SAMPLE

FACTS = published_facts()
EVERY = Papers(FACTS, "every")
REMISSION = yearly_remission(SAMPLE)
LIST = b"""study,outcome,denominator,months,events,patients
Rome 2015,complete remission,assessed,12,4,20
Oslo 2016,complete remission,assessed,12,9,30
Bern 2017,complete remission,assessed,12,2,15
"""
LIKE = Papers(read_published(LIST))


def rows(result: Yearly, papers: Papers) -> pd.DataFrame:
    return BESIDE_PUBLISHED.numbers(result, papers=papers).set_index(["year", "study"])


def test_each_year_has_ones_own_share_and_the_published_ones() -> None:
    numbers = BESIDE_PUBLISHED.numbers(REMISSION, papers=EVERY)
    told = numbers[["year", "study", "events", "patients"]].to_numpy().tolist()
    assert [1, OWN, 23, 83] in told
    assert [2, "Wang 2013", 12, 39] in told
    wang = numbers[numbers["study"] == "Wang 2014"]
    # The exact limits of R for 13 of 40.
    assert wang[["lower", "upper"]].round(7).to_numpy().tolist() == [[0.1857290, 0.4912949]]


def test_what_is_pooled_is_what_the_estimate_pools() -> None:
    [year] = beside_each_year(REMISSION, LIKE, [1])
    expected = pool_shares(["Rome 2015", "Oslo 2016", "Bern 2017"], [4, 9, 2], [20, 30, 15]).summary.iloc[0]
    assert year.pooled == ("Rome 2015", "Oslo 2016", "Bern 2017")
    together = rows(REMISSION, LIKE).loc[(1, "Together")]
    assert together[["share", "next_lower", "next_upper"]].tolist() == pytest.approx(
        expected[["share", "prediction_lower", "prediction_upper"]].tolist()
    )
    assert (together["events"], together["patients"]) == (15, 65)


def test_ones_own_cohort_is_pooled_if_asked_for_and_moves_with_the_filter() -> None:
    with_own = replace(LIKE, with_own=True)
    everybody = rows(REMISSION, with_own).loc[(1, "Together")]
    some = yearly_remission(SAMPLE.where(Filters({"msc_source": OneOf("UC")})))
    filtered = rows(some, with_own).loc[(1, "Together")]
    assert (everybody["events"], everybody["patients"]) == (15 + 23, 65 + 83)
    assert filtered["patients"] == 65 + rows(some, LIKE).loc[(1, OWN), "patients"] < everybody["patients"]


@pytest.mark.parametrize("estimand", ["ever", "current"])
def test_an_estimated_share_is_never_pooled(estimand: str) -> None:
    [year] = beside_each_year(yearly_remission(SAMPLE, estimand=estimand), replace(LIKE, with_own=True), [1])
    assert OWN not in year.pooled


def test_groups_stand_beside_and_are_not_pooled() -> None:
    by_source = yearly_remission(SAMPLE, by="msc_source")
    found = rows(by_source, replace(LIKE, with_own=True))
    assert found.loc[(1, "BM"), "pooled"] == found.loc[(1, "UC"), "pooled"] == "no"
    assert found.loc[(1, "Together"), "patients"] == 65


def test_a_hidden_number_is_not_pooled_and_cannot_be_worked_out() -> None:
    few = yearly_remission(SAMPLE.where(Filters({"organs": OneOf("neuropsychiatric")})))
    shared = shared_yearly(yearly_remission(SAMPLE), 10)
    assert few.bars["patients"].max() < 10
    hidden = shared.bars.set_index("year").loc[3, "events"]
    assert pd.isna(hidden)
    facts = read_published(LIST.replace(b",12,", b",36,"))
    [year] = beside_each_year(shared, Papers(facts, with_own=True), [3])
    assert OWN not in year.pooled
    assert year.together is not None
    assert year.together.summary["patients"].item() == 65


def test_fewer_than_three_are_not_pooled_in_words() -> None:
    words = BESIDE_PUBLISHED.reading(REMISSION, papers=Papers(FACTS))
    assert words.count("What a next centre would see takes 3 pooled; there is 1.") == 2
    assert years_without_one(REMISSION, Papers(FACTS), (1, 2)).empty


def test_the_reading_says_whether_ones_own_share_is_among_those_of_a_next_centre() -> None:
    [sentence] = re.findall(r"3 pooled:.*", BESIDE_PUBLISHED.reading(REMISSION, papers=LIKE, years=[1]))
    assert sentence.startswith("3 pooled: 23 % (")
    assert sentence.endswith(", and that of here is among them.")


def test_what_must_be_known_stands_on_the_figure() -> None:
    note = note_of(beside_chart(REMISSION, kind="remission", papers=replace(EVERY, imitated="Wang 2013")))
    assert "different definitions are pooled" in note
    assert "papers of Nanjing may count the same patients: limits too narrow" in note
    assert "this synthetic cohort imitates Wang 2013" in note
    alike = note_of(beside_chart(REMISSION, kind="remission", papers=LIKE))
    assert alike == "Together: same definition, one paper a centre; dashed: what a next centre would see"


def test_a_paper_that_the_sample_imitates_is_not_pooled_with_it() -> None:
    papers = replace(EVERY, with_own=True, imitated="Wang 2013")
    assert "Wang 2013" not in beside_each_year(REMISSION, papers, [1])[0].pooled


def test_leaving_one_out_has_a_row_for_each() -> None:
    table = years_without_one(REMISSION, EVERY, (1, 2))
    assert table["Left out"].tolist() == [f"Year 1: without {name}" for name in (
        "Wang 2013", "Wang 2014", "Gu 2014", "Barbado 2018", "Wen 2019")]  # fmt: skip
    assert sum(int(weight.removesuffix(" %")) for weight in table["Its weight"]) in (99, 100, 101)


def test_the_table_tells_the_source_and_how_each_differs() -> None:
    nephritis = years_table(REMISSION, EVERY, (1, 2)).set_index("Study").loc["Gu 2014, renal remission"]
    assert nephritis["Source"] == "Gu F et al. Clin Rheumatol 2014, 10.1007/s10067-014-2754-4"
    assert "patients with lupus nephritis" in nephritis["Differs from here"]


def test_nothing_stands_beside_a_rate() -> None:
    rate = yearly_relapse(SAMPLE, estimand="rate")
    assert beside_each_year(rate, EVERY, [1]) == []
    assert "no published shares beside a rate" in note_of(yearly_chart(rate, kind="relapse", published=EVERY))
    assert BESIDE_PUBLISHED.reading(rate, papers=EVERY).startswith("A rate per 100 patient-years has no published")


def test_marks_are_beside_the_bars_of_their_year_and_in_no_number() -> None:
    marks = published_years(REMISSION, Papers(FACTS))
    assert marks[["year", "part"]].to_numpy().tolist() == [
        [1, "Wang 2013"], [1, "Barbado 2018"], [2, "Wang 2013"], [3, "Wang 2013"], [4, "Wang 2013"],
    ]  # fmt: skip
    assert marks["other"].tolist() == [False, True, False, False, False]
    assert len(published_years(REMISSION, EVERY)) == 8
    pd.testing.assert_frame_equal(YEARLY.numbers(REMISSION, published=EVERY), YEARLY.numbers(REMISSION))


def test_the_definition_of_ones_own_follows_the_rule_and_the_denominator() -> None:
    assert present_of(yearly_remission(SAMPLE, estimand="all_due")).denominator == "all enrolled"
    assert present_of(yearly_remission(SAMPLE, response="any")).same == ()
    assert present_of(yearly_relapse(SAMPLE, estimand="at_risk")).denominator == "in remission"


def test_published_deaths_are_the_share_alive_with_its_limits() -> None:
    marks = published_survival(Papers(FACTS), 24).set_index("part")
    # The exact limits of R for 37 of 40.
    assert marks.loc["Wang 2014", ["share", "lower", "upper"]].astype(float).round(2).tolist() == [92.5, 79.61, 98.43]
    died = published_survival(Papers(FACTS), 24, failure=True).set_index("part")
    assert died.loc["Wang 2014", "share"] == pytest.approx(7.5)
    curve = kaplan_meier(SAMPLE)
    assert "a Deng 2017, b Deng 2017 (placebo), c Wang 2014" in note_of(survival_chart(curve, published=Papers(FACTS)))
    assert "Published beside month 12: Wang 2014, 92 % (80–98)" in survival_description(curve, published=Papers(FACTS))


def test_survival_stands_beside_those_alive_at_each_published_month() -> None:
    numbers = BESIDE_SURVIVAL.numbers(kaplan_meier(SAMPLE), papers=EVERY).set_index(["months", "study"])
    # The exact limits of R for 37 of 40.
    wang = numbers.loc[(12, "Wang 2014"), ["share", "lower", "upper"]]
    assert wang.astype(float).round(4).tolist() == [0.925, 0.7961, 0.9843]
    assert numbers.loc[(12, "Wang 2014"), ["events", "patients"]].tolist() == [3, 40]
    own = kaplan_meier(SAMPLE).at([12]).iloc[0]
    assert numbers.loc[(12, OWN), "share"] == pytest.approx(own["survival"])
    assert pd.isna(numbers.loc[(60, OWN), "share"])


def test_published_survival_is_pooled_as_those_alive_and_ones_own_estimate_never_is() -> None:
    deaths = LIST.replace(b"complete remission,assessed", b"death,all enrolled")
    papers = Papers(read_published(deaths), with_own=True)
    expected = pool_shares(["Rome", "Oslo", "Bern"], [16, 21, 13], [20, 30, 15]).summary.iloc[0]
    together = BESIDE_SURVIVAL.numbers(kaplan_meier(SAMPLE), papers=papers).set_index("study").loc["Together"]
    assert together[["share", "next_lower", "next_upper"]].tolist() == pytest.approx(
        expected[["share", "prediction_lower", "prediction_upper"]].tolist()
    )
    assert (together["events"], together["patients"]) == (15, 65)
    assert "with this cohort" not in note_of(beside_survival_chart(kaplan_meier(SAMPLE), papers=papers))


def test_another_treatment_is_a_row_and_a_mark_of_its_own_and_in_no_pool() -> None:
    other = LIST + b"Ulm 2018,complete remission,assessed,12,9,10\n"
    facts = tuple(
        replace(fact, treatment="CAR-T") if fact.study == "Ulm 2018" else fact for fact in read_published(other)
    )
    papers = Papers(facts, "every")
    found = rows(REMISSION, papers)
    assert found.loc[(1, "Ulm 2018 (CAR-T)"), "pooled"] == "no"
    assert found.loc[(1, "Together"), "patients"] == 65
    words = BESIDE_PUBLISHED.reading(REMISSION, papers=papers, years=[1])
    assert "published 13 to 30 % in 3 papers, with CAR-T 90 % in 1 paper." in words
    assert "triangle: another treatment, never pooled" in note_of(
        beside_chart(REMISSION, kind="remission", papers=papers)
    )
    assert "Ulm 2018 (CAR-T)" in published_years(REMISSION, papers)["part"].tolist()


def test_what_is_listed_and_not_drawn_is_told_with_the_reason() -> None:
    told = years_not_drawn(REMISSION, EVERY, (1, 2))
    why = {
        (study, treatment): reason
        for study, treatment, reason in zip(told["Study"], told["Treatment"], told["Why it is not drawn"], strict=True)
    }
    assert why["Feng 2025", "CAR-T"] == "at month 3: more than 3 months from the times that are shown"
    assert why["CAR-T review 2025", "CAR-T"] == "over the whole of follow-up, at no month"
    assert why["Deng 2017", "placebo"].startswith("at month 6: more than 3 months")
