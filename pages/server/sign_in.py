"""Who may see the app: people who signed in, or without [auth] anybody who reaches it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analysis.figures.common.markdown import plain
from pages.server import reach, settings

TITLE = "MSC in lupus"

COOKIES = "_streamlit_user"  # prefix of the names of Streamlit's sign-in cookies

_let_in: dict[str, str] = {}  # session to the person who opened it, hashed
_signed_out: set[str] = set()  # hashed; their cookies would stay valid for 30 days


def hold() -> None:
    """Stop the run, before a page is run or anything is read, if the visitor may not see the app."""
    refused = reach.refusal()
    if refused:
        st.error(plain(refused))
        st.stop()
    if settings.section("auth"):
        _ask_who()
    _remember()


def is_let_in(session_id: str, cookies: Mapping[str, str]) -> bool:
    """Return whether a session has passed `hold` and belongs to the person with these cookies."""
    person = _person(cookies)
    return _let_in.get(session_id) == person and person not in _signed_out


def sign_out() -> None:
    """Sign out; until the app restarts, a copy of the cookie is refused too."""
    person = _person(st.context.cookies)
    if person:
        _signed_out.add(person)
    st.logout()


def offer_sign_out() -> None:
    """Draw the button to sign out, which names who is signed in, last in the sidebar."""
    if settings.section("auth"):
        with st.sidebar:
            st.button("Sign out", key="sign_out", type="tertiary", on_click=sign_out, help=_signed_in_as())


def present_person() -> str:
    """Return a hash that tells who is signed in; "" where nobody signs in."""
    return _person(st.context.cookies)


def _ask_who() -> None:
    if not st.user.is_logged_in or _person(st.context.cookies) in _signed_out:
        st.title(TITLE, anchor=False)
        st.markdown("Sign in to see the app. A link that brought you here works once you have signed in.")
        st.button("Sign in", key="sign_in", type="primary", on_click=st.login)
        st.stop()
    refused = refusal(st.user.to_dict(), settings.section("access"))
    if refused:
        st.title(TITLE, anchor=False)
        st.error(plain(refused))
        st.button("Sign out", key="sign_out", on_click=sign_out)
        st.stop()


def refusal(person: Mapping[str, object], access: Mapping[str, Any]) -> str:
    """Return, as a sentence, why a person who signed in may not see the app; "" if they may.

    Parameters
    ----------
    person
        The claims of the identity provider.
    access
        The section [access]: ``emails`` and ``domains`` that may see it; without both, everybody who can sign in.
    """
    if not {"emails", "domains"} & set(access):
        return ""
    email = str(person.get("email") or "").strip().casefold()
    if not email:
        return "The identity provider does not tell your e-mail address, and only named addresses may see this app."
    if person.get("email_verified") is not True:
        return f"The identity provider does not vouch that {email} is yours, and only named addresses may see this app."
    emails, domains = ({str(each).strip().casefold() for each in access.get(key, [])} for key in ("emails", "domains"))
    if email in emails or email.rpartition("@")[2] in {domain.removeprefix("@") for domain in domains}:
        return ""
    return f"{email} is not among those who may see this app. Ask whoever runs it, or sign in as somebody else."


def _signed_in_as() -> str:
    user = st.user.to_dict()
    return f"Signed in as {plain(user.get('email') or user.get('name') or 'somebody without a name')}"


def _remember() -> None:
    context = get_script_run_ctx()
    if context is not None:
        for each in [each for each in _let_in if not runtime.get_instance().is_active_session(each)]:
            del _let_in[each]
        _let_in[context.session_id] = _person(st.context.cookies)


def _person(cookies: Mapping[str, str]) -> str:
    """Return a hash of the sign-in cookies; "" without any."""
    signed_in = sorted((name, value) for name, value in cookies.items() if name.startswith(COOKIES))
    return sha256(repr(signed_in).encode()).hexdigest() if signed_in else ""
