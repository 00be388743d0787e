"""The MSC source from yes-or-no columns, one per source, such as UC and BM."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.cohort.vocabulary import PATIENTS
from analysis.intake import texts
from analysis.intake.flags import SAYS_YES, code, says_yes_or_no
from analysis.intake.guess import guess
from analysis.intake.noticed import shown
from analysis.intake.raw import RawTable
from analysis.intake.source import Answers
from analysis.intake.values import is_missing, level_of, spelling_of

NAME = "msc_source"


def with_source(raw: RawTable, answers: Answers) -> RawTable:
    """Return a table with one column of the MSC source in place of a yes-or-no column per source, if it has these.

    For a patient with two sources it holds both, if the vocabulary has them as one level; else it is not recorded.
    """
    chosen = answers.columns["patients"].get(NAME, ...)
    if chosen is None or (chosen is not ... and chosen.column != NAME):
        return raw
    known = spelling_of(PATIENTS[NAME])
    named = {column: level for column in map(str, raw.cells) if (level := level_of(column, known))}
    flags = {column: level for column, level in named.items() if _is_flag(raw, column)}
    if len(flags) < 2 or len(set(flags.values())) < len(flags) or guess(raw.cells, "patients", NAME, [*flags]):
        return raw
    held = np.array([texts.where(raw.cells[column], lambda text: code(text) in SAYS_YES) for column in flags])
    levels = np.array([*flags.values()])
    sources = ["+".join(sorted(levels[each])) for each in held.T]
    several = [each for each in dict.fromkeys(sources) if each and each not in PATIENTS[NAME].levels]
    listed = " and ".join(map(shown, flags))
    note = f"the columns {listed} are read as {NAME}."
    if several:
        note += f" Of patients with a yes in several that are not known together ({', '.join(several)}), it is missing."
    written = ["" if each in several else each for each in sources]
    cells = raw.cells.drop(columns=[*flags]).assign(**{NAME: texts.as_texts(written, raw.cells.index)})
    return replace(raw, cells=cells, notes=(*raw.notes, note))


def _is_flag(raw: RawTable, column: str) -> bool:
    counts = texts.counts(raw.cells[column])
    return says_yes_or_no({text: count for text, count in counts.items() if not is_missing(text)})
