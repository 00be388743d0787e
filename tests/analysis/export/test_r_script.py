"""R computes the numbers on the screen again: its package survival is the reference, run on the downloaded files."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import lifelines.datasets
import numpy as np
import pandas as pd
import pytest

from analysis import Cohort, Landmark, TimeToEvent, cumulative_incidence, kaplan_meier, read_cohort
from analysis.cohort.grouping import By
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import SURVIVAL_INTERVALS, KaplanMeier
from analysis.export.r_script import r_script
from analysis.export.table_files import csv_bytes
from analysis.facts.endpoints import AnyEndpoint
from analysis.figures.common.paper import Paper
from analysis.figures.common.theme import Look
from analysis.figures.survival.r_curves import incidence_twin, r_data, survival_twin
from tests.analysis.export.r_session import Ran, RSession
from tests.analysis.made import SAMPLE, arms, cohort_of, competing, pinned

pytestmark = pytest.mark.newest  # the script runs in R; the same figures of R are compared in tests/analysis/estimates

with_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not on this machine")

LANDMARKS = [Landmark("overall_survival", 12), Landmark("overall_survival", 12, reset=False)]
TWO_TO_FOUR = {"A": [(1.0, 1), (2.0, 0), (3.0, 1), (4.0, 0)]}  # survival 3/4 at month 1, 3/4 x 1/2 at month 3


def script_of(
    result: KaplanMeier | CumulativeIncidence, interval: str = "log-log", level: float = 0.95, **changes: Any
) -> str:
    data = pd.DataFrame()  # is in a file beside the script
    twin = (
        survival_twin(result, data, interval, level)
        if isinstance(result, KaplanMeier)
        else incidence_twin(result, data, level)
    )
    look = Look(paper=Paper())
    told = {"data_name": "curve.csv", "title": "Survival", "provenance": ["Sample cohort"], "look": look, **changes}
    return r_script(twin, **told)


@pytest.fixture(scope="module")
def session() -> Iterator[RSession]:
    session = RSession()
    yield session
    session.end()


def put(directory: Path, script: str, data: pd.DataFrame) -> None:
    (directory / "curve.csv").write_bytes(csv_bytes(data))
    (directory / "curve.R").write_text(script, encoding="utf-8")


def run_alone(directory: Path, script: str, data: pd.DataFrame, locale: str = "C.UTF-8") -> Ran:
    """Run a script in a process of its own, as users do."""
    put(directory, script, data)
    done = subprocess.run(
        ["Rscript", "curve.R"],
        cwd=directory,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "LC_ALL": locale},
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def run(session: RSession, directory: Path, script: str, data: pd.DataFrame) -> Ran:
    put(directory, script, data)
    return session.run(directory)


def agreement(
    session: RSession,
    directory: Path,
    cohort: Cohort,
    endpoint: AnyEndpoint,
    by: By | None = None,
    *,
    estimate: Any = kaplan_meier,
    interval: str = "log-log",
    level: float = 0.95,
) -> str:
    """Return R's statement on the curves, which must be that all numbers agree."""
    settings = {"interval": interval} if estimate is kaplan_meier else {}
    result = estimate(cohort, endpoint, by=by, level=level, **settings)
    script = script_of(result, interval=interval, level=level)
    done = run(session, directory, script, r_data(cohort, endpoint, by=by))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("All ")
    assert done.stdout.count("\n") == 1
    assert (directory / "curve.pdf").read_bytes().startswith(b"%PDF")
    return done.stdout


def random_cohort(seed: int, *, late: bool) -> Cohort:
    """Return patients with many ties, events at month 0, relapses, deaths, and a group without events."""
    rng = np.random.default_rng(seed)
    size = 120
    arm = rng.choice(["a", "b", "calm"], size)
    relapse, death, contact = (rng.integers(0, months, size).astype(float) for months in (30, 40, 45))
    relapse[arm == "calm"] = death[arm == "calm"] = 100
    end = np.minimum(death, contact)
    columns = {"arm": [*arm], "relapse_months": [*np.where(relapse <= end, relapse, np.nan)]}
    if late:
        columns["entry_months"] = [*np.where(rng.random(size) < 0.5, 0, np.floor(end * rng.random(size)))]
    return cohort_of([*end], [*(death <= contact).astype(int)], **columns)


@with_r
@pytest.mark.parametrize("by", [None, "msc_source"])
@pytest.mark.parametrize("endpoint", ["overall_survival", "relapse_free_survival", "time_to_remission", *LANDMARKS])
def test_survival_of_the_sample(session: RSession, tmp_path: Path, endpoint: AnyEndpoint, by: str | None) -> None:
    assert "not compared" not in agreement(session, tmp_path, SAMPLE, endpoint, by)


@with_r
@pytest.mark.parametrize("by", [None, "msc_source"])
@pytest.mark.parametrize("endpoint", ["relapse", "time_to_remission", "overall_survival", Landmark("relapse", 6)])
def test_incidence_in_the_sample(session: RSession, tmp_path: Path, endpoint: AnyEndpoint, by: str | None) -> None:
    assert "not compared" not in agreement(session, tmp_path, SAMPLE, endpoint, by, estimate=cumulative_incidence)


@with_r
@pytest.mark.parametrize("late", [False, True], ids=["from zero", "late entries"])
@pytest.mark.parametrize("interval", SURVIVAL_INTERVALS)
def test_survival_of_made_up_patients(session: RSession, tmp_path: Path, interval: str, late: bool) -> None:
    cohort = random_cohort(3, late=late)
    said = agreement(session, tmp_path, cohort, "overall_survival", "arm", interval=interval, level=0.9)
    assert ("; limits are not compared" in said) == (interval == "exact")
    assert ("; limits until the first event of a group are not compared" in said) == (interval != "exact")


@with_r
def test_incidence_in_made_up_patients(session: RSession, tmp_path: Path) -> None:
    said = agreement(session, tmp_path, random_cohort(4, late=False), "relapse", "arm", estimate=cumulative_incidence)
    assert "limits until the first event of a group are not compared" in said


@with_r
def test_limits_with_late_entries_are_not_compared_and_the_script_says_so(session: RSession, tmp_path: Path) -> None:
    said = agreement(session, tmp_path, random_cohort(5, late=True), "relapse", "arm", estimate=cumulative_incidence)
    assert "; limits are not compared, as with late entries" in said


@with_r
def test_mice_of_another_study(session: RSession, tmp_path: Path) -> None:
    mice = lifelines.datasets.load_waltons()
    cohort = cohort_of([*mice["T"]], [*mice["E"]], msc_source=[*mice["group"]])
    assert "not compared" not in agreement(session, tmp_path, cohort, "overall_survival", "msc_source", interval="log")


@with_r
def test_patients_of_another_study_with_late_entries(session: RSession, tmp_path: Path) -> None:
    men = lifelines.datasets.load_multicenter_aids_cohort_study()
    cohort = cohort_of([*men["T"]], [*men["D"]], entry_months=[*men["W"]])
    assert "start" in r_data(cohort, "overall_survival")
    assert "not compared" not in agreement(session, tmp_path, cohort, "overall_survival")


@with_r
def test_own_columns_of_another_study(session: RSession, tmp_path: Path) -> None:
    larynx = lifelines.datasets.load_larynx()
    cohort = cohort_of([*larynx["time"]], [*larynx["death"]], old=[*(larynx["age"] > 65)], fatal=[*larynx["death"]])
    own = TimeToEvent("follow_up_months", "fatal")
    assert "not compared" not in agreement(session, tmp_path, cohort, own, "old", interval="plain")


@with_r
def test_r_treats_the_same_times_as_equal(session: RSession, tmp_path: Path) -> None:
    times = [0.3, 0.1 + 0.2, 1.0, 1.0 + 1e-8, 2.0]  # survfit by itself would treat the third and fourth as equal
    cohort = cohort_of(times, [1, 1, 1, 1, 0])
    assert kaplan_meier(cohort).summary["median"].item() == 1.0
    agreement(session, tmp_path, cohort, "overall_survival")


@with_r
def test_a_curve_that_stays_at_one_half_has_the_same_median(session: RSession, tmp_path: Path) -> None:
    cohort = cohort_of([1, 2, 5, 6], [1, 1, 1, 0])  # in R's own summary the median is 3.5
    assert kaplan_meier(cohort).summary["median"].item() == 2
    agreement(session, tmp_path, cohort, "overall_survival")


@with_r
def test_every_number_of_a_long_curve_is_compared(session: RSession, tmp_path: Path) -> None:
    said = agreement(session, tmp_path, cohort_of([*range(1, 251)], [1] * 250), "overall_survival")
    # 4 numbers at each of 250 times, two limits at all but the last, 6 of the summary, and 4 below each of 21 ticks
    assert said.startswith("All 1588 numbers agree within 1e-06 ")


@with_r
def test_groups_without_patients(session: RSession, tmp_path: Path) -> None:
    nobody = pinned(frozenset({"p0"}), frozenset())
    for estimate in (kaplan_meier, cumulative_incidence):
        agreement(
            session,
            tmp_path,
            cohort_of([1, 2], [1, 0], relapse_months=[None, None]),
            "relapse",
            nobody,
            estimate=estimate,
        )
    empty = pinned(frozenset(), frozenset())
    agreement(session, tmp_path, cohort_of([1, 2], [1, 0]), "overall_survival", empty)
    agreement(session, tmp_path, cohort_of([1, 2], [1, 0], arm=[None, None]), "overall_survival", "arm")


@with_r
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_any_name_of_a_group(tmp_path: Path, locale: str) -> None:
    names = [
        "=1+1",
        'the "best"',
        "back\\slash\\n",
        "it's #1",
        "100 % %s",
        "Zürich – ≥ 5",
        "日本",
        "NA",
        "a,b",
        "7",
        "🧪",
    ]
    arm = [name for name in names for _ in range(6)]
    died = [1, 1, 0, 1, 0, 1]
    cohort = cohort_of([float(3 + place % 11) for place in range(len(arm))], died * len(names), arm=arm)
    result, data = kaplan_meier(cohort, by="arm"), r_data(cohort, "overall_survival", by="arm")
    assert "=1+1" in set(result.summary["group"])
    done = run_alone(tmp_path, script_of(result, title="a\n\\", below=['"Überleben"\n\\']), data, locale)
    assert done.returncode == 0, done.stderr


@with_r
def test_names_of_several_lines(session: RSession, tmp_path: Path) -> None:
    both = pinned(frozenset({"p0", "p1"}), frozenset({"p1", "p2"}), ("\n\nfirst\r\nline", " second\ttab\x0c "))
    agreement(session, tmp_path, cohort_of([1, 2, 3], [1, 1, 0]), "overall_survival", both)


@with_r
@pytest.mark.parametrize(
    ("column", "wrong", "told"),
    [
        ("survival", 0.375002, 'group "A", month 3, column survival, on screen 0.375002, in R 0.375'),
        ("at_risk", 7, 'group "A", month 3, column at_risk, on screen 7, in R 2'),
        ("months", 3.5, 'group "A", month 3.5, column months, on screen 3.5, in R 3'),
        ("upper", 0.999, 'group "A", month 3, column upper, on screen 0.999, in R '),
    ],
)
def test_a_wrong_number_of_the_curve_is_named(
    session: RSession, tmp_path: Path, column: str, wrong: float, told: str
) -> None:
    cohort = arms(**TWO_TO_FOUR)
    result = kaplan_meier(cohort, by="arm")
    curve = result.curve.astype({column: float})
    curve.loc[curve["months"] == 3, column] = wrong
    done = run(session, tmp_path, script_of(replace(result, curve=curve)), r_data(cohort, "overall_survival", by="arm"))
    assert done.returncode != 0
    assert f"A number differs: {told}" in done.stderr.replace("\n", " ")
    assert done.stdout == ""


@with_r
def test_a_difference_below_the_tolerance_is_ignored(tmp_path: Path) -> None:
    cohort = arms(**TWO_TO_FOUR)
    result = kaplan_meier(cohort)
    near = replace(result, curve=result.curve.assign(survival=result.curve["survival"] + 5e-7))
    assert run_alone(tmp_path, script_of(near), r_data(cohort, "overall_survival")).returncode == 0


@with_r
@pytest.mark.parametrize(
    ("column", "wrong", "told"),
    [
        ("median", np.nan, "column median, on screen not reached, in R 3"),
        ("median_upper", 4.0, "column median_upper, on screen 4, in R not reached"),
        ("patients", 5, "column patients, on screen 5, in R 4"),
    ],
)
def test_a_wrong_number_of_the_summary_is_named(
    session: RSession, tmp_path: Path, column: str, wrong: float, told: str
) -> None:
    cohort = arms(**TWO_TO_FOUR)
    result = kaplan_meier(cohort)
    changed = replace(result, summary=result.summary.assign(**{column: wrong}))
    done = run(session, tmp_path, script_of(changed), r_data(cohort, "overall_survival"))
    assert done.returncode != 0
    assert f'A number differs: group "All", {told}.' in done.stderr


@with_r
def test_a_wrong_incidence_is_named(tmp_path: Path) -> None:
    cohort = competing([(1.0, 1), (2.0, 2), (3.0, 1), (4.0, 0)])  # 1/4 at month 1, 1/4 + 1/2 x 1/2 at month 3
    result = cumulative_incidence(cohort)
    curve = result.curve.assign(incidence=result.curve["incidence"].replace(0.5, 0.75))
    done = run_alone(tmp_path, script_of(replace(result, curve=curve)), r_data(cohort, "relapse"))
    assert done.returncode != 0
    assert 'group "All", month 3, column incidence, on screen 0.75, in R 0.5.' in done.stderr


@with_r
def test_data_of_other_patients_are_reported(session: RSession, tmp_path: Path) -> None:
    cohort = arms(**TWO_TO_FOUR)
    done = run(session, tmp_path, script_of(kaplan_meier(cohort)), r_data(cohort, "overall_survival").iloc[1:])
    assert done.returncode != 0
    assert 'group "All", column event_times, on screen 2, in R 1 (and 3 more differ).' in done.stderr


@with_r
def test_without_the_data_file_it_says_so(tmp_path: Path) -> None:
    script = script_of(kaplan_meier(SAMPLE), data_name="elsewhere.csv")
    done = run_alone(tmp_path, script, r_data(SAMPLE, "overall_survival"))
    assert done.returncode != 0
    assert "elsewhere.csv is not in " in done.stderr


@with_r
def test_the_picture_is_named_as_the_data_file_is(session: RSession, tmp_path: Path) -> None:
    (tmp_path / "50 %.csv").write_bytes(csv_bytes(r_data(SAMPLE, "overall_survival")))
    script = script_of(kaplan_meier(SAMPLE), data_name="50 %.csv")
    assert run(session, tmp_path, script, r_data(SAMPLE, "overall_survival")).returncode == 0
    assert (tmp_path / "50 %.pdf").read_bytes().startswith(b"%PDF")


def test_the_data_have_times_and_ends_and_no_ids() -> None:
    data = r_data(competing([(4.0, 0), (2.0, 2), (1.0, 1)]), "relapse")
    assert data.astype({"group": str}).to_dict("list") == {
        "group": ["All"] * 3,
        "months": [1.0, 2.0, 4.0],
        "ended": [1, 2, 0],
    }


def test_the_data_have_a_start_where_patients_enter_late() -> None:
    data = r_data(cohort_of([4, 3], [0, 1], entry_months=[2, 0]), "overall_survival")
    assert data[["months", "ended", "start"]].to_numpy().tolist() == [[3, 1, 0], [4, 0, 2]]


def test_the_order_of_the_data_identifies_nobody() -> None:
    cohort = random_cohort(6, late=True)
    turned = read_cohort(cohort.patients.drop(columns="organs", errors="ignore").iloc[::-1])
    pd.testing.assert_frame_equal(r_data(cohort, "relapse", by="arm"), r_data(turned, "relapse", by="arm"))


def test_a_line_end_does_not_end_a_comment() -> None:
    ends = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\0"]
    script = script_of(kaplan_meier(SAMPLE), title="a\nstop(1)", provenance=[f"b{end}stop(2)" for end in ends])
    assert "# a stop(1)\n" in script
    assert script.count("# b stop(2)\n") == len(ends)
    assert not [line for line in script.splitlines() if line.startswith("stop(")]


def test_the_script_is_ascii_except_for_comments() -> None:
    script = script_of(kaplan_meier(SAMPLE), below=["Überleben\0"], provenance=["Zürich – 2024"])
    assert "# Zürich – 2024" in script
    assert all(line.isascii() for line in script.splitlines() if not line.startswith("#"))
    assert 'below <- c("\\U000000dcberleben")' in script


def test_the_script_says_at_its_top_what_it_does_not_compare() -> None:
    script = script_of(kaplan_meier(SAMPLE, interval="exact"), interval="exact")
    told = " ".join(line.removeprefix("# ") for line in script.split("library(survival)")[0].splitlines())
    assert "Not everything is compared: limits are not compared" in told


def test_invalid_arguments_are_refused() -> None:
    result = kaplan_meier(SAMPLE)
    with pytest.raises(ValueError, match="Unknown interval 'wide'; known are log-log, log, plain, exact"):
        script_of(result, interval="wide")
    with pytest.raises(ValueError, match="A confidence level lies between 0 and 1"):
        script_of(result, level=1.0)
    alike = pinned(frozenset(SAMPLE.patients["patient_id"]), frozenset(), ("=a", "'=a"))
    with pytest.raises(ValueError, match='Two groups are both written as "\'=a" in a CSV file'):
        script_of(kaplan_meier(SAMPLE, by=alike))
