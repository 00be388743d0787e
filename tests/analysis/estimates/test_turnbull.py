"""Times between visits: by hand, by the conditions of a maximum, and as survfit has them."""

import importlib.util
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, read_cohort, selena_flare, turnbull
from analysis.counts.seen_intervals import SeenIntervals
from analysis.estimates.survival.self_consistency import innermost, self_consistent
from analysis.estimates.survival.turnbull import Turnbull
from analysis.facts.observed_times import TRANSPLANTATION
from analysis.facts.seen_between import LATE, NOT_SEEN, SeenRemission

FOLDER = Path(__file__).parents[1] / "reference"
REFERENCE = json.loads((FOLDER / "between_visits.json").read_text(encoding="utf-8"))
TIMES = REFERENCE["times"]


@cache
def reference_cohort(name: str) -> Cohort:
    spec = importlib.util.spec_from_file_location("reference_between_visits", FOLDER / "between_visits.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return read_cohort(*made.COHORTS[name]())


def seen(visits: dict[str, dict[float, str]], **columns: object) -> Cohort:
    """Return patients by their states at visits: "n" for none, "p" for partial, "c" for complete."""
    states = {"n": "none", "p": "partial", "c": "complete"}
    rows = [(name, month, states[state]) for name, own in visits.items() for month, state in own.items()]
    patients = pd.DataFrame({"patient_id": list(visits), "follow_up_months": 40.0, "died": 0, **columns})
    return read_cohort(patients, pd.DataFrame(rows, columns=["patient_id", "months", "remission"]))


def test_five_patients_by_hand() -> None:
    # (0, 6] twice, (3, 9], (6, 12] and beyond 9. Innermost: (3, 6], (6, 9] and (9, 12], with masses a, b and c. The
    # likelihood a a (a + b) (b + c) c is largest for b = 0, a = 3/5 and c = 2/5: there the gradient in (6, 9] is
    # (5/3 + 5/2) / 5, below 1.
    visits = {"A": {6: "c"}, "E": {6: "c"}, "B": {3: "n", 9: "c"}, "C": {6: "n", 12: "c"}, "D": {3: "p", 9: "n"}}
    cohort = seen(visits)  # type: ignore[arg-type]
    result = turnbull(cohort)
    assert result.curve[["after", "months"]].to_numpy().tolist() == [[3, 6], [9, 12]]
    assert result.curve["probability"].tolist() == pytest.approx([0.6, 0.4], abs=1e-7)
    at = result.at([3, 5, 6, 9])
    assert at["lowest"].tolist() == pytest.approx([0, 0, 0.6, 0.6], abs=1e-7)
    assert at["highest"].tolist() == pytest.approx([0, 0.6, 0.6, 0.6], abs=1e-7)
    # Dated to the visit: two of 5 at 6, one of 3 at 9.
    assert at["dated"].tolist() == pytest.approx([0, 0, 0.4, 0.6])
    assert turnbull(cohort, response="any").summary["events"].tolist() == [5]


def test_intervals_that_touch_are_apart() -> None:
    low, high = innermost(np.array([0.0, 3.0]), np.array([3.0, 6.0]))
    assert (low.tolist(), high.tolist()) == ([0, 3], [3, 6])


@pytest.mark.parametrize("name", ["irregular", "tied"])
@pytest.mark.parametrize("group", ["All", "x", "y"])
def test_shares_are_those_of_survfit(name: str, group: str) -> None:
    result = turnbull(reference_cohort(name), by=None if group == "All" else "arm")
    at = result.at(TIMES)
    at = at[at["group"] == group].reset_index(drop=True)
    # Within an interval R has the mass in its middle.
    told = at["lowest"].notna() & ((at["highest"] - at["lowest"]) < 1e-9)
    assert told.sum() >= 4
    expected = np.array(REFERENCE[name][group]["share"])
    np.testing.assert_allclose(at.loc[told, "lowest"], expected[told], rtol=0, atol=1e-5)


@given(
    intervals=st.lists(
        st.tuples(st.integers(0, 8), st.integers(1, 6) | st.none(), st.integers(1, 4)), min_size=1, max_size=12
    )
)
def test_no_shift_of_mass_makes_it_likelier(intervals: list[tuple[int, int | None, int]]) -> None:
    left = np.array([float(begin) for begin, _, _ in intervals])
    right = np.array([np.inf if length is None else begin + float(length) for begin, length, _ in intervals])
    patients = np.array([number for _, _, number in intervals])
    found = self_consistent(left, right, patients)
    assert found.converged
    assert found.probability.sum() == pytest.approx(1)
    inside = (found.left >= left[:, None]) & (found.right <= right[:, None])

    def likelihood(mass: np.ndarray) -> float:
        return float(patients @ np.log(np.maximum(inside @ mass, 1e-300)))

    for place in range(len(found.left)):
        moved = 0.99 * found.probability
        moved[place] += 0.01
        assert likelihood(moved) <= likelihood(found.probability) + 1e-5


def test_who_is_left_out_and_why() -> None:
    cohort = seen({"A": {6: "c"}, "B": {0: "n"}, "C": {9: "n"}}, entry_months=[0.0, 0.0, 4.0])
    result = turnbull(cohort)
    assert dict(result.left_out.to_numpy().tolist()) == {NOT_SEEN: 1, LATE: 1}
    assert result.summary[["patients", "events"]].to_numpy().tolist() == [[1, 1]]
    assert TRANSPLANTATION in result.method
    assert "died, censored at their last visit" in result.method


def test_without_an_event_the_share_is_0() -> None:
    result = turnbull(seen({"A": {6: "n"}, "B": {9: "n"}}))
    assert result.curve.empty
    assert result.at([6])[["lowest", "highest", "dated"]].to_numpy().tolist() == [[0, 0, 0]]
    assert result.at([10])["lowest"].isna().all()


def test_relapses_with_dates_of_their_own_are_refused() -> None:
    cohort = seen({"A": {6: "c"}})
    with pytest.raises(ValueError, match="have dates of their own"):
        turnbull(cohort, "relapse", rule="recorded")
    with pytest.raises(ValueError, match="Unknown event"):
        turnbull(cohort, "death")


def test_a_first_flare_lies_between_the_scored_visits_around_it() -> None:
    visits = pd.DataFrame({"patient_id": "A", "months": [0, 3, 6, 9], "sledai": [2, 3, None, 12]})
    cohort = read_cohort(pd.DataFrame({"patient_id": ["A"], "follow_up_months": [12], "died": [0]}), visits)
    curve = turnbull(cohort, "relapse", rule=selena_flare()).curve
    assert curve[["after", "months", "probability"]].to_numpy().tolist() == [[3, 9, 1]]


@pytest.mark.parametrize("by", [None, "arm"])
def test_parts_add_up_to_all_and_a_table_gives_the_same(by: str | None) -> None:
    cohort, event = reference_cohort("tied"), SeenRemission()
    whole = SeenIntervals.of(cohort, event, by)
    where = np.arange(len(cohort)) % 3
    parts = [SeenIntervals.of(cohort.subset(where == part), event, by) for part in range(3)]
    together = parts[0] + parts[1] + parts[2]
    again = SeenIntervals.from_table(whole.to_table(), event, by)
    for counts in (together, again):
        pd.testing.assert_frame_equal(counts.to_table(), whole.to_table())
        pd.testing.assert_frame_equal(Turnbull.of(counts).curve, Turnbull.of(whole).curve, check_exact=True)
