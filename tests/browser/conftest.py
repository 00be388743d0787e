"""One server, one browser and one window per test process; each test finds the window as new."""

import os
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.serving import QUIET, find_chromium, serve
from tests.browser.visit import SLOWEST_MS, Visit

SIZE: ViewportSize = {"width": 1440, "height": 900}


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


def open_visit(chromium: Browser, address: str) -> Iterator[Visit]:
    """Open a new window: without cookies, cache and history, which takes twice as long as a page in an open one."""
    context = chromium.new_context(viewport=SIZE)
    context.set_default_timeout(SLOWEST_MS)
    yield Visit(context.new_page(), address)
    context.close()


@pytest.fixture(scope="session")
def window(chromium: Browser) -> Iterator[Page]:
    """Return the window that tests share."""
    context = chromium.new_context()
    context.set_default_timeout(SLOWEST_MS)
    yield context.new_page()
    context.close()


def visit_in(window: Page, address: str, scheme: Literal["light", "dark"] = "light") -> Iterator[Visit]:
    window.set_viewport_size(SIZE)
    window.emulate_media(color_scheme=scheme, reduced_motion="no-preference")
    window.mouse.move(0, 0)
    visit = Visit(window, address)
    yield visit
    visit.leave()


@pytest.fixture
def visit(window: Page, address: str) -> Iterator[Visit]:
    yield from visit_in(window, address)


@pytest.fixture(params=["light", "dark"])
def schemed_visit(request: pytest.FixtureRequest, window: Page, address: str) -> Iterator[Visit]:
    """Return a page in the light theme, and one in the dark."""
    yield from visit_in(window, address, request.param)


@pytest.fixture
def visit_apart(chromium: Browser, address: str) -> Iterator[Visit]:
    """Return a page in a new window, for a test that listens to the page or intercepts its connection."""
    yield from open_visit(chromium, address)


@pytest.fixture
def first_visit(chromium: Browser, fresh_address: str) -> Iterator[Visit]:
    yield from open_visit(chromium, fresh_address)
