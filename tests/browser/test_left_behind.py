"""Clicks that arrive with values of a cohort that is no longer open."""

import re

from tests.browser.client import Client, client

UPLOAD = "upload-0"
PATIENTS = "\n".join(
    [
        "patient_id,follow_up_months,died,msc_source",
        *(f"{number},{6 + number},0,{'UC' if number % 2 else 'BM'}" for number in range(12)),
    ]
)
VISITS = "patient_id,months,sledai\n1,0,14\n1,12,4\n2,0,10\n2,12,6\n"
FILES = {"patients.csv": PATIENTS.encode(), "visits.csv": VISITS.encode()}


def open_file_and_click(session: Client) -> bytes:
    """Open a file, click while the browser still has the controls of the sample, and return what was sent.

    No patient may be filtered out.
    """
    session.drop(UPLOAD, FILES)
    before = len(session.received)
    session.press("present")
    sent = b"".join(session.received[before:])
    assert set(re.findall(rb"\d+ of 12\b", sent)) == {b"12 of 12"}
    return sent


def test_a_range_of_the_cohort_before_does_not_filter_the_one_that_was_opened(address: str) -> None:
    """Baseline SLEDAI is a range in the sample, and a choice where only two values of it are known."""
    with client(address) as session:
        session.open("cohort")
        session.slide("filter_baseline_sledai", 8, 20)
        open_file_and_click(session)


def test_a_choice_of_the_cohort_before_does_not_filter_the_one_that_was_opened(address: str) -> None:
    with client(address) as session:
        session.open("cohort")
        session.choose("filter_msc_source", "UC")
        open_file_and_click(session)


def test_a_comparison_of_the_cohort_before_is_not_asked_of_the_one_that_was_opened(address: str) -> None:
    with client(address) as session:
        session.open("cohort")
        session.select("compare", "By sex")
        assert b"compare=sex" in b"".join(session.received)
        sent = open_file_and_click(session)
    assert b"compare=" not in sent
