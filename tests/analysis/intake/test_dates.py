"""Dates of East Asia with eras, weekdays in any place, and dates that are plain numbers, which are asked."""

from __future__ import annotations

import datetime
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import CohortError, Source, read_cohort
from analysis.intake.dates import date_format, may_be_swapped, ordinal
from analysis.intake.proposal import propose

pytestmark = pytest.mark.usefixtures("read_here")


def day(text: str) -> str:
    return datetime.date.fromordinal(ordinal(text, None)).isoformat()


WRITTEN = {
    "2014-07-19": """
        平成２６年７月１９日 | Ｈ26.7.19 | H26/07/19 | ㍻26年7月19日 | 平26.7.19
        平成26年7月19日(土) | 民國103年7月19日
        二〇一四年七月十九日 | 2014年7月19日 | 2014 年 7 月 19 日 | 2014年7月19号 星期六 | 2014年07月19日（土） 10時30分
        星期六 2014年7月19日 | 2014년 7월 19일 | 2014년7월19일(토) | 토요일 2014년 07월 19일 오전 10:30 | 2014. 7. 19.
        2014-07-19(토) | 19-7月-2014 | 19-7月-14 | 七月 19, 2014 | 2014-Jul-19 | 19 juillet 2014, sam. | Sat,19 Jul 2014
        le samedi 19 juillet 2014 | samedi, le 19 juillet 2014 | den 19. Juli 2014 | el 19 de julio de 2014
        19JUL2014:10:00:00 | 2014-07-19T10:30:00Z | sabato 19 luglio 2014 | sábado, 19 de julho de 2014
        zaterdag 19 juli 2014 | Samstag, 19. Juli 2014""",
    "2023-03-01": "令和5年3月1日 | R5.3.1 | R05-03-01 | 令5.3.1",
    "2019-05-01": "令和元年5月1日 | R1.5.1",
    "1970-03-01": "昭和45年3月1日 | S45.3.1",
    "2018-10-15": "平成30年10月",
    "2014-12-31": "2014年12月31日 | 二〇一四年十二月三十一日",
    "2014-07-15": "2014年7月 | 2014년 7월 | 2014. 7.",
    "2014-03-03": "3. März 2014 | 3 ma\u0308rz 2014 | 3 maart 2014 | 3 mars 2014 | 3 marzo 2014 | 3 de março de 2014",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [(text, expected) for expected, texts in WRITTEN.items() for text in re.split(r" \| |\n\s+", texts.strip())],
)
def test_dates_as_hospitals_write_them(text: str, expected: str) -> None:
    assert day(text) == expected


NO_DATES = ("昭和65年1月1日 平成32年1月1日 令和5年13月1日 令和5年2月30日", "M3.1 R5 平成30年 元年5月1日 26年7月19日")


@pytest.mark.parametrize("text", " ".join(NO_DATES).split())
def test_what_is_no_date_of_an_era(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is no date
        ordinal(text, None)


ERAS = (
    ("令和", "R", 2018, datetime.date(2019, 5, 1), datetime.date(2060, 1, 1)),
    ("平成", "H", 1988, datetime.date(1989, 1, 8), datetime.date(2019, 4, 30)),
    ("昭和", "S", 1925, datetime.date(1926, 12, 25), datetime.date(1989, 1, 7)),
)


@given(st.data())
def test_every_day_of_an_era_is_that_day(data: st.DataObject) -> None:
    name, letter, before, first, last = data.draw(st.sampled_from(ERAS))
    date = data.draw(st.dates(first, last))
    year = date.year - before
    assert day(f"{name}{year}年{date.month}月{date.day}日") == date.isoformat()
    assert day(f"{letter}{year:02}.{date.month:02}.{date.day:02}") == date.isoformat()


def test_a_long_cell_of_a_date_column_is_read_at_once() -> None:
    for text in ("2014年" * 100_000, "," * 500_000 + "sat", " " * 500_000 + "土曜日"):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is no date
            ordinal(text, None)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["14/7/19", "13/2/18", "15/11/20"], "unclear"),  # in 2018 to 2020, or in 2013 to 2015
        (["14/7/30", "13/2/28", "15/11/19"], "year first"),  # else two are in the future
        (["19/07/14", "28/02/13", "30/11/15", "31/12/14"], "day first"),
        (["07/31/14", "02/28/13"], "month first"),
        (["19.07.98", "28.02.99"], "day first"),
        (["19/07/2014", "28/02/2013"], "day first"),
    ],
)
def test_a_year_of_two_digits_may_come_first(texts: list[str], order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.intake.dates.today", lambda: datetime.date(2026, 6, 30))
    assert date_format(texts) == order


def test_where_the_year_stands_is_asked() -> None:
    text = f"{DATED}a,14/7/19,16/7/19,1\nb,14/7/20,16/7/20,0\n".encode()
    with pytest.raises(CohortError, match="day first or year first") as refused:
        read_cohort(text)
    assert [finding.column for finding in refused.value.findings] == ["transplant_date", "last_contact_date"]
    mapping = {name: Source(name, format="year first") for name in ("transplant_date", "last_contact_date")}
    assert list(read_cohort(text, mapping=mapping).patients["follow_up_months"]) == pytest.approx([731 / 30.4375] * 2)


DATED = "patient_id,transplant_date,last_contact_date,died\n"


def numbered(start: datetime.date, unit: int, first: str, last: str) -> str:
    numbers = [((datetime.date.fromisoformat(text) - start).days * unit) for text in (first, last)]
    return f"{DATED}a,{numbers[0]},{numbers[1]},1\nb,{numbers[0]},{numbers[1]},0\n"


@pytest.mark.parametrize(
    ("name", "start", "unit"),
    [
        ("excel", datetime.date(1899, 12, 30), 1),
        ("excel 1904", datetime.date(1904, 1, 1), 1),
        ("days since 1960", datetime.date(1960, 1, 1), 1),
        ("days since 1970", datetime.date(1970, 1, 1), 1),
        ("seconds since 1970", datetime.date(1970, 1, 1), 86_400),
        ("milliseconds since 1970", datetime.date(1970, 1, 1), 86_400_000),
        ("seconds since 1960", datetime.date(1960, 1, 1), 86_400),
        ("milliseconds since 1960", datetime.date(1960, 1, 1), 86_400_000),
        ("seconds since 1582", datetime.date(1582, 10, 14), 86_400),
    ],
)
def test_dates_that_are_numbers_are_asked_once_with_the_first_date(name: str, start: datetime.date, unit: int) -> None:
    text = numbered(start, unit, "2014-07-19", "2016-07-19").encode()
    with pytest.raises(CohortError) as refused:
        read_cohort(text)
    (finding,) = refused.value.findings
    assert (finding.question, finding.column) == ("format", "transplant_date")
    assert name in [choice for choice, _ in finding.choices]
    assert f's "{name}"' in finding.message
    assert "2014-07-19" in finding.message
    cohort = read_cohort(text, mapping={"transplant_date": Source("transplant_date", format=name)})
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([731 / 30.4375] * 2)


def test_a_day_number_of_stata_is_not_taken_for_one_of_excel() -> None:
    with pytest.raises(CohortError) as refused:
        read_cohort(f"{DATED}a,19923,20100,1\nb,19930,20200,0\n".encode())
    (finding,) = refused.value.findings
    # As days of Excel these would be in 1954.
    assert [choice for choice, _ in finding.choices] == ["days since 1960", "days since 1970"]


def test_numbers_that_are_no_dates_in_any_way_are_refused() -> None:
    with pytest.raises(CohortError, match="dates cannot be read") as refused:
        read_cohort((DATED + "".join(f"{each},7{each}000,7{each}100,1\n" for each in "123")).encode())
    assert not any(finding.choices for finding in refused.value.findings)


def test_a_year_without_a_month_is_no_date_and_that_is_said() -> None:
    rows = "".join(f"{number},2014-07-19,2016-07-19,0\n" for number in range(20))
    cohort = read_cohort(f"{DATED}{rows}x,2014-07-19,平成30年,0\n".encode())
    assert cohort.left_out["patient_id"].tolist() == ["x"]
    assert "a year without a month" in " ".join(cohort.findings["message"]) + " ".join(cohort.left_out["reason"])


class Upload:
    name = "p.csv"

    def getvalue(self) -> bytes:
        return f"{DATED}a,19923,20100,1\nb,19930,20200,0\n".encode()


def test_the_question_about_numbers_knows_the_number_asked_about() -> None:
    (question,) = propose([Upload()]).questions
    assert (question.key, question.kind, question.example) == ("patients.transplant_date", "format", "19923")
    assert propose([Upload()], {question.key: question.answered("days since 1960")}).ready


TRUE_DAYS = [
    datetime.date(2010, 3, 5),
    datetime.date(2010, 3, 25),
    datetime.date(2010, 9, 1),
    datetime.date(2010, 9, 18),
]


def opened(days: list[datetime.date], order: str) -> list[str | datetime.date]:
    """Return days as a spreadsheet of another country opens their texts: swapped, or left as texts."""
    form = "%d/%m/%Y" if order == "day first" else "%m/%d/%Y"
    return [datetime.date(day.year, day.day, day.month) if day.day <= 12 else f"{day:{form}}" for day in days]


@pytest.mark.parametrize("order", ["day first", "month first"])
def test_dates_that_a_spreadsheet_may_have_swapped_are_asked(order: str) -> None:
    table = pd.DataFrame(
        {
            "patient_id": list("ABCD"),
            "transplant_date": opened(TRUE_DAYS, order),
            "last_contact_date": "2012-06-20",
            "died": [0, 1, 0, 0],
        }
    )
    with pytest.raises(CohortError, match=r"2010-05-03 the 3 May 2010 .no. or the 5 March 2010 .swapped.") as refused:
        read_cohort(table)
    (question,) = refused.value.findings
    for (way, _), months in zip(question.choices, (25.6, 27.5), strict=True):
        cohort = read_cohort(table, mapping={"transplant_date": Source("transplant_date", format=way)})
        assert cohort.patients["follow_up_months"].iloc[0] == pytest.approx(months, abs=0.1)
        assert cohort.patients["follow_up_months"].iloc[1] == pytest.approx(26.9, abs=0.1)


@pytest.mark.parametrize("day", ["2010-03-25", "04/05/2010"])
def test_dates_of_both_kinds_that_no_spreadsheet_swapped_are_read(day: str) -> None:
    texts = ["2010-05-03", "25/03/2010", day]
    assert may_be_swapped(texts) == ""
