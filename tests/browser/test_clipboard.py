"""One click copies the link to the present view, or a table with its shape."""

from collections.abc import Callable
from html.parser import HTMLParser

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from analysis.figures.common.footnotes import FOOTNOTE
from analysis.figures.common.html_table import table_html
from tests import hostile
from tests.browser.visit import Visit

KINDS = """async () => {
    const [item] = await navigator.clipboard.read();
    return Object.fromEntries(await Promise.all(
        item.types.map(async (kind) => [kind, await (await item.getType(kind)).text()])));
}"""
HOSTILE = pd.DataFrame(
    {
        "Group, n": ["BM, UC", "a\tb", hostile.TAG, hostile.FORMULA],
        "Share": ["3/6: 50 % (19–81) †", "−3 (−11 to 4)", "-1.5", "+1"],
    }
)


class Copied(HTMLParser):
    """The rows of the tables of a text, and what else it contains."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.cells: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in ("th", "td")
        if self.inside:
            self.rows[-1].append("")
            self.cells.append((tag, dict(attrs).get("style") or ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def on_screen(page: Page, title: str) -> list[list[str]]:
    held = page.locator(".numbers", has=page.get_by_role("heading", name=title, exact=True)).locator("table")
    return held.evaluate("table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent))")


def copied(page: Page, press: Callable[[], None]) -> tuple[Copied, list[list[str]]]:
    """Return what a press of a button copied: as a table, and as lines of cells."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    kinds = page.evaluate(KINDS)
    assert set(kinds) == {"text/html", "text/plain"}
    return Copied(kinds["text/html"]), [line.split("\t") for line in kinds["text/plain"].splitlines()]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("survival?compare=msc_source", "Patients, events, medians in months"),
        ("cohort?compare=msc_source", "The open cohort"),
        ("report", "Remission and relapse per year"),
    ],
)
def test_one_press_copies_a_table_with_its_shape(path: str, title: str, visit: Visit) -> None:
    page = visit.open(path)
    expected = on_screen(page, title)
    button = page.get_by_role("button", name=f"Copy the table {title}", exact=True)
    expect(button).to_have_text("Copy")
    table, lines = copied(page, lambda: button.press("Enter"))
    note = [[FOOTNOTE]] if any(cell.endswith("†") for row in expected for cell in row) else []
    assert table.rows == expected
    assert lines == [[cell.replace("\xa0", " ") for cell in row] for row in expected] + note
    columns = len(expected[0])
    assert [tag for tag, _ in table.cells[:columns]] == ["th"] * columns
    sides = ["left" if place % columns == 0 else "right" for place in range(len(table.cells))]
    assert [f"text-align: {side}" in style for side, (_, style) in zip(sides, table.cells, strict=True)] == [
        True
    ] * len(sides)
    assert not [style for _, style in table.cells if "color" in style]
    expect(button).to_have_text("Copy")  # the answer goes
    expect(button).to_be_focused()
    assert visit.complaints == []


def test_names_of_any_letters_are_copied_as_text_and_no_spreadsheet_reads_a_date_or_formula(visit: Visit) -> None:
    page = visit.open("report")
    page.evaluate("html => document.querySelector('.numbers').outerHTML = html", table_html("Hostile", HOSTILE, "Copy"))
    table, lines = copied(page, page.get_by_role("button", name="Copy the table Hostile").click)
    names = ["BM, UC", "a b", hostile.TAG, f"'{hostile.FORMULA}"]
    shares = ["3/6: 50 % (19–81) †", "−3 (−11 to 4)", "-1.5", "'+1"]
    assert table.rows == [["Group, n", "Share"], *map(list, zip(names, shares, strict=True))]
    assert lines == [*table.rows, [FOOTNOTE]]
    assert table.tags == {"table", "thead", "tbody", "tr", "th", "td", "p"}
    assert all(r"mso-number-format: '\@'" in style for _, style in table.cells)


def test_a_table_is_copied_where_scripts_have_no_clipboard(visit: Visit) -> None:
    page = visit.open("report")
    expected = on_screen(page, "Remission and relapse per year")
    page.evaluate("window.read = navigator.clipboard.read.bind(navigator.clipboard)")
    page.evaluate("navigator.clipboard.write = undefined")
    button = page.get_by_role("button", name="Copy the table Remission and relapse per year")
    table, lines = copied(page, button.click)
    assert table.rows == expected
    assert len(lines) == len(expected) + 1
    expect(button).to_be_focused()


def test_one_click_copies_a_link_that_opens_the_same_view(visit: Visit) -> None:
    page = visit.open("survival?source=UC&compare=organ:renal")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert "source=UC" in link
    assert "compare=organ" in link
    assert visit.complaints == []


def test_the_link_is_copied_where_scripts_have_no_clipboard(visit: Visit) -> None:
    page = visit.open("survival?source=UC")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.context.grant_permissions(["clipboard-read"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
