"""Every published figure comes out of the sample files under the defaults (Wang et al. 2013)."""

import pytest

from analysis import follow_up, kaplan_meier, trajectory, yearly_relapse, yearly_remission
from tests.analysis.made import SAMPLE

REMISSION = {1: (23, 83), 2: (12, 39), 3: (5, 12), 4: (3, 6)}
RELAPSE = {1: (10, 83), 2: (7, 39), 3: (2, 12), 4: (1, 6)}
WILSON_REMISSION = {1: (19.2, 38.2), 2: (18.6, 46.4), 3: (19.3, 68.0), 4: (18.8, 81.2)}
CLOPPER_PEARSON_REMISSION = {1: (18.4, 38.6), 2: (17.0, 47.6), 3: (15.2, 72.3), 4: (11.8, 88.2)}
WILSON_RELAPSE = {1: (6.7, 20.8), 2: (9.0, 32.7), 3: (4.7, 44.8), 4: (3.0, 56.4)}
CLOPPER_PEARSON_RELAPSE = {1: (5.9, 21.0), 2: (7.5, 33.5), 3: (2.1, 48.4), 4: (0.4, 64.1)}


def test_patients_and_deaths() -> None:
    assert len(SAMPLE) == 87
    assert int(SAMPLE.patients["died"].sum()) == 5
    assert SAMPLE.patients.loc[SAMPLE.patients["died"], "follow_up_months"].nunique() == 5


def test_the_sample_reads_without_a_doubt() -> None:
    assert not set(SAMPLE.findings["kind"]) & {"refused", "left out", "doubtful"}
    assert SAMPLE.rows_read == 87


def test_alive() -> None:
    alive = follow_up(SAMPLE).alive.iloc[0]
    assert (alive["alive"], alive["patients"]) == (82, 87)
    assert (round(100 * alive["lower"], 1), round(100 * alive["upper"], 1)) == (87.2, 97.5)


def test_follow_up() -> None:
    table = follow_up(SAMPLE).table
    assert round(float(table["mean"].iloc[0]), 1) == 27.0
    assert float(table["maximum"].iloc[0]) <= 51


@pytest.mark.parametrize(
    ("result", "published"), [(yearly_remission(SAMPLE), REMISSION), (yearly_relapse(SAMPLE), RELAPSE)]
)
def test_yearly_counts(result, published) -> None:
    bars = result.bars
    assert dict(zip(bars["year"], zip(bars["events"], bars["patients"], strict=True), strict=True)) == published


@pytest.mark.parametrize(
    ("estimate", "interval", "published"),
    [
        (yearly_remission, "wilson", WILSON_REMISSION),
        (yearly_remission, "clopper-pearson", CLOPPER_PEARSON_REMISSION),
        (yearly_relapse, "wilson", WILSON_RELAPSE),
        (yearly_relapse, "clopper-pearson", CLOPPER_PEARSON_RELAPSE),
    ],
)
def test_yearly_intervals(estimate, interval, published) -> None:
    bars = estimate(SAMPLE, interval=interval).bars
    limits = {row.year: (round(100 * row.lower, 1), round(100 * row.upper, 1)) for row in bars.itertuples()}
    assert limits == published


def test_relapses_in_all() -> None:
    assert int(SAMPLE.patients["relapse_months"].notna().sum()) == 20


def test_the_ledger_adds_up_to_everyone() -> None:
    ledger = yearly_remission(SAMPLE).ledger
    parts = ["assessed", "visit_missing", "died_before", "lost_before", "not_yet_due", "ended_unknown"]
    assert (ledger[parts].sum(axis=1) == ledger["enrolled"]).all()
    assert (ledger["enrolled"] == 87).all()


def test_sledai_has_the_shape_of_the_sister_cohort() -> None:
    summary = trajectory(SAMPLE, centre="median", spread="iqr").summary.set_index("months")["centre"]
    for months, median in {0: 13, 1: 9, 3: 8, 6: 6, 12: 5}.items():
        assert abs(summary[months] - median) <= 1


def test_survival_ends_at_five_deaths() -> None:
    summary = kaplan_meier(SAMPLE).summary.iloc[0]
    assert (summary["patients"], summary["events"]) == (87, 5)
