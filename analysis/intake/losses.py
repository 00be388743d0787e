"""What is lost between a file and a cohort, and what of it must be answered before the cohort is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.findings import CohortError, Finding
from analysis.cohort.vocabulary import TABLES
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.flags import DOUBT, UNKNOWN_CODES, code
from analysis.intake.lopsided import ENOUGH, LARGE, on_one_outcome, side
from analysis.intake.mapping import Matched
from analysis.intake.noticed import LeftOut, Place, Report, Unread, shown
from analysis.intake.source import WITHOUT, Answers
from analysis.intake.typed_columns import read_column
from analysis.intake.values import is_missing

EXAMPLES = 3
FEWEST = 2  # patients used, below which nothing is compared
MOST_REASONS = 4
NEEDED = {"patients": ("follow_up_months", "died"), "visits": ("months", "visit_date"), "events": ("event",)}
ONE = {"patients": "patient", "visits": "visit", "events": "adverse event"}


@dataclass(frozen=True)
class Loss:
    """Something lost on one side, which is asked about.

    Attributes
    ----------
    key
        The name in a mapping that the answer goes to: "without.patients", or of values "without.visits.sledai".
    place, column
        Where it is.
    count
        How many rows, or cells, would be lost: the answer that accepts it.
    words
        What would be lost, and what that does.
    """

    key: str
    place: Place
    column: str
    count: int
    words: str

    @property
    def finding(self) -> Finding:
        """Return the question as a finding."""
        told = f'To read the file without them, put "{self.key}": "{self.count}" into the mapping.'
        words = f"{self.place.label}: {self.words} {told}"
        choices = ((str(self.count), self.count),)
        return Finding("refused", self.place.table, None, self.column, "", words, "lost", choices)


@dataclass(frozen=True)
class Losses:
    """What a file loses when it is read.

    Attributes
    ----------
    left_out
        table, column, reason, rows: rows that are not used.
    dropped
        table, column, cells, examples, side: cells that cannot be read in rows that are used; side is "high", "low"
        or "".
    questions
        What must be answered.
    """

    left_out: pd.DataFrame
    dropped: pd.DataFrame
    questions: tuple[Loss, ...]

    def stop_if_asked(self) -> None:
        """Raise a CohortError with the questions, if there are any."""
        if self.questions:
            raise CohortError([each.finding for each in self.questions])


def find_losses(
    given: Mapping[str, Matched], tables: Mapping[str, pd.DataFrame], answers: Answers, report: Report
) -> Losses:
    """Return what reading a file lost; what was answered is reported as doubtful and not asked again.

    Parameters
    ----------
    given
        The tables as they came, with all their rows.
    tables
        The tables as they were read.
    answers
        What was answered; a loss that has grown since is asked about anew.
    report
        What was found on the way.
    """
    dropped = [each for each in report.unread if each.name not in NEEDED[each.table]]
    sides = [_side(given[each.table], each) for each in dropped]
    found: list[Loss | None] = [_lost_patients(given["patients"], report), _lost_on_a_side(given, "patients", report)]
    for table in ("visits", "events"):
        if table in given:
            found += [_lost_rows(given[table], tables, report), _lost_on_a_side(given, table, report)]
    found += [_lost_values(given, tables, *each) for each in zip(dropped, sides, strict=True)]
    asked: dict[str, Loss] = {}
    for loss in filter(None, found):
        if answers.without.get(loss.key) == str(loss.count):
            report.doubt(loss.place, f"{loss.words} It is read without them, as you chose.", column=loss.column)
        else:
            asked.setdefault(loss.key, loss)
    reasons = Counter((each.table, each.column, each.why) for each in report.left_out)
    return Losses(
        pd.DataFrame([(*key, rows) for key, rows in reasons.items()], columns=["table", "column", "reason", "rows"]),
        pd.DataFrame(
            [
                (each.table, each.column, len(each.texts), _examples(each.texts), side)
                for each, side in zip(dropped, sides, strict=True)
            ],
            columns=["table", "column", "cells", "examples", "side"],
        ),
        tuple(asked.values()),
    )


def outcomes(patients: Matched) -> pd.Series:
    """Return whether each row of a patient table tells of a death; missing where that cannot be known."""
    cells = patients.cells
    dated = [~texts.where(cells[name], is_missing) for name in ("death_date", "death_months") if name in cells]
    ended = np.logical_or.reduce(dated) if dated else np.zeros(len(cells), dtype=bool)
    if "died" not in cells:
        return pd.Series(ended, index=cells.index, dtype="boolean")
    died = read_column(cells["died"], TABLES["patients"]["died"], patients.sources["died"]).values.astype("boolean")
    return died.mask(died.isna() & ended, True).mask(died.eq(False) & ended)


@dataclass(frozen=True)
class _Shares:
    """How many of each outcome would be used and lost; True is a death, None is not known."""

    kept: Counter[bool | None]
    lost: Counter[bool | None]
    uneven: bool

    @property
    def all_lost(self) -> int:
        return sum(self.lost.values())

    def words(self) -> str:
        """Return what is uneven about them, or ""."""
        kept, lost, unknown = self.kept, self.lost, self.lost[None]
        would = f"{count_words(self.all_lost, 'patient')} would be left out"
        if sum(kept.values()) < FEWEST:
            return ""
        if not kept[False] and lost[False] + unknown:
            return f"All {kept[True]:,} patients who would be used died; {would}. Survival would be too low."
        if not kept[True] and (lost[True] or unknown >= ENOUGH):
            return f"Nobody who would be used died; {would}. Survival would be too high."
        if self.uneven:
            of_living, of_dead = kept[False] + lost[False], kept[True] + lost[True]
            too = "low" if lost[False] * of_dead > lost[True] * of_living else "high"
            living, dead = f"{lost[False]:,} of {of_living:,}", f"{lost[True]:,} of {of_dead:,}"
            return (
                f"{living} living patients would be left out, and {dead} who died. "
                f"Survival of the others would be too {too}."
            )
        if unknown >= ENOUGH and unknown >= LARGE * (self.all_lost + sum(kept.values())):
            return f"{would}, and of {unknown:,} it is not known whether they died."
        return ""


def _lost_patients(given: Matched, report: Report) -> Loss | None:
    """Return the question about patients who would be left out."""
    left_out = [each for each in report.left_out if each.table == "patients"]
    lost = [each for each in left_out if not each.expected]
    if not lost:
        return None
    words = _shares(given, left_out).words()
    if not words and any(_speaks_of_outcome(each, given) for each in lost):
        words = f"{count_words(len(lost), 'patient')} would be left out; they may be those who died."
    words = f"{words} Why: {_reasons(lost)}." if words else ""
    return Loss(f"{WITHOUT}patients", given.place, "", len(lost), words) if words else None


def _shares(given: Matched, left_out: Iterable[LeftOut]) -> _Shares:
    expected = [each.row for each in left_out if each.expected]
    died = outcomes(given).drop(expected, errors="ignore")
    gone = died.index.isin([each.row for each in left_out if not each.expected])
    known = died.notna().to_numpy()
    dead = died.fillna(False).to_numpy(dtype=bool)
    kept, lost = (
        Counter[bool | None](
            {True: (part & known & dead).sum(), False: (part & known & ~dead).sum(), None: (part & ~known).sum()}
        )
        for part in (~gone, gone)
    )
    return _Shares(kept, lost, on_one_outcome(dead[known], gone[known]))


def _speaks_of_outcome(lost: LeftOut, given: Matched) -> bool:
    """Return whether a row is left out for a word about the outcome that is not known and does not say doubt."""
    return (
        lost.column == given.original("died")
        and not is_missing(lost.value)
        and code(lost.value) not in DOUBT | UNKNOWN_CODES
    )


def _lost_rows(given: Matched, tables: Mapping[str, pd.DataFrame], report: Report) -> Loss | None:
    """Return the question about visits, or adverse events, that would be left out."""
    table = given.place.table
    lost = [each for each in report.left_out if each.table == table and not each.expected]
    if not lost:
        return None
    used = frozenset(tables[table]["patient_id"])
    patients = tables["patients"].set_index("patient_id")["died"]
    without = frozenset(each.patient_id for each in lost) - used
    concerned = patients[patients.index.isin(used | without)]
    gone = concerned.index.isin(without)
    many = f"{count_words(len(lost), ONE[table])} would be left out: {_reasons(lost)}."
    words = ""
    if not used and len(lost) > ENOUGH:
        words = f"Nothing of the table would be used. {many}"
    elif gone.sum() >= ENOUGH and on_one_outcome(concerned.to_numpy(dtype=bool), gone):
        words = f"{many} {_by_outcome(concerned, gone)} would be without any."
    return Loss(f"{WITHOUT}{table}", given.place, "", len(lost), words) if words else None


def _lost_on_a_side(given: Mapping[str, Matched], table: str, report: Report) -> Loss | None:
    """Return the question about rows left out because a number that is needed cannot be read, mostly high or low."""
    lost = [each for each in report.left_out if each.table == table and not each.expected]
    for unread in report.unread:
        which = _side(given[table], unread) if unread.table == table and unread.name in NEEDED[table] else ""
        if which and lost:
            rows = count_words(len(lost), ONE[table])
            words = f"{rows} would be left out: {_reasons(lost)}. The {which} values are lost."
            return Loss(f"{WITHOUT}{table}", given[table].place, unread.column, len(lost), words)
    return None


def _lost_values(
    given: Mapping[str, Matched], tables: Mapping[str, pd.DataFrame], unread: Unread, which: str
) -> Loss | None:
    """Return the question about values of a column that would be dropped."""
    cells = count_words(len(unread.texts), "value")
    told = f"{cells} of {shown(unread.column)} cannot be read and would be dropped: {_examples(unread.texts)}."
    words = f"{told} They are the {which} ones." if which else _lost_level(given[unread.table], unread)
    if not words:
        words = _on_one_outcome(given[unread.table], tables, unread)
        words = f"{told} {words}" if words else ""
    key = f"{WITHOUT}{unread.table}.{unread.name}"
    return Loss(key, given[unread.table].place, unread.column, len(unread.texts), words) if words else None


def _lost_level(given: Matched, unread: Unread) -> str:
    """Return what is said of a word that recurs and is not known: it is a level, and no slip of the pen."""
    column = TABLES[unread.table].get(unread.name)
    if column is None or column.kind not in ("category", "boolean") or column.others:
        return ""
    recurring = [(text, count) for text, count in Counter(unread.texts).items() if count >= ENOUGH]
    if sum(count for _, count in recurring) < LARGE / 2 * int(
        (~texts.where(given.cells[unread.name], is_missing)).sum()
    ):
        return ""
    listed = ", ".join(f'"{shown(text)}" ({count:,})' for text, count in recurring[:EXAMPLES])
    return f"It is not known what {listed} of {shown(unread.column)} mean; they would be taken as not recorded."


def _on_one_outcome(given: Matched, tables: Mapping[str, pd.DataFrame], unread: Unread) -> str:
    """Return what is said of patients who lose all their values of a column, mostly those of one outcome."""
    rows = pd.Series(given.cells["patient_id"].astype(object).str.strip(), index=given.cells.index)
    filled = ~texts.where(given.cells[unread.name], is_missing)
    gone = rows.index.isin(unread.rows)
    patients = tables["patients"].set_index("patient_id")["died"]
    readable = frozenset(rows[filled & ~gone])
    without = frozenset(rows[gone]) - readable
    concerned = patients[patients.index.isin(readable | without)]
    lost = concerned.index.isin(without)
    large = int(lost.sum()) >= max(ENOUGH, LARGE * len(concerned))
    return (
        f"{_by_outcome(concerned, lost)} would be without any."
        if large and on_one_outcome(concerned.to_numpy(dtype=bool), lost)
        else ""
    )


def _by_outcome(died: pd.Series, gone: np.ndarray) -> str:
    dead = died.to_numpy(dtype=bool)
    living, ended = (f"{int((gone & each).sum()):,} of {int(each.sum()):,}" for each in (~dead, dead))
    return f"{living} living patients, and {ended} who died,"


def _side(given: Matched, unread: Unread) -> str:
    """Return the side of the cells that cannot be read; of numbers only."""
    column = TABLES[unread.table].get(unread.name)
    if column is None or column.kind not in ("number", "integer") or unread.name not in given.cells:
        return ""
    cells = given.cells[unread.name]
    kept = cells[~cells.index.isin(unread.rows) & ~texts.where(cells, is_missing)]
    style = given.sources[unread.name].format if unread.name in given.sources else None
    return side(unread.texts, list(kept), style or "")


def _reasons(lost: Iterable[LeftOut]) -> str:
    counts = Counter((each.column, each.why) for each in lost)
    listed = [
        f"{f'in {shown(column)} ' if column else ''}{shown(why)} ({count:,})"
        for (column, why), count in counts.most_common(MOST_REASONS)
    ]
    more = len(counts) - len(listed)
    return "; ".join(listed) + (f"; and {count_words(more, 'other reason')}" if more else "")


def _examples(cells: Iterable[str]) -> str:
    return ", ".join(f'"{shown(text)}"' for text in list(dict.fromkeys(cells))[:EXAMPLES])
