"""Tables with a row per measure become visits; tables of several measures are put together by patient and time."""

import pandas as pd
import pytest

from analysis import Cohort, CohortError, Source, read_cohort

PATIENTS = pd.DataFrame(
    {"USUBJID": ["a", "b"], "TRTSDT": ["2014-01-01"] * 2, "LSTALVDT": ["2016-01-01"] * 2, "DTHFL": ["", "Y"]}
)


def rows(*given: tuple[str, str, str, object, str]) -> pd.DataFrame:
    return pd.DataFrame(given, columns=["USUBJID", "LBTESTCD", "LBDTC", "LBORRES", "LBORRESU"])


LABS = rows(
    ("a", "C3", "2014-01-01", 80, "mg/dL"),
    ("a", "C3", "2014-04-02", "1.1", "g/L"),
    ("a", "ALB", "2014-01-01", 31, "g/L"),
    ("b", "C3", "2014-01-01", 45, "mg/dL"),
    ("b", "ALB", "2014-01-01", 40, "g/L"),
)


def test_a_laboratory_export_becomes_visits_in_one_unit() -> None:
    visits = read_cohort(PATIENTS, LABS).visits
    assert visits["patient_id"].tolist() == ["a", "a", "b"]
    assert visits["c3_g_per_l"].tolist() == pytest.approx([0.8, 1.1, 0.45])
    assert visits["albumin_g_per_l"].fillna(-1).tolist() == [31, -1, 40]


def test_the_code_list_is_shown() -> None:
    words = " ".join(read_cohort(PATIENTS, LABS).findings["message"])
    assert "they are read as 3 visits of the measures C3 (3), ALB (2)" in words


def test_units_that_cannot_be_converted_are_refused() -> None:
    with pytest.raises(CohortError, match="C3 has several units: mg/dL, U/L"):
        read_cohort(PATIENTS, LABS.replace({"LBORRESU": {"g/L": "U/L"}}))


def test_a_measure_taken_twice_at_one_time_keeps_both() -> None:
    twice = pd.concat([LABS, rows(("b", "C3", "2014-01-01", 50, "mg/dL"))])
    visits = read_cohort(PATIENTS, twice).visits
    assert visits.loc[visits["patient_id"] == "b", "c3_g_per_l"].tolist() == pytest.approx([0.45, 0.5])


def test_a_name_is_better_than_a_code() -> None:
    coded = LABS.rename(columns={"LBTESTCD": "measurement_concept_id"}).replace({"C3": "3004", "ALB": "3024"})
    named = coded.assign(measurement_source_value=LABS["LBTESTCD"])
    assert read_cohort(PATIENTS, named).visits["c3_g_per_l"].notna().all()


def test_tables_of_different_measures_are_put_together() -> None:
    scores = pd.DataFrame(
        {"USUBJID": ["a", "b"], "QSTESTCD": ["SLEDAI"] * 2, "QSDTC": ["2014-01-01"] * 2, "QSSTRESN": [12, 9]}
    ).rename(columns={"QSDTC": "visit_date"})
    labs = LABS.rename(columns={"LBDTC": "visit_date"})
    files = {"patients.csv": PATIENTS, "scores.csv": scores, "labs.csv": labs}
    visits = cohort_of(files).visits
    assert visits["sledai"].astype("Float64").fillna(-1).tolist() == [12, -1, 9]
    assert visits["c3_g_per_l"].tolist() == pytest.approx([0.8, 1.1, 0.45])


def cohort_of(files: dict[str, pd.DataFrame], days: str = "", **told: Source) -> Cohort:
    from analysis.intake.assemble import read_files

    class Upload:
        def __init__(self, name: str, table: pd.DataFrame) -> None:
            self.name, self.data = name, table.to_csv(index=False).encode()

        def getvalue(self) -> bytes:
            return self.data

    mapping = {**told, "visits.months": Source(days, unit="days")} if days.endswith("DY") else told
    return read_files([Upload(name, table) for name, table in files.items()], mapping=mapping)


DEMOGRAPHICS = pd.DataFrame({"patient_id": ["a", "b", "c"], "sex": ["F", "M", "F"], "age_years": [30, 40, 50]})
ENDS = pd.DataFrame(
    {"patient_id": ["a", "b", "c"], "transplant_date": ["2014-01-01"] * 3, "last_contact_date": ["2015-01-01"] * 3}
)
DEATHS = pd.DataFrame({"patient_id": ["b"], "death_date": ["2014-07-01"]})


def test_tables_of_the_same_patients_are_joined() -> None:
    cohort = cohort_of({"demographics.csv": DEMOGRAPHICS, "ends.csv": ENDS, "deaths.csv": DEATHS})
    assert cohort.patients["died"].tolist() == [False, True, False]
    assert cohort.patients["sex"].astype(str).tolist() == ["female", "male", "female"]
    assert "death_date of deaths.csv are joined by patient (1 of 3 patients)" in " ".join(cohort.findings["message"])


def test_a_finding_in_a_joined_column_names_its_own_file_and_row() -> None:
    ends = ENDS.iloc[::-1].assign(disease_duration_months=[12, "long", 3])
    cohort = cohort_of({"demographics.csv": DEMOGRAPHICS, "ends.csv": ends, "deaths.csv": DEATHS})
    found = cohort.findings[cohort.findings["value"] == "long"].iloc[0]
    assert found["message"].startswith("ends.csv, row 3, column disease_duration_months")


def test_two_whole_patient_tables_are_asked() -> None:
    whole = DEMOGRAPHICS.assign(follow_up_months=[12, 6, 12], died=[0, 1, 0])
    with pytest.raises(CohortError, match="each looks like a patient table"):
        cohort_of({"may.csv": whole, "june.csv": whole.assign(smoker=1)})


def test_tables_that_contradict_each_other_are_not_joined() -> None:
    other = ENDS.assign(age_years=[30, 41, 50])
    with pytest.raises(CohortError):
        cohort_of({"demographics.csv": DEMOGRAPHICS, "ends.csv": other, "deaths.csv": DEATHS})


def test_the_start_of_follow_up_is_asked() -> None:
    given = ENDS.rename(columns={"transplant_date": "observation_start"}).assign(code=[32817, 32817, 32817])
    with pytest.raises(CohortError, match="Which column is the date of transplantation") as asked:
        cohort_of({"ends.csv": given, "deaths.csv": DEATHS})
    assert [name for name, _ in asked.value.findings[0].choices] == ["observation_start"]


def test_intervals_are_refused_in_one_sentence() -> None:
    table = pd.DataFrame({"id": [1, 1, 2], "tstart": [0, 3, 0], "tstop": [3, 9, 4], "event": [0, 1, 0]})
    with pytest.raises(CohortError, match="intervals of time") as refused:
        read_cohort(table)
    assert len(refused.value.findings) == 1


CLINIC = pd.DataFrame(
    {"patient_id": ["a", "b"], "transplant_date": ["2014-01-01"] * 2, "last_contact_date": ["2016-01-01"] * 2}
).assign(died=["0", "1"])


def exported(date: str, *given: tuple[str, str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(given, columns=["patient_id", date, "Test", "Result", "Unit"])


SAMPLES = [
    (patient, f"{day} {hour}", test, value, unit)
    for patient in ("a", "b")
    for day in ("2014-01-01", "2014-04-02")
    for hour, test, value, unit in (("08:01", "C3", "0,7", "g/L"), ("09:15", "C4", "> 0,4", "g/L"))
]


@pytest.mark.parametrize("heading", ["Collection date", "Collected", "检验日期"])
def test_what_is_measured_on_a_day_is_one_visit(heading: str) -> None:
    visits = read_cohort(CLINIC, exported(heading, *SAMPLES)).visits
    assert len(visits) == 4
    assert visits["c3_g_per_l"].tolist() == pytest.approx([0.7] * 4)
    assert visits["c4_g_per_l"].tolist() == pytest.approx([0.4] * 4)
    day_first = [("a", "14/03/2014 8:01 AM", *SAMPLES[0][2:]), ("a", "14/03/2014 9:15 AM", *SAMPLES[1][2:])]
    assert len(read_cohort(CLINIC, exported(heading, *day_first)).visits) == 1


def test_the_date_of_measures_under_another_heading_is_asked() -> None:
    samples = exported("Released", *SAMPLES)
    with pytest.raises(CohortError, match="Which column is the date"):
        read_cohort(CLINIC, samples)
    assert len(read_cohort(CLINIC, samples, mapping={"visits.visit_date": "Released"}).visits) == 4


def test_decimal_commas_and_limits_are_converted_with_the_unit() -> None:
    values = (("0,7", "g/L"), ("72,5", "mg/dL"), ("<10", "mg/dL"), ("70 L", "mg/dL"))
    samples = [
        ("ab"[place % 2], ("2014-01-01", "2014-04-02")[place // 2], "C3", value, unit)
        for place, (value, unit) in enumerate(values)
    ]
    visits = read_cohort(CLINIC, exported("Date", *samples)).visits
    assert sorted(visits["c3_g_per_l"]) == pytest.approx([0.1, 0.7, 0.7, 0.725])


SUBJECTS = pd.DataFrame(
    {"USUBJID": ["a", "b"], "RFSTDTC": ["2014-01-01"] * 2, "RFPENDTC": ["2016-01-01"] * 2, "DTHDTC": ["", "2016-01-01"]}
)


@pytest.mark.parametrize(
    ("first", "second", "times"), [("QSDY", "LBDY", "1 365"), ("QSDTC", "LBDTC", "2014-01-01 2015-01-01")]
)
def test_domains_of_sdtm_are_put_together_by_their_own_times(first: str, second: str, times: str) -> None:
    at = times.split() * 2
    scores = pd.DataFrame({"USUBJID": [*"aabb"], "QSTESTCD": "SLEDAI", "QSSTRESN": [9, 4, 12, 6], first: at})
    labs = pd.DataFrame(
        {"USUBJID": [*"aabb"], "LBTESTCD": "C3", "LBSTRESN": [0.5, 0.9] * 2, "LBSTRESU": "g/L", second: at}
    )
    visits = cohort_of({"dm.csv": SUBJECTS, "qs.csv": scores, "lb.csv": labs}, days=first).visits
    assert len(visits) == 4
    assert visits["sledai"].tolist() == [9, 4, 12, 6]
    assert visits["c3_g_per_l"].tolist() == pytest.approx([0.5, 0.9] * 2)


ADSL = pd.DataFrame({"USUBJID": ["a", "b"], "AGE": [30, 40], "SEX": ["F", "M"]})
ADTTE = pd.DataFrame(
    {"USUBJID": [*"aabb"], "PARAMCD": ["OS", "TTR"] * 2, "AVAL": [24, 12, 12, 6], "CNSR": [1, 0, 0, 1]}
).assign(AVALU="MONTHS")
ADQS = pd.DataFrame(
    {"USUBJID": [*"aaabb"], "PARAMCD": "SLEDAI", "ADY": [1, 182, 365, 1, 182], "AVAL": [9, 4, 4, 12, 12]}
).assign(DTYPE=["", "", "LOCF", "", "LOCF"])


def test_the_endpoint_that_is_chosen_is_that_of_its_own_table_and_derived_rows_are_left_out() -> None:
    files = {"adsl.csv": ADSL, "adtte.csv": ADTTE, "adqs.csv": ADQS}
    cohort = cohort_of(files, days="ADY", rows=Source("PARAMCD", event=["OS"]), died=Source("CNSR", event=["0"]))
    assert cohort.patients["follow_up_months"].tolist() == [24, 12]
    assert cohort.patients["died"].tolist() == [False, True]
    assert cohort.visits["sledai"].tolist() == [9, 4, 12]
    assert cohort.left_out["reason"].str.contains('derived ("LOCF")', regex=False).sum() == 2


def test_values_without_the_name_of_their_measure_are_told() -> None:
    cohort = read_cohort(PATIENTS, pd.concat([LABS, rows(("a", "", "2014-01-01", 7, "g/L"))]))
    doubts = cohort.findings[cohort.findings["kind"] == "doubtful"]["message"]
    assert any("1 value without the name of a measure cannot be used" in doubt for doubt in doubts)
