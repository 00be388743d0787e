"""A cohort and its parts."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from pandas.testing import assert_frame_equal

from analysis import Cohort, Filters, OneOf, load_sample, trajectory
from analysis.estimates.states.lanes import lanes


def test_a_part_of_a_cohort_is_as_if_it_were_read_alone() -> None:
    sample = load_sample()
    keep = sample.patients["msc_source"] == "UC"
    part, ids = sample.subset(keep), sample.patients.loc[keep, "patient_id"]
    visits = sample.visits[sample.visits["patient_id"].isin(ids)].reset_index(drop=True)
    assert_frame_equal(part.visits, visits)
    assert part.patients["patient_id"].to_numpy()[part.visit_rows].tolist() == visits["patient_id"].tolist()
    alone = replace(sample, patients=part.patients, visits=visits, events=part.events)
    assert alone.visit_rows.tolist() == part.visit_rows.tolist()
    with pytest.raises(ValueError, match="those of its patients"):
        _ = replace(sample, patients=part.patients).visit_rows


def test_a_cohort_remembers_what_was_asked_last_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.cohort.known.MOST_KNOWN", 2)
    cohort, made = replace(load_sample()), []

    def make(_: Cohort, choice: str) -> str:
        made.append(choice)
        return choice

    for choice in ("a", "b", "a", "c", "a", "b"):
        assert cohort.remembered(make, choice) == choice
    assert made == ["a", "b", "c", "b"]


def test_a_part_of_a_part_cuts_no_visits_that_nobody_asked_for() -> None:
    sample = load_sample()
    women = sample.subset(sample.patients["sex"] == "female")
    both = women.subset(women.patients["msc_source"] == "UC")
    assert "visits" not in vars(women)
    ids = both.patients["patient_id"]
    assert both.visits["patient_id"].tolist() == [each for each in sample.visits["patient_id"] if each in set(ids)]


def test_a_part_gives_one_column_without_cutting_out_the_others() -> None:
    sample = load_sample()
    part = sample.where(Filters({"msc_source": OneOf("UC")}))
    told = {name: part.numbers(name) for name in ("follow_up_months", "died", "relapse_months")}
    size, ids, source = len(part), part.patient_ids, part.values("msc_source")
    assert "patients" not in vars(part)
    patients = part.patients
    for name, numbers in told.items():
        assert_array_equal(numbers, patients[name].to_numpy(dtype=float, na_value=np.nan))
    assert part.died.tolist() == patients["died"].tolist()
    assert (size, ids.tolist()) == (len(patients), patients["patient_id"].tolist())
    assert list(source) == patients["msc_source"].tolist()
    assert part.index.equals(patients.index)
    assert part.patient_columns.equals(patients.columns)


def test_whose_each_visit_is_is_known_once_a_file_is_read() -> None:
    assert {"visit_rows", "event_rows"} <= set(vars(load_sample()))


def test_a_part_that_let_its_tables_go_gives_the_same_again() -> None:
    part = load_sample().where(Filters({"msc_source": OneOf("UC")}))
    before, course = [part.patients, part.visits, part.events], trajectory(part)
    part.let_go()
    for table, again in zip(before, [part.patients, part.visits, part.events], strict=True):
        assert_frame_equal(table, again)
    part.let_go()
    assert_frame_equal(course.lines, trajectory(part).lines)
    assert set(course.lines["patient_id"]) <= set(before[0]["patient_id"])


def test_the_whole_lets_nothing_go() -> None:
    sample = load_sample()
    patients = sample.patients
    sample.let_go()
    assert sample.patients is patients


def test_one_patient_is_the_part_with_this_patient() -> None:
    sample = load_sample()
    alone = sample.of_patient("S007")
    part = sample.subset(sample.patients["patient_id"] == "S007")
    for name in ("patients", "visits", "events"):
        assert_frame_equal(getattr(alone, name), getattr(part, name))
    assert_frame_equal(lanes(alone).stays, lanes(part).stays)
    assert_frame_equal(lanes(alone).marks, lanes(part).marks)


def test_the_place_of_a_patient_is_known_in_the_whole_and_in_a_part() -> None:
    sample = load_sample()
    part = sample.where(Filters({"msc_source": OneOf("UC")}))
    smaller = part.where(Filters({"sex": OneOf("female")}))
    for cohort in (sample, part, smaller):
        ids = list(cohort.patients["patient_id"])
        assert [cohort.place_of(each) for each in ids] == list(range(len(ids)))
        without = set(sample.patients["patient_id"]) - set(ids) | {"", "S999"}
        assert {cohort.place_of(each) for each in without} == {None}


def test_a_patient_who_is_not_there_is_none() -> None:
    with pytest.raises(ValueError, match="no patient 'S999'"):
        load_sample().of_patient("S999")
