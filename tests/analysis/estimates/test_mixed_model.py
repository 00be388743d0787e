"""The linear mixed model: a balanced case by hand, missed visits, and when it is withheld."""

import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, read_cohort
from analysis.estimates.scores.mixed_model import _fit, mixed_model
from tests.analysis.made import SAMPLE

SCHEDULE = [0, 6, 12]
# statsmodels reports convergence up to 0.007 below the maximal log-likelihood if patients do not vary.
CLOSE = 0.01


def cohort_of(values: dict[str, list[float | None]], **columns: list[object]) -> Cohort:
    patients = pd.DataFrame({"patient_id": list(values), "follow_up_months": 60, "died": 0, **columns})
    visits = pd.DataFrame(
        [
            (patient, month, value)
            for patient, row in values.items()
            for month, value in zip(SCHEDULE, row, strict=True)
        ],
        columns=["patient_id", "months", "score"],
    )
    return read_cohort(patients, visits)


BALANCED: dict[str, list[float | None]] = {
    "a": [10, 7, 4],
    "b": [14, 12, 7],
    "c": [20, 15, 16],
    "d": [8, 8, 3],
    "e": [13, 8, 10],
}


def test_balanced_data_equal_the_analysis_of_variance() -> None:
    # Closed form of balanced data: between variance = (mean square of patients - residual mean square) / visits.
    table = np.array(list(BALANCED.values()), dtype=float)
    patients, visits = table.shape
    rest = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()
    within = (rest**2).sum() / ((patients - 1) * (visits - 1))
    between = (visits * table.mean(axis=1).var(ddof=1) - within) / visits
    result = mixed_model(cohort_of(BALANCED), "score", schedule=SCHEDULE)
    assert result.table["mean"].tolist() == pytest.approx(table.mean(axis=0).tolist(), abs=1e-9)
    assert [result.between, result.within] == pytest.approx([between**0.5, within**0.5], rel=1e-5)
    error = ((between + within) / patients) ** 0.5
    assert result.table["standard_error"].tolist() == pytest.approx([error] * 3, rel=3e-3)
    assert (result.table["upper"] - result.table["mean"]).tolist() == pytest.approx([1.959964 * error] * 3, rel=3e-3)


def test_patients_who_drop_out_still_contribute() -> None:
    # The highest patient is missing at the end: the plain mean falls, the adjusted one less.
    left = {**BALANCED, "c": [20, 15, None]}
    plain = np.mean([4, 7, 3, 10])
    table = mixed_model(cohort_of(left), "score", schedule=SCHEDULE).table
    assert table["patients"].tolist() == [5, 5, 4]
    assert table.loc[2, "mean"] > plain + 1


def test_groups_and_months_without_patients() -> None:
    values: dict[str, list[float | None]] = {patient: [*row[:2], None] for patient, row in BALANCED.items()}
    cohort = cohort_of(values, msc_source=["UC", "UC", "BM", "BM", None])
    result = mixed_model(cohort, "score", schedule=SCHEDULE, by="msc_source")
    assert result.table["group"].astype(str).tolist() == ["BM"] * 3 + ["UC"] * 3
    assert result.table["patients"].tolist() == [2, 2, 0] * 2
    assert result.table["mean"].isna().tolist() == [False, False, True] * 2
    assert result.left_out["patients"].tolist() == [1]


def test_the_unit_of_a_measure_does_not_matter() -> None:
    large = {patient: [1e6 * value for value in row if value is not None] for patient, row in BALANCED.items()}
    small = mixed_model(cohort_of(BALANCED), "score", schedule=SCHEDULE).table
    scaled = mixed_model(cohort_of(dict(large)), "score", schedule=SCHEDULE).table
    columns = ["mean", "standard_error", "lower", "upper"]
    assert scaled[columns].to_numpy() == pytest.approx(1e6 * small[columns].to_numpy(), rel=1e-6)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"a": [1, None, None], "b": [2, None, None]}, "0 patients with a value at more than one scheduled month"),
        ({"a": [4, 4, 4], "b": [4, 4, 4], "c": [4, 4, 4]}, "the values do not vary"),
    ],
)
def test_too_few_values_are_withheld(values: dict[str, list[float | None]], reason: str) -> None:
    result = mixed_model(cohort_of(values), "score", schedule=SCHEDULE)
    assert reason in result.withheld
    assert result.table["mean"].isna().all()
    assert np.isnan(result.between)


def test_the_assumptions_are_stated() -> None:
    result = mixed_model(SAMPLE, by="msc_source")
    assert result.withheld == ""
    assert "missing at random" in result.assumption
    assert "restricted maximum likelihood" in result.method


def test_without_statsmodels_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.estimates.scores.mixed_model.find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"\[models\]"):
        mixed_model(SAMPLE)


def restricted_likelihood(
    values: np.ndarray, patients: np.ndarray, cells: np.ndarray, between: float, within: float
) -> float:
    """Return the restricted log-likelihood by definition (Patterson and Thompson 1971)."""
    design = np.eye(cells.max() + 1)[cells]
    variance = between**2 * (patients[:, None] == patients) + within**2 * np.eye(len(values))
    inverse = np.linalg.inv(variance)
    information = design.T @ inverse @ design
    left = values - design @ np.linalg.solve(information, design.T @ inverse @ values)
    return float(-(np.linalg.slogdet(variance)[1] + np.linalg.slogdet(information)[1] + left @ inverse @ left) / 2)


def test_a_reported_fit_is_at_the_maximum_of_its_likelihood() -> None:
    rng = np.random.default_rng(0)
    number = 0
    for turn in range(40):
        patients, cells = np.divmod(np.arange(15 * 4), 4)
        own = rng.normal(0, (0.0, 0.3, 3.0)[turn % 3], 15)
        values = 10 + own[patients] + rng.normal(0, 1, len(patients))
        kept = rng.random(len(patients)) < 0.7
        values, patients, cells = values[kept], patients[kept], cells[kept]
        found = _fit(values, patients, cells)
        if found is None:
            continue
        number += 1
        _, _, between, within = found
        top = restricted_likelihood(values, patients, cells, between, within)
        for more, factor in ((0, 0.9), (0, 1.1), (-0.1, 1), (0.1, 1)):
            near = max(between + more, 0.0), within * factor
            assert restricted_likelihood(values, patients, cells, *near) <= top + CLOSE
    assert number > 20
