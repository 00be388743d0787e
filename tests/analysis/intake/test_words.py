"""Headings and values in ten languages, and of registries, mean what a clinician means by them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from analysis import read_cohort
from analysis.cohort.spellings import ALIVE, DEAD, NO, YES, read_words
from analysis.cohort.vocabulary import TABLES, TEXT, WORDS, sections
from analysis.cohort.vocabulary_entry import VocabularyError
from analysis.intake.guess import guess
from analysis.intake.headings import unit_in
from analysis.intake.texts import as_texts
from analysis.intake.values import category_reader, organs_reader

DATA = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
# What a column of this kind, or of this name, may hold.
HOLDS = {
    "number": ["1.5", "2.5", "3"],
    "integer": ["1", "2", "4"],
    "date": ["2014-07-19", "2015-01-02", "2015-03-04"],
    "boolean": ["yes", "no", "no"],
    "text": ["alpha", "beta", "beta"],
    "category": ["A", "B", "B"],
    "set": ["renal", "skin", "skin;renal"],
    "age_years": ["45", "17", "22"],
    "transplant_year": ["2012", "2014", "2015"],
    "patient_id": ["A1", "A2", "A3"],
}


def held(table: str, name: str) -> list[str]:
    """Return three plausible values of a column."""
    column = TABLES[table][name]
    return HOLDS.get(name) or ([*column.levels[:2], column.levels[1]] if column.levels else HOLDS[column.kind])


def meant(table: str, heading: str, values: list[str]) -> list[str]:
    """Return the columns of a table that a heading may mean, without its loose names."""
    cells = pd.DataFrame({heading: as_texts(values)})
    found = {name: guess(cells, table, name, ()) for name in TABLES[table]}
    return [name for name, each in found.items() if each is not None and not each.loose]


@pytest.mark.parametrize(
    ("table", "name"), [(table, name) for table, names in DATA["headings"].items() for name in names]
)
def test_headings_mean_their_column(table: str, name: str) -> None:
    means = {heading: meant(table, heading, held(table, name)) for heading in DATA["headings"][table][name]}
    assert {heading: names for heading, names in means.items() if names[:1] != [name]} == {}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("values", [["1", "2", "4"], ["40", "31", "22"], ["yes", "no", "no"]])
def test_headings_of_something_else_mean_no_column(table: str, values: list[str]) -> None:
    # Of a treatment, a dose is that of the drug beside it.
    headings = [heading for heading in DATA["more"]["nothing"] if (table, heading) != ("treatments", "Dose")]
    means = {heading: meant(table, heading, values) for heading in headings}
    assert {heading: names for heading, names in means.items() if names} == {}


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Durée d'évolution (mois)", "months"),  # the d is no day
        ("Durée de l’évolution (années)", "years"),
        ("病程（年）", "years"),
        ("复发时间月", "months"),
        ("随访天数", "days"),
        ("推定期間(か月)", "months"),
        ("유병기간(개월)", "months"),
        ("Duración (años)", "years"),
        ("Durata (settimane)", "weeks"),
        ("Follow-up in days or months", ""),
        ("病程", ""),
    ],
)
def test_a_unit_of_time_in_a_heading(heading: str, unit: str) -> None:
    assert unit_in(heading, TABLES["patients"]["disease_duration_months"]) == unit


@pytest.mark.parametrize(
    ("table", "name"), [(table, name) for table, columns in DATA["values"].items() for name in columns]
)
def test_values_mean_their_level(table: str, name: str) -> None:
    column = TABLES[table][name]
    for level, words in DATA["values"][table][name].items():
        for word in words:
            reader = organs_reader(column) if column.kind == "set" else category_reader(column, {word: 1})
            assert reader(word).value == (frozenset({level}) if column.kind == "set" else level), word


def test_words_for_yes_and_dead_have_no_second_meaning() -> None:
    assert not {word.casefold() for word in YES} & {word.casefold() for word in NO}
    assert not {word.casefold() for word in DEAD} & {word.casefold() for word in ALIVE}
    assert not {word.casefold() for word in (*YES, *DEAD)} & {word.casefold() for word in (*NO, *ALIVE)}


@pytest.mark.parametrize(
    "values",
    [
        ["是", "否", "否"],
        ["有", "无", "无"],
        ["はい", "いいえ", "いいえ"],
        ["あり", "なし", "なし"],
        ["예", "아니오", "아니오"],
        ["사망", "생존", "생존"],
        ["Sim", "Não", "Não"],
        ["Oui", "Non", "Non"],
        ["Ja", "Nein", "Nein"],
        ["Ja", "Nee", "Nee"],
        ["死亡", "存活", "存活"],
        ["死亡", "生存", "生存"],
        ["Deceduto", "Vivo", "Vivo"],
    ],
)
def test_died_in_the_words_of_ten_languages(values: list[str]) -> None:
    frame = pd.DataFrame({"patient_id": list("abc"), "follow_up_months": [1, 2, 3], "died": values})
    assert read_cohort(frame).patients["died"].tolist() == [True, False, False]


def test_m_beside_h_is_a_woman() -> None:
    frame = pd.DataFrame(
        {"patient_id": list("abc"), "follow_up_months": [1, 2, 3], "died": [0, 1, 0], "Sexo": ["H", "M", "M"]}
    )
    assert read_cohort(frame).patients["sex"].tolist() == ["male", "female", "female"]


@pytest.mark.parametrize(
    "heading",
    [
        "Nierenbeteiligung",
        "Afectación renal",
        "Acometimento renal",
        "Atteinte rénale",
        "Coinvolgimento renale",
        "肾脏受累",
        "肾受累",
        "是否肾脏受累",
        "腎病変",
        "腎障害",
        "신장 침범",
        "Renal involvement",
        "Kidney (involved)",
    ],
)
def test_an_organ_has_a_column_of_its_own(heading: str) -> None:
    frame = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [1, 2], "died": [0, 1], heading: ["yes", "no"]})
    assert read_cohort(frame).patients["organs"].tolist() == [{"renal"}, set()]


@pytest.mark.parametrize("heading", ["SLEDAI", "Sex", "died", "organ", "Organ"])
def test_a_column_of_other_words_is_no_organ_involvement(heading: str) -> None:
    frame = pd.DataFrame(
        {"patient_id": ["a", "b"], "follow_up_months": [1, 2], "dead": [0, 1], heading: ["x1y", "x2y"]}
    )
    assert "organs" not in read_cohort(frame, mapping={"died": "dead"}).patients


def test_a_wrong_list_of_words_is_reported_with_its_name() -> None:
    held = sections(TEXT)[WORDS]
    with pytest.raises(VocabularyError, match=r"^\[words\]: yes must be words in brackets"):
        read_words({**held, "yes": "y"})
    with pytest.raises(VocabularyError, match=r"^\[words\] must have yes, no, .*, not .*, yess"):
        read_words({**held, "yess": ["y"]})
