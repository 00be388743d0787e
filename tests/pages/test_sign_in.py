"""Who may see the app: nobody before signing in, then people who are named."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.server import sign_in
from tests.pages.test_pages import PAGES, go, open_app, said

AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "only for the tests, and of enough characters",
    "client_id": "msc-lupus",
    "client_secret": "only for the tests",
    "server_metadata_url": "http://localhost:1/.well-known/openid-configuration",
}
SOMEBODY = {"email": "Ada@Lab.example", "email_verified": True}


def open_closed_app(**secrets: Any) -> AppTest:
    app = open_app()
    app.secrets = {"auth": AUTH, **secrets}
    return app


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_a_page_before_signing_in_and_nothing_is_read(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr("pages.state.session.load_sample", lambda: read.append("the sample"))
    app = open_closed_app()
    app.user = {"is_logged_in": False}
    app = go(app, page)
    assert [button.label for button in app.button] == ["Sign in"]
    assert [title.value for title in app.title] == ["MSC in lupus"]
    assert not app.exception
    assert "87" not in said(app)
    assert read == []


def test_who_signed_in_sees_the_app_and_a_way_out() -> None:
    app = open_closed_app()
    app.user = {"is_logged_in": True, **SOMEBODY}
    app = app.run()
    assert "87 of 87 patients" in said(app)
    assert app.sidebar.button(key="sign_out").label == "Sign out"


def test_who_is_not_named_sees_a_refusal_and_a_way_out() -> None:
    app = open_closed_app(access={"emails": ["grace@lab.example"]})
    app.user = {"is_logged_in": True, **SOMEBODY}
    app = app.run()
    assert "lab\\.example is not among those who may see this app" in app.error[0].value
    assert "87" not in said(app)
    assert [button.label for button in app.button] == ["Sign out"]


def test_without_auth_nobody_is_asked() -> None:
    app = open_app().run()
    assert "87 of 87 patients" in said(app)
    assert "Sign out" not in [button.label for button in app.button]


@pytest.mark.parametrize(
    "access",
    [
        {},
        {"emails": ["ada@lab.example"]},
        {"emails": [" ADA@LAB.EXAMPLE "]},
        {"domains": ["lab.example"]},
        {"domains": ["@lab.example"]},
        {"emails": ["grace@other.example"], "domains": ["lab.example"]},
    ],
)
def test_a_named_person_may_see_it(access: dict[str, list[str]]) -> None:
    assert sign_in.refusal(SOMEBODY, access) == ""


@pytest.mark.parametrize(
    "access",
    [
        {"emails": []},
        {"domains": []},
        {"emails": ["lab.example"]},
        {"domains": ["example"]},
        {"domains": ["b.example"]},
        {"domains": ["sub.lab.example"]},
        {"domains": [""]},
    ],
)
def test_anybody_else_may_not(access: dict[str, list[str]]) -> None:
    assert "not among those" in sign_in.refusal(SOMEBODY, access)


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1])
def test_an_address_that_the_provider_does_not_vouch_for_is_refused(verified: object) -> None:
    person = {**SOMEBODY, "email_verified": verified}
    assert "does not vouch" in sign_in.refusal(person, {"domains": ["lab.example"]})


@pytest.mark.parametrize("person", [{}, {"email": None}, {"email": " ", "email_verified": True}])
def test_a_person_without_an_address_is_refused(person: dict[str, object]) -> None:
    assert "does not tell your e-mail" in sign_in.refusal(person, {"domains": [""], "emails": [""]})
