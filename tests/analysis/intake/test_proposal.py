"""What a page is given to show and correct, and the file in which the answers are kept."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, CohortError, Source
from analysis.intake.assemble import read_files
from analysis.intake.proposal import Proposal, ProposedColumn, propose
from analysis.intake.rivals import rival_cohorts
from analysis.intake.saved import load_mapping, save_mapping


@dataclass
class Upload:
    name: str
    content: bytes

    def getvalue(self) -> bytes:
        return self.content


PATIENTS = Upload("p.csv", b"pid;time;status;gender;colour\n1;365;2;F;red\n2;700;1;M;blue\n3;20;1;;red\n")
VISITS = Upload("v.csv", b"pid;day;sledai_total\n1;0;4\n1;30;x\n2;0;5\n2;30;6\n2;60;7\n")


def named(proposal: Proposal, key: str) -> ProposedColumn:
    return next(column for column in proposal.columns if column.key == key)


def test_a_proposal_holds_what_a_page_shows() -> None:
    proposal = propose([PATIENTS, VISITS])
    assert [(table.table, table.rows, table.unmatched) for table in proposal.tables] == [
        ("patients", 3, ("colour",)),
        ("visits", 5, ()),
    ]
    sex = named(proposal, "patients.sex")
    assert sex.source == Source("gender")
    assert (sex.examples, sex.filled, sex.readable) == (("F", "M"), 2, 2)
    assert "its name" in sex.reason
    sledai = named(proposal, "visits.sledai")
    assert (sledai.examples, sledai.filled, sledai.readable) == (("4", "x", "5"), 5, 4)
    assert named(proposal, "patients.age_years").source is None
    assert not proposal.refusals
    assert not proposal.ready


def test_the_answers_to_its_questions_make_a_cohort() -> None:
    files = [PATIENTS, VISITS]
    proposal = propose(files)
    questions = {question.key: question for question in proposal.questions}
    assert {key: question.kind for key, question in questions.items()} == {
        "patients.follow_up_months": "unit",
        "patients.died": "event",
    }
    assert questions["patients.died"].choices == (("1", 2), ("2", 1))
    assert [choice for choice, _ in questions["patients.follow_up_months"].choices] == [
        "days",
        "weeks",
        "months",
        "years",
    ]
    mapping = proposal.mapping | {
        "patients.follow_up_months": questions["patients.follow_up_months"].answered("days"),
        "patients.died": questions["patients.died"].answered("2"),
    }
    assert propose(files, mapping).ready
    cohort = read_files(files, mapping=load_mapping(save_mapping(mapping)))
    assert list(cohort.patients["died"]) == [True, False, False]
    assert cohort.patients["follow_up_months"].iloc[0] == pytest.approx(365 / 30.4375)
    assert len(cohort.visits) == 5


def test_a_sheet_and_a_column_can_be_the_answer() -> None:
    files = [Upload("a.csv", b"pid,os_days,died\n1,3,1\n"), Upload("b.csv", b"pid,os_days,died\n1,3,1\n2,3,1\n")]
    (question,) = propose(files).questions
    assert (question.kind, question.key, [choice for choice, _ in question.choices]) == (
        "sheet",
        "patients",
        ["a.csv", "b.csv"],
    )
    cohort = read_files(files, mapping={question.key: question.answered("b.csv")})
    assert list(cohort.patients["patient_id"]) == ["1", "2"]
    odd = [Upload("p.csv", b"pid,os_days,what\n1,3,1\n2,4,0\n")]
    (missing,) = propose(odd).questions
    assert (missing.kind, missing.key, missing.choices) == ("column", "patients.died", (("what", 2),))
    assert list(read_files(odd, mapping={missing.key: missing.answered("what")}).patients["died"]) == [True, False]


def test_which_of_two_rows_is_used_can_be_answered() -> None:
    files = [Upload("p.csv", b"patient_id,follow_up_months,died\na,1,1\na,2,0\n")]
    (question,) = propose(files).questions
    assert (question.kind, question.key) == ("duplicates", "duplicates")
    mapping = {question.key: question.answered("last row")}
    assert propose(files, mapping).ready
    assert load_mapping(save_mapping(mapping)) == mapping
    assert list(read_files(files, mapping=mapping).patients["follow_up_months"]) == [2]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([Upload("x.png", b"\x89PNG\r\n")], "a PNG image"),
        ([Upload("p.csv", b"patient_id,months,sledai\na,1,4\na,2,5\n")], "not a patient table"),
        ([Upload("p.csv", b"")], "the file is empty"),
    ],
)
def test_what_no_answer_can_cure_is_refused(files: list[Upload], words: str) -> None:
    proposal = propose(files)
    assert words in proposal.refusals[0].message
    assert not proposal.questions


def test_one_broken_file_does_not_hide_the_others() -> None:
    proposal = propose([Upload("x.png", b"\x89PNG\r\n"), Upload("p.csv", b"pid,os_days,died\n1,3,1\n2,4,0\n")])
    assert [table.label for table in proposal.tables] == ["p.csv"]
    assert len(proposal.refusals) == 1


@given(st.lists(st.binary() | st.text('pidsat,;1\n"').map(str.encode), max_size=3))
def test_a_proposal_raises_nothing(contents: list[bytes]) -> None:
    propose([Upload(f"{number}.csv", content) for number, content in enumerate(contents)])


MAPPINGS = [
    {},
    {"died": "dead", "sex": None},
    {"follow_up_months": Source("t", unit="days"), "died": Source("s", event=[2, "x", True, 1.5])},
    {
        "visits.visit_date": Source("d", format="day first"),
        "organs.renal": "LN",
        "visits": "Sheet 2",
        "e-mail": "e-mail",
    },
    {"died": Source("überlebt ☃", event=[])},
]


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_a_mapping_comes_back_from_its_file(mapping: dict[str, str | Source | None]) -> None:
    assert load_mapping(save_mapping(mapping)) == mapping
    assert load_mapping(save_mapping(mapping).encode()) == mapping


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a mapping file"),
        ("[]", "not a mapping file"),
        ('{"columns": {}}', "not a mapping file"),
        ('{"format": "msc-lupus column mapping", "version": 9, "columns": {}}', "another version"),
        (save_mapping({}).replace("{}", '{"tail": "x"}'), "'tail' is not a known column"),
        (save_mapping({}).replace("{}", '{"died": 3}'), '"died" names no column'),
        (save_mapping({}).replace("{}", '{"died": {"column": 3}}'), "cannot be understood"),
        (save_mapping({}).replace("{}", '{"died": {"column": "x", "colour": 3}}'), "cannot be understood"),
        (save_mapping({}).replace("{}", '{"months": {"column": "x", "unit": "hours"}}'), "The unit must be"),
        ("[" * 100_000, "not a mapping file"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(text: str, words: str) -> None:
    with pytest.raises(CohortError, match=words):
        load_mapping(text)
    with pytest.raises(CohortError):
        load_mapping(b"\xff\xfe\x00")


REPEATED = Upload(
    "r.csv", b"patient_id,follow_up_months,died,dose\n" + b"".join(b"%d,12,0,%d\n" % (n // 2, n) for n in range(12))
)


def test_what_one_answer_settles_stands_under_its_question() -> None:
    proposal = propose([REPEATED])
    assert [question.key for question in proposal.questions] == ["duplicates"]
    assert len(proposal.questions[0].also) == 5  # six patients stand in two rows each
    assert not proposal.refusals


def test_an_answer_settles_only_its_own_column() -> None:
    both = Upload("b.csv", b"id,time,status,started\n1,3,1,03/04/2012\n2,4,2,05/06/2012\n")
    assert all(not question.also for question in propose([both]).questions)


def test_a_file_without_follow_up_is_refused_in_words_once_that_is_said() -> None:
    file = Upload("f.csv", b"patient_id,died,size\n1,0,3\n2,1,4\n")
    assert [question.key for question in propose([file]).questions] == ["patients.follow_up_months"]
    refused = propose([file], {"patients.follow_up_months": None})
    assert not refused.questions
    (finding,) = refused.refusals
    assert "nothing can be counted over time. Add it to the file and choose the file again." in finding.message


def rivals(text: str, mapping: dict[str, Source] | None = None) -> tuple[Proposal, dict[str, Cohort]]:
    files = [Upload("x.csv", text.encode())]
    proposal = propose(files, mapping)
    return proposal, rival_cohorts(files, mapping or {}, proposal)


def test_each_of_two_columns_is_read_so_that_both_can_be_compared() -> None:
    rows = "".join(f"p{row},{row + 1},{2 * row + 1},{row % 2}\n" for row in range(10))
    proposal, cohorts = rivals(f"patient_id,OS_months,survival_months,died\n{rows}")
    assert [question.kind for question in proposal.questions] == ["column"]
    assert {column: cohort.patients["follow_up_months"].max() for column, cohort in cohorts.items()} == {
        "OS_months": 10,
        "survival_months": 19,
    }


def test_columns_are_compared_only_if_nothing_else_is_asked_of_either() -> None:
    rows = "".join(f"p{row},{row + 1},{2 * row + 1},{row % 2},{row % 3}\n" for row in range(10))
    proposal, cohorts = rivals(f"patient_id,OS,survtime,died,ward\n{rows}")  # in which unit?
    assert cohorts == {}
    # The unit of one would be taken as that of the other if both were asked at once.
    assert [question.kind for question in proposal.questions] == ["column"]
    proposal, cohorts = rivals(f"patient_id,a,b,died,d\n{rows}")
    assert (len(proposal.questions[0].choices), cohorts) == (3, {})
    assert rivals(f"patient_id,follow_up_months,b,died,d\n{rows}")[1] == {}
