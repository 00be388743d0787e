"""What a paper says of its methods and limits, from what was asked and from what the data allow."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version

import pandas as pd

from analysis.cohort.grouping import Pinned, group_labels
from analysis.cohort.model import Cohort
from analysis.cohort.question import Asked
from analysis.estimates.limits import SmallNumbers
from analysis.estimates.yearly import Yearly
from analysis.export.sharing import Sharing, told_of
from analysis.figures.readings import count
from analysis.version import VERSION

SYNTHETIC = "The patients are synthetic: nothing here is a finding about real ones."
UNCONTROLLED = "Without patients who were treated otherwise, no change can be put down to the cells."
NOT_BY_CHANCE = "The groups were not formed by chance: they may differ in much else."
PACKAGES = ("pandas", "scipy", "lifelines", "altair")
# A word of the methods, and the paper that it comes from.
REFERENCES = {
    "Kaplan-Meier": "Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. "
    "J Am Stat Assoc 1958;53:457-81.",
    "Aalen-Johansen": "Aalen OO, Johansen S. An empirical transition matrix for non-homogeneous Markov chains based on "
    "censored observations. Scand J Stat 1978;5:141-50.",
    "Wilson": "Wilson EB. Probable inference, the law of succession, and statistical inference. "
    "J Am Stat Assoc 1927;22:209-12.",
    "Clopper-Pearson": "Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of "
    "the binomial. Biometrika 1934;26:404-13.",
    "beta product": "Fay MP, Brittain EH, Proschan MA. Pointwise confidence intervals for a survival distribution with "
    "small samples or heavy censoring. Biostatistics 2013;14:723-36.",
    "Gray": "Gray RJ. A class of K-sample tests for comparing the cumulative incidence of a competing risk. "
    "Ann Stat 1988;16:1141-54.",
    "reverse Kaplan-Meier": "Schemper M, Smith TL. A note on quantifying follow-up in studies of failure time. "
    "Control Clin Trials 1996;17:343-6.",
    "DORIS": "van Vollenhoven RF, et al. 2021 DORIS definition of remission in SLE. Lupus Sci Med 2021;8:e000538.",
    "LLDAS": "Franklyn K, et al. Definition and initial validation of a lupus low disease activity state (LLDAS). "
    "Ann Rheum Dis 2016;75:1615-21.",
    "synthetic": "Wang D, et al. Allogeneic mesenchymal stem cell transplantation in severe and refractory systemic "
    "lupus erythematosus: 4 years of experience. Cell Transplant 2013;22:2267-77.",
}


def methods_paragraph(
    asked: Asked, selection: Sequence[str], methods: Sequence[str], synthetic: bool, sharing: Sharing = Sharing()
) -> str:
    """Return a paragraph in the style of a journal: who, how, with what.

    Parameters
    ----------
    asked, selection
        The patients, and who is in, in words.
    methods
        The method of each figure.
    synthetic
        Whether the patients are invented.
    sharing
        What may leave the house.
    """
    whole = "synthetic data made to match published totals" if synthetic else asked.whole.name
    chosen = "; ".join(selection) or "no patient was left out by a filter"
    few = SmallNumbers()
    patients = told_of(len(asked.cohort), len(asked.whole), sharing)
    estimated = "; ".join(f"({place}) {each.rstrip('.')}" for place, each in enumerate(dict.fromkeys(methods), start=1))
    sentences = [
        f"We analysed {patients} who received mesenchymal stem cells for systemic",
        f"lupus erythematosus ({whole}; {chosen}).",
        f"Groups were compared by {_compared(asked)}." if asked.by is not None else "No groups were compared.",
        f"We estimated: {estimated}.",
        "Intervals are pointwise and not adjusted for the number of looks.",
        f"P-values and ratios are withheld below {few.events} events or {few.patients} patients a group.",
        *([sharing.words()] if sharing.words() else []),
        f"The analysis was exploratory and done with MSC in lupus {VERSION} ({_software()}).",
    ]
    return " ".join(sentences)


def limitations(asked: Asked, remission: Yearly, synthetic: bool, sharing: Sharing = Sharing()) -> list[str]:
    """Return what these data cannot tell, a sentence each; without numbers where small counts are hidden.

    Parameters
    ----------
    asked
        The patients.
    remission
        Remission per year of all of them, whose ledger tells who is no longer seen.
    synthetic
        Whether the patients are invented.
    sharing
        What may leave the house.
    """
    cohort = asked.cohort
    deaths, few = int(cohort.patients["died"].sum()), SmallNumbers()
    if sharing.least:
        return [
            *([SYNTHETIC] if synthetic else []),
            UNCONTROLLED,
            "Later years and groups may rest on few patients and few events; how few is not told here.",
            *([NOT_BY_CHANCE] if asked.by is not None else []),
        ]
    return [
        *([SYNTHETIC] if synthetic else []),
        UNCONTROLLED,
        *(
            [f"Only {count(deaths, 'death')}: survival, and any difference of it, rests on few events."]
            if deaths < few.events
            else []
        ),
        *_shrinking(remission.ledger),
        *_groups(asked, few),
        *_unused(asked.whole),
    ]


def references(text: str) -> list[str]:
    """Return the papers whose methods a text names."""
    return [paper for word, paper in REFERENCES.items() if word.casefold() in text.casefold()]


def _compared(asked: Asked) -> str:
    if isinstance(asked.by, Pinned):
        return f"cohort ({asked.by.first} beside {asked.by.second})"
    return " and ".join(map(str, group_labels(asked.cohort, asked.by).cat.categories)) if asked.by else ""


@cache
def _software() -> str:
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    return ", ".join([f"Python {platform.python_version()}", *packages])


def _shrinking(ledger: pd.DataFrame) -> list[str]:
    """Return how the denominators of remission shrink, and why."""
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
    if isinstance(asked.by, Pinned):
        sizes = {asked.by.first: len(asked.by.of_first), asked.by.second: len(asked.by.of_second)}
    else:
        sizes = group_labels(asked.cohort, asked.by).value_counts().to_dict()
    small = [f"{name} ({size:,})" for name, size in sizes.items() if size < few.patients]
    told = [NOT_BY_CHANCE]
    return [*told, f"Fewer than {few.patients} patients are in {', '.join(small)}."] if small else told


def _unused(whole: Cohort) -> list[str]:
    left_out = whole.rows_read - len(whole)
    return [f"{count(left_out, 'patient row')} of {whole.rows_read:,} could not be used."] if left_out > 0 else []
