"""The verdict of a comparison: all groups at one time, how far they are apart, and the test."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.figures.common.differences import SHARE_POINTS, GroupDifference, differences_words
from analysis.figures.common.p_words import p_words

FROM_ALL_COUNTS = "it is made from all counts, and small ones are hidden"
MOST_IN_FULL = 5  # groups; of more only the lowest and the highest are told


@dataclass(frozen=True)
class GroupValue:
    """One group at the common time.

    Attributes
    ----------
    group
        Its name.
    value
        The value, missing if it is not estimable.
    words
        The value with its interval and the number of patients that it rests on, such as "95 % (80–99, 18 at risk)".
    """

    group: str
    value: float
    words: str


@dataclass(frozen=True)
class GroupTest:
    """The test that belongs to a figure.

    Attributes
    ----------
    name
        Its name in mid-sentence, such as "log-rank test".
    p
        The p-value, missing if withheld.
    withheld
        Why it is missing, which may be that there is "no test" of such numbers; "" if it is not.
    when
        The time that it is of, such as "at year 2"; "" for all times together.
    """

    name: str
    p: float
    withheld: str
    when: str = ""

    @property
    def sentence(self) -> str:
        """The p-value, or in the same place why there is none.

        Examples
        --------
        >>> GroupTest("log-rank test", 0.03, "").sentence
        'Log-rank test: p 0.03.'
        >>> GroupTest("log-rank test", float("nan"), "fewer than 10 events (7)").sentence
        'No log-rank test: fewer than 10 events (7).'
        """
        return self._told(self.name)

    @property
    def alone(self) -> str:
        """The same where no verdict tells the time.

        Examples
        --------
        >>> GroupTest("Fisher's exact test", 0.72, "", "at year 2").alone
        "Fisher's exact test at year 2: p 0.72."
        """
        return self._told(f"{self.name} {self.when}".strip())

    def _told(self, name: str) -> str:
        if not math.isnan(self.p):
            return f"{_capital(name)}: p {p_words(self.p)}."
        none = "" if self.withheld.startswith("no test") else f"no {name}: "
        return f"{_capital(none + self.withheld)}."


@dataclass(frozen=True)
class Verdict:
    """What a figure says of its groups, in parts and as a sentence.

    Page, stage, picture, slide, report, script and alternative text have the same one.

    Attributes
    ----------
    when
        The outcome and the time, such as "Alive at 2 years".
    why
        Why that time, such as "the last with at least 10 at risk in each group"; "" if it goes without saying.
    enough
        Whether there are enough patients in each group at that time. If not, `why` says so first.
    values
        The groups in their order, at least two.
    differences
        The other groups against the first.
    test
        The test of the figure.
    unit
        The unit of the differences, as for `differences_words`.
    caution
        A warning about the validity; "" if there is none.

    Examples
    --------
    >>> bm, uc = GroupValue("BM", 0.98, "98 % (85–100, 28 at risk)"), GroupValue("UC", 0.95, "95 % (80–99, 18 at risk)")
    >>> verdict = Verdict(
    ...     when="Alive at 2 years",
    ...     why="the last with at least 10 at risk in each group",
    ...     enough=True,
    ...     values=(bm, uc),
    ...     differences=(GroupDifference("UC", -0.03, -0.18, 0.1, ""),),
    ...     test=GroupTest("log-rank test", 0.03, ""),
    ... )
    >>> print(verdict.estimates)
    BM 98 % (85–100, 28 at risk), UC 95 % (80–99, 18 at risk)
    >>> print(verdict.sentence.partition("; difference ")[2])
    −3 points (−18 to 10), UC minus BM. Log-rank test: p 0.03.
    """

    when: str
    why: str
    enough: bool
    values: tuple[GroupValue, ...]
    differences: tuple[GroupDifference, ...]
    test: GroupTest
    unit: str = SHARE_POINTS
    caution: str = ""

    @property
    def time(self) -> str:
        """When, and why then: "Alive at 2 years (the last with at least 10 at risk in each group)"."""
        if not self.enough:
            return f"{_capital(self.why)}; {self.when[0].lower()}{self.when[1:]}"
        return f"{_capital(self.when)} ({self.why})" if self.why else _capital(self.when)

    @property
    def estimates(self) -> str:
        """The groups with their values; of many groups the lowest and the highest."""
        told = sorted(self.values, key=_value)
        told = list(self.values) if len(told) <= MOST_IN_FULL else [told[0], told[-1]]
        # A name with a comma, or a number at its end, would run into the value.
        apart = any("," in each.group or each.group[-1:].isdigit() for each in told)
        mark, between = (":", "; ") if apart else ("", ", ")
        words = between.join(f"{each.group}{mark} {each.words}" for each in told)
        return words if len(told) == len(self.values) else f"lowest and highest of {len(self.values)} groups: {words}"

    @property
    def difference(self) -> str:
        """The differences in words; "" for many groups, of which the test alone compares all."""
        if len(self.values) > MOST_IN_FULL:
            return ""
        return differences_words(self.values[0].group, self.differences, self.unit)

    @property
    def sentence(self) -> str:
        """All parts as sentences."""
        told = "; ".join(filter(None, [self.estimates, self.difference]))
        return " ".join(filter(None, [f"{self.time}: {told}.", self.test.sentence, self.caution]))


def _value(told: GroupValue) -> float:
    return -math.inf if math.isnan(told.value) else told.value


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
