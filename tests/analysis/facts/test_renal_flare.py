"""Renal flares by KDIGO 2012, patient by patient, against tables worked out by hand."""

import pytest

from analysis import renal_flare_kdigo_2012, renal_response_kdigo_2024
from analysis.facts.relapse import find_relapses
from tests.analysis.facts.visit_tables import cohort_of

# Months, state, UPCR in g/g, creatinine in umol/L (17.7 is 0.2 mg/dL, 35.4 is 0.4, 88.4 is 1, 132.6 is 1.5).
VISITS: dict[str, tuple[list[tuple[float, str, float | None, float | None]], list[tuple[float, str]]]] = {
    "protein from below 0.5": (
        [(0, "none", 3, 80), (6, "complete", 0.4, 80), (9, "none", 0.99, 80), (12, "none", 1.0, 80)],
        [(12, "moderate")],
    ),
    "protein from 0.5 to 1": (
        [(6, "complete", 0.5, 80), (9, "none", 1.9, 80), (12, "none", 2.0, 80)],
        [(12, "moderate")],
    ),
    "protein from above 1": (
        [(6, "complete", 1.2, 80), (9, "none", 2.39, 80), (12, "none", 2.4, 80)],
        [(12, "moderate")],
    ),
    "protein from just 1": ([(6, "complete", 1.0, 80), (12, "none", 2.0, 80)], [(12, "moderate")]),
    "much protein": ([(6, "complete", 0.4, 80), (12, "none", 5.4, 80)], [(12, "moderate")]),
    "more than 5 g more": ([(6, "complete", 0.4, 80), (12, "none", 5.41, 80)], [(12, "severe")]),
    "creatinine below 2 mg/dL": (
        [(6, "complete", 0.2, 80), (9, "none", 0.2, 97.6), (12, "none", 0.2, 97.7)],
        [(12, "moderate")],
    ),
    "a rise by just 1 mg/dL": ([(6, "complete", 0.2, 80), (12, "none", 0.2, 168.4)], [(12, "moderate")]),
    "by more than 1 mg/dL": ([(6, "complete", 0.2, 80), (12, "none", 0.2, 168.5)], [(12, "severe")]),
    "creatinine from 2 mg/dL": (
        [(6, "complete", 0.2, 176.8), (9, "none", 0.2, 212.1), (12, "none", 0.2, 212.2)],
        [(12, "moderate")],
    ),
    "from 2 mg/dL by more than 1.5": ([(6, "complete", 0.2, 180), (12, "none", 0.2, 313)], [(12, "severe")]),
    "never in remission": ([(0, "none", 0.2, 80), (12, "none", 4, 200)], []),
    "the next needs another remission": (
        [
            (6, "complete", 0.2, 80),
            (12, "none", 2, 80),
            (18, "none", 4, 80),
            (24, "complete", 0.3, 80),
            (30, "none", 2, 80),
        ],
        [(12, "moderate"), (30, "moderate")],
    ),
    "missing values": (
        [(6, "complete", 0.2, None), (12, "complete", None, 80), (18, "none", None, 300), (24, "none", 2, None)],
        [(18, "severe")],
    ),
    "a flare is no remission": (
        [(6, "complete", 0.2, 80), (12, "complete", 1.2, 80), (18, "none", 2.5, 80)],
        [(12, "moderate")],
    ),
    "before transplantation": ([(-6, "complete", 0.2, 80), (0, "none", 4, 80), (6, "none", 4, 80)], [(6, "moderate")]),
}


def test_kdigo_2012() -> None:
    cohort = cohort_of(
        ("remission", "upcr_g_per_g", "creatinine_umol_per_l"), {patient: held for patient, (held, _) in VISITS.items()}
    )
    found = find_relapses(cohort, renal_flare_kdigo_2012())
    told = {patient: [] for patient in VISITS} | {
        str(patient): list(zip(of["months"], of["severity"], strict=True))
        for patient, of in found.groupby("patient_id")
    }
    assert told == {patient: flares for patient, (_, flares) in VISITS.items()}


def test_from_a_response_by_a_rule() -> None:
    columns = ("upcr_g_per_g", "egfr_ml_per_min_per_1_73m2", "creatinine_umol_per_l")
    cohort = cohort_of(columns, {"a": [(0, 4, 80, 90), (6, 1.5, 80, 90), (12, 3.1, 80, 90)]})
    rule = renal_response_kdigo_2024()
    assert find_relapses(cohort, renal_flare_kdigo_2012(rule)).empty  # never complete
    found = find_relapses(cohort, renal_flare_kdigo_2012(rule, "any"))
    assert found[["months", "severity"]].to_numpy().tolist() == [[12.0, "moderate"]]
    assert "complete or partial renal response by KDIGO 2024" in renal_flare_kdigo_2012(rule, "any").words


def test_it_names_its_missing_columns() -> None:
    cohort = cohort_of(("remission", "upcr_g_per_g"), {"a": [(0, "none", 4)]})
    assert renal_flare_kdigo_2012().missing_columns(cohort) == ("creatinine_umol_per_l",)
    with pytest.raises(ValueError, match="needs creatinine_umol_per_l"):
        find_relapses(cohort, renal_flare_kdigo_2012())
    with pytest.raises(ValueError, match="response"):
        renal_flare_kdigo_2012(response="guess")
