"""The paragraphs on methods and limitations, from the question, the accounts of estimates, and the data."""

from __future__ import annotations

import math
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import pandas as pd

from analysis.cohort.column_words import measure_words
from analysis.cohort.grouping import Against, Cut, Grouping, Pinned, group_sizes
from analysis.cohort.model import Cohort
from analysis.cohort.question import Asked
from analysis.cohort.rows_elsewhere import RowsElsewhere
from analysis.cohort.times import DAYS_PER_MONTH
from analysis.cohort.wording import count_words
from analysis.counts.leaving import Leaving
from analysis.estimates.common.small_numbers import SmallNumbers
from analysis.estimates.description.deaths import number_of_deaths
from analysis.estimates.survival.follow_up import FollowUp
from analysis.estimates.yearly.yearly import Yearly
from analysis.export.account import Account
from analysis.export.papers import cite, numbered
from analysis.export.sharing import Sharing, disclosed_part
from analysis.version import VERSION

SYNTHETIC = "The patients are synthetic: nothing here is a finding about real ones."
UNCONTROLLED = "Without patients who were treated otherwise, no change can be put down to the cells."
NOT_BY_CHANCE = "The groups were not formed by chance: they may differ in much else."
PACKAGES = ("pandas", "scipy", "altair")


@dataclass(frozen=True)
class Methods:
    """A paragraph for a journal, with the papers that it cites by number, in this order."""

    paragraph: str
    references: tuple[str, ...]


def methods(
    asked: Asked,
    selection: Sequence[str],
    accounts: Sequence[Account],
    synthetic: bool,
    followed: FollowUp | None = None,
    sharing: Sharing = Sharing(),
) -> Methods:
    """Return the methods: patients, follow-up, definitions, visits, estimates, software.

    Parameters
    ----------
    asked, selection
        The patients, and the selection in words.
    accounts
        One per estimate in the figures and tables.
    synthetic
        Whether the patients are synthetic.
    followed
        Their follow-up; None leaves it out.
    sharing
        What files may contain.
    """
    missing = [*_each(accounts, "missing"), "No measurement was imputed."]
    sentences = [
        *_patients(asked, selection, synthetic, sharing),
        *_follow_up(followed, sharing),
        *compared(asked),
        *_each(accounts, "definitions"),
        *_each(accounts, "visits"),
        *_each(accounts, "analysis"),
        *missing,
        "Confidence intervals are pointwise and not adjusted for multiple comparisons.",
        *(f"P-values and ratios were {limits.words()}." for limits in _limits(accounts)),
        *([sharing.words()] if sharing.words() else []),
        f"The analysis was exploratory and was done with MSC in lupus {VERSION} ({_software(accounts)}).",
    ]
    return Methods(*numbered(" ".join(sentences)))


def limitations(asked: Asked, remission: Yearly, synthetic: bool, sharing: Sharing = Sharing()) -> list[str]:
    """Return the limitations of the data, one sentence each; without numbers if small counts are hidden.

    Parameters
    ----------
    asked
        The patients.
    remission
        Remission per year of all of them, whose ledger says who was not assessed.
    synthetic
        Whether the patients are synthetic.
    sharing
        What files may contain.
    """
    cohort = asked.cohort
    deaths, few = number_of_deaths(cohort), SmallNumbers()
    elsewhere = [asked.whole.caveat] if isinstance(asked.whole, RowsElsewhere) and asked.whole.caveat else []
    if sharing.least:
        return [
            *([SYNTHETIC] if synthetic else []),
            UNCONTROLLED,
            *elsewhere,
            "Later years and groups may rest on few patients and few events; how few is not told here.",
            *([NOT_BY_CHANCE] if asked.by is not None else []),
        ]
    return [
        *([SYNTHETIC] if synthetic else []),
        UNCONTROLLED,
        *elsewhere,
        *(
            [f"Only {count_words(deaths, 'death')}: survival, and any difference of it, rests on few events."]
            if deaths < few.events
            else []
        ),
        *_shrinking(remission.ledger),
        *_groups(asked, few),
        *_unused(asked.whole),
    ]


def _patients(asked: Asked, selection: Sequence[str], synthetic: bool, sharing: Sharing) -> list[str]:
    published = f"synthetic data made to match published totals{cite('wang2013')}"
    whole = published if synthetic else asked.whole.name
    patients = disclosed_part(len(asked.cohort), len(asked.whole), sharing)
    treated = "who received mesenchymal stem cells for systemic lupus erythematosus"
    return [f"We analysed {patients} {treated} ({whole}).", _chosen(asked, selection)]


def _chosen(asked: Asked, selection: Sequence[str]) -> str:
    """Return who was left out: filters that make groups leave out nobody, or those who are in no group."""
    conditions = asked.whole.settled if isinstance(asked.by, Against | Pinned) else selection
    included = f"Only those who met these conditions were included: {'; '.join(conditions)}." if conditions else ""
    if isinstance(asked.by, Pinned):
        neither = len(asked.cohort) < len(asked.whole)
        both = "Those in neither selection were left out." if neither else "Every patient was in a selection."
        return f"{included} {both}".strip()
    return included or "No patient was left out by a filter."


def followed_words(followed: FollowUp | None, sharing: Sharing) -> str:
    """Return how long the patients were followed; "" if it is not known or not told."""
    if followed is None or followed.table.empty or sharing.least:
        return ""
    median = followed.table["median"].iloc[0]
    told = "not reached" if math.isnan(median) else f"{median:.1f} months"
    return f"Median follow-up (reverse Kaplan-Meier): {told}."


def _follow_up(followed: FollowUp | None, sharing: Sharing) -> list[str]:
    """Return how follow-up was counted, with its median if numbers may be disclosed."""
    counted = (
        "Follow-up was counted from transplantation to death or last contact, in months "
        f"(of {DAYS_PER_MONTH} days where they were computed from dates or days)"
    )
    if followed is None or followed.table.empty or sharing.least:
        return [f"{counted}."]
    columns = ("median", "lower", "upper", "minimum", "maximum")
    median, lower, upper, *ends = (followed.table[name].iloc[0] for name in columns)
    estimated = f"{counted}; its median by the reverse Kaplan-Meier method{cite('schemper1996')} was"
    range_words = f"range {ends[0]:.1f} to {ends[1]:.1f}"
    if math.isnan(median):
        return [f"{estimated} not reached ({range_words})."]
    limits = " to ".join("not reached" if math.isnan(limit) else f"{limit:.1f}" for limit in (lower, upper))
    return [f"{estimated} {median:.1f} months (95 % confidence interval {limits}; {range_words})."]


def compared(asked: Asked) -> list[str]:
    """Return how the patients were grouped."""
    by = asked.by
    if by is None:
        return ["No groups were compared."]
    if isinstance(by, Pinned):
        return [_selections(by)]
    if isinstance(by, Against):
        kept, others = by.words(asked.whole)
        return [f"Patients who met some conditions were compared with everybody else. {kept}. {_capital(others)}."]
    column = by.column if isinstance(by, Cut) else by
    what = f"{column.organ} involvement" if isinstance(column, Grouping) else measure_words(column)
    groups = ", ".join(Leaving.of(asked.cohort, by=by).groups.names)
    return [f"Patients were compared by {what} ({groups})."]


def _selections(by: Pinned) -> str:
    """Return the two selections by name, with the filters that make them."""
    told = []
    for name, filters in ((by.first, by.of_first), (by.second, by.of_second)):
        words = "patients chosen one by one" if filters.one_by_one else " and ".join(filters.words()) or "all patients"
        told.append(name if name == words else f"{name} ({words})")
    rest = f"; patients of {by.first} were left out of {by.second}" if by.rest else ""
    return f"Two selections were compared: {told[0]} and {told[1]}{rest}."


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _each(accounts: Sequence[Account], about: str) -> list[str]:
    """Return the sentences of all accounts on one topic, without repetition."""
    return list(dict.fromkeys(sentence for each in accounts for sentence in getattr(each, about)))


def _limits(accounts: Sequence[Account]) -> list[SmallNumbers]:
    return list(dict.fromkeys(each.limits for each in accounts if each.limits is not None))


def _software(accounts: Sequence[Account]) -> str:
    packages = [*PACKAGES, *_each(accounts, "packages")]
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {_version(name)}" for name in packages)])


@cache
def _version(package: str) -> str:
    return version(package)


def _shrinking(ledger: pd.DataFrame) -> list[str]:
    """Return how and why the denominators of remission shrink."""
    if len(ledger) < 2:
        return []
    first, last = ledger.iloc[0], ledger.iloc[-1]
    gone = [
        f"{last[name]:,} {words}"
        for name, words in (
            ("died_before", "had died"),
            ("lost_before", "were lost to follow-up"),
            ("not_yet_due", "were not yet due"),
            ("visit_missing", "had no visit"),
            ("ended_unknown", "were no longer followed for unknown reasons"),
        )
        if last[name]
    ]
    seen = (
        f"{first['assessed']:,} were assessed at year {first['year']} and {last['assessed']:,} at year {last['year']}"
    )
    why = f" ({', '.join(gone)})" if gone else ""
    return [f"Of {last['enrolled']:,} patients {seen}{why}: later shares rest on few, who may differ from the others."]


def _groups(asked: Asked, few: SmallNumbers) -> list[str]:
    if asked.by is None:
        return []
    sizes = group_sizes(asked.cohort, asked.by)
    small = [
        f"{name} ({size:,})" for name, size in zip(sizes.names, sizes.patients, strict=True) if size < few.patients
    ]
    sentences = [NOT_BY_CHANCE]
    return [*sentences, f"Fewer than {few.patients} patients are in {', '.join(small)}."] if small else sentences


def _unused(whole: Cohort) -> list[str]:
    left_out = whole.rows_read - len(whole)
    return [f"{count_words(left_out, 'patient row')} of {whole.rows_read:,} could not be used."] if left_out > 0 else []
