"""The data sets of R's package survival, written to files, come out as R has them, or ask, or are refused in words."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from analysis import Cohort, CohortError, kaplan_meier
from analysis.intake.assemble import read_files
from analysis.intake.file_question import Question
from analysis.intake.proposal import propose
from analysis.intake.source import Source

pytestmark = [
    pytest.mark.newest,  # tables of every usual layout are read in test_cases.py
    pytest.mark.usefixtures("read_here"),
    pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not on this machine"),
]

UNIT, DIED = "patients.follow_up_months", "patients.died"
SEX: dict[str, str | Source | None] = {"patients.sex": Source("sex", codes={"0": "female", "1": "male", "2": "female"})}
DAYS, WEEKS, MONTHS = ({UNIT: unit} for unit in ("days", "weeks", "months"))
# The answers to what is asked, and R's time in months, event and rows.
OPENED: dict[str, tuple[dict[str, str], str, str, str]] = {
    "aml": (WEEKS, "time * 7 / 30.4375", "status == 1", ""),
    "lung": (DAYS | {DIED: "2"}, "time / 30.4375", "status == 2", ""),
    "flchain": (DAYS, "futime / 30.4375", "death == 1", ""),
    "mgus": (DAYS, "futime / 30.4375", "death == 1", ""),
    "mgus2": (MONTHS, "futime", "death == 1", ""),
    "myeloid": (DAYS, "futime / 30.4375", "death == 1", ""),
    "ovarian": (DAYS | {DIED: "fustat"}, "futime / 30.4375", "fustat == 1", ""),
    "pbc": (DAYS | {DIED: "2"}, "time / 30.4375", "status == 2", ""),
    "rotterdam": (DAYS, "dtime / 30.4375", "death == 1", ""),
    "stanford2": (DAYS, "time / 30.4375", "status == 1", ""),
    "transplant": (DAYS | {DIED: "death"}, "futime / 30.4375", "event == 'death'", ""),
    "udca1": (DAYS, "futime / 30.4375", "status == 1", ""),
    "veteran": (DAYS, "time / 30.4375", "status == 1", ""),
    "rats": (WEEKS, "time * 7 / 30.4375", "status == 1", ""),
    "jasa": (DAYS | {DIED: "fustat"}, "futime / 30.4375", "fustat == 1", ""),
    "colon": (DAYS | {"rows": "2"}, "time / 30.4375", "status == 1", "etype == 2"),
    "udca2": (DAYS | {"rows": "death"}, "futime / 30.4375", "status == 1", "endpoint == 'death'"),
}
# Eyes, catheters, tumours, intervals, machines, laboratory values: not one row per patient with a time and a status.
NOT_PATIENTS = (
    *("bladder", "bladder1", "bladder2", "capacitor", "cgd", "cgd0", "cracks", "diabetic", "gbsg", "genfan", "heart"),
    *("imotor", "jasa1", "kidney", "logan", "mgus1", "myeloma", "nafld1", "nafld2", "nafld3", "nwtco", "pbcseq"),
    *("rats2", "retinopathy", "rhDNase", "tobin", "turbine", "udca", "valveSeat"),
)
SCRIPT = """
suppressMessages(library(survival))
told <- list()
for (name in c(%s)) write.csv(get(name), paste0(name, ".csv"), row.names = FALSE)
add <- function(name, time, event, rows) {
  fit <- survfit(Surv(time[rows], event[rows]) ~ 1)
  s <- summary(fit, times = c(6, 12, 24, 36), extend = TRUE)$surv
  s <- paste(sprintf("%%.12f", s), collapse = ", ")
  told[[name]] <<- sprintf('"%%s": [%%d, %%d, %%s]', name, sum(rows), sum(event[rows]), s)
}
%s
cat("{", paste(unlist(told), collapse = ", "), "}")
"""


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[Any]]]:
    """Write all data sets to files; return where, and patients, deaths and survival by R."""
    folder = tmp_path_factory.mktemp("survival")
    names = ", ".join(f'"{name}"' for name in (*OPENED, *NOT_PATIENTS))
    told = "\n".join(
        f'with({name}, add("{name}", {time}, {event}, {rows or f"rep(TRUE, nrow({name}))"}))'
        for name, (_, time, event, rows) in OPENED.items()
    )
    run = subprocess.run(
        ["Rscript", "-e", SCRIPT % (names, told)], cwd=folder, capture_output=True, text=True, check=True, timeout=120
    )
    return folder, json.loads(run.stdout)


def answer(question: Question, answers: dict[str, str], mapping: dict[str, str | Source | None]) -> Source:
    given = answers["rows"] if question.key == "rows" else answers[question.key]
    known = mapping.get(question.key)
    asked = question.with_source(known) if isinstance(known, Source) and question.source else question
    return asked.answered(given)


def opened(file: Path, answers: dict[str, str]) -> Cohort:
    mapping: dict[str, str | Source | None] = {}
    for _ in range(4):
        questions = propose([file], mapping).questions
        if not questions:
            break
        mapping |= {each.key: SEX.get(each.key) or answer(each, answers, mapping) for each in questions}
    return read_files([file], mapping=mapping)


@pytest.mark.parametrize("name", OPENED)
def test_a_data_set_comes_out_as_in_r(name: str, truth: tuple[Path, dict[str, list[Any]]]) -> None:
    folder, told = truth
    patients, deaths, *survival = told[name]
    cohort = opened(folder / f"{name}.csv", OPENED[name][0])
    assert (len(cohort), int(cohort.patients["died"].sum())) == (patients, deaths)
    curve = kaplan_meier(cohort).at([6, 12, 24, 36])
    here = curve["survival"].notna()  # R goes on with the last value beyond the last patient
    assert here.iloc[0]
    assert list(curve["survival"][here]) == pytest.approx([s for s, known in zip(survival, here, strict=True) if known])


@pytest.mark.parametrize("name", NOT_PATIENTS)
def test_what_is_no_patient_table_is_asked_or_refused(name: str, truth: tuple[Path, dict[str, list[Any]]]) -> None:
    with pytest.raises(CohortError) as refused:
        read_files([truth[0] / f"{name}.csv"])
    assert all(len(finding.message) > 30 for finding in refused.value.findings)
