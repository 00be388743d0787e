"""Shares of patients with a response, and in each band; changes by patient."""

import pandas as pd
import pytest

from analysis import Cohort, Response, read_cohort
from analysis.estimates.scores.response_share import response_share
from analysis.estimates.scores.severity_bands import SCHEMES, severity_bands
from tests.analysis.made import SAMPLE

SCHEDULE = [0, 6, 12]


def cohort_of(rows: list[tuple[str, float, float | None]], **columns: list[object]) -> Cohort:
    ids = list(dict.fromkeys(row[0] for row in rows))
    patients = pd.DataFrame({"patient_id": ids, "follow_up_months": 60, "died": 0, **columns})
    return read_cohort(patients, pd.DataFrame(rows, columns=["patient_id", "months", "sledai"]))


@pytest.fixture(scope="module")
def five() -> Cohort:
    return cohort_of(
        [
            *[("falls by 4", 0, 10), ("falls by 4", 6, 6)],
            *[("falls by 3", 0, 10), ("falls by 3", 6, 7)],
            *[("low", 0, 2), ("low", 6, 0)],
            *[("no start", 6, 0)],
            *[("rises", 0, 8), ("rises", 6, 12)],
        ]
    )


def test_share_with_a_fall_of_4(five: Cohort) -> None:
    result = response_share(five, schedule=SCHEDULE)
    assert result.table[["months", "events", "patients"]].to_numpy().tolist() == [[6, 1, 4], [12, 0, 0]]
    # Wilson by hand: 1 of 4, z = 1.959964: (0.25 + z² / 8 ± z sqrt(0.1875 / 4 + z² / 64)) / (1 + z² / 4).
    z = 1.959963985
    middle, half = 0.25 + z**2 / 8, z * (0.1875 / 4 + z**2 / 64) ** 0.5
    limits = [(middle - half) / (1 + z**2 / 4), (middle + half) / (1 + z**2 / 4)]
    assert result.table.loc[0, ["share", "lower", "upper"]].tolist() == pytest.approx([0.25, *limits])
    assert result.table.loc[1, ["share", "lower", "upper"]].isna().all()
    assert result.left_out.to_numpy().tolist() == [["no value at month 0", 1]]
    assert "1 patient started below 4 points and cannot fall by it" in result.method


def test_another_fall_and_interval(five: Cohort) -> None:
    table = response_share(five, response=Response("fall", 3), interval="clopper-pearson", schedule=SCHEDULE).table
    assert table.loc[0, "events"] == 2
    # Symmetric about one half.
    assert table.loc[0, "lower"] == pytest.approx(1 - table.loc[0, "upper"])


def test_a_fall_within_rounding_counts() -> None:
    cohort = read_cohort(
        pd.DataFrame({"patient_id": ["a"], "follow_up_months": 60, "died": 0}),
        pd.DataFrame({"patient_id": ["a", "a"], "months": [0, 6], "c3_g_per_l": [0.8, 0.5]}),
    )
    result = response_share(cohort, "c3_g_per_l", response=Response("fall", 0.3), schedule=SCHEDULE)
    assert result.table.loc[0, "events"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"measure": "height"}, "No response of height is known"),
        ({"measure": "height", "response": Response("fall", 4)}, "no column"),
        ({"interval": "wald"}, "Unknown interval"),
        ({"measure": "creatinine_umol_per_l"}, "No response of creatinine is known: name what counts"),
    ],
)
def test_what_cannot_be_a_response_is_refused(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        response_share(SAMPLE, **arguments)


@pytest.mark.parametrize(
    ("kind", "amount", "words"),
    [
        ("fall", 0, "above 0"),
        ("rise", -1, "above 0"),
        ("fall in percent", 101, "at most 100 %"),
        ("at most", float("nan"), "is a number"),
        ("about", 4, "known are fall, rise, fall in percent, at most, at least"),
    ],
)
def test_an_amount_that_is_none_is_refused(kind: str, amount: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Response(kind, amount)  # type: ignore[arg-type]


# Albumin at months 0, 6 and 12; None for no visit.
ALBUMIN = {
    "rises into the range": (30, 36, 34.9),
    "had it before": (40, 35, None),
    "rises by 5": (20, 25, 26),
    "no start": (None, 36, 20),
    "falls by half": (40, 20, 20.1),
    "zero": (0, 4, 8),
    "only the start": (30, None, None),
}


@pytest.fixture(scope="module")
def seven() -> Cohort:
    rows = [
        {"patient_id": patient, "months": month, "albumin_g_per_l": value}
        for patient, values in ALBUMIN.items()
        for month, value in zip(SCHEDULE, values, strict=True)
        if value is not None
    ]
    patients = pd.DataFrame({"patient_id": [*ALBUMIN], "follow_up_months": 60, "died": 0})
    return read_cohort(patients, pd.DataFrame(rows))


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        # By hand: month, who responded, of how many.
        (None, [(0, 2, 6), (6, 3, 6), (12, 0, 5)]),  # its usual one: at least 35 g/L
        (Response("at most", 20), [(0, 2, 6), (6, 2, 6), (12, 2, 5)]),
        (Response("rise", 5), [(6, 2, 5), (12, 2, 4)]),  # of those with both; the patient from 0 by 4, then by 8
        (Response("fall", 20), [(6, 1, 5), (12, 0, 4)]),
        (Response("fall in percent", 50), [(6, 1, 4), (12, 0, 3)]),  # and not 0 at the start
    ],
    ids=str,
)
def test_every_kind_of_response_by_hand(
    seven: Cohort, response: Response | None, expected: list[tuple[int, int, int]]
) -> None:
    table = response_share(seven, "albumin_g_per_l", response=response, schedule=SCHEDULE).table
    assert [*table[["months", "events", "patients"]].itertuples(index=False, name=None)] == expected


def test_who_could_not_respond_is_told(seven: Cohort) -> None:
    reached = response_share(seven, "albumin_g_per_l", schedule=SCHEDULE)
    assert reached.question == "How many patients have albumin of at least 35 g/L?"
    assert "of those with a value then" in reached.method
    assert "2 patients with a later value had it at month 0 already" in reached.method
    halved = response_share(seven, "albumin_g_per_l", response=Response("fall in percent", 50), schedule=SCHEDULE)
    assert halved.left_out.to_numpy().tolist() == [
        ["no value at month 0", 1],
        ["0 at month 0", 1],
        ["no value at any later scheduled month", 1],
    ]


def test_the_usual_response_belongs_to_the_measure() -> None:
    sample = SAMPLE
    questions = {
        "sledai": "a fall of SLEDAI by 4 points or more",
        "proteinuria_g_per_24h": "a fall of proteinuria by 50 % or more",
        "prednisone_mg_per_day": "prednisone of at most 7.5 mg/day",
        "platelets_10e9_per_l": "platelets of at least 150 10⁹/L",
        "c3_g_per_l": "complement C3 of at least 0.9 g/L",
    }
    for measure, words in questions.items():
        assert response_share(sample, measure).question == f"How many patients have {words}?"


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        # 0, 1, 4, 5, 6, 10, 11, 12, 13, 19, 20, 40
        ("cook", [1, 3, 2, 4, 2]),
        ("bsr", [4, 4, 4]),
        ("malaysia", [1, 2, 3, 6]),
    ],
)
def test_limits_of_the_bands(scheme: str, expected: list[int]) -> None:
    scores = [0, 1, 4, 5, 6, 10, 11, 12, 13, 19, 20, 40]
    cohort = cohort_of([(f"p{number}", 0, score) for number, score in enumerate(scores)])
    table = severity_bands(cohort, scheme=scheme, schedule=[0, 6]).table
    at_start = table[table["months"] == 0]
    assert at_start["events"].tolist() == expected
    assert at_start["share"].sum() == pytest.approx(1)
    assert at_start["band"].tolist() == SCHEMES[scheme].names
    assert table.loc[table["months"] == 6, "share"].isna().all()


def test_bands_of_the_sample_by_group() -> None:
    result = severity_bands(SAMPLE, by="msc_source")
    sums = result.table.groupby(["group", "months"], observed=True)["events"].sum()
    sizes = result.table.groupby(["group", "months"], observed=True)["patients"].first()
    assert sums.tolist() == sizes.tolist()
    assert "Cook" in result.method


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="known are cook, bsr, malaysia"):
        severity_bands(SAMPLE, scheme="mine")
