"""Counts of visit measures: any parts add up to all, and so do the estimates."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analysis import Response, SmallNumbers
from analysis.cohort.measurement_limits import WAYS
from analysis.counts.extent import Extent
from analysis.counts.leavers import Leavers
from analysis.counts.measured_values import Values
from analysis.counts.presence import Presence, absence_of_values, steps_of_values
from analysis.counts.trajectory_counts import TrajectoryCounts
from analysis.estimates.common.means import SPREADS
from analysis.estimates.scores.change_differences import ChangeDifferences
from analysis.estimates.scores.dropout import Dropout
from analysis.estimates.scores.response_share import ResponseShare, what_judges
from analysis.estimates.scores.severity_bands import SCHEMES, SeverityBands
from analysis.estimates.scores.trajectory import Trajectory
from analysis.facts.scheduled_values import CHANGE, PERCENT, START, VALUE, Has
from analysis.facts.scheduled_visits import ScheduledMeasure
from tests.analysis.counts.measured import BYS, Parted, assert_adds_up, assert_same, parted_cohorts, together
from tests.properties import SOME

ASKED = st.builds(
    ScheduledMeasure,
    st.sampled_from(["sledai", "c3_g_per_l", "anti_dsdna_iu_per_ml"]),
    st.sampled_from([(0.0, 1.0, 6.0, 12.0), (1.0, 12.0), (0.0,)]),
    st.sampled_from([None, 1.0]),
    st.sampled_from(WAYS),
)
BY = st.sampled_from(BYS)


def asked_in(parted: Parted, asked: ScheduledMeasure) -> bool:
    return all(asked.measure in each.visit_columns for each in (parted.whole, *parted.separate))


@SOME
@given(parted=parted_cohorts(), asked=ASKED, by=BY, same=st.booleans())
def test_values_and_their_extents_add_up(parted: Parted, asked: ScheduledMeasure, by: Any, same: bool) -> None:
    if not asked_in(parted, asked):
        return
    for what in (VALUE, CHANGE, PERCENT, START):
        assert_adds_up(
            parted,
            lambda cohort, what=what: Values.of(cohort, asked, by, what, same),
            lambda table, of, what=what: Values.from_table(
                table, asked=asked, what=what, same_patients=same, groups=of.groups
            ),
        )
    for what in (VALUE, CHANGE, PERCENT):
        assert_adds_up(
            parted,
            lambda cohort, what=what: Extent.of(cohort, asked, by, what, same),
            lambda table, _: Extent.from_table(table),
        )


@SOME
@given(parted=parted_cohorts(), asked=ASKED, by=BY)
def test_presence_and_dropout_add_up_and_so_does_the_estimate(parted: Parted, asked: ScheduledMeasure, by: Any) -> None:
    if not asked_in(parted, asked):
        return
    added = assert_adds_up(
        parted,
        lambda cohort: Presence.of(cohort, asked, by),
        lambda table, _: Presence.from_table(table, asked=asked, by=by),
    )
    whole = Presence.of(parted.whole, asked, by)
    steps = steps_of_values(asked, PERCENT, same_patients=True, above_0=True)
    counted = absence_of_values(parted.whole, asked, by, steps).count()
    assert whole.left_out(steps) == counted
    for each in added:
        assert each.left_out(steps) == counted
        assert [each.number(has) for has in Has] == [whole.number(has) for has in Has]
        assert each.values_at_limit(Has.ANY) == whole.values_at_limit(Has.ANY)
        assert each.groups.members.tolist() == whole.groups.members.tolist()
    left = assert_adds_up(
        parted,
        lambda cohort: Leavers.of(cohort, asked, by),
        lambda table, of: Leavers.from_table(table, asked=asked, groups=of.groups),
    )
    expected = Dropout.of(Leavers.of(parted.whole, asked, by), whole)
    for each in left:
        assert_same(Dropout.of(each, whole), expected)


@SOME
@given(parted=parted_cohorts(), asked=ASKED, by=BY, way=st.sampled_from(list(SPREADS)), same=st.booleans())
def test_estimates_from_sums_equal_those_of_all(
    parted: Parted, asked: ScheduledMeasure, by: Any, way: tuple[str, str], same: bool
) -> None:
    if not asked_in(parted, asked):
        return
    centre, spread = way
    what = VALUE if centre == "geometric mean" else PERCENT if same else CHANGE

    def estimates(cohorts: list[Any]) -> list[Any]:
        measured = together([TrajectoryCounts.of(cohort, asked, by, what, same) for cohort in cohorts])
        changes, starts, scores = (
            together([Values.of(cohort, asked, by, each, of_same) for cohort in cohorts])
            for each, of_same in ((CHANGE, same), (START, False), (VALUE, False))
        )
        presence = together([Presence.of(cohort, asked, by) for cohort in cohorts])
        counted = {
            response: together([Values.of(cohort, asked, by, what_judges(response)) for cohort in cohorts])
            for response in (Response("fall", 1), Response("fall in percent", 50), Response("at least", 5))
        }
        asking = {"interval": "wilson", "level": 0.95}
        return [
            Trajectory.of(measured, centre=centre, spread=spread),
            ChangeDifferences.of(changes, presence, limits=SmallNumbers(0, 2)),
            *(ResponseShare.of(held, starts, presence, response=each, **asking) for each, held in counted.items()),
            SeverityBands.of(scores, presence, scheme=SCHEMES["cook"], interval="wilson", level=0.95),
        ]

    of_all = estimates([parted.whole])
    for parts in (parted.selections, parted.separate):
        for found, expected in zip(estimates(parts), of_all, strict=True):
            assert_same(found, expected)
