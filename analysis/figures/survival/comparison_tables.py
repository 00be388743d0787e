"""Comparisons of groups over time as the screen prints them: tests, ratios, restricted means."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import pandas as pd

from analysis.estimates.survival.hazard_ratios import HazardRatios
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.log_rank import LogRank
from analysis.estimates.survival.restricted_mean import RestrictedMean
from analysis.figures.common.readings import NOT_ESTIMABLE, number_interval

Told = TypeVar("Told")

EVERYBODY = "all groups"
NOT_KNOWN = "–"
RATIO = ["hazard_ratio", "lower", "upper"]
PER = "per "
READ_FROM, READ_TO = (
    math.log(1.05),
    math.log(1000),
)  # how far a limit lies from a ratio of 1 to be read, on the log scale
CAUSE_SPECIFIC = " in cause-specific hazards (log-rank)"


def p_words(p: float, withheld: str = "") -> str:
    """Return "0.03", "0.004" or "< 0.001"; without a p, why there is none.

    A p close to 0.05 keeps the decimal that says on which side it is.
    """
    if math.isnan(p):
        return reason_words(withheld)
    if p < 0.001:
        return "< 0.001"
    if p > 0.99:
        return "> 0.99"
    return f"{p:.3f}" if p < 0.01 or 0.045 <= p < 0.055 else f"{p:.2f}"


def reason_words(withheld: str) -> str:
    """Return why a number is not there: it is withheld, or there is none."""
    if not withheld:
        return NOT_ESTIMABLE
    return withheld if withheld.startswith("no") else f"withheld: {withheld}"


def ratio_words(ratio: float, lower: float, upper: float, withheld: str = "") -> str:
    """Return "1.8 (0.7–4.5)", with the decimals that the interval calls for; without a ratio, why there is none."""
    if math.isnan(ratio):
        return reason_words(withheld)
    width = upper - lower
    decimals = 3 if width < 0.1 else 2 if width < 1 else 1
    number, low, high = (_ratio(value, decimals) for value in (ratio, lower, upper))
    return f"{number} ({low}–{high})"


def comparison_reading(result: LogRank, of: str = "") -> str:
    """Return a sentence a comparison: the p with the patients behind it, or why there is no test.

    Parameters
    ----------
    result
        The tests.
    of
        What is tested, where it is not what the figure shows, such as `CAUSE_SPECIFIC`.
    """
    patients, sentences = _by_group(result.groups), []
    columns = (result.table[name] for name in ("group_a", "group_b", "p", "withheld"))
    for first, second, p, withheld in zip(*columns, strict=True):
        groups = [first, second] if second else list(patients)
        between = " and ".join(groups) if second else EVERYBODY
        counts = f"{between} ({_patients(groups, patients)} patients)"
        sentences.append(_test_sentence(f"Test of a difference{of} between {counts}", p, withheld))
    return " ".join(sentences)


def gray_reading(result: CumulativeIncidence) -> str:
    """Return what Gray's test says of the groups, with the patients behind it, or why there is no test."""
    summary = result.summary[result.summary["patients"] > 0]
    groups = [*summary["group"].astype(str)]
    between = " and ".join(groups) if len(groups) < 3 else EVERYBODY
    counts = f"{between} ({_patients(groups, _by_group(summary))} patients)"
    test = result.test.iloc[0]
    what = f"Test of a difference in cumulative incidence (Gray) between {counts}"
    return _test_sentence(what, test["p"], test["withheld"])


def _test_sentence(what: str, p: float, withheld: str) -> str:
    return f"No {what[0].lower()}{what[1:]}: {withheld}." if math.isnan(p) else f"{what}: p {p_words(p)}."


def log_rank_table(result: LogRank) -> pd.DataFrame:
    """Return a row a comparison: groups, patients, chi-square, degrees of freedom, p or why it is withheld."""
    patients = _by_group(result.groups)
    pairs = list(zip(result.table["group_a"], result.table["group_b"], strict=True))
    named = pd.DataFrame(
        {
            "Compared": [f"{first}, {second}" if second else EVERYBODY for first, second in pairs],
            "Patients": [_patients(pair if pair[1] else list(patients), patients) for pair in pairs],
        }
    )
    return pd.concat([named, _test_cells(result.table)], axis=1)


def observed_table(result: LogRank) -> pd.DataFrame:
    """Return patients of each group, its events, and those expected if all groups were alike.

    Under weights that are not 1 both are weighted, and need not be whole.
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
    """Return Gray's test: groups, patients, events, chi-square, degrees of freedom, p or why it is withheld."""
    summary = result.summary[result.summary["patients"] > 0]
    named = pd.DataFrame(
        {
            "Compared": [", ".join(summary["group"].astype(str)) if len(summary) < 3 else EVERYBODY],
            "Patients": [_patients(summary["group"].astype(str), _by_group(summary))],
            "Events": [f"{summary['events'].sum():,}"],
        }
    )
    return pd.concat([named, _test_cells(result.test)], axis=1)


def hazard_table(result: HazardRatios, summary: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a row a ratio: term, patients and reference's, ratio with interval or why not, p, proportional hazards p.

    The ratio of a number is for one unit more, or for as many as it takes to be read: "1.15 per 100", not "1.00 per 1".

    Parameters
    ----------
    result
        The ratios.
    summary
        group, patients: of the groups that are compared. A model of covariates tells its patients in its method.
    """
    table = result.table
    units = _each(_sensible_unit, table, "reference", "lower", "upper")
    columns = {
        "Group": table["term"].astype(str),
        "Against": [
            _per(unit, reference) or NOT_KNOWN for unit, reference in zip(units, table["reference"], strict=True)
        ],
        "Hazard ratio": _each(
            ratio_words, table.assign(**{name: table[name] ** units for name in RATIO}), *RATIO, "withheld"
        ),
        "p": [NOT_KNOWN if math.isnan(p) else p_words(p) for p in table["p"]],
        "Proportional hazards p": [NOT_KNOWN if math.isnan(p) else p_words(p) for p in table["proportional_p"]],
    }
    words = pd.DataFrame(columns)
    if summary is not None:
        pairs = zip(table["term"], table["reference"], strict=True)
        patients = _by_group(summary)
        words.insert(1, "Patients", [_patients([name for name in pair if name], patients) for pair in pairs])
    return words


def restricted_table(result: RestrictedMean, summary: pd.DataFrame) -> pd.DataFrame:
    """Return patients and restricted mean, or mean time lost, of each group, with its interval or why there is none.

    Parameters
    ----------
    result
        The means.
    summary
        group, patients.
    """
    patients, table = _by_group(summary), result.table
    return pd.DataFrame(
        {
            "Group": table["group"].astype(str),
            "Patients": [_patients([group], patients) for group in table["group"].astype(str)],
            "Mean months after the event" if result.time_lost else "Mean months": _each(
                _value_words, table, "mean", "lower", "upper", "withheld"
            ),
            "Of the first": [f"{months:g} months" for months in table["months"]],
        }
    )


def difference_table(result: RestrictedMean, summary: pd.DataFrame) -> pd.DataFrame:
    """Return how many months more each second group has than the first: difference with interval, p or why not.

    Parameters
    ----------
    result
        The means.
    summary
        group, patients.
    """
    patients, table = _by_group(summary), result.differences
    pairs = list(zip(table["group_a"], table["group_b"], strict=True))
    return pd.DataFrame(
        {
            "Compared": [f"{second} less {first}" for first, second in pairs],
            "Patients": [_patients((second, first), patients) for first, second in pairs],
            "Difference in months": _each(_value_words, table, "difference", "lower", "upper", "withheld"),
            "p": [NOT_KNOWN if math.isnan(p) else p_words(p) for p in table["p"]],
        }
    )


def _test_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of tests with statistic, degrees_of_freedom, p and withheld."""
    numbers = zip(table["statistic"], table["degrees_of_freedom"], strict=True)
    known = [
        (f"{statistic:.2f}", f"{degrees:.0f}") if degrees > 0 else (NOT_KNOWN,) * 2 for statistic, degrees in numbers
    ]
    cells = pd.DataFrame(known, columns=["Chi-square", "Degrees of freedom"])
    return cells.assign(p=_each(p_words, table, "p", "withheld"))


def _value_words(value: float, lower: float, upper: float, withheld: str) -> str:
    """Return a value with its interval; with what is missing, why."""
    if math.isnan(value):
        return reason_words(withheld)
    words = number_interval(value, lower, upper)
    return f"{words}; {reason_words(withheld)}" if withheld else words


def _ratio(value: float, decimals: int) -> str:
    if value >= 1000:
        return "> 1,000"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.{max(decimals, 2) if value < 0.1 else decimals}f}"


def _sensible_unit(reference: str, lower: float, upper: float) -> float:
    """Return for how many units more a ratio is told: a power of ten; 1 where it is read as it is."""
    if not reference.startswith(PER) or not 0 < lower < upper < math.inf:
        return 1.0
    far = max(abs(math.log(limit)) for limit in (lower, upper))
    if READ_FROM <= far <= READ_TO:
        return 1.0
    return 10.0 ** (
        math.ceil(math.log10(READ_FROM / far)) if far < READ_FROM else math.floor(math.log10(READ_TO / far))
    )


def _per(unit: float, reference: str) -> str:
    """Return "per 100 years" of "per year"."""
    if unit == 1:
        return reference
    one = reference.removeprefix(PER)
    return f"{PER}{unit:,.10g} {one}{'s' if one.isalpha() and len(one) > 2 else ''}"


def _each(words: Callable[..., Told], table: pd.DataFrame, *columns: str) -> list[Told]:
    return [words(*cells) for cells in zip(*(table[name] for name in columns), strict=True)]


def _by_group(table: pd.DataFrame) -> dict[str, int]:
    return dict(zip(table["group"].astype(str), table["patients"], strict=True))


def _patients(groups: Iterable[str], patients: Mapping[str, int]) -> str:
    """Return how many patients of each group are compared; of many groups, how many in all."""
    counts = [patients.get(group, 0) for group in groups]
    return ", ".join(f"{number:,}" for number in counts) if len(counts) < 3 else f"{sum(counts):,}"
