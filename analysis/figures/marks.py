"""What happens to a patient, as shapes: the same in every figure of single patients."""

from __future__ import annotations

from analysis.estimates.lanes import ADVERSE_EVENT, DIED, END_UNKNOWN, LOST, NOT_RECORDED, RELAPSE, STILL_FOLLOWED
from analysis.figures.keys import Entry
from analysis.figures.states import COLOURS
from analysis.figures.theme import Palette

# A saltire: Vega's own cross is upright.
_SALTIRE = "M-1,-.55L-.55,-1L0,-.45L.55,-1L1,-.55L.45,0L1,.55L.55,1L0,.45L-.55,1L-1,.55L-.45,0Z"
SHAPES = {
    RELAPSE: "triangle-up",
    ADVERSE_EVENT: "diamond",
    DIED: _SALTIRE,
    LOST: "circle",
    STILL_FOLLOWED: "triangle-right",
    END_UNKNOWN: "square",
}


def mark_entry(mark: str, colours: Palette) -> Entry:
    """Return the shape and the colours of a mark; whoever was lost or has an event has an open shape."""
    inks = {RELAPSE: "relapse", DIED: "died", STILL_FOLLOWED: "still followed"}
    ink = colours.states[inks[mark]] if mark in inks else colours.text if mark == ADVERSE_EVENT else colours.muted
    fill = ink if mark in inks else colours.background
    return Entry(mark[:1].upper() + mark[1:], SHAPES[mark], fill, ink)


def state_entry(state: str, colours: Palette) -> Entry:
    """Return the square of a state."""
    colour = state_colour(state, colours)
    return Entry(state[:1].upper() + state[1:], "square", colour, colour)


def state_colour(state: str, colours: Palette) -> str:
    """Return the colour of a state; remission by a rule has that of complete remission."""
    return colours.places["not_yet_due"] if state == NOT_RECORDED else colours.states[COLOURS.get(state, "complete")]
