"""The small histogram above a slider."""

import re

import pandas as pd

from analysis.figures.common.histogram import HEIGHT, histogram_html
from analysis.figures.common.theme import Look


def test_bars_are_as_high_as_the_counts_and_full_as_far_as_kept() -> None:
    counts = pd.DataFrame({"low": [0, 1, 2], "high": [1, 2, 3], "of_all": [4, 0, 2], "now": [1, 0, 2]})
    drawn = histogram_html(counts, Look())
    heights = [float(height) for height in re.findall(r"flex: 1; height: ([\d.]+)px", drawn)]
    assert heights == [HEIGHT, 0, HEIGHT / 2]
    assert [int(full) for full in re.findall(r"to top, #\w+ (\d+)%", drawn)] == [25, 0, 100]
    assert "3 of 6 patients" in drawn


def test_an_empty_bin_has_no_bar() -> None:
    drawn = histogram_html(pd.DataFrame({"low": [0], "high": [1], "of_all": [0], "now": [0]}), Look(dark=True))
    assert "nan" not in drawn
    assert "0 of 0 patients" in drawn
