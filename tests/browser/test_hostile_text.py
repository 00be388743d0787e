"""Names and values of a file are shown unchanged on every page: nothing is executed, fetched or rendered."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from tests import hostile
from tests.browser.visit import Visit

PAGES = {"Overview": "", "Survival": "survival", "Remission & relapse": "response", "Disease activity": "activity",
         "Patients": "patients", "Report": "report", "Cohort": "cohort"}  # fmt: skip
# What only a name could insert: external pictures and links, rendered Markdown, icons by name.
RENDERED = """() => [...document.querySelectorAll("[data-testid=stApp] *")].filter((each) => {
    const to = each.getAttribute("src") ?? each.getAttribute("href") ?? "";
    return /evil|javascript:|mailto:/.test(decodeURIComponent(to).split("?")[0])
        || [...each.attributes].some((held) => /^on/.test(held.name))
        || each.matches("iframe, object, embed, del, .katex, script, img[alt='Streamlit logo']")
        || (each.matches("[data-testid=stIconMaterial]") && each.textContent === "delete");
}).map((each) => each.outerHTML.slice(0, 200))"""
WORDS = re.compile(r"\b(nan|None|NaN|undefined|Traceback|inf)\b")


def check(visit: Visit, where: str) -> None:
    """Check that nothing of the file was rendered or fetched, and that there was no error."""
    visit.settle()
    assert visit.page.evaluate(RENDERED) == [], where
    assert (visit.foreign, visit.complaints) == ([], []), where
    expect(visit.page.get_by_test_id("stException")).to_have_count(0)
    assert not WORDS.findall(visit.page.locator("[data-testid=stApp]").inner_text()), where
    over = "document.documentElement.scrollWidth - innerWidth"
    assert visit.page.evaluate(over) <= 0, where


def shown(visit: Visit, *texts: str) -> None:
    """Check that names are on the page as in the file, apart from invisible characters."""
    words = visit.page.locator("[data-testid=stMain]").inner_text().replace("\u2060", "")
    assert [text for text in texts if text not in words] == []


def test_every_page_shows_names_as_they_stand(visit_apart: Visit, chromium: Browser, tmp_path: Path) -> None:
    dialogs: list[str] = []
    visit_apart.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page = visit_apart.open("cohort")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": data} for name, data in hostile.files().items()]
    )
    expect(page.locator(".st-key-strip")).to_contain_text(f"{hostile.COUNT} of {hostile.COUNT} patients")
    visit_apart.settle()
    choose(visit_apart, "Add filter", "heading", "heading")  # a column with a name that the panel itself might use
    page.get_by_test_id("stSidebar").get_by_role("button", name="datum 16").click()
    visit_apart.settle()
    choose(visit_apart, "Compare", "onerror", f"By {hostile.ARM}")
    for title, path in PAGES.items():
        page.locator(".st-key-pages").get_by_role("link", name=title, exact=True).click()
        expect(page).to_have_url(re.compile(rf"/{path}\?"))
        check(visit_apart, title)
        if title == "Survival":
            expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
            shown(visit_apart, *hostile.LEVELS[:4], '"All": ', "constructor: ")
        if title == "Report":
            open_report(download(visit_apart, tmp_path), chromium)
    page.locator(".st-key-present button").click()
    page.locator(".st-key-line").wait_for()
    check(visit_apart, "presenting")
    assert dialogs == []


def choose(visit: Visit, label: str, typed: str, option: str) -> None:
    box = visit.page.get_by_role("combobox", name=label)
    box.click()
    box.fill(typed)
    visit.page.get_by_role("option", name=option, exact=True).click()
    visit.settle()


def download(visit: Visit, folder: Path) -> Path:
    with visit.page.expect_download() as given:
        visit.page.get_by_role("button", name="Report (HTML)", exact=True).click()
    file = folder / given.value.suggested_filename
    given.value.save_as(file)
    return file


def open_report(file: Path, chromium: Browser) -> None:
    """Open a report without a network: it requests only itself, and executes nothing of a name."""
    context = chromium.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.goto(file.as_uri())
    expect(page.locator("figure > .live svg").first).to_be_visible()
    expect(page.locator("figure > .live svg")).to_have_count(page.locator("figure:has(> script)").count())
    assert page.locator("img, a, iframe, [onerror], [onload]").count() == 0
    assert (asked, wrong) == ([file.as_uri()], [])
    context.close()


@pytest.mark.parametrize("keys", [["data"], ["view", "patient", "compare", "f.x", "names", "pin", "report_title"]])
def test_an_address_of_others_shows_what_it_asks_as_text(visit: Visit, keys: list[str]) -> None:
    text = f"{hostile.IMAGE} {hostile.LINK} {hostile.ICON}"
    asked = {key: f"{text}~survival~{text}" if key == "view" else text for key in keys}
    visit.open(f"report?{urlencode(asked)}")
    check(visit, "address")
    shown(visit, hostile.IMAGE)
