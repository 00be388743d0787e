"""How long a click on a filter takes in a browser, until nothing on the page changes any more. Needs a Chromium."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests.browser.serving import QUIET, find_chromium, serve

PAGES = ("Overview", "Cohort", "Survival", "Remission & relapse", "Disease activity", "Patients", "Report")
SOURCES = ("UC", "BM", "AD")
LONGEST_MS = 300_000
AT_REST_MS = 700  # without a change: then the page is drawn
WATCH = """() => {
    const places = "[data-testid=stMain], [data-testid=stSidebar]";
    const inside = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(places);
    // The motion of a chart goes on for 250 ms with the answer in sight (`motion.js`): no change.
    const isMotion = (change) => change.attributeName === "style" && change.target.closest(".role-mark");
    new MutationObserver((changes) => {
        const changed = changes.some((change) => inside(change.target) && !isMotion(change));
        if (changed) window.changed = performance.now();
    }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
    // Charts and grids that are a canvas change no node.
    const canvas = CanvasRenderingContext2D.prototype;
    for (const drawing of ["clearRect", "fill", "fillRect", "fillText", "stroke"]) {
        const draw = canvas[drawing];
        canvas[drawing] = function (...values) {
            if (inside(this.canvas)) window.changed = performance.now();
            return draw.apply(this, values);
        };
    }
    document.addEventListener("click", () => { window.clicked = window.changed = performance.now(); }, true);
    window.changed = performance.now();
}"""
AT_REST = f"""performance.now() - window.changed > {AT_REST_MS}
    && document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning" """


def felt(files: Mapping[str, bytes]) -> dict[str, tuple[float, float]]:
    """Return milliseconds of a click to a new question, and of one that was asked before, on each page."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in files]
        for path in paths:
            path.write_bytes(files[path.name])
        for address in serve():
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.set_default_timeout(LONGEST_MS)
                page.goto(f"{address}/cohort")
                page.evaluate(WATCH)
                page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(paths)
                page.locator(".st-key-strip").get_by_text(re.compile("^patients · ")).wait_for()
                found = {name: _clicks(page, name) for name in PAGES}
                browser.close()
            return found
    raise AssertionError


def _clicks(page: Page, name: str) -> tuple[float, float]:
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_function(AT_REST)
    new, again = [], []
    for source in SOURCES:
        new.append(_click(page, source))
        again.append(_click(page, source))
    return median(new), median(again)


def _click(page: Page, source: str) -> float:
    page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile(f"^{source} ")).click()
    page.wait_for_timeout(100)
    page.wait_for_function(AT_REST)
    milliseconds: float = page.evaluate("window.changed - window.clicked")
    return milliseconds
