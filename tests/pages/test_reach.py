"""Others reach the app only with sign-in, or if that is explicitly turned off; and under named hosts only."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.runtime.secrets import Secrets

from pages.server import reach
from tests.pages.test_pages import open_app, said
from tests.pages.test_sign_in import AUTH

SetUp = Callable[..., str]
EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what is refused
SIGNING_IN = "[auth]\n" + "\n".join(f'{key} = "{value}"' for key, value in AUTH.items()) + "\n"


@pytest.fixture
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetUp:
    """Return a function from secrets.toml, address and hosts to the reason for refusal."""
    options = {"server.address": "localhost", "server.allowedHosts": ["localhost", "127.0.0.1", "::1"]}
    known = config.get_option

    def set_up(secrets: str | None = None, address: str | None = "localhost", hosts: list[str] | None = None) -> str:
        file = tmp_path / "secrets.toml"
        if secrets is not None:
            file.write_text(secrets, encoding="utf-8")
        options.update({"server.address": address, "secrets.files": [str(file)]})
        if hosts is not None:
            options["server.allowedHosts"] = hosts
        return reach.refusal()

    monkeypatch.setattr(config, "get_option", lambda name: options.get(name, known(name)))
    monkeypatch.setattr(st, "get_option", config.get_option)
    monkeypatch.setattr(st, "secrets", Secrets())
    return set_up


@pytest.mark.parametrize("address", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost."])
def test_on_this_computer_nothing_is_refused(set_up: SetUp, address: str) -> None:
    assert set_up(address=address) == ""


@pytest.mark.parametrize(
    "address",
    [EVERYWHERE, "::", "", None, "192.0.2.7", "fe80::1", "lab.example", "localhost.lab.example", "unix:///run/a"],
)
def test_no_listening_to_others_without_signing_in(set_up: SetUp, address: str | None) -> None:
    refused = set_up(address=address)
    assert refused.startswith(f"The app can be reached from other computers ({address or 'every address'})")
    assert "nobody has to sign in" in refused


def test_a_proxy_in_front_of_loopback_is_reached_by_others_too(set_up: SetUp) -> None:
    assert "(lupus.lab.example)" in set_up(hosts=["localhost", "lupus.lab.example"])


@pytest.mark.parametrize("secrets", [SIGNING_IN, "[access]\nwithout_sign_in = true\n"])
def test_listening_to_others_where_they_sign_in_or_need_not(set_up: SetUp, secrets: str) -> None:
    assert set_up(secrets, address=EVERYWHERE, hosts=["lupus.lab.example"]) == ""


@pytest.mark.parametrize("value", ["false", '"true"', '"false"', "1"])
def test_only_true_means_without_signing_in(set_up: SetUp, value: str) -> None:
    assert "nobody has to sign in" in set_up(f"[access]\nwithout_sign_in = {value}\n", address=EVERYWHERE)


@pytest.mark.parametrize("hosts", [[], [""], ["*"], ["lupus.lab.example", "*"]])
@pytest.mark.parametrize("secrets", [None, SIGNING_IN])
def test_no_answer_to_any_host_name(set_up: SetUp, hosts: list[str], secrets: str | None) -> None:
    assert "answers to any host name" in set_up(secrets, hosts=hosts)


@pytest.mark.parametrize(
    ("secrets", "words"),
    [
        ("[auth\nclient_id = 1", "is no valid TOML"),
        ("auth = true", "must be a section"),
        ("access = 'all'", "must be a section"),
        (SIGNING_IN.replace("client_id", "client"), "lacks client_id"),
        (SIGNING_IN.replace(AUTH["cookie_secret"], "short"), "needs 32 characters"),
        (SIGNING_IN + "[access]\nemail = ['a@lab.example']", "and not email"),
        (SIGNING_IN + "[access]\nemails = 'a@lab.example'", "must be a list"),
        (SIGNING_IN + "[access]\ndomains = [1]", "must be a list"),
        ("[access]\nemails = ['a@lab.example']", "no [auth] to sign in by"),
        ("[limits]\nmegabytes = 0", "whole number"),
        ("[limits]\nfiles = '9'", "whole number"),
        ("[limits]\nmegabyte = 9", "and not megabyte"),
    ],
)
def test_misleading_settings_are_refused(set_up: SetUp, secrets: str, words: str) -> None:
    assert words in set_up(secrets)


def test_there_is_nothing_to_scan_where_nobody_else_reaches_the_app(set_up: SetUp) -> None:
    set_up()
    assert reach.nothing_to_scan("http://localhost:8501/survival").startswith("This computer answers to itself alone")


@pytest.mark.parametrize("address", ["localhost", EVERYWHERE])
def test_an_address_that_others_reach_can_be_scanned(set_up: SetUp, address: str) -> None:
    set_up("[access]\nwithout_sign_in = true\n", address=address, hosts=["localhost", "lupus.lab.example"])
    assert reach.nothing_to_scan("https://lupus.lab.example/survival?source=UC") == ""


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("http://localhost:8501/", "localhost"),
        ("http://127.0.0.1:8501/?source=UC", "127.0.0.1"),
        ("http://[::1]:8501/", "::1"),
        ("/survival", "localhost"),
    ],
)
def test_an_address_that_means_another_computer_elsewhere_is_not_scanned(set_up: SetUp, link: str, name: str) -> None:
    set_up(SIGNING_IN, hosts=["localhost", "lupus.lab.example"])
    assert reach.nothing_to_scan(link).startswith(f"The app was opened here as {name}, which every other device")


def test_every_visit_is_refused_and_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr("pages.state.session.load_sample", lambda: read.append("the sample"))
    monkeypatch.setattr("pages.server.reach.refusal", lambda: "Others reach it.")
    app = open_app().run()
    assert [error.value for error in app.error] == ["Others reach it\\."]
    assert not app.button
    assert "87" not in said(app)
    assert read == []
