"""Tables of counts that an engine makes of codes are those of the patients in one cohort, and no part is read again."""

from __future__ import annotations

import io
import runpy
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import Filters, OneOf, sledai_at_most
from analysis.cohort.conditions import Between
from analysis.cohort.grouping import By
from analysis.cohort.model import Cohort
from analysis.cohort.question import Asked, Question
from analysis.counts.death_counts import DeathCounts
from analysis.counts.event_counts import EventCounts
from analysis.counts.known_states import KnownStates
from analysis.counts.leavers import Leavers
from analysis.counts.relapse_numbers import RelapseNumbers
from analysis.counts.relapse_paths import RelapsePaths
from analysis.counts.seen_intervals import SeenIntervals
from analysis.counts.state_changes import StateChanges
from analysis.counts.stays import Stays
from analysis.counts.strata import Strata
from analysis.export.figure_files import figure_files
from analysis.export.python_script import Origin
from analysis.facts.relapse import RECORDED_RELAPSE
from analysis.facts.renal_rules import renal_response_kdigo_2024
from analysis.facts.scheduled_visits import ScheduledMeasure
from analysis.facts.seen_between import SeenRemission
from analysis.figures.common.drawing import Drawing
from analysis.figures.common.paper import Paper
from analysis.registry.registry_cohort import RegistryCohort
from tests.analysis.export.exhibits import exhibit, remission, survival
from tests.analysis.made import SAMPLE
from tests.analysis.registry.folders import folder_of, sample_tables
from tests.analysis.registry.test_conformance import GROUPS

pytest.importorskip("duckdb")
pytestmark = pytest.mark.newest  # the same counts on any versions

LOW = sledai_at_most(4)
FILTERS = {
    "everybody": Filters(),
    "some": Filters({"sex": OneOf("female"), "age_years": Between(18, 33)}),
    "nobody": Filters({"age_years": Between(0, 1)}),
}
ASKED: dict[str, Callable[[Cohort, By | None], Any]] = {
    "states by month": lambda cohort, by: StateChanges.of(cohort, LOW, RECORDED_RELAPSE, by=by),
    "states at months": lambda cohort, by: StateChanges.of(
        cohort, LOW, RECORDED_RELAPSE, months=[0, 6, 12.5, 200], by=by
    ),
    "known states": lambda cohort, _: KnownStates.of(cohort, LOW),
    "numbers of relapses": lambda cohort, by: RelapseNumbers.of(cohort, RECORDED_RELAPSE, LOW, "complete", by=by),
    "stays": lambda cohort, by: Stays.of(cohort, LOW, by=by),
    "stays from a baseline": lambda cohort, by: Stays.of(cohort, renal_response_kdigo_2024(), by=by),
    "relapses": lambda cohort, by: RelapsePaths.of(cohort, RECORDED_RELAPSE, by=by),
    "between visits": lambda cohort, by: SeenIntervals.of(cohort, SeenRemission(LOW), by=by),
    "deaths": DeathCounts.of,
    "one stratum": lambda cohort, by: Strata.of(cohort, by=by),
    "drop-out": lambda cohort, by: Leavers.of(cohort, ScheduledMeasure("sledai", (0.0, 6.0, 12.0, 24.0)), by),
    "adverse events": EventCounts.of,
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> RegistryCohort:
    tables = sample_tables()
    # Spelt in several ways, of which the first in the order of the registry is to be shown.
    for table, column in (("events", "event"), ("patients", "cause_of_death")):
        words = tables[table][column]
        tables[table][column] = words.where(words.index % 2 == 0, words.str.upper())
    return RegistryCohort(folder_of(tables, tmp_path_factory.mktemp("sample"), patients_a_part=30))


@pytest.fixture
def no_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise AssertionError("A part was read.")

    monkeypatch.setattr(RegistryCohort, "_by_parts", read)


@pytest.mark.usefixtures("no_parts")
@pytest.mark.parametrize("chosen", FILTERS)
@pytest.mark.parametrize("asked", ASKED)
def test_counts(asked: str, chosen: str, sample: RegistryCohort) -> None:
    filters = FILTERS[chosen]
    for by in GROUPS.values():
        found, expected = (in_words(ASKED[asked], each.where(filters), by) for each in (sample, SAMPLE))
        if isinstance(expected, str):
            assert found == expected
        else:
            pd.testing.assert_frame_equal(found, expected, check_exact=True)


def in_words(ask: Callable[[Cohort, By | None], Any], cohort: Cohort, by: By | None) -> Any:
    """Return a table, with all names spelt alike; or the words of the refusal."""
    try:
        table: pd.DataFrame = ask(cohort, by).to_table()
    except ValueError as error:
        return str(error)
    spelt = [name for name in ("event", "cause") if name in table]
    table = table.assign(**{name: table[name].map(str.casefold, na_action="ignore") for name in spelt})
    # Names are sorted as they are spelt.
    return table.sort_values(list(table), ignore_index=True, na_position="first") if spelt else table


def test_too_many_paths_are_counted_part_by_part(sample: RegistryCohort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.registry.engine_paths.MOST_PATHS", 3)
    read = []
    by_parts = RegistryCohort._by_parts
    monkeypatch.setattr(RegistryCohort, "_by_parts", lambda self, asked: read.append(asked) or by_parts(self, asked))
    rule = sledai_at_most(3)  # which nobody asks for elsewhere in here
    found, expected = (Stays.of(each.where(FILTERS["some"]), rule, by="sex").to_table() for each in (sample, SAMPLE))
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    assert len(read) == 1


@pytest.mark.parametrize(("asked", "column"), [("deaths", "cause"), ("adverse events", "event")])
def test_names_are_spelt_as_where_they_are_first(asked: str, column: str, sample: RegistryCohort) -> None:
    table = {"deaths": "patients", "adverse events": "events"}[asked]
    names = pd.concat([getattr(part, table) for part in sample.folder.parts])[
        {"deaths": "cause_of_death", "adverse events": "event"}[asked]
    ].dropna()
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.casefold(), name)
    found = ASKED[asked](sample, None).to_table()[column].dropna()
    assert set(found) == {first[name.casefold()] for name in found}
    assert len(set(found)) == len({name.casefold() for name in found})


@pytest.mark.parametrize("draw", [survival, remission])
def test_a_script_counts_the_registry_again(
    draw: Callable[[Asked], Drawing], sample: RegistryCohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = exhibit(draw, Question(FILTERS["some"], compare="msc_source"), sample)
    script = tmp_path / "script.py"
    files = {file.label: file for file in figure_files(shown, Origin(registry=True), Paper(width_mm=85))}
    assert "R script with its data" not in files  # it holds rows
    script.write_bytes(files["Python script"].make())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(script), str(sample.folder.path)])
    with redirect_stdout(io.StringIO()) as said:
        runpy.run_path(str(script))
    assert said.getvalue() == "All numbers are as on screen.\n"
