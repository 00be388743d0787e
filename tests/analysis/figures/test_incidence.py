"""The figure of cumulative incidence shows the curves of the result."""

import pytest

from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.figures.common.theme import Look
from analysis.figures.survival.incidence import incidence_chart, incidence_description
from tests.analysis.figures.results import incidences, rows_of, spec, texts_at

MANY = [(float(month), ("event", "death", "")[month % 3]) for month in range(1, 40)]


@pytest.fixture
def one() -> CumulativeIncidence:
    return incidences({"BM": MANY})


def test_the_rows_tell_at_risk_events_and_competing(one: CumulativeIncidence) -> None:
    placed = texts_at(incidence_chart(one), 506)
    assert {"At risk", "Events", "Competing"} <= set(placed)
    at = one.at([24]).iloc[0]
    tick = next(x for x, y in placed["24"] if y < 370)
    for column in ("at_risk", "cumulative_events", "cumulative_competing"):
        assert any(abs(x - tick) <= 0.5 for x, y in placed[str(int(at[column]))] if y > 400)


def test_the_curve_is_the_incidence_in_per_cent(one: CumulativeIncidence) -> None:
    points = rows_of(spec(incidence_chart(one)), "percent", "words")
    assert [row["percent"] for row in points] == pytest.approx((100 * one.curve["incidence"]).tolist())


def test_the_naive_curve_is_faint_and_named(one: CumulativeIncidence) -> None:
    chart = incidence_chart(one, naive=True)
    lines = [row for row in rows_of(spec(chart), "part", "share") if row["part"] == "naive"]
    assert lines[-1]["share"] == pytest.approx(100 * one.naive["incidence"].iloc[-1])
    assert lines[-1]["share"] > 100 * one.curve["incidence"].iloc[-1]
    assert "1 − KM" in texts_at(chart, 506)
    assert "KM, too high where events compete" in spec(chart)["title"]["text"]["expr"]
    assert "one minus Kaplan-Meier" in incidence_description(one, naive=True)


def test_the_whole_cohort_stands_behind(one: CumulativeIncidence) -> None:
    chart = incidence_chart(incidences({"BM": MANY[::2]}), whole=one, naive=True)
    assert {"whole cohort", "filtered", "1 − KM"} <= set(texts_at(chart, 700))


@pytest.mark.parametrize(
    ("result", "dark"),
    [
        (incidences({"BM": [(5.0, "")]}), False),
        (incidences({"BM": [(5.0, "event")]}), True),
        (incidences({"BM": [(0.0, "event"), (5.0, "death")]}), False),
        (incidences({"BM": MANY, "UC": [(month, "") for month, _ in MANY]}), True),
        (incidences(dict.fromkeys(("BM", "UC", "AD", "AM", "BM+UC"), MANY)), False),
        (incidences(dict.fromkeys(("BM", "UC", "AD", "AM", "BM+UC"), MANY)), True),
    ],
    ids=[
        "one patient", "one event", "one of each", "a group without events", "five groups", "five groups in the dark",
    ],
)  # fmt: skip
def test_any_result_can_be_drawn(result: CumulativeIncidence, dark: bool) -> None:
    for until in (None, 12):
        chart = incidence_chart(result, look=Look(dark=dark), naive=True, until=until)
        spec(chart)
        texts = [*texts_at(chart, 298), incidence_description(result, naive=True, until=until)]
        assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in texts)
