"""How pages use the screen: short, nothing wider than a phone."""

import pytest

from tests.browser.visit import Visit

HIGHEST = 2400  # pixels of a page with a comparison of two groups, in a window of 1440 x 900


@pytest.mark.parametrize("page", ["", "survival", "response"])
def test_a_page_with_a_comparison_is_short(visit: Visit, page: str) -> None:
    shown = visit.open(f"{page}?compare=msc_source")
    assert shown.get_by_test_id("stMain").evaluate("main => main.scrollHeight") <= HIGHEST


def test_a_fold_tells_its_answer_and_draws_only_once_it_is_open(visit: Visit) -> None:
    page = visit.open("response")
    fold = page.locator(".st-key-fold_states")
    told = "Month 36: complete remission 6, partial remission 8, active 3, relapsed 6, dead 4"
    assert told in fold.inner_text()
    assert not fold.get_by_test_id("stVegaLiteChart").count()
    fold.get_by_text("Who is where over time?").click()
    fold.get_by_test_id("stVegaLiteChart").wait_for()
    visit.listens()
    assert told in fold.inner_text()
    assert visit.complaints == []
