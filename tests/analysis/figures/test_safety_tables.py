"""Deaths and adverse events in words."""

import pandas as pd
import pytest

from analysis import Filters, OneOf, adverse_events, read_cohort
from analysis.estimates.description.deaths import deaths
from analysis.figures.description.safety_tables import (
    deaths_reading,
    deaths_table,
    events_reading,
    events_table,
    none_words,
    rate_words,
    some_words,
)
from tests.analysis.made import SAMPLE

NOT_WORDS = r"\b(?:nan|inf|None|NaT|<NA>)\b"


def reported(rows: list[tuple[str, float, str, int | None, int | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["patient_id", "months", "event", "grade", "related"])


def of_sample(events: pd.DataFrame) -> object:
    """Return the adverse events of the patients of the sample, given these."""
    patients = SAMPLE.patients[["patient_id", "follow_up_months", "died", "msc_source"]]
    return read_cohort(patients, events=events)


def test_zero_events_have_an_upper_limit() -> None:
    assert none_words(87, 0.0415149) == "0 of 87; the data are compatible with up to 4.2 %"
    assert none_words(20, 0.168433) == "0 of 20; the data are compatible with up to 17 %"
    assert some_words(0, 87, 0.0, 0.0, 0.0415149) == none_words(87, 0.0415149)
    assert some_words(5, 87, 5 / 87, 0.0189, 0.129) == "5 of 87, 6 % (2–13)"
    assert some_words(0, 0, float("nan"), float("nan"), float("nan")) == "no patients"


def test_the_deaths_of_the_sample() -> None:
    result = deaths(SAMPLE)
    assert deaths_reading(result) == (
        "Died: 5 of 87, 6 % (2–13); deaths related to the transplantation: 0 of 87; the data are compatible with up "
        "to 4.2 %."
    )
    table = deaths_table(result)
    assert table.iloc[0].tolist() == ["All", "any death", "5/87", "6 % (2–13)"]
    assert table.iloc[1].tolist() == ["By relation", "related to the transplantation", "0/87", "0 %, up to 4.2 %"]
    assert table.iloc[3].tolist() == ["By cause", "infection", "2/87", "2 % (0–8)"]


def test_deaths_by_group_name_the_group() -> None:
    result = deaths(SAMPLE, by="msc_source")
    assert deaths_table(result)["Group"].unique().tolist() == ["BM", "UC"]
    assert "UC: died: 2 of 42, 5 % (1–16)" in deaths_reading(result)


def test_deaths_of_which_nothing_is_known() -> None:
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": 12, "died": [1, 0]})
    result = deaths(read_cohort(patients))
    assert "the relation of 1 death is not recorded" in deaths_reading(result)
    assert "related to the transplantation" not in deaths_reading(result)


def test_events_in_words() -> None:
    result = adverse_events(of_sample(reported([("S001", 1, "Fever", 1, 0), ("S001", 2, "Fever", 1, None)])))
    assert events_reading(result) == (
        "At least one adverse event: 1 of 87, 1 % (0–6); 2 events in 195.8 patient-years, 1.0 (0.1 to 3.7) per 100; "
        "at least one related to the transplantation: 0 of 87; the data are compatible with up to 4.2 %; the relation "
        "of 1 event is not recorded."
    )
    table = events_table(result)
    assert table.iloc[0].tolist() == [
        "any event", "any", "1/87", "1 % (0–6)", "2 / 195.8", "1.0 (0.1 to 3.7)",
    ]  # fmt: skip
    assert table["Relation"].unique().tolist() == ["any", "related", "relation not recorded"]


def test_a_table_without_a_row_says_none_and_no_table_says_nothing() -> None:
    reading = events_reading(adverse_events(of_sample(reported([]))))
    assert reading.startswith("At least one adverse event: 0 of 87; the data are compatible with up to 4.2 %;")
    sample = SAMPLE
    without = adverse_events(read_cohort(sample.patients, sample.visits))
    assert "no table of adverse events" in events_reading(without)
    assert events_table(without).empty


def test_rates() -> None:
    assert rate_words(0.0, 0.0, 1.884) == "0.0 (0.0 to 1.9)"
    assert rate_words(0.05, 0.01, 0.2) == "0.05 (0.01 to 0.20)"
    assert rate_words(float("nan"), float("nan"), float("nan")) == "no patient-time"


@pytest.mark.parametrize("by", [None, "msc_source"])
def test_nobody_left_is_said_in_words(by: str | None) -> None:
    cohort = of_sample(reported([("S001", 1, "Fever", None, None)])).where(Filters({"msc_source": OneOf("AD")}))
    events, died = adverse_events(cohort, by=by), deaths(cohort, by=by)
    assert events_reading(events) == deaths_reading(died)
    assert "No patient is left" in deaths_reading(died)
    for table in (events_table(events), deaths_table(died)):
        assert not table.stack().astype(str).str.contains(NOT_WORDS).any()
