"""A few patients as HTML: a row for each, with what happened in words and the course as a small lane."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from analysis.figures.common.axes import longest_time, month_ticks
from analysis.figures.common.html_table import html_text
from analysis.figures.common.keys import Entry
from analysis.figures.common.marks import mark_entry, state_colour, state_entry
from analysis.figures.common.theme import Look, Palette, palette
from analysis.listings.lanes import DIED, MARKS, Lanes
from analysis.listings.people import DEATH

# The shapes of `analysis.figures.common.marks` as paths between -1 and 1.
PATHS = {
    "triangle-up": "M-1,.87L0,-.87L1,.87Z",
    "triangle-right": "M-.87,-1L.87,0L-.87,1Z",
    "diamond": "M0,-1L1,0L0,1L-1,0Z",
    "cross": "M-1,-.35H-.35V-1H.35V-.35H1V.35H.35V1H-.35V.35H-1Z",
    "circle": "M-1,0a1,1 0 1,0 2,0a1,1 0 1,0 -2,0Z",
    "square": "M-.9,-.9H.9V.9H-.9Z",
}
STYLE = """
.people { font-family: var(--st-font); color: var(--st-text-color); font-variant-numeric: tabular-nums; }
.people ol { list-style: none; margin: 0; padding: 0; }
.people button { display: block; width: 100%; padding: .3rem .35rem .35rem; border: 0; background: none; font: inherit;
                 color: inherit; text-align: left; cursor: pointer; border-bottom: 1px solid rgba(128,128,128,.25); }
.people button:hover { background: rgba(128,128,128,.12); }
.people button:focus-visible { outline: 2px solid var(--st-text-color); outline-offset: -2px; }
.people .words { display: flex; gap: .2rem .7rem; flex-wrap: wrap; font-size: .875rem; line-height: 1.35; }
.people .words b { font-weight: 600; overflow-wrap: anywhere; }
.people .words :is(.known, .before) { opacity: .8; }
.people svg { display: block; width: 100%; overflow: visible; }
.people .lane { height: .8rem; margin-top: .15rem; }
.people .axis { margin: .1rem 0; padding: 0 .35rem; font-size: .75rem; }
.people .axis svg { height: 1.1rem; }
.people .axis text { fill: currentColor; opacity: .8; }
.people .key { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .78rem; padding: 0 .35rem .2rem; }
.people .key span { display: inline-flex; align-items: center; gap: .35rem; }
.people .key svg { width: .7rem; height: .7rem; }
.people.on-stage :is(.axis, .key) { font-size: .95rem; }
.people.on-stage .axis svg { height: 1.3rem; }
.people.on-stage li { padding: 0 .35rem .2rem; }
"""


TOLD = ("known", "happened", "before")


def lanes_html(lanes: Lanes, words: pd.DataFrame, *, look: Look = Look()) -> str:
    """Return rows of patients as HTML of the class ``people``, to be drawn with `STYLE`.

    On the stage, before an audience, a row is the lane alone: no patient is named or described.

    Parameters
    ----------
    lanes
        The courses of the patients.
    words
        patient_id, known, happened, before: the words of each row, in the order of the rows; the attribute
        ``data-row`` is the place of the row.
    look
        How the figure is drawn.
    """
    colours, longest = palette(look), longest_time(lanes.patients["months"])
    shown = set(words["patient_id"])
    stays, marks = (table[table["patient_id"].isin(shown)] for table in (lanes.stays, lanes.marks))
    drawn = _drawn(stays, marks, longest, colours)
    courses = [_course(drawn.get(patient_id, "")) for patient_id in words["patient_id"]]
    rows = (
        [f"<li>{course}</li>" for course in courses]
        if look.on_stage
        else [_row(*row) for row in zip(range(len(words)), words.itertuples(index=False), courses, strict=True)]
    )
    of = "people on-stage" if look.on_stage else "people"
    return f'<div class="{of}">{_key(lanes, colours)}{_axis(longest)}<ol>{"".join(rows)}</ol></div>'


def event_words(before: pd.DataFrame, event: str, lanes: Lanes) -> pd.DataFrame:
    """Return what happened to each patient, and how the patient was before, in words.

    Parameters
    ----------
    before
        As from `before_events`.
    event
        What happened, such as "first relapse"; "" if nothing did.
    lanes
        The courses of the patients, with the causes of deaths.

    Returns
    -------
    DataFrame
        patient_id, known, happened, before; "" where nothing happened or nothing was recorded.
    """
    died = lanes.marks[(lanes.marks["mark"] == DIED) & (lanes.marks["note"] != "")]
    causes = dict(zip(died["patient_id"], died["note"], strict=True)) if event == DEATH else {}
    rows = before.itertuples(index=False)
    words = [(row.patient_id, row.known, _happened(row, event, causes), _before(row) if event else "") for row in rows]
    return pd.DataFrame(words, columns=["patient_id", "known", "happened", "before"])


def _happened(row: Any, event: str, causes: dict[str, str]) -> str:
    if not event or pd.isna(row.months):
        return str(row.note)
    cause = causes.get(row.patient_id, "")
    return f"{event} at month {row.months:.1f}{f', {cause}' if cause else ''}"


def _before(row: Any) -> str:
    if pd.isna(row.months):
        return ""
    score = "" if pd.isna(row.sledai) else f"SLEDAI {row.sledai:g}"
    if row.state and score and row.state_months == row.sledai_months:
        return f"before: {row.state}, {score} at month {row.state_months:.1f}"
    parts = [
        *([f"{row.state} at month {row.state_months:.1f}"] if row.state else []),
        *([f"{score} at month {row.sledai_months:.1f}"] if score else []),
    ]
    return f"before: {', '.join(parts) or 'nothing recorded'}"


def _drawn(stays: pd.DataFrame, marks: pd.DataFrame, longest: float, colours: Palette) -> dict[str, str]:
    """Return the inside of each patient's lane: sojourns as bars, and marks on them."""
    drawn: dict[str, list[str]] = defaultdict(list)
    inks = {state: state_colour(state, colours) for state in set(stays["state"])}
    size = 9 if colours.look.on_stage else 5
    shapes = {mark: _shape(mark_entry(mark, colours), size, colours) for mark in set(marks["mark"])}
    for stay in stays.itertuples(index=False):
        start, length = _share(stay.start, longest), _share(stay.end - stay.start, longest)
        bar = f'<rect x="{start}" width="{length}" y="15%" height="70%" fill="{inks[stay.state]}"/>'
        drawn[stay.patient_id].append(bar)
    for mark in marks.itertuples(index=False):
        drawn[mark.patient_id].append(f'<svg x="{_share(mark.months, longest)}" y="50%">{shapes[mark.mark]}</svg>')
    return {patient: "".join(parts) for patient, parts in drawn.items()}


def _course(lane: str) -> str:
    return f'<svg class="lane" aria-hidden="true">{lane}</svg>'


def _row(place: int, row: Any, course: str) -> str:
    told = "".join(
        f'<span class="{name}">{html_text(str(getattr(row, name)))}</span>' for name in TOLD if getattr(row, name)
    )
    return (
        f'<li><button type="button" data-row="{place}"><span class="words"><b>{html_text(str(row.patient_id))}</b>'
        f"{told}</span>{course}</button></li>"
    )


def _shape(entry: Entry, size: float, colours: Palette) -> str:
    """Return a shape around the origin; a thin edge separates a filled one from its lane."""
    edge = colours.background if entry.fill == entry.ink else entry.ink
    path = PATHS.get(entry.shape, entry.shape)
    return (
        f'<path d="{path}" transform="scale({size})" fill="{entry.fill}" stroke="{edge}" '
        'vector-effect="non-scaling-stroke" stroke-width="1"/>'
    )


def _axis(longest: float) -> str:
    ticks = [tick for tick in month_ticks(longest) if tick <= longest]
    texts = "".join(
        f'<text x="{_share(tick, longest)}" y="80%" text-anchor="{"start" if tick == 0 else "middle"}">{tick:g}</text>'
        for tick in ticks
    )
    return f'<div class="axis" role="img" aria-label="Months since transplantation"><svg>{texts}</svg></div>'


def _key(lanes: Lanes, colours: Palette) -> str:
    held, happened = set(lanes.stays["state"]), set(lanes.marks["mark"])
    entries = [
        *(state_entry(state, colours) for state in lanes.states if state in held),
        *(mark_entry(mark, colours) for mark in MARKS if mark in happened),
    ]
    texts = (
        f'<span><svg viewBox="-1.2 -1.2 2.4 2.4" aria-hidden="true">{_shape(entry, 1, colours)}</svg>'
        f"{html_text(entry.words)}</span>"
        for entry in entries
    )
    return f'<div class="key">{"".join(texts)}<span>Months since transplantation</span></div>'


def _share(months: float, longest: float) -> str:
    return f"{100 * months / longest:.2f}%"
