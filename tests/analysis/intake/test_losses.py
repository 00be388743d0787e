"""What is lost when a file is read: asked about where it falls on one outcome or one side, and else only told."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Cohort, CohortError, Finding, Source, read_cohort
from analysis.export.python_source import source_of
from analysis.intake.lopsided import on_one_outcome, side
from analysis.intake.proposal import propose
from analysis.intake.reading import HeldFile
from analysis.intake.saved import load_mapping, save_mapping


def patients(dead: int, living: int) -> pd.DataFrame:
    number = dead + living
    months = [f"{place % 50 + 1}" for place in range(number)]
    died = [1] * dead + [0] * living
    return pd.DataFrame(
        {"patient_id": [f"p{place}" for place in range(number)], "follow_up_months": months, "died": died}
    )


def without(table: pd.DataFrame, dead: int, living: int) -> pd.DataFrame:
    """Return the table with no follow-up of some who died and of some who live."""
    lost = [*table.index[table["died"] == 1][:dead], *table.index[table["died"] == 0][:living]]
    return table.assign(follow_up_months=table["follow_up_months"].mask(table.index.isin(lost), ""))


def asked(table: pd.DataFrame, visits: pd.DataFrame | None = None, **options: object) -> list[str]:
    """Return what is asked about losses."""
    found: list[Finding] = []
    try:
        read_cohort(table, visits, **options)
    except CohortError as error:
        found = error.findings
    assert {finding.question for finding in found} <= {"lost"}
    return [finding.message for finding in found]


@pytest.mark.parametrize(
    ("dead", "living", "lost_dead", "lost_living", "question"),
    [
        (20, 40, 0, 0, False),
        (20, 40, 1, 1, False),
        (20, 40, 0, 2, False),
        (20, 40, 2, 4, False),
        (20, 40, 6, 11, False),  # 28 % of all, by chance
        (20, 40, 2, 17, True),
        (20, 40, 0, 40, True),
        (20, 40, 20, 0, True),
        (20, 40, 8, 2, True),
        (3, 2, 0, 2, True),  # everybody who is left died
        (4, 8, 0, 4, True),  # half of the living, and none who died
        (5, 1, 0, 1, True),
    ],
)
def test_a_loss_on_one_outcome_is_asked_about(
    dead: int, living: int, lost_dead: int, lost_living: int, question: bool
) -> None:
    words = asked(without(patients(dead, living), lost_dead, lost_living))
    assert bool(words) == question


def test_the_question_says_who_would_be_lost_and_what_that_does() -> None:
    (words,) = asked(without(patients(20, 40), 2, 17))
    assert "17 of 40 living patients would be left out, and 2 of 20 who died" in words
    assert "too low" in words
    assert "follow_up_months it is not recorded (19)" in words
    (words,) = asked(without(patients(20, 40), 9, 2))
    assert "too high" in words


def test_the_answer_counts_and_a_greater_loss_is_asked_anew() -> None:
    table = without(patients(20, 40), 2, 17)
    cohort = read_cohort(table, mapping={"without.patients": "19"})
    assert (len(cohort), cohort.rows_read) == (41, 60)
    doubts = cohort.findings[cohort.findings["kind"] == "doubtful"]["message"]
    assert doubts.str.contains("as you chose").sum() == 1
    assert asked(without(patients(20, 40), 2, 18), mapping={"without.patients": "19"})


LAYOUTS = {
    "days_to_death for the dead only": pd.DataFrame(
        {
            "id": list("ABCDE"),
            "vital_status": ["Dead", "Alive"] * 2 + ["Dead"],
            "fu_days": ["300", "", "150", "", "800"],
        }
    ),
    "the sole value for died is yes, and NA is not known": pd.DataFrame(
        {
            "id": list("ABCDE"),
            "fu_days": ["300", "40", "150", "9", "800"],
            "died": ["yes", "unknown", "yes", "unknown", "yes"],
        }
    ),
    "codes for the living that mean unknown": pd.DataFrame(
        {"id": list("ABCDEFGHIJ"), "fu_days": ["30"] * 10, "died": ["1", "0"] + ["99"] * 8}
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_file_opens_with_the_dead_only(layout: str) -> None:
    with pytest.raises(CohortError):
        read_cohort(LAYOUTS[layout])


def test_rows_that_repeat_others_or_lie_beyond_the_cutoff_are_no_loss() -> None:
    table = pd.concat([patients(3, 2), patients(3, 2).tail(2)])
    assert len(read_cohort(table.reset_index(drop=True))) == 5
    dated = pd.DataFrame(
        {
            "patient_id": range(20),
            "transplant_date": ["2010-01-01"] * 10 + ["2020-01-01"] * 10,
            "last_contact_date": ["2012-01-01"] * 10 + ["2021-01-01"] * 10,
            "died": [1] * 10 + [0] * 10,
        }
    )
    assert len(read_cohort(dated, cutoff="2015-01-01")) == 10


def visits(values: list[str], name: str = "sledai") -> pd.DataFrame:
    return pd.DataFrame({"patient_id": [f"p{place}" for place in range(len(values))], "months": 0, name: values})


LOW_VALUES = [f"{place % 20}" for place in range(40)]


@pytest.mark.parametrize(
    ("name", "values", "question"),
    [
        ("sledai", [*LOW_VALUES, *["too high to count"] * 5], "the high ones"),
        ("sledai", [*LOW_VALUES, *["hoch"] * 5], "the high ones"),
        ("anti_dsdna_iu_per_ml", [*LOW_VALUES, *["below detection"] * 5], "the low ones"),
        ("prednisone_mg_per_day", [*LOW_VALUES, *[f"around {place}" for place in range(60, 70)]], "the high ones"),
        ("sledai", [*LOW_VALUES, "see letter", "?!"], ""),
        ("sledai", [*LOW_VALUES, "high"], ""),
        ("sledai", [*LOW_VALUES, "300", "400", "500"], ""),
        ("remission", [*["complete"] * 20, "cured"], ""),
    ],
)
def test_values_lost_on_one_side_are_asked_about(name: str, values: list[str], question: str) -> None:
    words = asked(patients(15, 30), visits(values, name))
    assert bool(words) == bool(question)
    assert all(question in each for each in words)
    if question:
        lost = sum(value not in (*LOW_VALUES, "complete") for value in values)
        assert not asked(patients(15, 30), visits(values, name), mapping={f"without.visits.{name}": str(lost)})


def test_values_of_one_outcome_are_asked_about() -> None:
    values = ["illegible"] * 15 + LOW_VALUES[:30]  # of those who died
    (words,) = asked(patients(15, 30), visits(values))
    assert "0 of 30 living patients, and 15 of 15 who died, would be without any" in words


def test_visits_of_nobody_are_asked_about() -> None:
    strangers = visits(LOW_VALUES).assign(patient_id=[f"x{place}" for place in range(40)])
    (words,) = asked(patients(15, 30), strangers)
    assert "Nothing of the table would be used" in words


def test_the_sides_of_cells() -> None:
    assert side(["1.234,5", "2.100,0", "1.500,2"], ["12", "30", "45", "60", "99"] * 4) == "high"
    assert side(["n.d.", "n.b.", "lost"], ["1", "2", "3"]) == ""
    assert side(["999", "998", "997"], ["1", "2", "3"] * 5) == ""  # numbers, not lost by how they are written


def test_estimates_that_nobody_would_believe_are_doubtful() -> None:
    def doubts(table: pd.DataFrame) -> str:
        findings = read_cohort(table).findings
        return " ".join(findings[findings["kind"] == "doubtful"]["message"])

    assert "all 5 patients died" in doubts(patients(5, 0))
    assert "20 of 20 patients are read as died" in doubts(patients(20, 0))
    assert "below a day" in doubts(patients(2, 4).assign(follow_up_months="0.01"))
    dates = pd.DataFrame(
        {"transplant_date": ["1901-01-01"] * 4, "last_contact_date": "2001-01-01", "died": [0, 0, 0, 1]}
    )
    assert "above 60 years" in doubts(dates)
    assert "nobody died, though it holds 4 values" in doubts(patients(0, 4).assign(**{"Date of death": ["May"] * 4}))
    assert not doubts(patients(2, 4))


RANDOM = {"seed": st.integers(0, 10_000), "number": st.integers(30, 150), "share": st.floats(0.2, 0.8)}


def random_cohort(seed: int, number: int, share: float) -> tuple[np.random.Generator, np.ndarray]:
    random = np.random.default_rng(seed)
    died = random.random(number) < share
    died[:5], died[5:10] = True, False
    return random, died


@given(**RANDOM, of_dead=st.booleans())
def test_a_strong_loss_by_outcome_is_always_asked_about(seed: int, number: int, share: float, of_dead: bool) -> None:
    random, died = random_cohort(seed, number, share)
    lost = (died == of_dead) & (random.random(number) < 0.9)
    assert on_one_outcome(died, lost)


def test_a_few_rows_lost_by_chance_are_hardly_ever_asked_about() -> None:
    wolves = tried = 0
    for seed in range(1000):
        random, died = random_cohort(seed, 30 + seed % 120, 0.2 + 0.6 * (seed % 7) / 6)
        lost = np.zeros(len(died), dtype=bool)
        lost[random.choice(len(died), 1 + seed % 6, replace=False)] = True
        wolves, tried = wolves + on_one_outcome(died, lost), tried + 1
    assert wolves / tried < 0.05


@given(seed=st.integers(0, 10_000), high=st.booleans())
def test_a_side_that_is_lost_is_always_found(seed: int, high: bool) -> None:
    random = np.random.default_rng(seed)
    values = np.sort(random.lognormal(3, 1, 60).round(2))
    lost, kept = (values[45:], values[:45]) if high else (values[:15], values[15:])
    assert side([f"{value} (!)" for value in lost], [str(value) for value in kept]) == ("high" if high else "low")


def test_the_answer_is_saved_and_written_into_scripts() -> None:
    mapping: dict[str, str | Source | None] = {"without.patients": "19", "without.visits.sledai": "5"}
    assert load_mapping(save_mapping(mapping)) == mapping
    assert source_of(mapping, {}) == "{'without.patients': '19', 'without.visits.sledai': '5'}"
    with pytest.raises(ValueError, match="not a known column"):
        read_cohort(patients(2, 2), mapping={"without.nothing": "19"})


def test_a_proposal_holds_the_cohort_and_what_it_would_lose() -> None:
    file = HeldFile("p.csv", without(patients(20, 40), 2, 17).to_csv(index=False).encode())
    proposal = propose([file])
    assert proposal.reading is not None
    assert len(proposal.reading.cohort) == 41
    assert not proposal.ready
    (loss,) = proposal.losses
    answered = propose([file], {loss.key: str(loss.count)})
    assert answered.ready
    assert not answered.spotless
    losses = proposal.reading.losses
    assert losses.left_out.to_dict("records") == [
        {"table": "patients", "column": "follow_up_months", "reason": "it is not recorded", "rows": 19}
    ]
    clean = propose([HeldFile("p.csv", patients(20, 40).to_csv(index=False).encode())])
    assert clean.spotless


def test_values_that_would_be_dropped_are_listed() -> None:
    files = [
        HeldFile("p.csv", patients(15, 30).to_csv(index=False).encode()),
        HeldFile("v.csv", visits([*LOW_VALUES, "see letter", "high"]).to_csv(index=False).encode()),
    ]
    reading = propose(files).reading
    assert reading is not None
    assert reading.losses.dropped.to_dict("records") == [
        {"table": "visits", "column": "sledai", "cells": 2, "examples": '"see letter", "high"', "side": ""}
    ]
    assert isinstance(reading.cohort, Cohort)
