"""The Survival page with every endpoint and option."""

import pytest

from tests.pages.test_pages import IGNORED, assert_sound, go, open_app, said, unfold

ENDPOINTS = {
    "overall_survival": "Kaplan-Meier",
    "relapse_free_survival": "Kaplan-Meier",
    "time_to_remission": "Aalen-Johansen",
    "remission_duration": "Aalen-Johansen",
    "relapse": "Aalen-Johansen",
    "own": "Kaplan-Meier",
}


@pytest.mark.parametrize(
    ("endpoint", "comparison"),
    [
        *((endpoint, "") for endpoint in ENDPOINTS),
        *zip(ENDPOINTS, ["msc_source", "number:age_years"] * 3, strict=True),
    ],
)
def test_every_endpoint(endpoint: str, comparison: str) -> None:
    app = open_app()
    app.query_params["endpoint"] = endpoint
    app.query_params["compare"] = comparison
    app = go(app, "survival")
    assert_sound(app)
    assert ENDPOINTS[endpoint] in said(app)
    assert IGNORED not in said(app)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"landmark": "6"}, "6 months after transplantation"),
        ({"landmark": "6", "reset": "no"}, "Time zero: transplantation"),
        ({"scale": "with"}, "Kaplan-Meier"),
        ({"interval": "exact"}, "exact (beta product) interval"),
        ({"until": "24"}, "Kaplan-Meier"),
        ({"pairwise": "yes", "compare": "number:age_years", "cut": "tertiles"}, "each pair of groups, p by Holm"),
        ({"trend": "yes", "compare": "number:age_years", "cut": "tertiles"}, "test for trend"),
        ({"strata": "sex"}, "stratified by"),
        ({"weights": "Peto-Peto"}, "Peto"),
        ({"covariates": "age_years"}, "Cox regression"),
        ({"few_events": "3", "few_patients": "5"}, "withheld below 3 events (1 a group) or 5 patients a group"),
        ({"restricted": "12"}, "to month 12"),
        ({"years": "0.5, 5"}, "Kaplan-Meier"),
    ],
)
def test_every_option(options: dict[str, str], expected: str) -> None:
    app = open_app()
    for name, value in {"compare": "msc_source", **options}.items():
        app.query_params[name] = value
    app = unfold(go(app, "survival"), "open_how_made")
    assert_sound(app)
    assert expected in said(app)
    assert IGNORED not in said(app)


def test_the_only_group_is_called_filtered_where_a_filter_is_on() -> None:
    app = open_app()
    app.query_params["source"] = "UC"
    assert "Filtered" in said(go(app, "survival"))
    assert "Filtered (n = 42)" in said(go(app, "cohort"))


def test_five_deaths_are_too_few_for_a_test() -> None:
    app = open_app()
    app.query_params["compare"] = "msc_source"
    words = said(go(app, "survival"))
    assert "No log-rank test: fewer than 10 events (5)." in words


@pytest.mark.parametrize("endpoint", [name for name, curve in ENDPOINTS.items() if curve == "Aalen-Johansen"])
def test_where_an_event_competes_grays_test_comes_first_and_the_mean_is_time_lost(endpoint: str) -> None:
    app = open_app()
    app.query_params["endpoint"], app.query_params["compare"] = endpoint, "msc_source"
    words = said(unfold(go(app, "survival"), "open_how_made"))
    first, second = "difference in cumulative incidence (Gray)", "difference in cause-specific hazards (log-rank)"
    assert 0 < words.index(first) < words.index(second)
    assert "test of the cause-specific hazards of" in words
    assert "Cox regression of the cause-specific hazards of" in words
    assert "area under the Aalen-Johansen incidence curve to month 24" in words
    assert "area under the Kaplan-Meier curve" not in words


def test_a_grid_is_a_new_one_where_its_cells_are_longer() -> None:
    # The browser keeps column widths per key: "female, 1 year" would not fit in the width of "1 year".
    def grid(**asked: str) -> str:
        app = open_app()
        for name, value in asked.items():
            app.query_params[name] = value
        return go(app, "survival").dataframe[0].proto.id

    assert grid() != grid(compare="sex")
    assert grid(compare="sex") == grid(compare="sex")
    assert grid() != grid(years="1, 2")


@pytest.mark.parametrize(
    ("options", "question", "share"),
    [
        ({}, "How many are without “died” = yes over time? (Kaplan-Meier)", "Without “died” = yes"),
        ({"scale": "with"}, "How many are without “died” = yes over time? (Kaplan-Meier)", "“died” = yes"),
        (
            {"own_rival": "prior_cyclophosphamide"},
            "How many have had “died” = yes by then? (Aalen-Johansen)",
            "With “died” = yes",
        ),
    ],
)
def test_own_columns_name_the_event(options: dict[str, str], question: str, share: str) -> None:
    app = open_app()
    for name, value in {"endpoint": "own", **options}.items():
        app.query_params[name] = value
    app = go(app, "survival")
    assert question in said(app)
    assert f"{share} at 3 years" in said(app)


POINTS = b"months,survival\n2,0.9\n4,0.675\n6,0.45\n"


def test_what_was_published_of_survival_stands_beside_it() -> None:
    app = unfold(go(open_app(), "survival"), "open_beside_survival")
    assert_sound(app)
    told = said(app)
    assert "Month 12: here 98 % (91–99), published 92 to 95 % in 2 papers." in told
    assert "with placebo 100 % in 1 paper" in told
    assert "Month 60: here nobody followed so far" in told
    app = app.segmented_control(key="papers_pooled").set_value("every").run()
    assert "there are 2" in said(app)
    assert "papers of Nanjing may count the same patients" not in said(app)  # two are not pooled


@pytest.mark.parametrize("options", [{"endpoint": "relapse"}, {"landmark": "6"}])
def test_nothing_stands_beside_what_is_no_overall_survival_from_transplantation(options: dict[str, str]) -> None:
    app = open_app()
    for name, value in options.items():
        app.query_params[name] = value
    app = go(app, "survival")
    assert_sound(app)
    assert "What was published of survival" not in [fold.label for fold in app.expander]


def test_a_curve_of_a_paper_is_drawn_saved_and_taken_off() -> None:
    app = unfold(go(open_app(), "survival"), "open_beside_survival")
    app.text_input(key="paper_curve_name").set_value("Own 2020")
    app.text_input(key="paper_curve_risk").set_value("0: 10, 5: 6")
    app.text_input(key="paper_curve_events").set_value("5")
    app.file_uploader(key="paper_curve_points").set_value(("points.csv", POINTS, "text/csv"))
    app = app.button(key="FormSubmitter:paper_curve-Draw it").click().run()
    assert_sound(app)
    assert "10 patients, 5 events of 5 that were told" in said(app)
    assert "published     0: 10, 5: 6" in said(app)
    assert "Counts of Own 2020 (CSV)" in [button.label for button in app.get("download_button")]
    app.session_state["take_survival"] = True
    assert_sound(app.run())
    app = app.button(key="remove_curve_0").click().run()
    assert "Own 2020" not in said(app)


@pytest.mark.parametrize(
    ("points", "risk", "words"),
    [
        (None, "0: 10", "Points: give the CSV file of months and survival"),
        (b"months,survival\n2,x\n", "0: 10", "Points, row 2, column survival: “x” is no number."),
        (POINTS, "0: 10, 5", "At risk, entry 2: “5” is not month: number"),
    ],
)
def test_a_curve_that_cannot_be_is_refused_with_its_row(points: bytes | None, risk: str, words: str) -> None:
    app = unfold(go(open_app(), "survival"), "open_beside_survival")
    app.text_input(key="paper_curve_name").set_value("Own 2020")
    app.text_input(key="paper_curve_risk").set_value(risk)
    if points is not None:
        app.file_uploader(key="paper_curve_points").set_value(("points.csv", points, "text/csv"))
    app = app.button(key="FormSubmitter:paper_curve-Draw it").click().run()
    assert_sound(app)
    assert words in said(app)
    assert app.text_input(key="paper_curve_name").value == "Own 2020"
