"""Renal response, patient by patient, against tables worked out by hand."""

import pytest

from analysis import (
    renal_response_eular_2019,
    renal_response_kdigo_2024,
    renal_response_msc_role,
    renal_response_ranjbar_2022,
)
from analysis.facts.remission import remission_words, state_words
from tests.analysis.facts.visit_tables import cohort_of, states_of

RENAL = ("upcr_g_per_g", "egfr_ml_per_min_per_1_73m2")

# By KDIGO: complete below 0.5; partial at most half of baseline and below 3; eGFR at least 85 % of baseline.
KDIGO = {
    "responds": ([(0, 2.0, 80), (6, 0.9, 80), (12, 0.4, 90)], "nPC"),
    "ties": ([(0, 2.0, 100), (6, 0.5, 85), (12, 1.0, 85), (18, 1.01, 85), (24, 0.49, 84.9)], "nPPnn"),
    "nephrotic": ([(0, 8.0, 60), (6, 3.9, 60), (9, 3.0, 60), (12, 2.99, 51), (18, 2.99, 50.9)], "nnnPn"),
    "complete without a fall by half": ([(0, 0.6, 70), (12, 0.45, 70)], "nC"),
    "no baseline": ([(3, 2.0, 80), (12, 0.2, 80), (24, 5.0, 80)], "???"),
    "no baseline of eGFR": ([(0, 2.0, None), (12, 0.2, 80)], "??"),
    "little protein at baseline": ([(0, 0.49, 80), (12, 0.1, 80)], "??"),
    "just enough protein at baseline": ([(0, 0.5, 80), (12, 0.1, 80)], "nC"),
    "baseline is the last by month 0": ([(-6, 9.0, 90), (-1, 1.0, 100), (0, None, None), (12, 0.6, 95)], "nnnn"),
    "baselines of two visits": ([(-2, 4.0, None), (-1, None, 50), (6, 1.9, 50)], "nnP"),
    "a missing value": ([(0, 2.0, 80), (6, None, 80), (12, 0.4, None), (18, 1.5, None), (24, None, 60)], "n??nn"),
    "after month 0 is no baseline": ([(0.1, 2.0, 80), (6, 0.2, 80)], "??"),
}


def test_kdigo_2024() -> None:
    cohort = cohort_of(RENAL, {patient: visits for patient, (visits, _) in KDIGO.items()})
    assert states_of(cohort, renal_response_kdigo_2024()) == {patient: told for patient, (_, told) in KDIGO.items()}


def test_the_fall_of_egfr_can_be_the_lower_one_of_the_guideline() -> None:
    cohort = cohort_of(RENAL, {"a": [(0, 2.0, 100), (6, 0.4, 90), (12, 0.4, 89.9)]})
    assert states_of(cohort, renal_response_kdigo_2024()) == {"a": "nCC"}
    assert states_of(cohort, renal_response_kdigo_2024(egfr_fall_percent=10)) == {"a": "nCn"}
    with pytest.raises(ValueError, match="0 to 100"):
        renal_response_kdigo_2024(-1)


# By EULAR: complete below 0.7; partial at most half of baseline and below 3.5; eGFR at least 81.
EULAR = {
    "responds": ([(0, 2.0, 60), (6, 0.9, 81), (12, 0.69, 81)], "nPC"),
    "ties": ([(0, 1.4, 90), (6, 0.7, 90), (12, 0.71, 90), (18, 0.6, 80.9)], "nPnn"),
    "nephrotic": ([(0, 8.0, 90), (6, 3.5, 90), (12, 3.49, 90), (24, 4.1, 90)], "nnPn"),
    "no baseline": ([(3, 2.0, 90), (12, 0.2, 90)], "??"),
    "little protein at baseline": ([(0, 0.69, 90), (12, 0.1, 90)], "??"),
    "just enough protein at baseline": ([(0, 0.7, 90), (12, 0.1, 90)], "nC"),
    "no baseline of eGFR is needed": ([(0, 2.0, None), (12, 0.2, 90)], "nC"),
    "a missing value": ([(0, 2.0, 90), (6, None, 90), (12, 0.4, None), (18, 1.5, None)], "n??n"),
}


@pytest.mark.parametrize("protein", ["upcr_g_per_g", "proteinuria_g_per_24h"])
def test_eular_2019(protein: str) -> None:
    table = {patient: visits for patient, (visits, _) in EULAR.items()}
    cohort = cohort_of((protein, RENAL[1]), table)
    rule = renal_response_eular_2019(protein)  # type: ignore[arg-type]
    assert states_of(cohort, rule) == {patient: told for patient, (_, told) in EULAR.items()}


def test_the_lower_limit_of_eular_2019() -> None:
    cohort = cohort_of(RENAL, {"a": [(0, 1.0, 90), (6, 0.5, 90), (12, 0.49, 90)], "b": [(0, 0.6, 90), (6, 0.4, 90)]})
    assert states_of(cohort, renal_response_eular_2019(limit=0.5)) == {"a": "nPC", "b": "nC"}
    assert states_of(cohort, renal_response_eular_2019()) == {"a": "nCC", "b": "??"}
    with pytest.raises(ValueError, match="above 0"):
        renal_response_eular_2019(limit=0)
    with pytest.raises(ValueError, match="Urine protein is"):
        renal_response_eular_2019("albumin_g_per_l")  # type: ignore[arg-type]


# By MSC-ROLE: UPCR, eGFR, red cells, prednisone.
MSC_ROLE = {
    "responds": ([(0, 2.0, 100, 40, 60), (6, 1.0, 80, 40, 10), (12, 0.4, 80, 9, 10)], "nPC"),
    "red cells at the limit": ([(0, 2.0, 100, 40, 60), (6, 0.4, 100, 10, 5), (12, 0.4, 100, 9.9, 5)], "nPC"),
    "just half": ([(0, 2.0, 100, 40, 60), (6, 1.01, 100, 0, 5), (12, 1.0, 100, 0, 5)], "nnP"),
    "below 0.5 without a fall by half": ([(0, 0.8, 100, 40, 60), (6, 0.45, 100, 12, 5), (12, 0.45, 100, 0, 5)], "nnC"),
    "eGFR below 80 % of baseline": ([(0, 2.0, 100, 40, 60), (6, 0.4, 79.9, 0, 5)], "nn"),
    "eGFR of 120 is enough": ([(0, 2.0, 160, 40, 60), (6, 0.4, 120, 0, 5), (12, 0.4, 119, 0, 5)], "nCn"),
    "too much prednisone": ([(0, 2.0, 100, 40, 60), (6, 0.4, 100, 0, 10.5)], "nn"),
    "no baseline of eGFR": ([(0, 2.0, None, 40, 60), (6, 0.4, 130, 0, 5)], "??"),
    "little protein at baseline": ([(0, 0.4, 100, 40, 60), (6, 0.1, 100, 0, 5)], "??"),
    "missing values": (
        [(0, 2.0, 100, 40, 60), (6, 0.4, 100, None, 5), (9, 0.4, None, 0, 5), (12, 0.9, None, 40, 20)],
        "n??n",
    ),
}


def test_msc_role() -> None:
    columns = (*RENAL, "urine_red_cells_per_hpf", "prednisone_mg_per_day")
    cohort = cohort_of(columns, {patient: visits for patient, (visits, _) in MSC_ROLE.items()})
    assert states_of(cohort, renal_response_msc_role()) == {patient: told for patient, (_, told) in MSC_ROLE.items()}
    assert renal_response_msc_role().not_applied(cohort) == ("no red cell casts",)


RANJBAR = {
    "responds": ([(0, 1.8), (1, 0.8), (3, 0.4), (12, 1.7)], "nPCn"),
    "a fall by just half": ([(0, 1.8), (1, 0.9), (3, 0.89)], "nnP"),
    "at the limit": ([(0, 0.9), (1, 0.5), (3, 0.499)], "nnC"),
    "nephrotic": ([(0, 9.0), (1, 4.4)], "nP"),
    "no baseline": ([(1, 0.2), (3, 0.1)], "??"),
    "little protein at baseline": ([(0, 0.4), (1, 0.1)], "??"),
    "a missing value": ([(0, 1.8), (1, None), (3, 0.1)], "n?C"),
}


def test_ranjbar_2022() -> None:
    table = {patient: visits for patient, (visits, _) in RANJBAR.items()}
    cohort = cohort_of(("proteinuria_g_per_24h",), table)
    assert states_of(cohort, renal_response_ranjbar_2022()) == {patient: RANJBAR[patient][1] for patient in table}


def test_the_words_are_the_definition() -> None:
    assert renal_response_kdigo_2024().words == (
        "by KDIGO 2024 (complete: UPCR below 0.5 g/g; partial: UPCR at least 50 % below baseline and below 3 g/g; "
        "both with an eGFR no more than 15 % below baseline; told of patients with a UPCR of at least 0.5 g/g at "
        "baseline)"
    )
    assert renal_response_eular_2019("proteinuria_g_per_24h").words == (
        "by EULAR/ERA-EDTA 2019 (complete: proteinuria below 0.7 g/24 h; partial: proteinuria at least 50 % below "
        "baseline and below 3.5 g/24 h; both with an eGFR of at least 81 mL/min/1.73 m², within 10 % of normal; "
        "told of patients with a proteinuria of at least 0.7 g/24 h at baseline)"
    )
    assert state_words(renal_response_ranjbar_2022(), "any") == "complete or partial renal response"
    assert remission_words(renal_response_ranjbar_2022(), "complete") == "complete renal response by Ranjbar 2022"


def test_a_rule_names_its_missing_columns() -> None:
    cohort = cohort_of(("proteinuria_g_per_24h",), {"a": [(0, 1.0)]})
    assert renal_response_kdigo_2024().missing_columns(cohort) == RENAL
    assert renal_response_eular_2019("proteinuria_g_per_24h").missing_columns(cohort) == (RENAL[1],)
    assert renal_response_ranjbar_2022().missing_columns(cohort) == ()
