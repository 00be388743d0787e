"""Every page with low vision, with a screen reader, and with the keyboard alone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visit import Visit

PAGES = [
    *(
        f"{page}?source=UC&compare=sex"
        for page in ("", "cohort", "survival", "response", "activity", "patients", "report")
    ),
    "survival?present=on",
]
PATHS = [*PAGES, "survival?endpoint=relapse&compare=msc_source", "response?pin=source%3DBM&compare=pinned"]
GRAVE = {"serious", "critical"}
STOPS = {
    "page link": ".st-key-pages a",
    "filter pill": "[class*=st-key-filter_msc_source] button[data-variant=pills]",
    "slider": "[class*=st-key-filter_age_years] input",
    "select box": "[class*=st-key-compare] input",
    "button": ".st-key-present button",
    "button of a chart": ".st-key-survival [data-testid=stElementToolbar] button",
    "table of who is behind a chart": "[class*=st-key-survival_times] :is(canvas, td)",
}
# Sliders, select boxes and tables show the focus around their input or cell.
FOCUSED = """stops => {
    const at = document.activeElement;
    const boxes = at.tagName === "INPUT" ? [at.parentElement, at.parentElement.parentElement]
        : at.tagName === "TD" ? [at.closest("canvas")] : [at];
    const shown = boxes.some(each => {
        const style = getComputedStyle(each);
        return style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
    });
    return [Object.keys(stops).filter(name => at.matches(stops[name])), shown];
}"""
MOST_STOPS = 60  # presses of Tab that reach everything on a page


@pytest.mark.parametrize(
    ("schemed_visit", "path"),
    [*(("light", path) for path in PATHS), *(("dark", path) for path in PAGES)],
    indirect=["schemed_visit"],
)
def test_axe_finds_no_serious_violation(schemed_visit: Visit, path: str, request: pytest.FixtureRequest) -> None:
    page = schemed_visit.open(path)
    _unroll(schemed_visit)
    dark = request.node.callspec.params["schemed_visit"] == "dark"
    asked = {"runOnly": ["color-contrast"]} if dark else None  # nothing but colours differs in the dark
    found = [each for each in Axe().run(page, options=asked).response["violations"] if each["impact"] in GRAVE]
    assert not found, "\n".join(_words(each) for each in found)


def _unroll(visit: Visit) -> None:
    """Open what is folded and make the window as high as the page, as only what is in view is checked."""
    page = visit.page
    folded = page.locator("details:not([open]) > summary:visible")
    for _ in range(folded.count()):
        if folded.count():  # each click redraws the page, and may open several
            folded.first.click()
            visit.settle()
    high = page.evaluate(
        "Math.max(...[...document.querySelectorAll('[data-testid=stMain], [data-testid=stSidebarContent]')]"
        ".map(each => each.scrollHeight))"
    )
    page.set_viewport_size({"width": 1440, "height": high + 20})
    visit.settle()


def _words(violation: dict[str, Any]) -> str:
    node = violation["nodes"][0]
    return (
        f"{violation['id']} ({violation['impact']}), {len(violation['nodes'])} times: {violation['help']}\n"
        f"  {node['html']}\n  {node['target']}\n  {node['failureSummary']}"
    )


def test_tab_reaches_everything_and_what_has_the_focus_shows_it(visit: Visit) -> None:
    page = visit.open("survival?compare=sex")
    reached, unseen = set(), set()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        visit.settle()  # a table cell is chosen by focus, and the app reruns
        names, shown = page.evaluate(FOCUSED, STOPS)
        reached |= set(names)
        unseen |= set() if shown else set(names)
        if reached == set(STOPS):
            break
    assert reached == set(STOPS)
    assert not unseen


def test_a_filter_is_set_by_keyboard(visit: Visit) -> None:
    page = visit.open("survival")
    pills = page.locator(STOPS["filter pill"])
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if "filter pill" in page.evaluate(FOCUSED, STOPS)[0]:
            break
    expect(pills.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(pills.nth(1)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    assert visit.complaints == []


def test_labels_are_read_aloud_without_marks(visit: Visit) -> None:
    page = visit.open()
    expect(page.get_by_role("slider", name="Age (years) — start")).to_have_count(1)
