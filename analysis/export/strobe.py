"""The STROBE checklist for cohort studies: what readers need to be told, and where it stands in a report."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

AUTHORS = "To be written by the authors"
STATEMENT = (
    "After the STROBE statement, in other words: von Elm E, Altman DG, Egger M, et al. The Strengthening the Reporting "
    "of Observational Studies in Epidemiology (STROBE) statement: guidelines for reporting observational studies. "
    "Lancet 2007;370:1453-7."
)


@dataclass(frozen=True)
class Item:
    """An item of the checklist, in our own words.

    Attributes
    ----------
    number
        Its number, with a letter for a part.
    section
        The part of a paper where it belongs.
    tells
        What a reader needs to be told.
    where
        Where it stands in this report; "" if the authors have to write it.
    authors
        What of it the authors have to add in any case.
    """

    number: str
    section: str
    tells: str
    where: str = ""
    authors: str = ""

    @property
    def stands(self) -> str:
        """Where it stands, and what is left to the authors."""
        if not self.where:
            return f"{AUTHORS}{f': {self.authors}' * bool(self.authors)}."
        return f"{self.where}{f'. By the authors: {self.authors}' * bool(self.authors)}."


@dataclass(frozen=True)
class Contents:
    """What a report has of that on which the places of some items depend.

    Attributes
    ----------
    compared, followed, counted
        Whether groups were compared, the median follow-up is told, and small counts are told.
    baseline, yearly
        The titles of the tables of characteristics and of outcomes per year; "" if there is none.
    figures
        How many figures there are.
    """

    compared: bool
    followed: bool
    counted: bool
    baseline: str
    yearly: str
    figures: int


def strobe_table(of: Contents) -> pd.DataFrame:
    """Return the checklist with where each item stands in a report: Item, Part, What is told, Where it stands."""
    rows = [(each.number, each.section, each.tells, each.stands) for each in _items(of)]
    return pd.DataFrame(rows, columns=["Item", "Part", "What is told", "Where it stands"])


def _items(of: Contents) -> list[Item]:
    """Return the items, of which some depend on what the report has."""
    described = f'Table "{of.baseline}"' if of.baseline else ""
    outcomes = ", ".join(["Figures", *([f'table "{of.yearly}"'] if of.yearly else [])])
    return [
        Item(
            "1",
            "Title and abstract",
            "The design in the title or the abstract; a balanced summary of what was done and found",
            "Title, main result",
            "the design and the abstract",
        ),
        Item("2", "Introduction", "The background, and why the study was done"),
        Item(
            "3",
            "Introduction",
            "The objectives, with hypotheses stated beforehand",
            "Questions above the figures",
            "the hypotheses",
        ),
        Item(
            "4",
            "Methods",
            "The main elements of the design, early in the paper",
            "Methods: patients, follow-up, groups",
            "whether patients were followed forwards or looked up afterwards",
        ),
        Item(
            "5",
            "Methods",
            "Setting, places and dates: recruitment, treatment, follow-up, collection of data",
            authors="hospitals and dates",
        ),
        Item(
            "6",
            "Methods",
            "Who was eligible, from where and how chosen; how they were followed",
            "Methods: filters; flow of patients",
            "the criteria of the hospital before the file was made",
        ),
        Item(
            "7",
            "Methods",
            "Definitions of outcomes, exposures, predictors, confounders and diagnostic criteria",
            "Methods: events, remission, relapse, visits",
            "how remission and relapse were diagnosed",
        ),
        Item(
            "8",
            "Methods",
            "Where each measure comes from, and whether it was taken alike in all groups",
            "Methods: which visit stands for which time",
            "instruments and laboratories",
        ),
        Item(
            "9", "Methods", "What was done about bias", "Limitations, methods: missing values", "other sources of bias"
        ),
        Item("10", "Methods", "How the number of patients came about", "Flow of patients", "why so many"),
        Item(
            "11",
            "Methods",
            "How numbers were handled in the analysis, and why they were grouped so",
            "Methods: groups" if of.compared else "Methods: no groups were compared",
        ),
        Item(
            "12a",
            "Methods",
            "All statistical methods, also those against confounding",
            "Methods; nothing was adjusted for unless it says so",
        ),
        Item("12b", "Methods", "How subgroups and interactions were examined", "Methods: filters and groups"),
        Item("12c", "Methods", "How missing values were handled", "Methods: nothing was imputed"),
        Item("12d", "Methods", "How loss to follow-up was handled", "Methods: censoring, those without a visit"),
        Item("12e", "Methods", "Sensitivity analyses", authors="other ways of counting are on the page Response"),
        Item("13a", "Results", "How many were at each stage", "Flow of patients"),
        Item(
            "13b",
            "Results",
            "Why patients were left out at each stage",
            "Flow of patients" if of.counted else "",
            "" if of.counted else "reasons are small counts, which are hidden here",
        ),
        Item("13c", "Results", "A flow diagram", "Flow of patients"),
        Item("14a", "Results", "Characteristics of the patients, by exposure", described),
        Item(
            "14b",
            "Results",
            "How many have no value, for each variable",
            f"{described}, column Missing" * bool(described),
        ),
        Item(
            "14c",
            "Results",
            "How long the follow-up was",
            "Main result: follow-up" if of.followed else "",
        ),
        Item("15", "Results", "Events or summary measures over time", outcomes),
        Item(
            "16a",
            "Results",
            "Estimates with their precision, unadjusted and adjusted; what was adjusted for and why",
            "Figures and captions: unadjusted, with 95 % confidence intervals",
            "adjusted estimates and their reasons",
        ),
        Item(
            "16b",
            "Results",
            "The limits of groups cut from a number",
            "Names of the groups" if of.compared else "Methods: no groups were compared",
        ),
        Item(
            "16c",
            "Results",
            "Absolute risks over a meaningful time, not only relative ones",
            "Figures: shares at named times",
        ),
        Item(
            "17",
            "Results",
            "Other analyses: subgroups, interactions, sensitivity",
            "Figures" if of.figures > 1 else "",
        ),
        Item("18", "Discussion", "The main results against the objectives", "Main result", "their discussion"),
        Item(
            "19",
            "Discussion",
            "Limitations, with direction and size of a possible bias",
            "Limitations, as they follow from the data",
            "those that the data do not show",
        ),
        Item("20", "Discussion", "A cautious interpretation in the light of other studies"),
        Item("21", "Discussion", "How far the results hold for other patients"),
        Item("22", "Other information", "Who paid, and their part in the study"),
    ]
