"""The STROBE checklist: all 22 items once, and each place that it names is in the report."""

import re

from analysis.cohort.question import Question
from analysis.export.report import report_html
from analysis.export.strobe import AUTHORS, Contents, strobe_table
from tests.analysis.export.test_report import made

NOTHING = Contents(compared=False, followed=False, counted=False, baseline="", yearly="", figures=1)


def test_it_has_the_22_items_of_the_statement_with_their_parts() -> None:
    items = strobe_table(NOTHING)["Item"].tolist()
    assert list(dict.fromkeys(int(re.sub("[a-e]", "", item)) for item in items)) == list(range(1, 23))
    # The parts of the checklist for cohort studies (von Elm et al. 2007).
    parts = {number: "".join(re.findall(rf"\b{number}([a-e])\b", " ".join(items))) for number in (12, 13, 14, 16)}
    assert parts == {12: "abcde", 13: "abc", 14: "abc", 16: "abc"}
    assert len(set(items)) == len(items)


def test_what_no_file_can_say_is_left_to_the_authors() -> None:
    stands = strobe_table(NOTHING).set_index("Item")["Where it stands"]
    for item in ("2", "20", "21", "22", "14a", "14c"):
        assert stands[item] == f"{AUTHORS}."
    assert all(words.endswith(".") for words in stands)


def test_it_says_where_each_item_of_this_report_stands() -> None:
    report = made(Question(compare="msc_source"))
    stands = report.checklist.set_index("Item")["Where it stands"]
    assert stands["13c"] == "Flow of patients."
    assert stands["15"] == 'Figures, table "Remission and relapse per year".'
    assert stands["14a"] == f"{AUTHORS}."  # it has no table of characteristics
    assert stands["11"] == "Methods: groups."
    html = report_html(report).decode()
    for place in ("Methods", "Limitations", "Flow of patients"):
        assert stands.str.contains(place).any()
        assert f"<h2>{place}</h2>" in html
