"""Result tables as the screen prints them: estimate and interval in one cell, n first, words for what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cohort.canonical_column import Column
from analysis.cohort.column_words import value_words
from analysis.cohort.model import Cohort
from analysis.cohort.sledai import SledaiCheck
from analysis.estimates.scores.trajectory import Trajectory
from analysis.estimates.survival.follow_up import FollowUp
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.estimates.yearly.relapse_counts import RelapseCounts
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.footnotes import marked
from analysis.figures.common.readings import (
    DENOMINATORS,
    HIDDEN,
    bar_words,
    is_estimated,
    is_rate,
    median_words,
    months_words,
    number_interval,
    percent,
    percent_interval,
    share_words,
    told_count,
)

LONG_TEXT = "What and what to do"

LEDGER_WORDS = {
    "enrolled": "Enrolled",
    "assessed": "Assessed",
    "visit_missing": "Visit missing",
    "died_before": "Died before",
    "lost_before": "Lost before",
    "not_yet_due": "Not yet due",
    "ended_unknown": "Ended, reason unknown",
}


def survival_table(
    result: KaplanMeier, months: Sequence[float], *, failure: bool = False, name: str = "Survival"
) -> pd.DataFrame:
    """Return survival at chosen months, or the share with the event: time, at risk, share with interval.

    `name` is the heading of survival.
    """
    at = result.at(months)
    share = {"survival": at["survival"], "lower": at["lower"], "upper": at["upper"]}
    if failure:
        share = {"survival": 1 - at["survival"], "lower": 1 - at["upper"], "upper": 1 - at["lower"]}
    told = at.assign(**share).rename(columns={"survival": "share"})
    return _at_times(told, result.summary, "With the event" if failure else name)


def incidence_table(result: CumulativeIncidence, months: Sequence[float]) -> pd.DataFrame:
    """Return incidence at chosen months: time, at risk, incidence with interval."""
    return _at_times(result.at(months).rename(columns={"incidence": "share"}), result.summary, "Incidence")


def _at_times(at: pd.DataFrame, summary: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return time, at risk, and share with interval, from group, months, at_risk, share, lower, upper."""
    at = at.merge(summary[["group", "patients"]], on="group")
    absent = [HIDDEN if pd.isna(number) else "nobody at risk" for number in at["at_risk"]]
    times = [f"{month / 12:g} {'year' if month == 12 else 'years'}" for month in at["months"]]
    return pd.DataFrame(
        {
            "Time": _with_group(at["group"], times),
            "At risk": at["at_risk"].map(told_count).tolist(),
            name: _where(at["share"].notna(), share_words(at), absent),
        }
    )


def median_table(result: KaplanMeier, followed: FollowUp) -> pd.DataFrame:
    """Return patients, events, median time and median follow-up (reverse Kaplan-Meier) in months, a row a group."""
    both = result.summary.merge(followed.table, on="group", suffixes=("", "_follow_up"))
    limits = {"Median": ("median", "median_lower", "median_upper"), "Follow-up": ("median_follow_up", "lower", "upper")}
    medians = {
        name: [median_words(*numbers) for numbers in zip(*(both[column] for column in columns), strict=True)]
        for name, columns in limits.items()
    }
    return pd.DataFrame(
        {
            "Group": both["group"].astype(str),
            "Patients": [f"{number:,}" for number in both["patients"]],
            "Events": both["events"].map(told_count).tolist(),
            **medians,
        }
    )


def yearly_table(result: Yearly) -> pd.DataFrame:
    """Return year, n/N, and share with interval.

    For a rate patients, events in patient-years, and rate; for an estimated share those at risk, and the share under
    the name of its estimator. A year that is drawn pale has the sign of `analysis.figures.common.footnotes`.
    """
    bars = bar_words(result)
    years = {"Year": _with_group(bars["group"], [f"year {year}" for year in bars["year"]])}
    words = marked(_where(bars["patients"] != 0, bars["words"], "nobody"), bars)
    if is_rate(result):
        patients = bars["patients"].map(told_count).tolist()
        columns = {"Patients": patients, "Events / patient-years": bars["counts"], "Per 100 patient-years": words}
    elif is_estimated(result):
        estimator = DENOMINATORS[result.estimand].estimator
        columns = {"At risk": bars["at_risk"].map(told_count), estimator.capitalize(): words}
    else:
        pairs = bars[["events", "patients"]].astype(object).where(bars[["events", "patients"]].notna(), HIDDEN)
        counts = [f"{events}/{patients}" for events, patients in zip(pairs["events"], pairs["patients"], strict=True)]
        columns = {"n / N": counts, "Share": words}
    return pd.DataFrame({**years, **columns})


def ledger_table(result: Yearly) -> pd.DataFrame:
    """Return who is in each year's denominator and where the others are; the parts add up to enrolled."""
    ledger = result.ledger
    columns = [name for name in LEDGER_WORDS if name in ("enrolled", "assessed") or (ledger[name] != 0).any()]
    told = ledger[columns].astype(object).where(ledger[columns].notna(), HIDDEN)
    table = told.astype(str).rename(columns=LEDGER_WORDS)
    table.insert(0, "Year", _with_group(ledger["group"], [f"year {year}" for year in ledger["year"]]))
    return table


def trajectory_table(result: Trajectory) -> pd.DataFrame:
    """Return month, patients, centre with limits."""
    summary = result.summary
    return pd.DataFrame(
        {
            "Visit": _with_group(summary["group"], [f"month {month:g}" for month in summary["months"]]),
            "Patients": [f"{number:,}" for number in summary["patients"]],
            "Value": _intervals(summary, "centre"),
        }
    )


def change_table(result: Trajectory) -> pd.DataFrame:
    """Return month, pairs and mean change from baseline with its interval."""
    change = result.change
    return pd.DataFrame(
        {
            "Visit": _with_group(change["group"], [f"month {month:g}" for month in change["months"]]),
            "Pairs": [f"{number:,}" for number in change["pairs"]],
            "Mean change (95 % interval)": _where(change["pairs"] > 0, _intervals(change, "mean_change"), "no pairs"),
        }
    )


def _with_group(groups: pd.Series, words: Sequence[str]) -> list[str]:
    """Return the first cell of each row, after its group where there are several."""
    if groups.nunique() < 2:
        return [f"{word[:1].upper()}{word[1:]}" for word in words]
    return [f"{group}, {word}" for group, word in zip(groups, words, strict=True)]


def _where(held: pd.Series, words: Sequence[str], otherwise: str | Sequence[str]) -> list[str]:
    absent = [otherwise] * len(held) if isinstance(otherwise, str) else otherwise
    return [word if there else other for there, word, other in zip(held, words, absent, strict=True)]


def _intervals(table: pd.DataFrame, value: str) -> list[str]:
    columns = (table[name] for name in (value, "lower", "upper"))
    return [number_interval(*numbers) for numbers in zip(*columns, strict=True)]


def attrition_table(steps: pd.DataFrame) -> pd.DataFrame:
    """Return what each filter costs, in the order of choosing; the one that costs most is marked."""
    words = {"filter": "Filter", "lost": "Lost", "after": "Left"}
    table = steps[list(words)].astype(str).rename(columns=words)
    most = int(steps["lost"].max())
    if most:
        table["Lost"] = [f"{lost:,}, most" if lost == most else f"{lost:,}" for lost in steps["lost"]]
    return table


def findings_table(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings of the checks as text, with the row as in the user's file."""
    words = {"kind": "Kind", "message": LONG_TEXT, "row": "Row", "column": "Column", "value": "Value"}
    table = findings[list(words)].rename(columns=words)
    table["Row"] = findings["row"].map(lambda row: f"{row:.0f}", na_action="ignore")
    return table.astype(object).where(table.notna(), "").astype(str)


@dataclass(frozen=True)
class Headline:
    """One figure of the first look: what, its value, the interval or n behind it, and the term of art."""

    label: str
    value: str
    detail: str
    term: str


def headlines(followed: FollowUp, survival: KaplanMeier, remission: Yearly) -> list[Headline]:
    """Return the headline figures of one group; those that do not exist are not among them."""
    alive, follow_up = followed.alive.iloc[0], followed.table.iloc[0]
    patients = int(alive["patients"])
    interval = percent_interval(alive["share"], alive["lower"], alive["upper"], patients)
    times = f"{follow_up['minimum']:.1f}–{follow_up['maximum']:.1f} months in all"
    found = [
        Headline("Alive at last contact", f"{alive['alive']} of {patients}", interval, "95 % Wilson interval"),
        Headline(
            "Median follow-up", months_words(follow_up["median"]), times, "Reverse Kaplan-Meier; shortest and longest"
        ),
    ]
    year = survival.at([12]).iloc[0]
    if year["at_risk"]:
        share = f"{percent(year['survival'], patients)} %"
        detail = percent_interval(year["survival"], year["lower"], year["upper"], patients).removeprefix(share).strip()
        at_risk = f"{year['at_risk']} at risk"
        found.append(
            Headline("Alive at 1 year", share, " ".join([detail, at_risk]).strip(), "Kaplan-Meier, 95 % interval")
        )
    bars = remission.bars[remission.bars["patients"] > 0]
    if len(bars):
        first = bars.iloc[0]
        interval = percent_interval(first["share"], first["lower"], first["upper"], int(first["patients"]))
        counted = f"{first['events']} of {first['patients']}"
        found.append(
            Headline(
                f"Complete remission, year {first['year']}",
                counted,
                interval,
                "Of the patients assessed; 95 % Wilson interval",
            )
        )
    return found


def cohort_table(cohort: Cohort) -> pd.DataFrame:
    """Return what was read and how much of it is used."""
    visits = len(cohort.visits)
    rows = [
        ("Patient rows read", str(cohort.rows_read)),
        ("Patients used", str(len(cohort))),
        ("Rows left out, all tables", str(len(cohort.left_out))),
        ("Visits", str(visits)),
        ("Deaths", str(int(cohort.patients["died"].sum()))),
        ("Fingerprint", cohort.fingerprint[:12]),
    ]
    return pd.DataFrame(rows, columns=["Cohort", cohort.name])


def usable_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Return how many patients each figure can use; a figure that nobody can be in says what it needs."""
    patients = [
        f"{number:,}" if number else f"needs {needs}"
        for number, needs in zip(counts["patients"], counts["needs"], strict=True)
    ]
    return pd.DataFrame({"Figure": counts["figure"], "Patients": patients})


def changes_table(changes: pd.DataFrame) -> pd.DataFrame:
    """Return what is different in a new version of a cohort."""
    rows = [f"{number:,}" if number else "" for number in changes["rows"]]
    words = {"table": "Table", "change": "What", "column": "Column", "examples": "Patients"}
    table = changes[list(words)].rename(columns=words)
    table.insert(3, "Rows", rows)
    return table


def column_table(columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return the canonical columns of a table: name, meaning, unit or values."""
    rows = [(column.name, column.label, value_words(column)) for column in columns.values()]
    return pd.DataFrame(rows, columns=["Column", "Meaning", "Unit or values"])


def item_sums_table(result: SledaiCheck) -> pd.DataFrame:
    """Return the visits whose recorded SLEDAI is not what its items add up to."""
    words = {
        "patient_id": "Patient",
        "months": "Months",
        "recorded": "Recorded",
        "computed": "Items add up to",
        "recorded_clinical": "Clinical, recorded",
        "computed_clinical": "Clinical, items",
    }
    table = result.table[list(words)].astype(object)
    return table.where(table.notna(), "").astype(str).rename(columns=words)


def relapse_counts_table(result: RelapseCounts) -> pd.DataFrame:
    """Return how many relapsed, how often, and how many of them before any remission, a row a group."""
    words = {
        "group": "Group",
        "patients": "Patients",
        "relapsed": "Relapsed",
        "before_remission": "First relapse before any remission",
        "recurrent": "Further relapses",
        "severe": "Severe",
    }
    table = result.table[list(words)].astype(object).where(result.table[list(words)].notna(), "not known")
    shown = table if result.table["severe"].any() else table.drop(columns="severe")
    return shown.astype(str).rename(columns=words)
