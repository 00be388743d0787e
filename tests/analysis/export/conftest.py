"""What the tests of files share: pictures that were drawn."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import vl_convert


@pytest.fixture(scope="session", autouse=True)
def drawn_once() -> Iterator[None]:
    """Draw the same specification once: files hold pictures of the same few, and drawing is a third of their time."""
    draw, known = vl_convert.vegalite_to_svg, dict[str, str]()

    def once(spec: dict[str, Any]) -> str:
        key = json.dumps(spec)
        if key not in known:
            known[key] = draw(spec)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vl_convert, "vegalite_to_svg", once)
        yield
