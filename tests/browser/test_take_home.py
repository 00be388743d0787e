"""Downloads in a real browser: all files of a figure, the report without a network, a script that is run."""

import io
import re
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.visit import Visit
from tests.running import run_alone

MINUTE = 60  # seconds
A4 = (595, 842)  # points
# Values on more than one line; cells and pictures that reach beyond the page.
BROKEN = """
[...document.querySelectorAll(".numbers:not(.words) td")].filter((each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return range.getClientRects().length > 1;
}).map((each) => each.textContent)
"""
CUT = """
[...document.querySelectorAll("th, td, figure svg")].filter((each) => each.checkVisibility())
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 || each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.textContent.slice(0, 40))
"""


def download(visit: Visit, label: str, folder: Path) -> Path:
    """Click a button; return the downloaded file."""
    with visit.page.expect_download() as given:
        visit.page.get_by_role("button", name=label, exact=True).click()
    file = folder / given.value.suggested_filename
    given.value.save_as(file)
    return file


def open_files(visit: Visit, figure: str) -> None:
    visit.page.locator(f".st-key-take_{figure} button").first.click()
    visit.page.get_by_role("button", name="PNG", exact=True).wait_for()
    visit.settle()


def test_every_file_of_a_figure_opens(visit: Visit, tmp_path: Path) -> None:
    visit.open("survival?source=UC")
    open_files(visit, "survival")
    with Image.open(download(visit, "PNG", tmp_path)) as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert "MSC source UC. 42 of 87 patients." in image.info["Description"]
    read = pypdf.PdfReader(download(visit, "PDF", tmp_path))
    assert len(read.pages) == 1
    assert read.metadata is not None
    assert "MSC source UC. 42 of 87 patients." in str(read.metadata.subject)
    drawn = download(visit, "SVG", tmp_path).read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "MSC source UC" in drawn
    table = pd.read_csv(download(visit, "Numbers (CSV)", tmp_path), comment="#", encoding="utf-8-sig")
    assert table["at_risk"].iloc[0] == 42
    done = run_alone(download(visit, "Python script", tmp_path))
    assert done.stdout == "All numbers are as on screen.\n", done.stderr
    assert visit.complaints == []


def test_table_figure_and_methods_of_the_paper_in_under_a_minute(visit: Visit, tmp_path: Path) -> None:
    visit.open()
    begun = time.monotonic()
    visit.page.get_by_role("link", name="Report", exact=True).click()
    table = visit.page.locator(".numbers", has_text="Remission and relapse per year")
    for counts in ("23/83", "12/39", "5/12", "3/6", "10/83", "7/39", "2/12", "1/6"):
        expect(table).to_contain_text(counts)
    everything = download(visit, "Everything (ZIP)", tmp_path)
    report = download(visit, "Report (HTML)", tmp_path)
    assert time.monotonic() - begun < MINUTE
    assert "<h2>Methods</h2>" in report.read_text(encoding="utf-8")
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(everything), str(tmp_path)], check=True)
    done = run_alone(tmp_path / "reproduce.py")
    assert re.fullmatch(r"As on screen: [\d,]+ numbers, 5 figures\.\n", done.stdout), done.stderr


def test_the_report_is_interactive_without_a_network(visit: Visit, chromium: Browser, tmp_path: Path) -> None:
    visit.open("report")
    report = download(visit, "Report (HTML)", tmp_path)
    context = chromium.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report.as_uri())
    expect(page.locator("figure > .live svg")).to_have_count(5)
    expect(page.locator("figure > .printed")).to_have_count(5)
    assert (asked, complaints) == ([report.as_uri()], [])
    context.close()


def printed(page: Page) -> list[str]:
    """Return the words on each page of A4, with one blank between them."""
    pages = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert {(round(each.mediabox.width), round(each.mediabox.height)) for each in pages} <= {A4, (A4[0] + 1, A4[1])}
    return [" ".join(each.extract_text().replace("\xa0", " ").split()) for each in pages]


def test_on_paper_the_first_page_has_the_answer_and_nothing_is_cut(
    visit: Visit, chromium: Browser, tmp_path: Path
) -> None:
    visit.open("report?compare=msc_source")
    report = download(visit, "Report (HTML)", tmp_path)
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    expect(page.locator("figure > .live svg")).to_have_count(6)
    question = page.locator(".first figure h3").inner_text()
    first, second, *others = printed(page)
    assert len(others) < 10
    for words in (question, "Alive at ", "BM 98 % (85–100, 28 at risk)", "No log-rank test: fewer than 10 events",
                  "87 of 87 patients", "compared by MSC source", "Median follow-up", "Months since transplantation",
                  "Synthetic patients", "Figure 1.", "fewer than 10 at risk;"):  # fmt: skip
        assert words in first
    # The tables of outcomes and of characteristics follow, the second on a page.
    assert "Table 1. Remission and relapse per year" in second
    rest = [second, *others]
    (baseline,) = [each for each in rest if "Table 2. Who were the patients" in each]
    assert "Sex: female" in baseline
    assert "Prior hydroxychloroquine" in baseline
    assert "STROBE checklist" in " ".join(rest)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})  # 180 mm
    assert page.evaluate(CUT) == []
    context.close()


def test_on_a_phone_the_report_is_as_wide_as_the_screen(visit: Visit, chromium: Browser, tmp_path: Path) -> None:
    visit.open("report?compare=msc_source")
    report = download(visit, "Report (HTML)", tmp_path)
    context = chromium.new_context(offline=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(report.as_uri())
    expect(page.locator("figure > .live svg")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(BROKEN) == []
    context.close()
