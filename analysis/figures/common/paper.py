"""How a figure is set on paper: its size, and what of it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

MILLIMETRES_PER_INCH, PIXELS_PER_INCH, POINTS_PER_INCH = 25.4, 96, 72
LARGEST_LETTER = 13  # pixels of the largest letters as a figure is laid out
LETTERS_PT = 8.0  # their size in a journal; the smallest are then 6.2
SLIDE_LETTERS_PT = 20.0

Ink = Literal["colour", "grey", "black"]
Counts = Literal["with events", "at risk", "all", "none"]
Told = Literal["test", "verdict", "nothing"]
Rows = Mapping[str, tuple[str, ...]]  # heading to the column of its numbers, and one of numbers in brackets


@dataclass(frozen=True)
class Paper:
    """How a figure is set on paper.

    A figure is laid out in pixels for letters of 13, 12 and 10 pixels, and scaled as a whole: so letters, lines and
    gaps keep their proportions at every size.

    Attributes
    ----------
    width_mm : float
        The width of the picture in millimetres.
    wide_to_high : float
        Its width to its height, without what stands below it.
    lowest_plot : float
        The least height of the plot, of the width of the picture, which is made higher for it.
    letters_pt : float
        The size of its largest letters in points.
    caption : bool
        Whether the question and the origin stand below the figure; they are in its file in any case.
    told : {"test", "verdict", "nothing"}
        What of the comparison of groups stands below the figure.
    band : bool
        Whether curves have their bands.
    counts : {"with events", "at risk", "all", "none"}
        The rows of numbers below curves: at risk with the events until then in brackets, at risk alone, events and
        censored in rows of their own too, or none.
    whole : bool
        Whether the curve of the whole cohort stands behind a filtered one.
    lowest : int or None
        Where the axis of a falling curve starts, in percent; None for where it starts on the page.
    ink : {"colour", "grey", "black"}
        Colours, shades of grey, or black alone with dashes and shapes.
    legend : bool
        Whether the names of curves stand above the plot, not at their ends.
    short : tuple of (str, str)
        Groups with another name, and that name.

    Raises
    ------
    ValueError
        If two groups would bear the same name.

    Examples
    --------
    >>> Paper(width_mm=85).layout_width
    391.5
    >>> Paper(short=(("BM", "Marrow"),)).named("BM")
    'Marrow'
    """

    width_mm: float = 85
    wide_to_high: float = 4 / 3
    lowest_plot: float = 0.45
    letters_pt: float = LETTERS_PT
    caption: bool = False
    told: Told = "test"
    band: bool = True
    counts: Counts = "with events"
    whole: bool = True
    lowest: int | None = None
    ink: Ink = "colour"
    legend: bool = False
    short: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Check the names."""
        names = [name for _, name in self.short]
        if len(set(names)) < len(names) or not all(name.strip() for name in names):
            raise ValueError("Each group needs a name of its own.")

    @property
    def scale(self) -> float:
        """How many times as large as it is laid out a figure is drawn."""
        return self.letters_pt / POINTS_PER_INCH * PIXELS_PER_INCH / LARGEST_LETTER

    @property
    def layout_width(self) -> float:
        """The width for which a figure is laid out, in pixels."""
        return round(self.width_mm / MILLIMETRES_PER_INCH * PIXELS_PER_INCH / self.scale, 1)

    def sized_as(self, page: Paper) -> Paper:
        """Return this choice of what is drawn in the size of a page, which tells question and verdict in its text.

        Examples
        --------
        >>> Paper(width_mm=85, ink="grey").sized_as(Paper(width_mm=170, told="nothing")).ink
        'grey'
        """
        return replace(
            page,
            band=self.band,
            counts=self.counts,
            whole=self.whole,
            lowest=self.lowest,
            ink=self.ink,
            legend=self.legend,
            short=self.short,
        )

    def named(self, group: str) -> str:
        """Return the name of a group in the figure."""
        return dict(self.short).get(group, group)

    def original(self, name: str) -> str:
        """Return the group that has a name in the figure."""
        return {short: group for group, short in self.short}.get(name, name)

    def names_told(self, groups: Iterable[str]) -> str:
        """Return which groups bear another name in a figure, as a sentence; "" if none does.

        Examples
        --------
        >>> Paper(short=(("BM", "Marrow"), ("UC", "Cord"))).names_told(["BM", "UC"])
        'In the figure, Marrow stands for BM, and Cord for UC.'
        """
        renamed = [(self.named(group), group) for group in groups if self.named(group) != group]
        if not renamed:
            return ""
        (first, group), *others = renamed
        told = [f"{first} stands for {group}", *(f"{name} for {each}" for name, each in others)]
        last = f", and {told.pop()}" if others else ""
        return f"In the figure, {', '.join(told)}{last}."

    def rows(self, every: Rows) -> Rows:
        """Return which rows of numbers stand below curves, of all with those at risk first and the events second."""
        if self.counts == "with events":
            (at_risk, first), (events, second) = list(every.items())[:2]
            return {f"{at_risk} ({events.lower()})": (*first, *second)}
        return dict(list(every.items())[: {"at risk": 1, "all": None, "none": 0}[self.counts]])


# The sizes that journals and halls use, by name.
SIZES = {
    "One column (85 mm)": Paper(width_mm=85),
    "One and a half (120 mm)": Paper(width_mm=120),
    "Two columns (180 mm)": Paper(width_mm=180),
    "Slide": Paper(width_mm=280, wide_to_high=16 / 9, letters_pt=SLIDE_LETTERS_PT),
}
