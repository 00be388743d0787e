"""The record of a centre's answers: read again, extended, and what two answers tell together."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.centres.answer_record import COUNTS, HIDDEN, SUM, AnswerRecord, PastAnswer, read_record
from analysis.centres.centre_question import CentreFileError, CentreQuestion
from analysis.centres.hashed_file import hash_of
from analysis.centres.hidden_answer import answer_hidden
from tests.analysis.made import SAMPLE

pytestmark = pytest.mark.newest  # JSON in, sentences out: no other package has a part in it

FIRST = PastAnswer("Remission", "a" * 64, date(2026, 1, 5), COUNTS, 84, "b" * 64)
RECORD = AnswerRecord("North", (FIRST,))
HELD: dict[str, Any] = json.loads(RECORD.to_file())


def now(**parts: object) -> PastAnswer:
    return replace(FIRST, day=date(2026, 6, 5), counts="c" * 64, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(("patients", "told"), [(80, 4), (81, 3), (83, 1), (85, 1), (88, 4)])
def test_few_who_differ_are_told(patients: int, told: int) -> None:
    (words,) = RECORD.told_together(now(patients=patients), 5)
    assert f"was about 84 patients, this answer is about {patients}." in words
    assert words.endswith(f"read the values of the {told} patient{'s who differ' if told > 1 else ' who differs'}.")


@pytest.mark.parametrize("patients", [10, 79, 89, 300])
def test_many_who_differ_are_not(patients: int) -> None:
    assert RECORD.told_together(now(patients=patients), 5) == []


def test_few_differ_whatever_was_asked_and_might_be_read() -> None:
    other = now(patients=82, digest="d" * 64, question="Survival")
    for level in (HIDDEN, SUM):
        (words,) = RECORD.told_together(replace(other, level=level), 5)
        assert "can subtract what both tell, and learn from it of the 2 patients who differ" in words
    assert len(RECORD.told_together(other, 5)) == 1


def test_other_counts_of_as_many_patients_are_told_and_the_same_answer_is_not() -> None:
    (words,) = RECORD.told_together(now(), 5)
    assert "about as many patients, with other counts" in words
    again = replace(FIRST, day=date(2026, 6, 5))
    assert RECORD.told_together(again, 5) == []
    assert RECORD.extended(again) == RECORD
    assert RECORD.told_together(now(digest="d" * 64), 5) == []  # another question counts otherwise


def test_numbers_that_two_answers_tell_and_that_differ_by_few_are_told() -> None:
    """Of all patients and of the women: the men are many, but few of them have left by month 29."""
    whole = replace(FIRST, level=HIDDEN, told={"died or left by month 29": 54, "assessed in year 1": 39})
    women = now(patients=74, digest="d" * 64, level=HIDDEN, told={"died or left by month 29": 50, "other": 9})
    (words,) = AnswerRecord("North", (whole,)).told_together(women, 5)
    assert "tell numbers that differ by fewer than 5 (died or left by month 29: 54 and 50)" in words
    assert AnswerRecord("North", (whole,)).told_together(replace(women, told={"died or left by month 29": 49}), 5) == []
    many = {f"number {place}": 20 for place in range(5)}
    (words,) = AnswerRecord("North", (replace(whole, told=many),)).told_together(
        replace(women, told=dict.fromkeys(many, 21)), 5
    )
    assert "number 2: 20 and 21; and 2 more" in words
    assert read_record(AnswerRecord("North", (whole,)).to_file(), "North").answers == (whole,)


def test_what_an_answer_tells_is_noted() -> None:
    told = answer_hidden(SAMPLE, CentreQuestion("All"), "North").told
    assert told["died or left by month 29"] == 54
    assert "died by month 60" not in told
    assert min(told.values()) > 5


def test_a_record_grows_and_is_read_again_also_that_of_another_version() -> None:
    grown = RECORD.extended(now(patients=90, level=HIDDEN))
    assert read_record(grown.to_file(), "North") == grown
    assert grown.to_table()["What may be read"].tolist() == ["all counts", "small counts hidden"]
    assert read_record(changed(made_with="0.0.0"), "North") == RECORD
    assert "counts" in HELD["answers"][0]
    assert len(grown.to_file()) < 1000  # hashes, and no table


def changed(**parts: object) -> bytes:
    held = HELD | parts
    return json.dumps(held | {"hash": hash_of({name: each for name, each in held.items() if name != "hash"})}).encode()


def with_first(**parts: object) -> bytes:
    return changed(answers=[HELD["answers"][0] | parts])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not JSON, or was cut short"),
        (b"[1]", "holds no question, no answer and no key"),
        (RECORD.to_file()[:-9], "is not JSON, or was cut short"),
        (json.dumps(HELD | {"centre": "South"}).encode(), "was changed after it was made"),
        (changed(file="answer of one centre"), "is an answer of one centre, and no record"),
        (changed(extra=1), "holds answers, centre, hash, and nothing else"),
        (changed(centre="South"), "is the record of South, and North answers now"),
        (changed(centre=5), "does not name its centre"),
        (changed(centre="two\nlines"), "does not name its centre"),
        (changed(answers={}), "does not hold a list"),
        (changed(answers=HELD["answers"] * 1001), "does not hold a list of at most 1,000 answers"),
        (changed(answers=[5]), "Answer 1 of this record cannot be read"),
        (changed(answers=[{}]), "Answer 1 of this record cannot be read"),
        (with_first(day="yesterday"), "Answer 1 of this record cannot be read"),
        (with_first(day=5), "Answer 1 of this record cannot be read"),
        (with_first(patients=-1), "Answer 1 of this record cannot be read"),
        (with_first(patients=True), "Answer 1 of this record cannot be read"),
        (with_first(patients=84.5), "Answer 1 of this record cannot be read"),
        (with_first(level="all"), "Answer 1 of this record cannot be read"),
        (with_first(level=[]), "Answer 1 of this record cannot be read"),
        (with_first(counts="b"), "Answer 1 of this record cannot be read"),
        (with_first(question="a\nb"), "Answer 1 of this record cannot be read"),
        (with_first(told=[5]), "Answer 1 of this record cannot be read"),
        (with_first(told={"a": 0.5}), "Answer 1 of this record cannot be read"),
        (with_first(told={"a\nb": 5}), "Answer 1 of this record cannot be read"),
        (with_first(more=1), "Answer 1 of this record cannot be read"),
        (b"[" * 100_000, "is not JSON, or was cut short"),
    ],
)
def test_a_bad_record_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(CentreFileError, match=words):
        read_record(data, "North")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=3))
def test_anything_in_any_place_is_refused_or_read(value: object) -> None:
    for name in HELD["answers"][0]:
        try:
            read_record(with_first(**{name: value}), "North").told_together(now(), 5)
        except CentreFileError as error:
            assert "cannot be read" in str(error)  # noqa: PT017
