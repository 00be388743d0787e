"""Codes of categories: what they mean is known, told or asked, and never guessed."""

import pandas as pd
import pytest

from analysis import Cohort, CohortError, Source, read_cohort
from analysis.export.python_source import source_of
from analysis.intake.file_question import Question
from analysis.intake.proposal import propose
from analysis.intake.reading import HeldFile
from analysis.intake.saved import load_mapping, save_mapping

PATIENTS = {"patient_id": list("abcdef"), "follow_up_months": ["9"] * 6, "died": ["0"] * 6}


def patients(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(PATIENTS | columns)


def visits(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"patient_id": list("abcdef"), "months": ["1"] * 6} | columns)


def asked(table: pd.DataFrame, second: pd.DataFrame | None = None, **options: object) -> dict[str, dict[str, int]]:
    """Return the values that are asked about, by column."""
    try:
        read_cohort(table, second, **options)
    except CohortError as error:
        return {finding.column: dict(finding.choices) for finding in error.findings if finding.question == "codes"}
    return {}


def held(cohort: Cohort, name: str) -> list[object]:
    table = cohort.visits if name in cohort.visits else cohort.patients
    return [None if not isinstance(value, frozenset) and pd.isna(value) else value for value in table[name]]


def questions(table: pd.DataFrame, mapping: dict[str, str | Source | None] | None = None) -> dict[str, Question]:
    file = HeldFile("p.csv", table.to_csv(index=False).encode())
    return {question.key: question for question in propose([file], mapping).questions}


ONE_TWO = ["1", "2", "2", "1", "2", "1"]


@pytest.mark.parametrize("column", ["sex", "gender", "msc_source", "Cell source", "source"])
def test_numbers_of_a_category_of_patients_are_asked(column: str) -> None:
    assert asked(patients(**{column: ONE_TWO})) == {column: {"1": 3, "2": 3}}


@pytest.mark.parametrize("column", ["remission", "remission_status", "Response"])
def test_numbers_and_unknown_words_of_a_category_of_visits_are_asked(column: str) -> None:
    table = visits(**{column: ["0", "1", "2", "0", "0", "9"]})
    assert asked(patients(), table) == {column: {"0": 3, "1": 1, "2": 1, "9": 1}}
    words = visits(**{column: ["good", "bad", "good", "bad", "good", "bad"]})
    assert asked(patients(), words) == {column: {"bad": 3, "good": 3}}


def test_a_category_of_yes_and_no_is_asked() -> None:
    assert asked(patients(), visits(flare=ONE_TWO)) == {"flare": {"1": 3, "2": 3}}
    told = {"visits.relapse": Source("flare", codes={"1": "yes", "2": "no"})}
    cohort = read_cohort(patients(), visits(flare=ONE_TWO), mapping=told)
    assert held(cohort, "relapse") == [True, False, False, True, False, True]


def test_a_word_that_does_not_come_back_is_told_and_not_asked() -> None:
    words = ["complete", "partial", "none", "complete", "none", "complet e d"]
    cohort = read_cohort(patients(), visits(remission=words))
    assert held(cohort, "remission")[-1] is None
    assert '"complet e d" is not one of none, partial, complete' in " ".join(cohort.findings["message"])


def test_codes_are_told() -> None:
    table = visits(remission_status=["0", "1.0", "2", "0", "0", "9"])
    told = {"visits.remission": Source("remission_status", codes={0: "none", 1: "partial", 2: "complete", 9: None})}
    cohort = read_cohort(patients(), table, mapping=told)
    assert held(cohort, "remission") == ["none", "partial", "complete", "none", "none", None]
    assert "9 is not recorded" in " ".join(cohort.findings["message"])


def test_what_is_known_is_filled_in_and_the_rest_is_asked_again() -> None:
    table = patients(sex=["F", "1", "2", "m", "F", "9"])
    question = questions(table)["patients.sex"]
    assert (question.levels, question.others) == (("female", "male"), True)
    assert question.known == {"F": "female", "m": "male"}
    mapping = {"patients.sex": question.with_codes({"1": "female", "2": "diverse"})}
    again = questions(table, mapping)["patients.sex"]
    assert again.known == {"F": "female", "m": "male", "1": "female", "2": "diverse"}
    mapping["patients.sex"] = again.with_codes({"9": None})
    assert not questions(table, mapping)
    cohort = read_cohort(table, mapping=mapping)
    assert held(cohort, "sex") == ["female", "female", "diverse", "male", "female", None]


def test_a_number_can_be_kept_as_it_is() -> None:
    cohort = read_cohort(patients(sex=ONE_TWO), mapping={"sex": Source("sex", codes={"1": "1", "2": "2"})})
    assert held(cohort, "sex") == ONE_TWO


@pytest.mark.parametrize(
    ("column", "values", "name", "expected"),
    [
        ("SEX", ["F", "M", "U", "F", "F", "F"], "sex", ["female", "male", None, "female", "female", "female"]),
        ("sex", ["1=male", "1 = male", "2: female", "female (2)", "1=male", ""], "sex", None),
        ("gender_concept_id", ["8507", "8532", "8532", "8507", "8532", "8532"], "sex", None),
        ("cell source", ["1 = UC-MSC", "2 = BM-MSC"] * 3, "msc_source", ["UC", "BM"] * 3),
    ],
)
def test_known_conventions_are_not_asked(
    column: str, values: list[str], name: str, expected: list[object] | None
) -> None:
    cohort = read_cohort(patients(**{column: values}))
    assert set(held(cohort, name)) <= {"female", "male", "UC", "BM", None}
    if expected:
        assert held(cohort, name) == expected


def test_yes_no_and_unknown_of_cdisc() -> None:
    cohort = read_cohort(patients(), visits(relapse=["Y", "N", "U", "Y", "N", "N"]))
    assert held(cohort, "relapse") == [True, False, None, True, False, False]


def test_boxes_of_organs_are_asked() -> None:
    boxes = {"organs___1": ["1", "0", "1", "0", "0", "0"], "organs___2": ["0", "0", "1", "1", "0", "0"]}
    assert asked(patients(**boxes)) == {"organs": {"organs___1": 2, "organs___2": 2}}
    told = {"organs": Source("organs", codes={"1": "renal", "2": "skin"})}
    cohort = read_cohort(patients(**boxes), mapping=told)
    assert held(cohort, "organs") == [{"renal"}, set(), {"renal", "skin"}, {"skin"}, set(), set()]
    assert asked(patients(**boxes), mapping={"organs.renal": "organs___1"}) == {"organs": {"organs___2": 2, "renal": 2}}


def test_a_set_of_codes_is_asked_by_element() -> None:
    table = patients(organs=["1;3", "1", "none", "3", "", "2;3"])
    assert asked(table) == {"organs": {"1": 2, "2": 1, "3": 3}}
    told = {"organs": Source("organs", codes={"1": "renal", "2": None, "3": "eyes"})}
    cohort = read_cohort(table, mapping=told)
    assert held(cohort, "organs") == [{"renal", "eyes"}, {"renal"}, set(), {"eyes"}, None, {"eyes"}]


def test_codes_of_a_column_that_is_not_canonical() -> None:
    told = {"arm": Source("arm", codes={"1": "MSC", "2": "none"})}
    cohort = read_cohort(patients(arm=ONE_TWO), mapping=told)
    assert held(cohort, "arm") == ["MSC", "none", "none", "MSC", "none", "MSC"]
    with pytest.raises(CohortError, match='no column "arm"'):
        read_cohort(patients(), mapping=told)


def test_codes_of_died_are_its_words() -> None:
    table = patients(died=["1", "2", "1", "1", "1", "1"])
    cohort = read_cohort(table, mapping={"died": Source("died", codes={"1": "alive", "2": "dead"})})
    assert list(cohort.patients["died"]) == [False, True, False, False, False, False]


def test_codes_are_saved_loaded_and_written_as_python() -> None:
    mapping = {"sex": Source("sex", codes={"1": "female", "9": None}), "arm": Source("arm", codes={"1": "MSC"})}
    assert load_mapping(save_mapping(mapping)) == mapping
    imports: dict[str, set[str]] = {}
    written = source_of(mapping["sex"], imports)
    assert written == "Source(column='sex', codes={'1': 'female', '9': None})"
    assert hash(mapping["sex"])
    with pytest.raises(CohortError, match="cannot be understood"):
        load_mapping(save_mapping({}).replace("{}", '{"sex": {"column": "sex", "codes": {"1": 2}}}'))
    with pytest.raises(ValueError, match="mapping of values"):
        Source("sex", codes=["1"])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        (["1.09", "0.5", "2.2", "0", "0.8", "3.1"], "g/g"),
        (["300", "80", "150", "45", "0", "0"], ""),  # mg/g or mg/mmol
        (["1090", "500", "900", "700", "900", "1500"], ""),
        (["30000", "20000", "9000", "12000", "10000", "8000"], "mg/g"),
        (["3", "4", "5", "2", "6", "3"], ""),  # g/g of nephrosis, or mg/mmol in remission
    ],
)
def test_the_unit_of_the_urine_ratio_is_known_where_only_one_is_physiologic(values: list[str], unit: str) -> None:
    table = visits(upcr=values)
    if not unit:
        with pytest.raises(CohortError, match="is the urine protein/creatinine ratio in"):
            read_cohort(patients(), table)
        return
    cohort = read_cohort(patients(), table)
    factor = {"g/g": 1, "mg/g": 0.001}[unit]
    assert list(cohort.visits["upcr_g_per_g"]) == pytest.approx([float(value) * factor for value in values])
    assert f"is read as in {unit}" in " ".join(cohort.findings["message"])
