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
