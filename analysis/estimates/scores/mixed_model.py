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
from analysis.cohort.model import Cohort
from analysis.cohort.wording import count_words
from analysis.counts.presence import NO_SCHEDULED_VALUE, Presence
from analysis.estimates.common.intervals import normal_quantile
from analysis.estimates.common.method_words import method_words
from analysis.estimates.common.tidy_tables import with_groups
from analysis.estimates.common.warnings_heard import with_warnings
from analysis.facts.scheduled_values import Has
from analysis.facts.scheduled_visits import SCHEDULE, ScheduledMeasure
from analysis.listings.values_at_months import values_at_months

ASSUMPTION = (
    "It assumes that each patient lies above or below the mean of the group by the same amount at every visit, that "
    "values scatter normally and alike round it, and that whether a visit is missing depends only on values that were "
    "seen (missing at random); a measure with many zeros fits it badly."
)
FEWEST_PAIRS = 2


@dataclass(frozen=True)
class MixedModel:
    """Adjusted means over time.

    Attributes
    ----------
    question, method
        What the numbers answer, and how.
    assumption
        What the model takes for granted, in a sentence.
    withheld
        "" or why there are no numbers.
    left_out
        reason, patients: how many are in no number, and why.
    table
        group, months (scheduled), patients, mean, standard_error, lower, upper; missing where there is nobody.
    between, within
        Standard deviation of the patients' own levels, and of the values round them; missing where withheld.
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
        """Return the model of values.

        Parameters
        ----------
        values
            group, patient (a number), value, scheduled (month): a row a patient of a group and scheduled month with a
            value, as of `analysis.listings.values_at_months`. The fit needs each patient's values together, so these
            are no counts.
        presence
            Who has a value.
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
        # A value of a patient who is in two groups is there twice.
        number = int((~values.duplicated(["patient", "scheduled"])).sum())
        return cls(
            question=f"How does {label} go after transplantation, allowing for missed visits?",
            method=method_words(
                f"Means of {in_unit(asked.measure)} by a linear mixed model (random intercept a patient, each "
                f"scheduled month a category{', by group' if by is not None else ''}; restricted maximum likelihood), "
                f"{100 * level:g} % interval (normal); {count_words(number, 'value')} of "
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
    """Return whether statsmodels is there; it comes with the extra `models`."""
    return find_spec("statsmodels") is not None


def mixed_model(
    cohort: Cohort,
    measure: str = "sledai",
    *,
    schedule: Sequence[float] = SCHEDULE,
    window_months: float | None = None,
    level: float = 0.95,
    by: By | None = None,
) -> MixedModel:
    """Return means at the scheduled months as if no visit had been missed, under the model's assumptions.

    A linear mixed model (Laird and Ware 1982) with a random intercept a patient and one mean a group and scheduled
    month (the visit is a category, with its interaction with the group), fitted by restricted maximum likelihood. A
    patient without a later visit still counts there through the visits before. Limits are of the normal distribution.
    A patient who is in both of two cohorts `Pinned` has a random intercept in each, as two patients would: the values
    count twice in the variation between and within patients, which is one for all groups, and the standard errors are
    those of each mean, not of a difference between the cohorts.

    Parameters
    ----------
    cohort
        The patients.
    measure
        A numeric column of the visits.
    schedule, window_months
        As for `trajectory`.
    level
        Confidence level.
    by
        A column, a `Grouping`, a `Cut` or two cohorts `Pinned`, who may share patients; without it one group, "All".

    Returns
    -------
    MixedModel
        Means in the unit of the measure, a row a group and scheduled month.

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
    asked = ScheduledMeasure.of(measure, schedule, window_months)
    return MixedModel.of(values_at_months(cohort, asked, by), Presence.of(cohort, asked, by), level=level)


def _too_little(values: pd.DataFrame, cells: Floats) -> str:
    """Return why there is too little to fit, or ""."""
    repeated = number_of_patients(values["patient"][values.duplicated(["group", "patient"])])
    if repeated < FEWEST_PAIRS:
        return f"not estimable: {count_words(repeated, 'patient')} with a value at more than one scheduled month"
    if len(values) <= len(np.unique(cells)) + 1 or not np.ptp(values["value"]):
        return "not estimable: the values do not vary beyond the means"
    return ""


def _fit(values: Floats, patients: Floats, cells: Floats) -> tuple[Floats, Floats, float, float] | None:
    """Return the mean and standard error of each cell and the two standard deviations; None where the fit fails."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    # In units of its own spread a measure of any size is equally easy to fit.
    unit = float(np.std(values))
    design = np.eye(int(cells.max()) + 1)[cells]
    model = MixedLM(values / unit, design, groups=patients)
    try:
        # It warns also of what it then mends, and of patients who do not vary: whether it converged is in the result.
        fit, _ = with_warnings(lambda: model.fit(reml=True, method=["bfgs", "lbfgs"], gtol=1e-7))
        if not fit.converged:
            return None
    except (np.linalg.LinAlgError, ValueError):
        return None
    with np.errstate(invalid="ignore"):  # the root of a variance below 0 is missing, and so is the fit
        errors = np.asarray(fit.bse_fe, dtype=float)
    if not np.isfinite(errors).all():
        return None
    between = unit * float(np.sqrt(fit.cov_re[0, 0]))
    return unit * np.asarray(fit.fe_params, dtype=float), unit * errors, between, unit * float(np.sqrt(fit.scale))


def _table(values: pd.DataFrame, months: Sequence[float], means: Floats, errors: Floats, level: float) -> pd.DataFrame:
    """Return a row a group and month; the cells that hold somebody are in the same order as the means."""
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
