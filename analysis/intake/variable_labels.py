"""Columns of SPSS, Stata and SAS, renamed to the label of their variable if its name says nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.vocabulary import TABLES
from analysis.intake.headings import in_order
from analysis.intake.noticed import shown
from analysis.intake.organs import organ_in


def named_by_labels(frame: pd.DataFrame, labels: Mapping[str, str | None]) -> tuple[pd.DataFrame, list[str]]:
    """Return the table with columns such as "v7" renamed to their label, and the new names in words.

    Parameters
    ----------
    frame
        The table.
    labels
        The label of each variable, such as "MSC source".
    """
    given = {name: " ".join(label.split()) for name, label in labels.items() if label and label.strip()}
    names = [*map(str, frame.columns)]
    known, meant = _known(names), _known(set(given.values()))
    often = Counter(map(normalised, [*given.values(), *names]))
    renamed = {
        name: label
        for name, label in given.items()
        if name in names and name not in known and label in meant and often[normalised(label)] == 1
    }
    notes = [f'the column "{shown(name)}" is called by its label, "{shown(label)}".' for name, label in renamed.items()]
    return frame.rename(columns=renamed), notes


def _known(headings: Collection[str]) -> set[str]:
    """Return the headings that are a name, even an ambiguous one, of a canonical column, or the name of an organ."""
    found = {heading for heading in headings if organ_in(heading)[0]}
    for column in (column for table in TABLES.values() for column in table.values()):
        found.update(in_order(headings, (column.name, *column.synonyms, *column.loose), column))
    return found
