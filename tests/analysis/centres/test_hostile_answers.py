"""Answers that are broken, or made to do harm: each is refused in one sentence, whatever stands where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from hashlib import sha256
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.centres.centre_answer import answer_question, read_centre_answer
from analysis.centres.centre_question import CentreFileError, CentreQuestion, read_centre_question
from analysis.centres.merged_cohort import CENTRE, MergedCohort, merge
from tests.analysis.centres.registry import centres_of, registry

pytestmark = pytest.mark.newest  # the same counts and files on any versions: long

QUESTION = CentreQuestion("Hostile", {"compare": ("msc_source",)})
Path = tuple[str | int, ...]
NUMBERS = [-1, 0, 1, 2, 3, 127, 128, 300, -(2**31), 2**53, 2**62, 2**63, 10**18, 10**400, 0.5, -0.5, 1e308, -1e308]
THINGS: list[Any] = [
    *(None, True, False, "", "All", "x" * 5000, "\n\x00", "<script>", [], {}, [[]], [None], [{}]),
    *(float("nan"), float("inf"), {"number": "nan"}, {"number": "inf"}, {"number": "x"}, {"part": 0}, {"part": -1}),
    *({"part": 10**9}, {"set": ["a"]}, {"set": [1]}, {"by": []}, {"by": [["a", 1]]}, {"by": [1]}, {"is": "Groups"}),
    *({"is": "Cohort"}, {"is": []}, {"function": "os.system"}, {"array": "int64", "shape": [1], "values": [1]}),
    *({"array": "text", "shape": [2], "values": [[1], [2]]}, {"array": "float64", "shape": [1], "values": [10**400]}),
    *({"array": "int64", "shape": [5_000_000], "at": [], "values": []}, {"array": "int8", "shape": [], "values": [1]}),
    *({"array": "bool", "shape": [1], "values": [7]}, {"array": "object", "shape": [0], "values": []}),
]


def held_of(seed: int, centre: str) -> dict[str, Any]:
    parts = centres_of(registry(seed, 12), np.repeat([0, 1], 6))
    part = parts["Centre 00" if centre == "North" else "Centre 01"]
    held: dict[str, Any] = json.loads(answer_question(part, QUESTION, centre).to_file())
    return held


NORTH, SOUTH = held_of(1, "North"), held_of(1, "South")


def file_of(held: dict[str, Any]) -> bytes:
    """Return an answer as a file, with the hash of what it holds."""
    own = {name: each for name, each in held.items() if name != "hash"}
    told = sha256(json.dumps(own, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return json.dumps({**own, "hash": told}, ensure_ascii=False).encode()


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every value within JSON."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*path, key))


PLACES = [path for path in places(NORTH) if path[0] != "hash"]
# Long lists of numbers are most of a file; each kind of place is tried as often as any other.
BY_KIND: dict[str, list[Path]] = {}
for each in PLACES:
    BY_KIND.setdefault(".".join("#" if isinstance(key, int) else key for key in each), []).append(each)


def changed(path: Path, value: Any) -> dict[str, Any]:
    held = deepcopy(NORTH)
    inside: Any = held
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return held


def at(path: Path) -> Any:
    inside: Any = NORTH
    for key in path:
        inside = inside[key]
    return inside


def refused(*files: bytes) -> str:
    """Return why files are refused; "" if they are put together."""
    try:
        merged = merge({f"{place}.json": data for place, data in enumerate(files)})
    except CentreFileError as error:
        said = str(error)
        assert len(said) < 1000
        assert not re.search(r"Traceback|0x[0-9a-f]{6}|numpy|dtype|object at|\bnan\b|\binf\b|None", said)
        return said
    for estimate in QUESTION.estimates:
        for by in (None, "msc_source", CENTRE):
            assert_finite(estimate.of(merged, by))
    return ""


def assert_finite(result: Any) -> None:
    for table in vars(result).values():
        if isinstance(table, pd.DataFrame):
            numbers = table.select_dtypes("number").to_numpy(dtype=float)
            assert not np.isinf(numbers).any()
        elif isinstance(table, str):
            assert not re.search(r"\bnan\b|\binf\b|\bNone\b", table)


def test_what_is_not_changed_is_put_together() -> None:
    assert refused(file_of(NORTH), file_of(SOUTH)) == ""


@given(st.data())
def test_anything_in_any_place_is_refused_or_harmless(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(BY_KIND)).flatmap(lambda kind: st.sampled_from(BY_KIND[kind])))
    old = at(path)
    near = [old + 1, old - 1, old / 2, -old] if isinstance(old, int | float) and not isinstance(old, bool) else []
    other = data.draw(st.sampled_from(PLACES))
    value = data.draw(st.sampled_from([*near, *NUMBERS, *THINGS, at(other)]))
    refused(file_of(changed(path, value)), file_of(SOUTH))


@given(st.data())
def test_parts_left_out_or_told_twice_are_refused_or_harmless(data: st.DataObject) -> None:
    lists = [path for path in PLACES if isinstance(at(path), list | dict) and at(path)]
    path = data.draw(st.sampled_from(lists))
    inside = deepcopy(at(path))
    if isinstance(inside, dict):
        del inside[data.draw(st.sampled_from(sorted(inside)))]
    elif data.draw(st.booleans()):
        del inside[data.draw(st.integers(0, len(inside) - 1))]
    else:
        inside.append(inside[data.draw(st.integers(0, len(inside) - 1))])
    refused(file_of(changed(path, inside)), file_of(SOUTH))


@pytest.mark.parametrize("depth", [500, 20_000, 200_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    whole = b"[" * depth + b"]" * depth
    assert refused(whole, file_of(SOUTH))
    text = file_of(NORTH).decode().replace('"columns": [', '"columns": [' + "[" * depth + "]" * depth + ",", 1)
    assert refused(text.encode(), file_of(SOUTH))


def test_zeros_that_take_no_room_in_a_file_are_refused() -> None:
    bomb = {"array": "int64", "shape": [5_000_000], "at": [], "values": []}
    began = perf_counter()
    assert "more values than a file of its length should" in refused(
        file_of({**NORTH, "tables": [bomb] * 1000}), file_of(SOUTH)
    )
    assert perf_counter() - began < 20


def test_parts_that_double_each_other_are_refused() -> None:
    doubled = [{"is": "Either", "unless_absent": "", "any": []}]
    doubled = [["a", "b"], *([{"part": place}] * 2 for place in range(60))]
    assert "more values than a file of its length should" in refused(
        file_of({**NORTH, "tables": doubled}), file_of(SOUTH)
    )


def table_of(kind: str) -> int:
    return next(place for place, held in enumerate(NORTH["tables"]) if held["is"] == kind)


def with_field(kind: str, name: str, value: Any) -> bytes:
    return file_of(changed(("tables", table_of(kind), name), value))


OTHER_OUTCOME = next(held for held in NORTH["tables"][::-1] if held["is"] == "Wording")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (file_of({**NORTH, "patients": 7}), "cannot be counts of 7 patients"),
        (file_of({**NORTH, "patients": -6}), "of how many patients"),
        (file_of({**NORTH, "patients": 10**30}), "of how many patients"),
        (file_of({**NORTH, "patients": True}), "of how many patients"),
        (file_of({**NORTH, "columns": [["patient_name"], []]}), "which columns were counted"),
        (file_of({**NORTH, "centre": "All"}), "does not name its centre"),
        (file_of({**NORTH, "centre": "a\nb"}), "does not name its centre"),
        (file_of({**NORTH, "counts": NORTH["counts"][1:]}), "was not asked for this"),
        (file_of({**NORTH, "counts": [*NORTH["counts"], NORTH["counts"][0]]}), "holds a table twice"),
        (file_of({**NORTH, "counts": [*NORTH["counts"], ["x", {"part": 0}]]}), "does not ask for"),
        (file_of({**NORTH, "extra": 1}), "and nothing else"),
        (with_field("Leaving", "outcome", OTHER_OUTCOME), "counts something else than what was asked for"),
        (with_field("Extent", "visits", -1), "the ends of the visits"),
        (with_field("Extent", "visits", 10**60), "A number is too large"),
        (with_field("Extent", "lowest", {"number": "inf"}), "the ends of the visits are no numbers"),
        (with_field("LeftOut", "patients", [1, 0, 0]), "do not add up"),
        (with_field("StateChanges", "longest", 10**9), "months are not those of the follow-up"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    assert reason in refused(data, file_of(SOUTH))


def test_tables_under_the_key_of_others_are_refused() -> None:
    counts = deepcopy(NORTH["counts"])
    counts[0][1], counts[-1][1] = counts[-1][1], counts[0][1]
    assert "counts something else than what was asked for" in refused(
        file_of({**NORTH, "counts": counts}), file_of(SOUTH)
    )


def test_a_question_with_impossible_definitions_is_refused() -> None:
    held = json.loads(QUESTION.to_file())
    for name, value in {
        "window_months": float("nan"),
        "schedule": [3.0, 1.0],
        "measures": ["sledai", "sledai"],
        "endpoints": ["nothing"],
        "words": {"by": [["who", ["P1"]]]},
        "name": "a\nb",
    }.items():
        with pytest.raises(CentreFileError, match="The question of this file cannot be read"):
            read_centre_question(json.dumps({**held, "question": {**held["question"], name: value}}).encode())


def test_an_answer_in_memory_is_checked_as_well() -> None:
    answers = [read_centre_answer(file_of(held)) for held in (NORTH, SOUTH)]
    merged = MergedCohort([replace(answers[0], patients=5), answers[1]])
    with pytest.raises(CentreFileError, match="cannot be counts of 5 patients"):
        QUESTION.estimates[0].of(merged, None)
