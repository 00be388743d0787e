"""Deaths by cause and relation, counted by hand."""

from math import comb

import pytest

from analysis.estimates.description.deaths import deaths
from tests.analysis.made import SAMPLE, cohort_of, pinned


def counts(rows: list[tuple[int, str | None, int | None]], **columns: list[object]) -> dict[tuple[str, str], int]:
    """Return numbers of deaths by kind, from died, cause and relation of each patient."""
    died, causes, related = (list(values) for values in zip(*rows, strict=True))
    cohort = cohort_of([12.0] * len(rows), died, cause_of_death=causes, death_related=related, **columns)
    table = deaths(cohort).table
    return dict(zip(zip(table["by"], table["value"], strict=True), table["deaths"].tolist(), strict=True))


def chance_of_at_most(number: int, share: float, patients: int = 87) -> float:
    return sum(comb(patients, k) * share**k * (1 - share) ** (patients - k) for k in range(number + 1))


def test_causes_and_relations_add_up_to_all() -> None:
    rows = [(1, "Infection", 1), (1, "infection", 0), (1, "Stroke", 0), (1, None, None), (0, None, None)]
    assert counts(rows) == {
        ("any", "any death"): 4,
        ("relation", "related"): 1,
        ("relation", "not related"): 2,
        ("relation", "not recorded"): 1,
        ("cause", "Infection"): 2,
        ("cause", "Stroke"): 1,
        ("cause", "not recorded"): 1,
    }


def test_unrecorded_relations_are_not_counted_as_unrelated() -> None:
    table = deaths(cohort_of([12, 12], [1, 0])).table
    assert table[["by", "value", "deaths"]].to_numpy().tolist() == [
        ["any", "any death", 1],
        ["relation", "not recorded", 1],
        ["cause", "not recorded", 1],
    ]


def test_without_a_death_none_was_related() -> None:
    table = deaths(cohort_of([12.0] * 4, [0] * 4)).table.set_index("value")
    assert table.loc["related", ["deaths", "patients", "share", "lower"]].tolist() == [0, 4, 0, 0]
    # Clopper and Pearson 1934: 0 of 4
    assert table.loc["related", "upper"] == pytest.approx(1 - 0.025**0.25)


def test_the_sample_has_five_deaths_none_related() -> None:
    table = deaths(SAMPLE).table.set_index("value")
    assert table.loc["any death", ["deaths", "patients"]].tolist() == [5, 87]
    # By definition P(5 deaths or more) at the lower limit, and P(5 or fewer) at the upper one, are 2.5 %.
    lower, upper = table.loc["any death", ["lower", "upper"]]
    assert chance_of_at_most(4, lower) == pytest.approx(0.975)
    assert chance_of_at_most(5, upper) == pytest.approx(0.025)
    assert table.loc["related", ["deaths", "patients"]].tolist() == [0, 87]
    assert table.loc["related", "upper"] == pytest.approx(1 - 0.025 ** (1 / 87))
    assert table[table["by"] == "cause"]["deaths"].tolist() == [2, 1, 1, 1]


def test_groups_add_up_and_each_has_every_cause() -> None:
    sample = SAMPLE
    whole = deaths(sample).table.set_index(["by", "value"])
    result = deaths(sample, by="msc_source").table
    parts = result.groupby(["by", "value"])[["deaths", "patients"]].sum()
    assert parts.loc[whole.index].to_numpy().tolist() == whole[["deaths", "patients"]].to_numpy().tolist()
    assert (result.groupby("group", observed=True)["value"].nunique() == 7).all()


def test_an_empty_group() -> None:
    by = pinned(frozenset({"p0"}), frozenset())
    table = deaths(cohort_of([12.0], [1]), by=by).table
    empty = table[table["group"] == "B"]
    assert empty["patients"].eq(0).all()
    assert empty[["share", "lower", "upper"]].isna().all(axis=None)


def test_patients_without_a_group_are_left_out() -> None:
    result = deaths(cohort_of([12.0] * 3, [1, 0, 1], arm=["A", "B", None]), by="arm")
    assert result.left_out.to_numpy().tolist() == [["the group is not recorded", 1]]
    assert result.table.loc[result.table["value"] == "any death", "deaths"].tolist() == [1, 0]
    assert "1 patient: the group is not recorded" in result.method
