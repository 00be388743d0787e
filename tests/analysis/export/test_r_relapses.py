"""R computes the mean number of relapses again, patient by patient, in base R."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analysis.cohort.question import Question
from tests.analysis.estimates.test_mean_relapses import FIVE, made, reference_cohort
from tests.analysis.export.exhibits import exhibit, relapses
from tests.analysis.export.r_session import RSession
from tests.analysis.export.test_r_figures import agreement, run

pytestmark = pytest.mark.newest  # the script runs in R; the same figures of R are compared in test_mean_relapses.py

with_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not on this machine")


@pytest.fixture(scope="module")
def session() -> Iterator[RSession]:
    session = RSession()
    yield session
    session.end()


@with_r
@pytest.mark.parametrize("compare", ["", "arm"])
@pytest.mark.parametrize("name", ["frail", "late", "tied"])
def test_r_finds_means_errors_limits_and_numbers_at_risk(
    session: RSession, tmp_path: Path, name: str, compare: str
) -> None:
    agreement(session, tmp_path, exhibit(relapses, Question(compare=compare), reference_cohort(name)))
    (data,) = tmp_path.glob("*_data.csv")
    table = pd.read_csv(data)
    assert list(table) == ["group", "patient", "start", "stop", "ended"]
    assert not table["patient"].isin(reference_cohort(name).patient_ids).any()


@with_r
def test_a_group_without_relapses_and_the_sample(session: RSession, tmp_path: Path) -> None:
    agreement(session, tmp_path, exhibit(relapses))
    quiet = made({**FIVE, "F": (3, 0, [])}, arm=list("xxyyyz"))
    (tmp_path / "quiet").mkdir()
    agreement(session, tmp_path / "quiet", exhibit(relapses, Question(compare="arm"), quiet))


@with_r
def test_a_changed_value_is_named(session: RSession, tmp_path: Path) -> None:
    shown = exhibit(relapses, Question(), made(FIVE))
    done = run(session, tmp_path, shown, changed=lambda text: text.replace(",4.0,10.0,0", ",4.0,10.0,1"))
    assert done.returncode != 0
    assert "A number differs" in done.stderr
