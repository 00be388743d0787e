"""R computes yearly bars and measures over time again with its own tests and quantiles, and draws them on paper."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pypdf
import pytest

from analysis import read_cohort, renal_response_eular_2019, trajectory, yearly_relapse, yearly_remission
from analysis.cohort.column_words import normal_range
from analysis.cohort.question import Asked, Question
from analysis.estimates.common.means import SPREADS
from analysis.estimates.yearly.estimand import PROBABILITY, RATE
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.export.exhibit import Exhibit
from analysis.export.figure_files import figure_files, r_files
from analysis.export.python_script import Origin
from analysis.export.sharing import Sharing
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.paper import SIZES, Paper
from analysis.figures.scores.trajectory import TRAJECTORY
from analysis.figures.yearly.yearly import YEARLY
from tests.analysis.export.exhibits import exhibit, incidence, made, remission, scores, survival
from tests.analysis.export.r_session import Ran, RSession

pytestmark = (
    pytest.mark.newest
)  # the script runs in R; figures of each kind are also made in test_picture.py and test_kinds.py

with_r = pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not on this machine")

PAPER = Paper(width_mm=85)
COMPARED = Question(compare="msc_source")
POINTS_PER_MM = 72 / 25.4


@pytest.fixture(scope="module")
def session() -> Iterator[RSession]:
    session = RSession()
    yield session
    session.end()


def run(session: RSession, folder: Path, shown: Exhibit, paper: Paper = PAPER, changed: Any = str) -> Ran:
    """Write the files of a figure for R, perhaps with its data or script changed, and run the script."""
    for name, content in r_files(shown, paper).items():
        text = changed(content.decode("utf-8-sig"))
        (folder / ("curve.R" if name.endswith(".R") else name)).write_text(text, encoding="utf-8")
    return session.run(folder)


def agreement(session: RSession, folder: Path, shown: Exhibit, paper: Paper = PAPER) -> str:
    done = run(session, folder, shown, paper)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"All \d+ numbers agree within 1e-06 \(R ", done.stdout)
    return done.stdout


def bars(function: Any, kind: str, **options: object) -> Any:
    def draw(asked: Asked) -> Drawing:
        return Drawing(YEARLY, (made(function, asked.cohort, by=asked.by, **options),), {"kind": kind})

    return draw


def measure(name: str = "sledai", **options: object) -> Any:
    def draw(asked: Asked) -> Drawing:
        result = made(trajectory, asked.cohort, name, by=asked.by, **options)
        return Drawing(TRAJECTORY, (result,), {"label": "SLEDAI", "unit": "points"})

    return draw


YEARLY_WAYS = [
    *((yearly_remission, "remission", name) for name in REMISSION_ESTIMANDS),
    *((yearly_relapse, "relapse", name) for name in RELAPSE_ESTIMANDS),
]
KINDS = {**REMISSION_ESTIMANDS, **RELAPSE_ESTIMANDS}


@with_r
@pytest.mark.parametrize("interval", ["wilson", "clopper-pearson"])
@pytest.mark.parametrize(
    ("function", "kind", "name"), YEARLY_WAYS, ids=lambda each: str(getattr(each, "__name__", each))
)
def test_every_way_of_counting_that_has_counts(
    session: RSession, tmp_path: Path, function: Any, kind: str, name: str, interval: str
) -> None:
    draw = bars(function, kind, estimand=name, interval=interval, level=0.9)
    way = (REMISSION_ESTIMANDS if kind == "remission" else RELAPSE_ESTIMANDS)[name]
    shown = exhibit(draw, COMPARED)
    if way.kind == PROBABILITY:
        assert r_files(shown, Paper()) == {}
        return
    agreement(session, tmp_path, shown)
    script = (tmp_path / "curve.R").read_text(encoding="utf-8")
    test = "poisson.test" if way.kind == RATE else {"wilson": "prop.test", "clopper-pearson": "binom.test"}[interval]
    assert test in script


@with_r
def test_bars_by_a_rule_of_renal_response(session: RSession, tmp_path: Path) -> None:
    rule = renal_response_eular_2019("proteinuria_g_per_24h")
    agreement(session, tmp_path, exhibit(bars(yearly_remission, "remission", rule=rule, response="any"), COMPARED))


@with_r
def test_published_counts_have_the_limits_that_r_gives(session: RSession, tmp_path: Path) -> None:
    # Wang et al. 2013: 23 of 83 in remission at year 1; Wilson limits 19 and 38 %.
    agreement(session, tmp_path, exhibit(remission))
    (data,) = tmp_path.glob("*_data.csv")
    table = pd.read_csv(data)
    assert table[["events", "patients"]].to_numpy().tolist() == [[23, 83], [12, 39], [5, 12], [3, 6]]
    assert list(table) == ["group", "year", "events", "patients", "unseen", "pale"]
    script = (tmp_path / "curve.R").read_text(encoding="utf-8")
    assert re.search(r"^1, 1, 0\.277108\d+, 0\.19231\d+, 0\.38161\d+, ", script, re.MULTILINE)


@with_r
@pytest.mark.parametrize(("centre", "spread"), SPREADS)
@pytest.mark.parametrize("compare", ["", "msc_source"])
def test_every_centre_with_its_limits(
    session: RSession, tmp_path: Path, centre: str, spread: str, compare: str
) -> None:
    agreement(session, tmp_path, exhibit(measure(centre=centre, spread=spread), Question(compare=compare)))


@with_r
@pytest.mark.parametrize("change", [True, "percent"])
def test_changes_and_few_values(session: RSession, tmp_path: Path, change: Any) -> None:
    agreement(session, tmp_path, exhibit(measure(change=change, centre="median", schedule=[0, 12, 48, 60]), COMPARED))


@with_r
def test_visits_without_a_value_and_groups_of_one(session: RSession, tmp_path: Path) -> None:
    patients = pd.DataFrame(
        {"patient_id": ["a", "b", "c"], "follow_up_months": [20, 30, 9], "died": 0, "arm": list("xxy")}
    )
    visits = pd.DataFrame({"patient_id": ["a", "b", "c"], "months": [0, 12, 0], "c3_g_per_l": [0.85, 0.4, 0.1 + 0.2]})
    cohort = read_cohort(patients, visits)
    shown = exhibit(measure("c3_g_per_l", schedule=[0, 12, 24]), Question(compare="arm"), cohort)
    assert shown.drawing.numbers["patients"].tolist() == [1, 1, 0, 1, 0, 0]
    agreement(session, tmp_path, shown)


@with_r
def test_a_measure_before_its_normal_range(session: RSession, tmp_path: Path) -> None:
    def draw(asked: Asked) -> Drawing:
        result = made(trajectory, asked.cohort, "albumin_g_per_l", by=asked.by)
        options = {"label": "Albumin", "unit": "g/L", "normal": normal_range("albumin_g_per_l")}
        return Drawing(TRAJECTORY, (result,), options)

    agreement(session, tmp_path, exhibit(draw, COMPARED))
    (picture,) = tmp_path.glob("*.pdf")
    (page,) = pypdf.PdfReader(picture).pages
    assert "normal (Dati et al. 1996)" in page.extract_text()


def test_the_data_of_a_measure_do_not_say_which_values_are_of_one_patient() -> None:
    (data,) = [content for name, content in r_files(exhibit(scores), Paper()).items() if name.endswith(".csv")]
    table = pd.read_csv(pd.io.common.BytesIO(data), encoding="utf-8-sig")
    assert list(table) == ["group", "months", "value", "patients"]
    assert not table.duplicated(["group", "months", "value"]).any()
    assert table.loc[table["months"] == 0, "patients"].sum() == 87


@pytest.mark.parametrize(
    ("draw", "question", "told"),
    [
        (survival, Question(), "the whole cohort behind the curves"),
        (incidence, Question(), "one minus Kaplan-Meier"),
        (scores, COMPARED, "no line or end of a patient"),
        (remission, Question(), ""),
    ],
)
def test_the_script_says_at_its_top_what_it_does_not_draw(draw: Any, question: Question, told: str) -> None:
    (script,) = [
        text.decode() for name, text in r_files(exhibit(draw, question), Paper()).items() if name.endswith("R")
    ]
    top = " ".join(line.removeprefix("# ") for line in script.split("\n\n")[0].splitlines())
    assert (f"Not everything is drawn: {told}" in top) == bool(told)
    assert ("Not everything is drawn" in top) == bool(told)


@pytest.mark.parametrize("draw", [survival, remission, scores])
def test_nothing_for_r_leaves_while_small_counts_are_hidden(draw: Any) -> None:
    shown = replace(exhibit(draw), sharing=Sharing(least=5))
    assert not [file for file in figure_files(shown, Origin(), Paper()) if file.name.endswith("_R.zip")]


@with_r
@pytest.mark.parametrize(
    ("draw", "old", "new", "told"),
    [
        (remission, ",23,83,", ",24,83,", 'group "All", year 1, column share, on screen 0.277108'),
        (
            scores,
            "All,0.0,8.0,3\n",
            "All,0.0,8.0,4\n",
            'group "All", month 0, column patients, on screen 87, in R 88',
        ),
    ],
)
def test_a_changed_value_is_named(session: RSession, tmp_path: Path, draw: Any, old: str, new: str, told: str) -> None:
    done = run(session, tmp_path, exhibit(draw), changed=lambda text: text.replace(old, new))
    assert done.returncode != 0
    assert f"A number differs: {told}" in done.stderr.replace("\n", " ")
    assert not list(tmp_path.glob("*.pdf"))


@with_r
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("draw", [survival, incidence, remission, scores])
def test_the_picture_has_the_size_and_the_letters_of_the_journal(
    session: RSession, tmp_path: Path, draw: Any, size: str
) -> None:
    paper = replace(SIZES[size], told="verdict", short=(("BM", "Marrow"),))
    agreement(session, tmp_path, exhibit(draw, COMPARED), paper)
    (picture,) = tmp_path.glob("*.pdf")
    (page,) = pypdf.PdfReader(picture).pages
    assert float(page.mediabox.width) == pytest.approx(paper.width_mm * POINTS_PER_MM, abs=1)
    letters: list[float] = []
    texts: list[str] = []

    def seen(text: str, _: Any, matrix: list[float], __: Any, points: float) -> None:
        if text.strip():
            texts.append(text.strip())
            letters.append(round(points * abs(matrix[3] or matrix[1]), 1))

    words = page.extract_text(visitor_text=seen)
    assert max(letters) == pytest.approx(paper.letters_pt, abs=0.2)
    assert min(letters) >= 0.75 * paper.letters_pt
    assert "Marrow" in words
    assert "UC" in words


@with_r
@pytest.mark.parametrize("draw", [survival, remission, scores])
def test_a_picture_without_rows_or_bands_or_colours_is_drawn_too(session: RSession, tmp_path: Path, draw: Any) -> None:
    paper = Paper(counts="none", band=False, ink="black", told="nothing")
    agreement(session, tmp_path, exhibit(draw, COMPARED), paper)
    script = (tmp_path / "curve.R").read_text(encoding="utf-8")
    assert 'colours <- c("#000000", "#000000")' in script
    assert 'dashes <- c("solid", "83")' in script
