"""A page with nothing to show says so, and the filter panel is still there."""

import re

from playwright.sync_api import expect

from tests.browser.visit import Visit

PAGES = ("", "cohort", "survival", "response", "activity", "patients", "report")
NOBODY = "source=UC&sex=male&organ=neuropsychiatric"


def test_on_every_page_a_filter_that_leaves_nobody_is_taken_off_in_one_click(visit: Visit) -> None:
    for page in PAGES:
        visit.open(f"{page}?{NOBODY}")
        strip = visit.page.locator(".st-key-strip")
        expect(strip).to_contain_text("0 of 87 patients")
        visit.page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^neuropsychiatric ")).click()
        expect(strip).to_contain_text(re.compile(r"(?<!\d)[1-9]\d* of 87 patients"))
    assert visit.complaints == []


def test_a_cohort_without_visits_keeps_its_filters_on_every_page(visit: Visit) -> None:
    rows = [f"P{number},{number + 6},{int(number == 3)},{('UC', 'BM')[number % 2]}" for number in range(40)]
    table = "\n".join(["patient_id,follow_up_months,died,msc_source", *rows])
    visit.open("cohort")
    visit.page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        {"name": "no_visits.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    expect(visit.page.locator(".st-key-strip")).to_contain_text("40 of 40 patients")
    panel = visit.page.get_by_test_id("stSidebar")
    for page in ("Remission & relapse", "Disease activity"):
        visit.page.get_by_role("link", name=page).first.click()
        visit.settle()
        panel.get_by_role("button", name=re.compile("^UC ")).click()
        expect(visit.page.locator(".st-key-strip")).to_contain_text("20 of 40 patients")
        panel.get_by_role("button", name=re.compile("^UC ")).click()
        expect(visit.page.locator(".st-key-strip")).to_contain_text("40 of 40 patients")
    assert visit.complaints == []
