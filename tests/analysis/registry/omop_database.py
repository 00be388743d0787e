"""A synthetic cohort, and the same as a database in the form of the OMOP Common Data Model, among other people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.analysis.registry.postgres_server import Server
from tests.benchmarks.synthetic import synthetic_tables

SCHEMA = "cdm"
TABLES = {
    "person": "person_id integer PRIMARY KEY, gender_concept_id integer NOT NULL, year_of_birth integer NOT NULL",
    "observation_period": "observation_period_id integer, person_id integer, observation_period_start_date date, "
    "observation_period_end_date date",
    "death": "person_id integer, death_date date",
    "procedure_occurrence": "procedure_occurrence_id integer, person_id integer, procedure_date date, "
    "procedure_source_value varchar(50)",
    "measurement": "measurement_id integer, person_id integer, measurement_concept_id integer, measurement_date date, "
    "value_as_number numeric, unit_concept_id integer, measurement_source_value varchar(50)",
    "drug_exposure": "drug_exposure_id integer, person_id integer, drug_concept_id integer, "
    "drug_exposure_start_date date, drug_exposure_end_date date",
    "concept": "concept_id integer, concept_name varchar(255), vocabulary_id varchar(20), "
    "concept_class_id varchar(20), concept_code varchar(50)",
    "concept_ancestor": "ancestor_concept_id integer, descendant_concept_id integer",
}
C3, OTHER, GRAM, MILLIGRAM, PREDNISONE, TABLET = 101, 102, 201, 202, 301, 302
CONCEPTS = [
    (C3, "Complement C3 [Mass/volume] in Serum or Plasma", "LOINC", "Lab Test", "4485-9"),
    (OTHER, "Glucose [Mass/volume] in Serum or Plasma", "LOINC", "Lab Test", "2345-7"),
    (GRAM, "gram per liter", "UCUM", "Unit", "g/L"),
    (MILLIGRAM, "milligram per deciliter", "UCUM", "Unit", "mg/dL"),
    (PREDNISONE, "prednisone", "RxNorm", "Ingredient", "8640"),
    (TABLET, "prednisone 5 MG Oral Tablet", "RxNorm", "Clinical Drug", "312617"),
]


def plain_tables(patients: int) -> dict[str, pd.DataFrame]:
    """Return a synthetic cohort with dates, under our names."""
    people, visits = synthetic_tables(patients, continuous=True)
    random = np.random.default_rng(5)
    people["patient_id"] = np.arange(1000, 1000 + patients)
    number = visits["patient_id"].str[3:].astype(int)
    start = pd.Timestamp("2010-01-01") + pd.to_timedelta(random.integers(0, 2000, patients), unit="D")
    people["transplant_date"] = start
    people["last_contact_date"] = start + days(people["follow_up_months"])
    people["death_date"] = people["last_contact_date"].where(people["died"])
    seen = pd.DataFrame(
        {
            "patient_id": number + 1000,
            "visit_date": start[number] + days(visits["months"]),
            "sledai": visits["sledai"],
            "c3_g_per_l": random.integers(30, 160, len(visits)) / 100,
        }
    ).drop_duplicates(["patient_id", "visit_date"])
    drugs = pd.DataFrame(
        {
            "patient_id": people["patient_id"],
            "drug": "prednisone",
            "start_date": start,
            "stop_date": start + pd.Timedelta(days=90),
        }
    )
    kept = ["patient_id", "transplant_date", "last_contact_date", "death_date", "age_years", "sex", "msc_source"]
    return {"patients": people[kept], "visits": seen, "treatments": drugs}


def days(months: pd.Series) -> pd.TimedeltaIndex:
    return pd.to_timedelta((months * 30.4375).round().to_numpy(), unit="D")


def omop_tables(plain: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the same cohort as tables of OMOP, with what else a hospital records of them and of others."""
    people, visits, drugs = plain["patients"], plain["visits"], plain["treatments"]
    person = pd.DataFrame(
        {
            "person_id": people["patient_id"],
            "gender_concept_id": people["sex"].map({"female": 8532, "male": 8507}),
            "year_of_birth": people["transplant_date"].dt.year - people["age_years"],
        }
    )
    others = pd.DataFrame({"person_id": [1, 1001000], "gender_concept_id": [8551, 4242], "year_of_birth": [1950, 1960]})
    period = pd.DataFrame(
        {
            "person_id": people["patient_id"],
            "observation_period_start_date": people["transplant_date"] - pd.Timedelta(days=30),
            "observation_period_end_date": people["last_contact_date"],
        }
    )
    before = period.head(40).assign(
        observation_period_start_date=pd.Timestamp("2001-01-01"), observation_period_end_date=pd.Timestamp("2002-01-01")
    )
    procedure = pd.DataFrame(
        {
            "person_id": people["patient_id"],
            "procedure_date": people["transplant_date"],
            "procedure_source_value": "MSC-" + people["msc_source"],
        }
    )
    again = procedure.head(30).assign(procedure_date=procedure["procedure_date"] + pd.Timedelta(days=20))
    score = measured(visits, "sledai", 0, 0, "SLEDAI-2K")
    lower = score.head(60).assign(value_as_number=0)  # of the same day; the higher one is used
    grams = measured(visits[::2], "c3_g_per_l", C3, GRAM, "C3")
    milligrams = measured(visits[1::2], "c3_g_per_l", C3, MILLIGRAM, "C3")
    milligrams["value_as_number"] = (milligrams["value_as_number"] * 100).round()
    glucose = measured(visits.head(50), "sledai", OTHER, 0, "GLU").assign(measurement_date=pd.Timestamp("2009-01-01"))
    foreign = score.head(20).assign(person_id=1, unit_concept_id=-1)
    made = {
        "person": pd.concat([person, others]),
        "observation_period": pd.concat([period, before]).rename_axis("observation_period_id").reset_index(),
        "death": people.loc[people["death_date"].notna(), ["patient_id", "death_date"]],
        "procedure_occurrence": pd.concat([again, procedure, again.head(5).assign(procedure_source_value="biopsy")]),
        "measurement": pd.concat([lower, score, grams, milligrams, glucose, foreign]),
        "drug_exposure": drugs.assign(drug=TABLET).rename_axis("id").reset_index(),
        "concept": pd.DataFrame(CONCEPTS),
        "concept_ancestor": pd.DataFrame([(PREDNISONE, TABLET), (PREDNISONE, PREDNISONE)]),
    }
    for name in ("procedure_occurrence", "measurement"):
        made[name] = made[name].reset_index(drop=True).rename_axis("id").reset_index()
    return made


def measured(visits: pd.DataFrame, column: str, concept: int, unit: int, source: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": visits["patient_id"],
            "measurement_concept_id": concept,
            "measurement_date": visits["visit_date"],
            "value_as_number": visits[column],
            "unit_concept_id": unit,
            "measurement_source_value": source,
        }
    )


def fill(server: Server, tables: dict[str, pd.DataFrame]) -> None:
    """Make the schema, anew if it is there, and write the tables."""
    columns = ", ".join
    server.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"CREATE SCHEMA {SCHEMA}")
    with server.connected() as connection:
        for name, defined in TABLES.items():
            connection.execute(f"CREATE TABLE {SCHEMA}.{name} ({defined})")
            names = columns(each.split()[0] for each in defined.split(", "))
            with connection.cursor().copy(f"COPY {SCHEMA}.{name} ({names}) FROM STDIN") as copy:
                for row in tables[name].astype(object).itertuples(index=False):
                    copy.write_row([None if pd.isna(value) else value for value in row])
