"""Adjusted means of a visit measure, by a linear mixed model with a random intercept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import pandas as pd

from analysis.cohort.arrays import Floats
from analysis.cohort.column_words import in_unit, measure_words
from analysis.cohort.columns import number_of_patients
from analysis.cohort.grouping import By
from analysis.cohort.measurement_limits import USED, AtLimit
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.presence import NO_SCHEDULED_VALUE, Presence
from analysis.estimates.common.captured_warnings import with_warnings
from analysis.estimates.common.intervals import normal_quantile
from analysis.estimates.common.limit_words import limit_words
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.result import Result
from analysis.estimates.common.tidy_tables import with_groups
from analysis.facts.scheduled_values import Has
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure
from analysis.listings.values_at_months import values_at_months

ASSUMPTION = (
    "It assumes that each patient lies above or below the mean of the group by the same amount at every visit, that "
    "values scatter normally and alike round it, and that whether a visit is missing depends only on values that were "
    "seen (missing at random); a measure with many zeros fits it badly."
)
FEWEST_PAIRS = 2
AT_BEST = 1e-3  # how far a log-likelihood may be from that of other variances


@dataclass(frozen=True, repr=False)
class MixedModel(Result):
    """Adjusted means over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    assumption
        The assumptions of the model, in a sentence.
    withheld
        "" or why the means are missing.
    left_out
        reason, patients: numbers of patients left out.
    table
        group, months (scheduled), patients, mean, standard_error, lower, upper; missing without patients.
    between, within
        Standard deviations between patients (random intercept) and within them (residual); missing if withheld.
    """

    question: str
    method: str
    assumption: str
    withheld: str
    left_out: pd.DataFrame
    table: pd.DataFrame
    between: float
    within: float

    @classmethod
    def of(cls, values: pd.DataFrame, presence: Presence, *, level: float) -> MixedModel:
        """Return the model fitted to values.

        Parameters
        ----------
        values
            Values in long form, from `analysis.listings.values_at_months`: group, patient (a number), value, scheduled
            (month). Counts would not do, for the fit needs each patient's values together.
        presence
            Counts of the presence of values.
        level
            Confidence level.
        """
        asked, by = presence.asked, presence.groups.by
        cells = values.groupby(["group", "scheduled"], observed=True).ngroup().to_numpy()
        patients = values.groupby(["patient", "group"], observed=True).ngroup().to_numpy()
        withheld = _too_little(values, cells)
        fitted = None if withheld else _fit(values["value"].to_numpy(float), patients, cells)
        if fitted is None and not withheld:
            withheld = "not estimable: the fit found no most likely variation between patients"
        means, errors, between, within = fitted or (np.full(0, np.nan), np.full(0, np.nan), np.nan, np.nan)
        label, left_out = measure_words(asked.measure), presence.left_out([(Has.SCHEDULED, NO_SCHEDULED_VALUE)]).table
        # Values of patients in two groups are there twice.
        number = int((~values.duplicated(["patient", "scheduled"])).sum())
        return cls(
            question=f"How does {label} go after transplantation, allowing for missed visits?",
            method=method_words(
                f"Means of {in_unit(asked.measure)} by a linear mixed model (random intercept a patient, each "
                f"scheduled month a category{', by group' if by is not None else ''}; restricted maximum likelihood), "
                f"{100 * level:g} % interval (normal); {'; '.join([*limit_words(presence, Has.SCHEDULED), ''])}"
                f"{count_words(number, 'value')} of "
                f"{count_words(number_of_patients(values['patient']), 'patient')}",
                left_out,
            ),
            assumption=ASSUMPTION,
            withheld=withheld,
            left_out=left_out,
            table=_table(values, asked.months, means, errors, level),
            between=between,
            within=within,
        )


def mixed_models_available() -> bool:
    """Return whether statsmodels is installed, which the extra `models` does."""
    return find_spec("statsmodels") is not None


def mixed_model(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    at_limit: AtLimit = USED,
    level: float = 0.95,
    by: By | None = None,
) -> MixedModel:
    """Return means at the scheduled months that allow for missed visits, by a linear mixed model.

    The model has a random intercept for each patient and a mean for each group and scheduled month (as a category),
    and is fitted by restricted maximum likelihood. Patients without a later visit contribute through their earlier
    ones. Limits assume normality. A patient in both of two `Pinned` cohorts has a random intercept in each, and counts
    twice in the two variances, which all groups share; standard errors are of each mean, not of a difference between
    the cohorts.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    schedule, window_months, at_limit
        As for `trajectory`.
    level
        Confidence level.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, which may overlap; by default one group, "All".

    Returns
    -------
    MixedModel
        Means in the unit of the measure, with one row per group and scheduled month.

    Raises
    ------
    ValueError
        If the visits have no such measure.
    ImportError
        If statsmodels is not installed.

    References
    ----------
    Laird NM, Ware JH (1982), Biometrics 38:963-974.

    Examples
    --------
    >>> from analysis import load_sample
    >>> mixed_model(load_sample(), schedule=[0, 12]).table[["months", "patients"]].values.tolist()
    [[0.0, 87.0], [12.0, 83.0]]
    """
    if not mixed_models_available():
        raise ImportError("The mixed model needs statsmodels: pip install 'msc-lupus-dashboard[models]'.")
    asked = ScheduledMeasure.of(measure, schedule, window_months, at_limit)
    return MixedModel.of(values_at_months(cohort, asked, by), Presence.of(cohort, asked, by), level=level)


def _too_little(values: pd.DataFrame, cells: Floats) -> str:
    """Return why there are too few values for a fit, or ""."""
    repeated = number_of_patients(values["patient"][values.duplicated(["group", "patient"])])
    if repeated < FEWEST_PAIRS:
        return f"not estimable: {count_words(repeated, 'patient')} with a value at more than one scheduled month"
    if len(values) <= len(np.unique(cells)) + 1 or not np.ptp(values["value"]):
        return "not estimable: the values do not vary beyond the means"
    return ""


def _fit(values: Floats, patients: Floats, cells: Floats) -> tuple[Floats, Floats, float, float] | None:
    """Return means and standard errors by cell, and the two standard deviations; None if the fit fails."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    # Scaled by the standard deviation, so that convergence does not depend on the unit.
    unit = float(np.std(values))
    design = np.eye(int(cells.max()) + 1)[cells]
    model = MixedLM(values / unit, design, groups=patients)
    try:
        # Warnings are ignored, for some are about problems that the fit solves: the result tells whether it converged.
        fit, _ = with_warnings(lambda: model.fit(reml=True, method=["bfgs", "lbfgs"], gtol=1e-7))
        if not fit.converged:
            return None
    except (np.linalg.LinAlgError, ValueError):
        return None
    with np.errstate(invalid="ignore"):  # a negative variance has no root, and fails the check below
        errors = np.asarray(fit.bse_fe, dtype=float)
    if not np.isfinite(errors).all():
        return None
    ratio = float(fit.cov_re[0, 0]) / float(fit.scale)
    top, *near = (
        _restricted_likelihood(values / unit, design, patients, ratio * times) for times in (1.0, 0.0, 0.8, 1.25)
    )
    if max(near) > top + AT_BEST:
        return None  # it says that it converged, and did not
    between = unit * float(np.sqrt(fit.cov_re[0, 0]))
    return unit * np.asarray(fit.fe_params, dtype=float), unit * errors, between, unit * float(np.sqrt(fit.scale))


def _restricted_likelihood(values: Floats, design: Floats, patients: Floats, ratio: float) -> float:
    """Return the restricted log-likelihood but for a constant (Patterson and Thompson 1971).

    It is the greatest that there is with this ratio of the variance between patients to that within them.
    """
    of_each, own = np.unique(patients, return_inverse=True)
    known = np.zeros((len(of_each), design.shape[1]))
    np.add.at(known, own, design)
    number, total = known.sum(axis=1), np.bincount(own, values)
    weight = ratio / (1 + ratio * number)
    information = design.T @ design - (known.T * weight) @ known
    left = values - design @ np.linalg.solve(information, design.T @ values - known.T @ (weight * total))
    squares = left @ left - weight @ np.bincount(own, left) ** 2
    spread = np.log1p(ratio * number).sum() + np.linalg.slogdet(information)[1]
    return -0.5 * float((len(values) - design.shape[1]) * np.log(squares) + spread)


def _table(values: pd.DataFrame, months: Sequence[float], means: Floats, errors: Floats, level: float) -> pd.DataFrame:
    """Return one row per group and month; means are in the order of the cells with values."""
    held = values.groupby(["group", "scheduled"], observed=True).size()
    cells = {key: place for place, key in enumerate(held.index)} if len(means) else {}
    z = normal_quantile(level)
    rows = []
    for group in values["group"].cat.categories:
        for month in months:
            place = cells.get((group, month))
            mean, error = (np.nan, np.nan) if place is None else (means[place], errors[place])
            patients = int(held.get((group, month), 0))
            rows.append((group, month, patients, mean, error, mean - z * error, mean + z * error))
    columns = ["group", "months", "patients", "mean", "standard_error", "lower", "upper"]
    return with_groups(pd.DataFrame(rows, columns=columns), values["group"].cat.categories)
