"""Plausibility checks: values that contradict each other, or are too unlikely to go unreported."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.cohort.names import normalised
from analysis.cohort.table_kinds import KINDS
from analysis.cohort.times import DAYS_PER_MONTH
from analysis.cohort.vocabulary import PATIENTS, VISITS
from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.checks import doubt_where
from analysis.intake.follow_up_dates import TOLERANCE
from analysis.intake.mapping import Matched
from analysis.intake.misfits import unit_jumps
from analysis.intake.noticed import Report
from analysis.intake.relapse_dates import NAME as RELAPSE_DATE

MOST_DIED = 0.9
A_MONTH = 1.0
A_DAY = 1 / DAYS_PER_MONTH
A_LIFE = 720.0  # months
ENOUGH_TO_DOUBT = 3
OF_DEATH = frozenset({"death", "died", "dead", "dod", "exitus", "tod", "deces", "muerte", "morte", "obito"})
ENOUGH_PATIENTS = 10
# Clinical SLEDAI excludes complement and anti-dsDNA, with two points each.
LABORATORY_POINTS = (0, 2, 4)


def check_patients(matched: Matched, patients: pd.DataFrame, report: Report) -> None:
    """Report patients whose values contradict each other, and a column for died that may be reversed."""
    end = patients["follow_up_months"] + TOLERANCE
    if "relapse_months" in patients:
        late = patients["relapse_months"] > end
        _doubt_relapse(matched, late & patients["died"], "is after the patient's death.", report)
        _doubt_relapse(matched, late & ~patients["died"], "is after the end of follow-up.", report)
    if "follow_up_ended" in patients:
        ended = patients["follow_up_ended"]
        contradicts = ended.notna() & ((ended == "died") != patients["died"])
        doubt_where(matched, contradicts, "follow_up_ended", "does not agree with the column for died.", report)
    _check_share_of_deaths(matched, patients, report)


def check_relapse_months(matched: Matched, patients: pd.DataFrame, visits: pd.DataFrame, report: Report) -> None:
    """Report patients with a relapse before their first remission; patients without a remission are not reported."""
    if "relapse_months" not in patients or "remission" not in visits:
        return
    remitted = visits[visits["remission"].isin(["partial", "complete"])]
    first = patients["patient_id"].map(remitted.groupby("patient_id", observed=True)["months"].min())
    early = frozenset(patients.loc[patients["relapse_months"] < first - TOLERANCE, "patient_id"])
    where = pd.Series(texts.where(matched.cells["patient_id"], early.__contains__), index=matched.cells.index)
    _doubt_relapse(matched, where, "is before the patient's first remission.", report)


def _doubt_relapse(matched: Matched, where: pd.Series, words: str, report: Report) -> None:
    """Report relapses by their time, or their date; those of adverse events by the patient."""
    name = next((each for each in ("relapse_months", RELAPSE_DATE) if each in matched.cells), "patient_id")
    doubt_where(matched, where, name, f"has a relapse that {words}" if name == "patient_id" else words, report)


def doubt_estimates(matched: Matched, patients: pd.DataFrame, report: Report) -> None:
    """Report an implausible cohort: all died, nobody died despite dates of death, or the median follow-up is odd."""
    died, middle = patients["died"], float(patients["follow_up_months"].median())
    number = len(patients)
    reported = number >= ENOUGH_PATIENTS and "died" in matched.cells  # by the share of deaths
    if died.all() and number >= ENOUGH_TO_DOUBT and not reported:
        report.doubt(matched.place, f"all {number} patients died. Is that right?")
    if not died.any():
        for name in (str(name) for name in patients.columns if name not in PATIENTS):
            held = int(patients[name].notna().sum())
            if held and any(word in OF_DEATH for word in normalised(name).split("_")):
                report.doubt(matched.place, f"nobody died, though it holds {count_words(held, 'value')}.", column=name)
    # Too large values in a column of months are reported elsewhere, with the unit that they may be in.
    too_long = middle > A_LIFE and "follow_up_months" not in matched.cells
    if number >= ENOUGH_TO_DOUBT and (too_long or middle < A_DAY):
        limit = "below a day" if middle < A_DAY else "above 60 years"
        report.doubt(matched.place, f"the median follow-up is {limit}. Are the times right?")


def check_dates(matched: Matched, patients: pd.DataFrame, dated: pd.Series, report: Report) -> None:
    """Report dates that contradict each other, or the months of follow-up.

    Parameters
    ----------
    matched
        The table as text.
    patients
        The patients used, with dates as days since year 1.
    dated
        Follow-up in months, from the dates alone.
    report
        Receives the findings.
    """
    if "death_date" in patients and "last_contact_date" in patients:
        late = patients["last_contact_date"] > patients["death_date"]
        doubt_where(matched, late, "last_contact_date", "is after the date of death.", report)
    if "follow_up_months" in matched.cells:
        apart = (patients["follow_up_months"] - dated).abs() > A_MONTH
        words = "is not what the dates say, by more than a month."
        doubt_where(matched, apart, "follow_up_months", words, report)


def check_visits(matched: Matched, table: pd.DataFrame, time: str, patients: pd.DataFrame, report: Report) -> None:
    """Report visits that contradict the patient's follow-up, another visit, or their own scores."""
    check_after_end(matched, table, time, patients, report)
    _check_same_day(matched, table, time, report)
    if "sledai" in table and "clinical_sledai" in table:
        points = (table["sledai"] - table["clinical_sledai"]).astype("Float64")
        odd = points.notna() & ~points.isin(LABORATORY_POINTS)
        words = "cannot go with the SLEDAI of this visit: they can differ by 0, 2 or 4 points only."
        doubt_where(matched, odd, "clinical_sledai", words, report)
    for name, column in VISITS.items():
        if name in table and column.units and name != "months":
            jumps = unit_jumps(table["patient_id"], table[name], column)
            words = "jumps from the patient's other values as if the unit had changed."
            doubt_where(matched, jumps, name, words, report)
    _check_relapse_first(matched, table, report)


def check_after_end(matched: Matched, table: pd.DataFrame, name: str, patients: pd.DataFrame, report: Report) -> None:
    """Report rows, such as visits, after the patient's death or end of follow-up; `name` is their time in the file."""
    place, known = patient_places(table["patient_id"], patients)
    held = np.append(patients["follow_up_months"].to_numpy(dtype=float), np.nan)[place]
    died = np.append(patients["died"].to_numpy(dtype=bool), False)[place]
    at = table[KINDS[matched.place.table].time].to_numpy(dtype=float)
    late = pd.Series((at > held + TOLERANCE) & known, index=table.index)
    if not late.any():
        return
    doubt_where(matched, late & died, name, "is after the end of the patient's follow-up, which is the death.", report)
    doubt_where(matched, late & ~died, name, "is after the end of the patient's follow-up.", report)


def patient_places(ids: pd.Series, patients: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the row position of the patient of each id (-1 if unknown), and whether the patient is known."""
    place = pd.Index(patients["patient_id"]).get_indexer(ids.array.categories)[ids.array.codes]
    return place, place >= 0


def _check_same_day(matched: Matched, table: pd.DataFrame, time: str, report: Report) -> None:
    codes, _ = texts.parts(table["patient_id"])
    months = table["months"].to_numpy(dtype=float)
    if ((codes[1:] != codes[:-1]) | (months[1:] > months[:-1])).all() and _in_blocks(codes):
        return
    keys = pd.DataFrame({"patient": codes, "months": months}, index=table.index)
    words = "is the time of another visit of the same patient."
    doubt_where(matched, keys.duplicated(keep="first"), time, words, report)


def _in_blocks(codes: np.ndarray) -> bool:
    """Return whether the rows of each patient are contiguous."""
    starts = codes[1:][codes[1:] != codes[:-1]]
    return len(np.unique(starts)) == len(starts) and not (starts == codes[:1]).any()


def _check_relapse_first(matched: Matched, table: pd.DataFrame, report: Report) -> None:
    """Report visits with a relapse before the first remission; patients without a remission are not reported."""
    if "relapse" not in table or "remission" not in table:
        return
    held = table[["months", "relapse", "remission"]]
    relapsed = held["relapse"].fillna(False).astype(bool)
    if not relapsed.any():
        return
    codes, _ = texts.parts(table["patient_id"])
    remitted = held["months"].where(held["remission"].isin(["partial", "complete"]))
    first = remitted.groupby(codes).transform("min")
    before = relapsed & (held["months"] <= first)
    doubt_where(matched, before, "relapse", "is a relapse before the patient's first remission.", report)


def _check_share_of_deaths(matched: Matched, patients: pd.DataFrame, report: Report) -> None:
    share = float(patients["died"].mean())
    if len(patients) < ENOUGH_PATIENTS or share < MOST_DIED or "died" not in matched.cells:
        return
    report.doubt(
        matched.place,
        f"{int(patients['died'].sum())} of {len(patients)} patients are read as died. "
        "Does the column count the other way round? It is used; name the value for died if not.",
        column=matched.original("died"),
    )
