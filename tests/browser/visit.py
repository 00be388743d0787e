"""A page in the browser, and what went wrong on it."""

import re

from playwright.sync_api import ConsoleMessage, Page, Request, expect

# Nothing on the page changes for 300 ms; a page that never rests is left after 10 seconds.
AT_REST = """() => new Promise((rested) => {
    const changes = new MutationObserver(() => { clearTimeout(quiet); quiet = setTimeout(end, 300); });
    const end = () => { changes.disconnect(); clearTimeout(quiet); clearTimeout(late); rested(); };
    let quiet = setTimeout(end, 300);
    const late = setTimeout(end, 10000);
    changes.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
})"""


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
        """Wait until a new page is all drawn, hears keys and stays in its place, as it does before any hand moves.

        The app has nothing left to do some time before: charts come into the page one by one and not in their order.
        """
        self.settle()
        self.page.evaluate(AT_REST)

    def asks(self, words: str) -> None:
        """Wait until words are in the address."""
        expect(self.page).to_have_url(re.compile(re.escape(words)))

    def settle(self) -> None:
        """Wait until the app has nothing left to do."""
        self.page.wait_for_timeout(150)
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
