"""Colours: visible on both backgrounds, and constant for a group."""

import pytest

from analysis.figures.common.shades import contrast, legible
from analysis.figures.common.theme import (
    LINE_CONTRAST,
    TEXT_CONTRAST,
    Look,
    dash_patterns,
    palette,
    shape_scale,
)

SOURCES = ["BM", "UC", "AD", "AM", "BM+UC"]
OTHERS = ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8"]
MIXED = ["one centre", "UC", "another centre", "BM", "a third one"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("groups", [["All"], SOURCES, OTHERS])
def test_lines_and_texts_of_groups_are_seen(groups: list[str], dark: bool) -> None:
    colours = palette(Look(dark=dark))
    assert all(contrast(line, colours.background) >= LINE_CONTRAST for line in colours.lines(groups))
    assert all(contrast(ink, colours.background) >= TEXT_CONTRAST for ink in colours.inks(groups))


@pytest.mark.parametrize("dark", [False, True])
def test_everything_else_is_seen(dark: bool) -> None:
    colours = palette(Look(dark=dark))
    assert all(contrast(colour, colours.background) >= LINE_CONTRAST for colour in colours.states.values())
    assert contrast(colours.whole, colours.background) >= LINE_CONTRAST
    assert contrast(colours.text, colours.background) >= TEXT_CONTRAST
    assert contrast(colours.muted, colours.background) >= TEXT_CONTRAST


def test_a_source_keeps_its_colour_whichever_others_there_are() -> None:
    assert palette().lines(["UC"]) == palette().lines(SOURCES)[1:2] == palette().lines(["UC", "BM"])[:1]


def styles(groups: list[str], look: Look) -> list[tuple[object, ...]]:
    """Return the colours, dash and shape of each group."""
    colours = palette(look)
    every = colours.lines(groups), colours.inks(groups), dash_patterns(groups, look), shape_scale(groups, look).range
    return list(zip(*every, strict=True))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("order", [SOURCES, OTHERS, MIXED, [*OTHERS, *MIXED]])
def test_a_group_keeps_its_style_when_another_one_is_gone(order: list[str], dark: bool) -> None:
    look = Look(dark=dark, order=tuple(order))
    full = dict(zip(order, styles(order, look), strict=True))
    assert list(full.values()) == styles(order, Look(dark=dark))
    for gone in order:
        left = [group for group in order if group != gone]
        assert styles(left, look) == [full[group] for group in left]


def test_a_group_has_the_style_that_it_is_meant_to_have_whatever_the_order() -> None:
    look = Look(order=tuple(MIXED))
    assert styles(["BM", "UC"], look) == styles(["BM", "UC"], Look())
    others = palette(look).lines(["one centre", "another centre", "a third one"])
    assert not {*others} & {*palette().lines(["BM", "UC"])}


def test_groups_that_are_not_in_the_order_come_after_it() -> None:
    assert styles(["Q3", "Q1"], Look(order=("Q1", "Q2"))) == styles(["Q1", "Q2", "Q3"], Look())[::-2]


def test_no_state_has_the_colour_of_a_group() -> None:
    for dark in (False, True):
        colours = palette(Look(dark=dark))
        groups = {*colours.lines(["All"]), *colours.lines(SOURCES), *colours.lines(OTHERS)}
        assert not {*colours.states.values(), *colours.places.values()} & groups


@pytest.mark.parametrize("groups", [SOURCES, OTHERS])
def test_groups_differ_without_colour(groups: list[str]) -> None:
    assert len({tuple(dash) for dash in dash_patterns(groups)}) == len(groups)


def test_contrast_by_hand() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert legible("#0072B2", "#FFFFFF", 3) == "#0072B2"
