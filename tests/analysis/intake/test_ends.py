"""Nobody is lost because follow-up stands in two columns, or only for those who died."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import CohortError, Finding, Source, read_cohort
from analysis.intake.assemble import read_files

pytestmark = pytest.mark.usefixtures("read_here")


# Two died, after 300 and 150 days; two were alive after 900 and 1,200.
ROWS = (("A", "Dead", "300", "250"), ("B", "Alive", "", "900"), ("C", "Dead", "150", ""), ("D", "Alive", "", "1200"))
DAYS = [300, 900, 150, 1200]


def table(*names: str, blank: str = "") -> bytes:
    lines = [",".join(value or blank for value in row) for row in ROWS]
    return "\n".join([",".join(names), *lines]).encode()


def refusals(text: bytes, **options: object) -> list[Finding]:
    with pytest.raises(CohortError) as refused:
        read_cohort(text, **options)  # type: ignore[arg-type]
    return list(refused.value.findings)


@pytest.mark.parametrize("blank", ["", "NA", "--", "'--"])
@pytest.mark.parametrize(
    ("death", "contact"),
    [
        ("days_to_death", "days_to_last_followup"),
        ("days_to_death", "days_to_last_follow_up"),
        ("time_to_death_days", "time_to_last_contact_days"),
        ("death_days", "fu_days"),
        ("Time to death (days)", "Follow-up (days)"),
        ("death_days", "days_to_last_known_alive"),
    ],
)
def test_the_dead_in_one_column_and_the_living_in_another(death: str, contact: str, blank: str) -> None:
    cohort = read_cohort(table("id", "vital_status", death, contact, blank=blank))
    assert list(cohort.patients["died"]) == [True, False, True, False]
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([days / 30.4375 for days in DAYS])
    assert cohort.left_out.empty


def test_who_has_a_time_to_death_has_died() -> None:
    text = b"id,days_to_death,days_to_last_followup\nA,300,250\nB,,900\n"
    assert list(read_cohort(text).patients["died"]) == [True, False]


def test_of_two_halves_of_the_follow_up_it_is_asked_which_is_of_the_dead() -> None:
    text = b"id,status,survival_days,observation_days\nA,Dead,300,\nB,Alive,,900\n"
    (finding,) = refusals(text)
    assert (finding.question, finding.column) == ("column", "death_months")
    assert [name for name, _ in finding.choices] == ["survival_days", "observation_days"]
    cohort = read_cohort(text, mapping={"death_months": Source("survival_days", unit="days")})
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([300 / 30.4375, 900 / 30.4375])


def test_a_time_to_death_of_all_is_the_follow_up() -> None:
    cohort = read_cohort(b"id,time_to_death_days,died\nA,300,1\nB,900,0\n")
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([300 / 30.4375, 900 / 30.4375])


def test_a_time_to_death_of_the_dead_alone_asks_for_the_others() -> None:
    (finding,) = refusals(b"id,status,months_to_death\nA,Dead,30\nB,Alive,\nC,Dead,15\n")
    assert (finding.question, finding.column) == ("column", "last_contact_months")
    assert "until when" in finding.message


@pytest.mark.parametrize(
    ("death", "contact"),
    [
        ("fecha_muerte", "Fecha_ultimo_control"),
        ("date_of_death", "date_last_alive"),
        ("death_date", "last_seen_date"),
        ("Todesdatum", "Letzter Kontakt"),
        ("date de décès", "Date des dernières nouvelles"),
        ("Data do óbito", "Data do último seguimento"),
        ("overlijdensdatum", "datum laatste contact"),
    ],
)
def test_dates_of_the_dead_and_of_the_living(death: str, contact: str) -> None:
    text = f"id,transplant_date,{death},{contact}\nA,2012-01-01,2013-01-01,\nB,2012-01-01,,2014-01-01\n"
    cohort = read_cohort(text.encode())
    assert list(cohort.patients["died"]) == [True, False]
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([366 / 30.4375, 731 / 30.4375])


DEATHS = "A,2012-01-01,2013-01-01\nB,2012-02-01,\nC,2012-03-01,\n"


def test_dates_of_the_dead_alone_ask_for_a_cutoff_day() -> None:
    text = f"id,transplant_date,death_date\n{DEATHS}".encode()
    (finding,) = refusals(text)
    assert finding.question == "cutoff"
    assert finding.choices == (("2013-01-01", 3),)
    cohort = read_cohort(text, mapping={"cutoff": "2014-01-01"})
    assert len(cohort) == 3
    assert cohort.fingerprint == read_cohort(text, cutoff="2014-01-01").fingerprint


def test_another_column_of_dates_is_offered_for_the_living() -> None:
    text = f"id,transplant_date,death_date,laatst_gezien\n{DEATHS}".replace(",\n", ",,2014-02-01\n").replace(
        "2013-01-01\n", "2013-01-01,\n"
    )
    (finding,) = refusals(text.encode())
    assert (finding.question, finding.column, finding.choices) == (
        "column",
        "last_contact_date",
        (("laatst_gezien", 2),),
    )
    assert len(read_cohort(text.encode(), mapping={"last_contact_date": "laatst_gezien"})) == 3


def test_where_there_are_dates_dates_are_asked_for() -> None:
    text = b"id,transplant_date,exit,died\nA,2012-01-01,2013-01-01,1\nB,2012-01-01,2014-01-01,0\n"
    (finding,) = refusals(text)
    assert (finding.question, finding.column, finding.choices) == ("column", "last_contact_date", (("exit", 2),))
    cohort = read_cohort(text, mapping={"last_contact_date": "exit"})
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([366 / 30.4375, 731 / 30.4375])


def test_a_table_of_the_dead_joined_to_one_of_all_asks_for_the_living(tmp_path: Path) -> None:
    (tmp_path / "death.csv").write_text("person_id,start_date,death_date\n1,2012-01-01,2013-01-01\n")
    (tmp_path / "person.csv").write_text("person_id,year_of_birth\n1,1970\n2,1980\n3,1990\n")
    with pytest.raises(CohortError, match=r"person.csv: of 2 patients it is not known until when they were followed"):
        read_files([tmp_path / "death.csv", tmp_path / "person.csv"])


def test_months_and_a_status_of_each_patient_are_a_patient_table() -> None:
    cohort = read_cohort(b"id,months,status\nA,1,dead\nB,4,alive\n")
    assert list(cohort.patients["follow_up_months"]) == [1, 4]


def test_a_cutoff_that_is_no_day_is_an_error() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        read_cohort(f"id,transplant_date,death_date\n{DEATHS}".encode(), mapping={"cutoff": "soon"})


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("year", "2013 2014 2015"),
        ("Jahr", "2013 2014 2015"),
        ("follow_up_year", "2013 2014 2015"),
        ("last_follow_up_year", "2013 2014 2015"),
        ("time", "2013 2014 2015"),
        ("years", "31 45 60"),
        ("an", "31 45 60"),
    ],
)
def test_a_year_or_an_age_is_never_taken_for_follow_up(column: str, values: str) -> None:
    rows = "\n".join(f"{number},{value},{number % 2}" for number, value in enumerate(values.split()))
    (finding,) = refusals(f"id,{column},died\n{rows}\n".encode())
    assert (finding.question, finding.column) == ("column", "follow_up_months")
    assert (column, 3) in finding.choices


@pytest.mark.parametrize(
    ("column", "months"), [("months", 4), ("Monate", 4), ("days", 4 / 30.4375), ("OS (years)", 48)]
)
def test_a_length_of_time_is(column: str, months: float) -> None:
    cohort = read_cohort(f"id,{column},died\n1,4,0\n2,5,1\n".encode())
    assert cohort.patients["follow_up_months"].iloc[0] == pytest.approx(months)


@pytest.mark.parametrize(
    ("values", "months"),
    [
        (["52.5 months", "8.0 months"], [52.5, 8.0]),
        (["2y 3m", "0y 8m"], [27, 8]),
        (["2 years 3 months", "18 months"], [27, 18]),
        (["2a 3m", "18 Monate"], [27, 18]),
        (["2 ans et 3 mois", "8 mois"], [27, 8]),
        (["1.5 years", "487 days"], [18, 16]),
    ],
)
def test_units_in_cells(values: list[str], months: list[float]) -> None:
    rows = "".join(f'{number},"{value}",0\n' for number, value in enumerate(values))
    cohort = read_cohort(f"id,FU,died\n{rows}2,12 months,1\n".encode())
    assert list(cohort.patients["follow_up_months"])[:2] == pytest.approx(months)


def test_a_plus_behind_the_time_is_a_patient_alive() -> None:
    cohort = read_cohort(b"id,survival (months)\nA,27.1+\nB,12\nC,5 +\n")
    assert list(cohort.patients["died"]) == [False, True, False]
    assert list(cohort.patients["follow_up_months"]) == [27.1, 12, 5]
    assert "a time with a plus is read as alive" in " ".join(cohort.findings["message"])


def test_many_times_that_cannot_be_read_are_no_slip_of_the_pen() -> None:
    rows = "".join(f"{number},{number} января 2012,2014-01-01,0\n" for number in range(1, 5))
    (finding,) = refusals(f"id,transplant_date,last_contact_date,died\n{rows}9,2012-01-01,2014-01-01,1\n".encode())
    assert '4 of 5 dates cannot be read, such as "1 января 2012"' in finding.message


def test_a_time_to_death_and_one_to_the_last_follow_up_need_no_status() -> None:
    rows = ["A,,30", "B,40,", "C,,50", "D,,20", "E,,60", "F,10,"]
    for heading in ("Time to last FU (months)", "Seen for (months)"):
        text = "\n".join([f"patient_id,Time to death (months),{heading}", *rows]).encode()
        cohort = read_cohort(text, mapping={"patients.last_contact_months": heading})
        assert list(cohort.patients["follow_up_months"]) == [30, 40, 50, 20, 60, 10]
        assert "".join(cohort.patients.loc[cohort.patients["died"], "patient_id"]) == "BF"
