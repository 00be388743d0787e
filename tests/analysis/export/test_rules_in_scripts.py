"""A rule leaves the house whole: as source that makes it again, and in scripts that find the same numbers."""

from pathlib import Path
from typing import Any

import pytest

from analysis import (
    bicla,
    doris_off_treatment,
    lldas,
    renal_flare_kdigo_2012,
    renal_response_eular_2019,
    renal_response_kdigo_2024,
    renal_response_msc_role,
    renal_response_ranjbar_2022,
    rise_after_remission,
    sledai_at_most,
    sri_4,
    sri_4_without_bilag,
    state_counts,
    sustained,
    with_prednisone_at_most,
    without_steroids,
    yearly_remission,
)
from analysis.cohort.question import Asked, Question
from analysis.export.exhibit import Drawing
from analysis.export.python_script import Origin, python_script
from analysis.export.python_source import Imports, import_lines, source_of
from analysis.facts.remission import RECORDED
from analysis.figures.common.paper import Paper
from analysis.figures.states.state_counts import STATE_COUNTS
from analysis.figures.states.swimmer import SWIMMER
from analysis.figures.yearly.yearly import YEARLY
from analysis.listings.lanes import lanes
from tests.analysis.export.exhibits import exhibit, made
from tests.analysis.export.test_python_script import run

KDIGO = renal_response_kdigo_2024()
RULES = [
    RECORDED,
    KDIGO,
    renal_response_eular_2019("proteinuria_g_per_24h"),
    renal_response_msc_role(),
    renal_response_ranjbar_2022(),
    sri_4(),
    sri_4_without_bilag(),
    bicla(),
    lldas(),
    doris_off_treatment(),
    with_prednisone_at_most(sledai_at_most(4), 7.5),
    sustained(without_steroids(RECORDED), 6, visits=3),
    rise_after_remission(4, KDIGO, "any"),
    renal_flare_kdigo_2012(KDIGO, "any"),
]
# Of what the sample has: proteinuria, eGFR and prednisone.
EULAR = sustained(with_prednisone_at_most(renal_response_eular_2019("proteinuria_g_per_24h"), 20), 3)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_source_of_a_rule_is_the_rule(rule: Any) -> None:
    imports: Imports = {}
    source = source_of(rule, imports)
    names: dict[str, Any] = {}
    exec("\n".join(import_lines(imports)), names)  # noqa: S102 -- what a script begins with
    assert eval(source, names) == rule  # noqa: S307 -- and what it holds


def yearly(asked: Asked) -> Drawing:
    result = made(yearly_remission, asked.cohort, rule=EULAR, response="any", by=asked.by)
    return Drawing(YEARLY, (result,), {"kind": "remission"}, {"remission": "renal response"} if asked.by else {})


def over_time(asked: Asked) -> Drawing:
    return Drawing(STATE_COUNTS, (made(state_counts, asked.cohort, rule=EULAR),), {})


def courses(asked: Asked) -> Drawing:
    return Drawing(SWIMMER, (made(lanes, asked.present, rule=EULAR, sort="response"),), {})


@pytest.mark.parametrize("draw", [yearly, over_time, courses])
@pytest.mark.parametrize("compare", ["", "msc_source"])
def test_a_figure_by_a_rule_is_made_again(draw: Any, compare: str, tmp_path: Path, monkeypatch: Any) -> None:
    shown = exhibit(draw, Question(compare=compare))
    script = python_script([shown], Origin(), Paper(width_mm=180))
    assert run(script, tmp_path, monkeypatch) == "All numbers are as on screen.\n"
