"""Files as people have them come out right, after the questions that only their owner can answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from analysis import Cohort, CohortError, Source, TimeToEvent, kaplan_meier, read_cohort
from analysis.intake.assemble import read_files
from analysis.intake.proposal import propose

pytestmark = pytest.mark.usefixtures("read_here")


CASES = Path(__file__).parent / "cases"
SIXTY = (0.84897959, 0.74610703, 0.58415014)  # survival at 12, 24 and 36 months, from survfit of R
ROUNDED = 0.01  # what a time rounded to a month, or to a tenth of it, changes


@dataclass(frozen=True)
class Upload:
    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    def getvalue(self) -> bytes:
        return self.path.read_bytes()


@dataclass(frozen=True)
class Case:
    """Files, the answers to the questions that must be asked, and what comes out."""

    files: tuple[str, ...]
    answers: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    patients: int = 60
    deaths: int = 20
    survival: tuple[float, ...] = SIXTY
    near: float = 1e-6
    visits: int = 0

    def __str__(self) -> str:
        return f"{self.files[0]}-{'-'.join(map(str, self.answers.values()))}"


def answered(files: list[Path], answers: dict[str, str | tuple[str, ...]]) -> tuple[Cohort, set[str]]:
    """Return the cohort of some files, and the questions asked on the way, which only these answers can end."""
    uploads = [Upload(path) for path in files]
    mapping: dict[str, str | Source | None] = {}
    asked: set[str] = set()
    while questions := propose(uploads, mapping).questions:
        with pytest.raises(CohortError) as refused:
            read_files(uploads, mapping=mapping)
        assert any(finding.question for finding in refused.value.findings)
        for question in questions:
            key = f"{question.key} {question.kind}" if f"{question.key} {question.kind}" in answers else question.key
            chosen = answers[key]
            assert (question.kind == "codes") == isinstance(chosen, tuple) or question.kind == "event"
            known = mapping.get(question.key) if question.source is not None else None
            both = question.with_source(known) if isinstance(known, Source) else question
            mapping[question.key] = both.answered(*([chosen] if isinstance(chosen, str) else chosen))
            asked.add(key)
    cohort = read_files(uploads, mapping=mapping)
    if len(files) < 3:
        assert read_cohort(*files, mapping=mapping).fingerprint == cohort.fingerprint
    return cohort, asked


TIME, DIED = "patients.follow_up_months", "patients.died"
REDCAP = {
    DIED: "2",
    "patients.sex": ("male", "female"),
    "patients.msc_source": ("BM", "UC"),
    "patients.organs": ("renal", "skin", "haematological", "musculoskeletal"),
    "visits.remission": ("none", "partial", "complete"),
}

EVERY = [
    Case(("adsl_one_yes_and_na.csv",), {}, 5, 2, (0.6, 0.6)),
    Case(("adsl_blank.csv",), {}, 5, 2, (0.6, 0.6)),
    Case(("gdc_days_to_death.csv",), {}, 5, 3, (0.6, 0.6, 0.4)),
    Case(("dates_death_only.csv",), {"cutoff": "2014-12-31"}, 4, 2, (0.75, 0.5)),
    Case(("redcap_last_seen_date.csv",), REDCAP, visits=265),
    Case(("redcap_last_seen_date.csv", "redcap_data_dictionary.csv"), visits=265),
    Case(("redcap_labels.csv",), visits=265),
    Case(("pasted.txt",)),
    Case(("year_as_followup.csv",), {TIME: "days"}, 6, 3, (1, 2 / 3, 2 / 3)),
    Case(("rare_words_for_dead.csv",), {DIED: ("dead", "dod", "doc")}, 6, 3, (0.5,)),
    Case(
        ("free_text_deaths.csv",),
        {DIED: ("dead (sepsis)", "died of pah", "dead - heart failure")},
        *(33, 3, (30 / 33, 30 / 33)),
    ),
    Case(("code9.csv",), {TIME: "weeks", DIED: "9"}, 8, 4, ()),
    Case(("avalu_age_in_days.csv",), {DIED: "0"}),
    Case(("avalu_crash.csv",), {DIED: "0"}),
    Case(("german_patienten.csv", "german_visiten.csv"), visits=265),
    Case(("spanish_wide.csv",), visits=265),
    Case(("nanjing_wide.xlsx",), visits=265, near=ROUNDED),
    Case(("nanjing_two_sheets.xlsx",), visits=265, near=ROUNDED),
    Case(("wide_M3.csv",), visits=265),
    Case(("wide_SLEDAI_m.csv",), visits=265),
    Case(("wide_sledai_0.csv",), visits=265),
    Case(("xl_sheet_per_visit.xlsx",), visits=165),
    Case(("cbio_patient.txt",), {}, 40, 20, (0.83855802, 0.60535749, 0.48092290)),
    Case(("de_thousands.csv",), {f"{TIME} unit": "days", f"{TIME} format": "decimal comma"}, 3, 1, (1, 1, 1)),
    Case(("de_thousands.csv",), {f"{TIME} unit": "months", f"{TIME} format": "decimal point"}, 3, 1, (2 / 3,)),
    Case(("xena_survival.tsv",), {TIME: "days", "duplicates": "first row"}, 4, 2, (0.5, 0.5)),
    Case(("adtte_one_row_each.csv",), {DIED: "0"}),
    Case(("adtte_two_params.csv",), {"rows": "OS", DIED: "0"}),
    Case(("two_rows_by_endpoint.csv",), {"rows": "2", TIME: "days"}, 4, 3, (0.75, 0.75, 0.5)),
    Case(("two_rows_by_endpoint.csv",), {"rows": "1", TIME: "days"}, 4, 3, (0.75, 0.5, 0.25)),
    Case(("adam_adsl_small.csv", "adam_bds.csv"), visits=265),
    Case(
        ("omop_person.csv", "omop_death.csv", "omop_measurement.csv", "omop_observation_period.csv"),
        {"patients.transplant_date": "observation_period_start_date"},
        visits=265,
    ),
    Case(("two_row_header_years.xlsx",), {DIED: "x"}, visits=165),
    Case(("xl_unit_row.xlsx",)),
    Case(("date_es_text.csv",)),
    Case(("date_nl_text.csv",)),
    Case(("date_weekday.csv",)),
    Case(("date_eras.csv",)),
    Case(("date_korean.csv",)),
    Case(("date_day_numbers.csv",), {"patients.transplant_date": "days since 1960"}),
    Case(("lang_fr_dates.csv",)),
    Case(("lang_pt.csv",)),
    Case(("lang_jp.csv",)),
    Case(("plus_censored.csv",), near=ROUNDED),
    Case(("unit_in_cells.csv",), near=ROUNDED),
    Case(("years_months.csv",), near=ROUNDED),
    Case(("vals_patients.csv", "vals_visits.csv"), visits=265),
    Case(("both.zip",), visits=265),
    Case(("patients.ods",)),
    Case(("patients_old.xls",)),
    Case(("patients_plain.csv.gz",)),
    Case(("patients_records.json",)),
    Case(("sas_german.xpt",), {DIED: "2"}, 40, 8, ()),
]


@pytest.mark.parametrize("case", EVERY, ids=str)
def test_a_file_comes_out_right(case: Case) -> None:
    cohort, asked = answered([CASES / name for name in case.files], case.answers)
    assert asked == set(case.answers)
    assert (len(cohort), int(cohort.patients["died"].sum()), len(cohort.visits)) == (
        *(case.patients, case.deaths, case.visits),
    )
    curve = kaplan_meier(cohort, "overall_survival").at([12, 24, 36][: len(case.survival)])
    assert list(curve["survival"]) == pytest.approx(case.survival, abs=case.near)


@pytest.mark.parametrize(
    "files",
    [
        ("redcap_last_seen_date.csv",),
        ("german_patienten.csv", "german_visiten.csv"),
        ("adam_adsl_small.csv", "adam_bds.csv"),
        ("spanish_wide.csv",),
        ("nanjing_wide.xlsx",),
        ("nanjing_two_sheets.xlsx",),
        ("wide_M3.csv",),
        ("wide_SLEDAI_m.csv",),
        ("wide_sledai_0.csv",),
        ("xl_sheet_per_visit.xlsx",),
    ],
)
def test_scores_at_transplantation(files: tuple[str, ...]) -> None:
    cohort, _ = answered([CASES / name for name in files], REDCAP)
    first = cohort.visits.loc[cohort.visits["months"] == 0, "sledai"].astype(float)
    assert (len(first), first.mean()) == (60, pytest.approx(15.03, abs=0.005))


@pytest.mark.parametrize(
    ("files", "patients", "visits"),
    [
        (("nanjing_wide.xlsx",), {"organs", "relapse_months", "age_years"}, {"sledai"}),
        (("nanjing_two_sheets.xlsx",), {"organs", "relapse_months", "age_years"}, {"sledai", "anti_dsdna_iu_per_ml"}),
        (
            ("german_patienten.csv", "german_visiten.csv"),
            {"organs", "age_years"},
            {"sledai", "anti_dsdna_iu_per_ml", "proteinuria_g_per_24h"},
        ),
        (("spanish_wide.csv",), {"organs", "age_years"}, {"sledai"}),
    ],
)
def test_headings_of_other_languages_are_understood(
    files: tuple[str, ...], patients: set[str], visits: set[str]
) -> None:
    cohort = read_cohort(*[CASES / name for name in files])
    assert patients <= set(cohort.patients)
    assert visits <= set(cohort.visits)


def test_a_data_dictionary_gives_the_cohort_of_the_labelled_export() -> None:
    cohort, _ = answered([CASES / "redcap_last_seen_date.csv", CASES / "redcap_data_dictionary.csv"], {})
    labelled, _ = answered([CASES / "redcap_labels.csv"], {})
    told, _ = answered([CASES / "redcap_last_seen_date.csv"], REDCAP)
    for each in (cohort, told):
        for name in ("sex", "msc_source", "organs", "died"):
            assert list(each.patients[name]) == list(labelled.patients[name])
        assert list(each.visits["remission"]) == list(labelled.visits["remission"])


@pytest.mark.parametrize(
    ("file", "near"),
    [("redcap_last_seen_date.csv", 1e-6), ("redcap_labels.csv", 1e-6), ("nanjing_wide.xlsx", 0.06)],
)
def test_relapses_as_dates_and_as_times_are_those_of_the_endpoint(file: str, near: float) -> None:
    cohort, _ = answered([CASES / file], REDCAP)
    relapses = cohort.patients["relapse_months"]
    assert (int(relapses.notna().sum()), relapses.iloc[0]) == (28, pytest.approx(289 / 30.4375, abs=near))


@pytest.mark.parametrize("file", ["avalu_age_in_days.csv", "avalu_crash.csv", "two_row_header_years.xlsx"])
def test_an_age_stays_in_years_and_is_no_follow_up(file: str) -> None:
    cohort, _ = answered([CASES / file], {DIED: "x" if file.endswith("xlsx") else "0"})
    assert cohort.patients["age_years"].iloc[0] == 45
    assert cohort.patients["age_years"].mean() == pytest.approx(35.0, abs=0.05)


def test_marked_values_are_used_and_their_marks_told() -> None:
    cohort = read_cohort(CASES / "vals_patients.csv", CASES / "vals_visits.csv")
    first = cohort.visits[cohort.visits["months"] == 0]
    # One score at transplantation is not determined: an 8 of the scores that add up to 902.
    assert first["sledai"].notna().sum() == 59
    assert first["sledai"].astype(float).mean() == pytest.approx((902 - 8) / 59)
    antibodies = cohort.visits["anti_dsdna_iu_per_ml"]
    assert (int((antibodies == 0.1).sum()), int((antibodies == 200).sum()), int(antibodies.isna().sum())) == (66, 69, 0)
    told = " ".join(cohort.findings["message"])
    assert '"<0.1" is a limit of measurement; it is used as the value (66 rows)' in told
    assert '">200" says at least this much; it is used as the value (69 rows)' in told
    assert "without its mark" in told


def test_where_one_row_is_left_out_it_is_a_footnote() -> None:
    cohort, _ = answered([CASES / "two_row_header_years.xlsx"], {DIED: "x"})
    assert list(cohort.left_out["patient_id"]) == ["x = patient died"]


def test_endpoints_that_were_not_chosen_are_kept_as_columns() -> None:
    cohort, _ = answered([CASES / "adtte_two_params.csv"], {"rows": "OS", DIED: "0"})
    relapse = kaplan_meier(cohort, TimeToEvent("TTREL months", "TTREL event")).summary.iloc[0]
    # 28 of the rows of TTREL have CNSR 0; the first of them is 289 days.
    assert (relapse["patients"], relapse["events"]) == (60, 28)
    assert cohort.patients["TTREL months"].iloc[0] == pytest.approx(289 / 30.4375)
