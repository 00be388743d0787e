"""A catalogue says in few words where patients are; what is wrong in it is named."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.registry.catalogue import CatalogueError
from analysis.registry.catalogue_reading import read_catalogue
from analysis.registry.connections import open_warehouse
from analysis.registry.warehouse import Opened, Warehouse
from analysis.registry.warehouse_source import WarehouseSource

ibis = pytest.importorskip("ibis")
pytest.importorskip("duckdb")
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table")  # Ibis asks DuckDB in a way that is to go
CATALOGUE = """
name = "Hospital"

[patients]
table = "subject"
patient = "number"
where = { study = ["MSC", "msc"], arm = 1 }

[[patients.join]]
table = "contact"
patient = "subject"
last_by = "day"

[[patients.join]]
table = "sample"
first_by = "taken"

[patients.columns]
follow_up_months = { column = "followed", unit = "years" }
died = { column = "state", codes = { d = "yes", a = "no", u = "" } }
sex = { column = "sex", codes = { 1 = "male", 2 = "female", "" = "" } }
disease_duration_months = "ill"

[patients.other_columns]
haplotype = "sample.kind"

[visits]
table = "scores"
patient = "number"
day = "day"
several_a_day = "lowest"

[visits.columns]
sledai = { column = "value", where = { name = "sledai" }, several_a_day = "highest" }
c3_g_per_l = { column = "value", where = { name = "c3" }, units = { column = "unit", codes = { "mg/dl" = "mg/dL" } } }
"""
TABLES = {
    "subject": pd.DataFrame(
        {
            "number": ["b", "a", "c", "d", "x"],
            "study": ["MSC", "msc", "MSC", "other", "MSC"],
            "arm": [1, 1, 1, 1, 2],
            "sex": [1.0, 2.0, None, 1.0, 9.0],
            "ill": [10, 20, 30, 40, 50],
        }
    ).astype({"sex": "Int64"}),
    "contact": pd.DataFrame(
        {
            "subject": ["a", "a", "b", "c", "c"],
            "day": pd.to_datetime(["2012-01-01", "2011-01-01", "2011-01-01", "2011-01-01", "2011-01-01"]),
            "followed": [2.0, 1.0, 1.5, 3.0, 3.0],
            "state": ["d", "a", "a", "u", "u"],
        }
    ),
    "sample": pd.DataFrame({"number": ["a", "a"], "taken": [2, 1], "kind": ["late", "early"]}),
    "scores": pd.DataFrame(
        {
            "number": ["a", "a", "a", "a", "b", "d", "a"],
            "day": pd.to_datetime(["2010-01-01"] * 4 + ["2010-02-01"] * 3),
            "name": ["sledai", "sledai", "c3", "c3", "c3", "c3", "weight"],
            "value": [8.0, 6, 80, 70, None, 90, 60],
            "unit": [None, None, "mg/dl", "mg/dl", None, "?", "kg"],
        }
    ),
}


def source(text: str = CATALOGUE, **tables: pd.DataFrame) -> WarehouseSource:
    backend = ibis.duckdb.connect()
    for name, table in {**TABLES, **tables}.items():
        backend.con.register("given", table).execute(f"CREATE TABLE {name} AS FROM given")
    opened = Opened(backend, lambda: None, lambda: None, backend.disconnect)
    return WarehouseSource(Warehouse("tests", lambda: opened), read_catalogue(text))


def rows(table: pd.DataFrame) -> list[list[Any]]:
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()


def test_a_catalogue_says_whose_rows_are_read_and_what_they_mean() -> None:
    found = source()
    assert (found.name, found.patients) == ("Hospital", 3)
    (read,) = found.parts(1)
    part = read()
    assert list(part["patients"]) == [
        "patient_id",
        "follow_up_months",
        "died",
        "sex",
        "disease_duration_months",
        "haplotype",
    ]
    assert rows(part["patients"]) == [
        ["a", 24.0, True, "female", 20.0, "early"],  # the last contact, the first sample
        ["b", 18.0, False, "male", 10.0, None],
        ["c", 36.0, None, None, 30.0, None],
    ]
    # "b" has no value; "d" is no patient.
    assert rows(part["visits"]) == [["a", pd.Timestamp("2010-01-01"), 8.0, pytest.approx(0.7)]]


def test_another_catalogue_of_the_same_rows_has_another_fingerprint() -> None:
    assert source().fingerprint() != source(CATALOGUE.replace('"years"', '"months"')).fingerprint()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("name = ", "nam = ", "The catalogue: name is missing."),
        ("[patients]", "[patients", "The catalogue is not in the form of TOML: "),
        ('table = "subject"', "", "[patients]: either table or select is needed."),
        ('table = "subject"', "table = 3", "[patients]: table must be a text."),
        ('patient = "number"', "", "[patients]: patient is missing."),
        ("arm = 1", "arm = []", "[patients]: where must give arm a number, a text, or a list of these."),
        ('"ill"', "3", "[patients.columns]: disease_duration_months must be a section, or stand in braces."),
        ('"years" }', '"years", of = 1 }', "[patients.columns.follow_up_months]: of is not known."),
        ("disease_duration_months", "duration", "[patients.columns]: duration is no known column; what is not known"),
        ("unit = ", "unti = ", "[patients.columns.follow_up_months]: unti is not known."),
        ('"years"', '"moons"', "[patients.columns.follow_up_months]: the unit moons is not known; known are months, "),
        ('"mg/dL"', '"mg"', "[visits.columns.c3_g_per_l]: the unit mg is not known; known are g/L, mg/dL, mg/L."),
        ('d = "yes"', 'd = "dead"', "[patients.columns.died]: the meaning dead is not known; known are yes, no."),
        ('"highest"', '"best"', "[visits.columns.sledai]: several_a_day must be one of lowest, highest, mean."),
        ('several_a_day = "lowest"', "", "[visits]: several_a_day must be one of lowest, highest, mean, since"),
        ("[[patients.join]]", "[patients.join]", "is not in the form of TOML"),
        ('first_by = "taken"', 'first_by = "taken"\nlast_by = "taken"', "first_by and last_by cannot both be."),
        ("[visits]", "[vists]", "The catalogue: vists is not known."),
    ],
)
def test_what_is_wrong_in_a_catalogue_is_named(old: str, new: str, says: str) -> None:
    assert old in CATALOGUE
    with pytest.raises(CatalogueError, match=re.escape(says)):
        read_catalogue(CATALOGUE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'last_by = "day"',
            "",
            "[patients]: contact has several rows of a patient; say first_by or last_by of",
        ),
        ('column = "followed"', 'column = "number"', "[patients] follow_up_months must be a number, and number is not"),
        ('"MSC", "msc"', "1", "[patients]: the values of study are texts, and those in the catalogue are not."),
        ("arm = 1", 'arm = "1"', "[patients]: the values of arm are numbers, and those in the catalogue are not."),
        ('"ill"', '"ilness"', "[patients] disease_duration_months: the warehouse has no column ilness there."),
        ("2 = ", "3 = ", "[patients] sex: sex has values without a meaning: 2 (1 row). Give each one, or"),
        ('"mg/dl" =', '"mg/L" =', "[visits] c3_g_per_l: unit has values without a meaning: mg/dl (2 rows)."),
        ('day = "day"', 'day = "name"', "[visits]: the day must be a date without a time zone, and name is not."),
    ],
)
def test_what_does_not_fit_the_tables_is_named(old: str, new: str, says: str) -> None:
    assert old in CATALOGUE
    with pytest.raises(CatalogueError, match=re.escape(says)):
        source(CATALOGUE.replace(old, new))


def test_a_missing_unit_and_ids_of_another_type_are_named() -> None:
    scores = TABLES["scores"]
    with pytest.raises(CatalogueError, match=re.escape("unit has values without a meaning: nothing (1 row)")):
        source(scores=scores.assign(value=scores["value"].fillna(80)))
    with pytest.raises(CatalogueError, match=re.escape("[visits]: its ids are of another type than the patients'.")):
        source(scores=scores.assign(number=range(len(scores))))


def test_the_catalogue_of_the_documentation_can_be_read() -> None:
    text = (Path(__file__).parents[3] / "docs" / "warehouses.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    connection, catalogue = (next(each for each in blocks if start in each) for start in ("[warehouses.", "[patients]"))
    assert open_warehouse("hospital", tomllib.loads(connection)["warehouses"]).name == "hospital"
    assert list(read_catalogue(catalogue).tables) == ["patients", "visits"]
