"""The tables beside charts have the same patients, numbers and words."""

import pandas as pd
import pytest

from analysis import (
    Response,
    kaplan_meier,
    read_cohort,
    sledai_at_most,
    yearly_relapse,
    yearly_remission,
)
from analysis.cohort.model import Cohort
from analysis.estimates.scores.response_share import response_share
from analysis.estimates.states.state_counts import state_counts
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.figures.scores.waterfall import MOST_BARS, waterfall_chart, waterfall_table
from analysis.figures.states.state_counts import states_table
from analysis.figures.states.swimmer import MOST_LANES, swimmer_chart, swimmer_table
from analysis.figures.survival.curve_tables import changing_steps, steps_table
from analysis.figures.yearly.yearly_tables import estimands_table
from analysis.listings.lanes import lanes
from analysis.listings.patient_changes import patient_changes
from tests.analysis.figures.results import bars, rows_of, seen, spec
from tests.analysis.made import SAMPLE, cohort_of

PATIENTS = {
    "BM": [(24.0, "complete", ""), (10.0, "none", "died"), (30.0, "partial", "lost")],
    "UC": [(14.0, "complete", "")],
}
WORDLESS = r"\b(?:nan|inf|None|NaT|<NA>)\b"


def assert_words(table: pd.DataFrame) -> None:
    texts = pd.Series([*table.columns, *table.to_numpy().ravel()], dtype=object)
    assert all(isinstance(text, str) for text in texts)
    assert not texts.astype(str).str.contains(WORDLESS).any()


def test_lanes_in_words() -> None:
    assert swimmer_table(lanes(seen(PATIENTS))).to_dict("records") == [
        {
            "Patient": "p2", "MSC source": "BM", "Followed (months)": "30.0",
            "Course (months)": "active to 12.0, partial remission to 30.0", "Happened (months)": "lost at 30.0",
        },
        {
            "Patient": "p0", "MSC source": "BM", "Followed (months)": "24.0",
            "Course (months)": "active to 12.0, complete remission to 24.0",
            "Happened (months)": "still followed at 24.0",
        },
        {
            "Patient": "p3", "MSC source": "UC", "Followed (months)": "14.0",
            "Course (months)": "active to 12.0, complete remission to 14.0",
            "Happened (months)": "still followed at 14.0",
        },
        {
            "Patient": "p1", "MSC source": "BM", "Followed (months)": "10.0", "Course (months)": "active to 10.0",
            "Happened (months)": "died at 10.0",
        },
    ]  # fmt: skip


def test_what_happened_has_its_note_and_a_source_is_told_only_where_there_is_one() -> None:
    people = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [12.0, 0.0], "died": [1, 0]})
    people["cause_of_death"] = ["infection", None]
    events = pd.DataFrame({"patient_id": ["a"], "months": [3.0], "event": ["fever"]})
    table = swimmer_table(lanes(read_cohort(people, events=events)))
    assert list(table) == ["Patient", "Followed (months)", "Course (months)", "Happened (months)"]
    assert table.to_numpy().tolist() == [
        ["a", "12.0", "not recorded to 12.0", "adverse event at 3.0 (fever), died at 12.0 (infection)"],
        ["b", "0.0", "not recorded to 0.0", "followed to here at 0.0"],
    ]


def test_with_many_lanes_the_table_has_those_drawn() -> None:
    many = lanes(seen({"BM": [(float(12 + place % 40), "partial", "") for place in range(400)]}), most=MOST_LANES)
    table = swimmer_table(many)
    assert table.columns[0] == "Patient (300 of 400, evenly chosen)"
    drawn = rows_of(spec(swimmer_chart(many)), "patient_id", "course")
    assert len(table) == MOST_LANES
    assert table.iloc[:, 0].tolist() == [row["patient_id"] for row in drawn]
    assert table["Course (months)"].tolist() == [row["course"] for row in drawn]
    assert table["Happened (months)"].tolist() == [row["happened"] for row in drawn]


def scored(values: dict[str, tuple[float, float]], measure: str = "sledai", **columns: list[object]) -> Cohort:
    """Return patients with a score at transplantation and a year later."""
    people = pd.DataFrame({"patient_id": list(values), "follow_up_months": 24.0, "died": 0, **columns})
    rows = [(patient, *pair) for patient, both in values.items() for pair in zip((0.0, 12.0), both, strict=True)]
    return read_cohort(people, pd.DataFrame(rows, columns=["patient_id", "months", measure]))


def test_bars_in_words() -> None:
    cohort = scored({"a": (12, 8), "b": (10, 10), "c": (4, 6), "d": (9, 6)})
    table = waterfall_table(patient_changes(cohort, months=12), 12, unit="points", response=Response("fall", 4))
    assert table.to_dict("list") == {
        "Patient": ["c", "b", "d", "a"],
        "Change in SLEDAI at month 12 (points)": ["+2", "0", "−3", "−4"],
        "Fall of 4 or more": ["no", "no", "no", "yes"],
    }
    assert list(waterfall_table(patient_changes(cohort, months=12), 12)) == ["Patient", "Change in SLEDAI at month 12"]


def test_a_bar_of_a_group_names_it() -> None:
    cohort = scored({"a": (12, 8), "b": (10, 10)}, msc_source=["UC", "BM"])
    table = waterfall_table(patient_changes(cohort, months=12, by="msc_source"), 12)
    assert table.to_numpy().tolist() == [["BM", "b", "0"], ["UC", "a", "−4"]]


def test_falls_in_the_table_are_counted_as_beside_the_bars() -> None:
    # In floating point, 1.2 − 0.9 is slightly less than 0.3.
    cohort = scored({"a": (1.2, 0.9), "b": (0.8, 0.6), "c": (0.4, 0.1)}, "proteinuria_g_per_24h")
    fall = Response("fall", 0.3)
    table = waterfall_table(patient_changes(cohort, "proteinuria_g_per_24h", months=12), 12, response=fall)
    counted = response_share(cohort, "proteinuria_g_per_24h", response=fall).table.set_index("months")["events"]
    assert (table["Fall of 0.3 or more"] == "yes").sum() == counted[12] == 2


def test_a_response_of_another_kind_is_counted_as_beside_the_bars() -> None:
    cohort = scored({"a": (30, 36), "b": (36, 34), "c": (20, 8), "d": (0, 9)}, "albumin_g_per_l")
    for response, heading, met in (
        (Response("at least", 35), "At least 35", ["a"]),
        (Response("rise", 6), "Rise of 6 or more", ["a", "d"]),
        (Response("fall in percent", 50), "Fall of 50 % or more", ["c"]),  # of d a percentage does not exist
    ):
        changed = patient_changes(cohort, "albumin_g_per_l", months=12, in_percent=response.in_percent)
        table = waterfall_table(changed, 12, response=response, better="higher")
        assert set(table.loc[table[heading] == "yes", table.columns[0]]) == set(met)
        counted = response_share(cohort, "albumin_g_per_l", response=response).table.set_index("months")["events"]
        assert counted[12] == len(met)


def test_with_many_bars_the_table_has_those_drawn() -> None:
    result = patient_changes(scored({f"p{place}": (30.0, float(place % 30)) for place in range(900)}), months=12)
    table = waterfall_table(result, 12, response=Response("fall", 4))
    assert table.columns[0] == "Patient (400 of 900, evenly chosen)"
    drawn = rows_of(spec(waterfall_chart(result, 12)), "patient_id", "told")
    assert len(table) == MOST_BARS
    assert table.iloc[:, 0].tolist() == [row["patient_id"] for row in drawn]
    assert table.iloc[:, 1].tolist() == [row["told"].replace("-", "−") for row in drawn]


def test_states_in_words() -> None:
    result = state_counts(seen(PATIENTS), by="msc_source")
    assert states_table(result, group="BM").to_dict("list") == {
        "Time": ["Month 0", "Month 3", "Month 6", "Month 12", "Month 24", "Month 30"],
        "Patients": ["3"] * 6,
        "Complete remission": ["0 (0 %)"] * 3 + ["1 (33 %)"] * 2 + ["0 (0 %)"],
        "Partial remission": ["0 (0 %)"] * 3 + ["1 (33 %)"] * 3,
        "Active": ["3 (100 %)"] * 3 + ["0 (0 %)"] * 3,
        "Dead": ["0 (0 %)"] * 3 + ["1 (33 %)"] * 3,
        "No longer followed": ["0 (0 %)"] * 5 + ["1 (33 %)"],
    }


def test_a_state_between_the_months_that_are_told_has_its_column() -> None:
    people = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [8.0], "died": [0]})
    visits = pd.DataFrame({"patient_id": ["a", "a"], "months": [1.0, 2.0], "remission": ["complete", "none"]})
    table = states_table(state_counts(read_cohort(people, visits)))
    assert table["Time"].tolist() == ["Month 0", "Month 3", "Month 6", "Month 8"]
    assert table["Complete remission"].tolist() == ["0 (0 %)"] * 4


def test_every_way_of_counting_in_words() -> None:
    first, second = bars({"All": [(3, 10), (0, 0)]}), bars({"All": [(5, 10)]})
    assert estimands_table(first, second, titles=("Remission: assessed", "Relapse: assessed")).to_dict("records") == [
        {
            "Counted": "Remission: assessed", "Year": "year 1", "n / N": "3/10",
            "Value (95 % interval)": "30 % (15–65)",
        },
        {
            "Counted": "Remission: assessed", "Year": "year 2", "n / N": "0 assessed",
            "Value (95 % interval)": "nobody",
        },
        {"Counted": "Relapse: assessed", "Year": "year 1", "n / N": "5/10", "Value (95 % interval)": "50 % (25–75)"},
    ]  # fmt: skip


def test_a_rate_has_its_unit_and_what_is_estimated_who_is_at_risk() -> None:
    cohort = seen(PATIENTS)
    table = estimands_table(
        yearly_relapse(cohort, estimand="rate"), yearly_remission(cohort, estimand="ever"), titles=("Rate", "Ever")
    )
    rate, ever = (table[table["Counted"] == title].iloc[0] for title in ("Rate", "Ever"))
    assert rate["n / N"] == "0 / 3.8 patient-years"  # 12, 12, 12 and 10 months
    assert rate["Value (95 % interval)"].startswith("0.0 (0.0 to ")
    assert rate["Value (95 % interval)"].endswith(") per 100 patient-years")
    assert ever["n / N"] == "3 at risk"
    assert ever["Value (95 % interval)"].endswith(", cumulative incidence")
    assert "Group" not in table


def test_groups_stand_before_their_years() -> None:
    table = estimands_table(bars({"BM": [(3, 10)], "UC": [(1, 2)]}), titles=("Assessed",))
    assert table[["Group", "Year", "n / N"]].to_numpy().tolist() == [["BM", "year 1", "3/10"], ["UC", "year 1", "1/2"]]


@pytest.mark.parametrize("by", [None, "msc_source"])
@pytest.mark.parametrize("patients", [87, 1, 0])
def test_any_cohort_has_its_tables_in_words(patients: int, by: str | None) -> None:
    sample = SAMPLE
    cohort = sample.subset(sample.patients["patient_id"].isin(sample.patients["patient_id"].head(patients)))
    remission = [yearly_remission(cohort, estimand=name, by=by) for name in REMISSION_ESTIMANDS]
    relapse = [yearly_relapse(cohort, estimand=name, by=by) for name in RELAPSE_ESTIMANDS]
    assert_words(estimands_table(*remission, *relapse, titles=[*REMISSION_ESTIMANDS, *RELAPSE_ESTIMANDS]))
    for rule in ("recorded", sledai_at_most(4)):
        states = state_counts(cohort, rule=rule, by=by)
        for group in states.table["group"].astype(str).unique():
            assert_words(states_table(states, group=group))
    assert_words(waterfall_table(patient_changes(cohort, months=12, by=by), 12, response=Response("fall", 4)))
    assert_words(swimmer_table(lanes(cohort)))


def test_the_steps_of_a_curve_are_its_events_and_censorings() -> None:
    curve = kaplan_meier(cohort_of([2, 4, 4, 6.5], [1, 0, 1, 0])).curve
    assert steps_table(changing_steps(curve)).to_numpy().tolist() == [
        ["2", "4", "1", "0"], ["4", "3", "1", "1"], ["6.5", "1", "0", "1"],
    ]  # fmt: skip
    grouped = kaplan_meier(SAMPLE, by="msc_source").curve
    steps = changing_steps(grouped)
    assert steps["events"].sum() == 5
    assert steps_table(steps)["Group"].unique().tolist() == ["BM", "UC"]
    assert_words(steps_table(steps))
