"""The figure studio: a figure at its true size, as it is printed, and choices that are kept under a name."""

from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, Page

from analysis.cohort.question import Question
from analysis.figures.common.paper import SIZES
from tests.analysis.export.exhibits import exhibit, incidence, remission, scores, survival
from tests.browser.visit import Visit

DRAWN = (survival, incidence, remission, scores)
# The boxes of all texts of a picture: words, left, top, right, bottom.
BOXES = """() => [...document.querySelectorAll("svg text")].filter((text) => text.textContent.trim()).map((text) => {
    const box = text.getBoundingClientRect();
    return [text.textContent, box.left, box.top, box.right, box.bottom];
})"""
CHANGED = "before => document.querySelector('[role=dialog] img').getAttribute('src') !== before"
TAIL = 0.25  # of the height of a box: the room of accents above and of tails below


@pytest.fixture
def studio(visit: Visit) -> Locator:
    visit.open("survival?compare=msc_source")
    visit.page.locator(".st-key-take_survival button").first.click()
    visit.page.get_by_role("button", name="Figure studio").click()
    dialog = visit.page.get_by_role("dialog")
    dialog.locator("img").first.wait_for()
    return dialog


def shown(studio: Locator) -> Locator:
    return studio.locator("img").first


def test_a_picture_at_its_true_size_follows_the_choices(studio: Locator) -> None:
    page = studio.page
    width = shown(studio).evaluate("image => image.getBoundingClientRect().width")
    assert width == pytest.approx(85 / 25.4 * 96, abs=1)
    assert "No log-rank test: fewer than 10 events (5)." in str(shown(studio).get_attribute("alt"))
    before = shown(studio).get_attribute("src")
    studio.get_by_text("Bands", exact=True).click()
    page.wait_for_function(
        "before => document.querySelector('[role=dialog] img').getAttribute('src') !== before", arg=before
    )
    studio.get_by_label("Name of UC").fill("Cord")
    studio.get_by_label("Name of UC").press("Enter")
    studio.get_by_label("Name of BM").fill("Cord")
    studio.get_by_label("Name of BM").press("Enter")
    studio.get_by_text("Two groups would be called Cord. Give each a name of its own.").wait_for()
    studio.get_by_label("Name of BM").fill("Marrow")
    studio.get_by_label("Name of BM").press("Enter")
    shown(studio).wait_for()
    with page.expect_download() as made:
        studio.get_by_role("button", name="SVG", exact=True).click()
    drawn = made.value.path().read_text(encoding="utf-8")
    assert ">Marrow<" in drawn
    assert ">Cord<" in drawn
    assert ">UC<" not in drawn
    assert 'fill-opacity="0.16"' not in drawn
    studio.get_by_role("button", name="Close").click()
    page.wait_for_function("() => location.search.includes('paper_band=no')")
    assert "UC=Cord" in unquote(unquote(page.url))


def test_choices_are_kept_under_a_name(studio: Locator) -> None:
    page = studio.page
    plain = shown(studio).get_attribute("src")
    studio.get_by_text("Caption in the picture", exact=True).click()
    page.wait_for_function(CHANGED, arg=plain)
    captioned = shown(studio).get_attribute("src")
    studio.get_by_role("button", name="Save these choices").click()
    page.get_by_label("Name", exact=True).fill("Lupus, with caption")
    page.get_by_role("button", name="Save", exact=True).click()
    studio.get_by_role("button", name="Lupus, with caption", exact=True).wait_for()
    page.keyboard.press("Escape")
    studio.get_by_text("Caption in the picture", exact=True).click()
    page.wait_for_function(CHANGED, arg=captioned)
    studio.get_by_role("button", name="Lupus, with caption", exact=True).click()
    page.wait_for_function(CHANGED.replace("!==", "==="), arg=captioned)


def overlap(first: list[Any], second: list[Any]) -> bool:
    """Return whether two boxes share more than the room of accents and tails; a text may have a halo of its own."""
    if first == second:
        return False
    wide = min(first[3], second[3]) - max(first[1], second[1])
    high = min(first[4], second[4]) - max(first[2], second[2])
    return wide > 0.5 and high > TAIL * min(first[4] - first[2], second[4] - second[2])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("draw", DRAWN)
def test_no_two_texts_overlap_and_none_leaves_the_picture(window: Page, draw, size: str) -> None:
    drawn = exhibit(draw, Question(compare="msc_source")).picture(SIZES[size])
    window.set_content(f"<body style='margin:0'>{drawn}</body>")
    width, height = window.locator("svg").evaluate("svg => [svg.width.baseVal.value, svg.height.baseVal.value]")
    boxes = window.evaluate(BOXES)
    assert len(boxes) > 15
    outside = [box for box in boxes if box[1] < -0.5 or box[2] < -0.5 or box[3] > width + 0.5 or box[4] > height + 0.5]
    assert outside == []
    pairs = [(first, second) for at, first in enumerate(boxes) for second in boxes[at + 1 :]]
    overlapping = [(first[0], second[0]) for first, second in pairs if overlap(first, second)]
    assert overlapping == []
