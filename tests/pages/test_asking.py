"""The question of a session: all kinds of filters, undo, the pinned cohort, saved views; no page loses any of it."""

import json
from collections.abc import Callable, Iterable
from itertools import pairwise, permutations
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis import Cohort, read_cohort
from pages.state import views as views_part
from tests.pages.test_pages import IGNORED, PAGES, assert_sound, go, open_app, said, tables, unfold

# An option of each page with options: how it is chosen, its key and value.
CHOSEN: dict[str, tuple[str, str, Any]] = {
    "survival": ("button_group", "endpoint", "relapse"),
    "response": ("button_group", "estimand", "ever"),
    "activity": ("selectbox", "measure", "c3_g_per_l"),
    "patients": ("button_group", "lanes", "response"),
}


def bound(drawn: Iterable[Any], name: str) -> Any:
    """Return the control of this name that is bound to the question."""
    return next(each for each in drawn if str(each.key).rpartition("_")[0] == name)


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click()
    return app.run()


def asked(app: AppTest) -> dict[str, list[str]]:
    found = {key: app.query_params[key] for key in app.query_params}
    return {key: texts if isinstance(texts, list) else [texts] for key, texts in found.items()}


def pick(app: AppTest, key: str, *values: object) -> AppTest:
    bound(app.button_group, key).set_value(list(values))
    return app.run()


def each_after_each(pages: list[str]) -> list[str]:
    """Return a walk on which each page follows each other one once."""
    first, walk = pages[0], [pages[0]]
    for place, new in enumerate(pages[1:], 1):
        for old in pages[1:place]:
            walk += [new, old]
        walk += [new, first]
    return walk


def test_no_page_loses_what_another_was_asked() -> None:
    app = pick(open_app().run(), "filter_msc_source", "UC")
    app = pick(app, "filter_organs", "renal")
    bound(app.selectbox, "compare").set_value("sex")
    app = app.run()
    for page, (control, key, value) in CHOSEN.items():
        app = go(app, page)
        getattr(app, control)(key=key).set_value(value)
        app = app.run()
    before = asked(app)
    walk = each_after_each(PAGES)
    assert set(pairwise(walk)) == set(permutations(PAGES, 2))
    for way, page in zip([("", walk[0]), *pairwise(walk)], walk, strict=True):
        app = go(app, page)
        assert_sound(app)
        assert "37 of 87 patients" in said(app), way
        assert bound(app.selectbox, "compare").value == "sex"
        if page in CHOSEN:
            control, key, value = CHOSEN[page]
            assert getattr(app, control)(key=key).value == value, way
    assert asked(app) == before


def test_undo_and_redo_lead_through_everything_that_was_asked() -> None:
    app = pick(open_app().run(), "filter_msc_source", "UC")
    app = pick(app, "filter_sex", "female")
    bound(app.selectbox, "compare").set_value("organ:renal")
    app = press(app.run(), "pin")
    states = [asked(app)]
    for expected in ("37 of 87", "37 of 87", "42 of 87", "87 of 87"):
        app = press(app, "undo")
        assert expected in said(app)
        states.append(asked(app))
    assert app.button(key="undo").disabled
    for state in reversed(states[:-1]):
        app = press(app, "redo")
        assert asked(app) == state
    assert app.button(key="redo").disabled
    app = press(press(app, "undo"), "clear_all")
    assert app.button(key="redo").disabled  # a new question replaces those undone


def of_every_kind() -> Cohort:
    return read_cohort(
        pd.DataFrame(
            {
                "patient_id": [f"{number:02d}" for number in range(20)],
                "follow_up_months": range(1, 21),
                "died": [0, 1] * 10,
                "relapse_months": [None, 1, None, 2] * 5,
                "sampled": [f"2012-{1 + number % 12:02d}-03" for number in range(20)],
                "dose": [0.5 + number / 10 for number in range(20)],
                "ward": [f"ward {number % 15}" for number in range(20)],
                "smoker": ["yes", "no", None, "yes"] * 5,
                "*bold* [x](http://x)": ["_a_", "<b>", "$c$", "![](http://x)"] * 5,
            }
        )
    )


@pytest.fixture
def own() -> AppTest:
    app = open_app()
    app.session_state["opened"] = of_every_kind()
    return app.run()


def add(app: AppTest, name: str) -> AppTest:
    bound(app.selectbox, "add_filter").set_value(name)
    return app.run()


@pytest.mark.parametrize(
    ("name", "control", "value", "kept", "words"),
    [
        ("smoker", "button_group", ["yes"], 10, {"f.smoker": ["yes"]}),
        ("ward", "multiselect", ["ward 1", "ward 2"], 4, {"f.ward": ["ward 1", "ward 2"]}),
        ("dose", "slider", (1.0, 1.5), 6, {"f.dose": ["1..1.5"]}),
        ("*bold* [x](http://x)", "button_group", ["<b>", "$c$"], 10, {"f.*bold* [x](http://x)": ["<b>", "$c$"]}),
    ],
)
def test_a_filter_of_every_kind(
    own: AppTest, name: str, control: str, value: object, kept: int, words: dict[str, list[str]]
) -> None:
    app = add(own, name)
    assert "20 of 20 patients" in said(app)
    bound(getattr(app, control), f"filter_{name}").set_value(value)
    app = app.run()
    assert_sound(app)
    assert f"{kept} of 20 patients" in said(app)
    assert {key: texts for key, texts in asked(app).items() if key != "data"} == words
    app = press(app, f"remove_{name}")
    assert "20 of 20 patients" in said(app)
    assert bound(getattr(app, control), f"filter_{name}").value != value  # the control is still there, without a filter


def test_days_are_a_range(own: AppTest) -> None:
    app = add(own, "sampled")
    slider = bound(app.slider, "filter_sampled")
    slider.set_value((slider.value[0], slider.value[0].replace(month=3)))
    app = app.run()
    assert_sound(app)
    assert "6 of 20 patients" in said(app)
    assert asked(app)["f.sampled"] == ["2012-01-03..2012-03-03"]


def test_patients_without_a_value_are_kept_if_wished(own: AppTest) -> None:
    app = pick(add(own, "smoker"), "filter_smoker", "yes")
    assert bound(app.toggle, "keep_missing").label == "Keep patients without a value (5)"
    bound(app.toggle, "keep_missing").set_value(True)
    app = app.run()
    assert "15 of 20 patients" in said(app)
    assert asked(app)["missing"] == ["keep"]


def test_what_is_known_only_later_says_so_and_offers_a_landmark(own: AppTest) -> None:
    app = add(own, "relapse_months")
    assert "immortal time" in said(app)
    assert "Survival from a landmark at month 12" in [link.label for link in app.get("page_link")]


def test_what_each_filter_costs_in_the_order_of_clicking(own: AppTest) -> None:
    app = pick(add(own, "smoker"), "filter_smoker", "yes")
    app = add(app, "ward")
    bound(app.multiselect, "filter_ward").set_value(["ward 1"])
    app = app.run()
    app = unfold(app, "open_cost")
    cost = tables(app)["In the order of clicking"]
    assert list(cost["Left"]) == ["20", "10", "1"]
    assert cost["Lost"].tolist() == ["0", "10, most", "9"]


def test_a_cohort_beside_another(own: AppTest) -> None:
    app = press(pick(add(own, "smoker"), "filter_smoker", "yes"), "pin")
    assert "what you see then stands beside the pinned patients" in said(app)
    app = press(app, "remove_smoker")
    assert "smoker yes 10 beside all patients 20, 10 in both" in said(app)
    bound(app.toggle, "rest").set_value(True)
    app = app.run()
    assert "smoker yes 10 beside everybody else 10, 0 in both" in said(app)
    app = unfold(app, "pinned_names")
    bound(app.text_input, "name_0").set_value("Smokers")
    bound(app.text_input, "name_1").set_value("The others")
    app = app.run()
    app = go(app, "survival")
    assert_sound(app)
    assert "Smokers 10 beside The others 10, 0 in both" in said(app)
    app = press(app, "swap")
    assert "Ignored" not in said(app)
    assert asked(app)["names"] == ["The others", "Smokers"]
    assert "10 of 20 patients" in said(app)
    app = press(app, "unpin")
    assert "pin" not in asked(app)
    assert "compare" not in asked(app)


def test_clear_all_clears_the_comparison_and_undo_brings_it_back() -> None:
    app = pick(open_app().run(), "filter_msc_source", "UC")
    assert "pin" not in asked(press(press(app, "pin"), "clear_all"))
    app = press(press(app, "undo"), "against_else")
    states = asked(app)
    app = press(app, "clear_all")
    assert not {"source", "compare", "pin"} & set(asked(app))
    assert app.button(key="clear_all").disabled
    assert asked(press(app, "undo")) == states


@pytest.mark.parametrize("page", PAGES)
def test_every_page_against_everybody_else(page: str) -> None:
    app = pick(open_app().run(), "filter_msc_source", "UC")
    app = go(press(app, "against_else"), page)
    assert_sound(app)
    assert asked(app)["compare"] == ["everybody_else"]
    assert "against 45 others" in said(app)
    assert IGNORED not in said(app)
    app = press(app, "remove_msc_source")
    assert "compare" not in asked(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_with_cohorts_that_share_patients(page: str) -> None:
    app = open_app()
    for key, texts in {"compare": ["pinned"], "pin": ["source=UC"], "organ": ["renal"]}.items():
        app.query_params[key] = texts
    app = go(app, page)
    assert_sound(app)
    assert "UC 42 beside renal 81, 37 in both" in said(app)
    assert IGNORED not in said(app)


def test_a_view_is_saved_and_come_back_to() -> None:
    app = unfold(pick(open_app().run(), "filter_msc_source", "UC"), "saved_views")
    app.text_input(key="view_name").set_value("Only ~ UC")
    assert app.text_input(key="view_name").form_id == app.button(key="save_view").form_id != ""
    app = press(app, "save_view")
    assert asked(app)["view"] == ["Only ~ UC~overview~source=UC"]


@pytest.mark.parametrize("query", ["source=UC", "source=UC&report_title=a~survival~b"])
def test_a_view_with_a_tilde_in_its_name_is_there_after_a_reload(query: str) -> None:
    app = open_app()
    name = "UC ~overview~ 1 ~ 2"
    app.query_params["view"] = [f"{name}~survival~{query.replace('~', '%7E')}"]
    app = app.run()
    assert IGNORED not in said(app)
    (view,) = app.session_state["views"]
    assert (view.name, view.page) == (name, "pages/survival.py")
    assert view.words == parse_qs(query)


def test_views_of_a_link_are_there_and_bad_ones_are_told() -> None:
    app = open_app()
    app.query_params["view"] = ["First~survival~source=UC", "nonsense", "Gone~nowhere~source=UC"]
    app = app.run()
    assert IGNORED in said(app)
    assert asked(app)["view"] == ["First~survival~source=UC"]


def views_file(*views: object, **changed: object) -> bytes:
    return json.dumps({"kind": views_part.KIND, "version": 1, "views": list(views), **changed}).encode()


VIEW = {"name": "Mine", "page": "pages/survival.py", "asked": "source=UC"}


def load_views(data: bytes) -> AppTest:
    app = unfold(open_app().run(), "saved_views")
    return app.file_uploader(key="views_file").upload("views.json", data, "application/json").run()


def test_an_invalid_file_of_views_changes_nothing() -> None:
    app = unfold(open_app().run(), "saved_views")
    for data in (
        b"",
        b"[]",
        b"[" * 100_000,
        b"9" * 5000,
        b" " * 1_000_001 + views_file(VIEW),
        views_file(VIEW)[:-4],
        views_file(VIEW, kind="other"),
        views_file(views=3),
        views_file([]),
        views_file({**VIEW, "name": {}}),
        views_file({**VIEW, "page": "pages/gone.py"}),
        views_file({**VIEW, "asked": None}),
        views_file({**VIEW, "name": "\ud800"}),
        views_file({**VIEW, "asked": "source=\ud800"}),
    ):
        app.session_state["views_refused"] = ""
        app = app.file_uploader(key="views_file").upload("views.json", data, "application/json").run()
        assert_sound(app)
        assert "This is no file of saved views" in said(app), data[:80]
        assert not app.session_state["views"]


def test_views_that_ask_for_anything_are_drawn() -> None:
    hostile = ["embed=true&source=UC", "EMBED_OPTIONS=x", "=&=&&", "view=a~b~c", "f.x=" + "y" * 10_000, "%ED%A0%80=%00"]
    name = "![](x) <b>\x00\n"
    app = load_views(
        views_file(*({**VIEW, "name": f"{place}{name}", "asked": asked} for place, asked in enumerate(hostile)))
    )
    assert_sound(app)
    assert len(app.session_state["views"]) == len(hostile)
    app.query_params["present"] = "on"
    assert_sound(press(app.run(), "stop_after"))


def test_views_beyond_the_last_place_are_told() -> None:
    app = load_views(views_file(*({**VIEW, "name": f"View {number}"} for number in range(60))))
    assert len(app.session_state["views"]) == 50
    assert "10 views of the file were not added: there is room for 50" in said(app)


@pytest.mark.parametrize("change", [lambda app: press(app, "end_presenting"), lambda app: press(app, "escape")])
def test_presenting_ends_by_both_buttons(change: Callable[[AppTest], AppTest]) -> None:
    app = open_app()
    app.query_params["present"] = "on"
    app = app.run()
    assert "87 of 87" in said(app)
    app = change(app)
    assert "present" not in asked(app)
    assert_sound(app)


def test_a_link_for_a_file_asks_for_it_and_then_restores_the_view() -> None:
    cohort = of_every_kind()
    link = {"f.smoker": ["yes"], "data": [cohort.fingerprint[:12]], "compare": ["number:dose"]}
    app = open_app()
    for key, texts in link.items():
        app.query_params[key] = texts
    app = app.run()
    assert f"fingerprint {cohort.fingerprint[:12]}" in said(app)
    assert "87 of 87 patients" in said(app)
    assert asked(app) == link
    app.session_state["opened"] = cohort
    app = app.run()
    assert "10 of 20 patients" in said(app)
    assert asked(app) == link
    assert not app.warning


def test_another_file_than_the_one_of_the_link_is_warned_of() -> None:
    app = open_app()
    for key, texts in {"source": ["UC"], "f.smoker": ["yes"], "data": ["000000000000"]}.items():
        app.query_params[key] = texts
    app = app.run()
    app.session_state["opened"] = of_every_kind()
    app = app.run()
    assert "000000000000" in app.warning[0].value
    assert "10 of 20 patients" in said(app)
    assert IGNORED in said(app)  # the file has no MSC source
