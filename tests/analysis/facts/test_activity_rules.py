"""DORIS off treatment, and LLDAS by the items of SLEDAI-2K, patient by patient, against tables worked out by hand."""

from analysis import Cohort, doris_2021, doris_off_treatment, lldas
from analysis.cohort.sledai import ITEMS
from tests.analysis.facts.visit_tables import cohort_of, states_of

DORIS = {
    "off treatment": [(0, 8, 2.0, 40), (6, 0, 0.4, 5), (12, 0, 0.4, 0)],
    "any dose is too much": [(6, 0, 0.4, 0.5), (12, 0, 0.4, 0.0)],
    "at the limit of PGA": [(6, 0, 0.5, 0), (12, 0, 0.49, 0)],
    "active": [(6, 1, 0.1, 0)],
    "a missing dose": [(6, 0, 0.4, None), (12, 2, 0.4, None)],
    "a missing PGA": [(6, 0, None, 0), (12, 0, None, 5)],
    "a missing score": [(6, None, 0.4, 0), (12, None, 0.6, 0)],
    "relapsed": [(6, 0, 0.2, 0), (12, 4, 1.0, 10), (18, 0, 0.2, 0)],
}


def test_doris_off_treatment() -> None:
    cohort = cohort_of(("clinical_sledai", "pga", "prednisone_mg_per_day"), DORIS)
    assert states_of(cohort, doris_off_treatment()) == {
        "off treatment": "nnC",
        "any dose is too much": "nC",
        "at the limit of PGA": "nC",
        "active": "n",
        "a missing dose": "?n",
        "a missing PGA": "?n",
        "a missing score": "?n",
        "relapsed": "CnC",
    }
    on_treatment = states_of(cohort, doris_2021())
    assert on_treatment["off treatment"] == "nCC"
    assert on_treatment["a missing PGA"] == "??"


NAMES = tuple(item.name for item in ITEMS)
COLUMNS = tuple(f"sledai_{name}" for name in NAMES)
# Months, SLEDAI, the items that are present, those that are not recorded; PGA 1 and prednisone 5 throughout.
ITEMISED: dict[str, tuple[list[tuple[float, int, str, str]], str]] = {
    "low activity": ([(0, 12, "rash arthritis", ""), (6, 2, "rash", ""), (12, 2, "rash", "")], "nCC"),
    "the first visit has none before": ([(0, 2, "rash", ""), (6, 2, "rash", "")], "?C"),
    "nothing is never new": ([(0, 0, "", ""), (6, 0, "", "")], "CC"),
    "a new item": ([(0, 2, "rash", ""), (6, 4, "rash alopecia", ""), (12, 4, "rash alopecia", "")], "?nC"),
    "new again": ([(0, 2, "rash", ""), (6, 0, "", ""), (12, 2, "rash", "")], "?Cn"),
    "a major organ": ([(0, 4, "proteinuria", ""), (6, 4, "proteinuria", ""), (12, 1, "fever", "")], "nnn"),
    "serosa": ([(0, 2, "pleurisy", ""), (6, 2, "pericarditis", "")], "nn"),
    "a missing item of a major organ": ([(0, 0, "", ""), (6, 0, "", "pyuria"), (12, 0, "", "")], "C?C"),
    "a missing item that was there": ([(0, 2, "rash", ""), (6, 2, "rash", "alopecia"), (12, 2, "rash", "")], "??C"),
    "new since the visit at which it was recorded": (
        [(0, 0, "", ""), (6, 0, "", "rash"), (12, 2, "rash", "")],
        "C?n",
    ),
    "a high score": ([(0, 5, "rash leukopenia alopecia", ""), (6, 5, "rash leukopenia alopecia", "")], "nn"),
}


def itemised() -> Cohort:
    visits = {
        patient: [
            (months, score, 1.0, 5, *(None if name in missing.split() else int(name in held.split()) for name in NAMES))
            for months, score, held, missing in rows
        ]
        for patient, (rows, _) in ITEMISED.items()
    }
    return cohort_of(("sledai", "pga", "prednisone_mg_per_day", *COLUMNS), visits)


def test_lldas_by_the_items() -> None:
    cohort = itemised()
    assert states_of(cohort, lldas()) == {patient: told for patient, (_, told) in ITEMISED.items()}
    assert lldas().not_applied(cohort) == (
        "no haemolytic anaemia or gastrointestinal activity, for which SLEDAI-2K has no item",
        "well tolerated maintenance doses of immunosuppressants",
    )


def test_a_column_that_says_it_goes_before_the_items() -> None:
    visits = [(0, 0, 1.0, 5, 1, 0, *(0 for _ in NAMES)), (6, 0, 1.0, 5, 0, 0, *(1 for _ in NAMES))]
    columns = ("sledai", "pga", "prednisone_mg_per_day", "major_organ_activity", "new_activity", *COLUMNS)
    cohort = cohort_of(columns, {"a": visits})
    assert states_of(cohort, lldas()) == {"a": "nC"}
    assert lldas().not_applied(cohort) == ("well tolerated maintenance doses of immunosuppressants",)
