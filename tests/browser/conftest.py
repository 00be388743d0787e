"""One server with the app and one browser for all browser tests; every test has a page of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visit import Visit

ROOT = Path(__file__).parents[2]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# Without these the browser itself asks its maker's hosts for updates at every start.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def serve() -> Iterator[str]:
    """Run the app on a free port until the generator is closed."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        _wait_for(f"{address}/_stcore/health", server)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert server.poll() is None, "the app ended by itself"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 -- an address of this machine
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail("the app did not answer within 30 seconds")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None and Path(MAC_CHROME).exists():
        found = MAC_CHROME
    if found is None:
        reason = "no Chromium or Chrome on this machine: install one (Debian: apt-get install chromium)"
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(chromium: Browser) -> Iterator[str]:
    yield from serve()


@pytest.fixture
def fresh_address(chromium: Browser) -> Iterator[str]:
    """A server that nobody has visited."""
    yield from serve()


def _visit(chromium: Browser, address: str) -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    yield Visit(context.new_page(), address)
    context.close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    yield from _visit(chromium, address)


@pytest.fixture
def first_visit(chromium: Browser, fresh_address: str) -> Iterator[Visit]:
    yield from _visit(chromium, fresh_address)
