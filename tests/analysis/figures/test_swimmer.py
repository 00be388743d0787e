"""One lane per patient: states, events, and what is clicked."""

import itertools

import pandas as pd
import pytest

from analysis import read_cohort, sledai_at_most
from analysis.cohort.model import Cohort
from analysis.figures.common.picking import TARGETS
from analysis.figures.common.theme import Look, palette
from analysis.figures.states.swimmer import MOST_LANES, swimmer_chart, swimmer_description
from analysis.listings.lanes import SORTS, lanes
from tests.analysis.figures.results import rows_of, seen, spec, texts_at
from tests.analysis.made import SAMPLE

PATIENTS = {
    "BM": [(24.0, "complete", ""), (10.0, "none", "died"), (30.0, "partial", "lost")],
    "UC": [(14.0, "complete", "")],
}


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return seen(PATIENTS)


def test_stays_fill_each_lane_up_to_the_end_of_follow_up() -> None:
    sample = SAMPLE
    result = lanes(sample)
    followed = sample.patients.set_index("patient_id")["follow_up_months"]
    for patient, stays in result.stays.groupby("patient_id"):
        assert stays["start"].iloc[0] == 0
        assert stays["end"].iloc[-1] == pytest.approx(followed[patient])
        rows = stays.itertuples()
        assert all(before.end == after.start and before.state != after.state for before, after in _pairs(rows))
    assert result.stays["patient_id"].nunique() == 87


def _pairs(rows: object) -> list[tuple[object, object]]:
    return list(itertools.pairwise(rows))


def test_marks_tell_relapses_and_how_follow_up_ended() -> None:
    marks = lanes(SAMPLE).marks.groupby("mark").size()
    assert marks.to_dict() == {
        "died": 5,
        "lost": 18,
        "still followed": 64,
        "relapse": 20 + 5,
        "adverse event": 38,
        "infusion": 17,  # counted in infusions.csv: later than month 0
    }


def test_states_by_hand(cohort: Cohort) -> None:
    stays = lanes(cohort).stays
    assert stays.loc[stays["patient_id"] == "p0", ["start", "end", "state"]].values.tolist() == [
        [0.0, 12.0, "active"],
        [12.0, 24.0, "complete remission"],
    ]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("follow_up", ["p2", "p0", "p3", "p1"]),
        ("response", ["p0", "p3", "p2", "p1"]),
        ("source", ["p2", "p0", "p1", "p3"]),
        ("onset", ["p2", "p0", "p3", "p1"]),
    ],
)
def test_lanes_are_sorted(cohort: Cohort, sort: str, order: list[str]) -> None:
    assert lanes(cohort, sort=sort).patients["patient_id"].tolist() == order


def test_an_unknown_order_is_refused(cohort: Cohort) -> None:
    with pytest.raises(ValueError, match="known: follow_up"):
        lanes(cohort, sort="name")


def test_without_recorded_remission_the_lanes_say_so() -> None:
    people = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [12.0, 0.0], "died": [0, 1]})
    result = lanes(read_cohort(people))
    assert set(result.stays["state"]) == {"not recorded"}
    assert result.marks["mark"].tolist() == ["followed to here", "died"]
    assert "Not recorded" in texts_at(swimmer_chart(result), 298)


def test_adverse_events_are_marked_while_followed(cohort: Cohort) -> None:
    people = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [12.0], "died": [0]})
    events = pd.DataFrame({"patient_id": ["a", "a"], "months": [3.0, 20.0], "event": ["fever", "rash"]})
    result = lanes(read_cohort(people, events=events))
    adverse = result.marks[result.marks["mark"] == "adverse event"]
    assert adverse[["months", "note"]].values.tolist() == [[3.0, "fever"]]
    assert rows_of(spec(swimmer_chart(result)), "happened")[0]["happened"].startswith("adverse event at 3.0 (fever)")


def test_a_cohort_of_87_fits_one_screen() -> None:
    made = spec(swimmer_chart(lanes(SAMPLE)))
    assert made["height"] <= 700
    targets = rows_of(made, "patient_id", "course")
    assert len(targets) == 87
    assert {tuple(param["views"]) for param in made["params"] if param["name"] == "pick"} == {(TARGETS,)}


def test_few_lanes_are_named_and_many_are_not(cohort: Cohort) -> None:
    assert "p0" in texts_at(swimmer_chart(lanes(cohort)), 298)
    assert "S001" not in texts_at(swimmer_chart(lanes(SAMPLE)), 800)


def test_sources_have_a_name_above_each_other(cohort: Cohort) -> None:
    placed = texts_at(swimmer_chart(lanes(cohort, sort="source")), 298)
    assert placed["BM"][0][1] < placed["UC"][0][1]
    assert placed["BM"][0][0] < placed["p0"][0][0]


def test_more_than_can_be_drawn_are_chosen_evenly_and_it_says_so() -> None:
    many = lanes(seen({"BM": [(float(12 + place % 40), "partial", "") for place in range(400)]}), most=MOST_LANES)
    made = spec(swimmer_chart(many))
    assert len(rows_of(made, "patient_id", "course")) == MOST_LANES
    assert "300 of 400 patients" in made["title"]["text"]["expr"]
    assert "400 patients, lanes of 300 of them, evenly chosen" in many.method
    assert (many.all_patients, many.patients["lane"].tolist()) == (400, list(range(300)))
    assert many.months_in_states["months"].sum() == pytest.approx(sum(12 + place % 40 for place in range(400)))


def test_colours_are_those_of_the_states(cohort: Cohort) -> None:
    inks = {row["ink"] for row in rows_of(spec(swimmer_chart(lanes(cohort))), "end", "ink")}
    assert inks == {palette().states[state] for state in ("active", "partial", "complete")}


@pytest.mark.parametrize(("width", "dark"), [(298, False), (800, True)])
@pytest.mark.parametrize("sort", list(SORTS))
@pytest.mark.parametrize("rule", ["recorded", sledai_at_most(4)])
def test_any_cohort_can_be_drawn(cohort: Cohort, dark: bool, sort: str, rule: object, width: int) -> None:
    nobody = cohort.subset(cohort.patients["patient_id"] == "")
    for some in (cohort, nobody):
        result = lanes(some, rule=rule, sort=sort)
        chart = swimmer_chart(result, look=Look(dark=dark))
        spec(chart)
        texts = [*texts_at(chart, width), swimmer_description(result)]
        assert not any(word in text.lower() for word in ("nan", "undefined", "null") for text in texts)


def test_entries_of_the_key_never_meet() -> None:
    for width in (298, 506, 800):
        placed = texts_at(swimmer_chart(lanes(SAMPLE)), width)
        entries = [placed[words][0] for words in ("Complete remission", "Partial remission", "Active", "Relapse")]
        assert all(abs(x - x2) > 100 or abs(y - y2) > 15 for (x, y), (x2, y2) in itertools.combinations(entries, 2))


def test_the_description_tells_states_and_marks() -> None:
    words = swimmer_description(lanes(SAMPLE))
    assert "87 patients" in words
    assert "died 5, lost 18, still followed 64" in words
