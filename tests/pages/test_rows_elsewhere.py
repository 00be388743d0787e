"""The usual pages on a cohort of which only counts are here: the same numbers, and a sentence instead of rows."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis import Cohort
from tests.analysis.elsewhere import SampleElsewhere
from tests.analysis.made import SAMPLE
from tests.pages.test_pages import go, open_app, said, tables

ELSEWHERE = SampleElsewhere(SAMPLE)
SENTENCE = SampleElsewhere.no_rows
FILTERED = {"organ": "renal", "compare": "msc_source"}
FOLDS = (
    *("safety", "ledger_numbers", "cost", "how_made", "left_out", "deaths_told", "references", "steps", "restricted"),
    *("tests", "apart", "hazard", "means", "change", "waterfall", "dropout", "bands", "treatments", "lost", "ledger"),
    *("ways", "states", "time", "steroids", "between_visits", "mean_relapses", "differences", "beside"),
)
# How many charts of a page need rows, and whether it says so before anybody clicks.
OF_ROWS = {"overview": (0, True), "cohort": (0, True), "survival": (0, False), "response": (0, True)}
OF_ROWS |= {"activity": (1, True), "report": (0, True)}


def opened(cohort: Cohort, page: str, **words: str) -> AppTest:
    """Return a page with every fold open."""
    app = open_app()
    app.session_state["uploaded"] = cohort
    for fold in FOLDS:
        app.session_state[f"open_{fold}"] = True
    for key, text in words.items():
        app.query_params[key] = text
    return go(app, page)


def words_of(app: AppTest) -> set[str]:
    return {str(each.value).replace("\\", "") for each in (*app.markdown, *app.caption)}


@pytest.mark.newest  # the same pages on any versions are asked in test_pages.py
@pytest.mark.parametrize("page", OF_ROWS)
def test_a_page_says_the_same_without_rows(page: str) -> None:
    without, ordinary = (opened(cohort, page, **FILTERED) for cohort in (ELSEWHERE, SAMPLE))
    assert not without.exception
    charts, at_once = OF_ROWS[page]
    assert len(without.get("vega_lite_chart")) == len(ordinary.get("vega_lite_chart")) - charts
    assert (SENTENCE in said(without)) == at_once
    for title, table in tables(without).items():
        assert table.equals(tables(ordinary)[title]), title
    assert not [words for words in words_of(without) - words_of(ordinary) if SENTENCE not in words]


def test_the_page_of_patients_says_why_it_is_empty() -> None:
    app = opened(ELSEWHERE, "patients")
    assert not app.exception
    assert SENTENCE in said(app)


@pytest.mark.parametrize(
    "words",
    [
        {"source": "UC", "compare": "everybody_else"},
        {"source": "UC", "compare": "pinned", "pin": "sex=female"},
        {"compare": "number:age_years"},
        {"age": "20..50", "who": ["12345678", "1"]},
    ],
)
def test_every_kind_of_group_is_compared(words: dict[str, str]) -> None:
    without, ordinary = (opened(cohort, "overview", **words) for cohort in (ELSEWHERE, SAMPLE))
    assert not without.exception
    assert not [each for each in words_of(without) - words_of(ordinary) if SENTENCE not in each]


@pytest.mark.parametrize("stop", ["survival", "activity", "ways"])
def test_the_stage_shows_a_stop_without_rows_and_has_none_of_courses(stop: str) -> None:
    app = opened(ELSEWHERE, "survival", present=stop, step="9", source="UC")
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 1
    assert "of 8" in said(app)
