"""The style of the pages costs no time at a click."""

import re

from pages.shown import looks

STARTS = "[class*="
# What the browser finds its marks by where the last part of a rule has no class and no tag.
MEANS_FEW = ("[data-testid=", "[role=")


def _ends(style: str) -> list[str]:
    """Return the last part of each selector that starts with a part of a class."""
    plain = re.sub(r"/\*.*?\*/|<.*?>|@media[^{]*{", "", style, flags=re.S)
    selectors = [each for rule in re.findall(r"([^{}]+){", plain) for each in re.split(r",(?![^(]*\))", rule)]
    parts = [re.split(r"\s*>\s*|\s+(?![^(]*\))", each.strip()) for each in selectors]
    return [of[-1] for of in parts if any(STARTS in each for each in of[:-1])]


def test_a_rule_for_a_part_of_a_class_does_not_mean_every_mark_of_a_chart() -> None:
    ends = _ends(looks.STYLE)
    assert len(ends) > 10
    assert [end for end in ends if not re.match(r"[.a-z]", end) and not end.startswith(MEANS_FEW)] == []
    assert _ends('.a > [class*="st-key-b_"] > :has(i), [class*="st-key-c"] [data-testid="d"] * { gap: 0 }') == [
        ":has(i)",
        "*",
    ]
