"""Months of visits from their names; those that the names do not tell are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analysis.cohort.wording import count_words
from analysis.intake import texts
from analysis.intake.moments import moment_of, signed
from analysis.intake.noticed import Place, Report, shown
from analysis.intake.raw import RawTable
from analysis.intake.shapes import time_columns
from analysis.intake.source import SCHEDULE, Answers, schedule
from analysis.intake.values import recorded
from analysis.intake.visit_names import number_in, visit_label, without_arm


def with_months(raw: RawTable, answers: Answers, report: Report) -> RawTable:
    """Return a visit table with months taken from the names of visits, if it has no other time."""
    label = visit_label(raw)
    others = {*time_columns(raw, answers).values()} - {label}
    if label is None or others or answers.columns["visits"].get("months"):
        return raw
    place = Place("visits", raw.label)
    names = recorded(raw.cells[label])
    moments = {text: moment for text in names if (moment := moment_of(without_arm(text)))}
    times = zip(moments, signed([*moments.values()]), strict=True)
    months: dict[str, float | None] = {text: moment.months for text, moment in times if moment.months is not None}
    unknown = sorted((text for text in names if text not in months), key=number_in)
    if unknown:
        told = schedule(answers.schedule)
        if len(told) == len(unknown):
            given = ", ".join(f"{shown(name)} is {month}" for name, month in zip(unknown, _in_words(told), strict=True))
            report.note(place, f"the months of the visits are those that you named: {given}.", column=label)
        else:
            _ask_months(place, label, {name: names[name] for name in unknown}, answers, report, numbered=not months)
            told = [0.0] * len(unknown)  # so that nothing else is asked for it
        months |= dict(zip(unknown, told, strict=True))
    if len(unknown) < len(names):
        report.note(place, "the months of the visits are taken from their names.", column=label)
    written = {text: "" if time is None else f"{time:.10g}" for text, time in months.items()}
    return replace(
        raw, cells=raw.cells.assign(months=texts.changed(raw.cells[label], lambda text: written.get(text, "")))
    )


def _in_words(told: Sequence[float | None]) -> list[str]:
    return ["no scheduled visit" if month is None else f"month {month:g}" for month in told]


def _ask_months(
    place: Place, label: str, names: Mapping[str, int], answers: Answers, report: Report, *, numbered: bool
) -> None:
    listed = ", ".join(map(shown, names))
    given = f" You named {count_words(len(schedule(answers.schedule)), 'time')}." if answers.schedule else ""
    what = f"the visits are numbered ({listed})" if numbered else f"these visits do not tell their month: {listed}"
    words = (
        f"{what}. How many months after transplantation was each of them? "
        f'Name them in this order, such as 0, 3, 6; "-" is for one at no scheduled time, which is left out.{given}'
    )
    report.refuse(place, words, column=label, question=SCHEDULE, choices=[*names.items()])
