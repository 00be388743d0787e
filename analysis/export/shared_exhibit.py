"""A figure as it may be shared: its numbers protected, and the words about it that would give them away left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.cohort.grouping import Pinned
from analysis.cohort.question import Asked
from analysis.disclosure.masking import is_small
from analysis.disclosure.refused import ONE_BY_ONE, OVERLAP, Disclosure, NotSharedError
from analysis.export.exhibit import Exhibit
from analysis.export.sharing import Sharing, check_disclosure, protected
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.estimate import Estimate


def shared(shown: Exhibit, sharing: Sharing, replaced: Mapping[str, str]) -> Exhibit:
    """Return a figure that may be shared; the same one if nothing is asked for.

    With a threshold the verdict is that of the disclosed numbers, without a test from others; the sentence that reads a
    single group is left out, and so is what stands beside the main numbers: the whole cohort behind a curve, the range
    of what those not seen allow.

    Parameters
    ----------
    shown
        As it is on screen.
    sharing
        What leaves the house.
    replaced
        What stands for each patient number.

    Raises
    ------
    NotSharedError
        If the figure shows single patients, a group that is small itself, or cohorts that share patients.
    """
    if not sharing.words():
        return shown
    check_disclosure(shown.drawing.kind.disclosure, sharing)
    check_shared(shown.asked, sharing)
    if not sharing.least:
        alt_text = shown.question if sharing.ids else shown.alt_text
        return replace(shown, drawing=_drawing(shown.drawing, sharing, replaced), alt_text=alt_text, sharing=sharing)
    drawing = _drawing(shown.drawing, sharing, replaced)
    method = drawing.estimates[0].result.method
    return replace(shown, drawing=drawing, reading="", alt_text=shown.question, method=method, sharing=sharing)


def check_shared(asked: Asked, sharing: Sharing) -> None:
    """Check that patients may be told about at all.

    Raises
    ------
    NotSharedError
        If patients were chosen one by one while counts are hidden or patient numbers replaced; or if counts are hidden,
        and there are too few patients or cohorts that share some.
    """
    if asked.one_by_one and (sharing.least or sharing.ids):
        raise NotSharedError(ONE_BY_ONE)
    if not sharing.least:
        return
    if isinstance(asked.by, Pinned):
        raise NotSharedError(OVERLAP)
    if is_small(len(asked.cohort), sharing.least):
        raise NotSharedError(f"Fewer than {sharing.least} patients are left: nothing about them is shared.")


def _drawing(drawing: Drawing, sharing: Sharing, replaced: Mapping[str, str]) -> Drawing:
    def safe(part: object) -> object:
        return _estimate(part, drawing.kind.disclosure, sharing, replaced) if isinstance(part, Estimate) else part

    def beside(part: object) -> object:
        return None if sharing.least and isinstance(part, Estimate) else safe(part)

    options, telling = (
        {name: beside(value) for name, value in held.items()} for held in (drawing.options, drawing.telling)
    )
    return replace(drawing, parts=tuple(map(safe, drawing.parts)), options=options, telling=telling)


def _estimate(estimate: Estimate, disclosure: Disclosure, sharing: Sharing, replaced: Mapping[str, str]) -> Estimate:
    return replace(estimate, result=protected(estimate.result, disclosure, sharing, replaced))
