"""The what-if of README as an animation; `FILM=docs/what_if.gif` keeps it."""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.browser.visit import Visit

SIZE = (960, 600)  # pixels
SHOWN_MS = 1_800  # each picture
MOST_BYTES = 1_500_000


def test_a_what_if_from_everybody_to_a_group_against_everybody_else(visit: Visit, tmp_path: Path) -> None:
    page, pictures = visit.open(), []

    def picture() -> None:
        visit.listens()
        taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        pictures.append(taken.resize(SIZE, Image.Resampling.LANCZOS).quantize(200))

    picture()
    page.keyboard.press("/")
    page.keyboard.type("uc women <40")
    picture()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-strip")).to_contain_text("Age 18 to 39 years")
    picture()
    page.get_by_role("button", name="Against everybody else").click()
    page.mouse.move(0, 0)
    expect(page.get_by_text("UC, women under 40").first).to_be_visible()
    picture()
    page.get_by_role("link", name="Survival", exact=True).click()
    expect(page.get_by_role("heading", name="How many are alive over time?")).to_be_visible()
    page.mouse.move(0, 0)
    picture()

    film = Path(os.environ.get("FILM", tmp_path / "what_if.gif"))
    pictures[0].save(film, save_all=True, append_images=pictures[1:], duration=SHOWN_MS, loop=0, optimize=True)
    with Image.open(film) as kept:
        frames = getattr(kept, "n_frames", 1)
    assert frames == len({each.tobytes() for each in pictures}) == 5
    assert film.stat().st_size < MOST_BYTES
    assert visit.complaints == []
