"""What leaves the house: small counts hidden, patient numbers replaced, dates told as years. Off unless asked for."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, TypeVar, cast

import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from analysis.disclosure.masking import LEAST_THRESHOLD, is_small
from analysis.disclosure.refused import Disclosure, NotSharedError, Refused

Result = TypeVar("Result")

ID = "patient_id"
FILE_ROW = "row"  # of a patient in the user's own file: as good as the number of the patient
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_DATES = (
    re.compile(rf"(?<!\d){_YEAR}([-/.])\d{{1,2}}\2\d{{1,2}}{_TIME}(?!\d)"),
    re.compile(rf"(?<![\d.])\d{{1,2}}([-/.])\d{{1,2}}\1{_YEAR}{_TIME}(?!\d)"),
    re.compile(rf"(?<!\d)\d{{1,2}}[ -]?[A-Za-z]{{3,9}}\.?,?[ -]?{_YEAR}{_TIME}(?!\d)"),
    re.compile(rf"(?<![\d-]){_YEAR}-(?:0[1-9]|1[0-2])(?![\d-])"),
)


@dataclass(frozen=True)
class Sharing:
    """What leaves the house.

    Attributes
    ----------
    least
        Counts from 1 to one below this are hidden, and what would give them away; 0 hides nothing.
    ids
        Whether patient numbers are replaced.
    years
        Whether dates become years.
    """

    least: int = 0
    ids: bool = False
    years: bool = False

    def __post_init__(self) -> None:
        """Check the threshold."""
        if self.least and self.least < LEAST_THRESHOLD:
            raise ValueError(
                f"The threshold of small counts is 0 or at least {LEAST_THRESHOLD}: with a lower one a hidden count "
                "could only be 1."
            )

    def words(self) -> str:
        """Return a sentence for the line under a figure; "" when everything is told as it is."""
        parts = []
        if self.least:
            parts.append(
                f"counts below {self.least} are hidden, with what in the files of one session would give them away"
            )
        if self.ids:
            parts.append("patient numbers are replaced")
        if self.years:
            parts.append("dates are told as years")
        return f"For sharing, {', '.join(parts)}." if parts else ""


def protected(
    result: Result, disclosure: Disclosure, sharing: Sharing, replaced: Mapping[str, str] | None = None
) -> Result:
    """Return a result of the same type that is safe to draw and to write; the same object if nothing is to be done.

    Each figure is protected by itself. Which figures may leave together `analysis.export.released` decides.
    How many are left out of a figure is hidden in it, not in the size of the cohort beside it (`disclosed_part`).

    Parameters
    ----------
    result
        What an estimate returned. With a threshold no patient is told in it, hidden counts are missing in its tables,
        and its method says no count but that of all patients.
    disclosure
        What hides its small counts, or why it is not shared with them.
    sharing
        What leaves the house.
    replaced
        What stands for each patient number, as `replacements` gives it; without it each call replaces them anew.

    Raises
    ------
    NotSharedError
        If there is a threshold and the result is of single patients, of a group that is small itself, or too little
        of it would be left.

    References
    ----------
    Hundepool A et al. (2012), Statistical Disclosure Control. `analysis.disclosure.masking` has the rules.
    """
    check_disclosure(disclosure, sharing)
    if sharing.least and not isinstance(disclosure, Refused):
        return cast(Result, disclosure(result, sharing.least))
    if sharing.ids:
        return _with_replaced_ids(result, replaced)
    return result


def check_disclosure(disclosure: Disclosure, sharing: Sharing) -> None:
    """Check that a result may be shared at all.

    Raises
    ------
    NotSharedError
        If it is refused, with the reason.
    """
    if not isinstance(disclosure, Refused):
        return
    if sharing.ids and disclosure.replacing:
        raise NotSharedError(disclosure.replacing)
    if sharing.least:
        raise NotSharedError(disclosure.hiding.format(least=sharing.least))


def disclosed_part(part: int, whole: int, sharing: Sharing) -> str:
    """Return "83 of 87 patients" as it may be told: without the whole where the rest is small, without a small part."""
    if is_small(part, sharing.least):
        return f"fewer than {sharing.least} patients"
    if is_small(whole - part, sharing.least):
        return f"{part:,} patients"
    return f"{part:,} of {whole:,} patients"


def replacements(ids: Iterable[object]) -> dict[str, str]:
    """Return P1, P2, ... for patient numbers, in an order by chance that tells nothing about theirs."""
    distinct = sorted({str(each) for each in ids})
    secrets.SystemRandom().shuffle(distinct)
    return {each: f"P{place}" for place, each in enumerate(distinct, start=1)}


def names_patients(result: Any) -> bool:
    """Return whether a result has patient numbers, which sharing may replace."""
    held = [result] if isinstance(result, pd.DataFrame) else [getattr(result, each.name) for each in fields(result)]
    return any(len(_ids_in(value)) for value in held)


def protected_table(table: pd.DataFrame, sharing: Sharing, replaced: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return a table of patients with numbers replaced and dates as years; the same object if nothing is asked for.

    Replaced numbers sort the rows, for the order of a file may be that of its numbers; the row in the user's own file
    goes. Dates in words become years too: 2011-05-02, 2011/5/2, 02.05.2011, 2 May 2011, 2011-05. A threshold does
    nothing here: whether patients are shared one by one is decided before.

    Parameters
    ----------
    table
        With ``patient_id`` or without.
    sharing
        What leaves the house.
    replaced
        As for `protected`: the same for several tables, so that they still belong together.

    Raises
    ------
    ValueError
        If `replaced` lacks a patient of the table.
    """
    shown = table
    if sharing.ids and ID in shown:
        shown = _replaced_ids(shown, replaced or replacements(shown[ID].dropna()))
        order = shown[ID].str.removeprefix("P").astype(float)
        shown = shown.iloc[order.argsort(kind="stable")].drop(columns=FILE_ROW, errors="ignore").reset_index(drop=True)
    if sharing.years:
        shown = shown.assign(**{str(name): _as_years(shown[name]) for name in shown.columns if name != ID})
    return shown


def _replaced_ids(table: pd.DataFrame, replaced: Mapping[str, str]) -> pd.DataFrame:
    ids = table[ID].map(lambda each: replaced.get(str(each)), na_action="ignore")
    if (ids.isna() & table[ID].notna()).any():
        raise ValueError("Some patients of this table have no replaced number; make replacements of all patients.")
    return table.assign(**{ID: ids.astype(object)})


def _with_replaced_ids(result: Any, replaced: Mapping[str, str] | None) -> Any:
    """Return a result with replaced patient numbers wherever it names patients; the same object if it names nobody."""
    if isinstance(result, pd.DataFrame):
        return _replaced_ids(result, replaced or replacements(result[ID])) if ID in result else result
    held = {each.name: getattr(result, each.name) for each in fields(result)}
    named = {name: ids for name, ids in ((name, _ids_in(value)) for name, value in held.items()) if len(ids)}
    if not named:
        return result
    stands_for = replaced or replacements(pd.concat(list(named.values())).dropna())
    return replace(result, **{name: _with_others(held[name], stands_for) for name in named})


def _ids_in(value: object) -> pd.Series:
    """Return the patient numbers in a part of a result: in a table, or in a column by itself."""
    if isinstance(value, pd.DataFrame) and ID in value:
        return value[ID]
    return value if isinstance(value, pd.Series) and value.name == ID else pd.Series(dtype=object)


def _with_others(value: pd.DataFrame | pd.Series, stands_for: Mapping[str, str]) -> pd.DataFrame | pd.Series:
    if isinstance(value, pd.Series):
        return _replaced_ids(value.to_frame(), stands_for)[ID]
    return _replaced_ids(value, stands_for)


def _as_years(values: pd.Series) -> pd.Series:
    """Return the years of dates, and words without the day of a date; anything else as it is."""
    if is_datetime64_any_dtype(values):
        return values.dt.year.astype("Int64")
    if isinstance(values.dtype, pd.CategoricalDtype) or values.dtype == object or pd.api.types.is_string_dtype(values):
        return values.astype(object).map(_year, na_action="ignore")
    return values


def _year(value: object) -> object:
    if isinstance(value, date):
        return value.year
    if not isinstance(value, str):
        return value
    for pattern in _DATES:
        value = pattern.sub(r"\g<year>", value)
    return value
