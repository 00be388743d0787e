"""A database in OMOP's form, read in parts, is the cohort that it was made from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import kaplan_meier, read_cohort, trajectory
from analysis.cohort.model import Cohort
from analysis.registry.catalogue import OMOP, CatalogueError
from analysis.registry.catalogue_reading import read_catalogue
from analysis.registry.connections import open_warehouse
from analysis.registry.importing import import_registry
from analysis.registry.registry_cohort import RegistryCohort
from analysis.registry.warehouse import Warehouse
from analysis.registry.warehouse_source import WarehouseSource
from tests.analysis.registry.omop_database import SCHEMA, fill, omop_tables, plain_tables
from tests.analysis.registry.postgres_server import Server

pytest.importorskip("ibis")
pytest.importorskip("psycopg")
pytest.importorskip("duckdb")
PATIENTS, PARTS = 300, 7
CATALOGUE = OMOP.read_text(encoding="utf-8")
READER = "reader_of_omop"


@pytest.fixture(scope="module")
def plain() -> dict[str, pd.DataFrame]:
    return plain_tables(PATIENTS)


@pytest.fixture(scope="module")
def database(plain: dict[str, pd.DataFrame], server: Server) -> Server:
    fill(server, omop_tables(plain))
    server.execute(
        f"CREATE ROLE {READER} LOGIN PASSWORD 'reads'",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READER}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {READER}",
    )
    return server


@pytest.fixture(scope="module")
def warehouse(database: Server) -> Iterator[Warehouse]:
    settings = {**database.settings, "backend": "postgres", "user": READER, "password": "reads", "schema": SCHEMA}
    opened = open_warehouse("hospital", {"hospital": settings})
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def source(warehouse: Warehouse) -> WarehouseSource:
    return WarehouseSource(warehouse, read_catalogue(CATALOGUE))


@pytest.fixture(scope="module")
def parts(source: WarehouseSource) -> list[Any]:
    return [read() for read in source.parts(PARTS)]


def cohort_of(tables: Any) -> Cohort:
    return read_cohort(tables["patients"], tables["visits"], treatments=tables["treatments"])


@pytest.fixture(scope="module")
def read(parts: list[Any]) -> Cohort:
    return cohort_of({name: pd.concat([part[name] for part in parts]) for name in parts[0]})


@pytest.fixture(scope="module")
def given(plain: dict[str, pd.DataFrame]) -> Cohort:
    return cohort_of(plain)


def test_parts_hold_every_patient_once_and_about_as_many(source: WarehouseSource, parts: list[Any]) -> None:
    assert source.patients == PATIENTS
    sizes = [len(part["patients"]) for part in parts]
    assert sum(sizes) == PATIENTS
    assert max(sizes) - min(sizes) <= 1
    for part in parts:
        assert part["patients"]["patient_id"].is_unique
        for table in part.values():
            assert set(table["patient_id"]) <= set(part["patients"]["patient_id"])


@pytest.mark.parametrize("table", ["patients", "visits", "treatments"])
def test_the_cohort_is_the_one_that_the_database_was_made_from(table: str, read: Cohort, given: Cohort) -> None:
    found, expected = (
        held.sort_values(["patient_id", *[each for each in held if "months" in each]])
        for held in (getattr(read, table), getattr(given, table))
    )
    pd.testing.assert_frame_equal(
        found[expected.columns].reset_index(drop=True), expected.reset_index(drop=True), check_dtype=False, rtol=1e-12
    )


def test_the_estimates_are_the_same(read: Cohort, given: Cohort) -> None:
    curves = [kaplan_meier(cohort, by="msc_source").curve for cohort in (read, given)]
    pd.testing.assert_frame_equal(*curves, check_exact=True)
    scores = [trajectory(cohort, "c3_g_per_l").summary for cohort in (read, given)]
    pd.testing.assert_frame_equal(*scores, rtol=1e-12)


def test_a_registry_that_is_imported_from_a_warehouse_has_the_same_estimates(
    source: WarehouseSource, given: Cohort, tmp_path: Path
) -> None:
    registry = RegistryCohort(import_registry(source, tmp_path / "registry", patients_a_part=PATIENTS // 3))
    assert len(registry) == PATIENTS
    curves = [kaplan_meier(cohort, by="msc_source").curve for cohort in (registry, given)]
    pd.testing.assert_frame_equal(*curves, check_exact=True)
    scores = [trajectory(cohort).summary for cohort in (registry, given)]
    pd.testing.assert_frame_equal(*scores, check_exact=True)


def test_nobody_is_in_a_part_more_than_there_are_patients(source: WarehouseSource, parts: list[Any]) -> None:
    *_, read = source.parts(PATIENTS + 1)
    for name, table in read().items():
        assert not len(table)
        assert list(table) == list(parts[0][name])


def test_the_fingerprint_changes_with_a_value_of_a_patient(database: Server, source: WarehouseSource) -> None:
    first = source.fingerprint()
    database.execute("UPDATE cdm.measurement SET value_as_number = 99 WHERE person_id = 1")  # nobody of the cohort
    assert source.fingerprint() == first
    database.execute(
        "UPDATE cdm.measurement SET value_as_number = value_as_number + 0.01 "
        "WHERE measurement_id = (SELECT max(measurement_id) FROM cdm.measurement WHERE unit_concept_id = 201)"
    )
    assert source.fingerprint() != first


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("FROM measurement", "FROM measurment", "[visits]: the warehouse does not understand the SELECT"),
        ('"procedure_occurrence"', '"procedures"', "[infusions]: the warehouse has no table procedures"),
        ('"drug_exposure_end_date"', '"end_date"', "[treatments] stop_date: the warehouse has no column end_date"),
        ('age_years = "age"', 'age_years = "procedure_source_value"', "[patients] age_years must be a number, and"),
        ('death_date = "death_date"', 'death_date = "age"', "[patients] death_date must be a date without a time zone"),
        ('loinc = "2889-4"', "loinc = 2889", "[visits] proteinuria_g_per_24h: the values of loinc are texts"),
        (', "mg/dL" = "mg/dL", "mg/L"', ', "mg/L"', "[visits] c3_g_per_l: ucum has values without a meaning: mg/dL ("),
        (", MSC-AD", ", MSC-XX", "procedure_source_value has values without a meaning: MSC-AD ("),
        ("WHERE transplanted.place = 1", "", "[patients]: the SELECT has several rows of a patient; say first_by or"),
        ("'MSC-BM', 'MSC-UC', 'MSC-AD'", "'MSC'", "[patients]: the warehouse has no such patient."),
    ],
)
def test_what_does_not_fit_the_warehouse_is_named(old: str, new: str, says: str, warehouse: Warehouse) -> None:
    assert old in CATALOGUE
    with pytest.raises(CatalogueError) as refused:
        WarehouseSource(warehouse, read_catalogue(CATALOGUE.replace(old, new, 1)))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
