"""The Survival page for users: endpoints, the patients behind a step and a cell, few events."""

import re

from playwright.sync_api import Locator, Position, expect

from tests.browser.visit import Visit


def beside_step(chart: Locator, below: float) -> Position:
    """Return the place so many pixels below a step in the middle of the curve."""
    chart.hover()  # they are there while the pointer is in the plot
    steps = chart.locator(".targets_marks path")
    expect(steps.first).to_be_attached()
    step, box = steps.nth(steps.count() // 2).bounding_box(), chart.bounding_box()
    assert step is not None and box is not None  # noqa: PT018 -- for mypy
    return {"x": step["x"] - box["x"] + step["width"] / 2, "y": step["y"] - box["y"] + step["height"] / 2 + below}


def test_who_is_behind_a_cell_and_a_step(visit: Visit) -> None:
    page = visit.open("survival")
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 150, box["y"] + 54)  # at risk at 1 year
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("84 patients at risk at 12 months")
    visit.press("Escape")
    expect(drawer).to_have_count(0)

    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.click(position=beside_step(chart, 20))
    expect(drawer).to_contain_text(re.compile(r"\d+ (last seen|death from any cause) at .* months"))
    assert visit.complaints == []


def test_where_death_competes_the_incidence_is_shown(visit: Visit) -> None:
    page = visit.open("survival?endpoint=relapse&compare=msc_source")
    expect(page.get_by_role("heading", name=re.compile("Aalen-Johansen"))).to_be_visible()
    page.get_by_text("How these numbers were made").click()
    expect(page.get_by_text("death before it competes", exact=False).first).to_be_visible()
    expect(page.get_by_text("Gray's test", exact=False).first).to_be_visible()
    assert visit.complaints == []


def test_a_group_without_deaths_reads_sensibly(visit: Visit) -> None:
    page = visit.open("survival?source=UC&organ=serositis&compare=sex")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("female 100 % (63–100, 8 at risk), male 100 % (16–100, 2 at risk)")
    expect(main).to_contain_text("No log-rank test: fewer than 10 events (0)")
    expect(main).to_contain_text("withheld")
    words = set(re.split(r"[\s()]+", main.inner_text()))
    assert not {"nan", "NaN", "inf", "None", "<NA>"} & words
    assert visit.complaints == []


def test_curves_are_read_at_the_month_of_the_slider_and_under_the_pointer(visit: Visit) -> None:
    page = visit.open("survival?compare=msc_source&read_at=24")
    words = page.locator(".in-words").first
    expect(words).to_contain_text(
        "At month 24: BM 98 % (85–100, 28 at risk), UC 95 % (80–99, 18 at risk); difference −3 points (−18 to 10)."
    )
    page.get_by_role("slider", name="Read at month").focus()
    visit.press("ArrowRight")
    visit.asks("read_at=25")
    expect(words).to_contain_text("At month 25: BM")
    visit.listens()
    # Under the pointer the rule moves in the browser alone.
    chart = page.get_by_test_id("stVegaLiteChart").first
    box = chart.bounding_box()
    assert box is not None
    before = chart.screenshot()
    chart.hover(position={"x": box["width"] * 0.3, "y": 150})
    page.wait_for_timeout(300)
    assert chart.screenshot() != before
    assert page.get_by_test_id("stApp").get_attribute("data-test-script-state") == "notRunning"
    visit.asks("read_at=25")
    assert visit.complaints == []


def test_a_click_beside_the_curves_fixes_the_rule_and_another_frees_it(visit: Visit) -> None:
    page = visit.open("survival")
    chart, words = page.get_by_test_id("stVegaLiteChart").first, page.locator(".in-words").first
    slider = page.get_by_role("slider", name="Read at month")
    beside = beside_step(chart, 120)
    chart.hover(position=beside)
    assert chart.locator("svg").evaluate("drawn => getComputedStyle(drawn).cursor") == "crosshair"
    chart.click(position=beside)
    expect(slider).not_to_have_value("0")
    visit.asks(f"read_at={slider.input_value()}")
    expect(words).to_contain_text(re.compile(rf"At month {slider.input_value()}: \d+ %"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    visit.listens()
    chart.click(position=beside)
    expect(slider).to_have_value("0")
    expect(words).not_to_contain_text("At month")
    # Near the curve the pointer tells that a click opens the people there.
    near = beside_step(chart, 4)
    chart.hover(position=near)
    assert chart.locator("svg").evaluate("drawn => getComputedStyle(drawn).cursor") == "pointer"
    assert visit.complaints == []


def test_a_measure_is_read_at_a_scheduled_visit(visit: Visit) -> None:
    page = visit.open("activity?compare=msc_source&read_visit=6")
    words = page.locator(".in-words").first
    expect(words).to_contain_text(
        re.compile(r"At the visit of month 6: BM 6\.1 points \(.*, 42 patients\), UC .*difference")
    )
    page.get_by_role("slider", name="Read at the visit").focus()
    visit.press("ArrowRight")
    visit.asks("read_visit=12")
    expect(words).to_contain_text("At the visit of month 12: BM")
    visit.listens()
    chart = page.get_by_test_id("stVegaLiteChart").first
    box = chart.bounding_box()
    assert box is not None
    # Between two late visits nobody has a value near the top of the plot.
    chart.click(position={"x": box["width"] * 0.75, "y": 150})
    expect(words).to_contain_text("At the visit of month 36: BM")
    visit.asks("read_visit=36")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert visit.complaints == []
