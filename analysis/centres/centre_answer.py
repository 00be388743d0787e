"""The answer of one centre: the tables of counts that a question needs, without ids, dates, free text and rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.centres.centre_question import (
    LONGEST_NAME,
    UNFIT,
    CentreFileError,
    CentreQuestion,
    check_file,
    decoded_question,
    read_json,
    shortened,
)
from analysis.centres.coding import CodingError, Decoder, encoded, encoded_fields
from analysis.centres.counted_apart import columns_of, counted_apart
from analysis.centres.hashed_file import hash_of
from analysis.cohort.grouping import EVERYBODY
from analysis.cohort.model import Cohort
from analysis.cohort.names import one_line
from analysis.cohort.vocabulary import PATIENTS, VISITS
from analysis.counts.additive import CountsAsked, listening
from analysis.version import VERSION

ANSWER = "answer of one centre"
MOST_BYTES = 20_000_000
MOST_PATIENTS = 10_000_000
FREE_CELLS, CELLS_A_BYTE = 100_000, 10  # numbers that a file may hold: zeros take no room in it, but in memory


@dataclass(frozen=True, eq=False)
class CentreAnswer:
    """What one centre answers.

    Attributes
    ----------
    centre
        Its name.
    question
        The question.
    patients
        How many patients the question is about.
    synthetic
        Whether they are synthetic.
    columns
        The columns of patients and visits that were counted.
    counts
        What was asked for, as text, to the table of counts.
    """

    centre: str
    question: CentreQuestion
    patients: int
    synthetic: bool
    columns: tuple[tuple[str, ...], tuple[str, ...]]
    counts: Mapping[str, Any]

    @cached_property
    def content(self) -> str:
        """SHA-256 in hexadecimal of all but the name of the centre: the same counts have the same."""
        return _content_of(self._parts())

    def to_file(self) -> bytes:
        """Return the answer as a file of JSON, with its hash."""
        held = self._parts()
        return json.dumps({**held, "hash": hash_of(held)}, ensure_ascii=False, separators=(",", ":")).encode()

    def _parts(self) -> dict[str, Any]:
        return {
            "file": ANSWER,
            "made_with": VERSION,
            "centre": self.centre,
            "question": encoded_fields(self.question),
            "patients": self.patients,
            "synthetic": self.synthetic,
            "columns": encoded(self.columns),
            **_packed(self.counts),
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table that leaves the centre, by name, as its centre should see it before it is sent."""
        found: dict[str, pd.DataFrame] = {}
        for number, (key, counts) in enumerate(self.counts.items(), start=1):
            found |= {f"{number}. {name}": table for name, table in _tables_of(counts, _name_of(key))}
        return found


def answer_question(cohort: Cohort, question: CentreQuestion, centre: str, *, synthetic: bool = False) -> CentreAnswer:
    """Return the answer of a cohort to a question.

    Parameters
    ----------
    cohort
        All patients of the centre.
    question
        What is asked.
    centre
        The name of the centre, on one line.
    synthetic
        Whether the patients are synthetic.

    Raises
    ------
    CentreFileError
        If the cohort cannot answer; the message says what it lacks.

    Examples
    --------
    >>> from analysis import load_sample
    >>> answer = answer_question(load_sample(), CentreQuestion("Remission"), "North")
    >>> answer.patients
    87
    """
    if not _can_be_named(centre):
        raise CentreFileError(
            f"The name of a centre is one line of 1 to {LONGEST_NAME} characters, and not {EVERYBODY}."
        )
    asked = question.asked_of(cohort)
    try:
        counted = counted_apart(asked.present, asked.by)
        with listening() as heard:
            for estimate in question.estimates:
                for by in dict.fromkeys((None, asked.by)):
                    estimate.of(counted, by)
    except UNFIT as error:
        why = f": {error}" if isinstance(error, ValueError) else ""
        raise CentreFileError(f"This cohort cannot answer the question {question.name}{why}") from error
    counts = {key_of(asked): made for asked, made in heard}
    return CentreAnswer(centre, question, len(counted), synthetic, columns_of(counted), counts)


def key_of(asked: CountsAsked) -> str:
    """Return what identifies a table of counts: what it counts, and all choices."""
    return json.dumps([asked.kind.__name__, encoded(asked.choices)], ensure_ascii=False)


def read_centre_answer(data: bytes) -> CentreAnswer:
    """Return the answer in a file that `CentreAnswer.to_file` made.

    Raises
    ------
    CentreFileError
        If the file is none, of another version, was changed, or holds what is not known.
    """
    held = read_json(data, MOST_BYTES)
    check_file(held, ANSWER, {"centre", "question", "patients", "synthetic", "columns", "tables", "counts", "hash"})
    told = held.pop("hash")
    try:
        if told != hash_of(held):
            raise CentreFileError(
                "This answer was changed after it was made: its hash is another one. Ask for it again."
            )
        question = decoded_question(held["question"])
        columns = Decoder().decoded(held["columns"])
        counts = _unpacked(held["tables"], held["counts"], cells=FREE_CELLS + CELLS_A_BYTE * len(data))
    except (CodingError, RecursionError) as error:
        why = f": {shortened(str(error))}" if isinstance(error, CodingError) else ", as it is nested too deeply"
        raise CentreFileError(f"The tables of this answer cannot be read{why}") from error
    centre, patients = held["centre"], held["patients"]
    if not isinstance(centre, str) or not _can_be_named(centre):
        raise CentreFileError("This answer does not name its centre.")
    if type(patients) is not int or not 1 <= patients <= MOST_PATIENTS:
        raise CentreFileError("This answer does not say of how many patients it is.")
    if not isinstance(held["synthetic"], bool):
        raise CentreFileError("This answer does not say whether its patients are synthetic.")
    if not (isinstance(columns, tuple) and len(columns) == 2 and all(map(_is_known, columns, (PATIENTS, VISITS)))):
        raise CentreFileError("This answer does not say which columns were counted.")
    found = CentreAnswer(centre, question, patients, held["synthetic"], columns, counts)
    vars(found)["content"] = _content_of(held)  # which is at hand, and takes long to write again
    return found


def _content_of(parts: Mapping[str, Any]) -> str:
    return hash_of({**parts, "centre": ""})


def _is_known(names: Any, known: Mapping[str, Any]) -> bool:
    return isinstance(names, tuple) and all(isinstance(name, str) and name in known for name in names)


def _can_be_named(centre: str) -> bool:
    return bool(centre.strip()) and centre == one_line(centre) and len(centre) <= LONGEST_NAME and centre != EVERYBODY


def _packed(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Return tables as JSON, each of their parts once: a part is named by its number among the parts before it."""
    parts: dict[str, int] = {}

    def pack(value: Any) -> Any:
        if isinstance(value, list):
            return [pack(each) for each in value]
        if not isinstance(value, dict):
            return value
        held = {name: pack(each) for name, each in value.items()}
        if "is" not in value:
            return held
        text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
        return {"part": parts.setdefault(text, len(parts))}

    packed = [[key, pack(encoded(made))] for key, made in counts.items()]
    return {"tables": [json.loads(text) for text in parts], "counts": packed}


def _unpacked(tables: Any, counts: Any, cells: int) -> dict[str, Any]:
    if not isinstance(tables, list) or not isinstance(counts, list):
        raise CodingError("it holds no list of tables")
    decoder = Decoder(cells)
    for table in tables:
        decoder.add_part(table)
    made = {}
    for entry in counts:
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], str):
            raise CodingError("a table does not say what it counts")
        if entry[0] in made:
            raise CodingError("it holds a table twice")
        made[entry[0]] = decoder.decoded(entry[1])
    return made


def _tables_of(counts: Any, name: str) -> Iterator[tuple[str, pd.DataFrame]]:
    if hasattr(counts, "to_table"):
        yield name, counts.to_table()
    elif isinstance(counts, Mapping):
        for key, each in counts.items():
            yield from _tables_of(each, f"{name}, {key}")
    elif is_dataclass(counts) and not isinstance(counts, type):
        alone = {each.name: getattr(counts, each.name) for each in fields(counts)}
        plain = {key: each for key, each in alone.items() if isinstance(each, bool | int | float | str)}
        if plain:
            yield name, pd.DataFrame({"what": list(plain), "value": list(map(str, plain.values()))})
        for key, each in alone.items():
            if is_dataclass(each) or isinstance(each, Mapping):
                yield from _tables_of(each, f"{name}, {key.replace('_', ' ')}")


def _name_of(key: str) -> str:
    """Return the name of a table for a reader: what it counts, of what, and by which groups."""
    kind, choices = json.loads(key)
    asked = dict(choices["by"])
    of = asked.get("endpoint") or asked.get("asked") or ""
    if isinstance(of, dict):
        of = of.get("measure") or of["is"]
    by = asked.get("by")
    groups = f", by {by}" if isinstance(by, str) else ", by group" if by else ""
    return f"{kind} {of}".strip() + groups
