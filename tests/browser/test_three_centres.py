"""Three centres that share only files go from a question to a report."""

from pathlib import Path

import pandas as pd
from playwright.sync_api import expect

from tests.browser.test_own_files import drop
from tests.browser.visit import Visit

SAMPLE = Path(__file__).parents[2] / "sample_data"


def hospital(place: int, folder: Path) -> list[Path]:
    """Write every third patient of the sample, with the visits, as the files of a hospital."""
    patients = pd.read_csv(SAMPLE / "patients.csv", dtype=str).iloc[place::3]
    visits = pd.read_csv(SAMPLE / "visits.csv", dtype=str)
    files = [folder / f"patients{place}.csv", folder / f"visits{place}.csv"]
    patients.to_csv(files[0], index=False)
    visits[visits["patient_id"].isin(patients["patient_id"])].drop(columns="pga").to_csv(files[1], index=False)
    return files


def save(visit: Visit, button: str, file: Path) -> Path:
    visit.listens()  # a click while the page is still drawn can be lost
    page = visit.page
    with page.expect_download(timeout=60_000) as download:  # a report is made when it is asked for
        page.get_by_role("button", name=button, exact=True).click()
    download.value.save_as(file)
    return file


def upload(visit: Visit, label: str, *files: Path) -> None:
    place = visit.page.get_by_test_id("stFileUploader").filter(has_text=label)
    place.locator("input[type=file]").set_input_files(list(files))
    visit.settle()


def test_from_a_question_to_a_report(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("centres?compare=msc_source")
    page.get_by_text("1. Ask").click()
    question = save(visit, "Question (JSON)", tmp_path / "question.json")
    answers = []
    for place, centre in enumerate(("North", "South", "East")):
        visit.open("cohort")
        drop(visit, *hospital(place, tmp_path))
        expect(page.locator(".st-key-strip")).to_contain_text("29 of 29 patients")
        visit.settle()
        page.get_by_role("link", name="Several centres together").click()
        page.get_by_text("2. Answer").click()
        upload(visit, "The question file", question)
        page.get_by_label("Name of your centre").fill(centre)
        page.keyboard.press("Enter")
        expect(page.get_by_text("few of them can still be a person")).to_be_visible()
        answers.append(save(visit, "Answer (JSON)", tmp_path / f"{centre}.json"))
    visit.open("centres")
    upload(visit, "3. See together", *answers)
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("87 patients. Three centres, counts merged (North 29, South 29, East 29)")
    expect(main).to_contain_text("28 % (19–38) at year 1, 23 of 83 assessed")  # the published share of the first year
    page.get_by_text("Between centres").click()
    visit.listens()
    report = save(visit, "Report (HTML)", tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Three centres, counts merged" in report
    assert visit.complaints == []
    visit.press("p")  # of several centres there are no stops: those of the open cohort are shown
    expect(page.get_by_test_id("stMain")).to_contain_text("87 of 87")
    assert visit.complaints == []
