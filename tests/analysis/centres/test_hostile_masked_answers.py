"""Masked answers whose numbers were changed, with the hash made anew: refused in words, or a sum that is not read."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.centres.centre_keys import KeyRing
from analysis.centres.centre_question import CentreFileError, CentreQuestion
from analysis.centres.masked_answer import answer_masked, key_of_centre
from analysis.centres.summed_cohort import sum_masked
from tests.analysis.centres.test_hostile_answers import THINGS, file_of, places
from tests.analysis.made import SAMPLE

pytestmark = pytest.mark.newest  # the same files on any versions

QUESTION = CentreQuestion("Hostile", {"compare": ("msc_source",)}, groups=("BM", "UC"), years=3)
WRAP = 2**64
CHANGES = [1, -1, 2, 87, 2**31, 2**32, -(2**32), 2**40, 2**62, 2**63, 12345678901234567]


def held_answers() -> list[dict[str, Any]]:
    parts = [SAMPLE.subset(np.arange(len(SAMPLE)) % 3 == place) for place in range(3)]
    own = [key_of_centre(part, QUESTION, f"Centre {place}") for place, part in enumerate(parts)]
    ring = KeyRing(tuple(key.public for key in own))
    return [
        json.loads(answer_masked(part, QUESTION, key, ring)[0].to_file()) for part, key in zip(parts, own, strict=True)
    ]


HELD = held_answers()
SIZE = len(HELD[0]["numbers"])
PLACES = list(places({name: each for name, each in HELD[0].items() if name not in ("hash", "numbers")}))


def refused(first: dict[str, Any]) -> str:
    """Return why the answers are refused with another first one; "" if their sum can be read in whole."""
    files = {f"{place}.json": file_of(held) for place, held in enumerate((first, *HELD[1:]))}
    try:
        summed = sum_masked(files)
    except CentreFileError as error:
        said = str(error)
        assert not re.search(r"Traceback|0x[0-9a-f]{6}|numpy|dtype|object at|\bnan\b|\binf\b|None", said)
        return said
    for asked in QUESTION.estimates:
        for by in (None, "msc_source"):
            if asked.key not in ("states", "baseline"):
                assert not re.search(r"\bnan\b|\binf\b|\bNone\b", summed.estimate(asked.key, by).method)
    return ""


def with_numbers(changes: dict[int, int]) -> dict[str, Any]:
    numbers = list(HELD[0]["numbers"])
    for place, change in changes.items():
        numbers[place] = (numbers[place] + change) % WRAP
    return {**HELD[0], "numbers": numbers}


def test_what_is_not_changed_is_read() -> None:
    assert refused(HELD[0]) == ""


@given(st.dictionaries(st.integers(0, SIZE - 1), st.sampled_from(CHANGES), min_size=1, max_size=3))
def test_changed_numbers_are_refused_or_could_be_counts(changes: dict[int, int]) -> None:
    said = refused(with_numbers(changes))
    assert "cannot be counts of patients" in said or "do not cancel" in said or said == ""


def test_large_changes_are_found_anywhere() -> None:
    random = np.random.default_rng(0)
    found = [bool(refused(with_numbers({int(place): 2**40}))) for place in random.integers(0, SIZE, 40)]
    assert all(found)


@given(st.data())
def test_anything_in_any_other_place_is_refused_or_harmless(data: st.DataObject) -> None:
    held = deepcopy(HELD[0])
    *within, last = data.draw(st.sampled_from(PLACES))
    inside: Any = held
    for key in within:
        inside = inside[key]
    inside[last] = data.draw(st.sampled_from([*THINGS, -1, 0, 10**30, 0.5]))
    refused(held)
