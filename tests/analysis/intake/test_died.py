"""Which values mean died: rare words, codes for unknown, and blanks beside a sole yes."""

from __future__ import annotations

import pytest

from analysis import Cohort, CohortError, Finding, Source, read_cohort

pytestmark = pytest.mark.usefixtures("read_here")


def text(values: list[str], column: str = "status") -> bytes:
    rows = "".join(f'{number},{number + 3},"{value}"\n' for number, value in enumerate(values))
    return f"id,fu_months,{column}\n{rows}".encode()


def asked(values: list[str], column: str = "status") -> Finding:
    with pytest.raises(CohortError) as refused:
        read_cohort(text(values, column))
    (finding,) = refused.value.findings
    return finding


def died(cohort: Cohort) -> list[bool]:
    assert cohort.left_out.empty
    return list(cohort.patients["died"])


@pytest.mark.parametrize(
    "word",
    [
        *("exitus", "DOOD", "verstorben", "fallecido", "mort", "décédé", "passed", "expired", "demised", "死亡"),
        *("overleden", "zmarł", "†", "Deceased.", "dead*", "passed away", "falecido", "deceduto"),
    ],
)
def test_a_word_for_dead_is_known_however_rare(word: str) -> None:
    assert died(read_cohort(text(["alive", "alive", word, "alive"]))) == [False, False, True, False]


@pytest.mark.parametrize(
    ("alive", "dead"),
    [
        ("0:LIVING", "1:DECEASED"),
        ("0 = alive", "1 = dead"),
        ("0 - alive", "1 - dead"),
        ("(0) alive", "(1) dead"),
        ("0. lebt", "1. Exitus"),
        ("Alive (1)", "Dead (2)"),
        ("1:LIVING", "2:DECEASED"),
        ("0-vivo", "1-fallecido"),
    ],
)
def test_the_words_of_a_code_say_what_it_means(alive: str, dead: str) -> None:
    assert died(read_cohort(text([alive, alive, dead]))) == [False, False, True]


@pytest.mark.parametrize(
    "rare", ["DOD", "dead (sepsis)", "died of PAH", "x", "E", "yes - sepsis", "lost", "transferred", "2"]
)
def test_a_rare_word_that_is_not_known_is_asked(rare: str) -> None:
    values = ["alive", "alive", "dead", rare]
    finding = asked(values)
    assert finding.question == "event"
    assert (rare.casefold(), 1) in finding.choices
    cohort = read_cohort(text(values), mapping={"died": Source("status", event=["dead", rare])})
    assert died(cohort) == [False, False, True, True]


@pytest.mark.parametrize(
    "codes", ["0 7 8 9", "1 2 9", "0 9", "0 99", "0 1 8 9", "0 0 0 0 1 1 9 9 9"]
)  # fmt: skip
def test_a_code_for_unknown_can_be_chosen_as_died(codes: str) -> None:
    values = codes.split()
    finding = asked(values)
    assert dict(finding.choices)[values[-1]] == values.count(values[-1])
    cohort = read_cohort(text(values), mapping={"died": Source("status", event=[values[-1]])})
    assert died(cohort) == [value == values[-1] for value in values]


@pytest.mark.parametrize("blank", ["", "NA", "n/a", "."])
def test_the_death_flag_of_trials_holds_a_yes_or_nothing(blank: str) -> None:
    assert died(read_cohort(text(["Y", blank, blank], "DTHFL"))) == [True, False, False]


@pytest.mark.parametrize("blank", ["", "NA", "n/a", "."])
@pytest.mark.parametrize(("column", "yes"), [("died", "1"), ("died", "yes"), ("status", "dead"), ("Exitus", "x")])
def test_beside_a_sole_yes_a_blank_is_asked_and_then_a_no(column: str, yes: str, blank: str) -> None:
    finding = asked([yes, blank, blank], column)
    assert (finding.question, finding.choices) == ("event", ((yes, 1),))
    assert "2 rows without a value will be read as alive" in finding.message
    cohort = read_cohort(text([yes, blank, blank], column), mapping={"died": Source(column, event=[yes])})
    assert died(cohort) == [True, False, False]


def test_where_all_others_are_unknown_nobody_is_known_to_be_alive() -> None:
    finding = asked(["yes", "unknown", "unknown"], "died")
    assert "nobody is known to be alive" in finding.message


@pytest.mark.parametrize("other", ["months", "days"])
def test_avalu_is_the_unit_of_aval_alone(other: str) -> None:
    factor = {"months": 1, "days": 1 / 30.4375}[other]
    rows = f"A,40,1.5,100,30,{other.upper()},0\nB,50,2,101,40,{other.upper()},1\n"
    cohort = read_cohort(
        f"USUBJID,AGE,cell_dose,C3,AVAL,AVALU,CNSR\n{rows}".encode(), mapping={"died": Source("CNSR", event=["0"])}
    )
    assert list(cohort.patients["age_years"]) == [40, 50]
    assert list(cohort.patients["cell_dose_million_per_kg"]) == [1.5, 2]
    assert list(cohort.patients["follow_up_months"]) == pytest.approx([30 * factor, 40 * factor])


def test_times_in_several_units_are_refused() -> None:
    with pytest.raises(CohortError, match="not the same in all rows: days and months"):
        read_cohort(b"USUBJID,AVAL,AVALU,died\nA,30,DAYS,0\nB,4,MONTHS,1\n")
