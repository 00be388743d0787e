"""What tests of a presentation have in common: views that are saved, where it is, the keys of a clicker."""

import re

from playwright.sync_api import Page, expect

from tests.browser.visit import Visit


def save(visit: Visit, name: str) -> None:
    page = visit.page
    page.get_by_role("button", name="Views").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Save this view").click()
    visit.settle()
    visit.press("Escape")


def with_three_stops(visit: Visit) -> Page:
    """Save three views by hand, as before a talk, and start presenting."""
    page = visit.open("survival?compare=msc_source")
    save(visit, "By source")
    page.get_by_role("link", name="Remission & relapse", exact=True).first.click()
    visit.settle()
    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^UC ")).click()
    visit.settle()
    save(visit, "UC each year")
    page.get_by_role("button", name="Clear all").click()
    visit.settle()
    page.get_by_role("link", name="Overview", exact=True).first.click()
    visit.settle()
    save(visit, "All at a glance")
    visit.press("p")
    expect(page.locator(".st-key-line")).to_contain_text("3 of 3")
    return page


def at(visit: Visit, *words: str) -> None:
    """Wait until the line says where the presentation is."""
    visit.settle()
    for each in words:
        expect(visit.page.locator(".st-key-line")).to_contain_text(each)


def press(visit: Visit, *keys: str) -> None:
    """Press keys at once, as a clicker does: without a click into the page, and without waiting."""
    for key in keys:
        visit.page.keyboard.press(key)
