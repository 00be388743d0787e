"""Patterns of values and names: none takes long over a cell that repeats itself."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from time import process_time

import pytest

import analysis.cohort
import analysis.intake

LETTERS = (1_000, 10_000)  # Longer ones only where shorter ones are quick, so that a slow pattern fails soon.
MOST_SECONDS = 0.2  # A pattern that tries again from every place takes a second, and in the longest cell a hundred.
REPEATED = ["9", " ", "a", "1,", "1.", "-", "_", "a ", "1 ", "(", "1/", "total ", "é", "年", "1,000", "' "]
BEFORE, BEHIND = ["", "1", "a"], ["", "!", "x"]
SEARCHED = {
    "GAPS",
    "OF",
    "WEEKDAY_BEHIND",
    "WEEKDAY_ANYWHERE",
    "MONTH_ANYWHERE",
    "ARM",
    "AROUND",
}  # in a text; any other is asked of the whole of it
BEGUN = {"WEEKDAY", "PART"}


def patterns() -> Iterator[tuple[str, "re.Pattern[str]"]]:
    for package in (analysis.intake, analysis.cohort):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    yield name, value


@pytest.mark.parametrize(("name", "pattern"), sorted(dict(patterns()).items()), ids=lambda value: str(value)[:20])
def test_no_pattern_takes_long_over_any_cell(name: str, pattern: "re.Pattern[str]") -> None:
    ask = pattern.search if name in SEARCHED else pattern.match if name in BEGUN else pattern.fullmatch
    for part in REPEATED:
        for before in BEFORE:
            for behind in BEHIND:
                for letters in LETTERS:
                    text = before + part * (letters // len(part)) + behind
                    start = process_time()
                    ask(text)
                    assert process_time() - start < MOST_SECONDS, (part, before, behind)
