"""Paths through states by an engine: one code a patient, of all stays together."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from analysis.cohort.grouping import NO_GROUP, By
from analysis.cohort.model import Cohort
from analysis.counts.groups import WITHOUT_GROUP
from analysis.counts.paths import PathNumbers, Paths
from analysis.counts.reasons import LeftOut
from analysis.counts.relapse_paths import RelapsePaths
from analysis.counts.seen_intervals import SeenIntervals
from analysis.counts.stays import Stays
from analysis.facts.relapse import RelapseRule
from analysis.facts.remission import RemissionRule, remission_words
from analysis.facts.seen_between import SeenEvent
from analysis.registry.coded import Coded, Made
from analysis.registry.registered import CODE, Registered, known_cells

PathKind = TypeVar("PathKind", bound=PathNumbers)

PATH, REASON = "path", "reason"
MOST_PATHS = 10_000  # in a part; of times with all their decimals, nearly every patient has one of his or her own


class TooManyPathsError(Exception):
    """A part has too many different paths to be codes."""


def stays(of: Registered, rule: RemissionRule, response: str, by: By | None) -> Stays | None:
    """Return `Stays`; None if there are too many paths."""
    return _paths(of, Stays, remission_words(rule, response), by, rule=rule, response=response)


def relapse_paths(of: Registered, rule: RelapseRule, by: By | None) -> RelapsePaths | None:
    """Return `RelapsePaths`; None if there are too many paths."""
    return _paths(of, RelapsePaths, rule.words, by, rule=rule)


def seen_intervals(of: Registered, event: SeenEvent, by: By | None) -> SeenIntervals | None:
    """Return `SeenIntervals`; None if there are too many intervals."""
    return _paths(of, SeenIntervals, event.words, by, event=event)


def _paths(of: Registered, kind: type[PathKind], words: str, by: By | None, **choices: Any) -> PathKind | None:
    def make(part: Cohort) -> Made:
        each = kind.of_each(part, **choices)
        paths = len(each.paths.at_start)
        if paths > MOST_PATHS:
            raise TooManyPathsError
        code = np.where(each.why > 0, paths + each.why - 1, each.code)
        told = {PATH: [*_texts(each.paths), *("" for _ in each.reasons)], REASON: ["" for _ in range(paths)]}
        return {CODE: Coded(code, pd.DataFrame({**told, REASON: [*told[REASON], *each.reasons]}))}

    try:
        derived = of.derived(f"paths ({words})", ["paths", kind.__name__, choices], make)
    except TooManyPathsError:
        return None
    groups, (cells,) = of.asking.by_group(by, (derived.column(CODE),))
    held = known_cells(derived.meaning(CODE), cells)
    member, patients, reason = held["member"], held["patients"], held[REASON]
    without, grouped = member == WITHOUT_GROUP, member != WITHOUT_GROUP
    reasons = kind.of_each(of.folder.parts[0], **choices).reasons
    left_out = [patients[without].sum(), *(patients[grouped & (reason == each)].sum() for each in reasons)]
    kept = grouped & (reason == "")
    texts, place = np.unique(held[PATH][kept].astype(str), return_inverse=True)
    return kind.summed(
        words,
        groups,
        member[kept],
        _read(texts.tolist()).at(place),
        patients[kept],
        LeftOut((NO_GROUP, *reasons), tuple(map(int, left_out))),
    )


def _texts(paths: Paths) -> list[str]:
    """Return each path as a text: its state at month 0, and its stays."""
    stays = list(
        zip(paths.state.tolist(), paths.start.tolist(), paths.stop.tolist(), paths.next_state.tolist(), strict=True)
    )
    sizes = np.bincount(paths.path, minlength=len(paths.at_start))
    ends = np.cumsum(sizes)
    begins = ends - sizes
    return [
        json.dumps([at_start, stays[begin:end]])
        for at_start, begin, end in zip(paths.at_start.tolist(), begins.tolist(), ends.tolist(), strict=True)
    ]


def _read(texts: list[str]) -> Paths:
    """Return the paths in some texts."""
    read = [json.loads(text) for text in texts]
    stays = np.array([stay for _, held in read for stay in held], dtype=float).reshape(-1, 4)
    state, start, stop, next_state = stays.T
    return Paths(
        np.array([at_start for at_start, _ in read], dtype=np.int64),
        np.repeat(np.arange(len(read)), [len(held) for _, held in read]),
        state.astype(np.int64),
        start,
        stop,
        next_state.astype(np.int64),
    )
