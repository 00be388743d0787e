"""How long a click takes until the last chart has settled: ``python tests/benchmarks/click.py``.

Clicks the same filter on and off on every page of the app, and on a bare Streamlit page whose one chart, as large as
the largest of that page, was made beforehand and is drawn anew at every click. Prints milliseconds, their ratio in
the same run, server runs and bytes a click. Needs a Chromium.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, WebSocket, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

sys.path.insert(0, str(Path(__file__).parents[2]))

from analysis import Cohort, Filters, OneOf, kaplan_meier, load_sample, trajectory, yearly_remission
from analysis.estimates.lanes import lanes
from analysis.figures.survival import survival_chart
from analysis.figures.swimmer import swimmer_chart
from analysis.figures.trajectory import trajectory_chart
from analysis.figures.yearly import yearly_chart
from tests.browser.serving import QUIET, find_chromium, serve

CLICKS = 14
QUIET_MS = 1200  # from one click to the next

# Of each page its largest chart.
CHARTS = {
    "": lambda cohort: trajectory_chart(trajectory(cohort)),
    "survival": lambda cohort: survival_chart(kaplan_meier(cohort)),
    "response": lambda cohort: yearly_chart(yearly_remission(cohort), kind="remission"),
    "activity": lambda cohort: trajectory_chart(trajectory(cohort)),
    "patients": lambda cohort: swimmer_chart(lanes(cohort)),
}
BARE = """
import json
import altair as alt
import streamlit as st

@st.cache_resource
def charts():
    return [alt.LayerChart.from_dict(json.load(open(name))) for name in ("all.json", "uc.json")]

st.set_page_config(layout="wide")
with st.sidebar:
    picked = st.pills("Source", ["UC 42"], selection_mode="multi")
st.markdown("<div class='st-key-strip'></div>", unsafe_allow_html=True)
st.altair_chart(charts()[bool(picked)], key="chart", theme=None, width="stretch")
"""
WATCH = """() => {
    window.changed = 0;
    window.clicked = 0;
    const watched = "[data-testid=stVegaLiteChart]";
    const inside = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(watched);
    new MutationObserver((changes) => {
        if (changes.some((change) => inside(change.target))) window.changed = performance.now();
    }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
    document.addEventListener("click", () => { window.clicked = performance.now(); }, true);
}"""


@dataclass
class Cost:
    """What one click costs on one page, medians over the clicks."""

    milliseconds: float
    runs: float
    kilobytes: float


def measure(page: Page, url: str) -> Cost:
    """Click the pill of a source on and off, and return what a click costs."""
    frames: list[bytes] = []
    page.on("websocket", lambda socket: _listen(socket, frames))
    page.goto(url)
    page.get_by_test_id("stVegaLiteChart").first.wait_for()
    page.wait_for_timeout(3000)
    page.evaluate(WATCH)
    costs = []
    for _ in range(CLICKS):
        frames.clear()
        page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile("^UC ")).click()
        page.wait_for_timeout(QUIET_MS)
        runs = sum(_is_new_run(frame) for frame in frames)
        costs.append((page.evaluate("window.changed - window.clicked"), runs, sum(map(len, frames)) / 1000))
    # The first click on and off is slower: nothing was computed before, as in any new question.
    return Cost(*(median(values) for values in zip(*costs[2:], strict=True)))


def _listen(socket: WebSocket, frames: list[bytes]) -> None:
    socket.on("framereceived", lambda frame: frames.append(frame if isinstance(frame, bytes) else frame.encode()))


def _is_new_run(frame: bytes) -> bool:
    message = ForwardMsg()
    message.ParseFromString(frame)
    return message.WhichOneof("type") == "new_session"


@contextmanager
def bare_page(made: list[dict[str, object]]) -> Iterator[str]:
    """Serve a bare page with a chart made beforehand."""
    with tempfile.TemporaryDirectory() as folder:
        for name, chart in zip(("all.json", "uc.json"), made, strict=True):
            (Path(folder) / name).write_text(json.dumps(chart), encoding="utf-8")
        (Path(folder) / "app.py").write_text(BARE, encoding="utf-8")
        server = serve(Path(folder))
        yield next(server)
        server.close()


def main() -> None:
    """Print the table."""
    whole = load_sample()
    uc: Cohort = whole.where(Filters({"msc_source": OneOf("UC")}))
    app = serve()
    address = next(app)
    print(f"{'page':<12}{'app ms':>8}{'bare ms':>9}{'ratio':>7}{'runs':>6}{'kB':>6}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        for path, chart in CHARTS.items():
            made = [chart(cohort).to_dict() for cohort in (whole, uc)]
            costs = []
            with bare_page(made) as bare:
                for url in (f"{address}/{path}", bare):
                    context = browser.new_context(viewport={"width": 1440, "height": 900})
                    costs.append(measure(context.new_page(), url))
                    context.close()
            ours, theirs = costs
            ratio = ours.milliseconds / theirs.milliseconds
            print(
                f"{path or 'overview':<12}{ours.milliseconds:>8.0f}{theirs.milliseconds:>9.0f}{ratio:>7.2f}"
                f"{ours.runs:>6.0f}{ours.kilobytes:>6.0f}"
            )
        browser.close()
    app.close()


if __name__ == "__main__":
    main()
