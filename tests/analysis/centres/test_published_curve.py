"""A curve that a user reads off a paper: what is read, what is refused and where, and how it is drawn."""

import pytest

from analysis import kaplan_meier
from analysis.centres.published_curve import PublishedCurve, read_curve, restored_curve, saved_curve
from analysis.centres.published_list import PublishedError
from analysis.figures.common.theme import note_of
from analysis.figures.survival.kaplan_meier import KAPLAN_MEIER, survival_chart, survival_description
from analysis.figures.survival.paper_curves import at_risk_table, counts_table
from tests.analysis.made import SAMPLE

POINTS = b"months,survival\n2,0.9\n4,0.675\n6,0.45\n"
TYPED = "0: 10, 5: 6"
# Ten patients, as worked out by hand in the tests of the estimate.
CURVE = PublishedCurve("Own 2020", (2.0, 4.0, 6.0), (0.9, 0.675, 0.45), (0.0, 5.0), (10, 6), 5)


@pytest.mark.parametrize(
    "points",
    [
        POINTS,
        POINTS.split(b"\n", 1)[1],
        b"survival_percent,months\n90,2\n67.5,4\n45,6\n",
        "\ufeffMonths;Survival\n2;0,9\n\n4;0,675\n6;0,45\n".encode(),
        b"note\tmonths\tsurvival\nx\t2\t0.9\ny\t4\t0.675\nz\t6\t0.45\n",
    ],
)
def test_points_are_read_in_each_usual_form(points: bytes) -> None:
    assert read_curve(" Own 2020 ", points, TYPED, "5") == CURVE


def test_numbers_at_risk_are_typed_or_a_file() -> None:
    assert read_curve("Own 2020", POINTS, b"months,at_risk\n0,10\n5,6\n", " 5 ") == CURVE
    assert read_curve("Own 2020", POINTS, "0 = 10; 5 = 6", "5") == CURVE
    assert read_curve("Own 2020", POINTS, TYPED).events is None


@pytest.mark.parametrize(
    ("points", "at_risk", "events", "words"),
    [
        (b"months,survival\n2,0.9\n4,x\n", TYPED, "", "Points, row 3, column survival: “x” is no number."),
        (b"months,survival\n2,0.9\n\n,0.5\n", TYPED, "", "Points, row 4, column months: is empty."),
        (b"months,survival\n2\n", TYPED, "", "Points, row 2, column survival: is empty."),
        (b"months,survival\n2,90\n", TYPED, "", "Points, row 2, column survival: 90 is no share from 0 to 1. Name the"),
        (
            b"months,survival_percent\n2,101\n",
            TYPED,
            "",
            "Points, row 2, column survival_percent: 101 is no",
        ),
        (b"months,survival\n2,nan\n", TYPED, "", "Points, row 2, column survival: “nan” is no number."),
        (b"months,survival\n4,0.9\n\n2,0.8\n", TYPED, "", "Points, row 4: month 2 comes after month 4"),
        (b"2,0.9\n4,0.95\n", TYPED, "", "Points, row 2: survival 0.95 is above 0.9 before it"),
        (b"time,alive\n2,0.9\n", TYPED, "", "Points: the columns are months and survival; here they are time, alive."),
        (b"", TYPED, "", "Points: the file has no row of numbers."),
        (b"\xff\xfe\x00", TYPED, "", "Points: the file is no CSV in UTF-8."),
        (b'2,"0.9\n', TYPED, "", "Points: the file is no CSV; a quotation mark"),
        (b"".join(b"%d,0.9\n" % month for month in range(501)), TYPED, "", "Points: 501; up to 500 are used."),
        (POINTS, "", "", "At risk: type them as month: number"),
        (POINTS, "0: 10, five: 6", "", "At risk, entry 2: “five: 6” is not month: number, such as 12: 31."),
        (POINTS, "0: 10, 5: 60", "", "At risk, row 2: 60 are more than the 10 before."),
        (POINTS, "3: 10", "", "The first number at risk is that at month 0."),
        (POINTS, "0: 3000", "", "At risk: 3,000 patients; curves of up to 2,000 are reconstructed."),
        (POINTS, b"months,at_risk\n0,10\n5,6.5\n", "", "At risk, row 3, column at_risk: 6.5 is no whole number"),
        (POINTS, b"months,at_risk\n0,10\n\n5,60\n", "", "At risk, row 4: 60 are more than the 10 before."),
        (POINTS, TYPED, "many", "Total deaths: “many” is no whole number."),
        (POINTS, TYPED, "11", "11 events are more than the 10 patients"),
    ],
)
def test_what_cannot_be_is_refused_with_row_and_column(
    points: bytes, at_risk: bytes | str, events: str, words: str
) -> None:
    with pytest.raises(PublishedError) as refused:
        read_curve("Own 2020", points, at_risk, events)
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize("name", ["", "  ", "=cmd()", "A" * 41])
def test_a_name_is_needed_and_is_no_formula(name: str) -> None:
    with pytest.raises(PublishedError, match=r"^Name:"):
        read_curve(name, POINTS, TYPED)


def test_a_session_file_keeps_it_and_nothing_else_becomes_one() -> None:
    assert restored_curve(saved_curve(CURVE)) == CURVE
    for broken in (None, [], {}, {**saved_curve(CURVE), "survival": 3}, {**saved_curve(CURVE), "at_risk": [1, 2, 3]}):
        with pytest.raises(PublishedError):
            restored_curve(broken)


def test_its_counts_are_those_worked_out_by_hand() -> None:
    table = counts_table(CURVE).set_index("months")
    assert table.loc[[2, 2.5, 4, 6], ["at_risk", "events", "censored"]].to_numpy().tolist() == [
        [10, 1, 0],
        [9, 0, 1],
        [8, 2, 0],
        [6, 2, 4],
    ]
    assert at_risk_table([CURVE])["Month: patients"].tolist() == ["0: 10, 5: 6", "0: 10, 5: 6"]


def test_it_is_drawn_behind_by_its_name_and_is_in_no_number() -> None:
    result = kaplan_meier(SAMPLE)
    chart = survival_chart(result, reconstructed=(CURVE,))
    assert "long dashes: reconstructed (Own 2020), in no test" in note_of(chart)
    assert "at risk as published 10 at month 0, 6 at month 5" in survival_description(result, reconstructed=(CURVE,))
    drawn = next(layer.data for layer in chart.layer if {"part", "share", "style"} <= set(layer.data.columns))
    paper = drawn[drawn["part"] == "paper"]
    assert paper["share"].min() == pytest.approx(45)
    rising = survival_chart(result, reconstructed=(CURVE,), failure=True)
    drawn = next(layer.data for layer in rising.layer if {"part", "share", "style"} <= set(layer.data.columns))
    assert drawn.loc[drawn["part"] == "paper", "share"].max() == pytest.approx(55)
    assert KAPLAN_MEIER.numbers(result, reconstructed=(CURVE,)).equals(result.curve)
