"""Tests between groups on the screen: log-rank and Gray."""

from __future__ import annotations

import math

import pandas as pd

from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.log_rank import LogRank
from analysis.figures.common.p_words import NOT_KNOWN, p_words
from analysis.figures.common.table_cells import row_words
from analysis.figures.survival.compared_patients import patients_by_group, patients_words

EVERYBODY = "all groups"
CAUSE_SPECIFIC = " in cause-specific hazards (log-rank)"


def comparison_reading(result: LogRank, of: str = "") -> str:
    """Return a sentence per comparison: p with the numbers of patients, or why there is no test.

    Parameters
    ----------
    result
        The tests.
    of
        What is tested if it is not what the figure shows, such as `CAUSE_SPECIFIC`.
    """
    patients, sentences = patients_by_group(result.groups), []
    columns = (result.table[name] for name in ("group_a", "group_b", "p", "withheld"))
    for first, second, p, withheld in zip(*columns, strict=True):
        groups = [first, second] if second else list(patients)
        between = " and ".join(groups) if second else EVERYBODY
        counts = f"{between} ({patients_words(groups, patients)} patients)"
        sentences.append(_test_sentence(f"Test of a difference{of} between {counts}", p, withheld))
    return " ".join(sentences)


def gray_reading(result: CumulativeIncidence) -> str:
    """Return the result of Gray's test with the numbers of patients, or why there is no test."""
    summary = result.summary[result.summary["patients"] > 0]
    groups = [*summary["group"].astype(str)]
    between = " and ".join(groups) if len(groups) < 3 else EVERYBODY
    counts = f"{between} ({patients_words(groups, patients_by_group(summary))} patients)"
    test = result.test.iloc[0]
    what = f"Test of a difference in cumulative incidence (Gray) between {counts}"
    return _test_sentence(what, test["p"], test["withheld"])


def _test_sentence(what: str, p: float, withheld: str) -> str:
    return f"No {what[0].lower()}{what[1:]}: {withheld}." if math.isnan(p) else f"{what}: p {p_words(p)}."


def log_rank_table(result: LogRank) -> pd.DataFrame:
    """Return one row per comparison: groups, patients, chi-square, degrees of freedom, p or why withheld."""
    patients = patients_by_group(result.groups)
    pairs = list(zip(result.table["group_a"], result.table["group_b"], strict=True))
    named = pd.DataFrame(
        {
            "Compared": [f"{first}, {second}" if second else EVERYBODY for first, second in pairs],
            "Patients": [patients_words(pair if pair[1] else list(patients), patients) for pair in pairs],
        }
    )
    return pd.concat([named, _test_cells(result.table)], axis=1)


def observed_table(result: LogRank) -> pd.DataFrame:
    """Return patients, observed events, and events expected if all groups were alike, by group.

    With weights other than 1, both are weighted and need not be whole.
    """
    groups = result.groups
    return pd.DataFrame(
        {
            "Group": groups["group"].astype(str),
            "Patients": [f"{number:,}" for number in groups["patients"]],
            "Observed": [
                f"{number:,.0f}" if number == round(number) else f"{number:,.1f}" for number in groups["observed"]
            ],
            "Expected": [f"{number:,.1f}" for number in groups["expected"]],
        }
    )


def gray_table(result: CumulativeIncidence) -> pd.DataFrame:
    """Return Gray's test: groups, patients, events, chi-square, degrees of freedom, p or why withheld."""
    summary = result.summary[result.summary["patients"] > 0]
    named = pd.DataFrame(
        {
            "Compared": [", ".join(summary["group"].astype(str)) if len(summary) < 3 else EVERYBODY],
            "Patients": [patients_words(summary["group"].astype(str), patients_by_group(summary))],
            "Events": [f"{summary['events'].sum():,}"],
        }
    )
    return pd.concat([named, _test_cells(result.test)], axis=1)


def _test_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return cells for statistic, degrees_of_freedom, p and withheld."""
    numbers = zip(table["statistic"], table["degrees_of_freedom"], strict=True)
    known = [
        (f"{statistic:.2f}", f"{degrees:.0f}") if degrees > 0 else (NOT_KNOWN,) * 2 for statistic, degrees in numbers
    ]
    cells = pd.DataFrame(known, columns=["Chi-square", "Degrees of freedom"])
    return cells.assign(p=row_words(p_words, table, "p", "withheld"))
