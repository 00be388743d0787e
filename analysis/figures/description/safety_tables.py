"""Tables of deaths and adverse events on the screen, and the sentence for zero events."""

from __future__ import annotations

import math

import pandas as pd

from analysis.cohort.wording import count_words
from analysis.estimates.description.adverse_events import ANY, ANY_EVENT, NO_TABLE, AdverseEvents
from analysis.estimates.description.deaths import ANY_DEATH, CAUSE, RELATION, Deaths
from analysis.facts.patient_events import RELATED, UNKNOWN
from analysis.figures.common.number_words import NO_PATIENTS, number, percent_interval

RELATION_WORDS = {ANY: "any", RELATED: "related", UNKNOWN: "relation not recorded"}
DEATH_WORDS = {RELATED: "related to the transplantation", UNKNOWN: "not recorded"}
KINDS = {ANY_DEATH: "All", RELATION: "By relation", CAUSE: "By cause"}


def none_words(patients: int, upper: float) -> str:
    """Return "0 of 87" with the upper limit, as zero observed events do not show that there is no risk."""
    return f"0 of {patients:,}; the data are compatible with up to {_limit(upper)} %"


def some_words(number_of: int, patients: int, share: float, lower: float, upper: float) -> str:
    """Return count, share and limits, such as "5 of 87, 6 % (2–13)"; for zero, `none_words`."""
    if not patients:
        return "no patients"
    if not number_of:
        return none_words(patients, upper)
    return f"{number_of:,} of {patients:,}, {percent_interval(share, lower, upper, patients)}"


def deaths_table(result: Deaths) -> pd.DataFrame:
    """Return the deaths by group and relation, with the share of all patients and exact limits."""
    table = result.table
    return pd.DataFrame(
        {
            **_groups(table),
            "Deaths": [KINDS[kind] for kind in table["by"]],
            "Which": [
                DEATH_WORDS.get(value, value) if kind != CAUSE else value
                for kind, value in zip(table["by"], table["value"], strict=True)
            ],
            "n / N": [f"{some}/{of}" for some, of in zip(table["deaths"], table["patients"], strict=True)],
            "Share (95 % interval)": _shares(table, "deaths"),
        }
    )


def deaths_reading(result: Deaths) -> str:
    """Return how many patients of each group died, and how many deaths were related to the transplantation."""
    sentences = []
    for group, rows in result.table.groupby("group", observed=True):
        if not rows["patients"].iloc[0]:
            continue
        died = rows[rows["by"] == ANY_DEATH]
        parts = [f"died: {_row_words(died, 'deaths')}"]
        by_relation = rows[rows["by"] == RELATION].set_index("value", drop=False)
        if RELATED in by_relation.index:
            parts.append(f"deaths related to the transplantation: {_row_words(by_relation.loc[[RELATED]], 'deaths')}")
        if UNKNOWN in by_relation.index and by_relation.loc[UNKNOWN, "deaths"]:
            unknown = int(by_relation.loc[UNKNOWN, "deaths"])
            parts.append(f"the relation of {count_words(unknown, 'death')} is not recorded")
        sentences.append(_of(str(group), parts))
    return " ".join(sentences) or NO_PATIENTS


def events_table(result: AdverseEvents) -> pd.DataFrame:
    """Return event, relation, patients with any, share, events, patient-years, and rate with exact limits."""
    table = result.table
    rates = zip(*(table[name] for name in ("rate", "rate_lower", "rate_upper")), strict=True)
    return pd.DataFrame(
        {
            **_groups(table),
            "Event": table["event"].astype(str),
            "Relation": [RELATION_WORDS[related] for related in table["related"]],
            "n / N": [f"{some}/{of}" for some, of in zip(table["at_least_one"], table["patients"], strict=True)],
            "Share (95 % interval)": _shares(table, "at_least_one"),
            "Events / patient-years": [
                f"{events} / {years:.1f}" for events, years in zip(table["events"], table["person_years"], strict=True)
            ],
            "Per 100 patient-years": [rate_words(*rate) for rate in rates],
        }
    )


def events_reading(result: AdverseEvents) -> str:
    """Return how many patients of each group had an event, and how many a related one."""
    if not result.recorded:
        return NO_TABLE
    sentences = []
    whole = result.table[result.table["event"] == ANY_EVENT]
    for group, rows in whole.groupby("group", observed=True):
        by_relation = rows.set_index("related")
        if not rows["patients"].iloc[0]:
            continue
        every = by_relation.loc[ANY]
        rate = rate_words(every["rate"], every["rate_lower"], every["rate_upper"])
        counted = count_words(int(every["events"]), "event")
        parts = [
            f"at least one adverse event: {_row_words(rows[rows['related'] == ANY], 'at_least_one')}",
            f"{counted} in {every['person_years']:.1f} patient-years, {rate} per 100",
        ]
        related = rows[rows["related"] == RELATED]
        if len(related):
            parts.append(f"at least one related to the transplantation: {_row_words(related, 'at_least_one')}")
        if UNKNOWN in by_relation.index and by_relation.loc[UNKNOWN, "events"]:
            unknown = int(by_relation.loc[UNKNOWN, "events"])
            parts.append(f"the relation of {count_words(unknown, 'event')} is not recorded")
        sentences.append(_of(str(group), parts))
    return " ".join(sentences) or NO_PATIENTS


def rate_words(rate: float, lower: float, upper: float) -> str:
    """Return a rate with limits, with two decimals below 1; other words without follow-up."""
    if math.isnan(rate):
        return "no patient-time"
    if upper >= 1:
        return f"{number(rate)} ({number(lower)} to {number(upper)})"
    return f"{rate:.2f} ({lower:.2f} to {upper:.2f})"


def _groups(table: pd.DataFrame) -> dict[str, pd.Series]:
    return {"Group": table["group"].astype(str)} if table["group"].nunique() > 1 else {}


def _shares(table: pd.DataFrame, some: str) -> list[str]:
    columns = (table[name] for name in (some, "patients", "share", "lower", "upper"))
    return [_share(*row) for row in zip(*columns, strict=True)]


def _share(some: int, patients: int, share: float, lower: float, upper: float) -> str:
    if not patients:
        return "no patients"
    return percent_interval(share, lower, upper, patients) if some else f"0 %, up to {_limit(upper)} %"


def _row_words(rows: pd.DataFrame, some: str) -> str:
    row = rows.iloc[0]
    return some_words(int(row[some]), int(row["patients"]), row["share"], row["lower"], row["upper"])


def _limit(upper: float) -> str:
    """Return an upper limit in percent, with a decimal if small."""
    return f"{100 * upper:.{1 if upper < 0.1 else 0}f}"


def _of(group: str, parts: list[str]) -> str:
    """Return a sentence: after the group's name or, without groups, capitalised."""
    words = "; ".join(parts)
    return f"{words[0].upper()}{words[1:]}." if group == "All" else f"{group}: {words}."
