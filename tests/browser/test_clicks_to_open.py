"""How many forms of questions and clicks it takes to open a file of each layout, by mouse alone."""

import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_own_files import CASES, drop
from tests.browser.visit import Visit

CODES = {
    "sex": {"1": "male", "2": "female"},
    "msc_source": {"1": "BM (bone marrow)", "2": "UC (umbilical cord)"},
    "organs": {"organs___1": "renal", "organs___2": "skin", "organs___3": "haematological", "organs___4": "mucosal"},
    "remission_status": {"0": "none", "1": "partial", "2": "complete"},
}
# Files, codes to tell, values that mean died, forms of questions, and clicks with that on "Open this cohort". That
# nothing is asked of other layouts, tests/analysis/intake/test_cases.py says.
LAYOUTS = {
    "a sheet in Chinese, a column a month": (["nanjing_wide.xlsx"], {}, [], 0, 1),
    "two files in German": (["german_patienten.csv", "german_visiten.csv"], {}, [], 0, 1),
    "REDCap with its data dictionary": (["redcap_last_seen_date.csv", "redcap_data_dictionary.csv"], {}, [], 0, 1),
    # Nothing in the file tells who died, and eleven other codes, which may be left open.
    "REDCap with codes only": (["redcap_last_seen_date.csv"], {}, ["2"], 1, 3),
    "REDCap with codes only, all told": (["redcap_last_seen_date.csv"], CODES, ["2"], 1, 25),
}


def questions(page: Page) -> Locator:
    """Return the form of questions, which is not that of a pasted table."""
    return page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name=re.compile("^Use th")))


class Mouse:
    """Clicks, counted; nothing is typed."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.counts: Counter[str] = Counter()

    def click(self, place: Locator) -> None:
        place.click()
        self.counts["clicks"] += 1

    def answer(self, codes: dict[str, dict[str, str]], died: list[str]) -> None:
        page = self.visit.page
        form = questions(page)
        self.counts["forms"] += 1
        for column, means in codes.items():
            for code, meaning in means.items():
                self.click(page.get_by_role("combobox", name=f"What {code} of {column} means"))
                self.click(page.get_by_role("option", name=meaning, exact=True))
        for value in died:
            self.click(form.get_by_test_id("stButtonGroup").get_by_text(re.compile(rf"^{value}( \(|$)")))
        self.click(form.get_by_role("button", name=re.compile("^Use th")))
        self.visit.settle()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_opens_with_few_clicks(visit: Visit, layout: str) -> None:
    files, codes, died, forms, clicks = LAYOUTS[layout]
    page = visit.open("cohort")
    mouse = Mouse(visit)
    drop(visit, *(Path(CASES) / file for file in files))
    wanted = page.get_by_role("button", name="Open this cohort", exact=True)
    expect(wanted).to_be_visible()
    if questions(page).count():
        mouse.answer(codes, died)
    mouse.click(wanted)
    strip = page.locator(".st-key-strip")
    expect(strip).to_contain_text("60 of 60 patients")
    expect(strip).to_contain_text("20 deaths")
    # The strip is drawn first; until the rest is, a table of the cohort before may stand beside that of the new one.
    visit.settle()
    expect(page.get_by_role("row", name="Visits 265")).to_be_visible()
    assert (mouse.counts["forms"], mouse.counts["clicks"]) == (forms, clicks)
    assert visit.complaints == []
