"""Pointing at a line or a step: targets are there while the pointer is in the plot, and tell what is nearest."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import SIZE
from tests.browser.visit import Visit

PLACES = ["survival", "activity"]
TOOLTIP = "#vg-tooltip-element.visible"


def targets(chart: Locator) -> Locator:
    return chart.locator(":is(.targets_marks, .targets_voronoi) path")


def point(chart: Locator, number: int) -> tuple[float, float]:
    """Return the place of a target on the screen, once the pointer is in the plot."""
    box = chart.bounding_box()
    assert box is not None
    chart.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    target = chart.locator(".targets_marks path").nth(number)
    expect(target).to_be_attached()
    at = target.bounding_box()
    assert at is not None
    return at["x"] + at["width"] / 2, at["y"] + at["height"] / 2


@pytest.mark.parametrize("path", PLACES)
def test_targets_come_and_go_with_the_pointer_and_their_tooltip(visit: Visit, path: str) -> None:
    page = visit.open(path)
    chart = page.get_by_test_id("stVegaLiteChart").first
    expect(targets(chart)).to_have_count(0)
    x, y = point(chart, 30)
    page.mouse.move(x + 1, y)
    expect(page.locator(TOOLTIP)).to_be_visible()
    page.mouse.move(5, 500)  # the filters
    expect(targets(chart)).to_have_count(0)
    expect(page.locator(TOOLTIP)).to_have_count(0)
    # What was pointed at before is not told again.
    x, y = point(chart, 10)
    expect(page.locator(TOOLTIP)).to_have_count(0)
    page.mouse.move(x + 1, y)
    expect(page.locator(TOOLTIP)).to_be_visible()
    assert visit.complaints == []


def test_the_tooltip_the_ring_and_the_drawer_tell_the_same_patient(visit: Visit) -> None:
    page = visit.open("activity")
    chart = page.get_by_test_id("stVegaLiteChart").first
    x, y = point(chart, 200)
    page.mouse.move(x + 1, y)
    told = page.locator(TOOLTIP).inner_text()
    patient = re.search(r"Patient\s+(\S+)", told)
    assert patient is not None
    ringed = chart.locator(".targets_marks path[opacity='1']")
    expect(ringed.first).to_be_visible()
    page.mouse.click(x + 1, y)
    expect(page.get_by_role("dialog")).to_contain_text(f"Patient {patient[1]}")
    assert visit.complaints == []


@pytest.fixture
def finger(chromium: Browser, address: str) -> Iterator[Visit]:
    context = chromium.new_context(viewport=SIZE, has_touch=True)
    yield Visit(context.new_page(), address)
    context.close()


def test_a_finger_picks_and_reads_without_pointing_first(finger: Visit) -> None:
    page = finger.open("activity")
    chart = page.get_by_test_id("stVegaLiteChart").first
    box = chart.bounding_box()
    assert box is not None
    # Between two late visits nobody has a value near the top of the plot.
    page.touchscreen.tap(box["x"] + box["width"] * 0.75, box["y"] + 150)
    finger.asks("read_visit=36")
    finger.listens()
    target = chart.locator(".targets_marks path").nth(200).bounding_box()
    assert target is not None
    page.touchscreen.tap(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2)
    expect(page.get_by_role("dialog")).to_contain_text("Patient S")
    assert finger.complaints == []
