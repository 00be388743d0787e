"""OMOP: which of several procedures is the transplantation is asked, and follow-up is the period that it is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import Cohort, CohortError, Source
from analysis.intake.assemble import read_files

PERSON = "person_id,gender_concept_id\n1,8532\n2,8532\n3,8507\n"
DEATH = "person_id,death_date\n2,2012-01-01\n"
PROCEDURES = (
    "person_id,procedure_concept_id,procedure_date\n"
    "1,40,2010-01-05\n1,40,2011-06-01\n1,7,2009-11-05\n2,40,2010-01-05\n2,7,2008-02-01\n3,40,2010-01-05\n"
)
PERIODS = (
    "person_id,observation_period_start_date,observation_period_end_date\n"
    "1,2008-01-01,2009-12-01\n1,2010-01-01,2012-01-05\n1,2014-01-01,2016-01-01\n2,2008-01-01,2012-01-01\n"
    "3,2009-01-01,2013-01-05\n"
)
CHOSEN = {"rows": Source("procedure_concept_id", event=["40"]), "patients.transplant_date": "procedure_date"}
CHOSEN |= {"patients.sex": None, "patients.last_contact_date": "observation_period_end_date"}


def files(folder: Path) -> list[Path]:
    tables = {"person": PERSON, "death": DEATH, "procedure_occurrence": PROCEDURES, "observation_period": PERIODS}
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return [folder / f"{name}.csv" for name in tables]


def cohort(folder: Path) -> Cohort:
    return read_files(files(folder), mapping=CHOSEN)


def test_which_procedure_is_the_transplantation_is_asked(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="Which of them is the transplantation"):
        read_files(files(tmp_path))


def test_follow_up_runs_from_the_first_procedure_to_the_end_of_its_period(tmp_path: Path) -> None:
    patients = cohort(tmp_path).patients
    assert patients["follow_up_months"].round(1).tolist() == [24.0, 23.9, 36.0]
    assert patients["died"].tolist() == [False, True, False]


def test_periods_after_a_gap_are_told(tmp_path: Path) -> None:
    assert "1 period after a gap" in " ".join(cohort(tmp_path).findings["message"])
