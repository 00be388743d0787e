"""Every option of every page: drawn with its default, kept in the address, and ignored with a note if invalid."""

from dataclasses import replace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from analysis import read_cohort
from analysis.cohort.address import Words, is_question_word
from pages.shown import control
from pages.state import address, options, presenting, views
from pages.state.activity_options import AMOUNT, AT_LIMIT, BETTER, KIND, LIMIT, MEASURE, PERCENT, SCHEME
from pages.state.option import (
    Answers,
    Choice,
    Lookup,
    Number,
    Option,
    PageOptions,
    Several,
    Switch,
    Text,
    UsableChoice,
)
from pages.state.response_options import RULE_CAP, RULE_POINTS
from pages.state.survival_options import EVENT_KIND, EVENT_RELATED, FEW_EVENTS, INTERVAL, OWN_EVENT, OWN_RIVAL, OWN_TIME
from tests.analysis.made import SAMPLE
from tests.pages.test_pages import IGNORED, assert_sound, go, open_app, said

# The sample with one SLEDAI at a limit of measurement and a measure that is not known, so that every option applies.
VISITS = SAMPLE.visits.assign(
    sledai=[f"<{SAMPLE.visits['sledai'].iloc[0]}", *SAMPLE.visits["sledai"].iloc[1:]], mood=range(len(SAMPLE.visits))
)
WITH_LIMIT = read_cohort(SAMPLE.patients, VISITS, SAMPLE.events)
EVERY = list(options.REGISTRY.values())
# Options that apply only if another has this value.
ASKED_FOR: dict[str, Words] = {
    **{option.key: {"endpoint": ["own"]} for option in (OWN_TIME, OWN_EVENT, OWN_RIVAL)},
    **{option.key: {"endpoint": ["adverse_event"]} for option in (EVENT_KIND, EVENT_RELATED)},
    **{option.key: {"rule": ["SLEDAI at most"]} for option in (RULE_POINTS, RULE_CAP)},
    BETTER.key: {"measure": ["mood"]},
    **{option.key: {"responds": ["own"]} for option in (KIND, AMOUNT)},
    PERCENT.key: {"responds": ["own"], "response_kind": ["fall in percent"]},
    LIMIT.key: {"responds": ["own"], "response_kind": ["at most"]},
}
FOLDS = {"response": ["open_beside"]}  # places of options that are drawn once they are open
WRONG = "no such thing"
by_key = pytest.mark.parametrize("option", EVERY, ids=lambda option: option.key)
by_page = pytest.mark.parametrize("page", options.PAGES, ids=lambda page: page.name)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session without a page."""
    state: dict[str, Any] = {"estimates": {}, "ignored": {}}
    monkeypatch.setattr(st, "session_state", state)
    return state


def open_with_limit() -> AppTest:
    app = open_app()
    app.session_state["uploaded"] = WITH_LIMIT
    return app


def page_of(option: Option[Any]) -> PageOptions:
    places = (*options.PAGES, options.STUDIO)
    return next(page for page in places if option.key in {each.key for each in on(page)})


def on(page: PageOptions) -> list[Option[Any]]:
    return [*page.together, *page.apart]


def settled(option: Option[Any], asked: Words) -> Answers:
    """Return the answers of an option's page for these query parameters."""
    options.restore({**ASKED_FOR.get(option.key, {}), **asked})
    return options.settled(on(page_of(option)), WITH_LIMIT)


def allowed(option: Option[Any], answers: Answers) -> list[Any]:
    """Return all values that an option may have; for very many, the ends and some between."""
    match option:
        case Choice():
            return option.values_of(answers)
        case Several():
            values = option.values_of(answers)
            return [[], *([value] for value in values), values, values[::-1]]
        case Number():
            kind = type(option.default_of(answers))
            return [kind(option.low), option.default_of(answers), kind(option.high)]
        case Switch():
            return [True, False]
        case Text():
            return [option.default_of(answers), "", "0, 6, 12", "a & b = c ~ d"]
        case Lookup():
            ids = answers.cohort.values("patient_id")
            return [ids[0], ids[-1]]
    raise AssertionError(option)


@by_key
def test_a_default_is_allowed_and_not_in_the_address(option: Option[Any], session: dict[str, Any]) -> None:
    answers = settled(option, {})
    default = option.default_of(answers)
    assert option.fits(default, answers)
    assert session[option.key] == default
    assert answers[option] == option.answer(default, answers)
    assert options.words() == ASKED_FOR.get(option.key, {})


@by_key
def test_every_allowed_value_survives_a_reload(option: Option[Any], session: dict[str, Any]) -> None:
    before = settled(option, {})
    for value in allowed(option, before):
        options.restore(ASKED_FOR.get(option.key, {}))
        session[option.key] = value
        answers = options.settled(on(page_of(option)), WITH_LIMIT)
        assert session[option.key] == value
        words = options.words()
        assert settled(option, words) == answers
        assert session[option.key] == value
        assert type(session[option.key]) is type(value)
        assert options.words() == words
        assert not session["ignored"]


@pytest.mark.parametrize(
    "option", [option for option in EVERY if not isinstance(option, Text)], ids=lambda option: option.key
)
def test_an_invalid_parameter_is_ignored_with_a_note(option: Option[Any], session: dict[str, Any]) -> None:
    answers = settled(option, {option.key: [WRONG]})
    assert session["ignored"] == {option.key: [WRONG]}
    assert session[option.key] == option.default_of(answers)
    assert settled(option, {}) == answers


@by_page
def test_every_invalid_parameter_is_noted_on_its_page(page: PageOptions) -> None:
    app = open_with_limit()
    wrong = [each for each in on(page) if not isinstance(each, Text) and each.key not in ASKED_FOR]
    for option in wrong:
        app.query_params[option.key] = WRONG
    app = go(app, page.name)
    assert_sound(app)
    for option in wrong:
        assert f"{option.key} {WRONG}" in said(app)


def drawn(app: AppTest, option: Option[Any]) -> list[Any]:
    """Return the controls of an option on a page."""
    kinds = (
        "button_group", "multiselect", "number_input", "radio", "select_slider", "selectbox", "slider", "text_input",
        "toggle",
    )  # fmt: skip
    return [each for kind in kinds for each in app.get(kind) if each.key == option.key]


@by_page
def test_every_option_is_drawn_once_with_its_default(page: PageOptions) -> None:
    together: list[tuple[Words, list[Option[Any]]]] = []
    for option in on(page):
        asked = ASKED_FOR.get(option.key, {})
        those = next((options for words, options in together if words == asked), None)
        if those is None:
            together.append((asked, those := []))
        those.append(option)
    for asked, those in together:
        app = open_with_limit()
        for key, texts in asked.items():
            app.query_params[key] = texts
        app = go(app, page.name)
        opened = [*([f"more_{page.name}"] if page.more else []), *FOLDS.get(page.name, ())]
        if opened:
            for place in opened:
                app.session_state[place] = True
            app = app.run()
        assert_sound(app)
        assert IGNORED not in said(app)
        for option in those:
            (found,) = drawn(app, option)
            assert found.label == option.label
            assert found.value == app.session_state[option.key]


def test_what_to_do_with_limits_is_asked_only_where_there_are_some(session: dict[str, Any]) -> None:
    assert settled(AT_LIMIT, {})[AT_LIMIT] == "used"
    assert settled(AT_LIMIT, {MEASURE.key: ["albumin_g_per_l"]}).get(AT_LIMIT) is None
    assert options.settled(on(page_of(AT_LIMIT)), SAMPLE).get(AT_LIMIT) is None


def test_no_key_of_an_option_means_something_else_in_the_address() -> None:
    others = {address.DATA, *presenting.KEYS, *views.KEYS}
    assert not [key for key in options.REGISTRY if key in others or is_question_word(key)]


def test_an_option_of_two_pages_is_one() -> None:
    held = [page.name for page in options.PAGES if FEW_EVENTS.key in {each.key for each in on(page)}]
    assert held == ["survival", "response"]


def test_two_options_with_the_same_key_are_refused() -> None:
    pages = PageOptions("one", in_view=(INTERVAL,)), PageOptions("two", apart=(replace(INTERVAL, default="log"),))
    with pytest.raises(ValueError, match="Two options"):
        options.registered(pages)


def test_an_option_stands_on_a_page_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        options.registered([PageOptions("one", in_view=(INTERVAL,), apart=(INTERVAL.worded("Again"),))])


def test_one_option_may_have_another_label_on_another_page() -> None:
    pages = PageOptions("one", in_view=(INTERVAL,)), PageOptions("two", in_view=(INTERVAL.worded("Limits"),))
    assert list(options.registered(pages)) == [INTERVAL.key]


def test_an_option_that_is_not_registered_is_an_error(session: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no registered option"):
        options.settled([replace(INTERVAL, key="unheard_of")], SAMPLE)


def test_an_option_without_a_control_is_an_error(session: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="no control"):
        control.draw(Option("plain", "Plain"), Answers(SAMPLE))


def test_an_option_that_does_not_apply_has_no_answer(session: dict[str, Any]) -> None:
    answers = settled(SCHEME, {MEASURE.key: ["albumin_g_per_l"]})
    assert answers.get(SCHEME) is None
    with pytest.raises(KeyError):
        answers[SCHEME]


def test_a_disabled_option_has_its_default_and_keeps_its_value(session: dict[str, Any]) -> None:
    asked = {"pairwise": ["yes"], "trend": ["yes"]}
    answers = settled(options.REGISTRY["trend"], asked)
    assert answers.given["pairwise"] is True
    assert answers.given["trend"] is False
    assert options.words() == asked


def test_a_rule_that_lacks_a_column_is_replaced_by_the_first_usable_one(session: dict[str, Any]) -> None:
    option = options.REGISTRY["rule"]
    assert isinstance(option, UsableChoice)
    answers = settled(option, {option.key: ["Response, BICLA"]})
    assert option.lacking(answers, "Response, BICLA")
    assert answers[option] == "Recorded by the clinic"
    assert options.words() == {option.key: ["Response, BICLA"]}
