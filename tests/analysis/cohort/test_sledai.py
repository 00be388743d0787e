"""SLEDAI-2K from its items: the weights, other names and codes, and the comparison with what was recorded."""

import pandas as pd
import pytest

from analysis import Cohort, read_cohort
from analysis.cohort.sledai import ITEMS, check_sledai, item_columns, missing_items, sledai_scores

NAMES = [item.name for item in ITEMS]


def visit(**present: object) -> dict[str, object]:
    """Return the items of a visit, absent unless given."""
    return {name: present.get(name, 0) for name in NAMES}


def test_the_weights_are_those_of_the_index() -> None:
    assert len(ITEMS) == 24
    assert sum(item.weight for item in ITEMS) == 105
    weights = [item.weight for item in ITEMS]
    assert [weights.count(weight) for weight in (8, 4, 2, 1)] == [8, 6, 7, 3]
    assert [item.name for item in ITEMS if item.serological] == ["low_complement", "increased_dna_binding"]


def test_no_name_means_two_items() -> None:
    told = [name for item in ITEMS for name in (item.name, *item.synonyms)]
    assert len(told) == len(set(told))


def test_everything_present_is_105_points_and_101_without_serology() -> None:
    scores = sledai_scores(pd.DataFrame([visit(**dict.fromkeys(NAMES, 1)), visit()]))
    assert scores.to_numpy().tolist() == [[105, 101], [0, 0]]


@pytest.mark.parametrize("coded", [1, 1.0, "1", "yes", True, 4, "4"])
def test_how_an_item_is_coded(coded: object) -> None:
    assert sledai_scores(pd.DataFrame([visit(arthritis=coded, fever=1)])).to_numpy().tolist() == [[5, 5]]


@pytest.mark.parametrize("coded", [None, 3, "perhaps"])
def test_an_unknown_code_of_an_item_is_missing(coded: object) -> None:
    table = pd.DataFrame([visit(arthritis=coded), visit(low_complement=coded, fever=1)])
    scores = sledai_scores(table)
    assert scores["sledai"].isna().all()
    assert scores["clinical_sledai"].tolist() == [pd.NA, 1]


@pytest.mark.parametrize(
    ("column", "item"),
    [
        ("SLEDAI-2K: Seizure", "seizure"),
        ("sledai_cva", "cerebrovascular_accident"),
        ("Hematuria", "haematuria"),
        ("proteinuria_item", "proteinuria"),
        ("SLEDAI Low C3/C4", "low_complement"),
        ("sledai_anti_dsdna_score", "increased_dna_binding"),
        ("Leucopenia", "leukopenia"),
    ],
)
def test_other_names(column: str, item: str) -> None:
    assert item_columns(["months", column]) == {item: column}


@pytest.mark.parametrize("column", ["sledai", "sledai_2k", "proteinuria_g_per_24h", "anti_dsdna_iu_per_ml", "c3"])
def test_a_score_or_a_measure_is_no_item(column: str) -> None:
    assert item_columns([column]) == {}


def test_an_item_without_a_column_is_named() -> None:
    table = pd.DataFrame([visit()]).drop(columns="pyuria")
    assert missing_items(table.columns) == ["pyuria"]
    with pytest.raises(ValueError, match="no column for pyuria"):
        sledai_scores(table)


def cohort_of(visits: list[dict[str, object]]) -> Cohort:
    """Return one patient with these visits, the items named as in a file."""
    table = pd.DataFrame(visits).rename(columns={name: f"sledai_{name}" for name in NAMES})
    table = table.assign(patient_id="a", months=range(len(table)))
    return read_cohort(pd.DataFrame({"patient_id": ["a"], "follow_up_months": 60, "died": 0}), table)


def test_visits_that_differ_from_the_recorded_total() -> None:
    cohort = cohort_of(
        [
            {"sledai": 10, **visit(seizure=1, low_complement=1)},
            {"sledai": 6, **visit(arthritis=1, rash=1, fever=1)},
            {"sledai": None, **visit(rash=1)},
            {"sledai": 4, **visit(proteinuria=None)},
        ]
    )
    result = check_sledai(cohort)
    columns = ["patient_id", "months", "recorded", "computed", "difference", "computed_clinical"]
    assert result.table[columns].to_numpy().tolist() == [["a", 1, 6, 7, -1, 7]]
    assert result.left_out.to_numpy().tolist() == [["a", 3, "an item is missing"]]
    assert "differs at 1 of 2 visits with both; an item is missing at 1" in result.method


def test_the_recorded_clinical_score_is_compared_too() -> None:
    cohort = cohort_of([{"sledai": 10, "clinical_sledai": 10, **visit(seizure=1, low_complement=1)}])
    assert check_sledai(cohort).table[["recorded_clinical", "computed_clinical"]].to_numpy().tolist() == [[10, 8]]
