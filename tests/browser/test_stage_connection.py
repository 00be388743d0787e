"""The stage beside its speaker's window, and when the connection or the server is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.browser.conftest import open_visit
from tests.browser.serving import Server, start
from tests.browser.talk import at, press, with_three_stops
from tests.browser.visit import Visit


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
        press(visit, "PageDown")  # before the new server has drawn anything
        at(visit, "42 of 87", "6 of 9, step 5 of 7")
        expect(page.get_by_test_id("stDialog")).to_have_count(0)
        expect(chart).to_be_in_viewport(ratio=1)
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
