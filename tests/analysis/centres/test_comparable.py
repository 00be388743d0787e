"""Which published numbers stand beside one's own, how they differ, and which are pooled: papers made up by hand."""

import pytest

from analysis.centres.comparable import Papers, Present, comparable
from analysis.centres.published_fact import PublishedFact
from analysis.centres.published_list import published_facts

OWN = Present("remission", "complete remission", ("complete remission",), "assessed", "assessed")


def paper(study: str, outcome: str = "complete remission", **told: object) -> PublishedFact:
    usual = {"events": 5, "patients": 20, "months": 12.0, "denominator": "assessed", "centres": (study,)}
    return PublishedFact(study, outcome, **{**usual, **told})  # type: ignore[arg-type]


def told(*facts: PublishedFact, **how: object) -> dict[str, str]:
    found = comparable(Papers(facts, **how), OWN, 12, 3)  # type: ignore[arg-type]
    return {f"{each.fact.study} {each.fact.outcome}": each.left_out for each in found}


def test_only_papers_of_the_time_and_measure_are_there() -> None:
    facts = [
        paper("A"),
        paper("B", months=15.0),
        paper("C", months=15.1),
        paper("D", months=None),
        paper("E", "death"),
        paper("F", "partial remission"),
    ]
    assert list(told(*facts)) == ["A complete remission", "B complete remission"]


@pytest.mark.parametrize("pooled", ["alike", "one_each", "every"])
def test_another_treatment_stands_beside_as_such_and_is_never_pooled(pooled: str) -> None:
    car_t, placebo, other = (paper("B", treatment=treatment) for treatment in ("CAR-T", "placebo", "other"))
    found = comparable(Papers((paper("A"), car_t, placebo, other), pooled), OWN, 12, 3)
    assert [each.name for each in found] == ["A", "B (CAR-T)", "B (placebo)", "B (another treatment)"]
    assert [each.left_out for each in found] == [
        "",
        "another treatment (CAR-T)",
        "another treatment (placebo)",
        "another treatment",
    ]
    assert all(each.stands_beside for each in found)
    assert found[1].differs == ("CAR-T treatment, here MSC",)


def test_another_definition_is_pooled_only_if_asked_for() -> None:
    facts = [paper("A"), paper("B", "clinical remission"), paper("C", denominator=""), paper("D", population="others")]
    assert [words == "" for words in told(*facts).values()] == [True, False, False, False]
    assert set(told(*facts, pooled="one_each").values()) == {""}


def test_of_papers_of_one_centre_the_like_one_is_pooled_then_the_larger() -> None:
    small = paper("Small", centres=("Rome",), enrolled=30)
    large = paper("Large", centres=("Rome", "Oslo"), enrolled=90)
    other = paper("Other", "LLDAS", centres=("Rome",), enrolled=500)
    apart = paper("Apart", centres=("Bern",))
    assert told(small, large, other, apart, pooled="one_each") == {
        "Small complete remission": "may count patients of Large (Rome)",
        "Large complete remission": "",
        "Other LLDAS": "may count patients of Large (Rome)",
        "Apart complete remission": "",
    }
    every = comparable(Papers((small, large, other, apart), "every"), OWN, 12, 3)
    assert [each.left_out for each in every] == ["", "", "", ""]
    assert [each.shares_centre for each in every] == ["Rome", "", "Rome", ""]


def test_of_one_paper_the_number_most_like_ones_own_is_pooled() -> None:
    facts = [paper("A", "LLDAS"), paper("A", "clinical remission"), paper("A", "clinical remission", months=10.0)]
    found = comparable(Papers(tuple(facts), "every"), OWN, 12, 3)
    assert [each.left_out for each in found] == ["another number of this paper", "", "another number of this paper"]


def test_the_paper_that_ones_own_cohort_imitates_is_never_pooled_with_it() -> None:
    facts = (paper("A"), paper("B"))
    assert told(*facts, imitated="A") == {"A complete remission": "", "B complete remission": ""}
    with_own = told(*facts, imitated="A", with_own=True)
    assert with_own == {"A complete remission": "one's own cohort imitates it", "B complete remission": ""}


def test_how_a_number_differs_is_told() -> None:
    fact = paper("A", "LLDAS", denominator="all enrolled", population="lupus nephritis", months=9.0)
    [each] = comparable(Papers((fact,)), OWN, 12, 3)
    assert each.differs == (
        "LLDAS, here complete remission",
        "of those enrolled, here of those assessed",
        "patients with lupus nephritis",
        "at month 9, here 12",
    )
    [untold] = comparable(Papers((paper("A", denominator=""),)), OWN, 12, 3)
    assert untold.differs == ("who was counted is not told, here assessed",)


def test_of_the_seven_papers_of_nanjing_one_is_pooled() -> None:
    papers = Papers(published_facts(), "one_each")
    pooled = [each.fact.study for each in comparable(papers, OWN, 12, 3) if not each.left_out]
    assert pooled == ["Wang 2013", "Barbado 2018"]
    assert [each.fact.study for each in comparable(papers, OWN, 24, 3)] == ["Wang 2013"]


def test_an_unknown_choice_is_an_error() -> None:
    with pytest.raises(ValueError, match="known are alike, one_each, every"):
        Papers((), "some")
