"""What a rule says of a patient does not depend on the others, nor on the order of the rows."""

from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    Cohort,
    bicla,
    doris_2021,
    lldas,
    read_cohort,
    renal_response_eular_2019,
    renal_response_kdigo_2024,
    renal_response_msc_role,
    renal_response_ranjbar_2022,
    sledai_at_most,
    sri_4,
    sri_4_without_bilag,
    sustained,
    without_steroids,
)
from analysis.facts.remission import RECORDED, RemissionRule, visit_states
from analysis.facts.responder_rules import SYSTEMS
from tests.properties import FEW

RULES = [
    RECORDED,
    without_steroids(RECORDED),
    sledai_at_most(4, 5),
    doris_2021(),
    lldas(),
    renal_response_kdigo_2024(),
    renal_response_eular_2019(),
    renal_response_msc_role(),
    renal_response_ranjbar_2022(),
    sri_4(),
    sri_4_without_bilag(),
    bicla(),
    sustained(RECORDED, 6),
    sustained(sledai_at_most(4), 1, visits=3),
]
IDS = ["a", "b", "c"]
MONTHS = [-3.0, 0.0, 1.0, 6.0, 12.0, 24.0]
VALUES: dict[str, list[Any]] = {
    "remission": ["none", "partial", "complete", None],
    "sledai": [0, 2, 4, 8, 12, None],
    "clinical_sledai": [0, 4, None],
    "pga": [0.2, 0.5, 0.9, 1.2, None],
    "prednisone_mg_per_day": [0, 5, 7.5, 20, None],
    "upcr_g_per_g": [0.1, 0.5, 1.0, 2.0, 6.0, None],
    "proteinuria_g_per_24h": [0.1, 0.5, 1.0, 2.0, 6.0, None],
    "egfr_ml_per_min_per_1_73m2": [50.0, 81.0, 90.0, 100.0, None],
    "urine_red_cells_per_hpf": [0.0, 9.0, 10.0, 40.0, None],
    **{system: ["A", "B", "C", "C", "D", "E"] for system in SYSTEMS},
    SYSTEMS[-1]: ["A", "B", "C", None],
}


@st.composite
def visit_tables(draw: st.DrawFn) -> pd.DataFrame:
    when = st.tuples(st.sampled_from(IDS), st.sampled_from(MONTHS))
    rows = draw(st.lists(when, min_size=1, max_size=12, unique=True))
    columns = {name: [draw(st.sampled_from(values)) for _ in rows] for name, values in VALUES.items()}
    return pd.DataFrame({**columns, "patient_id": [who for who, _ in rows], "months": [month for _, month in rows]})


def of(visits: pd.DataFrame, ids: list[str]) -> Cohort:
    people = pd.DataFrame({"patient_id": ids, "follow_up_months": 60.0, "died": 0})
    return read_cohort(people, visits[visits["patient_id"].isin(ids)])


def told(cohort: Cohort, rule: RemissionRule) -> dict[tuple[str, float], str]:
    states = visit_states(cohort, rule)
    ids = cohort.patient_ids.to_numpy()[states["row"]]
    return dict(zip(zip(ids, states["months"], strict=True), states["state"].astype(str), strict=True))


@FEW
@given(visits=visit_tables())
def test_a_patient_alone_has_the_same_states(visits: pd.DataFrame) -> None:
    together, backwards = of(visits, IDS), of(visits.iloc[::-1].reset_index(drop=True), IDS[::-1])
    alone = [of(visits, [patient]) for patient in sorted(set(visits["patient_id"]))]
    for rule in RULES:
        apart: dict[tuple[str, float], str] = {}
        for cohort in alone:
            apart |= told(cohort, rule)
        assert apart == told(together, rule) == told(backwards, rule), rule.name
