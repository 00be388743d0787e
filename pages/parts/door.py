"""What a request must be before Streamlit sees it; only `server.py` has this door."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.parts import memory, reach, settings, sign_in

UPLOADS = "/_stcore/upload_file/"
METRICS = "/_stcore/metrics"


def doors() -> list[Middleware]:
    """Return what each request passes, in this order."""
    # Nobody can give a foreign site the name of this computer itself, and a health check asks by it.
    hosts = [*(host.strip() for host in st.get_option("server.allowedHosts")), *reach.LOOPBACK, "[::1]"]
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        Middleware(Door),
    ]


class Door:
    """Turn away what no page of the app asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that is refused; let any other through."""
        refused = _refusal(scope) if scope["type"] in ("http", "websocket") else ""
        if refused:
            await PlainTextResponse(refused, status_code=403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _refusal(scope: Scope) -> str:
    path: str = scope["path"]
    if scope["type"] == "websocket":
        return _foreign_origin(Headers(scope=scope))
    if path.endswith(METRICS):
        return "The app tells nobody how much it holds."
    if UPLOADS in path and scope["method"] == "PUT":
        return _no_upload(path.partition(UPLOADS)[2].partition("/")[0])
    return ""


def _foreign_origin(headers: Headers) -> str:
    """Return a refusal of another site's page; Streamlit would first ask the network for the address of this server."""
    origin = headers.get("origin", "")
    own = urlsplit(origin).netloc == headers.get("host") or origin in st.get_option("server.corsAllowedOrigins")
    return "" if own or not origin else "This app answers to its own pages only."


def _no_upload(session_id: str) -> str:
    if settings.section("auth") and not sign_in.is_let_in(session_id):
        return "Sign in first."
    return memory.too_much() if memory.uploads(session_id) > settings.most_bytes() else ""
