"""How long a click takes until the last chart has settled.

Clicks the same filter on and off on every page of the app, and on two bare Streamlit pages: one with one chart, the
largest of that page, and one with all charts of that page, each made beforehand and drawn anew at every click. Needs a
Chromium.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import altair as alt
import pandas as pd
from playwright.sync_api import Page, WebSocket, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from analysis import Cohort, Filters, OneOf, kaplan_meier, load_sample, trajectory, yearly_relapse, yearly_remission
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.yearly.estimand import Estimand
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.description.one_patient import patient_chart
from analysis.figures.scores.trajectory import trajectory_chart
from analysis.figures.scores.waterfall import waterfall_chart
from analysis.figures.states.state_counts import states_chart
from analysis.figures.states.swimmer import swimmer_chart
from analysis.figures.survival.kaplan_meier import survival_chart
from analysis.figures.yearly.ledger import ledger_chart
from analysis.figures.yearly.ways_of_counting import ways_chart
from analysis.figures.yearly.yearly import yearly_chart
from analysis.listings.lanes import lanes
from analysis.listings.last_values import last_values
from analysis.listings.patient_changes import patient_changes
from analysis.listings.trajectory_lines import trajectory_lines
from tests.browser.serving import QUIET, find_chromium, serve

CLICKS = 14
QUIET_MS = 1200  # from one click to the next

Maker = Callable[[Cohort], alt.LayerChart]


def at_a_glance() -> list[Maker]:
    """Return what draws the charts of the Overview, the largest first."""
    return [
        lambda cohort: trajectory_chart(trajectory(cohort), lines=trajectory_lines(cohort), height=210),
        lambda cohort: survival_chart(kaplan_meier(cohort), whole=kaplan_meier(load_sample()), height=210),
        lambda cohort: yearly_chart(yearly_remission(cohort), kind="remission", height=210),
        lambda cohort: yearly_chart(yearly_relapse(cohort), kind="relapse", height=210),
    ]


def responses() -> list[Maker]:
    """Return what draws the charts of the Remission & relapse page, the largest first."""
    return [
        lambda cohort: states_chart(state_counts(cohort), group="All"),
        lambda cohort: ledger_chart(yearly_remission(cohort), group="All"),
        lambda cohort: yearly_chart(yearly_remission(cohort), kind="remission"),
        lambda cohort: yearly_chart(yearly_relapse(cohort), kind="relapse"),
        partial(_ways, yearly_remission, REMISSION_ESTIMANDS),
        partial(_ways, yearly_relapse, RELAPSE_ESTIMANDS),
    ]


def _ways(count: Callable[..., Yearly], ways: dict[str, Estimand], cohort: Cohort) -> alt.LayerChart:
    return ways_chart(*(count(cohort, estimand=each) for each in ways), titles=list(ways))


CHARTS: dict[str, list[Maker]] = {
    "": at_a_glance(),
    "survival": [lambda cohort: survival_chart(kaplan_meier(cohort), whole=kaplan_meier(load_sample()))],
    "response": responses(),
    "activity": [
        lambda cohort: trajectory_chart(trajectory(cohort), lines=trajectory_lines(cohort), ends=last_values(cohort)),
        lambda cohort: waterfall_chart(patient_changes(cohort, months=12), 12),
    ],
    "patients": [lambda cohort: swimmer_chart(lanes(cohort)), lambda cohort: patient_chart(cohort, "S002", ["sledai"])],
}
BARE = """
import json
import streamlit as st

@st.cache_resource
def charts():
    return [json.load(open(name)) for name in ("all.json", "uc.json")]

st.set_page_config(layout="wide")
with st.sidebar:
    picked = st.pills("Source", ["UC 42"], selection_mode="multi")
for place, chart in enumerate(charts()[bool(picked)]):
    st.vega_lite_chart(spec=dict(chart), key=f"chart{place}", theme=None, width="stretch")
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


def clicked(page: Page, url: str) -> Cost:
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
def bare_page(made: Sequence[list[dict[str, Any]]]) -> Iterator[str]:
    """Serve a bare page with charts made beforehand, without and with the filter."""
    with tempfile.TemporaryDirectory() as folder:
        for name, charts in zip(("all.json", "uc.json"), made, strict=True):
            (Path(folder) / name).write_text(json.dumps(charts), encoding="utf-8")
        (Path(folder) / "app.py").write_text(BARE, encoding="utf-8")
        server = serve(Path(folder))
        yield next(server)
        server.close()


def measure() -> pd.DataFrame:
    """Return a row a page: how many times as long as the bare pages a click takes, its server runs and kB."""
    whole = load_sample()
    uc = whole.where(Filters({"msc_source": OneOf("UC")}))
    app = serve()
    address, rows = next(app), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)

        def cost(url: str) -> Cost:
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            found = clicked(context.new_page(), url)
            context.close()
            return found

        for path, makers in CHARTS.items():
            made = [[make(cohort).to_dict() for make in makers] for cohort in (whole, uc)]
            ours = cost(f"{address}/{path}")
            with bare_page([charts[:1] for charts in made]) as single:
                one = cost(single).milliseconds
            with bare_page(made) as several:
                every = cost(several).milliseconds
            rows.append((path or "overview", ours.milliseconds / one, ours.milliseconds / every, ours.runs))
        browser.close()
    app.close()
    return pd.DataFrame(rows, columns=["page", "app / one chart", "app / the same charts", "runs"])
