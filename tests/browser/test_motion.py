"""What a chart shows moves from where it was to where it is, and ends where Vega has drawn it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from pages.shown import motion
from tests.browser.visit import Visit

ARITHMETIC = """([text, name, given]) =>
    import("data:text/javascript," + encodeURIComponent(text)).then((module) => module[name](...given))"""
# Every motion stands half-way while it is held.
HALF_WAY = """() => {
    window.held = true;
    window.motions = [];
    const { get, set } = Object.getOwnPropertyDescriptor(Animation.prototype, "currentTime");
    Object.defineProperty(Animation.prototype, "currentTime", {
        get() { return window.held ? 125 : get.call(this); },
        set(time) {
            if (!window.motions.includes(this)) window.motions.push(this);
            set.call(this, window.held ? 125 : time);
        },
    });
}"""
CURVE = ".mark-line.role-mark > path"
LEFT = "document.getAnimations().length + document.querySelectorAll('.role-mark > [style*=translate]').length"


@pytest.fixture
def blank(visit: Visit) -> Page:
    visit.page.goto("about:blank")
    return visit.page


def worked_out(page: Page, name: str, *given: Any) -> Any:
    text = (motion.FOLDER / "motion_of_paths.js").read_text(encoding="utf-8")
    return page.evaluate(ARITHMETIC, [text, name, given])


@pytest.mark.parametrize(
    ("from_", "to", "both"),
    [
        pytest.param(  # a step at 2, another at 4
            "M0,0L2,0L2,4L6,4",
            "M0,0L4,0L4,8L6,8",
            ["M0,0L0,0L2,0L2,4L4,4L4,4L6,4L6,4", "M0,0L0,0L2,0L2,0L4,0L4,8L6,8L6,8"],
            id="steps",
        ),
        pytest.param(  # beyond its end, the second stays there
            "M0,1L6,1", "M0,2L4,2", ["M0,1L0,1L4,1L4,1L6,1L6,1", "M0,2L0,2L4,2L4,2L4,2L4,2"], id="shorter"
        ),
        pytest.param(  # straight from 0 to 8: 2 at a quarter
            "M0,0L4,8", "M0,1L1,5L4,1", ["M0,0L0,0L1,2L1,2L4,8L4,8", "M0,1L0,1L1,5L1,5L4,1L4,1"], id="slopes"
        ),
        pytest.param(
            "M0,0L4,0L4,9L0,9Z",
            "M0,1L2,1L2,3L4,3L4,8L2,8L2,7L0,7Z",
            [
                "M0,0L0,0L2,0L2,0L4,0L4,0L4,9L4,9L2,9L2,9L0,9L0,9Z",
                "M0,1L0,1L2,1L2,3L4,3L4,3L4,8L4,8L2,8L2,7L0,7L0,7Z",
            ],
            id="band",
        ),
        pytest.param("M0,0L1,0M2,0L3,0", "M0,0L3,0", None, id="another number of pieces"),
        pytest.param("M0,0L1,0L1,1", "M1,1L0,0", None, id="to the left"),
        pytest.param("M0,0C1,1,2,2,3,3", "M0,0C1,1,2,2,5,5", ["M0,0C1,1,2,2,3,3", "M0,0C1,1,2,2,5,5"], id="bent"),
    ],
)
def test_curves_get_the_same_vertices(blank: Page, from_: str, to: str, both: list[str] | None) -> None:
    assert worked_out(blank, "alike", from_, to, True) == both


def test_bars_have_the_same_commands_and_other_marks_may_not(blank: Page) -> None:
    assert worked_out(blank, "alike", "M1,9h4v20h-4Z", "M1,5h4v24h-4Z", False) == ["M1,9h4v20h-4Z", "M1,5h4v24h-4Z"]
    assert worked_out(blank, "alike", "M1,9h4v20h-4Z", "M1,5L4,2Z", False) is None
    assert worked_out(blank, "pathBetween", "M1,9h4v20h-4Z", "M1,-5h4v34h-4Z", 0.5) == "M1,2h4v27h-4Z"


def test_what_stood_in_a_plot_of_another_size_starts_at_the_same_months_and_values(blank: Page) -> None:
    assert worked_out(blank, "stretched", "M10,8L20,4", [0.5, 2]) == "M5,16L10,8"
    assert worked_out(blank, "stretched", "M10,8h4v20h-4Z", [0.5, 2]) == "M5,16h2v40h-2Z"


def click(visit: Visit, name: str) -> None:
    visit.page.get_by_test_id("stSidebar").get_by_role("button", name=re.compile(rf"^{name} \d")).first.click()


def path(page: Page, attribute: str = "getAttribute('d')") -> str:
    found: str = page.evaluate(f"document.querySelector('{CURVE}').{attribute}")
    return found


def drawn(page: Page) -> str:
    """Return the path that is seen."""
    seen: str = page.evaluate(f"getComputedStyle(document.querySelector('{CURVE}')).d")
    return seen.removeprefix('path("').removesuffix('")').replace(" L ", "L").replace("M ", "M").replace(" ", ",")


def height(steps: str, x: float) -> float:
    """Return where a curve of steps is at x."""
    vertices = [tuple(map(float, each.split(","))) for each in re.split("[ML]", steps)[1:]]
    return [y for at, y in vertices if at <= x][-1]


PLACES = range(5, 300, 10)


def test_a_curve_is_half_way_between_and_ends_as_it_is_drawn(visit: Visit) -> None:
    page = visit.open("survival")
    click(visit, "UC")
    visit.listens()
    old = path(page)
    page.evaluate(HALF_WAY)
    click(visit, "skin")
    page.wait_for_function("window.motions.length")
    visit.settle()
    new, middle = path(page), drawn(page)
    assert [height(middle, x) for x in PLACES] == pytest.approx(
        [(height(old, x) + height(new, x)) / 2 for x in PLACES], abs=0.01
    )
    assert any(abs(height(old, x) - height(new, x)) > 2 for x in PLACES)
    page.evaluate("window.held = false")
    visit.listens()
    assert path(page) == new
    assert [height(drawn(page), x) for x in PLACES] == pytest.approx([height(new, x) for x in PLACES], abs=0.01)
    assert page.evaluate(LEFT) == 0
    assert visit.complaints == []


def test_a_click_during_a_motion_starts_from_what_is_seen(visit: Visit) -> None:
    page = visit.open("survival")
    click(visit, "UC")
    visit.listens()
    page.evaluate(HALF_WAY)
    click(visit, "skin")
    page.wait_for_function("window.motions.length")
    visit.settle()
    seen = drawn(page)
    page.evaluate("window.motions = []")
    click(visit, "skin")
    page.wait_for_function("window.motions.length")
    visit.settle()
    start = page.evaluate(
        f"""document.querySelector('{CURVE}').getAnimations().map((motion) => motion.effect.getKeyframes()[0].d)[0]"""
    )
    start = start.removeprefix('path("').removesuffix('")').replace(" L ", "L").replace("M ", "M").replace(" ", ",")
    assert [height(start, x) for x in PLACES] == pytest.approx([height(seen, x) for x in PLACES], abs=0.01)


# Middle and height of the values above the bars, and of the intervals.
STAND = """[...document.querySelectorAll(".mark-text.layer_4_marks > text, .mark-rule.layer_2_marks > line")].flatMap(
    (mark) => {
        const { top, height } = mark.getBoundingClientRect();
        return [top + height / 2 - mark.ownerSVGElement.getBoundingClientRect().top, height];
    })"""


def test_values_and_intervals_go_with_their_bars(visit: Visit) -> None:
    page = visit.open("response")
    old = page.evaluate(STAND)
    page.evaluate(HALF_WAY)
    click(visit, "UC")
    page.wait_for_function("window.motions.length")
    visit.settle()
    middle = page.evaluate(STAND)
    assert page.evaluate(LEFT) > 0
    page.evaluate("window.held = false")
    visit.listens()
    new = page.evaluate(STAND)
    assert middle == pytest.approx([(was + now) / 2 for was, now in zip(old, new, strict=True)], abs=0.6)
    assert max(abs(was - now) for was, now in zip(old, new, strict=True)) > 20
    assert page.evaluate(LEFT) == 0


EACH_FRAME = """() => {
    window.frames = [];
    const look = () => {
        const chart = document.querySelector(".mark-rect.layer_0_marks").ownerSVGElement;
        const top = (mark) => chart.querySelectorAll(mark)[3].getBoundingClientRect().top;
        const tops = [".mark-rect.layer_0_marks > path", ".mark-text.layer_4_marks > text"].map(top);
        window.frames.push(tops.map((each) => each - chart.getBoundingClientRect().top));
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


@pytest.mark.parametrize("path", ["", "response"])
def test_nothing_flashes_or_goes_back(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.evaluate(EACH_FRAME)
    click(visit, "UC")
    visit.listens()
    frames: list[list[float]] = page.evaluate("window.frames")
    for of_mark in zip(*frames, strict=True):
        assert abs(of_mark[-1] - of_mark[0]) > 10
        assert list(of_mark) in (sorted(of_mark), sorted(of_mark, reverse=True))
        assert len(set(of_mark)) > 4, "it jumps"


@pytest.mark.parametrize("path", ["", "response"])
def test_nothing_moves_if_the_system_asks_for_no_motion(visit: Visit, path: str) -> None:
    page = visit.page
    page.emulate_media(reduced_motion="reduce")
    visit.open(path)
    page.evaluate(HALF_WAY)
    click(visit, "UC")
    visit.listens()
    assert page.evaluate("window.motions.length") == page.evaluate(LEFT) == 0


def test_nothing_moves_that_is_drawn_anew_or_in_another_size(visit: Visit) -> None:
    page = visit.open("survival")
    page.evaluate(HALF_WAY)
    page.set_viewport_size({"width": 1200, "height": 800})
    visit.listens()
    page.get_by_role("link", name="Remission & relapse", exact=True).first.click()
    visit.listens()
    assert page.evaluate("window.motions.length") == page.evaluate(LEFT) == 0


def test_the_stage_moves_too(visit: Visit) -> None:
    page = visit.open("survival?source=UC&present=on")
    page.evaluate(HALF_WAY)
    page.keyboard.press("PageDown")
    page.wait_for_function("window.motions.length")
    page.evaluate("window.held = false")
    visit.listens()
    assert page.evaluate(LEFT) == 0
    assert visit.complaints == []
