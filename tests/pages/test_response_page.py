"""The Remission & relapse page with every estimand and every rule."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.centres.published_fact import PublishedFact
from analysis.estimates.yearly.estimand import Estimand
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.figures.common.markdown import plain
from tests.pages.test_pages import IGNORED, assert_sound, go, open_app, said, unfold

COMPARISONS = ["", "msc_source"]  # by turns; test_kinds.py draws each figure for both
WAYS = [
    *(("estimand", way) for way in REMISSION_ESTIMANDS.values()),
    *(("relapse_estimand", way) for way in RELAPSE_ESTIMANDS.values()),
]


@pytest.mark.parametrize(
    ("parameter", "way", "comparison"),
    [
        pytest.param(parameter, way, COMPARISONS[turn % 2], id=f"{way.outcome} {way.name}")
        for turn, (parameter, way) in enumerate(WAYS)
    ],
)
def test_every_way_to_count(parameter: str, way: Estimand, comparison: str) -> None:
    app = open_app()
    app.query_params[parameter] = way.name
    app.query_params["compare"] = comparison
    app = go(app, "response")
    assert_sound(app)
    assert f"### {way.asked('complete remission')}" in said(app)
    assert IGNORED not in said(app)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"response": "any"}, "in complete or partial remission"),
        ({"window": "1"}, "visits within 1 months of the year"),
        ({"share_interval": "clopper-pearson"}, "28 % (18–39)"),
        ({"range": "yes"}, "in remission"),
    ],
)
def test_every_option(options: dict[str, str], expected: str) -> None:
    app = open_app()
    for name, value in options.items():
        app.query_params[name] = value
    app = unfold(go(app, "response"), "open_how_made")
    assert_sound(app)
    shown = said(app) + " ".join(str(frame.value.to_string()) for frame in app.dataframe)
    assert expected in shown
    assert IGNORED not in shown


@pytest.mark.parametrize("rule", ["SLEDAI at most", "DORIS 2021", "LLDAS", "Response, BICLA"])
def test_a_rule_says_whom_it_reclassifies_or_what_it_lacks(rule: str) -> None:
    app = unfold(go(open_app(), "response"), "more_response")
    app.radio(key="rule").set_value(rule)
    app = app.run()
    assert_sound(app)
    assert ("reclassifies" if rule != "Response, BICLA" else f"{rule} cannot be used here") in said(app)


@pytest.mark.parametrize(
    ("options", "expected", "comparison"),
    [
        (
            {"rule": "Renal response, EULAR/ERA-EDTA 2019", "response": "any"},
            "complete or partial renal response by EULAR/ERA-EDTA 2019",
            "",
        ),
        ({"rule": "Renal response, Ranjbar 2022"}, "complete: proteinuria below 0.5 g/24 h", "msc_source"),
        ({"sustained": "6"}, "complete sustained remission by the recorded state for 6 months", ""),
        ({"rule_cap": "5"}, "complete remission by the recorded state with prednisone at most 5 mg/day", "msc_source"),
        ({"steroid_free": "yes", "rule_cap": "5"}, "complete remission by the recorded state without prednisone", ""),
        (
            {"relapse_rule": "SELENA-type flare", "sustained": "12"},
            "What share of the observed time is spent in",
            "msc_source",
        ),
    ],
)
def test_rules_of_response_in_the_address(options: dict[str, str], expected: str, comparison: str) -> None:
    app = open_app()
    for name, value in {**options, "compare": comparison}.items():
        app.query_params[name] = value
    app = unfold(unfold(unfold(go(app, "response"), "open_how_made"), "open_states"), "open_time")
    assert_sound(app)
    assert expected in said(app)
    assert IGNORED not in said(app)


@pytest.mark.parametrize(
    ("rule", "lacking"),
    [
        ("Response, SRI", "BILAG constitutional, BILAG mucocutaneous, BILAG neuropsychiatric and 6 more"),
        ("Response, BICLA", "and 6 more"),
    ],
)
def test_a_rule_that_cannot_be_used_names_what_is_missing(rule: str, lacking: str) -> None:
    app = unfold(go(open_app(), "response"), "more_response")
    offered = next(each for each in app.radio(key="rule").options if rule in each)
    assert offered.startswith(":gray[")
    assert lacking in offered


@pytest.mark.parametrize("rule", ["Flagged at visits", "SLEDAI more than 3 above remission", "SELENA-type flare"])
def test_every_rule_of_relapse(rule: str) -> None:
    app = unfold(go(open_app(), "response"), "more_response")
    app.radio(key="relapse_rule").set_value(rule)
    assert_sound(app.run())


def test_small_groups_get_a_difference_and_no_test() -> None:
    app = open_app()
    app.query_params["compare"] = "msc_source"
    app = go(app, "response")
    assert "no test in year 3, year 4" in said(app)
    words = said(unfold(unfold(app, "open_differences"), "open_how_made"))
    assert "Newcombe" in words
    assert "withheld: fewer than 10" in words


def test_every_relapse_is_told_in_a_fold_with_rates_and_gaps() -> None:
    app = go(open_app(), "response")
    assert "Relapses by 3 years (the last with at least 10 at risk): 39 per 100 patients (24–63, 23 at risk)." in said(
        app
    )
    shown = said(unfold(app, "open_mean_relapses"))
    assert "### How many relapses has a patient had on average by then?" in shown
    assert "gaps appear shorter than they are" in shown
    assert "Rate ratio" not in shown


def test_groups_are_compared_at_a_chosen_month_with_the_test_of_rates() -> None:
    app = open_app()
    app.query_params["compare"] = "msc_source"
    app.query_params["mean_at"] = "12"
    app = unfold(go(app, "response"), "open_mean_relapses")
    assert_sound(app)
    assert IGNORED not in said(app)
    assert "Relapses per 100 patients by 1 year: BM 13 (6–32, 44 at risk), UC 12 (5–27, 40 at risk)" in said(app)
    assert "Lin-Wei-Yang-Ying test of relapse rates: p 0.76" in said(app)
    assert "Rate ratio" in said(app)


def test_the_courses_of_the_patients_page_follow_the_rule() -> None:
    app = open_app()
    app.query_params["rule"] = "Renal response, EULAR/ERA-EDTA 2019"
    app = unfold(go(app, "patients"), "open_how_made")
    assert_sound(app)
    assert "renal response by EULAR/ERA-EDTA 2019 (complete: UPCR below 0.7" in said(app)
    assert IGNORED not in said(app)


@pytest.mark.parametrize("rule", ["Recorded", "Flagged at visits"])
def test_events_between_visits_are_told_in_a_fold_with_what_is_assumed(rule: str) -> None:
    app = open_app()
    app.query_params["relapse_rule"] = rule
    app = unfold(go(app, "response"), "open_between_visits")
    assert_sound(app)
    shown = said(app)
    assert "It assumes that when patients come does not depend on their state; death is censored." in shown
    assert "With a first complete remission by 2 years: 38 %; if dated to the visit that shows it 44 % (19 at" in shown
    assert ("by when was there a first relapse" in shown) == (rule != "Recorded")


def test_those_who_lost_it_are_counted_and_listed() -> None:
    app = go(open_app(), "response")
    assert "9 of 32 who reached complete remission lost it; first seen without it at month 13" in said(app)
    app = unfold(app, "open_lost")
    assert_sound(app)
    (table,) = [frame.value for frame in app.dataframe if "No longer met" in frame.value]
    assert len(table) == 9
    assert set(table["No longer met"]) <= {f"complete remission on record ({state})" for state in ("none", "partial")}
    app.button(key="lost_people").click()
    assert_sound(app.run())


def test_what_was_published_is_one_click_away_and_pooling_it_two() -> None:
    app = go(open_app(), "response")
    assert "Year 1: published 23 to 67 % in 5 papers; year 2: published 31 % in 1 paper." in said(app)
    app = unfold(app, "open_beside")
    assert "The synthetic sample imitates Wang 2013" in said(app)
    app.button_group(key="papers_pooled").set_value("every")
    app = app.run()
    assert_sound(app)
    assert "5 pooled: 37 % (19–64); the true share of a next centre is expected between 6 and 87 %" in said(app)


def test_a_paper_that_is_taken_off_makes_room_for_another_of_its_centre() -> None:
    app = open_app()
    app.query_params["papers_left_out"] = ["Wang 2013", "Wang 2014"]
    app.query_params["papers_pooled"] = "one_each"
    app = unfold(go(app, "response"), "open_beside")
    assert_sound(app)
    [table] = [frame.value for frame in app.dataframe if "Differs from here" in frame.value and len(frame.value) > 6]
    pooled = table.set_index("Study")["Pooled"]
    assert pooled["Gu 2014, renal remission"].startswith("no: fewer than 3")
    assert pooled["Wen 2019, clinical remission"] == "no: may count patients of Gu 2014 (Nanjing)"


def test_a_paper_of_ones_own_is_added_or_refused_in_words() -> None:
    app = unfold(go(open_app(), "response"), "open_beside")
    typed = {"study": "Rome 2020", "events": "30", "patients": "20", "months": "12"}
    for name, text in typed.items():
        app.text_input(key=f"own_paper_{name}").set_value(text)
    app.selectbox(key="own_paper_denominator").set_value("assessed")
    app = press(app, "Add it")
    assert [warning.value for warning in app.warning] == [plain("30 events are more than 20 patients.")]
    app.text_input(key="own_paper_events").set_value("3")
    app = press(app, "Add it")
    assert_sound(app)
    assert not app.warning
    assert any("Rome 2020" in frame.value["Study"].tolist() for frame in app.dataframe if "Study" in frame.value)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click()
    return app.run()


@pytest.mark.parametrize(("papers", "words"), [(0, "What a next centre would see"), (12, "than a back row can read")])
def test_the_forest_is_a_stop_where_published_facts_are_shown(papers: int, words: str) -> None:
    app = open_app()
    app.session_state["own_published"] = tuple(
        PublishedFact(f"Paper {place}", "LLDAS", 3, 20, months=12.0) for place in range(papers)
    )
    for name, value in {"published": "yes", "present": "published", "step": "9"}.items():
        app.query_params[name] = value
    app = go(app, "response")
    assert_sound(app)
    assert "4 of 10" in said(app)
    assert words in said(app)
