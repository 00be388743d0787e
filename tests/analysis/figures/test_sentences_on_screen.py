"""Sentences for the screen: a number is never apart from its percent sign, its unit and its limits."""

import pytest

from analysis.figures.common.markdown import sentence

HELD = "\u00a0"


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ("BM 98 % (85–100, 28 at risk), UC 95 %", "BM 98_%_(85–100, 28 at risk), UC 95_%"),
        ("difference −3 points (−18 to 10), UC minus BM", "difference −3_points_(−18_to_10), UC minus BM"),
        ("2.9 g/24 h (2.1 to 3.6)", "2.9 g/24_h_(2.1_to_3.6)"),
        ("p <0.001 in 2 of 87 patients", "p <0.001 in 2 of 87 patients"),
        ("Alive at 2 years (the last)", "Alive at 2 years (the last)"),
    ],
)
def test_a_number_keeps_what_belongs_to_it(told: str, held: str) -> None:
    assert sentence(told).replace("\\", "").replace(HELD, "_") == held
