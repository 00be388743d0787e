"""One server and one browser for all browser tests; every test has its own page."""

import os
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import QUIET, find_chromium, serve
from tests.browser.visit import SLOWEST_MS, Visit


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = find_chromium()
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
    """A server without previous visits."""
    yield from serve()


def open_visit(chromium: Browser, address: str, scheme: Literal["light", "dark"] = "light") -> Iterator[Visit]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    context.set_default_timeout(SLOWEST_MS)
    yield Visit(context.new_page(), address)
    context.close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    yield from open_visit(chromium, address)


@pytest.fixture(params=["light", "dark"])
def schemed_visit(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Visit]:
    """Return a page in the light theme, and one in the dark."""
    yield from open_visit(chromium, address, request.param)


@pytest.fixture
def first_visit(chromium: Browser, fresh_address: str) -> Iterator[Visit]:
    yield from open_visit(chromium, fresh_address)
