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
from playwright.sync_api import Browser, expect

from tests.browser.visit import Visit
from tests.running import run_alone

MINUTE = 60  # seconds


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
    assert re.fullmatch(r"As on screen: \d+ numbers, 5 figures\.\n", done.stdout), done.stderr


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
    assert len(pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) < 10
    context.close()
