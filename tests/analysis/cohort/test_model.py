"""A cohort and its selections."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pandas.testing import assert_frame_equal

from analysis import Cohort, Filters, OneOf, load_sample
from analysis.cohort import model
from analysis.cohort.per_patient import STORE
from analysis.listings.lanes import lanes


def known(cohort: Cohort, table: str) -> bool:
    """Return whether a table of a selection has been sliced."""
    sliced = (model._rows_kept.__wrapped__, cohort.fingerprint, (table,))
    return any(each[1][:3] == sliced for each in STORE._held)


def test_a_selection_equals_the_same_patients_read_alone() -> None:
    sample = load_sample()
    keep = sample.patients["msc_source"] == "UC"
    part, ids = sample.subset(keep), sample.patients.loc[keep, "patient_id"]
    visits = sample.visits[sample.visits["patient_id"].isin(ids)].reset_index(drop=True)
    assert_frame_equal(part.visits, visits)
    assert part.patients["patient_id"].to_numpy()[part.visit_rows].tolist() == visits["patient_id"].tolist()
    alone = replace(sample, patients=part.patients, visits=visits, events=part.events)
    assert alone.visit_rows.tolist() == part.visit_rows.tolist()
    with pytest.raises(ValueError, match="visits refer to patient ids that are not in patients, such as"):
        _ = replace(sample, patients=part.patients).visit_rows


def test_a_selection_of_a_selection_slices_no_unused_visits() -> None:
    sample = load_sample()
    women = sample.subset(sample.patients["sex"] == "female")
    both = women.subset(women.patients["msc_source"] == "UC")
    assert not known(women, "visits")
    ids = both.patients["patient_id"]
    assert both.visits["patient_id"].tolist() == [each for each in sample.visits["patient_id"] if each in set(ids)]


def test_a_selection_gives_one_column_without_slicing_the_others() -> None:
    sample = load_sample()
    part = sample.where(Filters({"msc_source": OneOf("UC")}))
    told = {name: part.numbers(name) for name in ("follow_up_months", "died", "relapse_months")}
    size, ids, source = len(part), part.patient_ids, part.values("msc_source")
    assert not known(part, "patients")
    patients = part.patients
    for name, numbers in told.items():
        assert_array_equal(numbers, patients[name].to_numpy(dtype=float, na_value=np.nan))
    assert part.died.tolist() == patients["died"].tolist()
    assert (size, ids.tolist()) == (len(patients), patients["patient_id"].tolist())
    assert list(source) == patients["msc_source"].tolist()
    assert part.index.equals(patients.index)
    assert part.patient_columns.equals(patients.columns)


def test_one_patient_equals_the_selection_of_this_patient() -> None:
    sample = load_sample()
    alone = sample.of_patient("S007")
    part = sample.subset(sample.patients["patient_id"] == "S007")
    for name in ("patients", "visits", "events"):
        assert_frame_equal(getattr(alone, name), getattr(part, name))
    assert_frame_equal(lanes(alone).stays, lanes(part).stays)
    assert_frame_equal(lanes(alone).marks, lanes(part).marks)


def test_the_row_position_of_a_patient_in_a_cohort_and_a_selection() -> None:
    sample = load_sample()
    part = sample.where(Filters({"msc_source": OneOf("UC")}))
    smaller = part.where(Filters({"sex": OneOf("female")}))
    for cohort in (sample, part, smaller):
        ids = list(cohort.patients["patient_id"])
        assert [cohort.place_of(each) for each in ids] == list(range(len(ids)))
        without = set(sample.patients["patient_id"]) - set(ids) | {"", "S999"}
        assert {cohort.place_of(each) for each in without} == {None}


def test_an_unknown_patient_is_an_error() -> None:
    with pytest.raises(ValueError, match="no patient 'S999'"):
        load_sample().of_patient("S999")
