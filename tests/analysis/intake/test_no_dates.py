"""Dates and words that stand for no date are blanks, and nobody dies by them."""

import pytest

from analysis import Cohort, CohortError, read_cohort

DEAD = "BF"
DIED = "2012-05-05"


def table(none: str, died: dict[bool, str] | None = None, heading: str = "Date of death", contact: str = "") -> bytes:
    """Return six patients of whom two died on one day; the others have what stands for no date."""
    rows = []
    for place, each in enumerate("ABCDEF", start=1):
        status = f",{died[each in DEAD]}" if died else ""
        last = contact if contact and each in DEAD else "2013-01-01"
        rows.append(f"{each},2010-01-0{place},{last}{status},{DIED if each in DEAD else none}")
    status = ",Status" if died else ""
    return "\n".join([f"patient_id,transplant_date,last_contact_date{status},{heading}", *rows]).encode()


def assert_right(cohort: Cohort) -> None:
    patients = cohort.patients.set_index("patient_id")
    assert "".join(patients.index[patients["died"]]) == DEAD
    assert patients.loc["B", "follow_up_months"] == pytest.approx(28.06, abs=0.01)
    assert patients.loc["A", "follow_up_months"] == pytest.approx(36.01, abs=0.01)


NONE = ["9999-12-31", "2099-01-01", "1900-01-01", "1899-12-31", "31/12/9999", "9999-99-99", "alive", "/", "-", "none"]


@pytest.mark.parametrize("none", [*NONE, "无", "存活"])
def test_what_stands_for_no_date_of_death_is_alive(none: str) -> None:
    cohort = read_cohort(table(none))
    assert_right(cohort)
    assert f'"{none}" is read as not recorded (4 rows)' in " ".join(cohort.findings["message"])


@pytest.mark.parametrize("none", NONE)
@pytest.mark.parametrize("words", [{True: "dead", False: "alive"}, {True: "1", False: "0"}])
def test_it_agrees_with_a_status_beside(none: str, words: dict[bool, str]) -> None:
    heading = {"1": "died"}.get(words[True], "Status")
    assert_right(read_cohort(table(none, words).replace(b"Status", heading.encode())))


def test_a_last_contact_that_never_was_is_a_blank() -> None:
    assert_right(read_cohort(table("", contact="9999-12-31")))


def test_a_column_named_like_the_date_of_death_is_asked_where_few_values_are_dates() -> None:
    text = table("see letter", {True: "dead", False: "alive"})
    with pytest.raises(CohortError, match="named like the date of death, and 2 of its 6 values are dates"):
        read_cohort(text)
    assert int(read_cohort(text, mapping={"death_date": None}).patients["died"].sum()) == 2


def test_dates_of_another_calendar_stay() -> None:
    rows = ["A,2553-01-01,2556-01-01,", "B,2553-02-01,2556-01-01,2555-05-05"]
    cohort = read_cohort("\n".join(["patient_id,transplant_date,last_contact_date,death_date", *rows]).encode())
    assert list(cohort.patients["died"]) == [False, True]


def test_the_loss_of_half_of_the_patients_is_asked() -> None:
    rows = [f"{place},{'' if place % 2 else 30},{int(place % 4 < 2)}" for place in range(1, 9)]
    with pytest.raises(CohortError, match="half of the patients"):
        read_cohort("\n".join(["patient_id,follow_up_months,died", *rows]).encode())
