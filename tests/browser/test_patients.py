"""From the SLEDAI figure to an outlying patient, and back without losing a filter."""

import re

from playwright.sync_api import expect

from tests.browser.visit import Visit


def test_from_the_largest_rise_to_its_patient_and_back(visit: Visit) -> None:
    page = visit.open("activity?source=UC")
    waterfall = page.get_by_test_id("stVegaLiteChart").nth(1)
    waterfall.scroll_into_view_if_needed()
    box = waterfall.bounding_box()
    assert box is not None
    waterfall.click(position={"x": box["width"] - 12, "y": box["height"] * 0.4})
    expect(page.get_by_role("heading", name="What is known")).to_be_visible()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    visit.settle()
    visit.asks("patient=S")
    page.go_back()
    visit.settle()
    expect(page.get_by_role("heading", name=re.compile("How does SLEDAI change"))).to_be_visible()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    assert visit.complaints == []


def test_a_lane_opens_its_patient(visit: Visit) -> None:
    page = visit.open("patients")
    swimmer = page.get_by_test_id("stVegaLiteChart").nth(1)
    swimmer.scroll_into_view_if_needed()
    before = page.url
    box = swimmer.bounding_box()
    assert box is not None
    swimmer.click(position={"x": box["width"] * 0.3, "y": box["height"] * 0.45})
    expect(page).not_to_have_url(before)
    visit.settle()
    visit.asks("patient=S")
    assert visit.complaints == []
