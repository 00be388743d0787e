"""A page in the browser, with its errors."""

import re

from playwright.sync_api import ConsoleMessage, Error, Page, Request, expect

# Every chart is drawn, nothing on the page changes for 300 ms, and the browser is idle; a page that never
# rests is given up after 20 seconds.
AT_REST = """() => new Promise((rested) => {
    const drawn = () => [...document.querySelectorAll("[data-testid=stVegaLiteChart]")]
        .every((chart) => !chart.checkVisibility() || chart.querySelector("svg, canvas"));
    let quiet, free;
    const again = () => {
        clearTimeout(quiet);
        cancelIdleCallback(free);
        quiet = setTimeout(() => { free = requestIdleCallback(() => drawn() ? end() : again()); }, 300);
    };
    const changes = new MutationObserver(again);
    const end = () => { changes.disconnect(); clearTimeout(quiet); clearTimeout(late); rested(); };
    const late = setTimeout(end, 20000);
    changes.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
    again();
})"""
SLOWEST_MS = 20_000  # time limit on a busy machine

expect.set_options(timeout=SLOWEST_MS)


class Visit:
    """A page in the browser, with its requests and console errors."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", self._fail)
        page.on("request", self._watch)

    def leave(self) -> None:
        """Stop listening, and leave no cookie, no storage and no page."""
        self.page.remove_listener("console", self._listen)
        self.page.remove_listener("pageerror", self._fail)
        self.page.remove_listener("request", self._watch)
        if self.page.url.startswith(self.address):
            self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        self.page.goto("about:blank")
        self.page.context.clear_cookies()

    def _fail(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _listen(self, message: ConsoleMessage) -> None:
        # With a deep link, Streamlit finds its root by trial, and the browser logs the failures.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(request.url)

    def open(self, path: str = "") -> Page:
        """Go to a path of the app and wait until it is drawn."""
        self.page.goto(f"{self.address}/{path}")
        self.page.locator(".st-key-strip").wait_for()
        self._wait_until_idle()
        self.page.evaluate(AT_REST)
        return self.page

    def listens(self) -> None:
        """Wait until a new page is drawn, handles keys and no longer moves.

        The app can be idle before that, as charts appear one by one in any order.
        """
        self.settle()
        self.page.evaluate(AT_REST)

    def press(self, key: str) -> None:
        """Press a key once the page handles keys, and wait for the app."""
        self.listens()
        self.page.keyboard.press(key)
        self.settle()

    def assert_sound(self) -> None:
        """Assert that nothing failed up to now, nothing was asked of others, and what is missing is told in words."""
        assert self.page.get_by_test_id("stException").count() == 0
        words = re.split(r"[\s()]+", self.page.get_by_test_id("stMain").inner_text())
        assert not {"nan", "NaN", "inf", "None", "<NA>", "undefined"} & set(words)
        assert self.complaints == []
        assert self.foreign == []

    def asks(self, words: str) -> None:
        """Wait until words are in the address."""
        expect(self.page).to_have_url(re.compile(re.escape(words)))

    def settle(self) -> None:
        """Wait until the app is idle, once it has heard of what was done last."""
        self.page.wait_for_timeout(150)
        self._wait_until_idle()

    def _wait_until_idle(self) -> None:
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
