"""Presenting: the keys of a clicker, what is built up, and that a back row reads it."""

import re
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.talk import at, press, with_three_stops
from tests.browser.visit import Visit


def test_the_stage_is_ready_by_one_click_and_hears_a_clicker_at_once(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("button", name="Present").click()
    at(visit, "Survival", "1 of 9, step 1 of 2")
    expect(page.get_by_role("heading", name="How many are alive over time?")).to_be_visible()
    press(visit, "PageDown")
    at(visit, "1 of 9, step 2 of 2")
    expect(page.locator(".st-key-verdict")).to_contain_text("Alive")
    press(visit, "PageDown")
    at(visit, "Remission & relapse", "2 of 9, step 1 of 2")
    press(visit, "PageUp")
    at(visit, "Survival", "1 of 9, step 2 of 2")
    assert visit.complaints == []


def test_help_covers_no_figure_while_the_pointer_rests(visit: Visit) -> None:
    page = visit.open("?present=on")
    back = page.get_by_role("button", name="‹").first.bounding_box()
    assert back is not None
    # The pointer is there already when the stage comes, as after a click on "Present".
    x, y = back["x"] + back["width"] / 2, back["y"] + back["height"] / 2
    help_text = page.get_by_test_id("stTooltipContent")
    page.mouse.move(x, y)
    expect(help_text.first).to_be_visible()
    press(visit, "PageDown")
    at(visit, "step 2 of 2")
    expect(help_text.filter(visible=True)).to_have_count(0)
    page.mouse.move(x + 1, y)
    expect(help_text.first).to_be_visible()


def test_every_key_for_on_and_back(visit: Visit) -> None:
    visit.open("?present=on")
    for on, back in ((" ", "PageUp"), ("ArrowRight", "ArrowLeft"), ("ArrowDown", "ArrowUp")):
        press(visit, on)
        at(visit, "step 2 of 2")
        press(visit, back)
        at(visit, "step 1 of 2")


def test_presses_while_the_server_is_busy_all_count(visit: Visit) -> None:
    visit.open("?present=on")
    press(visit, *["PageDown"] * 5)
    at(visit, "3 of 9, step 2 of 2")
    press(visit, *["PageUp"] * 3)
    at(visit, "2 of 9, step 1 of 2")


def test_neither_end_is_passed(visit: Visit) -> None:
    visit.open("?present=on")
    press(visit, "PageUp", "PageUp")
    at(visit, "1 of 9, step 1 of 2")
    press(visit, *["PageDown"] * 30)
    at(visit, "9 of 9")
    press(visit, "PageUp")
    at(visit, "8 of 9")


def test_a_figure_is_built_up_to_everybody_else_and_the_numbers(visit: Visit) -> None:
    page = visit.open("?source=UC&present=on")
    numbers = page.locator(".st-key-verdict")
    at(visit, "all patients", "87 of 87", "step 1 of 4")
    press(visit, "PageDown")
    at(visit, "MSC source UC", "42 of 87", "step 2 of 4")
    press(visit, "PageDown")
    at(visit, "42 of 87", "against 45 others", "step 3 of 4")
    expect(numbers).to_have_count(0)
    press(visit, "PageDown")
    at(visit, "step 4 of 4")
    expect(numbers).to_contain_text("difference")
    visit.press("Escape")
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    visit.asks("source=UC")
    assert "compare" not in page.url
    assert visit.complaints == []


def test_a_comparison_is_built_up_to_its_groups(visit: Visit) -> None:
    page = visit.open("?compare=msc_source&present=on")
    at(visit, "step 1 of 3")
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart.get_by_text("UC", exact=True)).to_have_count(0)
    press(visit, "PageDown")
    at(visit, "step 2 of 3")
    expect(chart.get_by_text("UC", exact=True).first).to_be_visible()


def test_a_key_walks_through_the_ways_of_counting_and_back(visit: Visit) -> None:
    page = visit.open("?source=UC&present=ways")
    said, chart = page.locator(".st-key-verdict"), page.get_by_test_id("stVegaLiteChart")
    at(visit, "87 of 87", "6 of 9, step 1 of 7")
    expect(said).to_have_text("Assessed: of those assessed, 28 % (23/83) at year 1 rises to 50 % (3/6) at year 4.")
    press(visit, "PageDown")
    at(visit, "42 of 87", "step 2 of 7")
    expect(said).to_contain_text("Assessed: of those assessed, 25 % (10/40)")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Speaker's window").click()
    window = opened.value
    expect(window.get_by_text("6 of 9, step 2 of 7")).to_be_visible()
    press(visit, "PageDown", "PageDown")
    at(visit, "step 4 of 7")
    expect(said).to_contain_text("All due: of those due, 24 % (10/42) at year 1")
    expect(said).to_contain_text("the same patients as before.")
    expect(chart.get_by_text("10/42", exact=True)).to_be_visible()
    expect(window.get_by_text("6 of 9, step 4 of 7: All due")).to_be_visible()
    window.close()
    visit.asks("present=ways&step=3")
    press(visit, *["PageDown"] * 3)
    at(visit, "step 7 of 7")
    expect(said).to_contain_text("Of those assessed, 25 % (10/40)")
    press(visit, *["PageUp"] * 4)
    at(visit, "step 3 of 7")
    expect(said).to_contain_text("Deaths counted: ")
    page.reload()
    at(visit, "step 3 of 7")
    visit.listens()
    expect(chart.get_by_text("10/42", exact=True)).to_have_count(0)
    press(visit, *["PageDown"] * 5)
    at(visit, "7 of 9, step 1 of 6")
    expect(said).to_contain_text("Assessed: of those assessed, 12 % (10/83)")
    assert visit.complaints == []


# Where to click, in shares of the width and height of the figure, and what the drawer says.
CLICKS = {
    "survival": (0.7, 0.2, "last seen at"),
    "remission": (0.15, 0.6, "Year 1: 10 in complete remission, of 40"),
    "relapse": (0.4, 0.6, "Year 2: 2 with a first relapse, of 14"),
    "ledger": (0.25, 0.5, "Year 1, assessed: 40 patients"),
}


@pytest.mark.parametrize("stop", CLICKS)
def test_a_click_on_the_stage_shows_how_the_people_there_fared_and_not_who_they_are(visit: Visit, stop: str) -> None:
    visit.page.set_viewport_size({"width": 1920, "height": 1080})
    page = visit.open(f"?source=UC&present={stop}&step=1")
    at(visit, "42 of 87", "step 2 of")
    across, down, said = CLICKS[stop]
    box = page.locator("[data-testid=stVegaLiteChart] svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
    visit.listens()
    page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(said)
    expect(drawer.locator(".lane").first).to_be_visible()
    assert not re.search("S0[0-9]{2}|female|years", drawer.inner_html())
    for button in ("Keep only", "Against everybody else", "Save as a view", "Open this patient"):
        expect(drawer.get_by_role("button", name=button)).to_have_count(0)
    link = page.url
    visit.press("Escape")
    expect(drawer).to_have_count(0)
    at(visit, "step 2 of")
    assert page.url == link
    page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
    expect(drawer).to_contain_text(said)
    press(visit, "PageUp")
    at(visit, "87 of 87", "step 1 of")
    expect(drawer).to_have_count(0)
    assert visit.complaints == []


def test_the_screen_is_black_and_light_again_by_b(visit: Visit) -> None:
    page = visit.open("?present=on")
    black = page.locator(".stage-black")
    for key in ("b", ".", "B"):
        press(visit, key)
        expect(black).to_be_visible()
        press(visit, "PageDown")  # the first press only lights it
        expect(black).to_have_count(0)
    at(visit, "step 1 of 2")


def test_stops_forward_and_back_by_key_and_by_button(visit: Visit) -> None:
    page = with_three_stops(visit)
    press(visit, "PageUp")
    at(visit, "UC each year", "2 of 3, step 4 of 4")
    press(visit, "PageUp", "PageUp", "PageUp")
    at(visit, "UC each year", "87 of 87", "2 of 3, step 1 of 4")
    press(visit, "PageUp")
    at(visit, "By source", "87 of 87", "1 of 3, step 3 of 3")
    page.get_by_role("button", name="›").click()
    visit.settle()
    press(visit, "PageDown")
    at(visit, "UC each year", "42 of 87")
    expect(page.get_by_role("heading", name=re.compile("in complete remission each year"))).to_be_visible()
    page.reload()
    at(visit, "UC each year", "2 of 3, step 2 of 4")
    visit.press("Escape")
    expect(page.locator(".st-key-line")).to_have_count(0)
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    visit.asks("/response?")
    assert visit.complaints == []


STOPS = ["survival", "remission", "relapse", "activity", "ledger", "ways", "relapse_ways", "states", "courses"]
PUBLISHED = "published"  # a stop only where published facts are shown


# Of each visible text: words, size, and left, top, right and bottom of its letters; a halo is no text.
TEXTS = """root => [...root.querySelectorAll("svg text")]
    .filter(text => text.textContent && !text.getAttribute("stroke")?.match(/#/) && text.getBoundingClientRect().width
        && getComputedStyle(text).opacity > 0)
    .flatMap(text => {
        const enlarged = text.ownerSVGElement.getBoundingClientRect().width
            / parseFloat(text.ownerSVGElement.getAttribute("width"));
        const size = parseFloat(getComputedStyle(text).fontSize) * enlarged;
        const lines = text.querySelector("tspan") ? [...text.querySelectorAll("tspan")] : [text];
        return lines.map(line => line.getBoundingClientRect()).map((box, place) => [
            lines[place].textContent, size, box.left, box.top + 0.2 * size, box.right, box.bottom - 0.2 * size]);
    })"""
PLOT = "svg => { const box = svg.getBoundingClientRect(); return [box.top, box.bottom]; }"


def plot_of(page: Page) -> list[float]:
    """Return top and bottom of the plot, without its axes, in pixels of the screen."""
    found: list[float] = page.locator("[data-testid=stVegaLiteChart] .role-frame.root > g > path.background").evaluate(
        PLOT
    )
    return found


@pytest.mark.parametrize("stop", [*STOPS, PUBLISHED])
def test_a_stop_fits_the_screen_and_is_legible_from_the_back_row(visit: Visit, stop: str) -> None:
    visit.page.set_viewport_size({"width": 1920, "height": 1080})
    shown = stop == PUBLISHED
    page = visit.open(f"?source=UC&present={stop}&step=9{'&published=yes' if shown else ''}")
    at(visit, "4 of 10" if shown else "of 9")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart).to_have_count(1)
    expect(chart).to_be_in_viewport(ratio=1)
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollHeight - main.clientHeight") <= 0
    texts = chart.evaluate(TEXTS)
    assert len(texts) > 5
    assert [text for text in texts if round(text[1], 1) < 24] == []
    for sentence in page.locator(".st-key-verdict p").all():
        assert sentence.evaluate("words => parseFloat(getComputedStyle(words).fontSize)") == 36
    inside = chart.locator("svg").evaluate(
        "chart => { const box = chart.getBoundingClientRect(); return [box.left, box.right]; }"
    )
    assert [text for text in texts if text[2] < inside[0] - 1 or text[4] > inside[1] + 1] == []
    around = page.locator(".st-key-line p, .st-key-stage h2, .st-key-verdict p").evaluate_all(
        "all => all.map(each => [each, each.getBoundingClientRect()])"
        ".map(([each, box]) => [each.innerText, 0, box.left, box.top, box.right, box.bottom])"
    )
    boxes = [*texts, *around]
    assert [(one[0], other[0]) for one, other in combinations(boxes, 2) if overlap(one, other)] == []
    top, bottom = plot_of(page)
    assert bottom - top > 1080 / 3
    assert visit.complaints == []


def overlap(one: list[Any], other: list[Any]) -> bool:
    """Return whether two texts, each with its box at the end, overlap."""
    (*_, left, top, right, bottom), (*_, next_left, next_top, next_right, next_bottom) = one, other
    return min(right, next_right) - max(left, next_left) > 1 and min(bottom, next_bottom) - max(top, next_top) > 1


@pytest.mark.parametrize("asked", ["source=UC", "compare=msc_source"])
@pytest.mark.parametrize("stop", ["survival", "remission", "activity"])
def test_what_is_built_up_comes_into_reserved_room(visit: Visit, asked: str, stop: str) -> None:
    visit.page.set_viewport_size({"width": 1920, "height": 1080})
    page = visit.open(f"?{asked}&present={stop}")
    places = []
    for step in range(1, 5 if "=UC" in asked else 4):
        at(visit, f"step {step} of")
        visit.listens()
        places.append(plot_of(page))
        press(visit, "PageDown")
    assert all(place == pytest.approx(places[0], abs=1) for place in places), places


def test_filters_are_usable_on_the_spot(visit: Visit) -> None:
    page = visit.open("response?present=on")
    visit.press("f")
    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^UC ")).click()
    visit.settle()
    expect(page.locator(".st-key-line")).to_contain_text("42 of 87")
    visit.press("f")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.locator(".st-key-line")).to_contain_text("MSC source UC")
    press(visit, "PageDown")  # the focus was in the panel
    at(visit, "step 3 of 4")


def test_what_is_typed_is_no_key_of_the_stage(visit: Visit) -> None:
    page = visit.open("?present=on")
    visit.press("f")
    box = page.get_by_role("combobox", name="Add filter")
    box.fill("b. ")
    box.press("ArrowRight")
    visit.settle()
    expect(page.locator(".stage-black")).to_have_count(0)
    at(visit, "step 1 of 2")


def test_an_option_is_kept_on_the_stage_and_after_it(visit: Visit) -> None:
    page = visit.open("response?estimand=ever&present=on")
    expect(page.get_by_role("heading", name=re.compile("at least once"))).to_be_visible()
    press(visit, "PageDown", "PageDown")
    at(visit, "3 of 9")
    visit.press("Escape")
    visit.asks("estimand=ever")
    expect(page.get_by_role("radio", name="Ever", exact=True).first).to_be_checked()


def test_a_stop_that_is_none_is_told(visit: Visit) -> None:
    page = visit.open("response?present=nowhere&step=x")
    at(visit, "2 of 9, step 1 of 2")
    told, heading = page.get_by_text(re.compile("Ignored in the address.*nowhere")), page.locator(".st-key-stage h2")
    expect(told).to_be_in_viewport(ratio=1)
    before = heading.bounding_box()
    press(visit, "PageDown")
    at(visit, "step 2 of 2")
    expect(told).to_have_count(0)
    assert heading.bounding_box() == before
