"""Several centres on the usual pages: the numbers of all patients, and a sentence where something was not asked for."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.centres.centre_answer import answer_question
from analysis.centres.centre_question import CentreQuestion
from analysis.centres.merged_cohort import MergedCohort, merge
from tests.analysis.made import SAMPLE
from tests.pages.test_centres_page import answers, put_together
from tests.pages.test_pages import go, open_app, said, tables

pytestmark = pytest.mark.newest  # the same pages on any versions are asked in test_pages.py
NOT_ASKED = "North was not asked for this"


@pytest.fixture(scope="module")
def centres() -> MergedCohort:
    cohort, question = SAMPLE, CentreQuestion("By source", {"compare": ("msc_source",)})
    names = ("North", "South", "East")
    parts = {name: cohort.subset(cohort.patients.index % 3 == place) for place, name in enumerate(names)}
    return merge({name: answer_question(part, question, name).to_file() for name, part in parts.items()})


def opened(centres: MergedCohort, page: str, **words: str) -> AppTest:
    app = open_app()
    app.session_state["uploaded"] = centres
    for key, text in words.items():
        app.query_params[key] = text
    return go(app, page)


def test_the_overview_is_that_of_all_patients(centres: MergedCohort) -> None:
    app = opened(centres, "overview")
    assert not app.exception
    assert "87 of 87 patients" in said(app)
    assert [each.value for each in app.metric][:2] == ["82 of 87", "25.8 months"]
    assert "28 % (19–38" in said(app)  # the published 23 of 83 in the first year
    assert NOT_ASKED in said(app)  # deaths by cause and adverse events
    answers_of_groups = said(opened(centres, "overview", compare="centre"))
    assert "**Relapse.**" in answers_of_groups
    assert "**SLEDAI.**" not in answers_of_groups  # how far the groups are apart was not asked for


def test_the_panel_says_what_is_settled_and_offers_the_groups_of_the_question(centres: MergedCohort) -> None:
    app = opened(centres, "survival")
    (compare,) = [each for each in app.selectbox if each.label == "Compare"]
    assert compare.options == ["No comparison", "By MSC source", "By centre"]
    assert "Every centre counted all its patients. Other filters cannot be had" in said(app)
    app = compare.set_value("centre").run()
    assert not app.exception
    assert "North" in said(app)
    assert NOT_ASKED not in said(app)


@pytest.mark.parametrize("page", ["overview", "response", "activity", "cohort", "report"])
def test_a_page_of_groups_draws_what_was_asked_for(page: str, centres: MergedCohort) -> None:
    app = opened(centres, page, compare="centre")
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == {"overview": 4, "response": 2, "activity": 1}.get(page, 0)
    if page in ("cohort", "report"):
        assert tables(app)
    assert (NOT_ASKED in said(app)) == (page != "report")


def test_a_report_says_that_counts_were_merged_and_hides_nothing(centres: MergedCohort) -> None:
    assert "a patient treated in two centres is counted twice" in said(opened(centres, "report"))
    refused = opened(centres, "report", share_least="5")
    assert not refused.exception
    assert "which is not possible for several centres together" in said(refused)
    assert not [each for each in refused.get("download_button") if each.label == "Report (HTML)"]


def test_filters_of_the_question_are_told_on_every_page() -> None:
    question = CentreQuestion("Renal", {"organ": ("renal",), "age": ("18..40",)})
    cohort = SAMPLE
    parts = {"North": cohort.died, "South": ~cohort.died}
    files = {name: answer_question(cohort.subset(part), question, name).to_file() for name, part in parts.items()}
    app = opened(merge(files), "survival")
    assert not app.exception
    assert "those with Organ involvement renal and Age 18 to 40" in said(app)


def test_the_page_of_centres_opens_them() -> None:
    app = put_together(answers(CentreQuestion("All")))
    app = go(app.button(key="open_centres").click().run(), "overview")
    assert not app.exception
    assert "All: Centre 0, Centre 1 (synthetic patients)" in said(app)


def test_the_stage_shows_them(centres: MergedCohort) -> None:
    app = opened(centres, "survival", present="remission", step="9", compare="msc_source")
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 1
