"""What stands beside a measure over time: who has a fall, in which band, who left, means allowing for missed visits."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.estimates.scores.dropout import Dropout
from analysis.estimates.scores.mixed_model import MixedModel
from analysis.estimates.scores.response_share import ResponseShare
from analysis.estimates.scores.severity_bands import SeverityBands
from analysis.figures.common.readings import NOT_ESTIMABLE, number_interval, share_words

MONTH = "Visit"


def fall_table(result: ResponseShare) -> pd.DataFrame:
    """Return visit, how many of how many have the fall, and the share with its interval."""
    table = result.table
    counts = [f"{events}/{patients}" for events, patients in zip(table["events"], table["patients"], strict=True)]
    shares = [
        words if patients else "nobody" for words, patients in zip(share_words(table), table["patients"], strict=True)
    ]
    return pd.DataFrame({MONTH: _visits(table), "n / N": counts, "Share": shares})


def band_table(result: SeverityBands) -> pd.DataFrame:
    """Return a row a visit: patients, and how many of them are in each band."""
    counts = result.table.pivot_table(
        index=["group", "months"], columns="band", values="events", observed=True, sort=False
    ).reset_index()
    patients = result.table.drop_duplicates(["group", "months"])["patients"]
    bands = {str(band): counts[band].astype(int).astype(str) for band in result.table["band"].cat.categories}
    return pd.DataFrame({MONTH: _visits(counts), "Patients": patients.astype(str).to_numpy(), **bands})


def reasons_table(result: Dropout) -> pd.DataFrame:
    """Return why no later value follows, and of how many patients."""
    table = result.reasons[result.reasons["patients"] > 0]
    reasons = _named(table["group"], table["reason"].astype(str))
    return pd.DataFrame({"After the last value": reasons, "Patients": table["patients"].astype(str)})


def leavers_table(result: Dropout) -> pd.DataFrame:
    """Return the means at each visit of those who come again and of those who do not, with their patients."""
    table = result.means
    wide = table.pivot_table(
        index=["group", "months"], columns="afterwards", values=["mean", "patients"], observed=True, sort=False
    )
    rows = {MONTH: _visits(wide.reset_index()[["group", "months"]].droplevel(1, axis=1))}
    for afterwards in table["afterwards"].astype(str).unique():
        if afterwards in wide["mean"]:
            cells = zip(wide["mean"][afterwards], wide["patients"][afterwards], strict=True)
            rows[afterwards.capitalize()] = [_mean_words(mean, patients) for mean, patients in cells]
    return pd.DataFrame(rows)


def model_table(result: MixedModel) -> pd.DataFrame:
    """Return visit, patients seen, and the mean of the model with its interval."""
    table = result.table
    numbers = zip(table["mean"], table["lower"], table["upper"], strict=True)
    means = [NOT_ESTIMABLE if pd.isna(mean) else number_interval(mean, *limits) for mean, *limits in numbers]
    return pd.DataFrame({MONTH: _visits(table), "Seen": table["patients"].astype(str), "Mean (95 % interval)": means})


def _mean_words(mean: float, patients: float) -> str:
    return "nobody" if pd.isna(mean) else f"{mean:.1f} (n = {patients:.0f})"


def _visits(table: pd.DataFrame) -> list[str]:
    return _named(table["group"], [f"month {month:g}" for month in table["months"]])


def _named(groups: pd.Series, words: Sequence[str]) -> list[str]:
    """Return words with the group before them, where there are several."""
    names = groups.astype(str)
    if names.nunique() < 2:
        return [f"{word[:1].upper()}{word[1:]}" for word in words]
    return [f"{group}, {word}" for group, word in zip(names, words, strict=True)]
