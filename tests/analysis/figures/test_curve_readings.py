"""The sentence on one curve: a time with few at risk only if there is no other."""

from analysis import cumulative_incidence, kaplan_meier
from analysis.figures.common.number_words import NO_PATIENTS
from analysis.figures.survival.curve_readings import incidence_reading, survival_reading
from tests.analysis.figures.results import curves, incidences
from tests.analysis.made import SAMPLE, cohort_of


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


def test_months_that_count_from_elsewhere_say_so() -> None:
    result = cumulative_incidence(SAMPLE, "remission_duration")
    words = incidence_reading(result, "relapsed", "relapses")
    assert words.startswith("Relapsed at 1 year from first complete remission (the last with at least 10 at risk): ")


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
    assert kaplan_meier(SAMPLE).caution == ""
