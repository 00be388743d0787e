"""A figure as it may be shared: its numbers protected, and the words about it that would give them away left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analysis.cohort.grouping import Pinned
from analysis.cohort.question import Asked
from analysis.export.exhibit import Drawing, Estimate, Exhibit
from analysis.export.masking import is_small
from analysis.export.sharing import NotSharedError, Sharing, protected
from analysis.figures.description.one_patient import patient_chart
from analysis.figures.scores.waterfall import waterfall_chart
from analysis.figures.states.swimmer import swimmer_chart

SINGLE_PATIENTS = (patient_chart, swimmer_chart, waterfall_chart)


def shared(shown: Exhibit, sharing: Sharing, replaced: Mapping[str, str]) -> Exhibit:
    """Return a figure that may be shared; the same one if nothing is asked for.

    With a threshold the sentence that reads the figure is left out, and so is what stands beside its main numbers: the
    whole cohort behind a curve, the range of what those not seen allow.

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
    if sharing.ids and shown.drawing.function is patient_chart:
        raise NotSharedError("One patient alone is not shared while patient numbers are replaced.")
    if sharing.least and shown.drawing.function in SINGLE_PATIENTS:
        raise NotSharedError(f"Single patients are not shared while counts below {sharing.least} are hidden.")
    if not sharing.least:
        alt_text = shown.question if sharing.ids else shown.alt_text
        return replace(shown, drawing=_drawing(shown.drawing, sharing, replaced), alt_text=alt_text, sharing=sharing)
    check_shared(shown.asked, sharing)
    drawing = _drawing(shown.drawing, sharing, replaced)
    method = drawing.estimates[0].result.method
    return replace(shown, drawing=drawing, reading="", alt_text=shown.question, method=method, sharing=sharing)


def check_shared(asked: Asked, sharing: Sharing) -> None:
    """Check that patients may be told about at all.

    Raises
    ------
    NotSharedError
        If counts are hidden, and there are too few patients or cohorts that share some.
    """
    if not sharing.least:
        return
    if isinstance(asked.by, Pinned):
        raise NotSharedError(
            "Cohorts that may share patients are not shared while counts are hidden: their difference could be one "
            "patient. Compare by a column instead."
        )
    if is_small(len(asked.cohort), sharing.least):
        raise NotSharedError(f"Fewer than {sharing.least} patients are left: nothing about them is shared.")


def _drawing(drawing: Drawing, sharing: Sharing, replaced: Mapping[str, str]) -> Drawing:
    options = dict(drawing.options)
    for name, value in options.items():
        if isinstance(value, Estimate):
            options[name] = None if sharing.least else _estimate(value, sharing, replaced)
    parts = tuple(_estimate(part, sharing, replaced) if isinstance(part, Estimate) else part for part in drawing.parts)
    return Drawing(drawing.function, parts, options)


def _estimate(estimate: Estimate, sharing: Sharing, replaced: Mapping[str, str]) -> Estimate:
    return replace(estimate, result=protected(estimate.result, sharing, replaced))
