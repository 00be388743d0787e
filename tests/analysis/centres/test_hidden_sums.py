"""What centres that hide small counts tell together holds the numbers of all patients, and no small one of a centre."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from analysis import Cohort, yearly_relapse, yearly_remission
from analysis.centres.centre_question import CentreFileError, CentreQuestion
from analysis.centres.hashed_file import hash_of
from analysis.centres.hidden_answer import HiddenAnswer, answer_hidden, read_hidden_answer
from analysis.centres.hidden_sum import HiddenSum, share_limits, sum_hidden
from analysis.centres.survival_bounds import CurveBounds, survival_bounds
from analysis.cohort.arrays import Floats, Integers
from analysis.counts.leaving import Leaving
from analysis.counts.whole_months import in_whole_months
from analysis.disclosure.told_counts import ToldCurve, told_beside, told_curve, told_years
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from tests.analysis.disclosure.test_masking import ways
from tests.analysis.disclosure.test_told_counts import cumulated, told_of
from tests.analysis.made import SAMPLE, cohort_of

pytestmark = pytest.mark.newest  # sums of whole numbers and their limits, the same on any version

QUESTION = CentreQuestion("Hidden")
LEAST, LAST = QUESTION.least, 12 * QUESTION.years
SLACK = 1e-12


def survival_of(deaths: Integers, left: Integers) -> Floats:
    """Return the Kaplan-Meier estimate at the end of each month, given how many die and leave in it."""
    at_risk = left.sum() - np.concatenate([[0], left.cumsum()[:-1]])
    return np.cumprod(1 - deaths / np.maximum(at_risk, 1))


def told(deaths: Integers, left: Integers, least: int = LEAST) -> ToldCurve:
    return told_curve(left.cumsum().tolist(), deaths.cumsum().tolist(), least)


def drawn_centre(random: np.random.Generator) -> tuple[Integers, Integers]:
    """Return how many of 15 to 300 patients die and leave in each month."""
    size, rate = int(random.integers(15, 301)), random.choice([0.0005, 0.002, 0.01, 0.05])
    followed, died = random.integers(0, 72, size).clip(max=LAST), np.ceil(random.exponential(1 / rate, size))
    months = np.minimum(followed, died).astype(int)
    return np.bincount(months[died <= followed], minlength=LAST + 1), np.bincount(months, minlength=LAST + 1)


def test_the_curve_of_all_patients_lies_between_the_limits_in_1000_draws() -> None:
    random, widths = np.random.default_rng(2013), []
    for _ in range(1000):
        centres = [drawn_centre(random) for _ in range(random.integers(2, 6))]
        lower, upper = survival_bounds([CurveBounds.of(told(*each)) for each in centres])
        deaths, left = np.sum(centres, axis=0)
        true = survival_of(deaths, left)
        assert (lower <= true + SLACK).all()
        assert (true <= upper + SLACK).all()
        widths.append((upper - lower)[12])
    assert np.median(widths) < 0.15  # they are limits that say something


def test_the_shares_of_all_patients_lie_between_the_limits_in_1000_draws() -> None:
    random = np.random.default_rng(2013)
    for _ in range(1000):
        size = random.integers(15, 301, random.integers(2, 6))
        seen = random.binomial(size, random.random())
        other = np.minimum(size, seen + random.binomial(8, random.random(), len(size)))
        events, relapses = (random.binomial(each, random.choice([0.03, 0.3, 0.97])) for each in (seen, other))
        remission = [told_years([n], [r], of, LEAST) for n, r, of in zip(seen, events, size, strict=True)]
        relapse = [
            told_beside([n], [r], beside, of, LEAST)
            for n, r, beside, of in zip(other, relapses, remission, size, strict=True)
        ]
        for years, part, whole in ((remission, events, seen), (relapse, relapses, other)):
            low, high = share_limits([(each.patients[0], each.events[0]) for each in years])
            if whole.sum():
                assert low - SLACK <= part.sum() / whole.sum() <= high + SLACK


@pytest.mark.parametrize(("patients", "months"), [(14, 3), (9, 4)])
def test_every_curve_that_could_be_meant_lies_between_the_limits(patients: int, months: int) -> None:
    """All tables of which the same is told, and a second centre beside them of which nothing is hidden."""
    meant: dict[ToldCurve, list[tuple[int, ...]]] = defaultdict(list)
    for table in ways(patients, 2 * months):
        meant[told_of(table, 3)].append(table)
    beside = np.full(months, 5), np.full(months, 10)
    known = CurveBounds.of(told(*beside, 3))
    assert not known.hidden.any()
    for curve, tables in meant.items():
        lower, upper = survival_bounds([CurveBounds.of(curve), known])
        for table in tables[:: 1 + len(tables) // 50]:
            left, events = (np.diff(each, prepend=0) for each in cumulated(table))
            true = survival_of(events + beside[0], left + beside[1])
            assert (lower <= true + SLACK).all()
            assert (true <= upper + SLACK).all()


def test_where_nothing_is_hidden_the_limits_are_the_curve_of_all_patients() -> None:
    months = np.repeat(np.arange(13.0), 40)
    cohort = cohort_of(months.tolist(), (np.arange(len(months)) % 3 == 0).astype(int).tolist())
    curve = KaplanMeier.of(in_whole_months(Leaving.of(cohort), 12)).curve
    lower, upper = survival_bounds([CurveBounds.of(_curve_of(part, 12)) for part in thirds(cohort, 2)])
    assert lower == pytest.approx(upper, abs=SLACK)
    assert lower == pytest.approx(curve["survival"].to_numpy(), abs=SLACK)


def _curve_of(cohort: Cohort, last: int) -> ToldCurve:
    counts = in_whole_months(Leaving.of(cohort), last)
    return told(counts.events[:, 0], counts.leaving[:, 0])


def thirds(cohort: Cohort, parts: int = 3) -> list[Cohort]:
    return [cohort.subset(np.arange(len(cohort)) % parts == place) for place in range(parts)]


@cache
def answers() -> tuple[HiddenAnswer, ...]:
    return tuple(answer_hidden(part, QUESTION, f"Centre {place}") for place, part in enumerate(thirds(SAMPLE)))


def files() -> dict[str, bytes]:
    return {f"{each.centre}.json": each.to_file() for each in answers()}


def test_the_numbers_of_the_sample_lie_between_the_limits_of_three_centres() -> None:
    found = sum_hidden(files())
    assert found.patients == len(SAMPLE)
    survival = found.survival()
    true = KaplanMeier.of(in_whole_months(Leaving.of(SAMPLE), LAST)).at(survival["months"].tolist())
    followed = true["survival"].notna()
    assert followed.sum() > 48
    assert (survival["lower"] <= true["survival"] + SLACK)[followed].all()
    assert (true["survival"] <= survival["upper"] + SLACK)[followed].all()
    assert (survival["deaths_lower"] <= true["cumulative_events"]).all()
    assert (true["cumulative_events"] <= survival["deaths_upper"]).all()
    assert survival["hiding"].max() == 3


@pytest.mark.parametrize("outcome", ["remission", "relapse"])
def test_the_published_shares_lie_between_the_limits(outcome: Any) -> None:
    found = sum_hidden(files()).shares(outcome)
    estimate = yearly_remission if outcome == "remission" else yearly_relapse
    bars = estimate(SAMPLE, years=range(1, 1 + QUESTION.years)).bars
    for part in ("events", "patients"):
        assert (found[f"{part}_lower"] <= bars[part]).all()
        assert (bars[part] <= found[f"{part}_upper"]).all()
    seen = bars["patients"] > 0
    assert (found["lower"] <= bars["share"] + SLACK)[seen].all()
    assert (bars["share"] <= found["upper"] + SLACK)[seen].all()
    assert found["hiding"].tolist() == [3] * QUESTION.years


def test_no_hidden_count_of_a_centre_can_be_solved_for() -> None:
    """All that is told as equations of the deaths and the others of each month: none from 1 to 4 is fixed by them."""
    random = np.random.default_rng(7)
    for _ in range(3):
        deaths, left = drawn_centre(random)
        curve = told(deaths, left)
        cells = np.array([deaths, left - deaths])
        small = np.argwhere((cells > 0) & (cells < LEAST))
        for kind, month in random.permutation(small)[:15]:
            low, high = (solved(curve, int(kind), int(month), sign) for sign in (1, -1))
            assert low <= cells[kind, month] <= high
            assert high - low > 0.5


def solved(curve: ToldCurve, kind: int, month: int, sign: int) -> float:
    """Return the least (or with -1 the most) of one cell that all that is told allows."""
    months = len(curve.left)
    rows, lows, highs = [], [], []
    for which, by_month in (((1, 1), curve.left), ((1, 0), curve.events)):
        for end, limits in enumerate(by_month):
            if limits is not None:
                rows.append(np.outer(which, np.arange(months) <= end).ravel())
                lows.append(limits[0])
                highs.append(limits[1])
    aim = np.zeros(2 * months)
    aim[kind * months + month] = sign
    found = linprog(aim, np.vstack([rows, np.negative(rows)]), [*highs, *np.negative(lows)])
    return float(sign * found.fun)


def test_what_leaves_is_seen_with_what_is_hidden() -> None:
    table = answers()[0].to_table()
    assert len(table) == 2 * (LAST + 1) + 4 * QUESTION.years
    shown = table.set_index(["counted", "at"])["told"]
    assert shown["died by month", LAST] == "hidden: 0 to 5"
    assert shown["died by month", 12] == "hidden"
    assert shown["died or left by month", LAST] == "29"
    exact = table["told"][table["told"].str.isdigit()].astype(int)
    assert (exact > LEAST).all()
    assert read_hidden_answer(answers()[0].to_file()).to_table().equals(table)


def changed(**parts: object) -> bytes:
    """Return a file with other parts and the hash that belongs to them."""
    held = json.loads(answers()[0].to_file()) | parts
    return json.dumps(held | {"hash": hash_of({name: each for name, each in held.items() if name != "hash"})}).encode()


HELD: dict[str, Any] = json.loads(answer_hidden(thirds(SAMPLE)[0], QUESTION, "Centre 0").to_file())
WHOLE = HELD["patients"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (json.dumps(HELD | {"patients": WHOLE + 1}).encode(), "was changed after it was made"),
        (changed(made_with="0.0.0"), "made with version 0.0.0"),
        (changed(file="masked answer of one centre"), "is a masked answer of one centre, and no answer of one centre"),
        (changed(extra=1), "and nothing else"),
        (changed(centre="two\nlines"), "does not name its centre"),
        (changed(patients=3), "does not say of how many patients"),
        (changed(patients=10**30), "does not say of how many patients"),
        (changed(synthetic=1), "does not say whether its patients are synthetic"),
        (changed(not_applied=["<script>"]), "does not say what could not be applied"),
        (changed(left=[None] * 10**5), "does not hold the 61 numbers"),
        (changed(left=[None] * (LAST + 1)), "does not say how many left in all"),
        (changed(left=[*[None] * LAST, [WHOLE, WHOLE + 1]]), "below none, or above all"),
        (changed(left=[[0.5, 1], *HELD["left"][1:]]), "neither told nor hidden"),
        (changed(left=[[WHOLE, WHOLE], *HELD["left"][1:]]), "small number|fit together"),
        (changed(left=[[1, 1], *HELD["left"][1:]]), "tells a small number"),
        (changed(died=[*HELD["died"][:-1], None]), "does not say how many left in all"),
        (changed(died=[*HELD["died"][:-1], [WHOLE, 0]]), "below none, or above all"),
        (changed(died=[*HELD["died"][:-1], [2, 2]]), "tells a small number"),
        (changed(remission=5), "does not hold a share of each year"),
        (changed(remission=[HELD["remission"][0], HELD["remission"][1] * 2]), "does not hold the 5 years"),
        (changed(relapse=[[[0, 5]] * 5, [[20, 20]] * 5]), "more have the event than were assessed"),
    ],
)
def test_a_file_that_was_changed_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(CentreFileError, match=rf"a\.json: .*({words})"):
        sum_hidden({"a.json": data, "b.json": answers()[1].to_file()})


def test_answers_that_do_not_belong_together_are_refused() -> None:
    first, second, _ = answers()
    other = answer_hidden(thirds(SAMPLE)[1], replace(QUESTION, least=6), "Centre 1")
    for held, words in (
        ([first], "Answers of 2 to 100 centres"),
        ([first, other], "Centre 1 answered another question"),
        ([first, replace(second, centre=first.centre)], "Two answers are named Centre 0"),
        ([first, replace(first, centre="Again")], "sent the same counts"),
    ):
        with pytest.raises(CentreFileError, match=words):
            HiddenSum(tuple(held))


def test_a_centre_that_cannot_answer_is_told_why() -> None:
    few = SAMPLE.subset(np.arange(len(SAMPLE)) < 10)
    without = cohort_of([30.0] * 20, [0] * 20)
    for cohort, name, words in (
        (few, "North", "is about 10 patients here. With counts below 5 hidden an answer is of 11 or more"),
        (SAMPLE, "", "The name of a centre"),
        (without, "North", "This cohort lacks remission"),
    ):
        with pytest.raises(CentreFileError, match=words):
            answer_hidden(cohort, QUESTION, name)
    late_sample = replace(
        SAMPLE, patients=SAMPLE.patients.assign(entry_months=1.0), fingerprint="all come under observation later"
    )
    with pytest.raises(CentreFileError, match="come under observation later"):
        answer_hidden(late_sample, QUESTION, "North")


@pytest.mark.parametrize("least", [0, 2, 51])
def test_a_threshold_that_protects_nobody_or_hides_all_is_refused(least: int) -> None:
    with pytest.raises(ValueError, match="Counts are hidden below 3 to 50"):
        replace(QUESTION, least=least)
