"""Columns of text as categoricals, so that each distinct text is processed once, however many rows have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Flags, Rows


def as_texts(values: Iterable[str], index: pd.Index | None = None) -> pd.Series:
    """Return texts as a categorical column."""
    held = np.array([*values], dtype=object)
    codes, distinct = pd.factorize(held) if len(held) else (np.empty(0, dtype=np.intp), held)
    return from_codes(codes, distinct, index)


def from_codes(codes: Rows, distinct: Iterable[str], index: pd.Index | None = None) -> pd.Series:
    """Return a column from distinct texts, and the code of the text in each row."""
    names = distinct if isinstance(distinct, np.ndarray | pd.Index) else np.array([*distinct], dtype=object)
    categories = pd.Index(names, dtype=object)
    # Otherwise pandas checks uniqueness while holding the GIL; with millions of texts, all sessions would stall.
    categories._cache |= {"is_unique": True, "hasnans": False}  # noqa: SLF001 -- a hint; callers give distinct texts
    return pd.Series(pd.Categorical.from_codes(codes, categories=categories), index=index)


def parts(texts: pd.Series) -> tuple[Rows, list[str]]:
    """Return the code of each row, and the distinct texts, of which some may be in no row any more."""
    held = texts.array
    return held.codes.astype(np.intp), held.categories.tolist()


def counts(texts: pd.Series) -> dict[str, int]:
    """Return the frequency of each text, in the order of the categories."""
    codes, distinct = parts(texts)
    each = np.bincount(codes, minlength=len(distinct)).tolist()
    return (
        dict(zip(distinct, each, strict=True))
        if all(each)
        else {text: count for text, count in zip(distinct, each, strict=True) if count}
    )


def flags(texts: pd.Series, test: Callable[[list[str]], Flags]) -> Flags:
    """Return the result of a test for each distinct text; the test gets all of them at once.

    It is cached with the distinct texts, which never change, because patient ids are tested again and again. The test
    must not be a function made for the call, or the cache would grow.
    """
    categories = texts.array.categories
    known = categories._cache  # noqa: SLF001 -- where pandas keeps what it works out of an index
    if test not in known:
        known[test] = test(categories.tolist())
    return known[test]


def where(texts: pd.Series, test: Callable[[str], bool]) -> Flags:
    """Return whether a test of the text is True in each row."""
    codes, distinct = parts(texts)
    return np.array([test(text) for text in distinct], dtype=bool)[codes]


def changed(texts: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Return the column with every text changed; texts that become equal are merged."""
    codes, distinct = parts(texts)
    renamed, names = pd.factorize(np.array([change(text) for text in distinct], dtype=object))
    return from_codes(renamed.astype(np.intp)[codes], names, texts.index)


def blank(text: str) -> bool:
    """Return whether a cell is empty or has only blanks."""
    return not text.strip()
