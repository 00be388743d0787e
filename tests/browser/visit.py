"""A page in the browser, and what went wrong on it."""

import re

from playwright.sync_api import ConsoleMessage, Page, Request, expect


class Visit:
    """A page in the browser, and what it asked for and complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._watch)

    def _listen(self, message: ConsoleMessage) -> None:
        # Under a deep link Streamlit looks for its own root by trying, and the browser notes the wrong guesses.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.foreign.append(request.url)

    def open(self, path: str = "") -> Page:
        """Go to a path of the app and wait until it is drawn."""
        self.page.goto(f"{self.address}/{path}")
        self.page.locator(".st-key-strip").wait_for()
        self.listens()
        return self.page

    def listens(self) -> None:
        """Wait until a new page hears keys and stays in its place: some 200 ms after it is drawn, before any hand."""
        self.settle()
        self.page.wait_for_timeout(300)

    def asks(self, words: str) -> None:
        """Wait until words are in the address."""
        expect(self.page).to_have_url(re.compile(re.escape(words)))

    def settle(self) -> None:
        """Wait until the app has nothing left to do."""
        self.page.wait_for_timeout(150)
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
