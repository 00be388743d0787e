"""The people drawer: who is behind what is clicked, beside the page, and what can be done with them."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.visit import Visit

# The patients of the sample with a first relapse in year 2 who were seen near month 24.
RELAPSED_IN_YEAR_2 = ["S009", "S024", "S013", "S037", "S012", "S044", "S053"]


def chart(page: Page, key: str) -> Locator:
    """Return the chart of a figure by its key."""
    return page.locator(f".st-key-{key}").get_by_test_id("stVegaLiteChart")


def click(figure: Locator, across: float, down: float) -> None:
    """Click into a figure at these shares of its width and height."""
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    assert box is not None
    figure.click(position={"x": box["width"] * across, "y": box["height"] * down})


def names(drawer: Locator) -> list[str]:
    """Return the patients in the drawer, from the top."""
    drawer.locator("[data-row]").first.wait_for()
    return drawer.locator("[data-row] b").all_inner_texts()


def test_a_bar_opens_those_who_count_and_then_the_others(visit: Visit) -> None:
    page = visit.open("response")
    click(chart(page, "relapse"), 0.4, 0.55)
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("Year 2: 7 with a first relapse, of 39")
    assert names(drawer) == RELAPSED_IN_YEAR_2
    expect(drawer).to_contain_text("first relapse at month 14.0")
    expect(drawer).to_contain_text("before: complete remission, SLEDAI 4 at month 13.0")
    drawer.get_by_role("radio", name="32 others assessed").click()
    expect(drawer.locator("[data-row]")).to_have_count(32)
    assert visit.complaints == []


def test_the_same_bar_opens_again(visit: Visit) -> None:
    page = visit.open("response")
    drawer = page.get_by_role("dialog")
    for _ in range(2):
        click(chart(page, "remission"), 0.22, 0.55)
        expect(drawer).to_contain_text("Year 1: 23 in complete remission, of 83")
        # The drawer does not take the place of the style of the page.
        expect(page.locator(".in-words").first).to_have_css("position", "absolute")
        visit.press("Escape")
        expect(drawer).to_have_count(0)


def test_a_part_of_the_ledger_opens_its_patients(visit: Visit) -> None:
    page = visit.open("response")
    page.get_by_text("Who is counted each year").click()
    visit.listens()
    click(chart(page, "ledger_All"), 0.22, 0.35)
    expect(page.get_by_role("dialog")).to_contain_text("Year 1, assessed: 83 patients")
    assert visit.complaints == []


def test_the_drawer_is_sorted_by_deaths_and_by_relapses(visit: Visit) -> None:
    page = visit.open("response")
    page.get_by_text("Who is counted each year").click()
    visit.listens()
    click(chart(page, "ledger_All"), 0.22, 0.35)
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("[data-row]").first).to_be_visible()
    visit.listens()  # what the page draws after the drawer closes an open list of options
    drawer.get_by_role("combobox").click()
    page.get_by_role("option", name="Deaths first").click()
    expect(drawer.locator("[data-row] b").first).to_have_text("S045")  # died at month 17.4, assessed at month 12
    visit.listens()
    drawer.get_by_role("combobox").click()
    page.get_by_role("option", name="Relapses first").click()
    expect(drawer.locator("[data-row] b").first).not_to_have_text("S045")


def test_from_the_drawer_to_one_patient_and_back_without_losing_a_filter(visit: Visit) -> None:
    page = visit.open("response?source=UC")
    click(chart(page, "remission"), 0.22, 0.55)
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(re.compile("Year 1: .* in complete remission, of "))
    drawer.locator("[data-row]").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is known")).to_be_visible()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    visit.asks("patient=S")
    page.go_back()
    visit.settle()
    expect(page.get_by_text("Who is counted each year")).to_be_visible()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    assert visit.complaints == []


def test_a_bar_of_the_waterfall_and_a_lane_open_their_patient(visit: Visit) -> None:
    page = visit.open("activity?source=UC")
    page.locator(".st-key-fold_waterfall summary").click()
    visit.listens()
    waterfall = chart(page, "waterfall")
    waterfall.scroll_into_view_if_needed()
    box = waterfall.bounding_box()
    assert box is not None
    click(waterfall, 1 - 12 / box["width"], 0.4)
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(re.compile(r"Patient S\d+"))
    assert len(names(drawer)) == 1
    page = visit.open("patients")
    click(chart(page, "swimmer"), 0.3, 0.45)
    expect(drawer).to_contain_text(re.compile(r"Patient S\d+"))
    drawer.locator("[data-row]").click()
    visit.asks("patient=S")
    assert visit.complaints == []


def test_who_died_when_and_in_what_state_before_is_one_click(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("button", name="5 deaths").click()
    drawer = page.get_by_role("dialog")
    assert names(drawer) == ["S030", "S038", "S045", "S026", "S017"]
    row = drawer.get_by_role("button", name="S026")
    expect(row).to_contain_text("death at month 28.9, heart failure")
    expect(row).to_contain_text("before: partial remission, SLEDAI 4 at month 25.7")


def test_the_relapsers_of_year_2_are_kept_and_undo_brings_all_back(visit: Visit) -> None:
    page = visit.open()
    click(chart(page, "yearly_relapse"), 0.4, 0.55)
    drawer = page.get_by_role("dialog")
    assert names(drawer) == RELAPSED_IN_YEAR_2
    drawer.get_by_role("button", name="Keep only these 7").click()
    strip = page.locator(".st-key-strip")
    expect(strip).to_contain_text("7 of 87 patients")
    expect(strip).to_contain_text("7 chosen patients: with a first relapse, year 2")
    expect(drawer).to_have_count(0)
    visit.asks("who=")
    assert not any(name in page.url for name in RELAPSED_IN_YEAR_2)
    page.reload()
    expect(strip).to_contain_text("7 of 87 patients")
    visit.listens()
    page.get_by_role("button", name="7 chosen patients").click()
    expect(strip).to_contain_text("87 of 87 patients")
    visit.press("Control+z")
    expect(strip).to_contain_text("7 of 87 patients")
    assert visit.complaints == []


def test_people_are_compared_with_everybody_else(visit: Visit) -> None:
    page = visit.open("response")
    click(chart(page, "relapse"), 0.4, 0.55)
    page.get_by_role("dialog").get_by_role("button", name="Against everybody else").click()
    strip = page.locator(".st-key-strip")
    expect(strip).to_contain_text("against 80 others")
    visit.asks("compare=everybody_else")
    expect(page.get_by_test_id("stMain")).to_contain_text("everybody else")
    visit.listens()
    visit.press("Control+z")
    expect(strip).to_contain_text("87 of 87 patients")
    assert visit.complaints == []


def test_people_are_saved_as_a_view(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("button", name="5 deaths").click()
    page.get_by_role("dialog").get_by_role("button", name="Save as a view").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
    visit.listens()
    page.get_by_role("button", name="Views").click()
    page.get_by_role("link", name="who died").click()
    expect(page.locator(".st-key-strip")).to_contain_text("5 of 87 patients")


def test_people_of_another_file_are_told_and_ignored(visit: Visit) -> None:
    page = visit.open("?who=00000000&who=3.1&source=UC")
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    expect(page.get_by_text("Ignored in the address")).to_contain_text("patients chosen in another file")


def test_people_are_reached_without_a_mouse(visit: Visit) -> None:
    page = visit.open()
    page.locator(".st-key-who_yearly_relapse button").focus()
    visit.press("Enter")
    page.get_by_role("menuitem", name="Year 2: 7 with a first relapse").or_(
        page.get_by_role("option", name="Year 2: 7 with a first relapse")
    ).focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    assert names(drawer) == RELAPSED_IN_YEAR_2
    visit.press("Escape")
    expect(drawer).to_have_count(0)
    assert visit.complaints == []


def test_dots_are_played_through_the_months_and_open_their_patient(visit: Visit) -> None:
    page = visit.open("patients?source=UC")
    month = page.get_by_role("slider", name="Month")
    expect(month).to_have_value("12")
    expect(page.get_by_text("Month 12, 42 patients:")).to_be_attached()
    page.get_by_role("button", name="Play").click()
    expect(month).not_to_have_value("12")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    visit.listens()
    now = month.input_value()
    expect(page.get_by_text(f"Month {now}, 42 patients:")).to_be_attached()
    month.focus()
    visit.press("ArrowRight")
    expect(month).not_to_have_value(now)
    dots = chart(page, "dots")
    dots.scroll_into_view_if_needed()
    dots.click(position={"x": 12, "y": 58})  # the first in complete remission
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(re.compile(r"Patient S\d+"))
    drawer.get_by_role("button", name="Open this patient").click()
    visit.asks("patient=S")
    assert visit.complaints == []
