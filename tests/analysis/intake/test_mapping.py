"""The file's own columns: named by hand, with unit, event and date format; and what has to be asked."""

import pandas as pd
import pytest

from analysis import Cohort, CohortError, read_cohort
from analysis.intake.mapping import Source


def asked(**given: object) -> list[tuple[str, str]]:
    with pytest.raises(CohortError) as refused:
        read_cohort(**given)
    return [(finding.question, finding.column) for finding in refused.value.findings]


@pytest.mark.parametrize(("unit", "months"), [("days", 12.0), ("weeks", 84.0), ("months", 365.25), ("years", 4383.0)])
def test_units(unit: str, months: float) -> None:
    cohort = read_cohort(
        b"id,time,status\na,365.25,2\nb,730.5,1\n",
        mapping={
            "patient_id": "id",
            "follow_up_months": Source("time", unit=unit),
            "died": Source("status", event=[2]),
        },
    )
    assert cohort.patients["follow_up_months"].iloc[0] == pytest.approx(months, rel=1e-12)
    assert list(cohort.patients["died"]) == [True, False]


def test_a_unit_in_the_name_is_read_and_a_bare_time_is_asked() -> None:
    mapping = {"follow_up_months": "fu_days"}
    cohort = read_cohort(b"patient_id,fu_days,died\na,365.25,1\nb,1,0\n", mapping=mapping)
    assert cohort.patients["follow_up_months"].iloc[0] == pytest.approx(12)
    assert asked(patients=b"patient_id,time,died\na,1,1\n", mapping={"follow_up_months": "time"}) == [("unit", "time")]


@pytest.mark.parametrize(
    ("values", "event", "died"),
    [
        (["1", "2", "2"], [2], [0, 1, 1]),
        (["1.0", " 2", "2.0"], ["2"], [0, 1, 1]),
        (["Dead", "alive", "lost"], ["dead"], [1, 0, 0]),
        (["x", "", "x"], ["x"], [1, 0, 1]),
        (["1", "0", "9"], [1], [1, 0, None]),
        (["1", "0", ""], [1], [1, 0, None]),
        (["0", "1", "1"], None, [0, 1, 1]),
        (["yes", "No", "NO"], None, [1, 0, 0]),
        (["TRUE", "false", "unknown"], None, [1, 0, None]),
        (["died", "Alive", "perhaps"], None, [1, 0, None]),
        (["0", "0", "0"], None, [0, 0, 0]),
    ],
)
def test_events(values: list[str], event: list[object] | None, died: list[int | None]) -> None:
    frame = pd.DataFrame({"patient_id": list("abc"), "follow_up_months": [1, 2, 3], "died": values})
    cohort = read_cohort(frame, mapping={"died": Source("died", event=event)})
    expected = {patient: bool(value) for patient, value in zip("abc", died, strict=True) if value is not None}
    assert dict(zip(cohort.patients["patient_id"], cohort.patients["died"], strict=True)) == expected


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("died", [1, 2, 2]),
        ("died", [0, 1, 2]),
        ("died", ["x", "z", "z"]),
        ("died", ["dead", "lost", "lost"]),
        ("cens", [0, 1, 1]),
        ("status", [1, 1, 1]),
    ],
)
def test_codes_that_cannot_be_known_are_asked(column: str, values: list[object]) -> None:
    frame = pd.DataFrame({"patient_id": list("abc"), "follow_up_months": [1, 2, 3], column: values})
    assert asked(patients=frame, mapping={"died": column}) == [("event", column)]


DATED = "patient_id,transplant_date,last_contact_date,death_date\n"


@pytest.mark.parametrize(
    ("format", "start", "end"),
    [
        (None, "2010-01-01", "2011-01-01"),
        (None, "2010/01/01", "2011-01-01 00:00:00"),
        ("day first", "01.02.2010", "1/2/2011"),
        ("month first", "02/01/2010", "2-1-2011"),
        ("excel", "40179", "40544"),
        ("%d %b %Y", "01 Jan 2010", "01 Jan 2011"),
    ],
)
def test_dates_in_every_format(format: str | None, start: str, end: str) -> None:
    mapping = {name: Source(name, format=format) for name in ("transplant_date", "last_contact_date", "death_date")}
    cohort = read_cohort(f"{DATED}a,{start},{end},\nb,{start},,{end}\n".encode(), mapping=mapping)
    assert list(cohort.patients["follow_up_months"] * 30.4375) == pytest.approx([365, 365])
    assert list(cohort.patients["died"]) == [False, True]
    assert list(cohort.patients.columns) == ["patient_id", "follow_up_months", "died"]


def test_an_unclear_date_format_is_asked() -> None:
    text = "patient_id,transplant_date,death_date\na,01/02/2010,2011-01-01\nb,03/02/2010,\n"
    assert asked(patients=text.encode()) == [("format", "transplant_date")]


def left_out(cohort: Cohort) -> dict[str, str]:
    return dict(zip(cohort.left_out["patient_id"], cohort.left_out["reason"], strict=True))


def test_dates_that_make_no_follow_up_leave_the_patient_out() -> None:
    cohort = read_cohort(
        (
            DATED + "a,2010-01-01,2011-01-01,\nb,,2011-01-01,\nc,2010-01-01,,\nd,2010-01-01,2009-01-01,\n"
            "e,2010-01-01,2011-01-01,soon\n"
        ).encode()
    )
    assert list(cohort.patients["patient_id"]) == ["a"]
    reasons = left_out(cohort)
    assert "no date of transplantation" in reasons["b"]
    assert "no date of death or last contact" in reasons["c"]
    assert "before the transplantation" in reasons["d"]
    assert "the date cannot be read" in reasons["e"]


def test_a_date_of_death_of_someone_alive_is_left_out() -> None:
    text = "patient_id,follow_up_months,died,death_date\na,5,0,2011-01-01\nb,5,1,2011-01-01\n"
    assert "recorded as alive" in left_out(read_cohort(text.encode()))["a"]


def test_the_cutoff_ends_follow_up_and_undoes_later_deaths() -> None:
    text = (
        "patient_id,transplant_date,last_contact_date,death_date,relapse_months,follow_up_ended\n"
        "late death,2010-01-01,,2012-01-01,20,died\n"
        "early death,2010-01-01,,2010-07-01,2,died\n"
        "no contact,2010-01-01,,,,\n"
        "lost,2010-01-01,2010-03-01,,,lost\n"
        "too late,2011-02-01,,,,\n"
    )
    visits = "patient_id,visit_date\nlost,2010-02-01\nlate death,2011-06-01\n"
    cohort = read_cohort(text.encode(), visits.encode(), cutoff="2011-01-01")
    patients = cohort.patients.set_index("patient_id")
    assert (patients["follow_up_months"] * 30.4375).round().to_dict() == {
        "late death": 365,
        "early death": 181,
        "no contact": 365,
        "lost": 59,
    }
    assert patients["died"].to_dict() == {"late death": False, "early death": True, "no contact": False, "lost": False}
    assert patients["relapse_months"].isna().to_dict()["late death"]
    assert patients.loc["late death", "follow_up_ended"] == "ongoing"
    assert "after the cutoff" in left_out(cohort)["too late"]
    assert list(cohort.visits["patient_id"]) == ["lost"]
    assert cohort.visits["months"].iloc[0] == pytest.approx(31 / 30.4375)


def test_a_cutoff_needs_dates() -> None:
    assert asked(patients=b"patient_id,follow_up_months,died\na,1,1\n", cutoff="2011-01-01") == [
        ("column", "transplant_date")
    ]
    with pytest.raises(ValueError, match="isoformat"):
        read_cohort(b"", cutoff="soon")


def test_visit_dates_need_the_date_of_transplantation() -> None:
    given = {
        "patients": b"patient_id,follow_up_months,died\na,1,1\n",
        "visits": b"patient_id,visit_date\na,2010-01-01\n",
    }
    assert asked(**given) == [("column", "transplant_date")]


def test_names_are_matched_without_case_and_blanks_and_said_so() -> None:
    cohort = read_cohort(b"Patient ID,Follow-up months,DIED\na,x,1\nb,2,0\n")
    assert list(cohort.patients.columns) == ["patient_id", "follow_up_months", "died"]
    assert cohort.left_out["reason"].iloc[0].startswith("patients, row 2, column Follow-up months:")
    read_as = cohort.findings[cohort.findings["message"].str.contains("is read as")]
    assert list(read_as["column"])[:3] == ["Patient ID", "Follow-up months", "DIED"]


def test_a_name_in_both_tables_can_be_told_for_one() -> None:
    cohort = read_cohort(
        b"pid,follow_up_months,died\na,9,1\n",
        b"pid,t\na,60.875\n",
        mapping={"patient_id": "pid", "visits.months": Source("t", unit="days")},
    )
    assert list(cohort.visits["months"]) == [2]


def test_what_is_told_wins_and_what_is_set_aside_is_said() -> None:
    cohort = read_cohort(b"patient_id,follow_up_months,died,dead\na,9,1,0\nb,9,0,1\n", mapping={"died": "dead"})
    assert list(cohort.patients["died"]) == [False, True]
    (note,) = cohort.findings[cohort.findings["column"] != ""]["message"]
    assert note == 'patients, column died: it is not used, because "dead" was named.'


@pytest.mark.parametrize("name", ["tail", "visits.tail", "visits.died", "nowhere.died"])
def test_an_unknown_canonical_name_is_a_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="is not a known column"):
        read_cohort(b"patient_id\na\n", mapping={name: "x"})


@pytest.mark.parametrize("wrong", [{"unit": "hours"}, {"format": "backwards"}, {"event": "dead"}])
def test_a_wrong_source_is_a_mistake(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Source("x", **wrong)


def test_a_column_that_the_file_lacks_is_refused() -> None:
    with pytest.raises(CohortError, match='there is no column "status"'):
        read_cohort(b"a,b\n1,2\n", mapping={"died": "status"})
