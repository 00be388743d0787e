"""What a request must be before Streamlit sees it."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pages.parts import door
from tests.running import awaited

UPLOAD = "/_stcore/upload_file/a-session/a-file"


async def behind(_: Request) -> PlainTextResponse:
    return PlainTextResponse("let through")


class Client:
    """Sends requests through the door."""

    def __init__(self) -> None:
        methods = ["GET", "PUT", "DELETE"]
        self.app = Starlette(routes=[Route("/{path:path}", behind, methods=methods)], middleware=door.doors())

    def ask(self, method: str, path: str, host: str = "localhost:8501") -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8501") as client:
                return await client.request(method, path, headers={"host": host})

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


def test_how_much_the_app_holds_is_told_to_nobody(client: Client) -> None:
    assert client.ask("GET", "/_stcore/metrics").status_code == 403
    assert client.ask("GET", "/_stcore/health").text == "let through"


def test_a_file_is_taken_from_those_who_were_let_in_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.parts.memory.uploads", lambda _: 0)
    monkeypatch.setattr("pages.parts.settings.section", lambda name: {"client_id": "a"} if name == "auth" else {})
    assert client.ask("PUT", UPLOAD).text == "Sign in first."
    monkeypatch.setattr("pages.parts.sign_in._let_in", {"a-session"})
    assert client.ask("PUT", UPLOAD).text == "let through"
    assert client.ask("PUT", UPLOAD.replace("a-session", "another")).text == "Sign in first."


def test_no_more_files_than_a_tab_may_hold(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"a-session": 1000 * 1024 * 1024}
    monkeypatch.setattr("pages.parts.memory.uploads", held.__getitem__)
    assert client.ask("PUT", UPLOAD).text == "let through"
    held["a-session"] += 1
    assert client.ask("PUT", UPLOAD).status_code == 403
    assert "A tab may hold 1,000 MB" in client.ask("PUT", UPLOAD).text
    assert client.ask("DELETE", UPLOAD).text == "let through"
