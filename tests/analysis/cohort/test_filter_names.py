"""Groups are named by the filters that select them, in words as short as a figure needs."""

from datetime import date

import pandas as pd
import pytest

from analysis import AllOf, AnyOf, Between, BetweenDates, Filters, NoneOf, OneOf, read_cohort
from analysis.cohort.conditions import Condition
from analysis.cohort.filter_names import LONGEST, filters_name
from tests import hostile
from tests.analysis.made import SAMPLE

UC, FEMALE, YOUNG = OneOf("UC"), OneOf("female"), Between(18, 29)
WOMEN = {"sex": FEMALE}


@pytest.mark.parametrize(
    ("conditions", "name"),
    [
        ({}, "all patients"),
        ({"msc_source": UC, "organs": NoneOf("renal"), **WOMEN, "age_years": YOUNG}, "UC, no renal, women under 30"),
        ({"age_years": YOUNG}, "patients under 30"),
        ({"age_years": Between(18, 29.5)}, "patients under 30"),
        ({"age_years": YOUNG, "msc_source": UC}, "UC, under 30"),
        ({"age_years": Between(30, 55), "sex": OneOf("male")}, "men 30 or older"),
        ({"age_years": Between(20, 40), "sex": FEMALE}, "women 20 to 40"),
        ({"sex": OneOf("female", "male"), "age_years": YOUNG}, "sex female or male, age at most 29 years"),
        ({"sex": OneOf("female", keep_missing=True)}, "women or not recorded"),
        ({"msc_source": OneOf("BM", "UC")}, "BM or UC"),
        ({"organs": AnyOf("renal", "skin")}, "renal or skin"),
        ({"organs": AllOf("renal", "skin")}, "renal and skin"),
        ({"organs": AnyOf("renal", without=("skin",)), "sex": FEMALE}, "renal, no skin, women"),
        ({"organs": NoneOf("renal", "skin")}, "no renal or skin"),
        ({"organs": AnyOf("renal", "skin", "mucosal", "serositis")}, "4 values of organ involvement"),
        ({"baseline_sledai": Between(8, 12)}, "baseline SLEDAI at most 12 points"),
        ({"baseline_sledai": Between(12, 28)}, "baseline SLEDAI at least 12 points"),
        ({"baseline_sledai": Between(9, 12)}, "baseline SLEDAI 9 to 12 points"),
        ({"prior_cyclophosphamide": OneOf(True)}, "prior cyclophosphamide yes"),
    ],
)  # fmt: skip
def test_the_name_of_filters(conditions: dict[str, Condition], name: str) -> None:
    assert filters_name(Filters(conditions), SAMPLE) == name


def test_a_long_name_has_the_first_conditions_and_how_many_more_there_are() -> None:
    long: dict[str, Condition] = {
        "msc_source": UC,
        "organs": AnyOf("musculoskeletal", "haematological"),
        "baseline_sledai": Between(9, 12),
        "sex": FEMALE,
    }
    assert filters_name(Filters(long), SAMPLE) == "UC, musculoskeletal or haematological and 2 more conditions"


def test_a_name_that_means_something_else_is_in_quotes() -> None:
    cohort = read_cohort(
        pd.DataFrame(
            {
                "patient_id": list("abc"),
                "follow_up_months": 12,
                "died": 0,
                "msc_source": ["All", "everybody else", "UC"],
            }
        )
    )
    assert filters_name(Filters({"msc_source": OneOf("All")}), cohort) == '"All"'
    assert filters_name(Filters({"msc_source": OneOf("everybody else")}), cohort) == '"everybody else"'


def test_days_and_hostile_values_stand_on_one_line_of_limited_length() -> None:
    values = [hostile.SCRIPT, hostile.QUOTES, hostile.OVERRIDE, hostile.LONG, "a\u2028b\nc"]
    cohort = read_cohort(
        pd.DataFrame(
            {
                "patient_id": range(5),
                "follow_up_months": 12,
                "died": 0,
                "ward": values,
                "drawn": [f"2012-0{month}-01" for month in range(1, 6)],
            }
        )
    )
    days = Filters({"drawn": BetweenDates(date(2012, 2, 1), date(2012, 3, 1))})
    assert filters_name(days, cohort) == "drawn 2012-02-01 to 2012-03-01"
    for value in values:
        name = filters_name(Filters({"ward": OneOf(value)}), cohort)
        assert len(name) <= LONGEST + 1
        assert len(name.splitlines()) == 1
