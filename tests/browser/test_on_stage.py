"""Presenting, by link and by Back: nothing is lost, with the sample and with an uploaded file."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.browser.conftest import open_visit
from tests.browser.serving import Server, start
from tests.browser.visit import Visit


def save(visit: Visit, name: str) -> None:
    page = visit.page
    page.get_by_role("button", name="Views").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Name", exact=True).press("Enter")
    visit.settle()
    page.get_by_role("button", name="Save this view").click()
    visit.press("Escape")


def with_three_stops(visit: Visit) -> Page:
    """Save three views by hand, as before a talk, and start presenting."""
    page = visit.open("survival?compare=msc_source")
    save(visit, "By source")
    page.get_by_role("link", name="Remission & relapse", exact=True).first.click()
    visit.settle()
    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^UC ")).click()
    visit.settle()
    save(visit, "UC each year")
    page.get_by_role("button", name="Clear all").click()
    visit.settle()
    page.get_by_role("link", name="Overview", exact=True).first.click()
    visit.settle()
    save(visit, "All at a glance")
    visit.press("p")
    expect(page.locator(".st-key-line")).to_contain_text("3 of 3")
    return page


def at(visit: Visit, *words: str) -> None:
    """Wait until the line says where the presentation is."""
    visit.settle()
    for each in words:
        expect(visit.page.locator(".st-key-line")).to_contain_text(each)


def press(visit: Visit, *keys: str) -> None:
    """Press keys at once, as a clicker does: without a click into the page, and without waiting."""
    for key in keys:
        visit.page.keyboard.press(key)


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


@pytest.mark.parametrize(("on", "back"), [(" ", "PageUp"), ("ArrowRight", "ArrowLeft"), ("ArrowDown", "ArrowUp")])
def test_every_key_for_on_and_back(visit: Visit, on: str, back: str) -> None:
    visit.open("?present=on")
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
    chart.locator("svg").evaluate("svg => svg.marked = true")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Speaker's window").click()
    window = opened.value
    press(visit, "PageDown", "PageDown")
    at(visit, "step 4 of 7")
    expect(said).to_contain_text("All due: of those due, 24 % (10/42) at year 1")
    expect(said).to_contain_text("the same patients as before.")
    expect(chart.get_by_text("10/42", exact=True)).to_be_visible()
    expect(window.get_by_text("6 of 9, step 4 of 7: All due")).to_be_visible()
    window.close()
    assert chart.locator("svg").evaluate("svg => svg.marked")  # moved, not built anew
    visit.asks("present=ways&step=3")
    press(visit, *["PageDown"] * 3)
    at(visit, "step 7 of 7")
    expect(said).to_contain_text("Of those assessed, 25 % (10/40)")
    press(visit, *["PageUp"] * 4)
    at(visit, "step 3 of 7")
    expect(said).to_contain_text("Deaths counted: ")
    page.reload()
    at(visit, "step 3 of 7")
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


@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_fits_the_screen_and_is_legible_from_the_back_row(schemed_visit: Visit, stop: str) -> None:
    visit = schemed_visit
    visit.page.set_viewport_size({"width": 1920, "height": 1080})
    page = visit.open(f"?source=UC&present={stop}&step=9")
    at(visit, "of 9")
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
    expect(page.get_by_text(re.compile("Ignored in the address.*nowhere"))).to_be_visible()


def test_a_lost_connection_on_stage(visit_apart: Visit) -> None:
    sockets: list[WebSocketRoute] = []

    def pass_on(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    visit_apart.page.route_web_socket(re.compile("/_stcore/stream"), pass_on)
    page = with_three_stops(visit_apart)
    before = len(sockets)
    sockets[-1].close(code=1011, reason="the cable was pulled")
    press(visit_apart, "b")
    expect(page.locator(".stage-black")).to_be_visible()
    press(visit_apart, "b")
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    for _ in range(100):
        if len(sockets) > before:
            break
        page.wait_for_timeout(100)
    assert len(sockets) > before
    visit_apart.press("PageUp")
    at(visit_apart, "UC each year", "42 of 87", "step 4 of 4")


@pytest.fixture
def server() -> Iterator[list[Server]]:
    """A server by itself; the last one of the list is ended after the test."""
    running = [start()]
    yield running
    running[-1].stop()


def test_a_server_that_ends_and_is_started_anew_finds_the_stage_at_its_stop(
    chromium: Browser, server: list[Server]
) -> None:
    for visit in open_visit(chromium, server[0].address):
        page = visit.open("?source=UC&present=ways&step=2")
        said, chart = page.locator(".st-key-verdict"), page.get_by_test_id("stVegaLiteChart")
        press(visit, "PageDown")
        at(visit, "step 4 of 7")
        server[0].process.kill()
        server[0].process.wait()
        page.locator("[data-test-connection-state]:not([data-test-connection-state=CONNECTED])").wait_for()
        lost = "getComputedStyle(document.querySelector('.stApp'), '::after').content"
        assert "Connection lost" in page.evaluate(lost)
        page.get_by_test_id("stDialog").wait_for(state="attached")  # of Streamlit, about its command line
        expect(page.get_by_test_id("stDialog")).to_be_hidden()
        press(visit, "PageDown", "PageUp", "b")
        expect(page.locator(".stage-black")).to_be_visible()
        press(visit, "b", "PageDown")
        expect(page.locator(".stage-black")).to_have_count(0)
        expect(chart).to_be_in_viewport(ratio=1)
        expect(said).to_contain_text("All due: ")

        server.append(start(int(server[0].address.rsplit(":", 1)[1])))
        page.locator("[data-test-connection-state=CONNECTED]").wait_for()
        assert "Connection lost" not in page.evaluate(lost)
        expect(page.get_by_test_id("stDialog")).to_have_count(0)
        page.wait_for_timeout(1000)
        at(visit, "42 of 87", "6 of 9, step 4 of 7")
        expect(chart).to_be_in_viewport(ratio=1)
        press(visit, "PageDown")
        at(visit, "6 of 9, step 5 of 7")
        expect(said).to_contain_text("Ever: ")
        press(visit, "PageUp", "PageUp")
        at(visit, "6 of 9, step 3 of 7")


def test_the_speakers_window_shows_what_comes_next_keeps_notes_and_moves_the_stage(visit: Visit) -> None:
    page = visit.open("?present=on")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Speaker's window").click()
    window = opened.value
    assert "present" not in window.url
    expect(window.get_by_text("1 of 9, step 1 of 2")).to_be_visible()
    expect(window.get_by_text("Next: Remission & relapse: remission")).to_be_visible()
    expect(window.get_by_text(re.compile("since the start"))).to_be_visible()
    notes = window.get_by_label("Notes for this stop")
    notes.fill("Ask who has seen a relapse")
    notes.press("Control+Enter")
    window.get_by_role("button", name="On", exact=True).click()
    at(visit, "1 of 9, step 2 of 2")
    expect(window.get_by_text("1 of 9, step 2 of 2")).to_be_visible()
    press(visit, "PageDown")
    at(visit, "2 of 9, step 1 of 2")
    expect(window.get_by_text("2 of 9, step 1 of 2")).to_be_visible()
    expect(notes).to_have_value("")
    window.get_by_role("button", name="Back", exact=True).click()
    at(visit, "1 of 9, step 2 of 2")
    expect(notes).to_have_value("Ask who has seen a relapse")
    assert "Ask" not in page.url
    window.goto(window.url[:-4] + "AAAA")
    expect(window.get_by_text("This link leads to no presentation", exact=False)).to_be_visible()
    window.close()


def test_views_are_saved_to_a_file_and_loaded_again(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("survival?compare=msc_source")
    save(visit, "By source")
    page.get_by_role("button", name="Views").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save all to a file").click()
    file = tmp_path / "views.json"
    download.value.save_as(file)
    assert "S001" not in file.read_text(encoding="utf-8")

    page = visit.open("")
    page.get_by_role("button", name="Views").click()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    visit.settle()
    page.get_by_role("link", name="By source").click()
    visit.settle()
    expect(page.get_by_role("heading", name=re.compile("alive over time"))).to_be_visible()
    visit.asks("compare=msc_source")


def test_a_pinned_cohort_by_link_reload_and_back(visit: Visit) -> None:
    page = visit.open("survival?source=UC&endpoint=relapse&landmark=6")
    page.get_by_role("button", name="Pin these patients").click()
    visit.settle()
    page.get_by_role("button", name="MSC source UC").click()
    expect(page.locator(".st-key-strip")).to_contain_text("UC 42 beside all patients 87, 42 in both")
    visit.settle()
    link = page.url
    heading = page.get_by_test_id("stMain").get_by_role("heading", level=3).first.inner_text()
    page.goto(link)
    visit.settle()
    expect(page.locator(".st-key-strip")).to_contain_text("UC 42 beside all patients 87, 42 in both")
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=3).first).to_have_text(heading)
    assert page.url == link
    page.get_by_role("button", name="Swap").click()
    expect(page.locator(".st-key-strip")).to_contain_text("all patients 87 beside UC 42, 42 in both")
    visit.settle()
    page.go_back()
    expect(page.locator(".st-key-strip")).to_contain_text("UC 42 beside all patients 87, 42 in both")
    visit.settle()
    assert page.url == link
    expect(page.get_by_text(re.compile("the groups share [0-9]+ patients")).first).to_be_visible()
    assert visit.complaints == []


def test_an_option_is_gone_back_on_and_its_control_too(visit: Visit) -> None:
    page = visit.open("response")
    page.get_by_role("radio", name="Ever", exact=True).first.click(force=True)
    visit.settle()
    visit.asks("estimand=ever")
    page.go_back()
    visit.settle()
    expect(page.get_by_role("radio", name="Assessed", exact=True).first).to_be_checked()
    expect(page.get_by_text("23 of 83 assessed", exact=False).first).to_be_visible()


def test_undo_by_key_goes_one_step(visit: Visit) -> None:
    page = visit.open()
    panel = page.get_by_test_id("stSidebar")
    for name in ("UC", "renal"):
        panel.get_by_role("button", name=re.compile(f"^{name} ")).click()
        visit.settle()  # two clicks that reach the app together are one step
    visit.press("Control+z")
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    visit.press("Control+Shift+z")
    expect(page.locator(".st-key-strip")).to_contain_text("37 of 87 patients")


def test_a_landmark_is_one_click_from_a_filter_on_the_outcome(visit: Visit) -> None:
    page = visit.open("?f.relapse_months=3..20")
    page.get_by_role("link", name="Survival from a landmark at month 12").click()
    visit.settle()
    visit.asks("/survival?")
    visit.asks("landmark=12")
    expect(page.get_by_text("12 months after transplantation", exact=False).first).to_be_visible()


def own_files(folder: Path) -> list[Path]:
    numbers = range(40)
    patients = pd.DataFrame(
        {
            "patient_id": [f"{number:02d}" for number in numbers],
            "follow_up_months": [3 + number / 2 for number in numbers],
            "died": [int(number % 8 == 0) for number in numbers],
            "ward": [["north", "south"][number % 2] for number in numbers],
        }
    )
    seen = [(f"{number:02d}", month, 12 - month) for number in numbers for month in (0, 3)]
    visits = pd.DataFrame(seen, columns=["patient_id", "months", "sledai"])
    files = [folder / "patients.csv", folder / "visits.csv"]
    patients.to_csv(files[0], index=False)
    visits.to_csv(files[1], index=False)
    return files


def drop(visit: Visit, files: list[Path]) -> None:
    visit.page.get_by_test_id("stMain").get_by_test_id("stFileUploader").first.locator(
        "input[type=file]"
    ).set_input_files(files)
    expect(visit.page.locator(".st-key-strip")).to_contain_text(re.compile("of 40 patients"))
    visit.settle()


def test_an_upload_by_link_reload_and_back_and_on_stage(visit: Visit, tmp_path: Path) -> None:
    files = own_files(tmp_path)
    page = visit.open("cohort")
    drop(visit, files)
    page.get_by_role("link", name="Survival", exact=True).first.click()
    visit.settle()
    page.get_by_role("combobox", name="Add filter").click()
    page.get_by_role("option", name="ward").click()
    visit.settle()
    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^north ")).click()
    expect(page.locator(".st-key-strip")).to_contain_text("20 of 40 patients")
    visit.settle()
    save(visit, "North")
    page.get_by_role("button", name="Pin these patients").click()
    visit.settle()
    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^south ")).click()
    expect(page.locator(".st-key-strip")).to_contain_text("ward north 20 beside ward north or south 40, 20 in both")
    visit.settle()
    page.go_back()
    expect(page.locator(".st-key-strip")).to_contain_text("20 of 40 patients")
    page.go_forward()
    expect(page.locator(".st-key-strip")).to_contain_text("ward north 20 beside ward north or south 40, 20 in both")
    visit.press("p")
    at(visit, "– of 1, step 1 of 4")
    press(visit, *["PageDown"] * 4)
    at(visit, "North", "40 of 40")
    press(visit, "PageDown")
    at(visit, "North", "20 of 40")
    link = page.url
    assert not re.search("north.*north.*S0", link)

    page.goto(link)
    visit.settle()
    expect(page.get_by_text("This link is for a file with the fingerprint", exact=False)).to_be_visible()
    page.get_by_role("link", name="Cohort", exact=True).first.click()
    visit.settle()
    page.get_by_test_id("stFileUploader").last.locator("input[type=file]").set_input_files(files)
    expect(page.locator(".st-key-line")).to_contain_text("20 of 40")
    visit.press("Escape")
    expect(page.locator(".st-key-strip")).to_contain_text("20 of 40 patients")
    page.get_by_role("link", name="Survival", exact=True).first.click()
    visit.settle()
    visit.asks("f.ward=north")
    assert visit.complaints == []
