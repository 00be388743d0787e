"""The rule across curves: the values of all groups at one month, drawn, moved and said."""

import pandas as pd
import pytest

from analysis import OneOf, Pinned, cumulative_incidence, kaplan_meier
from analysis.cohort.filters import Filters
from analysis.figures.survival.incidence import incidence_chart, incidence_description
from analysis.figures.survival.kaplan_meier import survival_chart, survival_description
from analysis.figures.survival.month_rule import MOST_ROWS, month_words, readings
from analysis.figures.survival.told_curves import survival_curves
from tests.analysis.figures.results import curves, spec, texts_at
from tests.analysis.made import SAMPLE


def test_a_month_is_read_as_the_curves_are_at_it() -> None:
    result = kaplan_meier(SAMPLE, by="msc_source")
    table = readings(survival_curves(result, failure=False), 48.7, None).table
    at = result.at([float(month) for month in range(49)])
    expected = at[at["survival"].notna()].sort_values("months", kind="stable")
    assert table["value"].tolist() == pytest.approx((100 * expected["survival"]).tolist())
    assert [str(group) for group in expected["group"]] == table["group"].tolist()
    # As of the table at chosen times: 44 and 40 at risk at month 12.
    year = table[table["months"] == 12].set_index("group")
    assert year.loc["BM", "words"] == "BM 98 % (85–100, 44 at risk)"
    assert year.loc["UC", "words"] == "UC 98 % (84–100, 40 at risk)"


def test_the_rule_stands_at_the_month_in_a_picture_and_nowhere_without_one() -> None:
    result = kaplan_meier(SAMPLE, by="msc_source")
    told = texts_at(survival_chart(result, read_at=24), 600)
    assert "BM 98 % (85–100, 28 at risk)" in told
    assert "UC 95 % (80–99, 18 at risk)" in told
    assert "Month 24: difference −3 points (−18 to 10)" in told
    narrow = texts_at(survival_chart(result, read_at=24), 300)
    assert "Month 24" in narrow
    assert not any("at risk)" in text for text in narrow)
    assert not any(text.startswith("Month ") for text in texts_at(survival_chart(result), 600) if "since" not in text)
    beyond = texts_at(survival_chart(result, read_at=24, until=12), 600)
    assert not any(text.startswith("Month 24") for text in beyond)


def test_a_small_figure_has_no_rule() -> None:
    made = str(spec(survival_chart(kaplan_meier(SAMPLE), compact=True)))
    assert "'Month " not in made.replace("Months", "")


def test_the_alternative_text_says_what_is_read() -> None:
    result = kaplan_meier(SAMPLE, by="msc_source")
    assert survival_description(result, read_at=24).endswith(
        "At month 24: BM 98 % (85–100, 28 at risk), UC 95 % (80–99, 18 at risk); difference −3 points (−18 to 10)."
    )
    assert "At month" not in survival_description(result)
    relapse = cumulative_incidence(SAMPLE, "relapse")
    assert "At month 12: 12 % (" in incidence_description(relapse, read_at=12)
    assert "Month 12" in texts_at(incidence_chart(relapse, read_at=12), 600)
    assert month_words(survival_curves(result, failure=False), 300).startswith("At month 300 no curve is left")


def test_groups_that_share_patients_have_no_interval() -> None:
    sample = SAMPLE
    by = Pinned("all", "women", Filters(), Filters({"sex": OneOf("female")}))
    words = month_words(survival_curves(kaplan_meier(sample, by=by), failure=False), 24)
    assert words.partition("difference ")[2].endswith("points.")


def test_many_months_of_many_groups_are_read_at_some_and_at_the_month_that_is_asked() -> None:
    # 500 months of eight groups are 4,000 rows: every seventh is the first that leaves at most 600.
    long = curves({group: [100.0, 300.0, 500.0] for group in "abcdefgh"})
    read = readings(survival_curves(long, failure=False), 500, 17)
    assert len(read.table) <= MOST_ROWS + 8
    assert set(read.table["months"]) >= {0, 7, 14, 17, 21, 497}
    assert read.nearest(pd.Series([9.0, 495.0])) == [7, 497]
