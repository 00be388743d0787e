"""How pages use the screen: short, nothing wider than a phone."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.visit import Visit

PHONE: ViewportSize = {"width": 390, "height": 844}
PATHS = [
    *(
        f"{page}?compare=msc_source"
        for page in ("", "cohort", "survival", "response", "activity", "patients", "report")
    ),
    "survival?endpoint=relapse&compare=msc_source",
]
HIGHEST = 2400  # pixels of a page with a comparison of two groups, in a window of 1440 x 900


@pytest.mark.parametrize("path", PATHS)
def test_a_page_with_a_comparison_is_short_and_its_plots_take_the_room(visit: Visit, path: str) -> None:
    page = visit.open(path)
    visit.assert_sound()
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollHeight") <= HIGHEST
    _assert_room_for_plots(page, path)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wider_than_a_phone_and_plots_take_the_room(visit: Visit, path: str) -> None:
    visit.page.set_viewport_size(PHONE)
    page = visit.open(path)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => [main.scrollWidth, main.clientWidth]") == [PHONE["width"], PHONE["width"]]
    expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()
    assert page.locator(".st-key-pages").evaluate("line => line.clientHeight") < 60
    _assert_room_for_plots(page, path)


def _assert_room_for_plots(page: Page, path: str) -> None:
    if path.partition("?")[0] not in ("", "survival", "response", "activity"):
        return  # their figures are not read along the time of the cohort
    shares = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stVegaLiteChart] svg.marks')].filter(svg => svg.clientWidth)"
        ".map(svg => svg.querySelector('.root > g > .background, .root .background').getBBox().width / svg.clientWidth)"
    )
    assert shares
    assert min(shares) >= 0.65


def test_on_a_phone_the_pages_are_in_a_menu(visit: Visit) -> None:
    visit.page.set_viewport_size(PHONE)
    page = visit.open("?source=UC")
    page.locator(".st-key-page_menu button").click()
    page.get_by_role("link", name="Survival").last.click()
    expect(page.get_by_role("heading", name="How many are alive over time?")).to_be_visible()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")


def test_the_overview_is_read_without_scrolling(visit: Visit) -> None:
    page = visit.open("?compare=msc_source")
    for key in ("overall_survival", "yearly_remission", "yearly_relapse", "sledai"):
        expect(page.locator(f".st-key-{key}")).to_be_in_viewport(ratio=0.95)
    answers = page.locator(".st-key-answers")
    expect(answers).to_be_in_viewport(ratio=1)
    expect(answers).to_contain_text("log-rank test")
    expect(answers).to_contain_text(
        re.compile(r"first relapse in year 2 .* difference −6\spoints\s.* Fisher's exact test")
    )


def test_the_way_of_counting_is_one_click_on_the_overview_and_in_the_address(visit: Visit) -> None:
    page = visit.open()
    page.locator(".st-key-estimand").get_by_text("All due").click()
    visit.asks("estimand=all_due")
    expect(page.locator(".st-key-answers")).to_contain_text("23 of 87 due")


def test_a_fall_of_four_points_at_month_12_stands_on_the_first_screen(visit: Visit) -> None:
    page = visit.open("activity")
    expect(page.get_by_text("Month 12: 84 % (75–91), 70 of 83.").first).to_be_in_viewport(ratio=1)


def test_a_fold_tells_its_answer_and_draws_only_once_it_is_open(visit: Visit) -> None:
    page = visit.open("response")
    fold = page.locator(".st-key-fold_states")
    told = "Month 36: complete remission 6, partial remission 8, active 3, relapsed 6, dead 4"
    assert told in fold.inner_text()
    assert not fold.get_by_test_id("stVegaLiteChart").count()
    fold.get_by_text("Who is where over time?").click()
    fold.get_by_test_id("stVegaLiteChart").wait_for()
    visit.listens()
    assert told in fold.inner_text()
    assert visit.complaints == []
