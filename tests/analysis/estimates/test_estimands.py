"""Every estimand of remission and relapse for nine patients, worked out by hand."""

from collections.abc import Callable
from fractions import Fraction

import pandas as pd
import pytest

from analysis import Cohort, doris_2021, kaplan_meier, lldas, read_cohort, sledai_at_most
from analysis.estimates.survival.incidence import cumulative_incidence
from analysis.estimates.yearly.estimands import RELAPSE_ESTIMANDS, REMISSION_ESTIMANDS
from analysis.estimates.yearly.share_differences import share_differences
from analysis.estimates.yearly.yearly import Yearly
from analysis.estimates.yearly.yearly_relapse import yearly_relapse
from analysis.estimates.yearly.yearly_remission import yearly_remission
from analysis.facts.relapse import rise_after_remission, selena_flare
from analysis.listings.years import yearly_members
from tests.analysis.made import SAMPLE

PATIENTS = pd.DataFrame(
    [
        ("A", 30, 0, "ongoing", None),
        ("B", 30, 0, "ongoing", 20),
        ("C", 30, 0, "ongoing", 9),
        ("D", 8, 1, "died", None),
        ("E", 18, 1, "died", 15),
        ("F", 10, 0, "lost", None),
        ("G", 11, 0, "ongoing", None),
        ("H", 30, 0, "ongoing", 26),
        ("I", 20, 0, None, None),
    ],
    columns=["patient_id", "follow_up_months", "died", "follow_up_ended", "relapse_months"],
)
VISITS = pd.DataFrame(
    [
        ("A", 3, "none"), ("A", 12, "complete"), ("A", 24, "complete"),
        ("B", 12, "complete"), ("B", 24, "none"),
        ("C", 6, "complete"), ("C", 12, "none"), ("C", 24, "complete"),
        ("D", 6, "complete"),
        ("E", 12, "none"),
        ("F", 6, "none"),
        ("G", 6, "partial"),
        ("H", 6, "partial"), ("H", 15.5, "complete"), ("H", 24, "partial"),
        ("I", 12, "partial"),
    ],
    columns=["patient_id", "months", "remission"],
)  # fmt: skip


@pytest.fixture(scope="module")
def nine() -> Cohort:
    return read_cohort(PATIENTS, VISITS)


def who(cohort: Cohort, result: Yearly, year: int) -> tuple[str, str]:
    """Return the patients in the numerator and in the denominator."""
    members = yearly_members(cohort, result)
    members = members[members["year"] == year]
    return "".join(members.loc[members["counted"], "patient_id"]), "".join(
        members.loc[members["in_denominator"], "patient_id"]
    )


def check(cohort: Cohort, result: Yearly, year: int, counted: str, denominator: str, share: Fraction | None) -> None:
    bar = result.bars[result.bars["year"] == year].iloc[0]
    assert who(cohort, result, year) == (counted, denominator)
    assert (bar["events"], bar["patients"]) == (len(counted), len(denominator))
    assert bar["share"] == pytest.approx(float(share), abs=1e-12) if share is not None else pd.isna(bar["share"])


def test_every_place_of_the_ledger(nine: Cohort) -> None:
    ledger = yearly_remission(nine).ledger.drop(columns="group")
    assert ledger.columns.tolist() == [
        "year", "enrolled", "assessed", "visit_missing", "died_before", "lost_before", "not_yet_due", "ended_unknown",
    ]  # fmt: skip
    assert ledger.to_numpy().tolist() == [[1, 9, 5, 1, 1, 1, 1, 0], [2, 9, 4, 0, 2, 1, 1, 1]]


@pytest.mark.parametrize(
    ("estimand", "response", "first", "second"),
    [
        ("assessed", "complete", ("AB", "ABCEI"), ("AC", "ABCH")),
        ("assessed", "any", ("ABI", "ABCEI"), ("ACH", "ABCH")),
        ("deaths_counted", "complete", ("AB", "ABCDEI"), ("AC", "ABCDEH")),
        ("deaths_counted", "any", ("ABI", "ABCDEI"), ("ACH", "ABCDEH")),
        ("all_due", "complete", ("AB", "ABCDEFHI"), ("AC", "ABCDEFHI")),
        ("all_due", "any", ("ABI", "ABCDEFHI"), ("ACH", "ABCDEFHI")),
    ],
)
def test_remission_as_a_proportion(
    nine: Cohort, estimand: str, response: str, first: tuple[str, str], second: tuple[str, str]
) -> None:
    result = yearly_remission(nine, estimand=estimand, response=response)
    for year, (counted, denominator) in enumerate((first, second), start=1):
        check(nine, result, year, counted, denominator, Fraction(len(counted), len(denominator)))


def test_ever_in_remission(nine: Cohort) -> None:
    # By 6: 2 of 9 (C, D). At 12: 2 of the 5 left (A, B), 7/9 being without. At 15.5: 1 of 3 (H), 7/15 being without.
    result = yearly_remission(nine, estimand="ever")
    first, second = Fraction(2, 9) + Fraction(7, 9) * Fraction(2, 5), Fraction(7, 15) * Fraction(1, 3)
    check(nine, result, 1, "ABCD", "ABCDEFGHI", first)
    check(nine, result, 2, "ABCDH", "ABCDEFGHI", None)  # nobody without remission is followed beyond 20
    longer = PATIENTS.assign(follow_up_months=PATIENTS["follow_up_months"].replace(20, 24))
    cohort = read_cohort(longer, VISITS)
    check(cohort, yearly_remission(cohort, estimand="ever"), 2, "ABCDH", "ABCDEFGHI", first + second)


def test_current_remission(nine: Cohort) -> None:
    # 6: 2 of 9 go into remission. 8: of these two one dies. 12: 2 of the 5 active go in, the one inside goes out.
    # 15.5: 1 of 4 goes in. 18: 1 of 3 active dies. 24: 2 of 3 inside go out, the one active goes in.
    result = yearly_remission(nine, estimand="current")
    check(nine, result, 1, "AB", "ABCDEFGHI", Fraction(7, 9) * Fraction(2, 5))
    active, inside = Fraction(26, 45), Fraction(14, 45)
    active, inside = active * Fraction(3, 4), inside + active * Fraction(1, 4)
    active = active * Fraction(2, 3)
    check(nine, result, 2, "AC", "ABCDEFGHI", inside * Fraction(1, 3) + active)


def test_relapse_among_assessed(nine: Cohort) -> None:
    result = yearly_relapse(nine)
    check(nine, result, 1, "C", "ABCEI", Fraction(1, 5))
    check(nine, result, 2, "B", "ABCH", Fraction(1, 4))
    assert "2 first relapses of patients not seen then in no bar" in result.method  # E, and H in year 3
    assert "1 first relapse before any complete remission" in result.method  # E


def test_relapse_among_those_at_risk(nine: Cohort) -> None:
    result = yearly_relapse(nine, estimand="at_risk")
    check(nine, result, 1, "", "", None)
    check(nine, result, 2, "B", "AB", Fraction(1, 2))  # C has relapsed, H was not in remission at 12, D has died
    assert "nobody enters year 1" in result.method
    wider = yearly_relapse(nine, estimand="at_risk", response="any", years=[1, 2, 3])
    check(nine, wider, 2, "B", "ABHI", Fraction(1, 4))
    check(nine, wider, 3, "H", "AH", Fraction(1, 2))
    assert "2 patient-years not followed to the end" in wider.method  # I in year 2, A in year 3


def test_remission_at_transplantation_is_at_risk_in_year_1() -> None:
    patients = pd.DataFrame(
        {"patient_id": ["a", "b"], "follow_up_months": [12, 0], "died": 0, "relapse_months": [5, None]}
    )
    visits = pd.DataFrame(
        {"patient_id": ["a", "a", "b"], "months": [0, 12, 0], "remission": ["complete", "none", "complete"]}
    )
    result = yearly_relapse(read_cohort(patients, visits), estimand="at_risk")
    assert result.bars[["events", "patients"]].to_numpy().tolist() == [[1, 1]]  # b is not followed into the year
    assert "nobody enters" not in result.method


def test_relapses_per_hundred_patient_years(nine: Cohort) -> None:
    result = yearly_relapse(nine, estimand="rate")
    assert result.bars["person_years"].tolist() == pytest.approx([98 / 12, 43 / 12])
    check(nine, result, 1, "C", "ABCDEFGHI", 100 / Fraction(98, 12))
    check(nine, result, 2, "BE", "ABEHI", 200 / Fraction(43, 12))
    # Exact Poisson limits of 1 event: 0.02532 and 5.57164
    first = result.bars.iloc[0]
    assert first["lower"] == pytest.approx(100 * 0.0253178 / (98 / 12), rel=1e-5)
    assert first["upper"] == pytest.approx(100 * 5.5716434 / (98 / 12), rel=1e-6)


def test_cumulative_relapse(nine: Cohort) -> None:
    # 8: D dies. 9: 1 of 8. 15: 1 of 5. 20: 1 of 4, I being censored after it.
    result = yearly_relapse(nine, estimand="cumulative")
    check(nine, result, 1, "C", "ABCDEFGHI", Fraction(8, 9) * Fraction(1, 8))
    check(
        nine,
        result,
        2,
        "BCE",
        "ABCDEFGHI",
        Fraction(1, 9) + Fraction(7, 9) * (Fraction(1, 5) + Fraction(4, 5) * Fraction(1, 4)),
    )


def test_ever_and_cumulative_equal_the_incidence_of_the_endpoints() -> None:
    sample = SAMPLE
    for bars, endpoint in (
        (yearly_remission(sample, estimand="ever").bars, "time_to_remission"),
        (yearly_relapse(sample, estimand="cumulative").bars, "relapse"),
    ):
        at = cumulative_incidence(sample, endpoint).at([12, 24, 36, 48])
        assert bars["events"].tolist() == at["cumulative_events"].tolist()
        for column, name in (("share", "incidence"), ("lower", "lower"), ("upper", "upper")):
            assert bars[column].tolist() == pytest.approx(at[name].tolist(), abs=1e-12)


def test_current_has_exact_limits_before_any_remission() -> None:
    patients = pd.DataFrame({"patient_id": list("abcdefghij"), "follow_up_months": 12, "died": 0})
    visits = pd.DataFrame({"patient_id": list("abcdefghij"), "months": 12, "remission": "none"})
    cohort = read_cohort(patients, visits)
    for estimand in ("ever", "current"):
        bar = yearly_remission(cohort, estimand=estimand).bars.iloc[0]
        assert (bar["share"], bar["lower"]) == (0, 0)
        assert bar["upper"] == pytest.approx(1 - 0.025 ** (1 / 10))  # Clopper and Pearson: nobody was censored before


@pytest.mark.parametrize(
    ("ask", "estimand"), [(yearly_remission, "ever"), (yearly_remission, "current"), (yearly_relapse, "cumulative")]
)
def test_a_year_before_the_first_event_has_the_exact_limits(ask: Callable[..., Yearly], estimand: str) -> None:
    # 20 of 20 without it at month 12, whether or not one has it later: 0-17 %, and a difference has limits.
    patients = pd.DataFrame({"patient_id": [f"p{row}" for row in range(40)], "follow_up_months": 30.0, "died": 0})
    patients = patients.assign(arm=["A"] * 20 + ["B"] * 20, relapse_months=[None] * 39 + [20.0])
    visits = pd.DataFrame(
        [(row, month, "none") for row in patients["patient_id"] for month in (12.0, 24.0)],
        columns=["patient_id", "months", "remission"],
    )
    visits.loc[visits.index[-1], "remission"] = "complete"
    result = ask(read_cohort(patients, visits), estimand=estimand, by="arm", years=[1])
    assert result.bars[["share", "lower"]].to_numpy().tolist() == [[0, 0]] * 2
    assert result.bars["upper"].tolist() == pytest.approx([1 - 0.025 ** (1 / 20)] * 2)
    assert "exact (beta product) until the first event of a group" in result.method
    apart = share_differences(result).table.iloc[0]
    assert apart[["lower", "upper"]].tolist() == pytest.approx([0.025 ** (1 / 20) - 1, 1 - 0.025 ** (1 / 20)])


def test_shares_are_missing_beyond_follow_up(nine: Cohort) -> None:
    for estimand in ("ever", "current"):
        bar = yearly_remission(nine, estimand=estimand, years=[3]).bars.iloc[0]
        assert bar[["share", "lower", "upper"]].isna().all()
    rate = yearly_relapse(nine, estimand="rate", years=[4]).bars.iloc[0]
    assert rate["patients"] == 0
    assert rate[["share", "lower", "upper"]].isna().all()


def test_when_all_have_died_nobody_is_in_remission() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [10, 0], "died": 1})
    visits = pd.DataFrame({"patient_id": ["a", "a"], "months": [1, 9], "remission": ["none", "complete"]})
    cohort = read_cohort(patients, visits)
    ever, current = (yearly_remission(cohort, estimand=name, years=[1]).bars.iloc[0] for name in ("ever", "current"))
    assert (ever["share"], current["share"]) == (0.5, 0)


def test_later_events_do_not_change_an_assessed_state() -> None:
    patients = pd.DataFrame({"patient_id": ["a"], "follow_up_months": [11.5], "died": [1]})
    visits = pd.DataFrame({"patient_id": ["a"], "months": [11], "remission": ["complete"]})
    cohort = read_cohort(patients, visits)
    check(cohort, yearly_remission(cohort), 1, "a", "a", Fraction(1))
    check(cohort, yearly_remission(cohort, estimand="current"), 1, "", "a", Fraction(0))


def test_deaths_by_the_end_of_the_year_are_not_in_remission() -> None:
    # a dies at 11.5 after a visit in remission at 11, b at 12, c at 13: by 12 a and b have died. d lives, e died at 5.
    patients = pd.DataFrame({"patient_id": list("abcde"), "follow_up_months": [11.5, 12, 13, 20, 5]})
    patients["died"] = [1, 1, 1, 0, 1]
    visits = pd.DataFrame({"patient_id": list("abcd"), "months": [11, 11, 11, 12], "remission": "complete"})
    cohort = read_cohort(patients, visits)
    check(cohort, yearly_remission(cohort), 1, "abcd", "abcd", Fraction(1))
    for estimand in ("deaths_counted", "all_due"):
        result = yearly_remission(cohort, estimand=estimand)
        check(cohort, result, 1, "cd", "abcde", Fraction(2, 5))
        assert result.bars["died_in_remission"].tolist() == [2]
        assert "2 patient-years of patients who died by the end of the year after a visit in remission" in result.method


def test_intervals(nine: Cohort) -> None:
    # 2 of 5: Wilson 11.8 to 76.9 %, Clopper-Pearson 5.3 to 85.3 %
    for interval, limits in (("wilson", [0.1176, 0.7693]), ("clopper-pearson", [0.0527, 0.8534])):
        bar = yearly_remission(nine, interval=interval).bars.iloc[0]
        assert bar[["lower", "upper"]].tolist() == pytest.approx(limits, abs=5e-5)
    assert "90 % Clopper-Pearson interval" in yearly_remission(nine, interval="clopper-pearson", level=0.9).method
    narrow = yearly_relapse(nine, estimand="rate", level=0.5).bars.iloc[0]
    wide = yearly_relapse(nine, estimand="rate").bars.iloc[0]
    assert wide["lower"] < narrow["lower"] < narrow["upper"] < wide["upper"]


def test_every_estimand_has_its_own_question(nine: Cohort) -> None:
    remission = {name: yearly_remission(nine, estimand=name) for name in REMISSION_ESTIMANDS}
    relapse = {name: yearly_relapse(nine, estimand=name) for name in RELAPSE_ESTIMANDS}
    results = [*remission.values(), *relapse.values()]
    for sentences in ({result.question for result in results}, {result.method for result in results}):
        assert len(sentences) == len(results)
    for name, result in (*remission.items(), *relapse.items()):
        assert result.estimand.name == name
        assert "{" not in result.question + result.method
        assert result.question.endswith("?")
        assert "9 patients." in result.method
    assert "complete or partial remission" in yearly_remission(nine, response="any").question


@pytest.fixture(scope="module")
def scored() -> Cohort:
    """Four patients with all columns of the rules."""
    patients = pd.DataFrame({"patient_id": list("abcd"), "follow_up_months": 30, "died": 0})
    visits = pd.DataFrame(
        [
            ("a", 12, 0, 0, 0.2, 5.0, "complete"),
            ("a", 24, 6, 6, 0.2, 5.0, "complete"),
            ("b", 12, 2, 0, 0.4, 7.5, "partial"),
            ("b", 24, 14, 12, 2.0, 20.0, "none"),
            ("c", 12, 4, 4, 1.0, 7.5, "none"),
            ("c", 24, 0, 0, None, 5.0, "complete"),
            ("d", 11, 4, 2, 0.8, 5.0, "partial"),
            ("d", 12, None, None, None, None, "complete"),
            ("d", 24, 2, 2, 0.2, None, None),
        ],
        columns=["patient_id", "months", "sledai", "clinical_sledai", "pga", "prednisone_mg_per_day", "remission"],
    )
    return read_cohort(patients, visits)


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("recorded", ("ad", "abcd"), ("ac", "abc")),
        (sledai_at_most(2), ("ab", "abcd"), ("cd", "abcd")),
        (sledai_at_most(4), ("abcd", "abcd"), ("cd", "abcd")),
        (sledai_at_most(4, prednisone_mg_per_day=5), ("ad", "abcd"), ("c", "abc")),
        (doris_2021(), ("a", "abcd"), ("", "abd")),
        (lldas(), ("abcd", "abcd"), ("", "ab")),
    ],
    ids=str,
)
def test_remission_by_rule(scored: Cohort, rule: object, first: tuple[str, str], second: tuple[str, str]) -> None:
    # By a rule the visit of d at 11 stands for year 1: at 12 nothing was measured.
    result = yearly_remission(scored, rule=rule)
    for year, (counted, denominator) in enumerate((first, second), start=1):
        assert who(scored, result, year) == (counted, denominator)


def test_parts_of_a_rule_not_applied_are_in_the_method(scored: Cohort) -> None:
    result = yearly_remission(scored, rule=lldas())
    assert "not applied: no activity in a major organ" in result.method
    assert result.question == "How many of the patients assessed are in low disease activity by LLDAS each year?"


def test_relapse_by_rule(scored: Cohort) -> None:
    rise = yearly_relapse(scored, rule=rise_after_remission())
    assert who(scored, rise, 2) == ("a", "abcd")
    flare = yearly_relapse(scored, rule=selena_flare(), remission=sledai_at_most(4))
    assert who(scored, flare, 2) == ("ab", "abcd")


def test_estimates_do_not_affect_each_other() -> None:
    patients = pd.DataFrame(
        {"patient_id": ["a", "b"], "follow_up_months": [12, 12], "died": [0, 0], "relapse_months": [9, None]}
    )
    visits = pd.DataFrame({"patient_id": ["a", "a", "b", "b"], "months": [0, 12, 0, 12], "sledai": [10, 8, 12, None]})
    cohort = read_cohort(patients, visits)
    assert yearly_relapse(cohort, rule=selena_flare()).bars["patients"].tolist() == [1]
    # A visit without a score cannot show a flare, but the patient was alive at it.
    assert yearly_relapse(cohort).bars[["events", "patients"]].to_numpy().tolist() == [[1, 2]]


def test_a_cohort_without_recorded_relapses(scored: Cohort) -> None:
    nothing = read_cohort(pd.DataFrame({"patient_id": ["a"], "follow_up_months": [20], "died": [0]}))
    for estimand in RELAPSE_ESTIMANDS:
        result = yearly_relapse(scored, estimand=estimand)
        assert "this cohort records no relapses" in result.method
        assert result.bars["patients"].tolist() == [0, 0]
        assert result.ledger["assessed"].tolist() == [4, 4]
        # The definition of remission is not checked without relapses to count.
        assert yearly_relapse(nothing, estimand=estimand, remission=lldas()).bars["patients"].tolist() == [0]
    with pytest.raises(ValueError, match="visits needs relapse"):
        yearly_relapse(scored, rule="visits")


def test_a_rule_without_its_columns_is_refused(nine: Cohort) -> None:
    with pytest.raises(ValueError, match="LLDAS needs sledai and pga and prednisone_mg_per_day"):
        yearly_remission(nine, rule=lldas())


@pytest.mark.parametrize(
    "arguments",
    [{"estimand": "ever"}, {"rule": "guess"}, {"interval": "wald"}, {"response": "guess"}, {"window_months": 0}],
)
def test_unknown_arguments_are_refused_by_name(nine: Cohort, arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Unknown|window"):
        yearly_relapse(nine, **arguments)


def test_late_entries_never_at_risk_are_not_in_the_denominator() -> None:
    patients = pd.DataFrame(
        {"patient_id": ["a", "b"], "follow_up_months": [24, 24], "died": 0, "entry_months": [0, 20]}
    )
    visits = pd.DataFrame({"patient_id": ["a", "b"], "months": [12, 12], "remission": ["complete", "complete"]})
    cohort = read_cohort(patients, visits)
    result = yearly_remission(cohort, estimand="ever")
    assert who(cohort, result, 1) == ("a", "a")  # b had it before entry
    assert kaplan_meier(cohort).summary["patients"].tolist() == [2]
