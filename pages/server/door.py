"""The checks that a request must pass before Streamlit sees it; used by `server.py` only."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import partial
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.server import memory, reach, settings, sign_in

UPLOADS = "/_stcore/upload_file/"
METRICS = "/_stcore/metrics"
GUARDS = {
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}


def doors() -> list[Middleware]:
    """Return the middleware for requests, outermost first."""
    # Loopback names are safe to allow: no foreign site can have one. Health checks use them.
    hosts = [*(host.strip() for host in st.get_option("server.allowedHosts")), *reach.LOOPBACK, "[::1]"]
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        Middleware(Door),
    ]


class Door:
    """Middleware that refuses requests no page of the app makes, and forbids other sites to embed the app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refused request; pass on any other."""
        guarded = partial(_send_guarded, send)
        refused = _refusal(scope) if scope["type"] in ("http", "websocket") else ""
        if refused:
            await PlainTextResponse(refused, status_code=403)(scope, receive, guarded)
            return
        with _under_way(scope) as fits:
            if fits:
                await self.app(scope, receive, guarded)
            else:
                await PlainTextResponse(memory.too_much(), status_code=403)(scope, receive, guarded)


async def _send_guarded(send: Send, message: Message) -> None:
    if message["type"] == "http.response.start":
        MutableHeaders(scope=message).update(GUARDS)
    await send(message)


def _refusal(scope: Scope) -> str:
    path: str = scope["path"]
    if scope["type"] == "websocket":
        return _foreign_origin(Headers(scope=scope))
    if path.endswith(METRICS):
        return "The app tells nobody how much it holds."
    if UPLOADS in path and scope["method"] in ("PUT", "DELETE"):
        return _foreign_session(scope)
    return ""


def _foreign_origin(headers: Headers) -> str:
    """Return a refusal if the request comes from another site's page.

    Streamlit's own check would first look up the public address of this server on the internet.
    """
    origin = headers.get("origin", "")
    own = urlsplit(origin).netloc == headers.get("host") or origin in st.get_option("server.corsAllowedOrigins")
    return "" if own or not origin else "This app answers to its own pages only."


def _foreign_session(scope: Scope) -> str:
    """Return a refusal if a file is uploaded to a session that the sender did not open."""
    cookies = HTTPConnection(scope).cookies
    known = not settings.section("auth") or sign_in.is_let_in(_session_of(scope), cookies)
    return "" if known else "Sign in first."


def _under_way(scope: Scope) -> AbstractContextManager[bool]:
    """Count an upload while it lasts; the value is whether the session may hold the file too."""
    if scope["type"] != "http" or UPLOADS not in scope["path"] or scope["method"] != "PUT":
        return nullcontext(enter_result=True)
    declared = Headers(scope=scope).get("content-length", "")
    # Without a declared size, assume the largest.
    size = int(declared) if declared.isdecimal() else st.get_option("server.maxUploadSize") * settings.MEGABYTE
    return memory.under_way(_session_of(scope), size)


def _session_of(scope: Scope) -> str:
    path: str = scope["path"]
    return path.partition(UPLOADS)[2].partition("/")[0]
