"""From where the app can be reached, and whether its settings make that safe."""

from __future__ import annotations

from importlib.util import find_spec
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from pages.server import settings

LOOPBACK = ("localhost", "127.0.0.1", "::1")
KNOWN = {
    "access": {"emails", "domains", "without_sign_in"},
    "limits": {"megabytes", "files"},
}
NEEDED_TO_SIGN_IN = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
SHORTEST_SECRET = 32  # characters; whoever guesses the secret can sign in as anybody
AFTERWARDS = "deploy/README.md tells how; then start the app again."


def refusal() -> str:
    """Return, as a sentence, why the settings are unsafe and nobody may see the app; "" if they are safe."""
    return settings.unreadable() or _misspelt() or _incomplete() or _open_to_others()


def nothing_to_scan(address: str) -> str:
    """Return, as a sentence, why an address of this app leads nobody else to it; "" if it does."""
    if not _elsewhere():
        return "This computer answers to itself alone, so there is nothing to scan."
    name = urlsplit(address).hostname or ""
    if not name or is_loopback(name):
        return (
            f"The app was opened here as {name or 'localhost'}, which every other device takes for itself. "
            "Open it under the name that others reach it by, and present from there."
        )
    return ""


def is_loopback(name: str) -> bool:
    """Return whether an address or host name can only mean this computer."""
    bare = name.strip().strip("[]").rstrip(".").casefold()
    try:
        return bare == "localhost" or ip_address(bare).is_loopback
    except ValueError:
        return False


def _misspelt() -> str:
    """Return which key or value of a section is invalid: ignoring a misspelt list would let everybody in."""
    for name, known in KNOWN.items():
        unknown = sorted(set(settings.section(name)) - known)
        if unknown:
            return f"[{name}] in secrets.toml may hold {', '.join(sorted(known))}, and not {', '.join(unknown)}."
    for key in ("emails", "domains"):
        named = settings.section("access").get(key, [])
        if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
            return f'{key} of [access] in secrets.toml must be a list of texts, as in ["...", "..."].'
    for key, value in settings.section("limits").items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            return f"{key} of [limits] in secrets.toml must be a whole number from 1."
    return ""


def _incomplete() -> str:
    """Return which setting is missing for signing in."""
    auth, access = settings.section("auth"), settings.section("access")
    if not auth:
        named = {"emails", "domains"} & set(access)
        return (
            f"[access] in secrets.toml names people, but there is no [auth] to sign in by. {AFTERWARDS}"
            if named
            else ""
        )
    missing = [key for key in NEEDED_TO_SIGN_IN if not auth.get(key)]
    if missing:
        return f"[auth] in secrets.toml lacks {', '.join(missing)}. {AFTERWARDS}"
    if len(auth["cookie_secret"]) < SHORTEST_SECRET:
        return f"cookie_secret of [auth] in secrets.toml needs {SHORTEST_SECRET} characters or more. {AFTERWARDS}"
    if find_spec("authlib") is None:
        return "Signing in needs Authlib: pip install '.[server]', then start the app again."
    return ""


def _open_to_others() -> str:
    """Return why the app is open: reachable from other computers without sign-in, or under any host name."""
    hosts = _hosts()
    if not any(hosts) or "*" in hosts:
        return (
            "The app answers to any host name, so that a foreign web site could read it through a visitor's browser. "
            f"Name its hosts in server.allowedHosts. {AFTERWARDS}"
        )
    if settings.section("auth") or settings.section("access").get("without_sign_in") is True:
        return ""
    elsewhere = _elsewhere()
    if not elsewhere:
        return ""
    return (
        f"The app can be reached from other computers ({', '.join(elsewhere)}), and nobody has to sign in. Let it "
        f"listen on localhost, or set up signing in. {AFTERWARDS}"
    )


def _hosts() -> list[str]:
    """Return the host names that the app answers to."""
    return [host.strip() for host in st.get_option("server.allowedHosts")]


def _elsewhere() -> list[str]:
    """Return by which addresses and host names other computers can reach the app."""
    address = st.get_option("server.address") or ""
    return [name or "every address" for name in (address, *_hosts()) if not is_loopback(name)]
