"""Measures repeated in columns, and tables in several sheets, become one table each."""

import io
from pathlib import Path

import pandas as pd
import pytest

from analysis import CohortError, Source, read_cohort
from analysis.intake.assemble import read_files

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
    table = numbered([0, 4, 12])
    for name in ("sledai_0", "sledai_4", "sledai_12"):
        table[name] = 5
    with pytest.raises(CohortError) as asked:
        read_cohort(table)
    assert [finding.question for finding in asked.value.findings] == ["unit"]
    visits = read_cohort(table, mapping={"visits.months": Source("time", unit="weeks")}).visits
    assert visits["months"].max() == pytest.approx(84 / 30.4375)


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


def of_scores(*headings: str) -> pd.DataFrame:
    """Return three patients with the scores 15, 8, 4 ... under some headings."""
    scores = {heading: [score] * 3 for heading, score in zip(headings, (15, 8, 4, 2), strict=False)}
    return WIDE[["patient_id", "follow_up_months", "died"]].assign(**scores)


@pytest.mark.parametrize(
    ("headings", "months"),
    [
        (("SLEDAI basal", "SLEDAI a los 6 meses", "SLEDAI al año"), [0, 6, 12]),
        (("SLEDAI à l'inclusion", "SLEDAI à 6 mois", "SLEDAI à 12 mois"), [0, 6, 12]),
        (("SLEDAI at entry", "SLEDAI six months", "SLEDAI one year"), [0, 6, 12]),
        (("SLEDAI评分（术前）", "SLEDAI评分（术后半年）", "SLEDAI评分（术后两年）"), [0, 6, 24]),
        (("SLEDAI baseline (n=40)", "SLEDAI 3rd month (n=38)"), [0, 3]),
        (("sledai_baseline_arm_1", "sledai_month_3_arm_1"), [0, 3]),
        (("SLEDAI M0", "SLEDAI M-6", "SLEDAI M6"), [0, -6, 6]),
        (("SLEDAI M-0", "SLEDAI M-6", "SLEDAI M-12"), [0, 6, 12]),
        (("SLEDAI -3 months", "SLEDAI 0 months", "SLEDAI 3 months"), [-3, 0, 3]),
        (("SLEDAI 3 mo", "SLEDAI 6", "SLEDAI 12"), [3, 6, 12]),
    ],
    ids=lambda value: value[1] if isinstance(value[0], str) else "",
)
def test_headings_as_people_write_them(headings: tuple[str, ...], months: list[float]) -> None:
    visits = read_cohort(of_scores(*headings)).visits
    first = visits[visits["patient_id"] == "a"]
    scores = dict(zip(months, (15, 8, 4), strict=False))
    assert dict(zip(first["months"], first["sledai"], strict=True)) == {
        month: scores[month] for month in sorted(months)
    }


@pytest.mark.parametrize(
    "headings",
    [
        ("SLEDAI T0", "SLEDAI T6", "SLEDAI T12"),
        ("SLEDAI visit 1", "SLEDAI visit 2", "SLEDAI visit 3"),
        ("FU1 SLEDAI", "FU2 SLEDAI", "FU3 SLEDAI"),
        ("sledai1", "sledai2", "sledai3"),
        ("SLEDAI", "SLEDAI.1", "SLEDAI.2"),
    ],
)
def test_visits_that_are_counted_are_asked_for_their_months(headings: tuple[str, ...]) -> None:
    with pytest.raises(CohortError) as asked:
        read_cohort(of_scores(*headings))
    assert [finding.question for finding in asked.value.findings] == ["schedule"]
    visits = read_cohort(of_scores(*headings), mapping={"schedule": "0, 6, 12"}).visits
    assert visits["months"].tolist() == [0, 6, 12] * 3
    assert visits["sledai"].tolist() == [15, 8, 4] * 3


def test_a_start_beside_numbers_alone_has_their_unit() -> None:
    table = of_scores("SLEDAI_pre", "SLEDAI_post3", "SLEDAI_post12")
    with pytest.raises(CohortError) as asked:
        read_cohort(table)
    assert [finding.question for finding in asked.value.findings] == ["unit"]
    assert read_cohort(table, mapping={"visits.months": Source("time", unit="months")}).visits["months"].max() == 12


def test_a_digit_of_the_measure_is_no_time() -> None:
    visits = read_cohort(
        of_scores("M0 SLEDAI", "M12 SLEDAI").assign(**{"M0 C3 (g/L)": 0.5, "M12 C3 (g/L)": 0.9})
    ).visits
    assert visits["c3_g_per_l"].tolist() == [0.5, 0.9] * 3


def test_dates_beside_numbered_visits_tell_their_times() -> None:
    table = pd.DataFrame(
        {
            "patient_id": ["a", "b"],
            "transplant_date": ["2010-01-01", "2010-02-01"],
            "last_contact_date": "2013-01-01",
            "died": 0,
            "visit1_date": ["2010-01-01", "2010-02-01"],
            "visit1_sledai": 15,
            "visit2_date": ["2011-01-01", "2010-08-01"],
            "visit2_sledai": 4,
        }
    )
    visits = read_cohort(table).visits
    assert visits["months"].tolist() == pytest.approx([0, 365 / 30.4375, 0, 181 / 30.4375])
    assert visits["sledai"].tolist() == [15, 4, 15, 4]


def test_a_column_whose_time_is_not_known_is_told() -> None:
    cohort = read_cohort(of_scores("SLEDAI M0", "SLEDAI M6").assign(**{"SLEDAI long after": 3, "SLEDAI change": -7}))
    doubts = cohort.findings[cohort.findings["kind"] == "doubtful"]["message"].tolist()
    assert len(doubts) == 1
    assert '"SLEDAI long after" seems to hold the same' in doubts[0]


def test_cells_that_say_not_done_are_no_visit() -> None:
    table = of_scores("SLEDAI M0", "SLEDAI M6").astype(object)
    table.loc[:, "SLEDAI M6"] = [8, "not done", ""]
    assert read_cohort(table).visits["months"].tolist() == [0, 6, 0, 0]


def test_units_in_a_row_below_the_header_leave_the_times_of_headings() -> None:
    rows = ["ID,Follow up,Died,SLEDAI M0,SLEDAI M12,C3 M0,C3 M12", ",months,,points,points,mg/dL,mg/dL"]
    rows += [f"{name},{months},{died},15,4,50,90" for name, months, died in (("A", 30, "no"), ("B", 40, "yes"))]
    visits = read_cohort("\n".join(rows).encode()).visits
    assert visits["months"].tolist() == [0, 12, 0, 12]
    assert visits["sledai"].tolist() == [15, 4, 15, 4]
    assert visits["c3_g_per_l"].tolist() == pytest.approx([0.5, 0.9, 0.5, 0.9])


def test_a_sheet_per_measure_is_that_measure_at_the_times_of_its_headings() -> None:
    patients = pd.DataFrame({"patient_id": [*"AB"], "follow_up_months": [30, 40], "died": [0, 1]})
    sledai = pd.DataFrame({"patient_id": [*"AB"], "M0": [15, 12], "M12": [4, 3]})
    c3 = pd.DataFrame({"patient_id": [*"AB"], "M0": [0.5, 0.6], "M12": [0.9, 1.0]})
    book = io.BytesIO()
    with pd.ExcelWriter(book) as writer:
        for name, table in {"Patients": patients, "SLEDAI": sledai, "C3 (g per L)": c3}.items():
            table.to_excel(writer, sheet_name=name, index=False)
    cohort = read_cohort(book.getvalue())
    visits = cohort.visits.sort_values(["patient_id", "months"])
    assert visits["months"].tolist() == [0, 12, 0, 12]
    assert visits["sledai"].tolist() == [15, 4, 12, 3]
    assert visits["c3_g_per_l"].tolist() == pytest.approx([0.5, 0.9, 0.6, 1.0])
    assert not {"M0", "M12"} & set(cohort.patients)


def test_files_with_the_same_headings_and_different_patients_are_one_table(tmp_path: Path) -> None:
    paths = [tmp_path / "alive.csv", tmp_path / "dead.csv"]
    paths[0].write_text("patient_id,follow_up_months,died\nA,30,0\nB,40,0\n")
    paths[1].write_text("patient_id,follow_up_months,died\nC,10,1\n")
    patients = read_files(paths).patients.sort_values("patient_id")
    assert patients["died"].tolist() == [False, False, True]
    assert patients["file"].tolist() == ["alive", "alive", "dead"]
    assert len(read_files(paths, mapping={"patients": "alive.csv"}).patients) == 2


def of_sheets(tmp_path: Path, names: tuple[str, ...]) -> str:
    patients = WIDE[["patient_id", "follow_up_months", "died"]]
    scores = {
        name: pd.DataFrame({"patient_id": ["a"], "SLEDAI": [score]})
        for name, score in zip(names, (9, 5, 2), strict=True)
    }
    book({"Patients": patients, **scores}, f"{tmp_path}/visits.xlsx")
    return f"{tmp_path}/visits.xlsx"


def test_a_minus_in_the_names_of_sheets_is_before_transplantation(tmp_path: Path) -> None:
    visits = read_cohort(of_sheets(tmp_path, ("M-3", "M0", "M6"))).visits
    assert dict(zip(visits["months"], visits["sledai"], strict=True)) == {-3: 9, 0: 5, 6: 2}


def test_a_first_visit_beside_counted_sheets_is_asked_with_them(tmp_path: Path) -> None:
    path = of_sheets(tmp_path, ("Baseline", "V2", "V3"))
    with pytest.raises(CohortError) as asked:
        read_cohort(path)
    assert [finding.question for finding in asked.value.findings] == ["schedule"]
    assert read_cohort(path, mapping={"schedule": "0, 6, 12"}).visits["months"].tolist() == [0, 6, 12]


def test_headings_that_differ_by_signs_only_stay_apart(tmp_path: Path) -> None:
    patients = WIDE[["patient_id", "follow_up_months", "died"]].assign(**{"ANA (+)": 1, "ANA (-)": 0})
    path = f"{tmp_path}/groups.xlsx"
    book({"BM": patients[:1], "UC": patients[1:]}, path)
    assert {"ANA (+)", "ANA (-)"} <= set(read_cohort(path).patients)
