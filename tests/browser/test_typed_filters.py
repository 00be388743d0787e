"""Filters by keyboard: the box reads words, suggests, tells what it does not know, and "/" leads to it."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit

SAID = "Not known here: foo."


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Filter by typing")


def strip(visit: Visit, words: str) -> None:
    expect(visit.page.locator(".st-key-strip")).to_contain_text(words)


def test_a_line_of_words_filters_without_the_mouse(visit: Visit) -> None:
    page = visit.open()
    visit.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type("uc renal -skin <30 f foo")
    page.keyboard.press("Enter")
    for words in ("MSC source UC", "Organ involvement renal, without skin", "Age 18 to 29 years", "Sex female"):
        strip(visit, words)
    visit.asks("source=UC&organ=renal&without=skin&age=18..29&sex=female")
    # What is not known is told, and stays to be put right.
    expect(page.get_by_text(SAID)).to_be_visible()
    expect(box(page)).to_have_value("uc renal -skin <30 f foo")
    expect(box(page)).to_be_focused()
    box(page).fill("bm")
    page.keyboard.press("Enter")
    strip(visit, "MSC source BM")
    strip(visit, "Sex female")  # what is not named stays
    expect(page.get_by_text(SAID)).to_have_count(0)
    expect(box(page)).to_have_value("")
    visit.settle()
    assert visit.complaints == []


def test_suggestions_are_chosen_by_arrows_and_say_how_many(visit: Visit) -> None:
    page = visit.open()
    box(page).click()
    page.keyboard.type("-re")
    option = page.get_by_role("option").first
    expect(option).to_have_text(re.compile("-renal.*removes 81"))
    expect(option).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("-renal ")
    page.keyboard.type("umbil")
    expect(page.get_by_role("option")).to_have_count(0)  # a word of the vocabulary needs no suggestion
    page.keyboard.press("Enter")
    strip(visit, "Organ involvement without renal")
    strip(visit, "MSC source UC")
    page.keyboard.type("male")
    expect(page.get_by_role("option").first).to_contain_text("male")


def test_a_letter_in_the_box_is_no_key_of_the_app(visit: Visit) -> None:
    page = visit.open()
    box(page).click()
    page.keyboard.type("p/f")
    visit.settle()
    expect(box(page)).to_have_value("p/f")
    assert "present" not in page.url


def test_the_key_opens_the_panel_on_stage_and_where_it_is_closed(visit: Visit) -> None:
    page = visit.open("?present=on")
    expect(box(page)).not_to_be_visible()
    visit.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.type("uc")
    page.keyboard.press("Enter")
    strip(visit, "MSC source UC")
    strip(visit, "42 of 87")
    page = visit.open()
    page.get_by_test_id("stSidebarCollapseButton").locator("button").dispatch_event("click")
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    visit.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(box(page)).not_to_be_focused()
