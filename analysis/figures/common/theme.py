"""The look of all figures: colours by meaning, dashes, shapes, type and grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal, TypeVar

import altair as alt
import pandas as pd
from altair.utils.schemapi import disable_debug_mode

from analysis.figures.common.paper import Paper, Rows
from analysis.figures.common.shades import as_grey, legible
from analysis.figures.common.varying import named, settled, varying

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"
FONT_SIZE = 13
SMALL_FONT_SIZE = 12
PICTURE_WIDTH = 800
NOTE_OFFSET = 10  # pixels between the note and the plot
NOTE_WIDTHS = (140, 76, 38)  # characters per line of a note in a wide, a medium and a narrow figure
NOTE_LETTER = 6.5  # pixels of a letter of it
# The width of the whole figure, as a Vega expression: the plot is narrower by the labels beside it, which Vega knows
# only after layout, and it does not lay out twice. A file has no container; `at_width` puts its width here.
FIGURE_WIDTH = "(containerSize()[0] > 0 ? containerSize()[0] : width)"
PADDING = {"left": 2, "right": 4, "top": 8, "bottom": 6}

LIGHT_BACKGROUND = "#ffffff"
DARK_BACKGROUND = "#0e1117"  # as in .streamlit/config.toml
LINE_CONTRAST = 3.0  # WCAG 2.2, 1.4.11: graphical objects
TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: text

# Okabe and Ito 2008, in the order of use for groups without a colour of their own.
_SOURCES = {"BM": "#0072B2", "UC": "#D55E00", "AD": "#009E73", "AM": "#CC79A7", "BM+UC": "#E69F00"}
_IN_ORDER = (*_SOURCES.values(), "#56B4E9", "#8C6D31", "#7F7F7F")
_GREYS = ("#000000", "#7A7A7A", "#454545", "#919191")  # neighbours differ most; each 3 to 1 on white
_EVERYBODY = "All"
_EVERYBODYS = ("#3D4F73", "#8FA6D6")

_DASHES: tuple[tuple[int, ...], ...] = (
    (1, 0), (8, 3), (2, 2), (8, 3, 2, 3), (14, 4), (5, 2), (8, 3, 2, 3, 2, 3), (3, 4),
)  # fmt: skip
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")

# One hue, dark to light, for remission; none is close to the colour of a group.
_STATES = {
    "complete": ("#5E3C99", "#B79CF0"),
    "partial": ("#9C89CC", "#7A66A8"),
    "active": ("#8A9099", "#9AA1AB"),
    "relapse": ("#B0122E", "#FF6B81"),
    "died": ("#16181D", "#F4F5F7"),
    "still followed": ("#5B6472", "#B4BCC8"),
    "no longer followed": ("#8C949F", "#69717D"),
}

# Places of the ledger: assessed stands out, not assessed is lighter, died is as dark as the state.
_PLACES = {
    "assessed": ("#33576B", "#8DB8CC"),
    "visit_missing": ("#A3BECC", "#4A6C7C"),
    "died_before": _STATES["died"],
    "lost_before": ("#8C949F", "#69717D"),
    "ended_unknown": ("#B98A4B", "#A37A40"),
    "not_yet_due": ("#DDE1E8", "#2E3543"),
}

Mark = Literal["area", "bar", "line", "point", "rect", "rule", "text", "tick"]
Style = TypeVar("Style")


@dataclass(frozen=True)
class Look:
    """How a figure is drawn.

    Attributes
    ----------
    dark : bool
        Whether the background is dark.
    order : tuple of str
        All groups of the whole cohort in order, so that a group keeps its colour, dash and shape when a filter empties
        another one.
    plot : float or None
        The height of the plot in pixels on the stage, where a page magnifies it to the screen, and on paper; None on a
        page.
    numbers : bool
        Whether the rows of numbers below the axis are filled; their room and names stay.
    paper : Paper or None
        How the figure is set on paper; None on a screen.
    live : bool
        Whether a figure that is set on paper is drawn by a browser, which gives it width and a pointer.
    """

    dark: bool = False
    order: tuple[str, ...] = ()
    plot: float | None = None
    numbers: bool = True
    paper: Paper | None = None
    live: bool = False

    @property
    def on_paper(self) -> bool:
        """Whether the figure has the width of a paper, and no pointer."""
        return self.paper is not None and not self.live

    @property
    def on_stage(self) -> bool:
        """Whether the figure is shown on the stage."""
        return self.plot is not None and self.paper is None

    def has_rule(self, read_at: float | None) -> bool:
        """Return whether a rule reads the figure at a month: on paper, which has no pointer, only at a chosen one."""
        return not self.on_paper or read_at is not None

    @property
    def is_grey(self) -> bool:
        """Whether the figure has no colours."""
        return self.paper is not None and self.paper.ink != "colour"

    @property
    def bands(self) -> bool:
        """Whether curves have their bands."""
        return self.paper is None or self.paper.band

    def height(self, normal: float) -> float:
        """Return the height of a plot, in pixels, for this look."""
        return normal if self.plot is None else self.plot

    def rows(self, every: Rows) -> Rows:
        """Return which rows of numbers stand below curves."""
        if self.paper is not None:
            return self.paper.rows(every)
        return dict(list(every.items())[:1]) if self.on_stage else dict(every)


@dataclass(frozen=True)
class Palette:
    """All colours of a figure on one background.

    Attributes
    ----------
    look : Look
        How the figure is drawn.
    background : str
        The colour behind the figure, which itself is transparent.
    text, muted, grid : str
        Titles and numbers; axis labels and notes; grid lines.
    whole : str
        The whole cohort behind a filtered one.
    states, places : dict of str to str
        The colour of each state of a patient, and of each place of the yearly ledger.
    """

    look: Look
    background: str
    text: str
    muted: str
    grid: str
    whole: str
    states: dict[str, str]
    places: dict[str, str]

    def lines(self, groups: Sequence[str]) -> list[str]:
        """Return the colour of each group's curve, bar or point."""
        ratio = TEXT_CONTRAST if self.look.dark else LINE_CONTRAST
        return [legible(colour, self.background, ratio) for colour in _hues(groups, self.look)]

    def inks(self, groups: Sequence[str]) -> list[str]:
        """Return the colour of each group's text."""
        return [legible(colour, self.background, TEXT_CONTRAST) for colour in _hues(groups, self.look)]


def palette(look: Look = Look()) -> Palette:
    """Return the colours for a light or a dark background."""
    states, places = ({name: pair[look.dark] for name, pair in pairs.items()} for pairs in (_STATES, _PLACES))
    plain = ("#FAFAFA", "#A9B0BC", "#262B36", "#8D95A3") if look.dark else ("#1F2430", "#5A6270", "#E7E9EE", "#8A919C")
    inked = as_grey if look.is_grey else str
    states, places = ({name: inked(colour) for name, colour in each.items()} for each in (states, places))
    text, muted, grid, whole = map(inked, plain)
    background = DARK_BACKGROUND if look.dark else LIGHT_BACKGROUND
    return Palette(look, background, text, muted, grid, whole, states, places)


def dash_patterns(groups: Sequence[str], look: Look = Look()) -> list[list[int]]:
    """Return the dash of each group: solid for BM, dashed for UC, dotted for AD; others in order."""
    return [list(dash) for dash in _styles(groups, look, _DASHES)]


def shape_scale(groups: Sequence[str], look: Look = Look()) -> alt.Scale:
    """Return the point shapes of groups."""
    return alt.Scale(domain=list(groups), range=_styles(groups, look, _SHAPES))


def group_order(group: pd.Series) -> list[str]:
    """Return all groups of a result's ``group`` column in order, including those without rows."""
    values = group.cat.categories if isinstance(group.dtype, pd.CategoricalDtype) else group.dropna().unique()
    return [str(value) for value in values]


def text_width(text: str, size: float = SMALL_FONT_SIZE) -> float:
    """Return approximately how many pixels a text takes; the true width is only known in the browser."""
    return 0.62 * size * len(text)


# Validating each part of a chart would take a third of the time of a redraw; the tests validate whole figures.
disable_debug_mode()


class Figure(alt.LayerChart):
    """A finished chart: selections are already at the top, and it is validated by the tests only."""

    def __init__(self, **spec: Any) -> None:
        super(alt.LayerChart, self).__init__(**spec)

    def to_dict(self, validate: bool = False, **options: Any) -> dict[str, Any]:
        """Return the Vega-Lite specification, validated only on request."""
        spec: dict[str, Any] = settled(super().to_dict(validate=validate, **options))
        return spec


def marked_spec(chart: alt.LayerChart) -> dict[str, Any]:
    """Return the specification with its values still marked (`analysis.figures.common.varying`)."""
    return alt.LayerChart.to_dict(chart, validate=False)


def layer(
    data: pd.DataFrame, mark: Mark, style: Mapping[str, Any], *, name: str | None = None, **channels: Any
) -> alt.Chart:
    """Return a layer of marks, which reacts to the pointer only if it has a tooltip.

    The layer with the selections has a name.
    """
    # The figure in words stands beside it; without a name, screen readers would announce each layer as an image.
    silent: dict[str, Any] = {"aria": False} if "tooltip" in channels else {"tooltip": None, "aria": False}
    named: dict[str, Any] = {"name": name} if name else {}
    # Each channel is an object already, for which `encode` would search for a while.
    return alt.Chart(data, alt.FacetedEncoding(**channels), alt.MarkDef(type=mark, **silent, **style), **named)


def dress(
    layers: Sequence[alt.Chart],
    *,
    height: float,
    look: Look,
    note: Sequence[str] = (),
    params: Sequence[alt.VariableParameter | alt.TopLevelSelectionParameter] = (),
) -> Figure:
    """Combine layers into a chart with the common type, grid and transparent background.

    The width is that of a picture; on a page the chart fills its column, including row labels and names at the ends of
    curves.

    Parameters
    ----------
    layers
        From back to front.
    height
        Height of the plot in pixels.
    look
        How the figure is drawn.
    note
        The meaning of lines and marks, above the plot: on one line, or one line each if that is too narrow.
    params
        Variables of the layers' expressions, and selections.
    """
    return Figure(
        layer=list(layers),
        width=PICTURE_WIDTH,
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding", resize=True),
        padding=PADDING,
        config=_config(palette(look)),
        title=_note(note, look),
        params=list(params) or alt.Undefined,
    )


def at_width(spec: dict[str, Any], width: float) -> dict[str, Any]:
    """Return a specification for a file: the same figure at a width in pixels.

    Examples
    --------
    >>> at_width({"mark": {"text": {"expr": f"{FIGURE_WIDTH} > 400 ? 'long' : 'short'"}}}, 321)
    {'mark': {'text': {'expr': "321 > 400 ? 'long' : 'short'"}}, 'width': 321}
    """
    return {**_with_width(spec, str(width)), "width": width}


def _with_width(value: Any, width: str) -> Any:
    if isinstance(value, dict):
        return {key: each if key == "datasets" else _with_width(each, width) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_width(each, width) for each in value]
    return value.replace(FIGURE_WIDTH, width) if isinstance(value, str) else value


def _note(lines: Sequence[str], look: Look) -> alt.TitleParams:
    """Return the note: on one line, or on as few as the figure has room for; the width of paper is known."""
    joined = "; ".join([line[:1].upper() + line[1:] if not place else line for place, line in enumerate(lines)])
    of_places = [int(look.paper.layout_width / NOTE_LETTER)] if look.paper and look.on_paper else NOTE_WIDTHS
    widths = [len(joined), *of_places]
    one, *more = (varying(f"note_{place}", wrap(joined, max(width, 1))) for place, width in enumerate(widths))
    fitting = [
        f"{FIGURE_WIDTH} >= {NOTE_LETTER * width:.0f} ? {lines} : "
        for width, lines in zip(of_places[:-1], more, strict=False)
    ]
    room = varying("note_room", round(NOTE_LETTER * len(joined)))
    choice = f"{FIGURE_WIDTH} >= {room} ? {one} : {''.join(fitting)}{more[-1]}"
    # Without a note, its line takes no room either.
    noted = varying("noted", bool(lines))
    size, offset = (alt.ExprRef(f"{noted} ? {pixels} : 0") for pixels in (SMALL_FONT_SIZE, NOTE_OFFSET))
    return alt.TitleParams(text=alt.ExprRef(choice), fontSize=size, offset=offset, limit=alt.ExprRef(FIGURE_WIDTH))


def note_of(chart: alt.LayerChart) -> str:
    """Return the note of a chart on one line; "" if it has none.

    Examples
    --------
    >>> from analysis import kaplan_meier, load_sample
    >>> from analysis.figures.survival.kaplan_meier import survival_chart
    >>> note_of(survival_chart(kaplan_meier(load_sample())))
    'Dotted: fewer than 10 at risk; short strokes: censored'
    """
    _, values = named(chart.title.text.to_dict())
    return str(values["note_0"])


def _config(colours: Palette) -> dict[str, Any]:
    """Return the configuration; fonts are set for each part, as the page would replace the default."""
    fonts = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": FONT_SIZE, "titleFontSize": FONT_SIZE}
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            **fonts, "titleFontWeight": "normal", "labelColor": colours.muted, "titleColor": colours.text,
            "gridColor": colours.grid, "domainColor": colours.muted, "tickColor": colours.muted, "tickSize": 5,
            "titlePadding": 3 if colours.look.on_paper else 10,
        },
        "axisX": {"grid": False},
        "axisY": {"grid": True, "domain": False, "ticks": False, "labelPadding": 8},
        "title": {
            "font": FONT, "fontWeight": "normal", "color": colours.muted, "anchor": "start", "frame": "bounds",
        },
    }  # fmt: skip


def _hues(groups: Sequence[str], look: Look) -> list[str]:
    """Return a colour for each group: its own, or the next of Okabe and Ito; on paper perhaps a grey, or black."""
    if look.paper is not None and look.is_grey:
        return _assign(groups, look, {}, _GREYS if look.paper.ink == "grey" else ("#000000",))
    return _assign(groups, look, {**_SOURCES, _EVERYBODY: _EVERYBODYS[look.dark]}, _IN_ORDER)


def _styles(groups: Sequence[str], look: Look, styles: Sequence[Style]) -> list[Style]:
    """Return a dash or shape for each group, in the order of the colours."""
    return _assign(groups, look, {**dict(zip(_SOURCES, styles, strict=False)), _EVERYBODY: styles[0]}, styles)


def _assign(groups: Sequence[str], look: Look, meant: dict[str, Style], in_order: Sequence[Style]) -> list[Style]:
    """Return the style of each group: its own, or the next unused one, cyclically.

    Styles are assigned over all groups of the whole cohort, including those not in the figure.
    """
    if look.paper is not None:
        groups = [look.paper.original(group) for group in groups]
    every = list(dict.fromkeys([*look.order, *groups]))
    taken = [meant[group] for group in every if group in meant]
    free = [style for style in in_order if style not in taken] or list(in_order)
    others = [group for group in every if group not in meant]
    return [meant[group] if group in meant else free[others.index(group) % len(free)] for group in groups]
