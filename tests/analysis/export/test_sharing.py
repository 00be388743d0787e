"""What leaves the house: nothing hidden can be read or worked out, and every figure can still be drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    Cohort,
    baseline_table,
    cumulative_incidence,
    follow_up,
    kaplan_meier,
    load_sample,
    read_cohort,
    trajectory,
    yearly_relapse,
    yearly_remission,
)
from analysis.estimates.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.lanes import lanes
from analysis.estimates.ledger import PLACES
from analysis.estimates.state_counts import state_counts
from analysis.estimates.yearly import Yearly
from analysis.export.sharing import NotShared, Sharing, protected, protected_table, replacements, told_of
from analysis.export.tables import csv_bytes
from analysis.figures.baseline_tables import baseline_reading, baseline_rows
from analysis.figures.chart_tables import estimands_table
from analysis.figures.estimand_strip import estimand_strip, strip_description
from analysis.figures.incidence import incidence_chart, incidence_description
from analysis.figures.ledger import ledger_chart, ledger_description
from analysis.figures.readings import incidence_reading, survival_reading, trajectory_reading, yearly_reading
from analysis.figures.states import states_chart, states_description
from analysis.figures.survival import survival_chart, survival_description
from analysis.figures.tables import (
    change_table,
    incidence_table,
    ledger_table,
    median_table,
    survival_table,
    trajectory_table,
    yearly_table,
)
from analysis.figures.trajectory import trajectory_chart, trajectory_description
from analysis.figures.yearly import yearly_chart, yearly_description

SAMPLE = load_sample()
BY = [None, "msc_source"]
YEARS = [12, 24, 36, 48]


def of_every_estimand(cohort: Cohort, by: str | None) -> dict[str, Yearly]:
    """Return remission and relapse counted in every way."""
    remission = {f"remission {name}": yearly_remission(cohort, estimand=name, by=by) for name in REMISSION_ESTIMANDS}
    relapse = {f"relapse {name}": yearly_relapse(cohort, estimand=name, by=by) for name in RELAPSE_ESTIMANDS}
    return remission | relapse


def every_result(cohort: Cohort, by: str | None) -> dict[str, Any]:
    return {
        **of_every_estimand(cohort, by),
        "survival": kaplan_meier(cohort, by=by),
        "relapse-free": kaplan_meier(cohort, "relapse", by=by),
        "incidence": cumulative_incidence(cohort, by=by),
        "states": state_counts(cohort, by=by),
        "trajectory": trajectory(cohort, by=by),
        "baseline": baseline_table(cohort, by=by),
        "follow-up": follow_up(cohort, by=by),
    }


@pytest.mark.parametrize("by", BY)
def test_everything_is_told_unless_asked_otherwise(by: str | None) -> None:
    assert Sharing().words() == ""
    for result in every_result(SAMPLE, by).values():
        assert protected(result, Sharing()) is result
    assert protected_table(SAMPLE.patients, Sharing()) is SAMPLE.patients


def test_the_line_under_a_figure_says_what_is_on() -> None:
    assert Sharing(5, True, True).words() == (
        "For sharing, counts below 5 are hidden, with what would give them away, patient numbers are replaced, dates "
        "are told as years."
    )


@pytest.mark.parametrize("least", [-1, 1, 2])
def test_a_threshold_under_which_only_1_could_hide_is_refused(least: int) -> None:
    with pytest.raises(ValueError, match="at least 3"):
        Sharing(least)


# What is printed and drawn


def printed(chart: Any) -> list[str]:
    """Return the texts of a figure as a picture, without those of its axes."""
    vl_convert = pytest.importorskip("vl_convert")
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.to_dict()))  # noqa: S314 - made here

    def texts(node: ElementTree.Element) -> Iterator[str]:
        if "role-axis" in node.get("class", ""):
            return
        if node.tag.endswith("text"):
            yield "".join(node.itertext())
        for child in node:
            yield from texts(child)

    return list(texts(root))


def tips(chart: Any) -> list[str]:
    """Return what a figure holds in words, for the pointer or under the axis."""
    words = ("text", "counts", "words", "printed", "patients", "at_risk", "events", "censored", "competing")
    columns = re.compile(rf"{'|'.join(words)}|s\d+")
    tables = chart.to_dict()["datasets"].values()
    return [str(row[name]) for rows in tables for row in rows for name in row if columns.fullmatch(name)]


def cells(table: pd.DataFrame) -> list[str]:
    return [str(cell) for name in table.columns[1:] for cell in table[name]]


COUNT = re.compile(
    r"^(\d[\d,]*)$|(?<![\d.,])(\d[\d,]*)(?=/| / | of | seen of | patients?\b| events?\b| deaths?\b| first relapses?\b)"
    r"|(?<=\d/)(\d+)(?![\d.])|(?<=hidden/)(\d+)|(?<= of )(\d+)\b|(?<=[a-z] )(?<!ear )(?<!onth )(\d+)(?=[,.](?: |$))"
)


def small_counts(texts: list[str], least: int) -> list[str]:
    """Return the texts that hold a small count: alone, as n/N or n of N, before a noun, or in a list of a sentence."""
    counts = [(text, int("".join(found).replace(",", ""))) for text in texts for found in COUNT.findall(text)]
    return [text for text, count in counts if 0 < count < least]


def shown_of(name: str, result: Any) -> tuple[list[Any], list[str], list[pd.DataFrame]]:
    """Return the figures, sentences and tables that are made of a result."""
    if isinstance(result, Yearly):
        kind: Any = name.split()[0]
        groups = list(result.ledger["group"].astype(str).unique())
        return (
            [yearly_chart(result, kind=kind), *(ledger_chart(result, group=group) for group in groups)],
            [
                yearly_description(result),
                yearly_reading(result, "in remission"),
                *(ledger_description(result, group=group) for group in groups),
            ],
            [yearly_table(result), ledger_table(result)],
        )
    if name in ("survival", "relapse-free"):
        return (
            [survival_chart(result), survival_chart(result, failure=True)],
            [survival_description(result), survival_reading(result, "alive", "deaths")],
            [survival_table(result, YEARS)],
        )
    if name == "incidence":
        return (
            [incidence_chart(result, naive=True)],
            [incidence_description(result), incidence_reading(result, "relapsed")],
            [incidence_table(result, YEARS)],
        )
    if name == "states":
        groups = list(result.table["group"].astype(str).unique())
        return (
            [states_chart(result, group=group) for group in groups],
            [states_description(result, group=group) for group in groups],
            [],
        )
    if name == "trajectory":
        return (
            [trajectory_chart(result)],
            [trajectory_description(result), trajectory_reading(result, "mean SLEDAI")],
            [trajectory_table(result), change_table(result)],
        )
    if name == "baseline":
        return [], [baseline_reading(result)], [baseline_rows(result).drop(columns=" ")]  # numbers of infusions
    return [], [], []


# Which results of the sample have too little to tell, by threshold and grouping.
NOT_TOLD = {
    (5, None): {"incidence"},
    (5, "msc_source"): {"survival", "incidence"},
    (10, None): {"survival", "incidence"},
    (10, "msc_source"): {"survival", "relapse-free", "incidence"},
}


@pytest.mark.parametrize("least", [5, 10])
@pytest.mark.parametrize("by", BY)
def test_no_figure_sentence_or_table_tells_a_small_count(least: int, by: str | None) -> None:
    refused = set()
    for name, result in every_result(SAMPLE, by).items():
        try:
            safe = protected(result, Sharing(least))
        except NotShared:
            refused.add(name)
            continue
        assert isinstance(safe, type(result))
        charts, sentences, tables = shown_of(name, safe)
        # The visits of a trajectory are marks of its own, not an axis.
        months = {f"{month:g}" for month in safe.summary["months"]} if name == "trajectory" else set()
        for chart in charts:
            assert not {*small_counts([*printed(chart), *tips(chart)], least)} - months, name
        for text in (*sentences, safe.question, safe.method):
            assert not small_counts([text], least), text
            assert not re.search(r"\b(nan|inf|None|NaN|<NA>)\b", text), text
        for table in tables:
            assert not small_counts(cells(table), least), name
            assert not re.search(r"\b(nan|None|<NA>)\b", table.to_csv()), name
        for each in fields(safe):
            held = getattr(safe, each.name)
            if isinstance(held, pd.DataFrame):
                assert "patient_id" not in held or held.empty
                csv_bytes(held)
    assert refused == NOT_TOLD[least, by]


@pytest.mark.parametrize("by", BY)
def test_all_ways_of_counting_are_drawn_together(by: str | None) -> None:
    safe = {name: protected(result, Sharing(5)) for name, result in of_every_estimand(SAMPLE, by).items()}
    chart = estimand_strip(*safe.values(), titles=list(safe), kind="remission")
    time = {f"{years:.0f}" for years in safe["relapse rate"].bars["person_years"]}  # patient-years stand there too
    assert not {*small_counts([*printed(chart), *tips(chart)], 5)} - time
    assert not small_counts([strip_description(*safe.values(), titles=list(safe))], 5)
    assert not small_counts(cells(estimands_table(*safe.values(), titles=list(safe))), 5)


def test_what_is_hidden_is_said() -> None:
    safe = protected(yearly_remission(SAMPLE), Sharing(5))
    assert yearly_table(safe)["n / N"].tolist() == ["hidden/hidden", "12/39", "5/12", "hidden/6"]
    assert yearly_table(safe)["Share"].tolist()[0] == "hidden"
    assert ledger_table(safe).iloc[1].tolist() == ["Year 2", "87", "39", "12", "hidden", "hidden", "26", "hidden"]
    assert "Hidden together" in printed(ledger_chart(safe))
    assert "hidden/6" in tips(yearly_chart(safe, kind="remission"))
    assert "Year 4: hidden/6, hidden." in yearly_description(safe)


def test_medians_of_a_table_are_told_and_no_single_patient() -> None:
    safe = protected(follow_up(SAMPLE), Sharing(5))
    assert safe.table[["minimum", "maximum", "mean"]].isna().all(axis=None)
    words = median_table(protected(kaplan_meier(SAMPLE), Sharing(5)), safe).iloc[0].tolist()
    assert words == ["All", "87", "5", "not reached", "25.8 (22.5–30.5)"]


def test_a_method_keeps_its_limits_and_loses_its_counts() -> None:
    cohort = read_cohort(
        SAMPLE.patients.drop(columns="organs").assign(
            msc_source=SAMPLE.patients["msc_source"].astype(object).mask(SAMPLE.patients.index < 3)
        ),
        SAMPLE.visits,
    )
    result = kaplan_meier(cohort, "relapse", by="msc_source")
    assert "3 patients" in result.method
    method = protected(result, Sharing(5)).method
    assert "84 patients" in method
    assert "a hidden number of patients" in method
    assert not small_counts([method], 5)


def test_the_size_of_the_cohort_tells_no_small_rest() -> None:
    assert told_of(84, 87, Sharing(5)) == "84 patients"
    assert told_of(3, 87, Sharing(5)) == "fewer than 5 patients"
    assert told_of(80, 1087, Sharing(5)) == "80 of 1,087 patients"
    assert told_of(84, 87, Sharing()) == "84 of 87 patients"


# What is not shared


def test_single_patients_are_not_shared_with_hidden_counts() -> None:
    with pytest.raises(NotShared, match="shows single patients"):
        protected(lanes(SAMPLE), Sharing(5))


def test_six_hides_the_five_deaths_and_says_so() -> None:
    with pytest.raises(NotShared, match="too few events"):
        protected(kaplan_meier(SAMPLE), Sharing(6))


def test_a_small_group_is_not_shared() -> None:
    patients = pd.DataFrame(
        {
            "patient_id": range(20),
            "follow_up_months": [30 + patient % 7 for patient in range(20)],
            "died": [int(patient < 6) for patient in range(20)],
            "centre": ["<A & B>"] * 3 + ["C"] * 17,
        }
    )
    for result in (
        kaplan_meier(read_cohort(patients), by="centre"),
        baseline_table(read_cohort(patients), by="centre"),
    ):
        with pytest.raises(NotShared, match="<A & B> has fewer than 5 patients"):
            protected(result, Sharing(5))


# Attacks


@st.composite
def cohorts(draw: st.DrawFn) -> Cohort:
    """Draw two groups of patients with a visit near some years."""
    people, visits = [], []
    for patient in range(draw(st.integers(12, 26))):
        months = draw(st.sampled_from([5, 11, 14, 20, 26, 30, 37, 40]))
        ended = draw(st.sampled_from(["died", "lost", "ongoing"]))
        group = "A" if patient < 5 else "B" if patient < 10 else draw(st.sampled_from("AB"))
        people.append((patient, months, int(ended == "died"), ended, group))
        seen = [year for year in (12, 24, 36) if year <= months and draw(st.booleans())]
        visits += [(patient, year, draw(st.sampled_from(["complete", "none"])), 0) for year in seen]
    visits.append((0, 0, "none", 0))
    return read_cohort(
        pd.DataFrame(people, columns=["patient_id", "follow_up_months", "died", "follow_up_ended", "centre"]),
        pd.DataFrame(visits, columns=["patient_id", "months", "remission", "relapse"]),
    )


class Attack:
    """Everything told, as equations between counts that are not below 0."""

    def __init__(self) -> None:
        self.names: dict[tuple[Any, ...], int] = {}
        self.equations: list[tuple[dict[tuple[Any, ...], float], float]] = []
        self.limits: list[tuple[dict[tuple[Any, ...], float], float]] = []

    def equal(self, terms: dict[tuple[Any, ...], float], value: float) -> None:
        self.equations.append((terms, value))
        self._see(terms)

    def at_most(self, terms: dict[tuple[Any, ...], float], value: float) -> None:
        self.limits.append((terms, value))
        self._see(terms)

    def _see(self, terms: dict[tuple[Any, ...], float]) -> None:
        for name in terms:
            self.names.setdefault(name, len(self.names))

    def range_of(self, name: tuple[Any, ...]) -> tuple[float, float]:
        """Return the smallest and the largest value that a count can have."""
        from scipy.optimize import linprog

        target = np.zeros(len(self.names))
        target[self.names[name]] = 1
        found = [
            linprog(
                sign * target,
                *self._matrix(self.limits),
                *self._matrix(self.equations),
                bounds=(0, None),
            )
            for sign in (1, -1)
        ]
        assert all(each.status == 0 for each in found)
        return round(found[0].fun, 6), round(-found[1].fun, 6)

    def _matrix(self, rows: list[tuple[dict[tuple[Any, ...], float], float]]) -> tuple[Any, Any]:
        matrix = np.zeros((len(rows), len(self.names)))
        for row, (terms, _) in enumerate(rows):
            for name, times in terms.items():
                matrix[row, self.names[name]] = times
        return matrix, np.array([value for _, value in rows])


PARTS_OF = {
    "assessed": ["assessed"],
    "deaths_counted": ["assessed", "died_before"],
    "all_due": [place for place in PLACES if place != "not_yet_due"],
}


def learn(attack: Attack, estimand: str, safe: Yearly) -> None:
    """Take in what a figure tells."""
    for row in safe.ledger.to_dict("records"):
        group, year = str(row["group"]), row["year"]
        attack.equal({(place, group, year): 1 for place in PLACES}, row["enrolled"])
        for place in PLACES:
            if pd.notna(row[place]):
                attack.equal({(place, group, year): 1}, row[place])
        for place in ("died_before", "lost_before", "ended_unknown"):
            if year > 1:
                attack.at_most({(place, group, year - 1): 1, (place, group, year): -1}, 0)
    for row in safe.bars.to_dict("records"):
        group, year = str(row["group"]), row["year"]
        attack.at_most({("events", group, year): 1, ("assessed", group, year): -1}, 0)
        if pd.notna(row["patients"]):
            attack.equal({(place, group, year): 1 for place in PARTS_OF[estimand]}, row["patients"])
        if pd.notna(row["events"]):
            attack.equal({("events", group, year): 1}, row["events"])
        if pd.notna(row["share"]):
            terms = {(place, group, year): -row["share"] for place in PARTS_OF[estimand]}
            attack.equal({("events", group, year): 1, **terms}, 0)


@settings(max_examples=12)
@given(cohorts(), st.integers(3, 5))
def test_no_small_count_follows_from_all_yearly_figures_together(cohort: Cohort, least: int) -> None:
    """Three ways of counting, of groups and of all patients, with totals, shares and years before and after."""
    attack, truth = Attack(), {}
    for by in (None, "centre"):
        for estimand in PARTS_OF:
            result = yearly_remission(cohort, estimand=estimand, by=by)
            learn(attack, estimand, protected(result, Sharing(least)))
            for table, columns in ((result.ledger, PLACES), (result.bars, ("events",))):
                for row in table.to_dict("records"):
                    truth |= {(name, str(row["group"]), row["year"]): row[name] for name in columns}
    for name, group, year in truth:
        if group == "All":
            attack.equal({(name, each, year): 1 if each == "All" else -1 for each in ("All", "A", "B")}, 0)
    for key, count in truth.items():
        if 0 < count < least:
            lowest, highest = attack.range_of(key)
            assert highest - lowest >= 1, f"{key} can only be {count}"


def test_the_attack_finds_what_is_not_protected() -> None:
    attack = Attack()
    result = yearly_remission(SAMPLE)
    small = result.ledger[list(PLACES)].isin(range(1, 5))
    naive = Yearly(
        result.question,
        result.method,
        result.left_out,
        result.bars.head(0),
        result.ledger.assign(**{place: result.ledger[place].mask(small[place]) for place in PLACES}),
        result.members,
    )
    learn(attack, "assessed", naive)
    assert attack.range_of(("died_before", "All", 2)) == (3, 3)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 130), st.booleans()), min_size=12, max_size=60), st.data())
def test_a_curve_tells_nothing_of_when_in_a_quarter_somebody_left(rows: list[tuple[int, bool]], data: Any) -> None:
    """Two cohorts that differ only within quarters, and so in every step, have the same curve."""
    quarters = [(quarter % 13, died) for quarter, died in rows] + [(13, False)]

    def curve(months: list[float]) -> pd.DataFrame | None:
        people = pd.DataFrame({"follow_up_months": months, "died": [int(died) for _, died in quarters]})
        result = kaplan_meier(read_cohort(people.assign(patient_id=range(len(people)))))
        try:
            return protected(result, Sharing(5)).curve
        except NotShared:
            return None

    within = st.floats(0.01, 2.9)
    first, second = (
        curve([*(3 * quarter + data.draw(within) for quarter, _ in quarters[:-1]), 41.0]) for _ in range(2)
    )
    assert (first is None) == (second is None)
    if first is not None:
        pd.testing.assert_frame_equal(first, second)


def test_the_curve_of_five_deaths_by_hand() -> None:
    """The five deaths are between month 3 and 42; the time at risk is 2011.5 months by the told numbers at risk."""
    safe = protected(kaplan_meier(SAMPLE), Sharing(5))
    hazard = 5 / 2011.5
    last = safe.curve.iloc[-1]
    assert (last["months"], last["at_risk"], last["events"]) == (42, 13, 5)
    assert last["survival"] == pytest.approx(np.exp(-39 * hazard))
    spread = np.exp(1.959964 / np.sqrt(5))
    assert last["lower"] == pytest.approx(np.exp(-39 * hazard * spread), rel=1e-6)
    assert last["upper"] == pytest.approx(np.exp(-39 * hazard / spread), rel=1e-6)
    read = safe.at([12, 24, 42, 48]).set_index("months")
    assert read.loc[24, "at_risk"] == 46
    assert read["cumulative_events"].tolist()[2] == 5
    assert read["cumulative_events"].isna().tolist() == [True, True, False, True]
    assert read["survival"].isna().tolist() == [False, False, False, True]
    assert read.loc[12, "survival"] == pytest.approx(np.exp(-9 * hazard), abs=1e-3)


def two_hazards() -> Cohort:
    """Return 1,000 patients with a hazard of 2 % and a competing one of 1 % a month, all followed for 36 months."""
    chance = np.random.default_rng(4)
    event, other = chance.exponential(50, 1000), chance.exponential(100, 1000)
    months = np.minimum(np.minimum(event, other), 36)
    people = pd.DataFrame(
        {
            "patient_id": range(1000),
            "follow_up_months": np.where(months == 36, 37, months).round(2) + 0.01,
            "died": ((other < event) & (other < 36)).astype(int),
            "relapse_months": np.where((event < other) & (event < 36), months.round(2), np.nan),
        }
    )
    return read_cohort(people)


def test_a_shared_curve_is_close_to_the_whole_one() -> None:
    cohort = two_hazards()
    for whole, name in ((kaplan_meier(cohort, "relapse"), "survival"), (cumulative_incidence(cohort), "incidence")):
        read, truth = protected(whole, Sharing(10)).at([12, 24, 33]), whole.at([12, 24, 33])
        for column in (name, "lower", "upper"):
            assert read[column].to_numpy(float) == pytest.approx(truth[column].to_numpy(float), abs=0.015)


@pytest.mark.parametrize("least", [5, 10])
def test_a_shared_incidence_is_drawn_and_read(least: int) -> None:
    safe = protected(cumulative_incidence(two_hazards()), Sharing(least))
    charts, sentences, tables = shown_of("incidence", safe)
    assert not small_counts([text for chart in charts for text in (*printed(chart), *tips(chart))], least)
    assert not small_counts([*sentences, *(cell for table in tables for cell in cells(table))], least)
    assert "nan" not in " ".join(sentences)


def test_a_curve_without_events_has_the_exact_limit() -> None:
    """20 patients of whom all are seen at month 24: one minus the twentieth root of 0.025, Clopper and Pearson."""
    people = pd.DataFrame({"patient_id": range(20), "follow_up_months": 24.0, "died": 0})
    last = protected(kaplan_meier(read_cohort(people)), Sharing(5)).curve.iloc[-1]
    assert (last["months"], last["survival"], last["upper"]) == (24, 1, 1)
    assert last["lower"] == pytest.approx(0.025 ** (1 / 20), abs=1e-6)


def test_patients_who_come_later_are_not_shared() -> None:
    people = pd.DataFrame({"patient_id": range(30), "follow_up_months": range(20, 50), "died": [0, 1, 1] * 10})
    result = kaplan_meier(read_cohort(people))
    late = result.curve.assign(at_risk=result.curve["at_risk"] - (result.curve["months"] < 5) * 3)
    with pytest.raises(NotShared, match="under observation later"):
        protected(replace(result, curve=late), Sharing(5))


def test_the_baseline_table_hides_what_adds_up() -> None:
    safe = protected(baseline_table(SAMPLE, by="msc_source"), Sharing(6))
    table = safe.table.set_index(["characteristic", "level"])
    assert (table.loc["Sex", ["BM", "UC"]] == "hidden").all(axis=None)
    assert table.loc[("Organ involvement", "renal"), "BM"] == "hidden"  # 44 of 45 tells the one without
    assert table.loc[("Organ involvement", "skin"), "BM"] == "30/45 (67 %)"
    assert table.loc[("Age (years)", "mean (SD)"), "BM"] == "32 (9)"
    counts = safe.numbers.dropna(subset="count")
    assert not (counts["count"].between(1, 5) | (counts["recorded"] - counts["count"]).between(1, 5)).any()
    known = safe.numbers.dropna(subset="recorded")
    assert not (known["patients"] - known["recorded"]).between(1, 5).any()


# Numbers of patients, and dates


def test_numbers_are_replaced_alike_in_several_tables_and_tell_no_order() -> None:
    replaced = replacements(SAMPLE.patients["patient_id"])
    assert sorted(replaced.values(), key=lambda each: int(each[1:])) == [f"P{place}" for place in range(1, 88)]
    sharing = Sharing(ids=True)
    patients = protected_table(SAMPLE.patients, sharing, replaced)
    visits = protected_table(SAMPLE.visits, sharing, replaced)
    assert patients["patient_id"].tolist() == [f"P{place}" for place in range(1, 88)]
    back = {new: old for old, new in replaced.items()}
    again = patients.assign(patient_id=patients["patient_id"].map(back)).sort_values("patient_id", ignore_index=True)
    pd.testing.assert_frame_equal(
        again, SAMPLE.patients.sort_values("patient_id", ignore_index=True), check_dtype=False
    )
    of_one = SAMPLE.visits[SAMPLE.visits["patient_id"] == back["P1"]]
    assert visits.loc[visits["patient_id"] == "P1", "sledai"].tolist() == of_one["sledai"].tolist()
    assert any(replacements(range(40)) != replacements(range(40)) for _ in range(3))


def test_a_patient_without_a_replaced_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no replaced number"):
        protected_table(SAMPLE.patients, Sharing(ids=True), {"1": "P1"})


def test_the_row_in_the_file_goes_with_the_number() -> None:
    table = pd.DataFrame({"patient_id": ["a"], "row": [2], "reason": ["no follow-up"]})
    assert list(protected_table(table, Sharing(ids=True)).columns) == ["patient_id", "reason"]


def test_figures_of_single_patients_have_replaced_numbers() -> None:
    old = set(SAMPLE.patients["patient_id"].astype(str))
    sharing = Sharing(ids=True)
    replaced = replacements(old)
    for result in (lanes(SAMPLE), trajectory(SAMPLE), yearly_remission(SAMPLE)):
        safe = protected(result, sharing, replaced)
        for each in fields(safe):
            held = getattr(safe, each.name)
            if isinstance(held, pd.DataFrame) and "patient_id" in held and len(held):
                assert set(held["patient_id"]) <= set(replaced.values())
    summed = kaplan_meier(SAMPLE)
    assert protected(summed, sharing) is summed


@pytest.mark.parametrize(
    ("told", "year"),
    [
        ("2011-05-02", "2011"),
        ("2011/5/2", "2011"),
        ("02.05.2011", "2011"),
        ("5/2/2011 14:30", "2011"),
        ("2 May 2011", "2011"),
        ("2011-05", "2011"),
        ("2011-05-02T08:15:00", "2011"),
        ("seen 2011-05-02, then 2012-06-03", "seen 2011, then 2012"),
        ("1.25", "1.25"),
        ("2011", "2011"),
        ("12-24 months", "12-24 months"),
    ],
)
def test_dates_become_years(told: str, year: str) -> None:
    shown = protected_table(pd.DataFrame({"note": [told, None]}), Sharing(years=True))
    assert shown["note"].iloc[0] == year
    assert pd.isna(shown["note"].iloc[1])


def test_columns_of_dates_become_years_and_numbers_stay() -> None:
    table = pd.DataFrame(
        {"seen": pd.to_datetime(["2011-05-02", None]), "on": [date(2012, 6, 3), None], "dose": [1.5, 2]}
    )
    shown = protected_table(table, Sharing(years=True))
    assert shown["seen"].iloc[0] == 2011
    assert shown["on"].iloc[0] == 2012
    assert shown["dose"].tolist() == [1.5, 2]
