"""Registries with thousands of columns: what is matched or chosen is read, the rest is set aside and told."""

import io
from time import process_time

import pandas as pd
import pytest

from analysis import CohortError, Source, read_cohort
from analysis.cohort.vocabulary import TABLES
from analysis.intake.headings import _names_of, _rank, in_order, indexed
from analysis.intake.proposal import propose
from analysis.intake.reading import HeldFile
from analysis.intake.sizes import MAX_COLUMNS, MOST_KEPT_COLUMNS
from tests.analysis.intake.test_words import DATA

MANY = 1500
PATIENTS = 40


def registry(columns: int = MANY, **others: list[str]) -> bytes:
    """Return a patient table with many columns of questionnaires, and SLEDAI at three times."""
    number = pd.Series(range(PATIENTS))
    table = {
        "record_id": number + 1,
        "follow_up_months": number / 2 + 12,
        "died": number % 2,
        "gender": number.map(lambda each: "FM"[each % 2]),
        "SLEDAI 0 mo": 12,
        "SLEDAI 3 mo": 6,
        "SLEDAI 6 mo": 4,
        "renal_involvement": number % 2,
        "skin_involvement": 1,
        "relapse": "no",
        **others,
    }
    questions = {f"haq_item_{place}": number % 5 for place in range(columns - len(table))}
    return pd.DataFrame({**table, **questions}).to_csv(index=False).encode()


def test_what_is_matched_is_read_and_the_rest_is_set_aside() -> None:
    cohort = read_cohort(registry())
    assert len(cohort) == PATIENTS
    assert set(cohort.patients) == {"patient_id", "follow_up_months", "died", "organs", "sex", "relapse"}
    assert len(cohort.visits) == 3 * PATIENTS
    assert cohort.visits.loc[cohort.visits["months"] == 0, "sledai"].mean() == 12
    told = cohort.findings["message"].str.contains(f"columns {MANY - 10:,} match nothing that is used")
    assert told.sum() == 1


def test_a_chosen_column_is_read() -> None:
    cohort = read_cohort(registry(), mapping={"haq_item_7": "haq_item_7", "age_years": Source("haq_item_3")})
    assert cohort.patients["haq_item_7"].tolist() == [number % 5 for number in range(PATIENTS)]
    assert cohort.patients["age_years"].tolist() == [number % 5 for number in range(PATIENTS)]
    assert "haq_item_8" not in cohort.patients


def test_a_column_with_codes_that_were_told_is_read() -> None:
    cohort = read_cohort(
        registry(), mapping={"haq_item_7": Source("haq_item_7", codes=dict(zip("01234", "abcde", strict=True)))}
    )
    assert set(cohort.patients["haq_item_7"]) == set("abcde")


def test_of_a_table_of_usual_width_every_column_is_kept() -> None:
    cohort = read_cohort(registry(MOST_KEPT_COLUMNS))
    assert "haq_item_8" in cohort.patients
    assert not cohort.findings["message"].str.contains("set aside").any()


def test_the_unit_beside_a_time_is_used() -> None:
    cohort = read_cohort(
        registry(AVAL=["365.25"] * PATIENTS, AVALU=["DAYS"] * PATIENTS, follow_up_months=["x"] * PATIENTS),
        mapping={"follow_up_months": "AVAL"},
    )
    assert set(cohort.patients["follow_up_months"]) == {12.0}


def test_the_question_which_column_is_meant_offers_those_set_aside() -> None:
    data = registry().replace(b"follow_up_months", b"stretch")
    with pytest.raises(CohortError) as refused:
        read_cohort(data)
    (asked,) = [each for each in refused.value.findings if each.question == "column"]
    choices = [column for column, _ in asked.choices]
    assert {"stretch", "haq_item_0", "haq_item_1489"} <= set(choices)


def test_a_page_is_given_the_columns_that_are_not_read() -> None:
    file = HeldFile("r.csv", registry())
    table = propose([file]).tables[0]
    assert (len(table.aside), len(table.columns), table.unmatched) == (MANY - 10, 7, ("relapse",))
    chosen = propose([file], {"haq_item_7": "haq_item_7"}).tables[0]
    assert chosen.unmatched == ("relapse", "haq_item_7")
    assert len(chosen.aside) == MANY - 11


def test_a_table_wider_than_any_registry_is_refused() -> None:
    with pytest.raises(CohortError, match=f"more than {MAX_COLUMNS:,} columns"):
        read_cohort(registry(MAX_COLUMNS + 1))


def test_ten_thousand_headings_are_matched_in_seconds() -> None:
    header = ",".join(["record_id", "futime_months", "died", *(f"sf36_score_{place}_date" for place in range(9997))])
    table = pd.read_csv(io.StringIO(header), dtype="category")
    begun = process_time()
    headings = tuple(table.columns)
    for column in (column for names in TABLES.values() for column in names.values()):
        in_order(headings, (column.name, *column.synonyms), column)
    assert process_time() - begun < 5  # one by one, it is 20


HEADINGS = [
    heading
    for names in DATA["headings"].values()
    for headings in names.values()
    for heading in headings
] + ["days", " (weeks)", "Mois", "Jahr", "SLE-DAI (total)", "OS time / d", "死亡(Tod)", "評価日"]  # fmt: skip


def test_no_heading_is_passed_over() -> None:
    headings = HEADINGS[::7] + HEADINGS[-8:]
    index = indexed(tuple(headings))
    for column in (column for names in TABLES.values() for column in names.values()):
        for names in ((column.name, *column.synonyms), column.loose):
            compared = index.that_may_be(_names_of(names, column))
            passed = [each for each in headings if each not in compared]
            assert [each for each in passed if _rank(each, _names_of(names, column)) is not None] == []
