"""The canonical columns of each table, read from `vocabulary.toml`, which explains how to add one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.cohort.canonical_column import Column
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.vocabulary_entry import VocabularyError, column_of

Table = dict[str, Column]
NAMES = tuple(KINDS)
WORDS = "words"  # the section of words of any column, which `spellings` reads


def read_vocabulary(text: str) -> dict[str, Table]:
    """Return the columns of each table, in their order.

    Parameters
    ----------
    text
        TOML in the form of `vocabulary.toml`.

    Returns
    -------
    dict
        Table, such as "patients", to column name to `Column`.

    Raises
    ------
    VocabularyError
        If an entry is invalid.
    """
    entries_of = sections(text)
    tables: dict[str, Table] = {}
    for table in NAMES:
        tables[table] = {}
        for name, entry in entries_of[table].items():
            where = f"[{table}.{name}]"
            if not isinstance(entry, dict):
                raise VocabularyError(f"{where}: an entry is a heading in brackets with lines below it.")
            tables[table][name] = (
                _same_as(where, entry, tables) if "same_as" in entry else column_of(where, name, entry)
            )
        shared = {name: entry.get("shares_with", ()) for name, entry in entries_of[table].items()}
        _check_names(table, tables[table], shared)
    return tables


@lru_cache(maxsize=1)
def sections(text: str) -> dict[str, Any]:
    """Return the parts of a vocabulary: the entries of each table, and the words."""
    try:
        entries_of = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError(f"The vocabulary is not in the form of TOML: {error}.") from None
    if set(entries_of) != {*NAMES, WORDS} or not all(isinstance(entries, dict) for entries in entries_of.values()):
        raise VocabularyError(
            f"The vocabulary must have the tables {', '.join((*NAMES, WORDS))}, not {', '.join(entries_of)}."
        )
    return entries_of


def _same_as(where: str, entry: Mapping[str, Any], tables: Mapping[str, Table]) -> Column:
    table, _, name = str(entry["same_as"]).partition(".")
    if len(entry) > 1 or name not in tables.get(table, {}):
        raise VocabularyError(f'{where}: same_as stands alone and names an entry above, such as "patients.patient_id".')
    return tables[table][name]


def _check_names(table: str, columns: Table, shared: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse two entries of a table with the same label, or with the same synonym unless `shared` allows it."""
    means: dict[str, str] = {}
    labels: dict[str, str] = {}
    for name, column in columns.items():
        if labels.setdefault(column.label, name) != name:
            raise VocabularyError(
                f'[{table}.{name}]: its label "{column.label}" is that of [{table}.{labels[column.label]}].'
            )
        for unknown in set(shared[name]) - set(columns):
            raise VocabularyError(f"[{table}.{name}]: shares_with names {unknown}, which is no entry of {table}.")
        for synonym in (name, *column.synonyms):
            other = means.setdefault(synonym.replace("_", ""), name)
            if other != name and other not in shared[name] and name not in shared[other]:
                raise VocabularyError(
                    f'[{table}.{name}]: "{synonym}" is a name of [{table}.{other}] too. '
                    f'If the values of a file can tell which of them it is, add the line shares_with = ["{other}"].'
                )


TEXT = Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8")
TABLES = read_vocabulary(TEXT)
PATIENTS, VISITS, EVENTS, TREATMENTS, INFUSIONS = (TABLES[table] for table in NAMES)
ORGANS = tuple(PATIENTS["organs"].spellings)
MSC_SOURCES = PATIENTS["msc_source"].level_labels
BASELINE = "baseline_"  # Prefix of a visit measure: its value at transplantation.
BASELINE_SLEDAI = f"{BASELINE}sledai"
