"""Rules of renal response in lupus nephritis."""

from __future__ import annotations

from typing import Literal

from analysis.facts.criteria import AtLeast, AtMost, BaselineAtLeast, Criterion, Either, FallOfPercent, NotBelowBaseline
from analysis.facts.remission import RemissionRule

UPCR, PROTEINURIA, EGFR = "upcr_g_per_g", "proteinuria_g_per_24h", "egfr_ml_per_min_per_1_73m2"
RED_CELLS = "urine_red_cells_per_hpf"
ProteinColumn = Literal["upcr_g_per_g", "proteinuria_g_per_24h"]
PROTEIN_WORDS: dict[str, tuple[str, str]] = {UPCR: ("UPCR", "g/g"), PROTEINURIA: ("proteinuria", "g/24 h")}
STATE = "renal response"
NEPHRITIS = 0.5  # g/g or g/24 h; below it there was no proteinuria to respond from
NORMAL_EGFR = 90.0


def renal_response_kdigo_2024(egfr_fall_percent: float = 15) -> RemissionRule:
    """Return complete and partial renal response by the guideline of KDIGO on lupus nephritis (2024).

    Complete: urine protein/creatinine ratio below 0.5 g/g. Partial: it has fallen by at least half, to below 3 g/g. In
    both the eGFR is stable or better: no more than 15 % below baseline, of the 10 to 15 % that the guideline names.
    Baseline is the last known value at or before month 0; it must be at least 0.5 g/g, else there is nothing to respond
    from. The state of patients without such a baseline is missing.

    The guideline asks for the ratio of a 24-hour collection, which is not checked; 24-hour proteinuria does not stand
    for it. That a response is reached within 6 to 12 months is not part of the state at a visit.

    Parameters
    ----------
    egfr_fall_percent
        The greatest fall of eGFR below baseline, in percent.

    Raises
    ------
    ValueError
        If the fall is below 0 or above 100.

    References
    ----------
    KDIGO Lupus Nephritis Work Group (2024).

    Examples
    --------
    >>> from analysis import renal_response_kdigo_2024
    >>> renal_response_kdigo_2024().needed
    ('upcr_g_per_g', 'egfr_ml_per_min_per_1_73m2')
    """
    if not 0 <= egfr_fall_percent <= 100:
        raise ValueError("A fall of eGFR is 0 to 100 %.")
    stable = NotBelowBaseline(EGFR, egfr_fall_percent)
    return _of_protein(
        "KDIGO 2024",
        UPCR,
        f"complete: UPCR below 0.5 g/g; partial: UPCR at least 50 % below baseline and below 3 g/g; both with an eGFR "
        f"no more than {egfr_fall_percent:g} % below baseline",
        (AtMost(UPCR, 0.5, limit_included=False), stable),
        (FallOfPercent(UPCR, 50), AtMost(UPCR, 3, limit_included=False), stable),
        ("UPCR of a 24-hour collection",),
    )


def renal_response_eular_2019(protein: ProteinColumn = "upcr_g_per_g", limit: float = 0.7) -> RemissionRule:
    """Return complete and partial renal response by the recommendations of EULAR/ERA-EDTA (2019).

    Complete: proteinuria below 0.5 to 0.7 g. Partial: it has fallen by at least half, to below the nephrotic range of
    3.5 g, as in the recommendations of 2012. In both the eGFR is normal or nearly so: at least 81 mL/min/1.73 m2, which
    is within 10 % of 90. Baseline is the last known value at or before month 0; it must be at least the limit, else
    there is nothing to respond from. The state of patients without such a baseline is missing.

    That at least 25 % are reached by 3 months, 50 % by 6 and the limit by 12 is not part of the state at a visit.

    Parameters
    ----------
    protein
        "upcr_g_per_g", or "proteinuria_g_per_24h" where that is measured; 1 g/g stands for 1 g in 24 hours.
    limit
        The proteinuria below which a response is complete, in g/g or g/24 h; the recommendations say 0.5 to 0.7.

    Raises
    ------
    ValueError
        If the column is another one, or the limit is not above 0.

    References
    ----------
    Fanouriakis et al. (2020). Bertsias et al. (2012).

    Examples
    --------
    >>> from analysis import renal_response_eular_2019
    >>> renal_response_eular_2019("proteinuria_g_per_24h").needed
    ('proteinuria_g_per_24h', 'egfr_ml_per_min_per_1_73m2')
    """
    if protein not in PROTEIN_WORDS:
        raise ValueError(f"Urine protein is {' or '.join(PROTEIN_WORDS)}, not {protein!r}.")
    if not limit > 0:
        raise ValueError("A limit of proteinuria is a number above 0.")
    name, unit = PROTEIN_WORDS[protein]
    near_normal = AtLeast(EGFR, 0.9 * NORMAL_EGFR)
    return _of_protein(
        "EULAR/ERA-EDTA 2019",
        protein,
        f"complete: {name} below {limit:g} {unit}; partial: {name} at least 50 % below baseline and below 3.5 {unit}; "
        f"both with an eGFR of at least {0.9 * NORMAL_EGFR:g} mL/min/1.73 m\u00b2, within 10 % of normal",
        (AtMost(protein, limit, limit_included=False), near_normal),
        (FallOfPercent(protein, 50), AtMost(protein, 3.5, limit_included=False), near_normal),
        least=limit,
    )


def renal_response_ranjbar_2022() -> RemissionRule:
    """Return complete and partial renal response as in the trial of adipose stem cells by Ranjbar et al. (2022).

    Complete: proteinuria below 0.5 g in 24 hours. Partial: it is higher, and has fallen by more than half. Kidney
    function is not looked at. Baseline is the last known value at or before month 0, and must be at least 0.5 g in 24
    hours. The state of patients without such a baseline is missing.

    References
    ----------
    Ranjbar et al. (2022).

    Examples
    --------
    >>> from analysis import renal_response_ranjbar_2022
    >>> renal_response_ranjbar_2022().needed
    ('proteinuria_g_per_24h',)
    """
    return _of_protein(
        "Ranjbar 2022",
        PROTEINURIA,
        "complete: proteinuria below 0.5 g/24 h; partial: proteinuria more than 50 % below baseline",
        (AtMost(PROTEINURIA, 0.5, limit_included=False),),
        (FallOfPercent(PROTEINURIA, 50, percent_included=False),),
    )


def renal_response_msc_role() -> RemissionRule:
    """Return complete and partial renal response as in the trial MSC-ROLE of umbilical cord cells (NCT03917797).

    Complete: urine protein/creatinine ratio below 0.5 g/g, fewer than 10 red cells per high-power field. Partial: the
    ratio is at most half of baseline. In both the eGFR is at least 120, or 80 % of baseline, and prednisone at most 10
    mg/day. Baseline is the last known value at or before month 0; the ratio must be at least 0.5 g/g then. The state of
    patients without such a baseline is missing. That the urine has no casts of red cells is not checked.

    References
    ----------
    ClinicalTrials.gov, NCT03917797 (2019).

    Examples
    --------
    >>> from analysis import renal_response_msc_role
    >>> renal_response_msc_role().needed[1:]
    ('urine_red_cells_per_hpf', 'egfr_ml_per_min_per_1_73m2', 'prednisone_mg_per_day')
    """
    both = (Either((AtLeast(EGFR, 120), NotBelowBaseline(EGFR, 20))), AtMost("prednisone_mg_per_day", 10))
    return _of_protein(
        "MSC-ROLE",
        UPCR,
        "complete: UPCR below 0.5 g/g and fewer than 10 urine red cells per high-power field; partial: UPCR at least "
        "50 % below baseline; both with an eGFR of at least 120 mL/min/1.73 m\u00b2 or 80 % of baseline, and "
        "prednisone at most 10 mg/day",
        (AtMost(UPCR, 0.5, limit_included=False), AtMost(RED_CELLS, 10, limit_included=False), *both),
        (FallOfPercent(UPCR, 50), *both),
        ("no red cell casts",),
    )


def _of_protein(
    name: str,
    protein: str,
    words: str,
    complete: tuple[Criterion, ...],
    partial: tuple[Criterion, ...],
    never_checked: tuple[str, ...] = (),
    least: float = NEPHRITIS,
) -> RemissionRule:
    """Return a rule of complete and partial renal response for patients with enough urine protein at baseline."""
    measure, unit = PROTEIN_WORDS[protein]
    ill = BaselineAtLeast(protein, least)
    told = f"told of patients with a {measure} of at least {least:g} {unit} at baseline"
    return RemissionRule(
        name, f"by {name} ({words}; {told})", (ill, *complete), never_checked, STATE, (ill, *partial), name
    )
