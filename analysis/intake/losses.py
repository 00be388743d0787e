"""Rows and values lost in reading a file, and questions about selective losses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.cohort.findings import CohortError, Finding
from analysis.cohort.table_kinds import DEPENDENT, KINDS
from analysis.cohort.vocabulary import TABLES
from analysis.cohort.wording import count_words
from analysis.intake.flags import DOUBT, UNKNOWN_CODES, code
from analysis.intake.lopsided import ENOUGH, LARGE, on_one_outcome, side
from analysis.intake.mapping import Matched
from analysis.intake.noticed import LeftOut, Place, Report, Unread, shown
from analysis.intake.source import WITHOUT, Answers
from analysis.intake.typed_columns import read_column
from analysis.intake.values import is_missing, where_missing

EXAMPLES = 3
FEWEST = 2  # used patients; with fewer, losses are not compared
MOST_REASONS = 4
ENDS = f"{WITHOUT}patients.relapse_months.ends"
# Columns without which a row is not used; of a time and its date one is enough.
NEEDED = {
    "patients": ("follow_up_months", "died"),
    "visits": ("months", "visit_date"),
    "events": ("event",),
    "treatments": ("drug", "start_months", "start_date"),
    "infusions": ("months", "infusion_date"),
}


@dataclass(frozen=True)
class Loss:
    """A selective loss that the user has to confirm.

    Attributes
    ----------
    key
        Its key in the mapping: "without.patients" for rows, "without.visits.sledai" for values.
    place, column
        Where it is.
    count
        Number of rows or cells that would be lost; this number is the answer that confirms it.
    words
        What would be lost, and the bias that results.
    """

    key: str
    place: Place
    column: str
    count: int
    words: str

    @property
    def finding(self) -> Finding:
        """Return the question as a finding."""
        advice = f'To read the file without them, put "{self.key}": "{self.count}" into the mapping.'
        words = f"{self.place.label}: {self.words} {advice}"
        choices = ((str(self.count), self.count),)
        return Finding("refused", self.place.table, None, self.column, "", words, "lost", choices)


@dataclass(frozen=True)
class Losses:
    """The rows and values that are lost in reading a file.

    Attributes
    ----------
    left_out
        table, column, reason, rows (their number): rows that are not used.
    dropped
        table, column, cells (their number), examples, side ("high", "low" or ""): unreadable cells of used rows.
    questions
        The losses that have to be confirmed.
    counts
        The number of rows or cells that are lost by key of a `Loss`, selectively or not.
    """

    left_out: pd.DataFrame
    dropped: pd.DataFrame
    questions: tuple[Loss, ...]
    counts: Mapping[str, int]

    def stop_if_asked(self) -> None:
        """Raise a `CohortError` with the questions, if there are any."""
        if self.questions:
            raise CohortError([each.finding for each in self.questions])


def find_losses(
    given: Mapping[str, Matched],
    tables: Mapping[str, pd.DataFrame],
    answers: Answers,
    report: Report,
    *,
    ended: int = 0,
) -> Losses:
    """Return the losses in reading a file; a confirmed loss is reported as doubtful instead of asked.

    Parameters
    ----------
    given
        The tables with all their rows, as text.
    tables
        The tables as read.
    answers
        The answers of the user; they confirm exactly the number given, so that another number is asked again.
    report
        The findings so far; receives the confirmed losses.
    ended
        Number of times to relapse that are not used, as they seem to be ends of observation.
    """
    dropped = [each for each in report.unread if each.name not in NEEDED[each.table]]
    sides = [_side(given[each.table], each) for each in dropped]
    found: list[Loss | None] = [_lost_patients(given["patients"], report), _lost_on_a_side(given, "patients", report)]
    for table in DEPENDENT:
        if table in given:
            found += [_lost_rows(given[table], tables, report), _lost_on_a_side(given, table, report)]
    found += [_lost_relapses(given["patients"], ended)] if ended else []
    found += [_lost_values(given, tables, *each) for each in zip(dropped, sides, strict=True)]
    asked: dict[str, Loss] = {}
    for loss in filter(None, found):
        if answers.without.get(loss.key) == str(loss.count):
            report.doubt(loss.place, f"{loss.words} It is read without them, as you chose.", column=loss.column)
        else:
            asked.setdefault(loss.key, loss)
    reasons = Counter((each.table, each.column, each.why) for each in report.left_out)
    counts = Counter(f"{WITHOUT}{each.table}" for each in report.left_out if not each.expected)
    counts.update({f"{WITHOUT}{each.table}.{each.name}": len(each.texts) for each in dropped})
    counts.update({ENDS: ended} if ended else {})
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
        counts,
    )


def outcomes(patients: Matched) -> pd.Series:
    """Return whether each row of a patient table records a death; missing if that is unknown or contradictory."""
    cells = patients.cells
    dated = [~where_missing(cells[name]) for name in ("death_date", "death_months") if name in cells]
    ended = np.logical_or.reduce(dated) if dated else np.zeros(len(cells), dtype=bool)
    if "died" not in cells:
        return pd.Series(ended, index=cells.index, dtype="boolean")
    died = read_column(cells["died"], TABLES["patients"]["died"], patients.sources["died"]).values.astype("boolean")
    return died.mask(died.isna() & ended, True).mask(died.eq(False) & ended)


@dataclass(frozen=True)
class _Shares:
    """Numbers of patients used and lost by outcome: died (True), alive (False), unknown (None)."""

    kept: Counter[bool | None]
    lost: Counter[bool | None]
    uneven: bool

    @property
    def all_lost(self) -> int:
        return sum(self.lost.values())

    def words(self) -> str:
        """Return how the losses depend on the outcome, in words, or ""."""
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
        if self.all_lost >= max(ENOUGH, sum(kept.values())):
            return f"{would}, which is half of the patients or more."
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
    """Return whether a row is left out because its value for died is an unknown word, other than a word of doubt."""
    return (
        lost.column == given.original("died")
        and not is_missing(lost.value)
        and code(lost.value) not in DOUBT | UNKNOWN_CODES
    )


def _lost_relapses(given: Matched, ended: int) -> Loss:
    """Return the question about times to relapse that are the end of follow-up."""
    column = given.original("relapse_months")
    words = (
        f"{count_words(ended, 'time')} of {shown(column)} would not be counted as relapses: they are the end of "
        "follow-up, and nothing says that these patients had a relapse. If they had, write a column relapse with yes "
        "or no beside the times."
    )
    return Loss(ENDS, given.place, column, ended, words)


def _lost_rows(given: Matched, tables: Mapping[str, pd.DataFrame], report: Report) -> Loss | None:
    """Return the question about rows of a table that refers to the patients, such as visits, that would be left out."""
    table = given.place.table
    lost = [each for each in report.left_out if each.table == table and not each.expected]
    if not lost:
        return None
    used = frozenset(tables[table]["patient_id"])
    patients = tables["patients"].set_index("patient_id")["died"]
    without = frozenset(each.patient_id for each in lost) - used
    concerned = patients[patients.index.isin(used | without)]
    gone = concerned.index.isin(without)
    many = f"{count_words(len(lost), KINDS[table].row)} would be left out: {_reasons(lost)}."
    words = ""
    if not used and len(lost) > ENOUGH:
        words = f"Nothing of the table would be used. {many}"
    elif gone.sum() >= ENOUGH and on_one_outcome(concerned.to_numpy(dtype=bool), gone):
        words = f"{many} {_by_outcome(concerned, gone)} would be without any."
    return Loss(f"{WITHOUT}{table}", given.place, "", len(lost), words) if words else None


def _lost_on_a_side(given: Mapping[str, Matched], table: str, report: Report) -> Loss | None:
    """Return the question about rows left out for an unreadable needed number, if these are mostly high or low."""
    lost = [each for each in report.left_out if each.table == table and not each.expected]
    for unread in report.unread:
        which = _side(given[table], unread) if unread.table == table and unread.name in NEEDED[table] else ""
        if which and lost:
            rows = count_words(len(lost), KINDS[table].row)
            words = f"{rows} would be left out: {_reasons(lost)}. The {which} values are lost."
            return Loss(f"{WITHOUT}{table}", given[table].place, unread.column, len(lost), words)
    return None


def _lost_values(
    given: Mapping[str, Matched], tables: Mapping[str, pd.DataFrame], unread: Unread, which: str
) -> Loss | None:
    """Return the question about unreadable values of a column, if their loss is selective."""
    cells = count_words(len(unread.texts), "value")
    summary = f"{cells} of {shown(unread.column)} cannot be read and would be dropped: {_examples(unread.texts)}."
    words = f"{summary} They are the {which} ones." if which else _lost_level(given[unread.table], unread)
    if not words:
        words = _on_one_outcome(given[unread.table], tables, unread)
        words = f"{summary} {words}" if words else ""
    key = f"{WITHOUT}{unread.table}.{unread.name}"
    return Loss(key, given[unread.table].place, unread.column, len(unread.texts), words) if words else None


def _lost_level(given: Matched, unread: Unread) -> str:
    """Return the sentence on unknown words that recur, and so are levels rather than typing errors; else ""."""
    column = TABLES[unread.table].get(unread.name)
    if column is None or column.kind not in ("category", "boolean") or column.others:
        return ""
    recurring = [(text, count) for text, count in Counter(unread.texts).items() if count >= ENOUGH]
    if sum(count for _, count in recurring) < LARGE / 2 * int((~where_missing(given.cells[unread.name])).sum()):
        return ""
    listed = ", ".join(f'"{shown(text)}" ({count:,})' for text, count in recurring[:EXAMPLES])
    return f"It is not known what {listed} of {shown(unread.column)} mean; they would be taken as not recorded."


def _on_one_outcome(given: Matched, tables: Mapping[str, pd.DataFrame], unread: Unread) -> str:
    """Return the sentence on patients who lose all values of a column, if they mostly have one outcome; else ""."""
    rows = pd.Series(given.cells["patient_id"].astype(object).str.strip(), index=given.cells.index)
    filled = ~where_missing(given.cells[unread.name])
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
    """Return whether the unreadable cells of a numeric column are mostly "high" or "low"; else ""."""
    column = TABLES[unread.table].get(unread.name)
    if column is None or column.kind not in ("number", "integer") or unread.name not in given.cells:
        return ""
    cells = given.cells[unread.name]
    kept = cells[~cells.index.isin(unread.rows) & ~where_missing(cells)]
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
