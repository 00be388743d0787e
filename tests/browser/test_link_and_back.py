"""By link, reload, Back and undo nothing is lost, with the sample and with an uploaded file."""

import re
from pathlib import Path

import pandas as pd
from playwright.sync_api import expect

from tests.browser.talk import at, press, save
from tests.browser.visit import Visit


def test_views_are_saved_to_a_file_and_loaded_again(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("survival?compare=msc_source")
    save(visit, "By source")
    page.get_by_role("button", name="Views").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save all to a file").click()
    file = tmp_path / "views.json"
    download.value.save_as(file)
    assert "S001" not in file.read_text(encoding="utf-8")

    page = visit.open("")
    page.get_by_role("button", name="Views").click()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    visit.settle()
    page.get_by_role("link", name="By source").click()
    visit.settle()
    expect(page.get_by_role("heading", name=re.compile("alive over time"))).to_be_visible()
    visit.asks("compare=msc_source")


def test_a_pinned_cohort_by_link_reload_and_back(visit: Visit) -> None:
    page = visit.open("survival?source=UC&endpoint=relapse&landmark=6")
    page.get_by_role("button", name="Pin these patients").click()
    visit.settle()
    page.get_by_role("button", name="MSC source UC").click()
    expect(page.locator(".st-key-strip")).to_contain_text("UC 42 beside all patients 87, 42 in both")
    visit.settle()
    link = page.url
    heading = page.get_by_test_id("stMain").get_by_role("heading", level=3).first.inner_text()
    page.goto(link)
    visit.settle()
    expect(page.locator(".st-key-strip")).to_contain_text("UC 42 beside all patients 87, 42 in both")
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=3).first).to_have_text(heading)
    assert page.url == link
    page.get_by_role("button", name="Swap").click()
    expect(page.locator(".st-key-strip")).to_contain_text("all patients 87 beside UC 42, 42 in both")
    visit.settle()
    page.go_back()
    expect(page.locator(".st-key-strip")).to_contain_text("UC 42 beside all patients 87, 42 in both")
    visit.settle()
    assert page.url == link
    expect(page.get_by_text(re.compile("the groups share [0-9]+ patients")).first).to_be_visible()
    assert visit.complaints == []


def test_an_option_is_gone_back_on_and_its_control_too(visit: Visit) -> None:
    page = visit.open("response")
    page.get_by_role("radio", name="Ever", exact=True).first.click(force=True)
    visit.settle()
    visit.asks("estimand=ever")
    page.go_back()
    visit.settle()
    expect(page.get_by_role("radio", name="Assessed", exact=True).first).to_be_checked()
    expect(page.get_by_text("23 of 83 assessed", exact=False).first).to_be_visible()


def test_undo_by_key_goes_one_step(visit: Visit) -> None:
    page = visit.open()
    panel = page.get_by_test_id("stSidebar")
    for name in ("UC", "renal"):
        panel.get_by_role("button", name=re.compile(f"^{name} ")).click()
        visit.settle()  # two clicks that reach the app together are one step
    visit.press("Control+z")
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    visit.press("Control+Shift+z")
    expect(page.locator(".st-key-strip")).to_contain_text("37 of 87 patients")


def test_a_landmark_is_one_click_from_a_filter_on_the_outcome(visit: Visit) -> None:
    page = visit.open("?f.relapse_months=3..20")
    page.get_by_role("link", name="Survival from a landmark at month 12").click()
    visit.settle()
    visit.asks("/survival?")
    visit.asks("landmark=12")
    expect(page.get_by_text("12 months after transplantation", exact=False).first).to_be_visible()


def own_files(folder: Path) -> list[Path]:
    numbers = range(40)
    patients = pd.DataFrame(
        {
            "patient_id": [f"{number:02d}" for number in numbers],
            "follow_up_months": [3 + number / 2 for number in numbers],
            "died": [int(number % 8 == 0) for number in numbers],
            "ward": [["north", "south"][number % 2] for number in numbers],
        }
    )
    seen = [(f"{number:02d}", month, 12 - month) for number in numbers for month in (0, 3)]
    visits = pd.DataFrame(seen, columns=["patient_id", "months", "sledai"])
    files = [folder / "patients.csv", folder / "visits.csv"]
    patients.to_csv(files[0], index=False)
    visits.to_csv(files[1], index=False)
    return files


def drop(visit: Visit, files: list[Path]) -> None:
    visit.page.get_by_test_id("stMain").get_by_test_id("stFileUploader").first.locator(
        "input[type=file]"
    ).set_input_files(files)
    expect(visit.page.locator(".st-key-strip")).to_contain_text(re.compile("of 40 patients"))
    visit.settle()


def test_an_upload_by_link_reload_and_back_and_on_stage(visit: Visit, tmp_path: Path) -> None:
    files = own_files(tmp_path)
    page = visit.open("cohort")
    drop(visit, files)
    page.get_by_role("link", name="Survival", exact=True).first.click()
    visit.settle()
    page.get_by_role("combobox", name="Add filter").click()
    page.get_by_role("option", name="ward").click()
    visit.settle()
    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^north ")).click()
    expect(page.locator(".st-key-strip")).to_contain_text("20 of 40 patients")
    visit.settle()
    save(visit, "North")
    page.get_by_role("button", name="Pin these patients").click()
    visit.settle()
    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^south ")).click()
    expect(page.locator(".st-key-strip")).to_contain_text("ward north 20 beside ward north or south 40, 20 in both")
    visit.settle()
    page.go_back()
    expect(page.locator(".st-key-strip")).to_contain_text("20 of 40 patients")
    page.go_forward()
    expect(page.locator(".st-key-strip")).to_contain_text("ward north 20 beside ward north or south 40, 20 in both")
    visit.press("p")
    at(visit, "– of 1, step 1 of 4")
    press(visit, *["PageDown"] * 4)
    at(visit, "North", "40 of 40")
    press(visit, "PageDown")
    at(visit, "North", "20 of 40")
    link = page.url
    assert not re.search("north.*north.*S0", link)

    page.goto(link)
    visit.settle()
    expect(page.get_by_text("This link is for a file with the fingerprint", exact=False)).to_be_visible()
    page.get_by_role("link", name="Cohort", exact=True).first.click()
    visit.settle()
    page.get_by_test_id("stFileUploader").last.locator("input[type=file]").set_input_files(files)
    expect(page.locator(".st-key-line")).to_contain_text("20 of 40")
    visit.press("Escape")
    expect(page.locator(".st-key-strip")).to_contain_text("20 of 40 patients")
    page.get_by_role("link", name="Survival", exact=True).first.click()
    visit.settle()
    visit.asks("f.ward=north")
    assert visit.complaints == []
