"""The flow of patients from the file to the figures: as a diagram of boxes, and as a table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

import pandas as pd

from analysis.cohort.filters import Filters
from analysis.cohort.grouping import Against, Pinned, group_sizes
from analysis.cohort.model import Cohort
from analysis.cohort.question import Asked
from analysis.estimates.description.filter_counts import attrition
from analysis.export.sharing import Sharing, disclosed_part
from analysis.figures.common.printable import printable
from analysis.figures.common.theme import FONT

# A finding begins with its table and row, and often has a column; values are quoted.
_ROW = re.compile(r'.*?, row \d+(?:, column ([^:"]+))?: (.*)', re.DOTALL)
_QUOTED = re.compile(r'"[^"]*" ?')
MOST_REASONS = 4  # named one by one
MOST_BESIDE = 4  # groups in boxes side by side; more are lines of one box
UNUSABLE = "could not be used"
OTHER_REASONS = "for other reasons"

WIDTH, MAIN, SIDE = 640, 300, 290  # pixels: of the diagram, of its boxes, of those who were left out
LETTER, LINE, PAD, GAP = 12, 16, 8, 26
LETTER_WIDTH = 0.56 * LETTER  # of the mean letter
INK = "#1d2430"


@dataclass(frozen=True)
class Step:
    """A step of the flow.

    Attributes
    ----------
    words
        Who is left, such as "Patients in the cohort".
    left
        How many, in words.
    out
        Who was left out before it: reason and number.
    """

    words: str
    left: str
    out: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class PatientFlow:
    """The flow of patients.

    Attributes
    ----------
    steps
        From the file to those who were analysed.
    groups
        The groups that were compared, and how many are in each; also who is in none or in both.
    """

    steps: tuple[Step, ...]
    groups: tuple[tuple[str, int], ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """Step, Left out, Left: in words."""
        rows = []
        for step in self.steps:
            rows += [(reason, f"{number:,}", "") for reason, number in step.out]
            rows.append((step.words, "", step.left))
        rows += [(name, "", f"{number:,}") for name, number in self.groups]
        return pd.DataFrame(rows, columns=["Step", "Left out", "Left"])

    @property
    def words(self) -> str:
        """The flow in words: the alternative text of the diagram."""
        told = []
        for step in self.steps:
            told += [f"left out: {reason}, {number:,}" for reason, number in step.out]
            told.append(f"{step.words}: {step.left}")
        told += [f"{name}: {number:,}" for name, number in self.groups]
        return f"{'; '.join(told)}."

    @property
    def svg(self) -> str:
        """The diagram, as STROBE proposes it: a box a step, beside it who was left out, at last the groups."""
        return _diagram(self)


def patient_flow(asked: Asked, filters: Filters, sharing: Sharing = Sharing()) -> PatientFlow:
    """Return the flow of patients; if small counts are hidden, only its end.

    Where those whom the filters keep are compared with others, filters leave nobody out, and are no steps.

    Parameters
    ----------
    asked
        The patients.
    filters
        The filters that select them.
    sharing
        What files may contain.

    Examples
    --------
    >>> from analysis import Filters, OneOf, load_sample
    >>> from analysis.cohort.question import Question
    >>> umbilical = Filters({"msc_source": OneOf("UC")})
    >>> patient_flow(Question(umbilical).of(load_sample()), umbilical).words
    'Patients in the file: 87; left out: Other than MSC source UC, 45; MSC source UC: 42.'
    """
    if sharing.least:
        return PatientFlow((Step("Analysed", disclosed_part(len(asked.cohort), len(asked.whole), sharing)),))
    steps = [*_read(asked.whole, sharing), *_selected(asked, filters)]
    return PatientFlow(tuple(steps), tuple(_groups(asked)))


def _read(whole: Cohort, sharing: Sharing) -> Iterator[Step]:
    """Yield the rows of the file, and the patients that they gave."""
    used, lost = f"{len(whole):,}", whole.rows_read - len(whole)
    if lost <= 0:
        yield Step("Patients in the file", used)
        return
    yield Step("Patient rows in the file", f"{whole.rows_read:,}")
    yield Step("Patients with usable rows", used, _reasons(whole, lost, sharing))


def _reasons(whole: Cohort, lost: int, sharing: Sharing) -> tuple[tuple[str, int], ...]:
    """Return why rows were left out, without the values in them; not at all where values may not be told."""
    rows = whole.left_out[whole.left_out["table"] == "patients"]
    if sharing.ids or sharing.years or len(rows) != lost:
        return ((UNUSABLE, lost),)
    counted = Counter(_reason(str(message)) for message in rows["reason"]).most_common()
    named, others = counted[:MOST_REASONS], sum(number for _, number in counted[MOST_REASONS:])
    return (*named, *([(OTHER_REASONS, others)] if others else []))


def _reason(message: str) -> str:
    """Return the column and the first sentence of a finding, without its row and without values."""
    found = _ROW.fullmatch(message)
    column, told = found.groups() if found else ("", message)
    words = _QUOTED.sub("", told).partition(". ")[0].strip(" .")
    return f"{column}: {words}" if column and words else words or UNUSABLE


def _selected(asked: Asked, filters: Filters) -> Iterator[Step]:
    """Yield a step a filter; two selections leave out who is in neither, and a comparison with all others nobody."""
    if isinstance(asked.by, Against):
        return
    if isinstance(asked.by, Pinned):
        neither = len(asked.whole) - len(asked.cohort)
        if neither:
            yield Step("In one of the two selections", f"{len(asked.cohort):,}", (("In neither selection", neither),))
        return
    if not filters:
        return
    for step in attrition(asked.whole, filters).iloc[1:].itertuples(index=False):
        out = ((f"Other than {step.filter}", int(step.lost)),) if step.lost else ()
        yield Step(str(step.filter), f"{step.after:,}", out)


def _groups(asked: Asked) -> Iterator[tuple[str, int]]:
    if asked.by is None:
        return
    groups = group_sizes(asked.cohort, asked.by)
    yield from zip(groups.names, groups.patients, strict=True)
    if groups.shared:
        yield "in both", groups.shared
    without = len(asked.cohort) - sum(groups.patients) + groups.shared
    if without:
        yield "in no group, as the value is missing", without


def _diagram(flow: PatientFlow) -> str:
    """Return the boxes and arrows of a flow, from top to bottom."""
    parts: list[str] = []
    middle, top = MAIN / 2, 1.0
    for place, step in enumerate(flow.steps):
        if place:
            out = [f"{reason}: {number:,}" for reason, number in step.out]
            beside = _height(_wrapped(["Left out", *out], SIDE)) if out else 0.0
            end = top + max(beside + GAP, GAP)
            parts.append(_arrow(middle, top, middle, end))
            if out:
                parts.append(_arrow(middle, (top + end) / 2, WIDTH - SIDE - 1, (top + end) / 2))
                drawn, _ = _box(["Left out", *out], WIDTH - SIDE - 1, top + GAP / 2, SIDE)
                parts.append(drawn)
            top = end
        drawn, height = _box([step.words, step.left], 1, top, MAIN)
        parts.append(drawn)
        top += height
    if flow.groups:
        drawn, top = _group_boxes(flow.groups, middle, top)
        parts.append(drawn)
    style = f'font-family="{escape(FONT)}" font-size="{LETTER}" fill="{INK}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top + 1:.0f}" '
        f'viewBox="0 0 {WIDTH} {top + 1:.0f}"><g {style}>{"".join(parts)}</g></svg>'
    )


def _group_boxes(groups: Sequence[tuple[str, int]], middle: float, top: float) -> tuple[str, float]:
    """Return the boxes of the groups side by side, or of many groups one box; and where they end."""
    texts = [[name, f"{number:,}"] for name, number in groups]
    if len(groups) > MOST_BESIDE:
        drawn, height = _box([f"{name}: {number}" for name, number in texts], 1, top + GAP, WIDTH - 2)
        return _arrow(middle, top, middle, top + GAP) + drawn, top + GAP + height
    width = (WIDTH - 2 - (len(groups) - 1) * PAD) / len(groups)
    starts = [1 + place * (width + PAD) for place in range(len(groups))]
    boxes = [_box(text, start, top + GAP, width) for text, start in zip(texts, starts, strict=True)]
    centres = [start + width / 2 for start in starts]
    branch = top + GAP / 3
    lines = [
        _line(middle, top, middle, branch),
        _line(min(middle, *centres), branch, max(middle, *centres), branch),
        *(_arrow(centre, branch, centre, top + GAP) for centre in centres),
    ]
    return "".join([*lines, *(drawn for drawn, _ in boxes)]), top + GAP + max(height for _, height in boxes)


def _box(texts: Sequence[str], left: float, top: float, width: float) -> tuple[str, float]:
    """Return a box with its lines, and its height."""
    lines = _wrapped(texts, width)
    height = _height(lines)
    written = "".join(
        f'<text x="{left + PAD:.1f}" y="{top + PAD + LINE * place + LETTER:.1f}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    frame = (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="white" stroke="{INK}"/>'
    )
    return frame + written, height


def _wrapped(texts: Sequence[str], width: float) -> list[str]:
    letters = max(int((width - 2 * PAD) / LETTER_WIDTH), 1)
    return [line for text in texts for line in wrap(printable(text), letters)]


def _height(lines: Sequence[str]) -> float:
    return LINE * len(lines) + 2 * PAD


def _line(left: float, top: float, right: float, bottom: float) -> str:
    return f'<path d="M{left:.1f},{top:.1f}L{right:.1f},{bottom:.1f}" stroke="{INK}" fill="none"/>'


def _arrow(left: float, top: float, right: float, bottom: float) -> str:
    """Return an arrow down, or to the right."""
    x, y = right, bottom
    head = f"M{x:.1f},{y:.1f}l-4,-7h8z" if left == right else f"M{x:.1f},{y:.1f}l-7,-4v8z"
    return f'{_line(left, top, right, bottom)}<path d="{head}" fill="{INK}"/>'
