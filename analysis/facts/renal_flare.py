"""Renal flares by the criteria of KDIGO (2012)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.cohort.arrays import Floats, Integers
from analysis.cohort.model import Cohort
from analysis.facts.recorded_events import alive_at_visits
from analysis.facts.reference_visits import relapses_after
from analysis.facts.relapse import SEVERE, RelapseRule, Relapses, in_time, relapsed
from analysis.facts.remission import RECORDED, RemissionRule, among, levels, remission_words, visit_states
from analysis.facts.renal_rules import UPCR

CREATININE = "creatinine_umol_per_l"
UMOL_PER_MG = 88.4  # micromoles per litre of a milligram of creatinine per decilitre
MODERATE = "moderate"
NEAR = 1e-9


@dataclass(frozen=True)
class RenalFlare(RelapseRule):
    """A rise of creatinine or of the urine protein/creatinine ratio above the last visit in remission.

    Attributes
    ----------
    remission, response
        The definition of remission.
    """

    remission: RemissionRule = RECORDED
    response: str = "complete"

    @property
    def needed(self) -> tuple[str, ...]:
        """The visit columns that the rule cannot do without."""
        return tuple(dict.fromkeys((UPCR, CREATININE, *self.remission.needed)))

    def find(self, cohort: Cohort) -> Relapses:
        """Return the flares; after one, the next needs another visit in remission first."""
        visits = in_time(cohort, alive_at_visits(cohort))
        states = visit_states(cohort, self.remission)
        inside = states.index[among(states["state"].array, levels(self.response))]
        row, months = visits["row"].to_numpy(), visits["months"].to_numpy()
        table = cohort.visits.loc[visits.index, [UPCR, CREATININE]]
        values = table.to_numpy(dtype=float, na_value=np.nan).T
        severity = relapses_after(row, months, values, visits.index.isin(inside), _severity)
        flares = np.flatnonzero(severity)
        words = np.array(["", MODERATE, SEVERE], dtype=object)[severity[flares]]
        return relapsed(row[flares], months[flares]) | {"severity": words}


def renal_flare_kdigo_2012(remission: RemissionRule = RECORDED, response: str = "complete") -> RenalFlare:
    """Return the rule of moderate and severe renal flares by the guideline of KDIGO on glomerulonephritis (2012).

    Against the last visit in remission. Moderate: creatinine higher by at least 0.2 mg/dL (by 0.4 from 2 mg/dL on), or
    urine protein/creatinine ratio from below 0.5 to 1 g/g or more, from 0.5 to 1 to 2 g/g or more, from above 1 to at
    least twice as much. Severe: creatinine higher by more than 1 mg/dL (by 1.5 from 2 mg/dL on), or the ratio by more
    than 5 g/g. Mild flares, told by acanthocytes and casts, are not counted.

    Parameters
    ----------
    remission, response
        The definition of remission: a rule, and which of its states count, "complete" or "any".

    Raises
    ------
    ValueError
        If the response is unknown.

    References
    ----------
    KDIGO Glomerulonephritis Work Group (2012), table 29.

    Examples
    --------
    >>> from analysis import renal_flare_kdigo_2012
    >>> renal_flare_kdigo_2012().name
    'Renal flare, KDIGO 2012'
    """
    words = (
        "as moderate or severe renal flares by KDIGO 2012: against the last visit in "
        f"{remission_words(remission, response)}, a creatinine higher by at least 0.2 mg/dL (0.4 mg/dL from 2 mg/dL "
        "on), or a UPCR from below 0.5 to at least 1 g/g, from 0.5 to 1 to at least 2 g/g, or from above 1 g/g to at "
        "least twice as much (mild flares, told by acanthocytes and casts, were not looked for)"
    )
    return RenalFlare("Renal flare, KDIGO 2012", words, UPCR, remission, response)


def _severity(values: Floats, references: Floats) -> Integers:
    """Return 2 for a severe flare, 1 for a moderate one, 0 for none; by UPCR and creatinine."""
    (upcr, creatinine), (upcr_then, creatinine_then) = values, references
    by_protein = upcr >= np.select([upcr_then < 0.5, upcr_then <= 1], [1.0, 2.0], 2 * upcr_then) - NEAR
    high = creatinine_then >= 2 * UMOL_PER_MG - NEAR
    rise = (creatinine - creatinine_then) / UMOL_PER_MG
    by_creatinine = rise >= np.where(high, 0.4, 0.2) - NEAR
    severe = (upcr - upcr_then > 5 + NEAR) | (rise > np.where(high, 1.5, 1.0) + NEAR)
    # A comparison with a missing value is false, but the limits of a missing reference are numbers.
    moderate = (by_protein & ~np.isnan(upcr_then)) | by_creatinine
    return np.where(severe, 2, np.where(moderate, 1, 0))
