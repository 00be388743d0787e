"""Times in the names of columns, sheets and visits."""

import pytest

from analysis.intake.moments import Moment, moment_of, split_name


@pytest.mark.parametrize(
    ("name", "stem", "months"),
    [
        ("SLEDAI 3 mo", "SLEDAI", 3),
        ("SLEDAI_M12", "SLEDAI", 12),
        ("M3_SLEDAI", "SLEDAI", 3),
        ("3-month SLEDAI", "SLEDAI", 3),
        ("sledai12m", "sledai", 12),
        ("UPCR.6mo", "UPCR", 6),
        ("SLEDAI, 6-month visit", "SLEDAI", 6),
        ("SLEDAI at 12 months after transplantation", "SLEDAI", 12),
        ("12 months after transplantation SLEDAI", "SLEDAI", 12),
        ("SLEDAI (24 months)", "SLEDAI", 24),
        ("Proteinuria 6 mo (g/24h)", "Proteinuria (g/24h)", 6),
        ("C3_6m", "C3", 6),
        ("C3 m6", "C3", 6),
        ("24h proteinuria 3m", "24h proteinuria", 3),
        ("SLEDAI-2K w4", "SLEDAI-2K", 28 / 30.4375),
        ("SLEDAI D28", "SLEDAI", 28 / 30.4375),
        ("SLEDAI 1 year", "SLEDAI", 12),
        ("PGA Y2", "PGA", 24),
        ("PGA 0,5 years", "PGA", 6),
        ("SLEDAI baseline", "SLEDAI", 0),
        ("SLEDAI pre", "SLEDAI", 0),
        ("SLEDAI basal", "SLEDAI", 0),
        ("SLEDAI 3 meses", "SLEDAI", 3),
        ("SLEDAI à 6 mois", "SLEDAI", 6),
        ("SLEDAI nach 3 Monaten", "SLEDAI", 3),
        ("SLEDAI评分 基线", "SLEDAI评分", 0),
        ("SLEDAI评分 3月", "SLEDAI评分", 3),
        ("移植后6个月SLEDAI", "SLEDAI", 6),
        ("3か月後SLEDAI", "SLEDAI", 3),
        ("이식전 SLEDAI", "SLEDAI", 0),
    ],
)
def test_a_heading_is_a_measure_and_a_time(name: str, stem: str, months: float) -> None:
    parts = split_name(name)
    assert parts is not None
    assert (parts[0], parts[1].months) == (stem, pytest.approx(months))


@pytest.mark.parametrize(
    ("name", "moment"), [("sledai_3", Moment(3, "")), ("SLEDAI V2", Moment(2, "visit")), ("T1 PGA", Moment(1, "visit"))]
)
def test_a_number_alone_tells_no_month(name: str, moment: Moment) -> None:
    parts = split_name(name)
    assert parts is not None
    assert parts[1] == moment
    assert moment.months is None


@pytest.mark.parametrize(
    "name",
    ["Age", "Sex", "Follow-up (months)", "anti-dsDNA", "SLEDAI-2K", "SLEDAI post", "months", "day", "a" * 100_000],
)
def test_a_heading_without_a_time(name: str) -> None:
    assert split_name(name) is None


@pytest.mark.parametrize(
    ("name", "months"), [("Month 3", 3), ("Baseline", 0), ("12个月", 12), ("Week 4", 28 / 30.4375), ("year_2", 24)]
)
def test_a_sheet_is_named_for_a_time(name: str, months: float) -> None:
    moment = moment_of(name)
    assert moment is not None
    assert moment.months == pytest.approx(months)


@pytest.mark.parametrize("name", ["Patients", "Sheet1 visits", "UC", "3 patients", "2014-01-01"])
def test_a_sheet_named_for_something_else(name: str) -> None:
    assert moment_of(name) is None
