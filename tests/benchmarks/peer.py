"""How a click feels beside the dashboard that a researcher writes in an afternoon (`afternoon.py`). Needs a Chromium.

In one run and on the same sample: from a click on a filter to the last change on the page, for a question that is new
and for one that was asked before; and from the start of the page to its first chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import pandas as pd
from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.felt import AT_REST, WATCH
from tests.browser.serving import QUIET, ROOT, find_chromium, serve

PAGES = {"overview": "", "survival": "survival", "response": "response", "activity": "activity", "patients": "patients"}
ORGANS = ("renal", "haematological", "skin", "serositis", "vasculitis", "mucosal")
STARTS = 5
CHART = "[data-testid=stVegaLiteChart] :is(svg, canvas)"
# From the start of the page to the frame in which the first chart is drawn.
FIRST_CHART = f"""() => new Promise((seen) => {{
    const look = () => document.querySelector("{CHART}") ? seen(performance.now()) : requestAnimationFrame(look);
    look();
}})"""


@dataclass(frozen=True)
class Felt:
    """Milliseconds: of a click to a new question, to one that was asked before, and to the first chart of a start."""

    new: float
    again: float
    first_chart: float


def felt(entry: str, path: str) -> Felt:
    """Return what is felt on a page of an app, on a server of its own, so that no question was asked before."""
    for address in serve(ROOT, entry):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
            _first_chart(browser, f"{address}/{path}")  # the server imports what it needs
            starts = [_first_chart(browser, f"{address}/{path}") for _ in range(STARTS)]
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{address}/{path}")
            page.locator(CHART).first.wait_for()
            page.evaluate(WATCH)
            page.wait_for_function(AT_REST)
            clicks = [_click(page, organ) for organ in ORGANS for _ in ("new", "again")]
            browser.close()
        return Felt(median(clicks[::2]), median(clicks[1::2]), median(starts))
    raise AssertionError


def _first_chart(browser: Browser, url: str) -> float:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(url, wait_until="commit")
    milliseconds: float = page.evaluate(FIRST_CHART)
    page.close()
    return milliseconds


def _click(page: Page, organ: str) -> float:
    page.get_by_test_id("stSidebar").locator("button", has_text=organ).first.click()
    page.wait_for_timeout(100)
    page.wait_for_function(AT_REST)
    milliseconds: float = page.evaluate("window.changed - window.clicked")
    return milliseconds


def _ratios(page: str, ours: Felt, theirs: Sequence[Felt]) -> tuple[str, float, float, float]:
    new, again, first = (median(getattr(each, name) for each in theirs) for name in ("new", "again", "first_chart"))
    return page, ours.new / new, ours.again / again, ours.first_chart / first


def measure() -> pd.DataFrame:
    """Return a row a page: how many times as long as on the dashboard of an afternoon it takes."""
    peers = [felt("tests/benchmarks/afternoon.py", "")]
    ours = {page: felt("app.py", path) for page, path in PAGES.items()}
    peers.append(felt("tests/benchmarks/afternoon.py", ""))
    rows = [_ratios(page, each, peers) for page, each in ours.items()]
    return pd.DataFrame(rows, columns=["page", "new question", "asked before", "first chart"])
