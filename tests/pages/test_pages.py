"""Every page through Streamlit's AppTest: the sample, filtered, compared, and without patients."""

import re
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis import read_cohort

ROOT = Path(__file__).parents[2]
PAGES = ["overview", "cohort", "survival", "response", "activity", "patients", "report"]
ESTIMATES = ["overview", "survival", "response", "activity", "patients", "report"]
WORDLESS = ("nan", "inf", "None")
IGNORED = "Ignored in the address"


def open_app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


def go(app: AppTest, page: str) -> AppTest:
    app.switch_page(f"pages/{page}.py")
    return app.run()


def unfold(app: AppTest, place: str) -> AppTest:
    """Open a popover or an expander, whose content is drawn only then."""
    app.session_state[place] = True
    return app.run()


def said(app: AppTest) -> str:
    elements = [*app.markdown, *app.caption, *app.warning, *app.info, *app.error, *app.metric]
    words = " ".join(str(element.value) for element in elements)
    words = words.replace("\\", "").replace("\u00a0", " ")  # markdown is escaped, and numbers are kept together
    words = " ".join([words, *(fold.label for fold in app.expander)])
    return f"{words} {' '.join(f'{title} {table.to_string()}' for title, table in tables(app).items())}"


def tables(app: AppTest) -> dict[str, pd.DataFrame]:
    """Return the small tables of words and numbers by heading, as text."""
    return dict(_read(each.proto.body) for each in app.get("html") if 'class="numbers"' in each.proto.body)


def _read(html: str) -> tuple[str, pd.DataFrame]:
    (title,) = re.findall("<h4>(.*?)</h4>", html)
    head, *rows = (re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall("<tr>(.*?)</tr>", html))
    return unescape(title), pd.DataFrame(rows, columns=head).map(unescape).rename(columns=unescape)


def assert_sound(app: AppTest) -> None:
    assert not app.exception
    words = said(app).replace("(", " ").replace(")", " ").split()
    assert not set(words) & set(WORDLESS)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_on_the_sample(page: str) -> None:
    app = go(open_app(), page)
    assert_sound(app)
    assert "87 of 87 patients" in said(app)
    assert app.run() is app
    assert_sound(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_to_filters(page: str) -> None:
    app = open_app()
    app.query_params["source"] = "UC"
    app.query_params["organ"] = "renal"
    app = go(app, page)
    assert_sound(app)
    assert "MSC source UC" in " ".join(button.label for button in app.button)
    assert "87 of 87" not in said(app)


@pytest.mark.parametrize("page", ESTIMATES)
@pytest.mark.parametrize("comparison", ["msc_source", "organ:renal"])
def test_a_page_compares_groups(page: str, comparison: str) -> None:
    app = open_app()
    app.query_params["compare"] = comparison
    assert_sound(go(app, page))


@pytest.mark.parametrize("page", ESTIMATES)
def test_a_page_says_when_nobody_is_left(page: str) -> None:
    app = open_app()
    app.query_params["age"] = "20..20"
    app.query_params["baseline_sledai"] = "27..28"
    app = go(app, page)
    assert_sound(app)
    assert "No patient is left" in said(app)


def test_an_unknown_parameter_in_the_address_is_dropped() -> None:
    app = open_app()
    app.query_params["source"] = "unheard-of"
    app.query_params["age"] = "young..old"
    app.query_params["compare"] = "organ:tail"
    app = app.run()
    assert_sound(app)
    assert "87 of 87 patients" in said(app)
    assert "source unheard-of, age young..old, compare organ:tail" in said(app)


def test_an_option_survives_a_visit_to_another_page() -> None:
    app = unfold(go(open_app(), "survival"), "more_survival")
    app.selectbox(key="interval").set_value("exact")
    app = app.run()
    app = go(app, "overview")
    app = unfold(go(app, "survival"), "more_survival")
    assert app.selectbox(key="interval").value == "exact"
    assert_sound(app)


def test_clear_all_takes_every_filter_off() -> None:
    app = open_app()
    app.query_params["source"] = "UC"
    app = app.run()
    app.button(key="clear_all").click()
    app = app.run()
    assert "87 of 87 patients" in said(app)


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("overview", "open_safety"),
        ("survival", "open_restricted"),
        ("survival", "open_steps"),
        ("response", "open_ledger"),
        ("response", "open_ways"),
        ("response", "open_states"),
        ("response", "open_how_made"),
        ("activity", "open_waterfall"),
        ("activity", "open_dropout"),
        ("activity", "open_bands"),
        ("overview", "open_ledger_numbers"),
        ("patients", "open_visits"),
        ("patients", "open_swimmer_table"),
    ],
)
def test_folded_content_is_drawn_when_it_is_opened(page: str, place: str) -> None:
    app = go(open_app(), page)
    before = len(app.dataframe) + len(tables(app)) + len(app.markdown)
    app = unfold(app, place)
    assert_sound(app)
    assert len(app.dataframe) + len(tables(app)) + len(app.markdown) > before


@pytest.mark.parametrize("cut", [None, "tertiles", "30,45"])
def test_a_number_is_cut_into_groups(cut: str | None) -> None:
    app = open_app()
    app.query_params["compare"] = "number:age_years"
    if cut:
        app.query_params["cut"] = cut
    app = go(app, "survival")
    assert_sound(app)
    groups = {None: "age 31 years or more", "tertiles": "age below", "30,45": "age 30 to below 45 years"}
    assert groups[cut] in said(app)


def test_a_cut_that_is_no_number_is_ignored_with_a_note() -> None:
    app = open_app()
    app.query_params["compare"] = "number:age_years"
    app.query_params["cut"] = "old, young"
    app = go(app, "survival")
    assert_sound(app)
    assert IGNORED in said(app)
    assert "age 31 years or more" in said(app)


@pytest.mark.parametrize("page", ["overview", "report"])
def test_unrecorded_remission_is_distinguished_from_nobody_assessed(page: str) -> None:
    patients = pd.DataFrame(
        {"patient_id": [f"P{row}" for row in range(20)], "follow_up_months": 30.0, "died": [0, 1] * 10}
    )
    visits = pd.DataFrame({"patient_id": [f"P{row}" for row in range(20)], "months": 12.0, "sledai": 4})
    app = open_app()
    app.session_state["uploaded"] = read_cohort(patients, visits)
    app = go(app, page)
    assert_sound(app)
    words = said(app)
    assert "not seen" not in words
    assert "obody" not in words
    if page == "overview":
        reason = "This cohort has no remission on record: no visit has a column named remission."
        assert reason in words
        # Below its name in one text: two would overlap.
        assert [each for each in app.markdown if each.value.replace("\\", "") == f"#### Remission\n\n{reason}"]
