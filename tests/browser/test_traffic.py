"""What a click costs: one run of the server, and no chart that did not change."""

import re
from collections import Counter

from playwright.sync_api import WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.visit import Visit


class Traffic:
    """The messages of the server since the last click."""

    def __init__(self, visit: Visit) -> None:
        self.frames: list[bytes] = []
        visit.page.on("websocket", self._watch)

    def _watch(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.frames.append(frame if isinstance(frame, bytes) else b""))

    def kinds(self) -> Counter[str]:
        """Return the number of messages of each kind; charts count separately."""
        found: Counter[str] = Counter()
        for frame in self.frames:
            message = ForwardMsg()
            message.ParseFromString(frame)
            kind = str(message.WhichOneof("type"))
            chart = kind == "delta" and message.delta.new_element.WhichOneof("type") == "vega_lite_chart"
            found["chart" if chart else kind] += 1
        return found


def test_a_filter_costs_one_run(visit_apart: Visit) -> None:
    traffic = Traffic(visit_apart)
    for path in ("", "cohort", "survival", "response", "activity", "patients", "report"):
        page = visit_apart.open(path)
        traffic.frames.clear()
        page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^UC ")).click()
        page.wait_for_timeout(800)
        visit_apart.listens()
        assert traffic.kinds()["new_session"] == 1, path


def test_charts_that_a_click_does_not_change_are_neither_sent_nor_drawn_again(visit_apart: Visit) -> None:
    traffic = Traffic(visit_apart)
    page = visit_apart.open("response")
    page.evaluate(
        """() => {
            window.drawn = new Set();
            new MutationObserver((changes) => changes.forEach((change) => {
                const chart = change.target.closest?.("[data-testid=stVegaLiteChart]");
                if (chart && change.type === "childList") window.drawn.add(chart);
            })).observe(document.body, {subtree: true, childList: true});
        }"""
    )
    traffic.frames.clear()
    page.get_by_role("radio", name="Rate", exact=True).first.click(force=True)
    page.wait_for_timeout(800)
    visit_apart.listens()
    kinds = traffic.kinds()
    assert kinds["new_session"] == 1
    assert kinds["chart"] == 1  # relapse per year; remission does not change, and the other figures are folded
    assert page.evaluate("window.drawn.size") == 1
    assert page.get_by_test_id("stVegaLiteChart").count() == 2


def test_the_month_at_which_a_figure_is_read_costs_that_figure_alone(visit_apart: Visit) -> None:
    traffic = Traffic(visit_apart)
    for path in ("survival", "activity"):
        page = visit_apart.open(path)
        page.get_by_role("slider", name="Read at").focus()
        traffic.frames.clear()
        page.keyboard.press("ArrowRight")
        visit_apart.asks("read_")
        visit_apart.listens()
        kinds = traffic.kinds()
        assert (kinds["new_session"], kinds["chart"]) == (1, 1), path
        assert kinds["delta"] < 15, path  # nothing of the header, the tables and the filters
