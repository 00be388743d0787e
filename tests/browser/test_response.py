"""The patients behind any bar, numerator and denominator, by mouse and by keyboard."""

from playwright.sync_api import expect

from tests.browser.visit import Visit


def test_the_keyboard_reaches_the_patients_of_a_year(visit: Visit) -> None:
    page = visit.open("response")
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 40, box["y"] + 54)  # the name of a row, of which nobody is told; then keyboard only
    visit.press("ArrowRight")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("Year 1: 23 in complete remission, of 83")
    visit.press("Escape")
    expect(drawer).to_have_count(0)
    assert visit.complaints == []


def test_a_comparison_drops_what_was_picked_of_other_groups(visit: Visit) -> None:
    page = visit.open("response?compare=msc_source")
    page.get_by_text("How far apart are the groups each year?").click()
    expect(page.get_by_role("rowheader", name="Year 2: UC less BM").first).to_be_visible()
    assert visit.complaints == []


def test_what_was_published_stands_beside_ones_own_in_two_clicks(visit: Visit) -> None:
    page = visit.open("response")
    page.get_by_text("What was published, and what would the next centre see?").click()
    page.get_by_role("radio", name="Every paper").click()
    fold = page.locator(".st-key-fold_beside")
    expect(fold).to_contain_text("5 pooled: 37 % (19–64)".replace(" %", "\u00a0%").replace("% (", "%\u00a0("))
    expect(fold.locator("svg.marks").first).to_contain_text("5 pooled")
    assert visit.complaints == []
