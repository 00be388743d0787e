"""Adverse events of small cohorts, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, Filters, OneOf, Pinned, adverse_events, read_cohort
from analysis.estimates.description.adverse_events import COLUMNS
from tests.analysis.made import SAMPLE, pinned

PATIENTS = pd.DataFrame(
    {
        "patient_id": ["a", "b", "c", "d"],
        "follow_up_months": [24.0, 12, 12, 12],
        "died": [0, 0, 0, 1],
        "arm": ["X", "X", "Y", "Y"],
    }
)
Row = tuple[str, float, str, int | None, int | None]


def with_events(rows: list[Row], patients: pd.DataFrame = PATIENTS) -> Cohort:
    """Return the four patients with these events: patient, months, event, grade, related."""
    columns = ["patient_id", "months", "event", "grade", "related"]
    return read_cohort(patients, events=pd.DataFrame(rows, columns=columns))


FOUR: list[Row] = [
    ("a", 1.0, "Fever", 1, 1),
    ("a", 6.0, "fever", 2, 0),
    ("b", 2.0, "Infection", 3, 0),
    ("c", 3.0, "Fever", 1, 0),
]


def test_patients_events_and_time() -> None:
    table = adverse_events(with_events(FOUR)).table
    assert table.columns.tolist() == COLUMNS
    counts = table[["event", "related", "patients", "at_least_one", "events"]].to_numpy().tolist()
    assert counts == [
        ["any event", "any", 4, 3, 4],
        ["any event", "related", 4, 1, 1],
        ["grade 3 or more", "any", 4, 1, 1],
        ["grade 3 or more", "related", 4, 0, 0],
        ["Fever", "any", 4, 2, 3],
        ["Fever", "related", 4, 1, 1],
        ["Infection", "any", 4, 1, 1],
        ["Infection", "related", 4, 0, 0],
    ]
    # 24 + 12 + 12 + 12 months
    assert table["person_years"].tolist() == [5] * 8
    assert table["rate"].tolist() == pytest.approx([80, 20, 20, 0, 60, 20, 20, 0])


def test_exact_limits() -> None:
    table = adverse_events(with_events(FOUR)).table.set_index(["event", "related"])
    # Clopper and Pearson 1934: 3 of 4 and 0 of 4, R's binom.test
    assert table.loc[("any event", "any"), ["lower", "upper"]].tolist() == pytest.approx([0.1941204, 0.9936905])
    assert table.loc[("Infection", "related"), ["lower", "upper"]].tolist() == pytest.approx([0, 1 - 0.025**0.25])
    # Garwood 1936: 3 events have limits 0.618672 and 8.767273, none 0 and 3.688879; here in 5 patient-years
    assert table.loc[("Fever", "any"), ["rate_lower", "rate_upper"]].tolist() == pytest.approx(
        [20 * 0.618672, 20 * 8.767273], abs=2e-5
    )
    assert table.loc[("Infection", "related"), ["rate_lower", "rate_upper"]].tolist() == pytest.approx(
        [0, 20 * 3.688879], abs=2e-5
    )


def test_every_event_has_a_row_in_every_group() -> None:
    table = adverse_events(with_events(FOUR), by="arm").table
    assert table["group"].tolist() == ["X"] * 8 + ["Y"] * 8
    y = table[table["group"] == "Y"].set_index(["event", "related"])
    assert y.loc[("Infection", "any"), ["patients", "at_least_one", "events"]].tolist() == [2, 0, 0]
    assert y["person_years"].tolist() == [2] * 8


def test_without_a_table_the_result_is_empty() -> None:
    sample = SAMPLE
    result = adverse_events(read_cohort(sample.patients, sample.visits))
    assert not result.recorded
    assert result.table.empty
    assert result.table.columns.tolist() == COLUMNS
    assert "no table of adverse events" in result.method


def test_a_selection_without_events_still_has_a_table() -> None:
    part = with_events(FOUR).where(Filters({"patient_id": OneOf("d")}))
    result = adverse_events(part)
    assert result.recorded
    counts = result.table[["event", "related", "patients", "events"]].to_numpy().tolist()
    assert counts[:2] == [["any event", "any", 1, 0], ["any event", "related", 1, 0]]


def test_an_unrecorded_relation_is_not_unrelated() -> None:
    rows: list[Row] = [("a", 1.0, "Fever", None, 1), ("b", 1.0, "Fever", None, None)]
    result = adverse_events(with_events(rows))
    counts = result.table[["event", "related", "events"]].to_numpy().tolist()
    assert counts == [
        [event, related, number]
        for event in ("any event", "Fever")
        for related, number in (("any", 2), ("related", 1), ("not recorded", 1))
    ]
    assert "relation not recorded of 1 event" in result.method
    assert "grade not recorded of 2 events" in result.method


def test_relation_and_grade_are_optional() -> None:
    events = pd.DataFrame({"patient_id": ["a"], "months": [1.0], "event": ["Fever"]})
    table = adverse_events(read_cohort(PATIENTS, events=events)).table
    assert set(table["related"]) == {"any", "not recorded"}
    assert "grade 3 or more" not in set(table["event"])


def test_events_after_the_end_count_and_before_the_start_do_not() -> None:
    late_entry = PATIENTS.assign(entry_months=[6.0, 0, 0, 0])
    rows: list[Row] = [("a", 3.0, "Fever", 1, 0), ("a", 6.0, "Rash", 1, 0), ("b", 20.0, "Rash", 1, 0)]
    result = adverse_events(with_events(rows, late_entry))
    table = result.table.set_index(["event", "related"])
    assert table.loc[("any event", "any"), ["events", "person_years"]].tolist() == [2, 4.5]
    assert result.left_out.empty
    assert "1 event after the end of follow-up counted" in result.method
    assert "1 event before the start of observation not counted" in result.method


def test_overlapping_groups_both_count_a_shared_patients_events() -> None:
    by = pinned(frozenset({"a", "b"}), frozenset({"a", "c"}), ("P", "Q"))
    result = adverse_events(with_events(FOUR), by=by)
    whole = result.table[(result.table["event"] == "any event") & (result.table["related"] == "any")]
    assert whole["events"].tolist() == [3, 3]
    assert "3 patients" in result.method


@pytest.mark.parametrize("by", [None, pinned(frozenset({"z"}), frozenset(), ("P", "Q"))])
def test_without_patients_there_is_no_share_or_rate(by: Pinned | None) -> None:
    nobody = with_events(FOUR).where(Filters({"arm": OneOf("Z")}))
    table = adverse_events(nobody, by=by).table
    assert table["group"].nunique() == (2 if by else 1)
    assert table["patients"].eq(0).all()
    assert table[["share", "lower", "upper", "rate", "rate_lower", "rate_upper"]].isna().all(axis=None)


EVENTS = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.integers(0, 12).map(float),
        st.sampled_from(["Fever", "Rash"]),
        st.integers(1, 5),
        st.sampled_from([0, 1]),
    ),
    min_size=1,
    max_size=15,
    unique=True,
)


@given(EVENTS)
def test_groups_and_events_add_up(rows: list[Row]) -> None:
    cohort = with_events(rows)
    added = ["patients", "at_least_one", "events", "person_years"]
    whole = adverse_events(cohort).table.set_index(["event", "related"])
    parts = adverse_events(cohort, by="arm").table.groupby(["event", "related"])[added].sum()
    assert np.allclose(parts.loc[whole.index].to_numpy(), whole[added].to_numpy(dtype=float))
    of_each = whole[whole.index.get_level_values("event").isin(["Fever", "Rash"])]
    assert of_each.groupby("related")["events"].sum().to_dict() == whole.loc["any event", "events"].to_dict()
    assert (whole["lower"] <= whole["share"]).all()
    assert (whole["share"] <= whole["upper"]).all()
    assert (whole["rate_lower"] <= whole["rate"]).all()
    assert (whole["rate"] <= whole["rate_upper"]).all()
