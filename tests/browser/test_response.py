"""The patients behind any bar, numerator and denominator, by mouse and by keyboard."""

import re

from playwright.sync_api import expect

from tests.browser.visit import Visit


def test_a_click_on_a_bar_lists_its_patients(visit: Visit) -> None:
    page = visit.open("response")
    chart = page.get_by_test_id("stVegaLiteChart").first
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": box["width"] * 0.22, "y": box["height"] * 0.55})
    heading = page.get_by_role("heading", name="All, year 1: 23 in complete remission, of: 83 patients")
    expect(heading).to_be_visible()
    assert visit.complaints == []


def test_the_keyboard_reaches_the_patients_of_a_year(visit: Visit) -> None:
    page = visit.open("response")
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 40, box["y"] + 54)  # anywhere in the table; then keyboard only
    for key in ("ArrowDown", "ArrowRight"):
        visit.listens()  # each step chooses a cell and redraws the table
        page.keyboard.press(key)
    expect(
        page.get_by_role("heading", name=re.compile("^All, year 2: 12 in complete remission, of: 39"))
    ).to_be_visible()


def test_a_part_of_the_ledger_lists_its_patients(visit: Visit) -> None:
    page = visit.open("response")
    page.get_by_text("Who is counted each year").click()
    visit.listens()
    ledger = page.locator(".st-key-ledger_All")
    ledger.scroll_into_view_if_needed()
    box = ledger.bounding_box()
    assert box is not None
    ledger.click(position={"x": box["width"] * 0.22, "y": box["height"] * 0.35})
    expect(page.get_by_role("heading", name="All, year 1, assessed: 83 patients")).to_be_visible()
    assert visit.complaints == []


def test_a_comparison_drops_what_was_picked_of_other_groups(visit: Visit) -> None:
    page = visit.open("response?compare=msc_source")
    page.get_by_text("How far apart are the groups each year?").click()
    expect(page.get_by_role("rowheader", name="Year 2: UC less BM").first).to_be_visible()
    assert visit.complaints == []


def test_from_a_bar_to_one_patient_and_back_without_losing_a_filter(visit: Visit) -> None:
    page = visit.open("response?source=UC")
    chart = page.get_by_test_id("stVegaLiteChart").first
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": box["width"] * 0.22, "y": box["height"] * 0.55})
    heading = page.get_by_role("heading", name=re.compile("^All, year 1: .* in complete remission, of: "))
    expect(heading).to_be_visible()
    visit.settle()
    patients = page.get_by_test_id("stDataFrame").last
    patients.scroll_into_view_if_needed()
    box = patients.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 54)
    expect(page.get_by_role("heading", name="What is known")).to_be_visible()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    visit.asks("patient=S")
    page.go_back()
    visit.settle()
    expect(page.get_by_text("Who is counted each year")).to_be_visible()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    assert visit.complaints == []
