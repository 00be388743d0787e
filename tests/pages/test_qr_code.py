"""The QR code on the stage: of the view, of nothing else, and only where others reach it."""

from html import unescape

import pytest
import segno
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from pages.shown import qr_code
from tests.pages.test_pages import assert_sound, go, open_app, said

HOST = "https://lupus.lab.example"
UC_AND_RENAL = {"source": ["UC"], "compare": ["organ:renal"]}


@pytest.fixture(autouse=True)
def _pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Press the button in every run: the press of an AppTest is lost, as it runs the script twice."""
    button = st.button
    monkeypatch.setattr(st, "button", lambda *a, **how: button(*a, **how) or how.get("key") == "qr_code")


def reached_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app be opened at an address that others reach."""
    monkeypatch.setattr("pages.server.reach._elsewhere", lambda: ["lupus.lab.example"])
    monkeypatch.setattr("pages.server.reach.refusal", lambda: "")
    monkeypatch.setattr(ContextProxy, "url", property(lambda _: url))


def asked(page: str, **words: list[str]) -> AppTest:
    app = open_app()
    for key, texts in words.items():
        app.query_params[key] = texts
    app = go(app, page)
    assert_sound(app)
    return app


def drawn(app: AppTest) -> list[str]:
    """Return the codes that are shown."""
    bodies = [each.proto.body for each in app.get("html")]
    return [unescape(body) for body in bodies if body.startswith("<img")]


def is_code_of(link: str, picture: str) -> bool:
    code = segno.make(link, error="l", micro=False).svg_data_uri(light="white", omitsize=True)
    return f'src="{code}"' in picture and f'alt="QR code of {link}"' in picture


@pytest.mark.parametrize("root", [HOST, f"{HOST}/lupus"])
def test_it_is_the_link_to_the_view_without_the_stage(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reached_at(f"{root}/survival", monkeypatch)
    (picture,) = drawn(asked("survival", present=["on"], step=["1"], **UC_AND_RENAL))
    assert is_code_of(f"{root}/survival?source=UC&compare=organ%3Arenal", picture)


def test_it_leads_to_the_page_of_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    reached_at(f"{HOST}/", monkeypatch)
    (picture,) = drawn(asked("overview", present=["survival"]))
    assert is_code_of(f"{HOST}/survival", picture)


def test_saved_views_and_notes_are_not_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    reached_at(f"{HOST}/survival", monkeypatch)
    monkeypatch.setattr("pages.state.views.notes", lambda: {"UC": "say it slowly"})
    app = asked("survival", view=["UC~survival~source=UC"], present=["on"])
    assert [view.name for view in app.session_state["views"]] == ["UC"]
    (picture,) = drawn(app)
    assert is_code_of(f"{HOST}/survival", picture)


def test_where_nobody_else_reaches_the_app_it_is_said_instead() -> None:
    app = asked("survival", present=["on"])
    assert drawn(app) == []
    assert "This computer answers to itself alone, so there is nothing to scan." in said(app)


def test_an_address_that_no_code_holds_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    reached_at(f"{HOST}/{'x' * 3000}/survival", monkeypatch)
    app = asked("survival", present=["on"])
    assert drawn(app) == []
    assert qr_code.TOO_LONG in said(app)
