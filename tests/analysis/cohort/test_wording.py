"""Counts in words, with singular and plural."""

import pytest

from analysis.cohort.wording import count_words


@pytest.mark.parametrize(("number", "words"), [(0, "0 patients"), (1, "1 patient"), (1204, "1,204 patients")])
def test_one_has_no_s(number: int, words: str) -> None:
    assert count_words(number, "patient") == words
