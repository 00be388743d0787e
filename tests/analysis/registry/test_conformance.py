"""A registry in parts gives what its tables give as one cohort, to the bit, whatever is asked."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import (
    Against,
    Cohort,
    Cut,
    Filters,
    Grouping,
    OneOf,
    Pinned,
    adverse_events,
    attrition,
    option_counts,
    read_cohort,
)
from analysis.centres.centre_question import CentreQuestion
from analysis.cohort.conditions import AllOf, AnyOf, Between, NoneOf
from analysis.cohort.grouping import By
from analysis.counts.options import RangeCounts
from analysis.counts.recorded_counts import RecordedCounts
from analysis.registry.count import Among, StoredColumn
from analysis.registry.patient_columns import PatientColumn
from analysis.registry.registry_cohort import RegistryCohort
from tests.analysis.centres.registry import registry_tables
from tests.analysis.centres.test_pooled import RELAPSES, RULES, assert_equal
from tests.analysis.made import SAMPLE
from tests.analysis.registry.folders import folder_of, sample_tables

pytest.importorskip("duckdb")
pytestmark = pytest.mark.newest  # the same counts on any versions: long

UC = Filters({"msc_source": OneOf("UC")})
BETWEEN = Filters({"age_years": Between(20, 40)})
FILTERS = {
    "nobody left out": Filters(),
    "source": Filters({"msc_source": OneOf("UC", "AD")}),
    "organs": Filters({"organs": AnyOf("renal", without=("mucocutaneous",)), "age_years": Between(18, 50)}),
    "missing kept": Filters({"sex": OneOf("female", keep_missing=True), "organs": AllOf("renal", keep_missing=True)}),
    "baseline": Filters({"baseline_sledai": Between(8, 20, keep_missing=True), "organs": NoneOf("renal")}),
    "numbers": Filters({"cell_dose_million_per_kg": OneOf(1.0), "transplant_year": Between(2006, 2012)}),
    "nobody": Filters({"age_years": Between(200, 300)}),
}
GROUPS: dict[str, By | None] = {
    "all": None,
    "source": "msc_source",
    "year": "transplant_year",
    "organ": Grouping("renal"),
    "cut": Cut("age_years", [30, 45]),
    "median": Cut("baseline_sledai", "median"),
    "against": Against(UC, "UC"),
    "pinned": Pinned("A", "B", UC, BETWEEN),
    "rest": Pinned("A", "B", UC, BETWEEN, rest=True),
}
BASIC = CentreQuestion("All", measures=("sledai",))
SHORT = CentreQuestion("Few", endpoints=("overall_survival",), measures=("c3_g_per_l",))


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return read_cohort(*registry_tables(1, 500), name="Synthetic registry")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> RegistryCohort:
    patients, visits = registry_tables(1, 500)
    tables = {"patients": patients, "visits": visits}
    return RegistryCohort(folder_of(tables, tmp_path_factory.mktemp("registry"), patients_a_part=200))


def outcome(ask: Any, cohort: Cohort) -> Any:
    """Return an answer, or the words of the refusal."""
    try:
        return ask(cohort)
    except ValueError as error:
        return str(error)


def assert_same_answers(question: CentreQuestion, by: By | None, found: Cohort, expected: Cohort) -> None:
    for estimate in question.estimates:
        first, second = (outcome(partial(estimate.of, by=by), cohort) for cohort in (found, expected))
        if isinstance(second, str):
            assert first == second, estimate.key
        else:
            assert_equal(first, second)


@pytest.mark.parametrize("name", GROUPS)
def test_groups(name: str, cohort: Cohort, registry: RegistryCohort) -> None:
    filters = FILTERS["organs"]
    question = BASIC if name in ("source", "against", "pinned") else SHORT
    assert_same_answers(question, GROUPS[name], registry.where(filters), cohort.where(filters))


@pytest.mark.parametrize("name", FILTERS)
def test_filters(name: str, cohort: Cohort, registry: RegistryCohort) -> None:
    found, expected = registry.where(FILTERS[name]), cohort.where(FILTERS[name])
    assert len(found) == len(expected)
    assert_same_answers(SHORT, "msc_source", found, expected)


def test_numbers_of_any_type_are_filtered_by() -> None:
    """Whole numbers of numpy are no int, and were left out in silence."""
    column = PatientColumn(StoredColumn("patients", "year"), None)
    assert column.test(OneOf(np.int64(2006), 2007, np.True_)) == Among(column.stored, (2006.0, 2007.0, 1.0))


@pytest.mark.parametrize("name", RULES)
def test_rules(name: str, cohort: Cohort, registry: RegistryCohort) -> None:
    question = CentreQuestion(name, rule=RULES[name], endpoints=("time_to_remission",), measures=())
    assert_same_answers(question, "sex", registry, cohort)


@pytest.mark.parametrize("name", RELAPSES)
def test_relapses(name: str, cohort: Cohort, registry: RegistryCohort) -> None:
    question = CentreQuestion(name, relapse=RELAPSES[name], endpoints=("time_to_remission",), measures=())
    assert_same_answers(question, "sex", registry, cohort)


@pytest.mark.parametrize("name", FILTERS)
def test_what_the_filter_panel_counts(name: str, cohort: Cohort, registry: RegistryCohort) -> None:
    filters = FILTERS[name]
    columns = ["msc_source", "organs", "sex", "age_years", "transplant_year", "nephritis_class", "baseline_sledai"]
    pd.testing.assert_frame_equal(attrition(registry, filters), attrition(cohort, filters))
    for column in columns:
        pd.testing.assert_frame_equal(
            option_counts(registry, filters, column), option_counts(cohort, filters, column), check_exact=True
        )
    for column in ("age_years", "baseline_sledai", "cell_dose_million_per_kg"):
        found, expected = (RangeCounts.of(each, filters, column).to_table() for each in (registry, cohort))
        pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert RecordedCounts.of(registry.where(filters)) == RecordedCounts.of(cohort.where(filters))


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> RegistryCohort:
    return RegistryCohort(folder_of(sample_tables(), tmp_path_factory.mktemp("sample"), patients_a_part=30))


def test_sample_from_a_folder(sample: RegistryCohort) -> None:
    assert len(sample.folder.parts) == 3
    assert_same_answers(BASIC, "msc_source", sample, SAMPLE)
    assert_equal(adverse_events(sample, by="msc_source"), adverse_events(SAMPLE, by="msc_source"))
