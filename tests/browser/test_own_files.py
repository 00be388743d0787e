"""Files of other people are opened on the page without losses."""

import gzip
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from lifelines.datasets import load_kidney_transplant, load_lung
from playwright.sync_api import expect

from tests.browser.visit import Visit

CASES = Path(__file__).parents[1] / "analysis" / "intake" / "cases"


def drop(visit: Visit, *files: Path) -> None:
    visit.page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(list(files))
    visit.settle()


def press(visit: Visit, name: str) -> None:
    visit.page.get_by_role("button", name=name, exact=True).click()
    visit.settle()


def choose(visit: Visit, *answers: str) -> None:
    form = visit.page.get_by_test_id("stForm")
    for answer in answers:
        form.get_by_test_id("stButtonGroup").get_by_text(re.compile(rf"^{answer}( \(|$)")).click()
    form.get_by_role("button", name=re.compile("^Use th")).click()
    visit.settle()


def test_a_foreign_cohort_in_another_dialect(visit: Visit, tmp_path: Path) -> None:
    table = load_kidney_transplant()
    file = tmp_path / "kidney.csv"
    dialect = {"sep": ";", "decimal": ",", "encoding": "cp1252", "lineterminator": "\r\n"}
    table.assign(weight_kg=70.5).to_csv(file, index=False, **dialect)
    page = visit.open("cohort")
    drop(visit, file)
    expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
    choose(visit, "days")
    press(visit, "Open this cohort")
    expect(page.locator(".st-key-strip")).to_contain_text(f"{len(table)} of {len(table)} patients")
    expect(page.locator(".st-key-strip")).to_contain_text(f"{table['death'].sum()} deaths")
    assert visit.complaints == []


def test_matching_by_hand_and_using_the_answers_again(visit: Visit, tmp_path: Path) -> None:
    table = load_lung().rename(columns={"time": "blob", "status": "flag"})
    table["flag"] += 1  # 1 alive, 2 died: a code that only the owner can explain
    file = tmp_path / "codes.csv"
    table.to_csv(file, index=False)
    page = visit.open("cohort")
    drop(visit, file)
    expect(page.get_by_role("button", name="Open this cohort")).to_be_disabled()

    match(visit, "blob", "Follow-up")
    match(visit, "flag", "Died")
    tell(visit, "sex", {"1": "male", "2": "female"})
    choose(visit, "days", "2")
    with page.expect_download() as saved:
        press(visit, "Save the answers")
    press(visit, "Open this cohort")
    deaths = int((table["flag"] == 2).sum())
    expect(page.locator(".st-key-strip")).to_contain_text(f"{len(table)} of {len(table)} patients")
    expect(page.locator(".st-key-strip")).to_contain_text(f"{deaths} deaths")

    answers = tmp_path / "answers.json"
    saved.value.save_as(answers)
    assert "blob" in json.dumps(json.loads(answers.read_text(encoding="utf-8")))
    press(visit, "Forget this data")
    expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
    drop(visit, file, answers)
    press(visit, "Open this cohort")
    expect(page.locator(".st-key-strip")).to_contain_text(f"{deaths} deaths")
    assert visit.complaints == []


def tell(visit: Visit, column: str, codes: dict[str, str]) -> None:
    for code, meaning in codes.items():
        box = visit.page.get_by_role("combobox", name=f"What {code} of {column} means")
        box.scroll_into_view_if_needed()  # a list closes when the page scrolls
        box.click()
        visit.page.get_by_role("option", name=meaning, exact=True).click()


def match(visit: Visit, column: str, meaning: str) -> None:
    for label, option in (("Another column", column), ("stands for", meaning)):
        box = visit.page.get_by_role("combobox", name=re.compile(label))
        choice = visit.page.get_by_role("option", name=option, exact=True)
        box.scroll_into_view_if_needed()
        visit.settle()
        box.click()
        box.fill(option)
        visit.page.wait_for_timeout(300)
        if not choice.is_visible():  # a list closes when the page scrolls beneath it
            box.click()
            box.fill(option)
        choice.click()
        visit.settle()
    press(visit, "Match")


def dropped(visit: Visit, file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    visit.open("cohort")
    drop(visit, file)


def test_follow_up_can_be_said_to_be_in_dates(visit: Visit, tmp_path: Path) -> None:
    rows = "P1,2012-01-05,2014-01-05,0\nP2,2012-03-01,2012-09-01,1\nP3,2013-01-01,2014-01-01,0\n"
    dropped(visit, tmp_path / "days.csv", f"Name,Day,Moment,Exitus\n{rows}")
    visit.page.get_by_test_id("stForm").get_by_text("It is in dates").click()
    visit.listens()  # once it is unfolded: a list closes when the page moves
    for label, option in (("Date of transplantation", "Day"), ("Date of last contact", "Moment")):
        box = visit.page.get_by_test_id("stForm").get_by_role("combobox", name=re.compile(label))
        box.click()
        box.fill(option)
        visit.page.get_by_role("option", name=option, exact=True).click()
    choose(visit)
    press(visit, "Open this cohort")
    expect(visit.page.locator(".st-key-strip")).to_contain_text("3 of 3 patients")


def test_a_file_without_follow_up_ends_in_a_sentence(visit: Visit, tmp_path: Path) -> None:
    dropped(visit, tmp_path / "none.csv", "patient_id,died,size\n1,0,3\n2,1,4\n")
    choose(visit, "there is none")
    expect(visit.page.get_by_test_id("stMain")).to_contain_text("This was not opened")
    expect(visit.page.get_by_test_id("stMain")).to_contain_text("without the time to death")
    expect(visit.page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")


def test_numbered_visits_get_their_months(visit: Visit, tmp_path: Path) -> None:
    rows = "1,20,0,12,4\n2,30,1,9,8\n"
    dropped(visit, tmp_path / "visits.csv", f"patient_id,follow_up_months,died,SLEDAI V1,SLEDAI V2\n{rows}")
    visit.page.get_by_test_id("stForm").get_by_role("textbox").fill("0, 12")
    choose(visit)
    press(visit, "Open this cohort")
    expect(visit.page.locator(".st-key-strip")).to_contain_text("2 of 2 patients")


def test_a_new_version_tells_what_is_different(visit: Visit, tmp_path: Path) -> None:
    table = pd.DataFrame({"patient_id": [f"p{row}" for row in range(10)], "follow_up_months": 12.0, "died": 0})
    (tmp_path / "first.csv").write_text(table.to_csv(index=False), encoding="utf-8")
    table.loc[3, "died"] = 1
    (tmp_path / "second.csv").write_text(table.to_csv(index=False), encoding="utf-8")
    page = visit.open("cohort")
    drop(visit, tmp_path / "first.csv")
    expect(page.locator(".st-key-strip")).to_contain_text("0 deaths")
    visit.settle()
    drop(visit, tmp_path / "second.csv")
    expect(page.locator(".st-key-strip")).to_contain_text("1 death")
    expect(page.get_by_role("heading", name="What is different from the version before")).to_be_visible()


def test_a_redcap_export(visit: Visit, tmp_path: Path) -> None:
    rows = [
        "record_id,redcap_event_name,gender,arm,transplant_date,last_contact_date,status,organ___renal,visit_date,sledai_2k"
    ]
    for number in range(1, 21):
        start, end = f"2010-{number % 12 + 1:02d}-15", f"2013-{number % 12 + 1:02d}-15"
        died = "dead" if number % 10 == 0 else "alive"
        rows.append(f"{number:03d},baseline_arm_1,F,UC-MSC,{start},{end},{died},{number % 2},{start},14")
        rows.append(f"{number:03d},month_12_arm_1,,,,,,,{start.replace('2010', '2011')},4")
    file = tmp_path / "redcap.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    page = visit.open("cohort")
    drop(visit, file)
    press(visit, "Open this cohort")
    expect(page.locator(".st-key-strip")).to_contain_text("20 of 20 patients")
    expect(page.locator(".st-key-strip")).to_contain_text("2 deaths")
    visit.page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^renal ")).click()
    expect(page.locator(".st-key-strip")).to_contain_text("10 of 20 patients")
    assert visit.complaints == []


def test_a_workbook_with_two_sheets_and_other_names(visit: Visit, tmp_path: Path) -> None:
    patients = pd.DataFrame(
        {
            "Pt.ID": [f"{number:04d}" for number in range(15)],
            "futime (days)": [365 * 2] * 15,
            "Dead": ["no"] * 12 + ["yes"] * 3,
            "cell_type": ["umbilical cord", "bone marrow", "umbilical cord"] * 5,
        }
    )
    visits = pd.DataFrame({"Pt.ID": ["0000", "0001"], "month": [12, 12], "Sledai_score": [4, 6]})
    with pd.ExcelWriter(tmp_path / "book.xlsx") as writer:
        patients.to_excel(writer, sheet_name="Demographics", index=False)
        visits.to_excel(writer, sheet_name="Follow-up", index=False)
    page = visit.open("cohort")
    drop(visit, tmp_path / "book.xlsx")
    press(visit, "Open this cohort")
    expect(page.locator(".st-key-strip")).to_contain_text("15 of 15 patients")
    expect(page.locator(".st-key-strip")).to_contain_text("3 deaths")
    expect(visit.page.get_by_test_id("stSidebar").get_by_role("button", name="UC 10")).to_be_visible()
    assert visit.complaints == []


def test_a_loss_of_the_living_is_asked_about_before_the_file_opens(visit: Visit, tmp_path: Path) -> None:
    table = pd.DataFrame({"pid": [f"p{row}" for row in range(60)], "fu_months": 24.0, "dead": [1] * 20 + [0] * 40})
    table.to_csv(tmp_path / "clean.csv", index=False)
    table.loc[[0, 1, *range(20, 37)], "fu_months"] = None
    table.to_csv(tmp_path / "living lost.csv", index=False)
    page = visit.open("cohort")
    drop(visit, tmp_path / "living lost.csv")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("17 of 40 living patients would be left out, and 2 of 20 who died")
    expect(main).to_contain_text("18 of 41 (44 %)")
    expect(page.get_by_role("button", name="Open this cohort")).to_be_disabled()
    press(visit, "Go on without them, knowing this")
    press(visit, "Open this cohort")
    expect(page.locator(".st-key-strip")).to_contain_text("41 of 60 rows used")
    visit.settle()

    drop(visit, tmp_path / "clean.csv")
    expect(main).to_contain_text("Every row and every value of these tables is used")
    press(visit, "Open this cohort")
    expect(page.locator(".st-key-strip")).to_contain_text("60 of 60 patients")
    assert visit.complaints == []


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("packed.csv.gz", gzip.compress(gzip.compress(b"a,b\n1,2\n")), "Unpack it and choose the table in it"),
        ("rows.ndjson", b'{"patient_id": "A", "died": 0}\n', "this is a JSON file without a table"),
        ("scan.png", b"\x89PNG\r\n\x1a\n", "this is a PNG image"),
        ("paper.pdf", b"%PDF-1.7", "this is a PDF document"),
        ("table.rds", gzip.compress(b"X\n\0\0\0\3"), "this is a file of R"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_in_our_own_words(
    visit: Visit, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    page = visit.open("cohort")
    drop(visit, file)
    expect(page.get_by_test_id("stMain")).to_contain_text("This was not opened")
    expect(page.get_by_test_id("stMain")).to_contain_text(words)
    assert visit.complaints == []


def test_a_table_is_pasted_into_a_text_box(visit: Visit) -> None:
    page = visit.open("cohort")
    main = page.get_by_test_id("stMain")
    main.get_by_text("Or paste a table").click()
    text = "patient_id\tfollow_up_months\tdied\nA\t12\t0\nB\t20\t1\n"
    main.get_by_label("Cells copied from a spreadsheet or a screen").fill(text)
    press(visit, "Read the pasted table")  # in the names of the template: opened at once
    expect(page.locator(".st-key-strip")).to_contain_text("2 of 2 patients")
    assert visit.complaints == []
