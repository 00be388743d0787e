"""The main job in a real browser: open, filter, see the numbers change, open a file."""

import re
from pathlib import Path

import pandas as pd
from playwright.sync_api import expect

from tests.browser.visit import Visit


def strip_text(visit: Visit) -> str:
    return visit.page.locator(".st-key-strip").inner_text()


def pick(visit: Visit, label: str) -> None:
    """Click the value of the filter panel that begins with a label."""
    panel = visit.page.get_by_test_id("stSidebar")
    panel.get_by_role("button", name=re.compile(f"^{label} ")).click()
    visit.settle()


def test_the_first_look_needs_no_click(visit: Visit) -> None:
    page = visit.open()
    expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
    expect(page.locator(".st-key-strip")).to_contain_text("5 deaths")
    expect(page.locator("canvas, svg.marks")).to_have_count(4)
    expect(page.get_by_text("synthetic", exact=False).first).to_be_visible()
    visit.assert_sound()


def test_filters_change_strip_chart_and_address(visit: Visit) -> None:
    page = visit.open("response")
    expect(page.get_by_text("23 of 83 assessed", exact=False)).to_be_visible()
    before = chart_pixels(visit)
    pick(visit, "UC")
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    expect(page.get_by_text("23 of 83 assessed", exact=False)).to_have_count(0)
    pick(visit, "renal")
    expect(page.locator(".st-key-strip")).not_to_contain_text("42 of 87 patients")
    assert chart_pixels(visit) != before
    visit.asks("source=UC")
    visit.asks("organ=renal")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
    visit.settle()
    assert "source" not in page.url
    visit.assert_sound()


def chart_pixels(visit: Visit) -> bytes:
    return visit.page.get_by_test_id("stVegaLiteChart").first.screenshot()


def test_a_filter_survives_reload_and_a_change_of_page(visit: Visit) -> None:
    page = visit.open()
    pick(visit, "UC")
    page.reload()
    visit.settle()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    page.get_by_role("link", name="Survival").first.click()
    visit.settle()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    visit.asks("source=UC")
    visit.assert_sound()


def test_back_and_forward_restore_the_filters(visit: Visit) -> None:
    page = visit.open()
    pick(visit, "UC")
    pick(visit, "renal")
    page.go_back()
    visit.settle()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
    page.go_back()
    visit.settle()
    expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
    page.go_forward()
    visit.settle()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")


def test_a_deep_link_on_a_server_that_nobody_has_visited(first_visit: Visit) -> None:
    page = first_visit.open("survival?source=UC&organ=renal&organ=skin&organs=all&endpoint=relapse_free_survival")
    expect(page.get_by_role("heading", name=re.compile("alive without relapse"))).to_be_visible()
    expect(page.locator(".st-key-strip")).to_contain_text("MSC source UC")
    expect(page.locator(".st-key-strip")).to_contain_text("Organ involvement renal and skin")
    expect(page.locator(".st-key-strip")).not_to_contain_text("87 of 87")
    first_visit.assert_sound()


def test_a_workbook_of_ones_own(visit: Visit, tmp_path: Path) -> None:
    workbook = tmp_path / "two centres.xlsx"
    patients = pd.DataFrame(
        {
            "patient_id": [f"{number:03d}" for number in range(1, 13)],
            "follow_up_months": [6.5 + number for number in range(12)],
            "died": [0] * 11 + [1],
            "msc_source": ["UC", "BM", "AD"] * 4,
        }
    )
    visits = pd.DataFrame({"patient_id": ["001", "002"] * 2, "months": [0, 0, 12, 12], "sledai": [14, 10, 4, 6]})
    with pd.ExcelWriter(workbook) as writer:
        patients.to_excel(writer, sheet_name="patients", index=False)
        visits.to_excel(writer, sheet_name="visits", index=False)

    page = visit.open("cohort")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(workbook)
    expect(page.locator(".st-key-strip")).to_contain_text("12 of 12 patients")
    expect(page.locator(".st-key-strip")).to_contain_text("1 death")
    for path in ("Overview", "Survival", "Remission & relapse", "Disease activity"):
        page.get_by_role("link", name=path).first.click()
        visit.settle()
        expect(page.locator(".st-key-strip")).to_contain_text("12 of 12 patients")
        visit.assert_sound()
    pick(visit, "AD")
    expect(page.locator(".st-key-strip")).to_contain_text("4 of 12 patients")
    visit.assert_sound()


def test_a_file_that_cannot_be_used_leaves_the_open_cohort(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("cohort")
    for name, content in (
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("empty.csv", b""),
        ("broken.xlsx", b"PK\x03\x04 not a workbook"),
        ("no deaths.csv", b"patient_id,follow_up_months\n1,12\n"),
    ):
        (tmp_path / name).write_bytes(content)
        page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(tmp_path / name)
        expect(page.get_by_test_id("stAlert").filter(has_text="not opened")).to_be_visible()
        expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
        visit.assert_sound()
        visit.settle()
        page.get_by_test_id("stFileUploader").get_by_role(
            "button", name=re.compile("remove|delete", re.IGNORECASE)
        ).first.click()
        visit.settle()
    visit.assert_sound()


def test_back_leads_to_the_page_before_with_its_filters(visit: Visit) -> None:
    page = visit.open()
    pick(visit, "UC")
    page.get_by_role("link", name="Survival").first.click()
    expect(page.get_by_role("heading", name=re.compile("alive over time"))).to_be_visible()
    visit.settle()
    page.go_back()
    visit.settle()
    expect(page.get_by_text("Is it safe?")).to_be_visible()
    expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")


def test_the_strip_stays_in_view_and_can_be_clicked(visit: Visit) -> None:
    page = visit.open("response?source=UC")
    page.get_by_text("Who is where over time?").scroll_into_view_if_needed()
    expect(page.locator(".st-key-strip")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="MSC source UC").click()
    expect(page.locator(".st-key-strip")).to_contain_text("87 of 87 patients")
