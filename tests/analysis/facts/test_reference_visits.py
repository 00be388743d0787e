"""Relapses after remission, found for all patients at once, against a walk over each patient's visits."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.facts.reference_visits import relapses_after

Visit = tuple[int, float, float | None, bool]  # patient, months, score, in remission


def walked(visits: list[Visit], points: float) -> Iterator[int]:
    """Yield 1 for each visit with a relapse, else 0."""
    reference: dict[int, float] = {}
    for patient, months, score, inside in visits:
        known = score is not None
        relapse = known and months > 0 and patient in reference and score > reference[patient] + points
        yield int(relapse)
        if relapse:
            del reference[patient]
        elif inside and known:
            reference[patient] = score


@given(
    visits=st.lists(
        st.tuples(
            st.integers(0, 4),
            st.sampled_from([-3.0, 0.0, 3.0, 6.0, 12.0, 18.0]),
            st.sampled_from([None, 0.0, 2.0, 4.0, 6.0, 9.0]),
            st.booleans(),
        ),
        max_size=40,
    ),
    points=st.sampled_from([0.0, 3.0]),
)
def test_all_patients_at_once_are_as_one_after_another(visits: list[Visit], points: float) -> None:
    visits = sorted(visits, key=lambda visit: visit[:2])
    columns = [*zip(*visits, strict=True)] or [(), (), (), ()]
    row, months, score = np.array(columns[0], dtype=np.intp), np.array(columns[1]), np.array(columns[2], dtype=float)
    found = relapses_after(
        row, months, score[None], np.array(columns[3], dtype=bool), lambda now, then: (now[0] > then[0] + points) * 1
    )
    assert found.tolist() == [*walked(visits, points)]
