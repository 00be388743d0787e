"""The Survival page for users: endpoints, the patients behind a step and a cell, few events."""

import re

from playwright.sync_api import expect

from tests.browser.visit import Visit


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
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": box["width"] * 0.2, "y": 60})
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
