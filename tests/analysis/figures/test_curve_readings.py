"""The sentence on curves: one time for all groups, and one with few at risk only if there is no other."""

from hypothesis import given
from hypothesis import strategies as st

from analysis import Pinned, cumulative_incidence, kaplan_meier, load_sample
from analysis.disclosure.shared_curves import shared_survival
from analysis.estimates.survival.curve_differences import curve_differences
from analysis.estimates.survival.incidence import CumulativeIncidence
from analysis.estimates.survival.kaplan_meier import KaplanMeier
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.survival.curve_readings import incidence_reading, survival_reading
from analysis.figures.survival.kaplan_meier import survival_description
from tests.analysis.figures.results import curves, incidences
from tests.analysis.made import arms, cohort_of

EACH = "the last with at least 10 at risk in each group"


def test_groups_are_read_at_the_last_year_with_ten_at_risk_in_each() -> None:
    # At 3 years 12 of UC are at risk and 9 of BM, at 2 years 15 and 11. One of each group has died by then.
    result = curves({"BM": [30.0] * 2 + [60.0] * 8, "UC": [30.0] * 3 + [47.0] * 12}, {"BM": [6.0, 40.0], "UC": [10.0]})
    words = survival_reading(result, "alive", "deaths")
    # BM 11 / 12 and UC 15 / 16. Here and below: R, survfit(conf.type = "log-log"), differences put together by hand.
    assert words == (
        f"Alive at 2 years ({EACH}): BM 92 % (54–99, 11 at risk), UC 94 % (63–99, 15 at risk); "
        "difference 2 points (−29 to 40), UC minus BM."
    )
    assert survival_reading(result, "alive", "deaths", few=9).startswith("Alive at 3 years (the last with at least 9 ")
    assert " 30.0 months " in survival_reading(result, "alive", "deaths", months=[6, 30])
    assert survival_reading(result, "alive", until=20).startswith(f"Alive at 1 year ({EACH})")
    assert f"Without the event at 2 years ({EACH}): BM 92 % (54–99, 11 at risk)" in survival_description(result)
    assert f"With the event at 2 years ({EACH}): BM 8 % (1–46, 11 at risk)" in survival_description(
        result, failure=True
    )


def test_where_no_year_has_ten_at_risk_in_each_it_is_the_last_common_one_and_says_so() -> None:
    result = curves({"BM": [30.0] * 20, "UC": [70.0] * 3}, {"BM": [6.0], "UC": [5.0]})
    assert survival_reading(result, "alive", "deaths").startswith(
        "Alive at 2 years (the last that all groups reach; at no month are 10 at risk in each): BM 95 % (71–99, 20 at "
        "risk), UC 75 % (13–96, 3 at risk); difference −20 points ("
    )


def test_where_only_months_have_ten_at_risk_in_each_the_last_of_them_is_read() -> None:
    result = curves({"BM": [30.0] * 20, "UC": [5.0] * 6 + [30.0] * 5}, {"BM": [6.0], "UC": [3.0]})
    assert survival_reading(result, "alive").startswith(f"Alive at 5.0 months ({EACH}): BM 100 %")


def test_below_a_year_whole_months_are_read() -> None:
    result = curves({"BM": [float(month) for month in range(1, 12)] * 2, "UC": [9.0] * 12}, {"BM": [2.0], "UC": [3.0]})
    assert survival_reading(result, "alive").startswith(f"Alive at 7.0 months ({EACH}): BM 95 % (71–99, 10 at risk)")


def test_of_three_groups_each_differs_from_the_first() -> None:
    result = curves({"BM": [30.0] * 20, "UC": [30.0] * 19, "AD": [30.0] * 11}, {"BM": [6.0], "UC": [5.0, 7.0]})
    words = survival_reading(result, "alive", "deaths")
    assert "; differences from BM: UC −5 points (−29 to 21), AD 5 points (−24 to 29)." in words
    # A group without events gives the largest possible share.
    assert words.endswith(" AD: 0 deaths among 11 patients; by then the data are compatible with up to 28 %.")


def test_the_differences_are_those_of_the_table() -> None:
    sample = load_sample()
    row = curve_differences(sample, by="msc_source", months=[24]).table.iloc[0]
    low, high = (f"{round(100 * row[limit])}".replace("-", "−") for limit in ("lower", "upper"))
    words = survival_reading(kaplan_meier(sample, by="msc_source"), "alive", "deaths", until=24)
    assert f" points ({low} to {high}), UC minus BM" in words


def test_groups_that_share_patients_have_a_difference_without_limits() -> None:
    sample = load_sample()
    pinned = Pinned.of(sample, sample.subset(sample.patients["sex"] == "female"), ("everybody", "women"))
    for words in (
        survival_reading(kaplan_meier(sample, by=pinned), "alive", "deaths"),
        incidence_reading(cumulative_incidence(sample, by=pinned), "relapsed", "relapses"),
    ):
        assert "(no interval: the groups share patients), women minus everybody." in words


def test_a_group_without_patients_is_not_read() -> None:
    words = survival_reading(curves({"BM": [], "uc": [30.0] * 12}, {"uc": [5.0]}), "alive")
    assert words == "uc: alive at 2 years: 92 % (57–99, 12 at risk)."
    assert survival_reading(curves({"All": []}), "alive") == NO_PATIENTS
    assert survival_reading(curves({"BM": [], "uc": [5.0]}), "alive").startswith("uc: 0 events among 1 patient; ")


def test_a_curve_alone_is_read_where_ten_are_at_risk() -> None:
    result = curves({"All": [30.0] * 10 + [60.0]}, {"All": [10.0]})
    assert survival_reading(result, "alive") == (
        "Alive at 2 years (the last with at least 10 at risk): 92 % (54–99, 11 at risk)."
    )
    assert survival_reading(curves({"All": [30.0] * 11}, {"All": [10.0]}), "alive") == (
        "Alive at 2 years: 92 % (54–99, 11 at risk)."
    )
    assert survival_reading(curves({"All": [6.0, 20.0, 30.0, 30.0]}, {"All": [10.0]}), "alive") == (
        "Alive at 2 years (at no month are 10 at risk): 75 % (13–96, 2 at risk)."
    )
    assert survival_reading(curves({"All": [6.0, 9.0]}, {"All": [3.0]}), "alive") == (
        "Alive at 9.0 months (at no month are 10 at risk): 67 % (5–95, 1 at risk)."
    )


def test_no_event_is_not_read_as_certainty() -> None:
    assert survival_reading(curves({"All": [24.0] * 20}), "alive") == (
        "0 events among 20 patients; by 2 years the data are compatible with up to 17 %, 20 at risk."
    )
    few = curves({"All": [18.0] * 4 + [30.0] * 3 + [60.0]})
    assert survival_reading(few, "alive", "deaths") == (
        "0 deaths among 8 patients; by 2 years (at no month are 10 at risk) the data are compatible with up to 60 %, "
        "4 at risk."
    )


def test_incidence_is_read_as_what_has_happened() -> None:
    one = incidences({"BM": [(6.0, "event"), (9.0, "death"), *[(30.0, "")] * 18]})
    assert incidence_reading(one, "relapsed", "relapses") == "Relapsed at 2 years: 5 % (0–21, 18 at risk)."
    none = incidences({"BM": [(6.0, "death"), *[(30.0, "")] * 19]})
    assert incidence_reading(none, "relapsed", "relapses") == (
        "0 relapses among 20 patients; by 2 years the data are compatible with up to 18 %, 19 at risk."
    )
    both = incidences({"BM": [(6.0, "event"), *[(30.0, "")] * 18], "UC": [(9.0, "death"), *[(30.0, "")] * 11]})
    words = incidence_reading(both, "relapsed", "relapses")
    assert words.startswith(f"Relapsed at 2 years ({EACH}): BM 5 % (0–21, 18 at risk), UC 0 % (0–28, 11 at risk); ")
    assert words.endswith(" UC: 0 relapses among 12 patients; by then the data are compatible with up to 28 %.")


def test_months_that_count_from_elsewhere_say_so() -> None:
    result = cumulative_incidence(load_sample(), "remission_duration")
    words = incidence_reading(result, "relapsed", "relapses")
    assert words.startswith("Relapsed at 1 year from first complete remission (the last with at least 10 at risk): ")


def test_hidden_numbers_are_named_as_hidden() -> None:
    months = [float(month) for month in range(1, 41)]
    rows = [(month, int(place % 3 == 0)) for place, month in enumerate(months)]
    result = shared_survival(kaplan_meier(arms(A=rows, B=[*rows, (40.0, 0), (40.0, 0)]), by="arm"), 5)
    for chosen in ([], [1, 2, 4, 7]):
        words = survival_reading(result, "alive", "deaths", months=chosen)
        assert "nan" not in words.lower()
        assert "at risk)" in words


def test_a_curve_that_rests_on_one_early_patient_warns() -> None:
    cohort = cohort_of([40.0] * 31, [1] + [0] * 30, entry_months=[0.0] + [20.0] * 30)
    words = "as few as 1 up to month 20"
    survival, relapse = kaplan_meier(cohort), cumulative_incidence(cohort, "overall_survival")
    for result, reading in (
        (survival, survival_reading(survival, "alive")),
        (relapse, incidence_reading(relapse, "dead")),
    ):
        assert words in result.caution
        assert result.caution in result.method
        assert reading.endswith(result.caution)
    by_arm = cohort_of(
        [40.0] * 42, [1, 0] * 21, entry_months=[0.0] + [20.0] * 30 + [0.0] * 10 + [3.0], arm=["A"] * 31 + ["B"] * 11
    )
    assert "(as few as 1 in A up to month 20)" in kaplan_meier(by_arm, by="arm").caution
    assert kaplan_meier(load_sample()).caution == ""


ENDS = st.lists(st.tuples(st.integers(1, 60), st.sampled_from(["event", "death", ""])), min_size=0, max_size=25)


@given(st.lists(ENDS, min_size=2, max_size=4).filter(any), st.booleans())
def test_it_names_no_time_with_few_at_risk_where_there_is_another(
    ends: list[list[tuple[int, str]]], incidence: bool
) -> None:
    groups = {
        name: [(float(month), end) for month, end in rows] for name, rows in zip("ABCD", ends, strict=False) if rows
    }
    result: KaplanMeier | CumulativeIncidence
    if incidence or len(groups) < 2:
        result = incidences(groups)
        words = incidence_reading(result, "relapsed", "relapses")
    else:
        result = curves(
            {name: [month for month, end in rows if end != "event"] for name, rows in groups.items()},
            {name: [month for month, end in rows if end == "event"] for name, rows in groups.items()},
        )
        words = survival_reading(result, "alive", "deaths")
    assert not any(word in words.lower() for word in ("nan", "none", "inf "))
    assert "follow" not in words
    table = result.summary[result.summary["patients"] > 0]
    reached = min(result.curve.groupby("group", observed=True)["months"].max()[table["group"]])
    at = result.at(range(1, int(reached) + 1))
    fewest = at[at["group"].isin(table["group"])].groupby("months")["at_risk"].min()
    ten = fewest.index[fewest >= 10]
    with_ten = ten[ten % 12 == 0] if (ten % 12 == 0).any() else ten
    assert ("at no " in words) == with_ten.empty
    if len(with_ten):
        month = int(with_ten.max())
        named = f"{month // 12} year" if month % 12 == 0 else f"{month}.0 months"
        assert f" {named}" in words
