"""A click on a filter changes what is drawn, and does not draw the charts anew."""

import re

import pytest

from tests.browser.visit import Visit

MARK = """() => {
    window.drawnBefore = [];
    for (const chart of document.querySelectorAll('[data-testid=stVegaLiteChart]')) {
        chart.querySelector('svg').stays = true;
        window.drawnBefore.push(chart.ariaLabel);
    }
}"""
# Charts of the same name that were drawn anew; that of one patient has another name when another patient is shown.
ANEW = """[...document.querySelectorAll('[data-testid=stVegaLiteChart]')].map((chart) => chart.ariaLabel).filter(
    (name, place) => window.drawnBefore.includes(name)
        && !document.querySelectorAll('[data-testid=stVegaLiteChart]')[place].querySelector('svg').stays)"""
DRAWN = "[...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')].map((drawn) => drawn.innerHTML).join()"


PATHS = [
    "", "survival", "survival?endpoint=relapse", "survival?compare=sex", "response", "response?compare=sex", "activity",
    "activity?compare=sex", "patients",
]  # fmt: skip
# The shapes and texts of each chart in any order, as marks that come back are drawn last.
PARTS = """[...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')].map((drawn) => [
    ...drawn.querySelectorAll('path, line, text')].filter(
        (part) => part.getAttribute('opacity') !== '0' && part.getAttribute('fill') !== 'transparent').map(
        (part) => [part.tagName, part.getAttribute('d'), part.getAttribute('transform'), part.getAttribute('fill'),
            part.getAttribute('stroke'), part.textContent].join(' ')).sort())"""


def test_the_figure_in_words_stands_beside_it_and_follows_the_filter(visit: Visit) -> None:
    page = visit.open("survival")
    chart = page.get_by_test_id("stVegaLiteChart")
    words = page.locator(".in-words").first
    assert chart.get_attribute("aria-label") == "How many are alive over time? (Kaplan-Meier)"
    assert "All: 87 patients, 5 events" in words.text_content()
    page.get_by_test_id("stSidebar").get_by_role("button", name="UC 42").click()
    visit.listens()
    assert chart.get_attribute("aria-label") == "How many are alive over time? (Kaplan-Meier)"
    assert "All: 42 patients, 2 events" in words.text_content()


@pytest.mark.parametrize("path", PATHS)
def test_a_filter_keeps_the_charts_and_what_moved_is_what_a_new_page_draws(visit: Visit, path: str) -> None:
    page = visit.open(path)
    visit.assert_sound()
    page.evaluate(MARK)
    before = page.evaluate(DRAWN)
    _click(visit, "UC")
    assert page.evaluate(ANEW) == []
    assert page.evaluate(DRAWN) != before
    for name in ("renal", "UC", "skin"):
        _click(visit, name)
    moved = page.evaluate(PARTS)
    page.goto(page.url)
    visit.listens()
    assert moved == page.evaluate(PARTS)
    visit.assert_sound()


def _click(visit: Visit, option: str) -> None:
    pills = visit.page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile(rf"^{option} \d"))
    pills.first.click()
    visit.listens()
