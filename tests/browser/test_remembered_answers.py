"""Answers are used again for files with the same headings: in the session, and where asked in the browser."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.test_own_files import choose, drop, press
from tests.browser.visit import Visit

KEPT = "Remember these answers in this browser"
READ_BEFORE = "Read as you read it last time"
STORED = "Object.entries(localStorage).filter(([name]) => name.startsWith('answers for'))"


def saved(folder: Path, name: str, codes: str = "12", patients: int = 12) -> Path:
    rows = "".join(f"p{row},{30 * row + 20},{codes[row % len(codes)]}\n" for row in range(patients))
    (folder / name).write_text(f"pid,futime,status\n{rows}", encoding="utf-8")
    return folder / name


def answer(visit: Visit) -> None:
    choose(visit, "days", "2")


def asks(visit: Visit, *, anything: bool) -> None:
    expect(visit.page.get_by_text("that only you can know")).to_have_count(1 if anything else 0)


def is_open(visit: Visit, patients: int) -> None:
    expect(visit.page.locator(".st-key-strip")).to_contain_text(f"{patients} of {patients} patients")
    visit.settle()


def undo(visit: Visit) -> None:
    visit.page.get_by_test_id("stMain").get_by_role("button", name="Undo", exact=True).click()
    visit.settle()


def test_a_corrected_version_is_read_as_before_and_that_can_be_undone(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("cohort")
    drop(visit, saved(tmp_path, "first.csv"))
    answer(visit)
    press(visit, "Open this cohort")
    is_open(visit, 12)
    expect(page.get_by_text(READ_BEFORE)).to_have_count(0)
    assert page.evaluate(STORED) == []  # nobody asked for it

    drop(visit, saved(tmp_path, "second.csv", patients=14))
    expect(page.get_by_text(READ_BEFORE)).to_be_visible()
    asks(visit, anything=False)
    press(visit, "Open this cohort")
    is_open(visit, 14)
    expect(page.get_by_text(READ_BEFORE)).to_be_visible()
    undo(visit)
    asks(visit, anything=True)
    expect(page.get_by_text(READ_BEFORE)).to_have_count(0)
    is_open(visit, 14)  # until the other answers are given
    choose(visit, "months", "1")
    press(visit, "Open this cohort")
    is_open(visit, 14)
    expect(page.locator(".st-key-strip")).to_contain_text("7 deaths")
    expect(page.get_by_text(READ_BEFORE)).to_have_count(0)
    assert visit.complaints == []


def test_a_new_code_of_the_outcome_is_asked_again(visit: Visit, tmp_path: Path) -> None:
    visit.open("cohort")
    drop(visit, saved(tmp_path, "first.csv"))
    answer(visit)
    press(visit, "Open this cohort")
    is_open(visit, 12)
    drop(visit, saved(tmp_path, "second.csv", codes="123"))
    asks(visit, anything=True)
    choose(visit, "2", "3")
    press(visit, "Open this cohort")
    expect(visit.page.locator(".st-key-strip")).to_contain_text("8 deaths")


def test_answers_are_kept_in_the_browser_only_where_asked_and_forgotten_there(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("cohort")
    drop(visit, saved(tmp_path, "first.csv"))
    answer(visit)
    page.get_by_text(KEPT).click()
    visit.settle()
    press(visit, "Open this cohort")
    is_open(visit, 12)
    expect(page.get_by_text("This browser keeps the answers for 1 layout of files.")).to_be_attached()
    ((_, kept),) = page.evaluate(STORED)
    assert "futime" in kept
    assert not [text for text in ("p0", "p1", "first.csv", "320", "350") if text in kept]

    visit.open("cohort")  # a new session
    drop(visit, saved(tmp_path, "third.csv", patients=16))
    expect(page.get_by_text(READ_BEFORE)).to_be_visible()
    asks(visit, anything=False)
    expect(page.get_by_role("checkbox", name=KEPT)).to_be_checked()
    press(visit, "Open this cohort")
    is_open(visit, 16)
    undo(visit)
    asks(visit, anything=True)

    press(visit, "Cancel")
    press(visit, "Forget all answers")
    expect(page.get_by_text("This browser keeps the answers")).to_have_count(0)
    assert page.evaluate(STORED) == []
    visit.open("cohort")
    drop(visit, saved(tmp_path, "fourth.csv"))
    asks(visit, anything=True)
    assert visit.complaints == []
    assert visit.foreign == []


def test_what_the_browser_keeps_is_ignored_where_it_is_no_answer(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("cohort")
    for place, text in enumerate(('{"answers": 3}', "<script>alert(1)</script>", "x" * 100)):
        page.evaluate(f"localStorage.setItem('answers for a layout of files ' + '{place}'.repeat(64), {text!r})")
    visit.open("cohort")
    expect(page.get_by_text("This browser keeps the answers for 3 layouts of files.")).to_be_attached()
    drop(visit, saved(tmp_path, "first.csv"))
    asks(visit, anything=True)
    assert visit.complaints == []
