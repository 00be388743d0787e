"""The link to the present view, by one click."""

from playwright.sync_api import expect

from tests.browser.visit import Visit


def test_one_click_copies_a_link_that_opens_the_same_view(visit: Visit) -> None:
    page = visit.open("survival?source=UC&compare=organ:renal")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert "source=UC" in link
    assert "compare=organ" in link
    assert visit.complaints == []


def test_the_link_is_copied_where_scripts_have_no_clipboard(visit: Visit) -> None:
    page = visit.open("survival?source=UC")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.context.grant_permissions(["clipboard-read"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
