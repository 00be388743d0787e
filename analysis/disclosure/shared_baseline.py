"""A baseline table and times of follow-up that may leave the house."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.disclosure.counts_told import HIDDEN, without_counts
from analysis.disclosure.masking import check_sizes, hidden_of, is_small
from analysis.estimates.description.baseline_table import FIXED, NOT_RECORDED, PATIENTS_ROW, BaselineTable
from analysis.estimates.survival.follow_up import FollowUp

DIGITS = 2  # of means whose number of values is hidden: an exact one would tell it


def shared_baseline(result: BaselineTable, least: int) -> BaselineTable:
    """Return the table with small counts, and what would give them away, as the word "hidden".

    Of a characteristic of which each patient has one level all counts are hidden if one is small; of one of which
    patients may have several, those of that level. Where few have no value, the numbers of values are hidden, and with
    them every count of it. What is hidden in one group is hidden in all, and its difference is missing.
    """
    sizes = result.table.iloc[0]
    groups = [name for name in result.table.columns if name not in FIXED]
    check_sizes([(group, int(sizes[group])) for group in groups], least)
    numbers = result.numbers
    unknown = numbers["patients"] - numbers["recorded"]
    few = is_small(unknown, least) | is_small(numbers["recorded"], least)
    without = set(numbers.loc[few, "characteristic"])
    hidden = {key for key, rows in numbers.groupby(["characteristic", "level"]) if _is_hidden(rows, least)}
    hidden = _with_the_other_levels(numbers, hidden, without)
    few_values = set(numbers.loc[is_small(numbers["recorded"], least), "characteristic"])
    return replace(
        result,
        method=without_counts(result.method, (sum(int(sizes[group]) for group in groups), "patient")),
        left_out=result.left_out.head(0),
        table=_table(result.table, groups, hidden, without, few_values),
        numbers=_numbers(numbers, hidden, without, few_values),
    )


def _is_hidden(rows: pd.DataFrame, least: int) -> bool:
    """Return whether a count, or the rest of those with a value, is small in any group."""
    counted = rows.dropna(subset="count")
    counts, of = (counted[[name]].to_numpy().astype(int) for name in ("count", "recorded"))
    return bool(hidden_of(counts, of, least).any()) if len(counted) else False


def _with_the_other_levels(
    numbers: pd.DataFrame, hidden: set[tuple[str, str]], without: set[str]
) -> set[tuple[str, str]]:
    """Return what is hidden, with the levels that add up with it to a number that is told."""
    exclusive = numbers["kind"] == "levels"
    touched = {name for name, _ in hidden}
    whole = numbers["characteristic"].isin(without) | (exclusive & numbers["characteristic"].isin(touched))
    counted = numbers[whole & (numbers["kind"] != "number")]
    return hidden | set(zip(counted["characteristic"], counted["level"], strict=True))


def _table(
    table: pd.DataFrame, groups: list[str], hidden: set[tuple[str, str]], without: set[str], few_values: set[str]
) -> pd.DataFrame:
    """Return the words of the table."""
    name, level = table["characteristic"], table["level"]
    pairs = pd.Series(list(zip(name, level, strict=True)), index=table.index)
    unknown = name.isin(without)
    gone = (pairs.isin(hidden) | (unknown & (level == NOT_RECORDED)) | name.isin(few_values)) & (name != PATIENTS_ROW)
    touched = name.isin({each for each, _ in hidden})
    return table.assign(
        **{group: table[group].mask(gone, HIDDEN) for group in groups},
        missing=table["missing"].astype(float).mask(unknown),
        difference=table["difference"].mask(gone | touched & table["difference"].notna() & _joint(table)),
    )


def _joint(table: pd.DataFrame) -> pd.Series:
    """Return whether a row has the one difference of several levels."""
    known = table["difference"].notna().groupby(table["characteristic"]).transform("sum")
    return known == 1


def _numbers(
    numbers: pd.DataFrame, hidden: set[tuple[str, str]], without: set[str], few_values: set[str]
) -> pd.DataFrame:
    """Return the same as numbers."""
    name = numbers["characteristic"]
    pairs = pd.Series(list(zip(name, numbers["level"], strict=True)), index=numbers.index)
    unknown, gone = name.isin(without), pairs.isin(hidden)
    measured = ["mean", "standard_deviation", "lower_quartile", "median", "upper_quartile"]
    rounded = {
        each: numbers[each].where(~unknown, numbers[each].map(_rounded)).mask(name.isin(few_values))
        for each in measured
    }
    return numbers.assign(
        recorded=numbers["recorded"].astype(float).mask(unknown),
        count=numbers["count"].mask(gone),
        share=numbers["share"].mask(gone),
        **rounded,
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}") if not np.isnan(value) else value


def shared_follow_up(result: FollowUp, least: int) -> FollowUp:
    """Return the medians alone: the shortest and the longest follow-up are those of one patient each.

    Who is alive is missing, for a curve tells deaths only at other times.
    """
    check_sizes(list(zip(result.table["group"], result.table["patients"], strict=True)), least)
    single = ["minimum", "maximum", "mean"]
    counted = ["alive", "share", "lower", "upper"]
    return replace(
        result,
        method=without_counts(result.method, (int(result.table["patients"].sum()), "patient")),
        left_out=result.left_out.head(0),
        table=result.table.assign(**dict.fromkeys(single, np.nan)),
        alive=result.alive.assign(**dict.fromkeys(counted, np.nan)),
    )
