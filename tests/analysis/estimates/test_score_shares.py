"""Shares of patients with a response, and in each band; changes by patient."""

import pandas as pd
import pytest

from analysis import Cohort, load_sample, read_cohort
from analysis.estimates.scores.response_share import response_share
from analysis.estimates.scores.severity_bands import SCHEMES, severity_bands

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
    table = response_share(five, fall=3, interval="clopper-pearson", schedule=SCHEDULE).table
    assert table.loc[0, "events"] == 2
    # Symmetric about one half.
    assert table.loc[0, "lower"] == pytest.approx(1 - table.loc[0, "upper"])


def test_a_fall_within_rounding_counts() -> None:
    cohort = read_cohort(
        pd.DataFrame({"patient_id": ["a"], "follow_up_months": 60, "died": 0}),
        pd.DataFrame({"patient_id": ["a", "a"], "months": [0, 6], "c3_g_per_l": [0.8, 0.5]}),
    )
    assert response_share(cohort, "c3_g_per_l", fall=0.3, schedule=SCHEDULE).table.loc[0, "events"] == 1


@pytest.mark.parametrize(
    "arguments", [{"fall": 0}, {"measure": "height", "fall": 4}, {"interval": "wald"}, {"measure": "albumin_g_per_l"}]
)
def test_invalid_falls_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"above 0|no column|Unknown interval|No fall of albumin is known"):
        response_share(load_sample(), **arguments)


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
    result = severity_bands(load_sample(), by="msc_source")
    sums = result.table.groupby(["group", "months"], observed=True)["events"].sum()
    sizes = result.table.groupby(["group", "months"], observed=True)["patients"].first()
    assert sums.tolist() == sizes.tolist()
    assert "Cook" in result.method


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="known are cook, bsr, malaysia"):
        severity_bands(load_sample(), scheme="mine")
