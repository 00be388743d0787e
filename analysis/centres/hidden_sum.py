"""What several centres that hide small counts tell together: the limits between which each number lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.centres.answers_together import check_together
from analysis.centres.centre_question import CentreQuestion
from analysis.centres.hashed_file import read_each
from analysis.centres.hidden_answer import SHARES, HiddenAnswer, read_hidden_answer
from analysis.centres.survival_bounds import CurveBounds, survival_bounds
from analysis.disclosure.told_counts import Limits
from analysis.estimates.yearly.estimands import choose_estimand
from analysis.estimates.yearly.settings import Outcome
from analysis.facts.remission import remission_words

NOT_FROM_HIDDEN = (
    "There are no tests, no hazard ratio, no medians and no groups: hidden counts do not tell them, and limits of a "
    "curve are no confidence limits."
)


@dataclass(frozen=True, eq=False)
class HiddenSum:
    """The patients of several centres of whom small counts are hidden.

    Attributes
    ----------
    answers
        One of each centre, to the same question.

    Raises
    ------
    CentreFileError
        If there are fewer than two, two have the same name or the same counts, or they answer different questions.
    """

    answers: tuple[HiddenAnswer, ...]

    def __post_init__(self) -> None:
        check_together(self.answers)

    @property
    def question(self) -> CentreQuestion:
        """The question."""
        return self.answers[0].question

    @property
    def patients(self) -> int:
        """How many patients all centres have."""
        return sum(each.patients for each in self.answers)

    @property
    def synthetic(self) -> bool:
        """Whether the patients of a centre are synthetic."""
        return any(each.synthetic for each in self.answers)

    @property
    def titles(self) -> dict[Outcome, str]:
        """The yearly shares, with what is counted."""
        words = remission_words(self.question.rule, self.question.response)
        ways = [choose_estimand(outcome, "assessed") for outcome in SHARES]
        return {way.outcome: f"{way.title.format(remission=words)}, of those assessed" for way in ways}

    @property
    def method(self) -> str:
        """How the limits come about, in words."""
        least = self.question.least
        return (
            f"Every count below {least} is hidden, and others with it from which it would follow; {least} itself and 0 "
            "are hidden too. The limits are those between which the Kaplan-Meier curve and the shares of all patients "
            "lie, whatever the hidden counts are; times are in whole months, rounded up. Where nothing is hidden both "
            "are the number of all patients."
        )

    def survival(self) -> pd.DataFrame:
        """Return the limits of survival at the end of each month.

        Returns
        -------
        DataFrame with months, lower, upper (survival), at_risk_lower, at_risk_upper (at the end of the month),
        deaths_lower, deaths_upper (by then), hiding (how many centres hide a count of that month).
        """
        centres = [CurveBounds.of(each.survival) for each in self.answers]
        lower, upper = survival_bounds(centres)
        return pd.DataFrame(
            {
                "months": np.arange(len(lower)),
                "lower": lower,
                "upper": upper,
                "at_risk_lower": sum(each.patients - each.left_high for each in centres),
                "at_risk_upper": sum(each.patients - each.left_low for each in centres),
                "deaths_lower": sum(each.low for each in centres),
                "deaths_upper": sum(each.high for each in centres),
                "hiding": sum(each.hidden for each in centres),
            }
        )

    def shares(self, outcome: Outcome) -> pd.DataFrame:
        """Return the limits of the share in remission, or with a first relapse, of those assessed in each year.

        Returns
        -------
        DataFrame with year, lower, upper (missing if nobody can have been assessed), events_lower, events_upper,
        patients_lower, patients_upper, hiding (how many centres hide a count of that year).
        """
        rows = []
        for year in range(self.question.years):
            told = [(each.shares[outcome].patients[year], each.shares[outcome].events[year]) for each in self.answers]
            limits = [sum(each[part][side] for each in told) for part in (1, 0) for side in (0, 1)]
            hiding = sum(any(low < high for low, high in each) for each in told)
            rows.append((year + 1, *share_limits(told), *limits, hiding))
        columns = ["year", "lower", "upper", "events_lower", "events_upper", "patients_lower", "patients_upper"]
        return pd.DataFrame(rows, columns=[*columns, "hiding"])


def share_limits(told: Sequence[tuple[Limits, Limits]]) -> tuple[float, float]:
    """Return the smallest and the largest share of all, given denominator and numerator of each centre.

    Examples
    --------
    >>> share_limits([((20, 20), (7, 7)), ((10, 10), (0, 5))])
    (0.23333333333333334, 0.4)
    """
    # One patient more with the event raises a share, one more without it lowers it.
    fewest = [min(max(high, least), most) for (least, most), (_, high) in told]
    highest = sum(min(high, patients) for (_, (_, high)), patients in zip(told, fewest, strict=True))
    return _part(sum(low for _, (low, _) in told), sum(most for (_, most), _ in told)), _part(highest, sum(fewest))


def _part(part: int, whole: int) -> float:
    return part / whole if whole else np.nan


def sum_hidden(files: Mapping[str, bytes]) -> HiddenSum:
    """Return what several answer files with hidden counts tell together.

    Parameters
    ----------
    files
        The name of each file to its bytes.

    Raises
    ------
    CentreFileError
        If a file cannot be used, or they do not belong together; the message names the file or the centre.

    Examples
    --------
    >>> from analysis import load_sample
    >>> from analysis.centres.hidden_answer import answer_hidden
    >>> question, sample = CentreQuestion("Remission"), load_sample()
    >>> half = sample.patients.index % 2
    >>> answers = [answer_hidden(sample.subset(half == place), question, f"Centre {place}") for place in (0, 1)]
    >>> found = sum_hidden({answer.centre: answer.to_file() for answer in answers})
    >>> found.shares("remission").loc[0, ["lower", "upper"]].round(2).tolist()
    [0.26, 0.3]
    """
    return HiddenSum(tuple(read_each(files, read_hidden_answer)))
