"""Rows of a registry on request: an ordinary cohort, of which every number is that of the registry, to the bit."""

from __future__ import annotations

import io
import runpy
import sys
from contextlib import redirect_stdout
from functools import partial
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Cohort, Filters, OneOf, Pinned, read_cohort
from analysis.centres.centre_question import AskedEstimate, CentreQuestion
from analysis.cohort.conditions import AnyOf, Between, Condition, NoneOf
from analysis.cohort.grouping import By, Cut, Grouping
from analysis.cohort.rows_elsewhere import RowsElsewhereError
from analysis.cohort.table_kinds import KINDS
from analysis.export.python_script import Origin, python_script
from analysis.figures.common.paper import Paper
from analysis.intake.assemble import SAMPLE_MAPPING
from analysis.registry.count import EngineError
from analysis.registry.folder import Folder
from analysis.registry.importing import import_registry
from analysis.registry.opened_rows import MOST_ROWS
from analysis.registry.registry_cohort import RegistryCohort
from analysis.registry.telling import telling
from tests.analysis.centres.registry import ORGANS, SOURCES, registry_tables
from tests.analysis.centres.test_pooled import assert_equal
from tests.analysis.export.exhibits import exhibit, survival
from tests.analysis.made import SAMPLE
from tests.analysis.registry.folders import TablesSource, folder_of, sample_tables
from tests.analysis.registry.test_conformance import assert_same_answers, outcome

pytest.importorskip("duckdb")
pytestmark = pytest.mark.newest  # the same rows on any versions

SIZE = 250
GROUPS: tuple[By | None, ...] = (None, "msc_source", "nephritis_class", Grouping("renal"), Cut("age_years", "median"))
QUESTION = CentreQuestion("All", measures=("sledai",))


def one_of(values: set[str], missing: bool) -> Condition:
    return OneOf(*values, keep_missing=missing)


def of_organs(kind: type[AnyOf | NoneOf], organs: set[str]) -> Condition:
    return kind(*organs)


def between(low: int, width: int, missing: bool) -> Condition:
    return Between(low, low + width, keep_missing=missing)


CONDITIONS: dict[str, st.SearchStrategy[Condition]] = {
    "msc_source": st.builds(one_of, st.sets(st.sampled_from(SOURCES), min_size=1), st.booleans()),
    "organs": st.builds(of_organs, st.sampled_from((AnyOf, NoneOf)), st.sets(st.sampled_from(ORGANS), min_size=1)),
    "age_years": st.builds(between, st.integers(16, 60), st.integers(0, 40), st.booleans()),
    "baseline_sledai": st.builds(between, st.integers(0, 20), st.integers(0, 20), st.booleans()),
    "transplant_year": st.builds(OneOf, st.integers(2005, 2014)),
}
FILTERS = st.sets(st.sampled_from(sorted(CONDITIONS)), max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: CONDITIONS[name] for name in sorted(names)}).map(Filters)
)


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return read_cohort(*registry_tables(1, SIZE), name="Synthetic registry")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    patients, visits = registry_tables(1, SIZE)
    return folder_of({"patients": patients, "visits": visits}, tmp_path_factory.mktemp("registry"), patients_a_part=80)


@pytest.fixture(scope="module")
def registry(folder: Folder) -> RegistryCohort:
    return RegistryCohort(folder, most_rows=MOST_ROWS)


def test_every_number_of_the_rows_is_that_of_the_registry(registry: RegistryCohort) -> None:
    selected = registry.where(Filters({"organs": AnyOf("renal"), "age_years": Between(18, 50, keep_missing=True)}))
    assert_same_answers(QUESTION, "msc_source", selected.rows(), selected)


@settings(max_examples=30, deadline=None)
@given(filters=FILTERS, by=st.sampled_from(GROUPS), estimate=st.sampled_from(QUESTION.estimates))
def test_a_number_of_any_selection_is_that_of_the_registry(
    cohort: Cohort, registry: RegistryCohort, filters: Filters, by: By | None, estimate: AskedEstimate
) -> None:
    selected = registry.where(filters)
    if not len(selected):
        assert "No patient" in selected.rows_refused
        return
    rows = selected.rows()
    expected = cohort.where(filters)
    assert sorted(rows.patient_ids) == sorted(expected.patient_ids)
    assert rows.settled == tuple(filters.words())
    first, second = (outcome(partial(estimate.of, by=by), each) for each in (rows, selected))
    if isinstance(second, str):
        assert first == second
    else:
        assert_equal(first, second)


def test_the_rows_are_those_of_the_files(cohort: Cohort, registry: RegistryCohort) -> None:
    filters = Filters({"msc_source": OneOf("UC", "AD")})
    rows, expected = registry.where(filters).rows(), cohort.where(filters)
    assert rows.name == f"Synthetic registry: {len(expected)} patients"
    note, *others = rows.findings["message"]
    assert note == f"These findings are of the whole registry: {len(expected)} of its {SIZE} patients are open here."
    assert others == registry.findings["message"].tolist()
    order = pd.Index(rows.patient_ids).get_indexer(pd.Index(expected.patient_ids))
    for name in KINDS:
        found, held = getattr(rows, name), getattr(expected, name)
        if name == "patients":
            found = found.iloc[order].reset_index(drop=True)
        else:
            place = dict(zip(expected.patient_ids, range(len(expected)), strict=True))
            found = found.sort_values("patient_id", key=lambda ids: ids.map(place), kind="stable").reset_index(
                drop=True
            )
        assert list(found) == list(held)
        pd.testing.assert_frame_equal(found, held, check_dtype=False, check_categorical=False)


def test_the_order_and_the_categories_are_those_of_the_registry(folder: Folder, registry: RegistryCohort) -> None:
    rows = registry.where(Filters({"age_years": Between(20, 40)})).rows()
    places = {patient: place for place, patient in enumerate(p for part in folder.parts for p in part.patient_ids)}
    assert all(places[first] < places[second] for first, second in pairwise(rows.patient_ids))
    for table in ("patients", "visits"):
        like = getattr(registry, f"{table}_like")
        assert getattr(rows, table).dtypes.to_dict() == like.dtypes.to_dict()


def test_the_fingerprint_is_that_of_the_same_rows_in_a_file(registry: RegistryCohort) -> None:
    patients, visits = registry_tables(1, SIZE)
    held = patients[patients["msc_source"] == "UC"]
    alone = read_cohort(held, visits[visits["patient_id"].isin(held["patient_id"])])
    assert registry.where(Filters({"msc_source": OneOf("UC")})).rows().fingerprint == alone.fingerprint


def test_every_table_of_the_sample_is_there(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("sample")
    folder = import_registry(TablesSource(sample_tables()), path, patients_a_part=30, mapping=SAMPLE_MAPPING)
    rows = RegistryCohort(folder, most_rows=87).rows()
    assert rows.recorded == SAMPLE.recorded
    assert rows.fingerprint == SAMPLE.fingerprint
    assert rows.settled == ()
    assert rows.findings.equals(RegistryCohort(folder).findings)


def test_two_selections_together_have_rows_too(registry: RegistryCohort, cohort: Cohort) -> None:
    pinned = Pinned("A", "B", Filters({"msc_source": OneOf("UC")}), Filters({"age_years": Between(20, 30)}))
    rows = pinned.either(registry).rows()  # type: ignore[attr-defined]
    assert sorted(rows.patient_ids) == sorted(pinned.either(cohort).patient_ids)
    assert rows.settled == ("A or B",)


def test_no_rows_without_permission_and_not_of_too_many(folder: Folder) -> None:
    with pytest.raises(RowsElsewhereError, match="are counted and not listed"):
        RegistryCohort(folder).rows()
    few = RegistryCohort(folder, most_rows=20)
    with pytest.raises(
        RowsElsewhereError, match=f"^{SIZE} patients are selected; the rows of at most 20 can be opened. Filter"
    ):
        few.rows()
    with pytest.raises(ValueError, match="give away the counts"):
        RegistryCohort(folder, least=5, most_rows=20)


def test_it_is_told_how_far_it_is_and_can_be_stopped(
    folder: Folder, registry: RegistryCohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.registry.telling.TOLD_EVERY", 0)
    told: list[float | None] = []
    with telling(lambda share, _: told.append(share)):
        registry.rows()
    assert told == [place / len(folder.parts) for place in range(len(folder.parts))]

    def stop(share: float | None, words: str) -> None:
        raise KeyboardInterrupt

    with telling(stop), pytest.raises(KeyboardInterrupt):
        registry.rows()


def test_files_that_are_gone_are_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    patients, visits = registry_tables(2, 40)
    folder = folder_of({"patients": patients, "visits": visits}, tmp_path_factory.mktemp("gone"), patients_a_part=40)
    registry = RegistryCohort(folder, most_rows=MOST_ROWS)
    (folder.data / "parts" / "00000" / "visits.parquet").unlink()
    with pytest.raises(EngineError, match="Open it again"):
        registry.rows()


def test_a_script_reads_the_rows_from_the_registry(
    folder: Folder, registry: RegistryCohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = Filters({"msc_source": OneOf("UC"), "organs": NoneOf("renal")})
    shown = exhibit(survival, whole=registry.where(filters).rows())
    script = tmp_path / "script.py"
    script.write_text(python_script([shown], Origin(rows_of=filters), Paper(width_mm=85)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(script), str(folder.path)])
    with redirect_stdout(io.StringIO()) as said:
        runpy.run_path(str(script))
    assert said.getvalue() == "All numbers are as on screen.\n"
