"""The checks that a request must pass before Streamlit sees it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TypeAlias

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pages.server import door, memory, sign_in
from tests.running import awaited

MEGABYTE = 1024 * 1024
Body: TypeAlias = bytes | AsyncIterator[bytes]

UPLOAD = "/_stcore/upload_file/a-session/a-file"


async def behind(request: Request) -> PlainTextResponse:
    await request.body()
    await asyncio.sleep(0.01)  # other requests arrive meanwhile
    return PlainTextResponse("let through")


class Client:
    """Sends requests through the middleware."""

    def __init__(self) -> None:
        methods = ["GET", "PUT", "DELETE"]
        self.app = Starlette(routes=[Route("/{path:path}", behind, methods=methods)], middleware=door.doors())

    def ask(self, method: str, path: str, host: str = "localhost:8501", cookie: str = "") -> httpx.Response:
        (answer,) = self.ask_at_once(method, [path], {"host": host, "cookie": cookie})
        return answer

    def ask_at_once(
        self, method: str, paths: Sequence[str], headers: Mapping[str, str], body: Callable[[], Body] = bytes
    ) -> list[httpx.Response]:
        async def ask() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8501") as client:
                asked = (client.request(method, path, headers=headers, content=body()) for path in paths)
                return await asyncio.gather(*asked)

        return awaited(ask())


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:9", "[::1]", "[::1]:8501"])
def test_this_computer_is_let_through_under_its_own_names(client: Client, host: str) -> None:
    assert client.ask("GET", "/", host).text == "let through"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:8501", "a@localhost", ""])
@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/media/file.csv", UPLOAD])
def test_a_foreign_host_name_gets_nothing(client: Client, host: str, path: str) -> None:
    answer = client.ask("GET", path, host)
    assert (answer.status_code, answer.text) == (400, "Invalid host header")


def test_metrics_are_not_served(client: Client) -> None:
    assert client.ask("GET", "/_stcore/metrics").status_code == 403
    assert client.ask("GET", "/_stcore/health").text == "let through"


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign in Ada, in a session of her own."""
    monkeypatch.setattr("pages.server.memory.uploads", lambda _: 0)
    monkeypatch.setattr("pages.server.settings.section", lambda name: {"client_id": "a"} if name == "auth" else {})
    monkeypatch.setattr("pages.server.sign_in._let_in", {"a-session": sign_in._person({"_streamlit_user": "ada"})})


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_file_is_taken_from_those_who_were_let_in_only(client: Client, method: str) -> None:
    ada, mallory = "a=1; _streamlit_user=ada", "_streamlit_user=mallory; a=1"
    assert client.ask(method, UPLOAD, cookie=ada).text == "let through"
    assert client.ask(method, UPLOAD).text == "Sign in first."
    assert client.ask(method, UPLOAD, cookie=mallory).text == "Sign in first."
    assert client.ask(method, UPLOAD.replace("a-session", "another"), cookie=ada).text == "Sign in first."


@pytest.mark.usefixtures("signed_in")
def test_a_file_is_not_taken_with_a_cookie_that_was_signed_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.server.sign_in._signed_out", {sign_in._person({"_streamlit_user": "ada"})})
    assert client.ask("PUT", UPLOAD, cookie="_streamlit_user=ada").text == "Sign in first."


def test_no_more_files_than_a_tab_may_hold(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"a-session": 1000 * MEGABYTE}
    monkeypatch.setattr("pages.server.memory.uploads", held.__getitem__)
    assert client.ask("PUT", UPLOAD).text == "let through"
    held["a-session"] += memory.FRAMING_BYTES + 1
    assert client.ask("PUT", UPLOAD).status_code == 403
    assert "A tab may hold 1,000 MB" in client.ask("PUT", UPLOAD).text
    assert client.ask("DELETE", UPLOAD).text == "let through"


@pytest.mark.parametrize("tells_size", [True, False])
def test_uploads_in_progress_count(client: Client, monkeypatch: pytest.MonkeyPatch, *, tells_size: bool) -> None:
    monkeypatch.setattr(memory, "_turned_away", set())
    # Without a declared size, 50 MB are assumed.
    room = 2 * 100_000 if tells_size else 2 * 50 * MEGABYTE
    monkeypatch.setattr("pages.server.memory.uploads", lambda _: 0)
    monkeypatch.setattr("pages.server.settings.most_bytes", lambda: room)

    async def untold() -> AsyncIterator[bytes]:
        yield bytes(100_000)

    body: Callable[[], Body] = untold if not tells_size else lambda: bytes(100_000)
    paths = [f"{UPLOAD}-{number}" for number in range(24)]
    for _ in range(2):  # completed uploads no longer count
        answers = client.ask_at_once("PUT", paths, {}, body)
        assert [answer.status_code for answer in answers].count(200) == 2
        assert {answer.text for answer in answers} == {"let through", memory.too_much()}
    assert not memory._under_way
    assert memory._turned_away == {"a-session"}
    assert client.ask_at_once("PUT", [UPLOAD, UPLOAD.replace("a-session", "another")] * 2, {}, body)[3].is_success


@pytest.mark.parametrize("path", ["/", "/survival", "/static/a.js", "/_stcore/metrics"])
def test_no_other_site_can_show_the_app_inside_its_own(client: Client, path: str) -> None:
    headers = client.ask("GET", path).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"] == "frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
