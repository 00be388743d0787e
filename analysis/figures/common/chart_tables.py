"""What charts show, as tables of words: for those who use a keyboard or have the page read aloud."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.cohort.times import SAME
from analysis.estimates.scores.trajectory import Trajectory
from analysis.estimates.states.lanes import Lanes
from analysis.estimates.states.state_counts import StateCounts
from analysis.estimates.yearly.yearly import Yearly
from analysis.figures.common.readings import DENOMINATORS, bar_words, is_rate, percent
from analysis.figures.common.theme import group_order
from analysis.figures.scores.waterfall import drawn_bars, sorted_changes

EARLY_MONTHS = (3, 6)  # told beside whole years
MOST_STEPS = 1000
STEP_WORDS = {"at_risk": "At risk", "events": "Events", "competing": "Competing", "censored": "Censored"}


def changing_steps(curve: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a curve at which anything happens, at most the first thousand.

    Parameters
    ----------
    curve
        group, months, at_risk, events, and censored or competing.
    """
    happening = [name for name in STEP_WORDS if name in curve and name != "at_risk"]
    return curve[(curve[happening] > 0).any(axis=1)].head(MOST_STEPS).reset_index(drop=True)


def steps_table(steps: pd.DataFrame) -> pd.DataFrame:
    """Return group (where there are several), months, and what happens then, a row a step of `changing_steps`."""
    words = {name: title for name, title in STEP_WORDS.items() if name in steps}
    counts = {title: [f"{number:,.0f}" for number in steps[name]] for name, title in words.items()}
    columns = {"Months": [f"{months:g}" for months in steps["months"]], **counts}
    groups = steps["group"].astype(str)
    return pd.DataFrame(columns if (groups == "All").all() else {"Group": groups.tolist(), **columns})


def swimmer_table(lanes: Lanes) -> pd.DataFrame:
    """Return patient, MSC source, months followed, course and what happened, a row a lane that `swimmer_chart` draws.

    The heading of the patients tells how many of them these are, where they are a choice.
    """
    patients, stays, marks = lanes.patients, lanes.stays, lanes.marks
    courses = [f"{state} to {end:.1f}" for state, end in zip(stays["state"], stays["end"], strict=True)]
    happened = [
        f"{mark} at {months:.1f}{f' ({note})' if note else ''}"
        for mark, months, note in zip(marks["mark"], marks["months"], marks["note"], strict=True)
    ]
    columns = {
        _patients(len(patients), lanes.all_patients): patients["patient_id"].astype(str).tolist(),
        "MSC source": patients["source"].tolist(),
        "Followed (months)": [f"{months:.1f}" for months in patients["months"]],
        "Course (months)": _by_lane(stays["lane"], courses, patients["lane"]),
        "Happened (months)": _by_lane(marks["lane"], happened, patients["lane"]),
    }
    if not patients["source"].any():
        del columns["MSC source"]
    return pd.DataFrame(columns)


def waterfall_table(
    result: Trajectory, months: float, *, label: str = "SLEDAI", unit: str = "", fall: float | None = None
) -> pd.DataFrame:
    """Return patient, change and whether it is a fall of the asked size, a row a bar that `waterfall_chart` draws.

    The heading of the patients tells how many of them these are, where they are a choice. A group stands before its
    patients where there are several.

    Parameters
    ----------
    result, months, label, unit, fall
        As for `waterfall_chart`.
    """
    changes = sorted_changes(result, months)
    bars = drawn_bars(result, changes)
    columns = {
        "Group": bars["group"],
        _patients(len(bars), len(changes)): bars["patient_id"],
        f"Change in {label} at month {months:g}{f' ({unit})' if unit else ''}": list(map(_change, bars["change"])),
    }
    if len(group_order(result.summary["group"])) < 2:
        del columns["Group"]
    if fall:
        # As `response_share` counts it.
        enough = bars["change"] <= -fall * (1 - SAME)
        columns[f"Fall of {fall:g} or more"] = ["yes" if each else "no" for each in enough]
    return pd.DataFrame(columns)


def states_table(result: StateCounts, *, group: str = "All") -> pd.DataFrame:
    """Return how many patients of a group are in each state at the start, at months 3 and 6, each year, and at the end.

    Parameters
    ----------
    result, group
        As for `states_chart`.
    """
    table = result.table[(result.table["group"].astype(str) == group) & result.table["share"].notna()]
    last = table["months"].max()
    told = table[(table["months"] % 12 == 0) | table["months"].isin(EARLY_MONTHS) | (table["months"] == last)]
    patients = told.groupby("months")["patients"].sum()
    columns = {
        "Time": [f"Month {month:g}" for month in patients.index],
        "Patients": [f"{number:,}" for number in patients],
    }
    for state, counts in told.astype({"state": str}).groupby("state", sort=False):
        # A state that the chart shows has a column, also where nobody is in it at these months.
        if table.loc[table["state"] == state, "patients"].any():
            numbers = zip(counts["patients"], counts["share"], patients, strict=True)
            columns[f"{state[:1].upper()}{state[1:]}"] = [
                f"{number:,} ({percent(share, of_all)} %)" for number, share, of_all in numbers
            ]
    return pd.DataFrame(columns)


def estimands_table(*results: Yearly, titles: Sequence[str]) -> pd.DataFrame:
    """Return every way of counting, a row a year: what is counted, year, n of N, and value with interval.

    Parameters
    ----------
    results
        Each counted in one way, as `analysis.figures.yearly.estimand_strip` draws it.
    titles
        What each counts, in few words.
    """
    table = pd.concat(
        [_estimand(result, title) for result, title in zip(results, titles, strict=True)], ignore_index=True
    )
    return table if table["Group"].nunique() > 1 else table.drop(columns="Group")


def _estimand(result: Yearly, title: str) -> pd.DataFrame:
    bars = bar_words(result)
    asked = DENOMINATORS[result.estimand]
    of_events, of_value = (" patient-years", f" {asked.short}") if is_rate(result) else ("", "")
    if asked.estimator:
        of_value = f", {asked.estimator}"
    counts = [
        f"{words}{of_events}" if patients else words
        for words, patients in zip(bars["counts"], bars["patients"], strict=True)
    ]
    values = [
        f"{words}{of_value}" if known else words if patients else "nobody"
        for words, known, patients in zip(bars["words"], bars["share"].notna(), bars["patients"], strict=True)
    ]
    return pd.DataFrame(
        {
            "Counted": title,
            "Group": bars["group"],
            "Year": [f"year {year}" for year in bars["year"]],
            "n / N": counts,
            "Value (95 % interval)": values,
        }
    )


def _patients(shown: int, all_patients: int) -> str:
    return "Patient" if shown == all_patients else f"Patient ({shown:,} of {all_patients:,}, evenly chosen)"


def _by_lane(lane: pd.Series, words: Sequence[str], lanes: pd.Series) -> list[str]:
    """Return the words of each lane in one cell."""
    joined = pd.Series(words, index=lane.index, dtype=object).groupby(lane).agg(", ".join)
    return [str(joined.get(each, "")) for each in lanes]


def _change(change: float) -> str:
    return f"{change:+g}".replace("-", "−") if change else "0"
