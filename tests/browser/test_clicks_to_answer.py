"""Questions of a researcher: each is answered in few clicks from the Overview at 1440 x 900, without scrolling."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Position, expect

from tests.browser.visit import Visit


class Researcher:
    """Somebody who clicks and types but never scrolls, with the number of clicks."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.open()
        self.visit = visit
        self.clicks = 0

    def click(self, place: Locator, position: Position | None = None) -> None:
        """Click what is in view."""
        expect(place).to_be_in_viewport(ratio=0.0 if position else 1.0)
        place.click(position=position)
        self.clicks += 1
        self.visit.settle()

    def reads(self, words: str | re.Pattern[str]) -> None:
        """Find words in view."""
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_in_viewport()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """Return the button of this name."""
        return self.page.get_by_role("button", name=name).filter(visible=True).first

    def bar_of_year_2(self, key: str) -> tuple[Locator, Position]:
        """Return a chart of four years, and a place above the axis in its second bar."""
        chart = self.page.locator(f".st-key-{key}").get_by_test_id("stVegaLiteChart")
        bars = chart.locator(".targets_marks path")
        bar, box = bars.nth(1).bounding_box(), chart.bounding_box()
        assert bar is not None and box is not None  # noqa: PT018 -- for mypy
        return chart, {"x": bar["x"] - box["x"] + bar["width"] / 2, "y": bar["y"] - box["y"] + bar["height"] - 4}


@pytest.fixture
def researcher(visit: Visit) -> Iterator[Researcher]:
    asking = Researcher(visit)
    yield asking
    assert visit.complaints == []


def test_how_many_of_the_umbilical_cord_group_are_alive_at_3_years(researcher: Researcher) -> None:
    researcher.click(researcher.button(re.compile("^UC ")))
    researcher.click(researcher.page.get_by_role("link", name="Survival", exact=True).first)
    researcher.reads(re.compile(r"42 of 87 patients"))
    researcher.reads(re.compile(r"95\s%\s\(80"))
    assert researcher.clicks == 2


def test_a_typed_group_stands_against_everybody_else(researcher: Researcher) -> None:
    researcher.page.keyboard.press("/")
    researcher.page.keyboard.type("uc -renal <30 f")
    researcher.page.keyboard.press("Enter")
    researcher.visit.settle()
    researcher.click(researcher.button("Against everybody else"))
    researcher.reads(re.compile(r"UC, no renal, women under 30"))
    researcher.reads(re.compile(r"everybody else: \d+\s%"))
    assert researcher.clicks <= 5


def test_an_organ_is_excluded_beside_it(researcher: Researcher) -> None:
    value, without = researcher.button(re.compile("^skin ")), researcher.button("no skin")
    beside, small = value.bounding_box(), without.bounding_box()
    assert beside is not None and small is not None  # noqa: PT018 -- for mypy
    assert small["y"] == pytest.approx(beside["y"], abs=1)
    assert small["width"] < beside["width"] / 2
    researcher.click(without)
    researcher.reads(re.compile(r"32 of 87 patients"))
    assert researcher.clicks == 1


def test_who_relapsed_in_year_2(researcher: Researcher) -> None:
    researcher.click(*researcher.bar_of_year_2("yearly_relapse"))
    expect(researcher.page.get_by_role("dialog")).to_contain_text("Year 2: 7 with a first relapse, of 39")
    assert researcher.clicks == 1


def test_those_who_were_lost_count_as_failures(researcher: Researcher) -> None:
    researcher.click(researcher.page.get_by_role("radio", name="All due"))
    researcher.reads(re.compile(r"26\s%\s\(.*\) at year 1, 23 of 87"))
    assert researcher.clicks == 1


def test_relapse_by_source_with_difference_and_test(researcher: Researcher) -> None:
    researcher.click(researcher.page.get_by_role("combobox", name="Compare"))
    researcher.click(researcher.page.get_by_role("option", name="By MSC source"))
    researcher.reads(re.compile(r"first relapse in year 2 .*difference −6\spoints\s\(−27\sto\s22\).*Fisher", re.S))
    assert researcher.clicks == 2


def test_who_died_when_and_in_what_state_before(researcher: Researcher) -> None:
    researcher.click(researcher.button("5 deaths"))
    drawer = researcher.page.get_by_role("dialog")
    expect(drawer.locator("[data-row]")).to_have_count(5)
    expect(drawer).to_contain_text(re.compile(r"at month [\d.]+"))
    expect(drawer).to_contain_text(re.compile(r"before: .*SLEDAI \d+ at month"))
    assert researcher.clicks == 1


def test_age_is_cut_at_30(researcher: Researcher) -> None:
    researcher.click(researcher.page.get_by_role("combobox", name="Compare"))
    researcher.click(researcher.page.get_by_role("option", name=re.compile("^By age")))
    researcher.click(researcher.page.get_by_role("radio", name="at chosen values"))
    researcher.visit.listens()
    points = researcher.page.get_by_role("textbox", name=re.compile("^Cut at"))
    for _ in range(2):  # the help of the box, and the box
        researcher.page.keyboard.press("Tab")
    expect(points).to_be_focused()
    researcher.page.keyboard.type("30")
    researcher.page.keyboard.press("Enter")
    researcher.visit.settle()
    researcher.reads(re.compile(r"Survival\..*in each group.*difference"))
    assert researcher.clicks == 3


def test_how_many_fell_by_4_or_more_at_month_12(researcher: Researcher) -> None:
    researcher.click(researcher.page.get_by_role("link", name="Disease activity", exact=True).first)
    researcher.reads("How many patients have a fall of SLEDAI by 4 points or more?")
    researcher.reads("Month 12: 84 % (75–91), 70 of 83.")
    assert researcher.clicks == 1


def test_a_picture_of_85_mm(researcher: Researcher) -> None:
    researcher.click(researcher.button("Download"))
    with researcher.page.expect_download() as download:
        researcher.click(researcher.button(re.compile("^PNG")))
    assert download.value.suggested_filename.endswith(".png")
    assert researcher.clicks == 2


def test_the_view_is_sent(researcher: Researcher) -> None:
    researcher.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    researcher.click(researcher.button("Copy link"))
    expect(researcher.button("Link copied")).to_be_visible()
    assert researcher.page.evaluate("navigator.clipboard.readText()") == researcher.page.url
    assert researcher.clicks == 1


def test_back_to_everybody(visit: Visit) -> None:
    page = visit.open("?source=UC&organ=renal&compare=sex")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
    visit.settle()
    assert "compare" not in page.url


def test_the_stage_is_ready(researcher: Researcher) -> None:
    researcher.click(researcher.button(re.compile("^Present")))
    researcher.reads("How many are alive over time?")
    assert researcher.clicks == 1
