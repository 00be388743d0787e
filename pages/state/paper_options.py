"""How pictures are set on paper: options of the figure studio, the same for all figures of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from analysis.figures.common.paper import SIZES, Counts, Ink, Paper, Told
from pages.state.option import Answers, Choice, Switch, Text

TOLD: dict[Told, str] = {"test": "the test, or why there is none", "verdict": "the whole verdict", "nothing": "nothing"}
COUNTS: dict[Counts, str] = {
    "with events": "at risk (events)",
    "at risk": "at risk",
    "all": "at risk, events, censored",
    "none": "none",
}
INK: dict[Ink, str] = {"colour": "colours", "grey": "greys", "black": "black, with dashes and shapes"}
LOWEST = (-1, 0, 20, 40, 60, 80)  # of the axis in percent; -1 is as on the page


def _lowest_words(lowest: int) -> str:
    return "as on the page" if lowest < 0 else f"{lowest} %"


def _lowest(lowest: int) -> int | None:
    return None if lowest < 0 else lowest


def _names(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((group, short.strip()) for group, short in parse_qsl(text) if short.strip() not in ("", group))


PAPER_SIZE = Choice[Paper]("paper_width", "Size of pictures", values=SIZES, means=SIZES.__getitem__)
PAPER_TOLD = Choice[Told]("paper_told", "Below the figure", values=TOLD, words=TOLD.__getitem__)
PAPER_COUNTS = Choice[Counts](
    "paper_counts",
    "Numbers below curves",
    values=COUNTS,
    words=COUNTS.__getitem__,
)
PAPER_INK = Choice[Ink]("paper_ink", "Ink", values=INK, words=INK.__getitem__)
PAPER_LOWEST = Choice["int | None"](
    "paper_lowest", "Axis of falling curves from", values=LOWEST, words=_lowest_words, means=_lowest
)
PAPER_CAPTION = Switch("paper_caption", "Caption in the picture", help="It is in a file beside it in any case.")
PAPER_BAND = Switch("paper_band", "Bands", default=True)
PAPER_WHOLE = Switch("paper_whole", "Whole cohort behind", default=True)
PAPER_LEGEND = Switch("paper_legend", "Names above the plot")
PAPER_SHORT = Text["tuple[tuple[str, str], ...]"]("paper_short", "Names", default="", means=_names)

SWITCHES = (PAPER_BAND, PAPER_WHOLE, PAPER_LEGEND, PAPER_CAPTION)
CHOICES = (PAPER_TOLD, PAPER_COUNTS, PAPER_LOWEST, PAPER_INK)
PAPER = (PAPER_SIZE, *CHOICES, *SWITCHES, PAPER_SHORT)


def paper_of(answers: Answers) -> Paper:
    """Return how pictures are set on paper; with the groups' own names if two would bear the same."""
    short = answers[PAPER_SHORT]
    return replace(
        answers[PAPER_SIZE],
        told=answers[PAPER_TOLD],
        counts=answers[PAPER_COUNTS],
        lowest=answers[PAPER_LOWEST],
        ink=answers[PAPER_INK],
        band=answers[PAPER_BAND],
        whole=answers[PAPER_WHOLE],
        legend=answers[PAPER_LEGEND],
        caption=answers[PAPER_CAPTION],
        short=() if same_name(short, [group for group, _ in short]) else short,
    )


def with_name(text: str, group: str, name: str) -> str:
    """Return the value of `PAPER_SHORT` with another name of a group; its own, or none, takes it out.

    Examples
    --------
    >>> with_name("BM=Marrow", "UC", "Cord")
    'BM=Marrow&UC=Cord'
    >>> with_name("BM=Marrow", "BM", "")
    ''
    """
    names = dict(parse_qsl(text)) | {group: name.strip()}
    return urlencode({group: name for group, name in names.items() if name not in ("", group)})


def same_name(short: Sequence[tuple[str, str]], groups: Sequence[str]) -> str:
    """Return a name that two groups would bear; "" if there is none."""
    named = dict(short)
    names = [named.get(group, group) for group in groups]
    return next((name for name in names if names.count(name) > 1), "")
