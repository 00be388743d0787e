"""99 for not recorded is asked where it could be a value."""

import pytest

from analysis import CohortError, Source, read_cohort
from analysis.intake.proposal import propose
from analysis.intake.reading import HeldFile

PATIENTS = "patient_id,follow_up_months,died\nA,30,0\nB,40,1\nC,50,0\nD,20,0\n"


def visits(second: list[int]) -> bytes:
    rows = [f"{each},0,15" for each in "ABCD"]
    rows += [f"{each},12,{value}" for each, value in zip("ABCD", second, strict=True)]
    return "\n".join(["patient_id,months,sledai", *rows]).encode()


def test_99_far_above_the_other_values_is_asked() -> None:
    table = visits([4, 99, 4, 99])
    files = [HeldFile("p.csv", PATIENTS.encode()), HeldFile("v.csv", table)]
    (question,) = propose(files).questions
    assert (question.kind, question.key, question.levels) == ("codes", "visits.sledai", ("99",))
    assert question.choices == (("99", 2),)
    for answer, mean in (("", 4), ("99", 51.5)):
        cohort = read_cohort(PATIENTS.encode(), table, mapping={question.key: question.answered(answer)})
        held = cohort.visits
        assert held.loc[held["months"] == 12, "sledai"].mean() == mean


@pytest.mark.parametrize("second", [[4, 99, 4, 4], [70, 99, 99, 60], [4, 8, 3, 2]])
def test_single_and_near_values_are_not_asked(second: list[int]) -> None:
    assert len(read_cohort(PATIENTS.encode(), visits(second)).visits) == 8


def test_codes_in_the_mapping_answer_it() -> None:
    codes = {"visits.sledai": Source("sledai", codes={"99": None})}
    with pytest.raises(CohortError, match="far above all other values"):
        read_cohort(PATIENTS.encode(), visits([4, 99, 4, 99]))
    cohort = read_cohort(PATIENTS.encode(), visits([4, 99, 4, 99]), mapping=codes)
    assert cohort.visits["sledai"].count() == 6
    assert "as it was said, 99 is not recorded" in " ".join(cohort.findings["message"])
