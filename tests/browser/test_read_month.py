"""The month at which a figure is read: set in a part of the page, it holds for links, Back, filters and other pages."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit

WORDS = {"survival": "At month {}: ", "activity": "At the visit of month {}: "}


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Read at")


def right(visit: Visit) -> None:
    slider(visit.page).focus()
    visit.press("ArrowRight")


@pytest.mark.parametrize(
    ("path", "key", "months"), [("survival", "read_at", "24 25"), ("activity", "read_visit", "6 12")]
)
def test_it_is_gone_back_on_and_kept_on_other_pages_and_by_filters(
    visit: Visit, path: str, key: str, months: str
) -> None:
    before, after = months.split()
    page = visit.open(f"{path}?{key}={before}")
    words = page.locator(".in-words").first
    right(visit)
    visit.asks(f"{key}={after}")
    expect(words).to_contain_text(WORDS[path].format(after))
    # A link to another page was drawn before.
    page.get_by_role("link", name="Remission & relapse", exact=True).first.click()
    expect(page.get_by_role("heading", name=re.compile("complete remission each year"))).to_be_visible()
    visit.settle()
    visit.asks(f"{key}={after}")
    name = {"survival": "Survival", "activity": "Disease activity"}[path]
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(words).to_contain_text(WORDS[path].format(after))
    visit.listens()
    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^UC ")).click()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    visit.settle()
    expect(words).to_contain_text(WORDS[path].format(after))
    page.go_back()
    expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
    visit.settle()
    expect(words).to_contain_text(WORDS[path].format(after))
    assert visit.complaints == []


def test_back_undoes_it(visit: Visit) -> None:
    page = visit.open("survival?read_at=24")
    words = page.locator(".in-words").first
    right(visit)
    visit.asks("read_at=25")
    visit.listens()
    page.go_back()
    visit.settle()
    expect(words).to_contain_text("At month 24: ")
    expect(slider(page)).to_have_value("24")
