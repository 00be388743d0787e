"""The published numbers that come with the program, and the lists that users bring."""

from dataclasses import replace

import pytest

from analysis.centres.published_fact import PublishedFact, shared_centre
from analysis.centres.published_list import (
    SHIPPED,
    PublishedError,
    fact_of,
    published_csv,
    published_facts,
    read_published,
)
from analysis.estimates.common.intervals import proportion_interval

HEADS = "study,outcome,months,events,patients,enrolled,first_year,last_year,identifier,denominator"
GOOD = "Own 2020,relapse,12,3,20,25,2001,2005,10.1186/ar4520,all enrolled"


def read(*rows: str, heads: str = HEADS) -> tuple[PublishedFact, ...]:
    return read_published("\n".join([heads, *rows]).encode())


def of(study: str, outcome: str, months: float | None) -> list[tuple[int, int]]:
    """Return n of N of the patients with MSC in a study."""
    return [
        (fact.events, fact.patients)
        for fact in published_facts()
        if (fact.study, fact.outcome, fact.months, fact.treatment) == (study, outcome, months, "MSC")
    ]


def test_the_numbers_are_those_of_the_abstracts() -> None:
    assert [of("Wang 2013", "complete remission", month) for month in (12, 24, 36, 48)] == [
        [(23, 83)], [(12, 39)], [(5, 12)], [(3, 6)],
    ]  # fmt: skip
    assert of("Wang 2014", "major clinical response", 12) == [(13, 40)]  # 32.5 %
    assert of("Wang 2014", "death", 12) == [(3, 40)]  # 92.5 % alive
    assert of("Wang 2018", "complete remission", 60) == [(22, 81), (22, 68)]  # 27 % of all, also told of survivors
    assert of("Deng 2017", "complete renal remission", 6) == [(5, 12)]  # 42 %


def test_a_printed_exact_interval_comes_out() -> None:
    [(events, patients)] = of("Kamen 2022", "SRI-4", 6)
    (low,), (high,) = proportion_interval([events], [patients], "clopper-pearson")
    assert (round(100 * low, 1), round(100 * high, 1)) == (35.9, 99.6)


def test_each_number_says_where_it_was_read() -> None:
    assert all(fact.citation and fact.read_in.startswith("abstract") and fact.centres for fact in published_facts())
    assert len({fact.asked for fact in published_facts()}) == len(published_facts()) > 40


def test_the_list_is_written_as_it_is_read() -> None:
    assert published_csv(published_facts()) == SHIPPED.read_bytes()


def test_a_row_is_read_with_what_it_does_not_tell() -> None:
    [fact] = read(GOOD)
    assert fact == PublishedFact(
        "Own 2020", "relapse", 3, 20, 12.0, enrolled=25, first_year=2001, last_year=2005, identifier="10.1186/ar4520",
        denominator="all enrolled",
    )  # fmt: skip
    [bare] = read("Own 2020,Relapse,,3,20,,,,,")
    assert (bare.outcome, bare.months, bare.enrolled, bare.denominator, bare.treatment) == (
        "relapse",
        None,
        None,
        "",
        "MSC",
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (GOOD.replace(",3,20,", ",21,20,"), "Row 3: 21 events are more than 20 patients."),
        (GOOD.replace(",20,25,", ",26,25,"), "Row 3: 26 patients are more than the 25 enrolled."),
        (GOOD.replace(",3,20,", ",0,0,"), "Row 3: 0 patients."),
        (GOOD.replace(",3,20,", ",3.5,20,"), "Row 3: events “3.5” is no whole number."),
        (GOOD.replace(",3,20,", ",-3,20,"), "would be a formula"),
        (GOOD.replace(",12,", ",a year,"), "Row 3: months “a year” is no number of months"),
        (GOOD.replace("relapse", "wellness"), "outcome “wellness” is not known; known are complete remission"),
        (GOOD.replace("all enrolled", "some"), "denominator “some” is not known"),
        (GOOD.replace("2001,2005", "2005,2001"), "Row 3: Enrolment from 2005 to 2001."),
        (GOOD.replace("2001", "1901"), "1901 is no year of enrolment"),
        (GOOD.replace("10.1186/ar4520", "ar4520"), "identifier “ar4520” is neither a DOI"),
        (GOOD.replace("Own 2020", ""), "Row 3: Without study."),
        (GOOD.replace("Own 2020", "=cmd|x"), "would be a formula in a spreadsheet"),
        (GOOD.replace("Own 2020", "x" * 41), "study has more than 40 characters"),
        (GOOD + ",more", "Row 3: 11 cells under 10 headings."),
        ("Own 2019,relapse,12,1,9,,,,,", "The same study, outcome, definition, denominator and time as in row 2."),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_its_number(row: str, reason: str) -> None:
    with pytest.raises(PublishedError) as refused:
        read("Own 2019,relapse,12,1,9,,,,,", row)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no column study"),
        (b"study,outcome,events,patients\n", "no row below its headings"),
        (b"study,outcome,events\nA,death,1\n", "There is no column patients."),
        (b"study,outcome,events,patients,p\nA,death,1,2,3\n", "Unknown columns: “p”."),
        (b"study,study,outcome,events,patients\n", "Two columns have the same heading."),
        (b"\xff\xfe\x00", "no CSV in UTF-8"),
        (b"x" * 600_000, "larger than 500 kB"),
        (b'study,outcome,events,patients\n"A,death,1,2\n', "no CSV in UTF-8"),
    ],
)
def test_another_file_is_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(PublishedError, match=reason.replace("(", r"\(")):
        read_published(data)


def test_many_wrong_rows_are_counted_and_not_all_told() -> None:
    with pytest.raises(PublishedError) as refused:
        read(*(GOOD.replace("2020", str(2000 + each)).replace("relapse", "x") for each in range(9)))
    assert str(refused.value).endswith("And 4 rows more.")


def test_a_number_that_is_typed_is_checked_in_the_same_way() -> None:
    typed = {"study": " A\u20282020 ", "outcome": "death", "events": "1", "patients": "9", "centres": "Rome; Oslo ;"}
    assert fact_of(typed).study == "A 2020"
    assert fact_of(typed).centres == ("Rome", "Oslo")
    with pytest.raises(PublishedError, match="Without patients"):
        fact_of({**typed, "patients": ""})


def test_papers_of_one_centre_tell_of_others_only_if_their_years_lie_apart() -> None:
    early = PublishedFact("A 2010", "death", 1, 9, centres=("Rome",), first_year=2001, last_year=2004)
    late = replace(early, study="B 2015", first_year=2005, last_year=2009)
    assert shared_centre(early, late) == shared_centre(late, early) == ""
    assert shared_centre(early, replace(late, first_year=2004)) == "Rome"
    assert shared_centre(early, replace(late, first_year=None)) == "Rome"
    assert shared_centre(early, replace(late, centres=("Oslo",), first_year=None)) == ""
