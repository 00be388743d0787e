"""Columns of other people's files: guessed from name and values, never against the values, and with the reason said."""

import pandas as pd
import pytest

from analysis import Cohort, CohortError, Finding, Source, read_cohort
from analysis.cohort.vocabulary import TABLES
from analysis.figures.description.cohort_tables import findings_table
from analysis.intake.assemble import findings_frame


def read(text: str, visits: str | None = None, **options: object) -> Cohort:
    return read_cohort(text.encode(), visits.encode() if visits else None, **options)


def refused(text: str, visits: str | None = None, **options: object) -> list[Finding]:
    with pytest.raises(CohortError) as refusal:
        read(text, visits, **options)
    return list(refusal.value.findings)


def asked(text: str, visits: str | None = None, **options: object) -> list[tuple[str, str, str]]:
    return [(finding.table, finding.question, finding.column) for finding in refused(text, visits, **options)]


@pytest.mark.parametrize(
    "header",
    [
        "record_id,fu_days,dead",
        "studynumber,follow up (days),Death",
        "Pt.ID,futime_days,exitus",
        "USUBJID,survtime [days],DIED",
        "pid,Time to death or censoring (days),vital status",
        "PatientID,OS_days,os_status",
        "Patienten-ID,Nachbeobachtungszeit (Tage),verstorben",
        "identifiant,durée de suivi (jours),décès",
        "ID,days,status",
        "Patient,Überleben (Tage),Tod",
        "编号,随访时间 天,死亡",
    ],
)
def test_the_columns_of_other_files_are_found(header: str) -> None:
    cohort = read(f"{header}\n007,365.25,1\n008,730.5,0\n")
    assert list(cohort.patients["patient_id"]) == ["007", "008"]
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([12, 24])
    assert list(cohort.patients["died"]) == [True, False]
    assert cohort.findings["message"].str.contains("is read as died").any()


@pytest.mark.parametrize(
    ("column", "values", "name", "expected"),
    [
        ("gender", ["F", "M"], "sex", ["female", "male"]),
        ("Geschlecht", ["w", "m"], "sex", ["female", "male"]),
        ("is_male", ["0", "1"], "sex", ["female", "male"]),
        ("männlich", ["nein", "ja"], "sex", ["female", "male"]),
        ("gender", ["1=male", "2: Female"], "sex", ["male", "female"]),
        ("gender_concept_id", ["8532", "8507"], "sex", ["female", "male"]),
        ("sex", ["Female", "male "], "sex", ["female", "male"]),
        ("source", ["hUC-MSC", "Bone marrow"], "msc_source", ["UC", "BM"]),
        ("arm", ["Wharton's jelly", "BM-MSC"], "msc_source", ["UC", "BM"]),
        ("cell_type", ["adipose", "umbilical cord"], "msc_source", ["AD", "UC"]),
        ("Age (years)", ["30", "40"], "age_years", [30, 40]),
        ("edad", ["30", "40"], "age_years", [30, 40]),
        ("age_months", ["360", "480"], "age_years", [30, 40]),
        ("organ involvement", ["kidney; skin", "haematologic"], "organs", [{"renal", "skin"}, {"haematological"}]),
        ("site", ["Rome", "Ulm"], "centre", ["Rome", "Ulm"]),
        ("time to relapse (months)", ["3", ""], "relapse_months", [3, None]),
        ("disease duration, years", ["1", "2"], "disease_duration_months", [12, 24]),
        ("reason for censoring", ["lost to follow-up", "alive"], "follow_up_ended", ["lost", "ongoing"]),
    ],
)
def test_other_names_and_words(column: str, values: list[str], name: str, expected: list[object]) -> None:
    frame = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [9, 9], "died": [0, 0], column: values})
    cohort = read_cohort(frame)
    held = [None if not isinstance(value, frozenset) and pd.isna(value) else value for value in cohort.patients[name]]
    assert held == expected
    notes = cohort.findings[cohort.findings["column"] == column]
    assert set(notes["kind"]) <= {"note"}
    assert (name == "sex" and column == "sex") or notes["message"].str.contains(f"is read as {name}").any()


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("age", ["young", "old"]),
        ("source", ["north", "south"]),
        ("arm", ["A", "B"]),
        ("gender", ["2.5", "3.5"]),
        ("relapse_time", ["early", "late"]),
        ("death_date", ["heart", "lung"]),
        ("gender", ["", ""]),
    ],
)
def test_a_guess_that_does_not_fit_the_values_is_not_made(column: str, values: list[str]) -> None:
    names = {"patient_id": ["a", "b"], "follow_up_months": [9, 9], "died": [0, 1]}
    cohort = read_cohort(pd.DataFrame(names | {column: values}))
    if column == "death_date":  # a canonical name is taken at its word
        assert "is not a date" in " ".join(
            cohort.left_out["reason"] if len(cohort.left_out) else cohort.findings["message"]
        )
    else:
        assert column in cohort.patients


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("sledai_total", ["4", "6"], "sledai"),
        ("SLEDAI_2K", ["4", "6"], "sledai"),
        ("Sledai_score", ["4", "6"], "sledai"),
        ("dsdna", ["4", "600"], "anti_dsdna_iu_per_ml"),
        ("UPCR (g/g)", ["0.4", "1.6"], "upcr_g_per_g"),
        ("tfhr_urineprotein", ["0.4", "1.6"], "proteinuria_g_per_24h"),
        ("Alb", ["34", "36"], "albumin_g_per_l"),
        ("Hb (g/L)", ["134", "136"], "haemoglobin_g_per_l"),
        ("flare", ["yes", "no"], "relapse"),
        ("clinical response", ["CR", "partial remission"], "remission"),
        ("pred dose", ["5", "10"], "prednisone_mg_per_day"),
    ],
)
def test_visit_columns_of_other_files_are_found(column: str, values: list[str], expected: str) -> None:
    cohort = read(
        "patient_id,follow_up_months,died\na,90,1\n",
        f"pid,visit_month,{column}\na,0,{values[0]}\na,3,{values[1]}\n",
    )
    assert list(cohort.visits["months"]) == [0, 3]
    assert cohort.visits[expected].notna().all()


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("albumin_g_dl", "3.5", ("albumin_g_per_l", 35)),
        ("Creatinine (mg/dL)", "1", ("creatinine_umol_per_l", 88.4)),
        ("proteinuria mg/day", "1500", ("proteinuria_g_per_24h", 1.5)),
        ("C3 mg/dl", "90", ("c3_g_per_l", 0.9)),
    ],
)
def test_a_unit_in_the_name_is_converted_and_said(column: str, value: str, expected: tuple[str, float]) -> None:
    cohort = read("patient_id,follow_up_months,died\na,90,1\n", f"patient_id,months,{column}\na,0,{value}\n")
    assert cohort.visits[expected[0]].iloc[0] == pytest.approx(expected[1])
    assert cohort.findings["message"].str.contains(f"is read as {expected[0]}, in ").any()
    assert "doubtful" not in set(cohort.findings["kind"])


def test_a_laboratory_unit_can_be_named() -> None:
    given = ("patient_id,follow_up_months,died\na,90,1\n", "patient_id,months,alb\na,0,3.5\n")
    cohort = read(*given, mapping={"albumin_g_per_l": Source("alb", unit="g/dL")})
    assert list(cohort.visits["albumin_g_per_l"]) == [35]
    with pytest.raises(ValueError, match="The unit of albumin_g_per_l must be one of"):
        read(*given, mapping={"albumin_g_per_l": Source("alb", unit="days")})


@pytest.mark.parametrize("name", ["futime", "time", "survtime", "T", "AVAL", "follow up"])
def test_a_bare_time_is_asked_for_its_unit(name: str) -> None:
    assert asked(f"id,{name},died\na,1,1\nb,2,0\n") == [("patients", "unit", name)]


def test_avalu_tells_the_unit_of_aval() -> None:
    cohort = read("USUBJID,AVAL,AVALU,died\na,365.25,DAYS,1\nb,730.5,DAYS,0\n")
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([12, 24])


@pytest.mark.parametrize(
    ("values", "died"),
    [
        (["0", "1", "1"], [0, 1, 1]),
        (["TRUE", "FALSE", "FALSE"], [1, 0, 0]),
        (["yes", "no", "no"], [1, 0, 0]),
        (["ja", "nein", "ja"], [1, 0, 1]),
        (["oui", "non", "oui"], [1, 0, 1]),
        (["sí", "no", "no"], [1, 0, 0]),
        (["sì", "no", "no"], [1, 0, 0]),
        (["sim", "não", "sim"], [1, 0, 1]),
        (["是", "否", "否"], [1, 0, 0]),
        (["dead", "alive", "alive"], [1, 0, 0]),
        (["verstorben", "lebt", "lebt"], [1, 0, 0]),
        (["décédé", "vivant", "vivante"], [1, 0, 0]),
        (["fallecido", "vivo", "viva"], [1, 0, 0]),
        (["deceduto", "vivo", "vivo"], [1, 0, 0]),
        (["óbito", "vivo", "vivo"], [1, 0, 0]),
        (["死亡", "存活", "存活"], [1, 0, 0]),
        (["alive", "alive", "Alive "], [0, 0, 0]),
    ],
)
def test_words_for_dead_and_alive_are_taken_with_a_note(values: list[str], died: list[int]) -> None:
    frame = pd.DataFrame({"patient_id": list("abc"), "follow_up_months": [1, 2, 3], "status": values})
    cohort = read_cohort(frame)
    assert list(cohort.patients["died"]) == [bool(value) for value in died]
    assert cohort.findings["message"].str.contains("is read as (?:died|alive)").any()


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("status", ["1", "2", "2"]),
        ("status", ["0", "1", "2"]),
        ("status", ["A", "D", "D"]),
        ("status", ["1", "1", "1"]),
        ("cens", ["0", "1", "1"]),
        ("CNSR", ["0", "1", "1"]),
        ("censored", ["yes", "no", "no"]),
        ("alive", ["yes", "no", "no"]),
        ("survived", ["1", "0", "0"]),
    ],
)
def test_what_means_died_is_asked_with_the_values(column: str, values: list[str]) -> None:
    frame = pd.DataFrame({"patient_id": list("abc"), "follow_up_months": [1, 2, 3], column: values})
    mapping = {"died": column}
    with pytest.raises(CohortError) as refused:
        read_cohort(frame, mapping=mapping)
    (finding,) = refused.value.findings
    assert (finding.question, finding.column) == ("event", column)
    counted = {value.casefold(): values.count(value) for value in values}
    assert dict(finding.choices) == counted
    assert all(f"{value} ({count})" in finding.message or len(counted) == 1 for value, count in counted.items())


def test_all_questions_are_asked_at_once() -> None:
    questions = asked(
        "pid,time,status,transplant_date\na,1,1,01/02/2010\nb,2,2,03/04/2010\n",
        "pid,t,sledai\na,1,4\nb,1,4\n",
        mapping={"visits.months": "t"},
    )
    assert sorted(questions) == [
        ("patients", "event", "status"),
        ("patients", "format", "transplant_date"),
        ("patients", "unit", "time"),
        ("visits", "unit", "t"),
    ]


def test_two_columns_that_could_be_died_are_asked() -> None:
    text = "patient_id,follow_up_months,death,exitus\na,1,1,0\nb,2,0,1\n"
    assert asked(text) == [("patients", "column", "died")]
    cohort = read(text, mapping={"died": "exitus"})
    assert list(cohort.patients["died"]) == [False, True]
    same = read("patient_id,follow_up_months,death,exitus\na,1,1,1\nb,2,0,0\n")
    assert list(same.patients["died"]) == [True, False]


def test_two_columns_of_sledai_that_differ_are_asked() -> None:
    patients = "patient_id,follow_up_months,died\na,90,1\n"
    visits = "patient_id,months,SLEDAI-2K,SELENA-SLEDAI\na,0,8,10\na,3,4,4\n"
    assert asked(patients, visits) == [("visits", "column", "sledai")]
    assert list(read(patients, visits, mapping={"visits.sledai": "SELENA-SLEDAI"}).visits["sledai"]) == [10, 4]
    same = read(patients, visits.replace("8,10", "8,8"))
    assert list(same.visits["sledai"]) == [8, 4]


def test_two_dates_of_transplantation_that_differ_are_asked_where_they_decide() -> None:
    text = (
        "id,infusion date,date of transplant,last visit,died\n"
        "a,2010-01-01,2010-02-01,2012-01-01,0\nb,2011-01-01,2011-01-01,2012-01-01,1\n"
    )
    assert asked(text) == [("patients", "column", "transplant_date")]
    chosen = read(text, mapping={"transplant_date": "infusion date"})
    assert list(chosen.patients["follow_up_months"] * 30.4375) == pytest.approx([730, 365])


def test_a_time_to_relapse_without_a_relapse_is_the_end_of_observation() -> None:
    cohort = read(
        "patient_id,follow_up_months,died,relapse,time to relapse (months)\n"
        "a,20,0,yes,5\nb,30,0,no,30\nc,40,1,no,\nd,50,0,yes,\n"
    )
    held = cohort.patients["relapse_months"]
    assert [None if pd.isna(months) else months for months in held] == [5, None, None, None]
    doubts = cohort.findings[cohort.findings["kind"] == "doubtful"]["message"]
    assert doubts.str.contains("no relapse. The time is not used").sum() == 1
    assert doubts.str.contains("and not when. It is not counted").sum() == 1


def test_a_wrong_guess_can_be_undone() -> None:
    text = "patient_id,follow_up_months,died,gender,age\na,1,1,F,30\nb,2,0,M,40\n"
    cohort = read(text, mapping={"sex": None, "age_years": None})
    assert {"gender", "age"} <= set(cohort.patients)
    assert not {"sex", "age_years"} & set(cohort.patients)
    assert asked(text, mapping={"died": None}) == [("patients", "column", "died")]


def test_questions_and_refusals_name_columns_by_their_labels() -> None:
    files = [
        "name,duree_suivi,Status\na,100,0\nb,200,1\n",
        "Patient,Died\na,1\nb,0\n",
        "patient_id,follow_up_months,died,SLEDAI V1,sledai_total,relapse_time\na,20,1,2,3,30\nb,2,0,1,9,300\n",
        "patient_id,transplant_date,death_date\na,2012-01-01,\nb,2012-01-01,2013-01-01\n",
    ]
    none = refused(files[0], mapping={"follow_up_months": None})
    assert list(findings_table(findings_frame(none))["Column"]) == ["Follow-up"]
    said = " ".join(finding.message for finding in none)
    said += " ".join(finding.message for text in files for finding in refused(text))
    assert "is the follow-up in days, weeks, months or years?" in said
    assert not [name for table in TABLES.values() for name in table if "_" in name and name in said]


@pytest.mark.parametrize(
    ("values", "organs"),
    [
        ("1,0,0", {"renal"}),
        ("1,1,1", {"renal", "skin", "haematological"}),
        ("0,0,0", set()),
        (",,", None),
        ("0,,0", None),
        ("yes,no,YES", {"renal", "haematological"}),
        ("Checked,Unchecked,Unchecked", {"renal"}),
    ],
)
@pytest.mark.parametrize("header", ["renal,skin,haematologic", "organ_kidney,organ_skin,organ_blood"])
def test_organs_as_columns(header: str, values: str, organs: set[str] | None) -> None:
    cohort = read(f"patient_id,follow_up_months,died,{header}\na,1,1,{values}\nb,2,0,1,0,0\n")
    held = cohort.patients["organs"].iloc[0]
    assert (None if not isinstance(held, frozenset) else held) == organs
    assert not set(header.split(",")) & set(cohort.patients)


def test_organ_boxes_of_redcap() -> None:
    header = "patient_id,follow_up_months,died,"
    labelled = '"Organs (choice=Renal)","Organs (choice=Joints)"'
    cohort = read(f"{header}{labelled}\na,1,1,Checked,Unchecked\nb,1,0,Unchecked,Checked\n")
    assert list(cohort.patients["organs"]) == [{"renal"}, {"musculoskeletal"}]
    raw = f"{header}organs___1,organs___2\na,1,1,1,0\nb,1,0,0,1\n"
    told = read(raw, mapping={"organs.renal": "organs___1", "organs.skin": "organs___2"})
    assert list(told.patients["organs"]) == [{"renal"}, {"skin"}]


def test_a_single_symptom_is_no_organ_involvement() -> None:
    assert "organs" not in read("patient_id,follow_up_months,died,fever\na,1,1,1\nb,1,0,0\n").patients


def test_a_loose_name_gives_way_to_dates() -> None:
    cohort = read(
        "id,transplant_date,last_contact,date_of_death,time,status\n"
        "a,2010-01-01,2011-01-01,,5,active\nb,2010-01-01,2010-06-01,2010-06-01,7,retired\n"
    )
    assert list(cohort.patients["died"]) == [False, True]
    assert list(cohort.patients["follow_up_months"] * 30.4375) == pytest.approx([365, 151])
    assert {"time", "status"} <= set(cohort.patients)
