"""Codes that a heading explains are read as it says, also where they are the other way round."""

import pytest

from analysis import Cohort, CohortError, Source, read_cohort
from analysis.intake.heading_codes import codes_in

DEATH = "Death (0=yes, 1=no)"


def read(heading: str, values: list[str], **options: object) -> Cohort:
    rows = [f"{patient},30,{value}" for patient, value in zip("ABCDEF", values, strict=True)]
    return read_cohort("\n".join([f'patient_id,follow_up_months,"{heading}"', *rows]).encode(), **options)


@pytest.mark.parametrize(
    "heading", [DEATH, "Death: 0=yes 1=no", "死亡（0=是，1=否）", "Died (yes=0; no=1)", "Status (1=alive, 0=dead)"]
)
def test_the_dead_are_those_of_the_heading(heading: str) -> None:
    cohort = read(heading, ["1", "0", "1", "1", "1", "0"])
    assert list(cohort.patients.loc[cohort.patients["died"], "patient_id"]) == ["B", "F"]
    assert "as its heading says" in " ".join(cohort.findings["message"])


def test_an_answer_in_codes_and_one_in_words_mean_the_same() -> None:
    values = ["1", "0", "1", "1", "1", "0"]
    for event in (["0"], ["yes"]):
        assert int(read(DEATH, values, mapping={"died": Source(DEATH, event=event)}).patients["died"].sum()) == 2


def test_a_heading_that_counts_the_censored_is_asked_in_its_words() -> None:
    heading, values = "Censor (0=event, 1=censored)", ["1", "0", "1", "1", "1", "0"]
    with pytest.raises(CohortError) as refused:
        read(heading, values, mapping={"died": heading})
    (question,) = refused.value.findings
    assert [value for value, _ in question.choices] == ["censored", "event"]
    answer = {"died": Source(heading, event=["event"])}
    assert int(read(heading, values, mapping=answer).patients["died"].sum()) == 2


@pytest.mark.parametrize(
    ("heading", "name", "expected"),
    [
        ("Sex (0=male, 1=female)", "sex", ["male", "female"]),
        ("MSC source (0=UC, 1=BM)", "msc_source", ["UC", "BM"]),
    ],
)
def test_categories_with_codes_in_the_heading_are_known(heading: str, name: str, expected: list[str]) -> None:
    rows = "".join(f"{patient},30,{died},{value}\n" for patient, died, value in (("A", 0, 0), ("B", 1, 1), ("C", 0, 0)))
    cohort = read_cohort(f'patient_id,follow_up_months,died,"{heading}"\n{rows}'.encode())
    assert list(cohort.patients[name].astype(str)) == [*expected, expected[0]]


def test_relapse_with_codes_in_the_heading_tells_which_times_are_relapses() -> None:
    rows = "A,30,0,2,12\nB,40,1,1,40\nC,50,0,1,50\n"
    text = f"patient_id,follow_up_months,died,Relapse (1=no 2=yes),Time to relapse (months)\n{rows}"
    assert list(read_cohort(text.encode()).patients["relapse_months"].dropna()) == [12]


@pytest.mark.parametrize("heading", ["C3 (g/L)", "SLEDAI (0-105)", "HLA (1=A2, 2=B27)", "Ratio (a=b)", "Died (1=yes)"])
def test_other_brackets_explain_no_codes(heading: str) -> None:
    assert codes_in(heading) == (heading, {})
