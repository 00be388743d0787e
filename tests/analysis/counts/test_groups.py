"""Groups of tables of counts: parts have the groups of the whole, and add up to it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, Cut, Grouping, read_cohort
from analysis.cohort.grouping import By
from analysis.counts.groups import Groups, membership
from analysis.counts.joining import join_names
from analysis.counts.reasons import LeftOut
from analysis.estimates.common.method_words import method_words
from tests.analysis.made import pinned


@pytest.fixture(scope="module")
def five() -> Cohort:
    return read_cohort(
        pd.DataFrame(
            {
                "patient_id": list("abcde"),
                "follow_up_months": [1, 2, 3, 4, 5],
                "died": [0, 0, 1, 0, 0],
                "msc_source": ["UC", "BM", None, "UC", "UC"],
                "age_years": [20, 30, 40, 50, None],
                "organs": ["renal", "skin", None, "none", "none"],
            }
        )
    )


def told(groups: Groups) -> tuple[object, ...]:
    return groups.names, groups.members.tolist(), groups.shared, groups.patients


def test_a_level_without_patients_keeps_its_index_and_is_not_shown(five: Cohort) -> None:
    part = membership(five.subset(np.array([True, False, True, True, False])), "msc_source")
    assert told(part.groups()) == (("BM", "UC"), [0, 2], 0, 2)
    assert (part.code.tolist(), part.rows.tolist(), part.without.tolist()) == ([1, 1], [0, 2], [1])
    assert list(part.groups().column(part.code).categories) == ["UC"]


def test_groups_named_by_a_grouping_are_shown_even_if_empty(five: Cohort) -> None:
    nobody = five.subset(np.array([False, True, False, True, True]))
    assert membership(nobody, Grouping("renal")).groups().shown.tolist() == [0, 1]
    assert membership(nobody, Cut("age_years", [25])).groups().shown.tolist() == [1]
    assert membership(five.subset(np.zeros(5, dtype=bool)), None).groups().shown.tolist() == [0]


def test_patients_in_two_groups_are_counted_once_in_all(five: Cohort) -> None:
    who = membership(five, pinned(frozenset("abc"), frozenset("cd")))
    assert told(who.groups()) == (("A", "B"), [3, 2], 1, 4)
    assert who.shared(who.rows[who.rows != 2]) == 0
    left_out = who.absence((np.array([0, 2]), "no visit")).count()
    assert left_out.table.to_numpy().tolist() == [["no visit", 2]]  # "e" is in neither cohort, and not asked for


def test_each_patient_is_left_out_once_for_the_first_reason(five: Cohort) -> None:
    who = membership(five, "msc_source")
    absence = who.absence((np.array([0, 1, 4]), "no visit"), (np.array([1, 4]), "no score"))
    assert absence.reasons == ("the group is not recorded", "no visit", "no score")
    assert absence.code.tolist() == [2, -1, 0, 1, -1]
    assert absence.count().table.to_numpy().tolist() == [
        ["the group is not recorded", 1],
        ["no visit", 1],
        ["no score", 1],
    ]


@pytest.mark.parametrize("by", [None, "msc_source", Grouping("renal"), Cut("age_years", [35]), "pinned"])
@given(where=st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_groups_of_parts_add_up(five: Cohort, by: By | None, where: list[int]) -> None:
    by = pinned(frozenset("abc"), frozenset("cd")) if by == "pinned" else by
    parts = [five.subset(np.array(where) == place) for place in range(3)]
    groups = [membership(part, by).groups() for part in parts]
    assert told(groups[0] + groups[1] + groups[2]) == told(membership(five, by).groups())


def test_a_cut_at_quantiles_does_not_add_up(five: Cohort) -> None:
    groups = membership(five, Cut("age_years", "median")).groups()
    with pytest.raises(ValueError, match="quantiles"):
        groups + groups
    with pytest.raises(ValueError, match="the same groups"):
        groups + membership(five, "msc_source").groups()


@given(
    levels=st.lists(st.one_of(st.integers(-30, 30), st.floats(-9, 9)), unique_by=str)
    | st.lists(st.text(max_size=3), unique=True),
    where=st.lists(st.integers(0, 2)),
)
def test_levels_of_parts_join_to_the_levels_of_all(levels: list[object], where: list[int]) -> None:
    names = [str(level) for level in sorted(levels)]  # type: ignore[type-var]
    parts = [[name for name, at in zip(names, [*where, *[0] * len(names)], strict=False) if at == k] for k in range(3)]
    joined, here, there = join_names(join_names(parts[0], parts[1])[0], parts[2])
    if not any(name.lower() in {"nan", "inf", "-inf", "infinity"} or name.isnumeric() for name in names) or all(
        isinstance(level, int | float) for level in levels
    ):
        assert list(joined) == names
    assert [joined[place] for place in there] == parts[2]
    assert sorted([*here, *there]) == list(range(len(names)))


def test_joined_levels_keep_their_order() -> None:
    assert join_names(["mild", "severe"], ["mild", "moderate", "severe"])[0] == ("mild", "moderate", "severe")
    with pytest.raises(ValueError, match="different orders"):
        join_names(["mild", "severe"], ["severe", "mild"])


def test_reasons_add_up() -> None:
    assert LeftOut(("a", "b"), (1, 0)) + LeftOut(("b", "c"), (2, 3)) == LeftOut(("a", "b", "c"), (1, 2, 3))


def test_hidden_reasons_are_in_a_fixed_order() -> None:
    hidden = LeftOut(("a", "b", "c"), (1, 0, 3)).hidden()
    assert hidden == LeftOut(("a", "c"), (None, None))
    told = method_words("Plain counts", hidden.table)
    assert told == "Plain counts. In no number: a hidden number of patients: a; a hidden number of patients: c."
