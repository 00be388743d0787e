"""Row by row: what is used, left out, doubtful, asked or refused, each with the user's own row number."""

import pandas as pd
import pytest

from analysis import Cohort, CohortError, read_cohort

PATIENTS = "patient_id,follow_up_months,died,"


def read(patients: str, visits: str | None = None, **options: object) -> Cohort:
    return read_cohort(patients.encode(), visits.encode() if visits else None, **options)


def found(cohort: Cohort, kind: str) -> list[tuple[int, str, str]]:
    """Return row, column and value of the findings of a kind, but for those on a table as a whole."""
    findings = cohort.findings[
        (cohort.findings["kind"] == kind) & (cohort.findings["value"] + cohort.findings["column"] != "")
    ]
    return [(row["row"], row["column"], row["value"]) for row in findings.to_dict("records")]


@pytest.mark.parametrize(
    ("row", "column", "value", "words"),
    [
        (",5,0", "patient_id", "", "there is no patient id"),
        ("NA,5,0", "patient_id", "NA", "there is no patient id"),
        ("b,,0", "follow_up_months", "", "it is not recorded"),
        ("b,unknown,0", "follow_up_months", "unknown", "it is not recorded"),
        ("b,-999,0", "follow_up_months", "-999", "it is not recorded"),
        ("b,-1,0", "follow_up_months", "-1", '"-1" is below zero'),
        ("b,twelve,0", "follow_up_months", "twelve", '"twelve" is not a number'),
        ("b,inf,0", "follow_up_months", "inf", '"inf" is not a number'),
        ("b,1e999,0", "follow_up_months", "1e999", "too large"),
        ("b,5,", "died", "", "it is not recorded"),
        ("b,5,maybe", "died", "maybe", '"maybe" is neither yes (1) nor no (0)'),
        ("b,5,9", "died", "9", "it is not recorded"),
        ("a,1,1", "", "a", "the same as row 2"),
    ],
)
def test_a_patient_is_left_out(row: str, column: str, value: str, words: str) -> None:
    cohort = read(f"patient_id,follow_up_months,died\na,1,1\n{row}\nc,2,0\n")
    assert list(cohort.patients["patient_id"]) == ["a", "c"]
    assert cohort.rows_read == 3
    (left_out,) = cohort.left_out.to_dict("records")
    assert (left_out["table"], left_out["row"]) == ("patients", 3)
    assert words in left_out["reason"]
    assert left_out["reason"].startswith("patients, row 3")
    assert found(cohort, "left out") == [(3, column, value)]


@pytest.mark.parametrize(
    ("column", "value", "kept", "words"),
    [
        ("age_years", "old", None, '"old" is not a number. The value is taken as not recorded'),
        ("age_years", "130", None, "is not possible: the range is 0 to 110 years. The value is taken as not recorded"),
        ("age_years", "-5", None, "is not possible"),
        ("cell_dose_million_per_kg", "-5", None, "below zero"),
        ("relapse_months", "never", None, "is not a number"),
        ("relapse_months", "9", 9.0, "after the end of follow-up"),
        ("infusions", "1.5", None, "is not a whole number"),
        ("transplant_year", "1066", 1066, "outside the plausible range"),
        ("follow_up_ended", "moved", None, "is not one of died, lost, ongoing"),
        ("follow_up_ended", "died", "died", "does not agree"),
        ("death_related", "perhaps", None, "neither yes (1) nor no (0)"),
        ("organs", "none;renal", None, "names organs together with none"),
        ("follow_up_months", "700", 700.0, "outside the plausible range"),
    ],
)
def test_a_value_is_doubtful(column: str, value: str, kept: object, words: str) -> None:
    names = dict.fromkeys([*PATIENTS.strip(",").split(","), column])
    row = {"patient_id": "b", "follow_up_months": "5", "died": "0", column: value}
    cohort = read(",".join(names) + "\n" + ",".join(row[name] for name in names) + "\n")
    (doubt,) = cohort.findings[cohort.findings["kind"] == "doubtful"].to_dict("records")
    assert (doubt["row"], doubt["column"], doubt["value"]) == (2, column, value)
    assert words in doubt["message"]
    held = cohort.patients[column].iloc[0]
    assert pd.isna(held) if kept is None else held == kept
    assert len(cohort.left_out) == 0


WORDS = ["", "NA", "n/a", "unknown", "Unknown ", "nan", "?", "#N/A"]
NUMBER_COLUMNS = ["age_years", "relapse_months", "other"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *((column, text) for column in ["msc_source", "organs", "cause_of_death", *NUMBER_COLUMNS] for text in WORDS),
        *((column, "-999") for column in NUMBER_COLUMNS),
    ],
)
def test_spellings_of_missing_are_missing(column: str, text: str) -> None:
    known = {"msc_source": "BM", "organs": "renal"}.get(column, "5")
    cohort = read(f"{PATIENTS}{column}\na,9,0,{text}\nb,9,0,{known}\n")
    assert pd.isna(cohort.patients[column].iloc[0])
    assert not found(cohort, "doubtful")


def test_none_is_a_level_of_remission_and_no_organ() -> None:
    cohort = read(
        f"{PATIENTS}organs\na,9,0,none\nb,9,0,\n",
        "patient_id,months,remission\na,1,none\na,2,NA\na,3,Complete\na,4,cured\n",
    )
    assert cohort.patients["organs"].iloc[0] == frozenset()
    assert pd.isna(cohort.patients["organs"].iloc[1])
    remission = cohort.visits["remission"]
    assert list(remission.cat.categories) == ["none", "partial", "complete"]
    assert remission.cat.ordered
    assert [None if pd.isna(value) else value for value in remission] == ["none", None, "complete", None]
    assert found(cohort, "doubtful") == [(5, "remission", "cured")]


@pytest.mark.parametrize("text", ["renal;skin", "Skin , renal", "renal|skin|", " RENAL;  skin"])
def test_organs_are_sets(text: str) -> None:
    cohort = read(f'{PATIENTS}organs\na,9,0,"{text}"\n')
    assert cohort.patients["organs"].iloc[0] == frozenset({"renal", "skin"})


def test_an_unusual_organ_is_kept_with_a_note() -> None:
    cohort = read(f"{PATIENTS}organs\na,9,0,liver\n")
    assert cohort.patients["organs"].iloc[0] == frozenset({"liver"})
    assert found(cohort, "note")[0][1:] == ("organs", "liver")


def test_spellings_of_one_level_are_joined_with_a_note() -> None:
    cohort = read(f"{PATIENTS}msc_source,centre\na,1,0,UC,Rome\nb,1,0, uc,rome\nc,1,0,bm,Rome\nd,1,0,PL,Ulm\n")
    assert list(cohort.patients["msc_source"]) == ["UC", "UC", "BM", "PL"]
    assert list(cohort.patients["msc_source"].cat.categories) == ["BM", "UC", "PL"]
    assert list(cohort.patients["centre"]) == ["Rome", "Rome", "Rome", "Ulm"]
    joined = [entry[1:] for entry in found(cohort, "note")]
    assert joined[:3] == [("msc_source", " uc"), ("msc_source", "bm"), ("centre", "rome")]


def test_two_rows_of_one_patient_that_differ_are_asked() -> None:
    with pytest.raises(CohortError) as refused:
        read("patient_id,follow_up_months,died\na,1,1\nb,1,0\na,2,1\n")
    (finding,) = refused.value.findings
    assert (finding.row, finding.column, finding.value, finding.question) == (4, "patient_id", "a", "duplicates")
    assert "also in row 2" in finding.message


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("patient_id,x", ["follow_up_months", "died"]),
        ("x,follow_up_months,died", []),
        ("patient_id,follow_up_months", ["died"]),
        ("patient_id,died", ["follow_up_months"]),
        ("patient_id,died,transplant_date", ["follow_up_months"]),
        ("patient_id,transplant_date,death_date", []),
    ],
)
def test_missing_columns_are_named(header: str, missing: list[str]) -> None:
    text = header + "\n" + ",".join("2020-01-01" if name.endswith("date") else "1" for name in header.split(",")) + "\n"
    if not missing:
        assert len(read(text)) == 1
        return
    with pytest.raises(CohortError) as refused:
        read(text)
    assert [finding.column for finding in refused.value.findings] == missing
    assert all("The columns are: " + header.replace(",", ", ") in finding.message for finding in refused.value.findings)
    assert {finding.question for finding in refused.value.findings} == {"column"}


@pytest.mark.parametrize(
    "text", ["patient_id,follow_up_months,died\n", "patient_id,follow_up_months,died\na,x,1\nb,y,0\n"]
)
def test_a_file_without_a_usable_patient_is_refused(text: str) -> None:
    with pytest.raises(CohortError, match="no patient is left"):
        read(text)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",1,5", "there is no patient id"),
        ("z,1,5", "the patient is not in the patient table"),
        ("b,1,5", "the patient's own row is left out"),
        ("a,,5", "it is not recorded"),
        ("a,soon,5", '"soon" is not a number'),
        ("a,3,6", "the same as row 2"),
    ],
)
def test_a_visit_is_left_out(row: str, words: str) -> None:
    cohort = read("patient_id,follow_up_months,died\na,9,1\nb,,0\n", f"patient_id,months,sledai\na,3,6\n{row}\na,0,8\n")
    assert list(cohort.visits["months"]) == [0, 3]
    (left_out,) = cohort.left_out[cohort.left_out["table"] == "visits"].to_dict("records")
    assert left_out["row"] == 3
    assert words in left_out["reason"]


@pytest.mark.parametrize(
    ("months", "sledai", "column", "kept", "words"),
    [
        ("10", "5", "months", 5, "after the end of the patient's follow-up"),
        ("-200", "5", "months", 5, "outside the plausible range"),
        ("3", "4.5", "sledai", None, "is not a whole number"),
        ("3", "106", "sledai", None, "is not possible: the range is 0 to 105 points"),
        ("3", "high", "sledai", None, "is not a number"),
    ],
)
def test_a_visit_is_doubtful(months: str, sledai: str, column: str, kept: int | None, words: str) -> None:
    cohort = read("patient_id,follow_up_months,died\na,9,1\n", f"patient_id,months,sledai\na,{months},{sledai}\n")
    (doubt,) = cohort.findings[cohort.findings["kind"] == "doubtful"].to_dict("records")
    assert (doubt["table"], doubt["row"], doubt["column"]) == ("visits", 2, column)
    assert words in doubt["message"]
    value = cohort.visits["sledai"].iloc[0]
    assert pd.isna(value) if kept is None else value == kept


def test_visits_before_transplantation_and_at_the_end_are_plain() -> None:
    cohort = read("patient_id,follow_up_months,died\na,9,1\n", "patient_id,months\na,9\na,-3\n")
    assert list(cohort.visits["months"]) == [-3, 9]
    assert len(cohort.findings) == 0


def test_visits_follow_the_order_of_the_patients() -> None:
    cohort = read("patient_id,follow_up_months,died\nb,9,1\na,9,0\n", "patient_id,months\na,1\nb,2\na,0\nb,1\n")
    assert cohort.visits.to_numpy().tolist() == [["b", 1], ["b", 2], ["a", 0], ["a", 1]]


def test_types_are_those_of_the_vocabulary() -> None:
    cohort = read(
        f"{PATIENTS}infusions,death_related,sex,dose_note,code,extra\na,9,1,2,yes,F,7.5,007,x\nb,9,0,,,M,,008,y\n",
        "patient_id,months,sledai,relapse\na,1,4,no\na,2,,1\n",
    )
    types = {name: str(kind) for name, kind in cohort.patients.dtypes.items()}
    assert types == {
        "patient_id": "object",
        "follow_up_months": "float64",
        "died": "bool",
        "sex": "category",
        "infusions": "Int64",
        "death_related": "boolean",
        "dose_note": "float64",
        "code": "category",
        "extra": "category",
    }
    assert [str(kind) for kind in cohort.visits.dtypes] == ["object", "float64", "Int64", "boolean"]
    assert {str(name): str(kind) for name, kind in cohort.events.dtypes.items()} == {
        "patient_id": "object",
        "months": "float64",
        "event": "object",
        "grade": "Int64",
        "related": "boolean",
    }


def test_events_without_a_name_are_left_out_and_without_a_month_kept() -> None:
    cohort = read_cohort(
        b"patient_id,follow_up_months,died\na,9,1\n", events=b"patient_id,months,event\na,1,fever\na,,rash\na,2,\n"
    )
    assert list(cohort.events["event"]) == ["fever", "rash"]
    assert list(cohort.events.columns) == ["patient_id", "months", "event", "grade", "related"]
    assert found(cohort, "left out") == [(4, "event", "")]


def test_nothing_unprintable_is_said() -> None:
    cohort = read(
        f'{PATIENTS}age_years,sex\na,nan,1,None,\nb,2,0,"x\ny",nan\n',
        "patient_id,months,sledai\nz,nan,None\nb,,\nb,1,nan\n",
    )
    words = " ".join(cohort.findings["message"]).replace('"', " ").replace(",", " ").split()
    quoted = {"nan", "None"} & set(cohort.findings["value"])
    assert not {"inf", "NaN", "<NA>"} & set(words)
    assert {"nan", "None"} & set(words) <= quoted


CONFLICT = b"patient_id,follow_up_months,died\na,12,0\nb,5,0\na,14,1\nb,6,0\nc,1,0\n"


@pytest.mark.parametrize(
    ("answer", "months", "left_out"),
    [("first row", [12, 5, 1], [4, 5]), ("last row", [1, 14, 6], [2, 3]), ("no row", [1], [2, 3, 4, 5])],
)
def test_conflicting_rows_are_settled_as_told(answer: str, months: list[float], left_out: list[int]) -> None:
    cohort = read_cohort(CONFLICT, mapping={"duplicates": answer})
    assert sorted(cohort.patients["follow_up_months"]) == sorted(months)
    assert cohort.left_out["row"].tolist() == left_out
    assert all("as you chose" in reason for reason in cohort.left_out["reason"])


def test_conflicting_rows_are_asked_once_with_the_answers_to_choose_from() -> None:
    with pytest.raises(CohortError) as caught:
        read_cohort(CONFLICT)
    first, second = caught.value.findings
    assert [choice for choice, _ in first.choices] == ["first row", "last row", "no row"]
    assert (first.question, second.question, second.choices) == ("duplicates", "duplicates", ())


def test_another_answer_is_no_answer() -> None:
    with pytest.raises(ValueError, match="first row"):
        read_cohort(CONFLICT, mapping={"duplicates": "middle"})


def test_an_id_stands_on_one_line_in_every_table() -> None:
    patients = pd.DataFrame({"patient_id": ["P\u20281", "P2"], "follow_up_months": [12, 12], "died": [0, 1]})
    visits = pd.DataFrame({"patient_id": ["P\n1", "P2"], "months": [0, 0], "sledai": [8, 6]})
    cohort = read_cohort(patients, visits)
    assert cohort.patients["patient_id"].tolist() == ["P 1", "P2"]
    assert cohort.visits["patient_id"].tolist() == ["P 1", "P2"]
    assert "ends of lines in it, are ignored in 1 of the rows" in " ".join(cohort.findings["message"])


def test_blanks_around_some_of_the_ids_are_told_with_their_number() -> None:
    cohort = read_cohort(b"patient_id,follow_up_months,died\n a,1,0\nb ,2,1\nc d,3,0\n")
    assert list(cohort.patients["patient_id"]) == ["a", "b", "c d"]
    assert cohort.findings["message"].str.contains("ignored in 2 of the rows").sum() == 1
