"""Measures repeated in columns, and tables in several sheets, become one table each."""

from pathlib import Path

import pandas as pd
import pytest

from analysis import CohortError, Source, read_cohort

WIDE = pd.DataFrame(
    {
        "patient_id": ["a", "b", "c"],
        "follow_up_months": [40, 8, 13],
        "died": [0, 1, 0],
        "SLEDAI baseline": [12, 20, 9],
        "SLEDAI 3 mo": [6, 22, ""],
        "SLEDAI 12 mo": [2, "", 4],
        "C3_m3 (mg/dL)": [90, 41, ""],
        "C3_m12 (mg/dL)": [110, "", 85],
    }
)


def test_columns_of_times_are_visits() -> None:
    visits = read_cohort(WIDE).visits
    assert visits[["patient_id", "months", "sledai"]].to_numpy().tolist() == [
        *(["a", 0.0, 12], ["a", 3.0, 6], ["a", 12.0, 2], ["b", 0.0, 20], ["b", 3.0, 22], ["c", 0.0, 9], ["c", 12.0, 4])
    ]
    assert visits["c3_g_per_l"].dropna().tolist() == pytest.approx([0.9, 1.1, 0.41, 0.85])


def test_the_columns_are_named() -> None:
    words = " ".join(read_cohort(WIDE).findings["message"])
    assert "5 columns (SLEDAI baseline, SLEDAI 3 mo, SLEDAI 12 mo ...) hold SLEDAI, C3 (mg/dL) at 3 times" in words


def test_a_finding_names_row_and_column_of_the_file() -> None:
    wrong = WIDE.copy()
    wrong.loc[1, "SLEDAI 3 mo"] = "many"
    findings = read_cohort(wrong).findings
    found = findings[findings["value"] == "many"].iloc[0]
    assert (found["row"], found["column"]) == (2, "SLEDAI 3 mo")
    assert "row 2, column SLEDAI 3 mo" in found["message"]


def test_one_time_alone_stays_with_the_patient() -> None:
    cohort = read_cohort(WIDE.drop(columns=["SLEDAI 3 mo", "SLEDAI 12 mo", "C3_m3 (mg/dL)", "C3_m12 (mg/dL)"]))
    assert len(cohort.visits) == 0
    assert "SLEDAI baseline" in cohort.patients


def test_a_column_that_the_user_names_stays_where_it_is() -> None:
    cohort = read_cohort(WIDE, mapping={"patients.age_years": "SLEDAI baseline"})
    assert cohort.patients["age_years"].tolist() == [12, 20, 9]
    assert cohort.visits["months"].tolist() == [3, 12, 3, 12]


def numbered(months: list[int], unit: str = "months", factor: float = 1.0) -> pd.DataFrame:
    """Return a wide table of patients followed for 1 to 40 months, each with values up to the end of follow-up."""
    followed = list(range(1, 41))
    scores = {f"sledai_{time}": [10 if time * factor <= end else "" for end in followed] for time in months}
    return pd.DataFrame({"id": followed, f"fu_{unit}": followed, "dead": [0, 1] * 20} | scores)


def test_numbers_alone_are_months_where_values_end_with_follow_up() -> None:
    visits = read_cohort(numbered([0, 3, 6, 12, 24, 36])).visits
    assert sorted(visits["months"].unique()) == [0, 3, 6, 12, 24, 36]


def test_numbers_alone_are_weeks_where_values_end_with_follow_up() -> None:
    visits = read_cohort(numbered([0, 12, 24, 52, 104], factor=7 / 30.4375)).visits
    assert visits["months"].max() == pytest.approx(104 * 7 / 30.4375)


def test_numbers_alone_are_asked_where_follow_up_does_not_tell() -> None:
    table = numbered([0, 1, 2])
    for name in ("sledai_0", "sledai_1", "sledai_2"):
        table[name] = 5
    with pytest.raises(CohortError) as asked:
        read_cohort(table)
    assert [finding.question for finding in asked.value.findings] == ["unit"]
    visits = read_cohort(table, mapping={"visits.months": Source("time", unit="weeks")}).visits
    assert visits["months"].max() == pytest.approx(14 / 30.4375)


def test_numbered_visits_are_asked_for_their_months() -> None:
    table = WIDE.drop(columns=["C3_m3 (mg/dL)", "C3_m12 (mg/dL)"]).rename(
        columns={"SLEDAI baseline": "SLEDAI V1", "SLEDAI 3 mo": "SLEDAI V2", "SLEDAI 12 mo": "SLEDAI V10"}
    )
    with pytest.raises(CohortError, match="How many months after transplantation") as asked:
        read_cohort(table)
    assert [finding.question for finding in asked.value.findings] == ["schedule"]
    assert [name for name, _ in asked.value.findings[0].choices] == ["V1", "V2", "V10"]
    assert read_cohort(table, mapping={"schedule": "0, 3, 12"}).visits["months"].tolist() == [0, 3, 12, 0, 3, 0, 12]
    with pytest.raises(CohortError, match="You named 2 times"):
        read_cohort(table, mapping={"schedule": "0, 3"})


def test_numbered_items_of_a_questionnaire_are_no_visits() -> None:
    table = WIDE[["patient_id", "follow_up_months", "died"]].assign(item_1=[1, 2, 3], item_2=[3, 2, 1])
    assert list(read_cohort(table).patients.columns[-2:]) == ["item_1", "item_2"]


def book(sheets: dict[str, pd.DataFrame], path: str) -> None:
    with pd.ExcelWriter(path) as writer:
        for name, sheet in sheets.items():
            sheet.to_excel(writer, sheet_name=name, index=False)


def test_a_sheet_per_group_is_one_table(tmp_path: Path) -> None:
    patients = WIDE[["patient_id", "follow_up_months", "died"]]
    path = f"{tmp_path}/groups.xlsx"
    book({"BM": patients[:1], "UC": patients[1:]}, path)
    cohort = read_cohort(path)
    assert cohort.patients["msc_source"].tolist() == ["BM", "UC", "UC"]
    book({"Arm A": patients[:1], "Arm B": patients[1:]}, path)
    assert read_cohort(path).patients["sheet"].tolist() == ["Arm A", "Arm B", "Arm B"]


def test_sheets_with_the_same_patients_are_asked(tmp_path: Path) -> None:
    patients = WIDE[["patient_id", "follow_up_months", "died"]]
    path = f"{tmp_path}/copies.xlsx"
    book({"March": patients, "April": patients}, path)
    with pytest.raises(CohortError, match="each looks like a patient table"):
        read_cohort(path)


def test_a_finding_names_the_sheet_of_its_row(tmp_path: Path) -> None:
    patients = WIDE[["patient_id", "follow_up_months", "died"]].astype(object)
    patients.loc[2, "follow_up_months"] = -4
    path = f"{tmp_path}/groups.xlsx"
    book({"BM": patients[:1], "UC": patients[1:]}, path)
    cohort = read_cohort(path)
    assert cohort.left_out[["row", "patient_id"]].to_numpy().tolist() == [[3, "c"]]
    assert "sheet UC, row 3, column follow_up_months" in " ".join(cohort.findings["message"])
