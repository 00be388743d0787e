"""On a server: nothing before signing in, nothing under a foreign host name, and limited memory."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from analysis import load_sample
from pages.shown.qr_code import picture
from tests.browser.client import client
from tests.browser.conftest import open_visit
from tests.browser.identity import Provider, identity_provider
from tests.browser.serving import ROOT, Server, serve, start
from tests.browser.visit import Visit
from tests.browser.wire import MEGABYTE, Wire

LINKS = ["survival", "patients", ""]  # the first opens a page before any other visit
ADA = {"email": "ada@lab.example", "email_verified": True}
MALLORY = {"email": "mallory@other.example", "email_verified": True}
SETTINGS = """
[access]
domains = ["lab.example"]
[limits]
megabytes = 3
files = 2
"""
OPEN = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0", "STREAMLIT_BROWSER_SERVER_ADDRESS": "localhost"}  # noqa: S104 -- refused
REFUSED = "The app can be reached from other computers"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    yield from identity_provider()


@pytest.fixture(scope="module")
def server(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with sign-in and without previous visits."""
    secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    secrets.write_text(provider.secrets(SETTINGS), encoding="utf-8")
    yield from serve(entry="server.py", settings={"STREAMLIT_SECRETS_FILES": str(secrets)})


@pytest.fixture
def visit_to_server(chromium: Browser, server: str) -> Iterator[Visit]:
    yield from open_visit(chromium, server)


def listen(page: Page) -> list[bytes]:
    frames: list[bytes] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(bytes(frame))))
    return frames


def sign_in(page: Page) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.locator(".st-key-strip").wait_for()


def drop(visit: Visit, *megabytes: int) -> None:
    """Drop tables with few rows and long cells, which are quick to read."""
    row = b"x" * MEGABYTE + b"\n"
    files = [{"name": f"{n}.csv", "mimeType": "text/csv", "buffer": row * size} for n, size in enumerate(megabytes)]
    visit.page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(files)


def test_nothing_before_signing_in_nor_after_signing_out(provider: Provider, visit_to_server: Visit) -> None:
    page, frames = visit_to_server.page, listen(visit_to_server.page)
    sample = load_sample()
    told = [f"{len(sample)} of {len(sample)}".encode(), *(name.encode() for name in sample.patients["patient_id"])]

    def assert_nothing_told() -> None:
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        visit_to_server.settle()
        expect(page.get_by_test_id("stMain").get_by_role("button")).to_have_count(1)
        assert page.locator(".st-key-strip").count() == 0
        assert not [each for each in told if each in b"".join(frames)]

    for path in LINKS:
        page.goto(f"{visit_to_server.address}/{path}?source=UC")
        assert_nothing_told()
    provider.person = ADA
    sign_in(page)
    visit_to_server.open("patients")
    assert len([each for each in told if each in b"".join(frames)]) == len(told)
    frames.clear()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in").wait_for()
    frames.clear()  # what was sent before the button was pressed
    page.goto(f"{visit_to_server.address}/patients")
    assert_nothing_told()


def test_a_person_who_is_not_named_is_refused_in_words(provider: Provider, visit_to_server: Visit) -> None:
    page = visit_to_server.page
    provider.person = MALLORY
    page.goto(visit_to_server.address)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("is not among those who may see this app")).to_be_visible()
    assert page.locator(".st-key-strip").count() == 0


def test_more_than_a_tab_may_hold_is_refused_with_a_message(provider: Provider, visit_to_server: Visit) -> None:
    page = visit_to_server.page
    provider.person = ADA
    page.goto(visit_to_server.address)
    sign_in(page)
    visit_to_server.open("cohort")
    drop(visit_to_server, 0, 0, 0)
    expect(page.get_by_text("3 files at once are too many: drop 2 or fewer.")).to_have_count(1)
    drop(visit_to_server, 2, 2)
    expect(page.get_by_text("A tab may hold 3 MB of files and tables, and this is more")).to_have_count(1)
    expect(page.get_by_text("0.csv")).to_have_count(0)
    drop(visit_to_server, 0)  # is accepted, as the refused file was deleted
    expect(page.get_by_text("A tab may hold 3 MB of files and tables, and this is more")).to_have_count(0)


def test_no_upload_is_accepted_before_signing_in(server: str) -> None:
    wire = Wire(server)
    with wire.session() as session:
        assert wire.put_file(session.name, 10) == (403, "Sign in first.")


def test_a_copied_cookie_is_refused_after_signing_out(
    provider: Provider, visit_to_server: Visit, chromium: Browser
) -> None:
    page = visit_to_server.page
    provider.person = ADA
    page.goto(visit_to_server.address)
    sign_in(page)
    copied = page.context.cookies()
    for let_in in (True, False):
        for thief in open_visit(chromium, visit_to_server.address):
            thief.page.context.add_cookies(copied)
            thief.page.goto(visit_to_server.address)
            if let_in:  # the cookie only proves the sign-in
                expect(thief.page.locator(".st-key-strip")).to_have_count(1)
            else:
                expect(thief.page.get_by_role("button", name="Sign in")).to_be_visible()
                assert thief.page.locator(".st-key-strip").count() == 0
        if let_in:
            page.get_by_role("button", name="Sign out").click()
            page.get_by_role("button", name="Sign in").wait_for()
    time.sleep(1)  # cookies of the same second are equal
    sign_in(page)


def test_an_upload_to_the_session_of_somebody_else_is_refused(provider: Provider, visit_to_server: Visit) -> None:
    page = visit_to_server.page
    provider.person = ADA
    page.goto(visit_to_server.address)
    sign_in(page)
    visit_to_server.open("cohort")
    with page.expect_request(lambda request: request.method == "PUT") as put:
        drop(visit_to_server, 1)
    session = put.value.url.rsplit("/", 2)[1]
    wire = Wire(visit_to_server.address)
    assert wire.put_file(session, 10) == (403, "Sign in first.")
    cookies = {each["name"]: each["value"] for each in page.context.cookies() if "user" in each["name"]}
    assert wire.put_file(session, 10, cookies=cookies)[0] == 204
    with client(visit_to_server.address, session) as other:  # nor can the session itself be resumed by somebody else
        other.open("cohort")
        told = b"".join(other.received)
    assert b"Sign in" in told
    assert b"0.csv" not in told


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on this computer without sign-in."""
    secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
    secrets.write_text("[limits]\nmegabytes = 20\nfiles = 40\n", encoding="utf-8")
    log = secrets.with_name("log")
    with log.open("wb") as told:
        server = start(entry="server.py", settings={"STREAMLIT_SECRETS_FILES": str(secrets)}, log=told)
        yield replace(server, log=log)
        server.stop()


def test_simultaneous_uploads_cannot_exceed_the_limit_of_a_tab(open_server: Server) -> None:
    wire = Wire(open_server.address)
    with wire.session() as session, ThreadPoolExecutor(24) as senders:
        answers = list(
            senders.map(lambda number: wire.put_file(session.name, 18 * MEGABYTE, file=f"f{number}"), range(24))
        )
    assert [status for status, _ in answers].count(204) == 1
    assert all(text.startswith("A tab may hold 20 MB") for status, text in answers if status != 204)


@pytest.mark.parametrize("path", ["/", "/survival", "/_stcore/health"])
def test_no_page_of_a_server_can_be_shown_inside_another(open_server: Server, path: str) -> None:
    with urllib.request.urlopen(f"{open_server.address}{path}") as answer:  # noqa: S310 -- an address of this machine
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_address_cannot_write_a_line_of_the_log(open_server: Server) -> None:
    wire = Wire(open_server.address)
    for path in ("/media/a%0Aforged%1b[31m.csv", "/_stcore/upload_file/a%0Aforged/b", "/component/a%0Aforged/b"):
        wire.get(path)
    told = open_server.log.read_text(encoding="utf-8")
    assert not [line for line in told.split("\n") if line.startswith("forged")]
    assert "\x1b" not in told


@pytest.mark.parametrize("path", ["", "survival", "_stcore/health", "_stcore/metrics", "media/a.csv", "auth/login"])
def test_a_foreign_host_name_gets_nothing_from_a_server(server: str, path: str) -> None:
    assert Wire(server).get(f"/{path}", host="evil.example") == (400, "Invalid host header")


def test_no_session_under_a_foreign_name_or_for_another_sites_page(server: str) -> None:
    wire = Wire(server)
    assert wire.refused_session(host="evil.example") == 400
    assert wire.refused_session(origin="https://evil.example") == 403
    assert wire.refused_session(origin="http://localhost:1") == 403
    assert wire.refused_session(origin=server) == 0


def test_no_session_under_a_foreign_name_on_a_computer_of_ones_own(address: str) -> None:
    assert Wire(address).refused_session(host="evil.example") == 403


@pytest.mark.parametrize("tells_size", [True, False])
def test_the_server_itself_refuses_a_file_that_is_too_large(address: str, *, tells_size: bool) -> None:
    wire = Wire(address)
    with wire.session() as session:
        assert wire.put_file(session.name, MEGABYTE)[0] == 204
        assert wire.put_file(session.name, 52 * MEGABYTE, tells_size=tells_size) == (413, "File too large")


def test_a_file_that_is_too_large_is_refused_in_words(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as large:
        large.truncate(51 * MEGABYTE)
    page = visit.open("cohort")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("File must be 50.0MB or smaller.")).to_be_visible()


def test_the_health_endpoint_says_ok_and_nothing_else_tells_of_the_app(server: str) -> None:
    wire = Wire(server)
    assert wire.get("/_stcore/health") == (200, "ok")
    assert wire.get("/_stcore/metrics")[0] == 403
    front = wire.get("/")
    assert wire.get("/_stcore/script-health-check") == front


def test_a_server_refuses_to_start_where_others_reach_it_without_signing_in() -> None:
    command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.headless=true", "--server.port=0"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **OPEN}, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert REFUSED in done.stderr


def test_the_app_shows_nothing_where_others_reach_it_without_signing_in(chromium: Browser) -> None:
    for address in serve(settings=OPEN):
        with Wire(address).session() as session:
            assert REFUSED.encode() in session.sent
            assert b"87 of 87" not in session.sent


def test_a_qr_code_leads_the_audience_to_the_view_on_the_stage(chromium: Browser, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("[access]\nwithout_sign_in = true\n", encoding="utf-8")
    # Browsers take every name that ends so for this computer; for the app it is the name of another.
    settings = {"STREAMLIT_SECRETS_FILES": str(secrets), "STREAMLIT_SERVER_ALLOWED_HOSTS": "lupus.localhost"}
    for local in serve(entry="server.py", settings=settings):
        address = local.replace("localhost", "lupus.localhost")
        for visit in open_visit(chromium, address):
            page = visit.open("survival?source=UC&present=on")
            visit.press("q")
            code = page.get_by_role("dialog").get_by_role("img", name="QR code of")
            link = f"{address}/survival?source=UC"
            expect(code).to_have_attribute("alt", f"QR code of {link}")
            expect(code).to_have_attribute("src", picture(link))
            assert code.evaluate("image => image.naturalWidth") > 0
            box = code.bounding_box()
            assert box is not None
            assert box["height"] > 0.6 * 900
            assert box["y"] + box["height"] < 900
            visit.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
            expect(page.locator(".st-key-line")).to_be_visible()  # the presentation goes on
            visit.press("q")
            expect(code).to_be_visible()
            page.mouse.click(5, 895)
            expect(page.get_by_role("dialog")).to_have_count(0)
            expect(page.locator(".st-key-line")).to_be_visible()
            visit.open(link.removeprefix(f"{address}/"))
            expect(page.locator(".st-key-strip")).to_contain_text("42 of 87 patients")
            assert visit.foreign == []
            assert visit.complaints == []
