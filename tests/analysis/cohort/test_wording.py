"""Counts in words, with singular and plural."""

import pytest

from analysis.cohort.wording import count_words


@pytest.mark.parametrize(
    ("number", "form", "words"),
    [(0, "", "0 patients"), (1, "", "1 patient"), (1204, "", "1204 patients"), (1204, ",", "1,204 patients")],
)
def test_one_has_no_s(number: int, form: str, words: str) -> None:
    assert count_words(number, "patient", form) == words
