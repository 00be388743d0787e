"""What-if questions, fixed in advance, each answered by at most three clicks.

Each starts on the Overview of the sample, like a new user. Expected numbers are counted in the files of the sample
(`counted`), not taken from the screen.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

SAMPLE = Path(__file__).parents[2] / "sample_data"
PATIENTS = pd.read_csv(SAMPLE / "patients.csv", keep_default_na=False)
VISITS = pd.read_csv(SAMPLE / "visits.csv")
MOST_CLICKS = 3


class Clicks:
    """A visitor with a limited number of clicks."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.made = visit, 0

    def _settled(self) -> None:
        self.made += 1
        self.visit.settle()

    def pill(self, words: str) -> None:
        """Click a value of the filter panel."""
        panel = self.visit.page.get_by_test_id("stSidebar")
        panel.get_by_role("button", name=re.compile(f"^{words} ")).click()
        self._settled()

    def without(self, organ: str) -> None:
        """Exclude an organ."""
        self.visit.page.get_by_role("button", name=f"no {organ}", exact=True).click()
        self._settled()

    def button(self, words: str) -> None:
        """Click a button."""
        self.visit.page.get_by_role("button", name=words).first.click()
        self._settled()

    def page(self, words: str) -> None:
        """Go to a page."""
        self.visit.page.get_by_role("link", name=words, exact=True).first.click()
        self._settled()

    def choice(self, words: str) -> None:
        """Click one of several estimands."""
        self.visit.page.get_by_role("radio", name=words, exact=True).first.click(force=True)
        self._settled()

    def compare(self, words: str) -> None:
        """Choose groups: one click opens the list, where the words are typed, another chooses."""
        self.visit.page.get_by_role("combobox", name=re.compile("Compare")).click()
        self.visit.page.keyboard.type(words)
        self.visit.page.get_by_role("option", name=words, exact=True).click()
        self.made += 1
        self._settled()


def organs(*held: str) -> pd.Series:
    return PATIENTS["organs"].map(lambda text: set(held) <= set(re.split("[;|, ]+", text)))


def uc() -> pd.Series:
    return PATIENTS["msc_source"] == "UC"


def strip(visit: Visit, words: str) -> None:
    expect(visit.page.locator(".st-key-strip")).to_contain_text(words)


def main(visit: Visit, words: str | re.Pattern[str]) -> None:
    expect(visit.page.get_by_test_id("stMain")).to_contain_text(words)


def remission(who: pd.Series, year: int) -> str:
    """Return "n of N" in complete remission among those assessed near the end of a year."""
    near = VISITS[(VISITS["months"] - 12 * year).abs() <= 3]
    near = near[near["patient_id"].isin(PATIENTS.loc[who, "patient_id"]) & near["remission"].notna()]
    near = near.assign(far=(near["months"] - 12 * year).abs()).sort_values("far").drop_duplicates("patient_id")
    return f"{(near['remission'] == 'complete').sum()} of {len(near)}"


def without_the_renal_patients(visit: Visit, clicks: Clicks) -> None:
    clicks.without("renal")
    renal = organs("renal")
    strip(visit, f"{(~renal).sum()} of 87 patients")
    main(visit, f"{remission(~renal, 1)} assessed")


def renal_against_the_others(visit: Visit, clicks: Clicks) -> None:
    clicks.compare("Renal involvement, yes or no")
    renal = organs("renal")
    main(visit, re.compile(r"Alive at .*no renal \d+\s%"))
    # Never are ten without renal involvement seen; most are at year 1.
    told = f"at year 1: no renal .*{remission(~renal, 1)}[)], renal .*{remission(renal, 1)}[)]; difference"
    main(visit, re.compile(f"In no year are 10 assessed in each group; in complete remission {told}"))


def only_umbilical_cord(visit: Visit, clicks: Clicks) -> None:
    clicks.pill("UC")
    strip(visit, f"{uc().sum()} of 87 patients")
    main(visit, f"{remission(uc(), 1)} assessed")


def umbilical_cord_against_bone_marrow(visit: Visit, clicks: Clicks) -> None:
    clicks.compare("By MSC source")
    clicks.page("Survival")
    main(visit, re.compile(r"BM \d+\s%.*, UC \d+\s%.*; difference .*No log-rank test: fewer than 10\sevents\s\(5\)"))


def renal_and_haematological(visit: Visit, clicks: Clicks) -> None:
    clicks.pill("renal")
    clicks.pill("haematological")
    clicks.choice("all of them")
    strip(visit, f"{organs('renal', 'haematological').sum()} of 87 patients")


def women_against_everybody(visit: Visit, clicks: Clicks) -> None:
    clicks.button("Pin these patients")
    clicks.pill("female")
    women = (PATIENTS["sex"] == "female").sum()
    strip(visit, f"all patients 87 beside women {women}, {women} in both")


def back_from_a_filter(visit: Visit, clicks: Clicks) -> None:
    clicks.pill("UC")
    clicks.button("Undo")
    strip(visit, "87 of 87 patients")


def counting_the_dead(visit: Visit, clicks: Clicks) -> None:
    clicks.page("Remission & relapse")
    clicks.choice("Deaths counted")
    died = (PATIENTS["died"].astype(int) == 1) & (PATIENTS["follow_up_months"].astype(float) <= 12)
    done, assessed = remission(PATIENTS["died"].notna(), 1).split(" of ")
    main(visit, f"{done} of {int(assessed) + died.sum()}")


def relapse_with_death_competing(visit: Visit, clicks: Clicks) -> None:
    clicks.page("Survival")
    clicks.choice("Relapse")
    expect(visit.page.get_by_role("heading", name=re.compile("Aalen-Johansen"))).to_be_visible()


def young_against_old(visit: Visit, clicks: Clicks) -> None:
    clicks.compare("By age, cut")
    median = PATIENTS["age_years"].astype(float).median()
    main(visit, re.compile(rf"Alive at .*age below {median:g} years \d+\s%.*, age {median:g} years or more \d+\s%"))


def who_is_behind_the_last_bar(visit: Visit, clicks: Clicks) -> None:
    clicks.page("Remission & relapse")
    main(visit, f"{remission(PATIENTS['died'].notna(), 4)} assessed")


QUESTIONS: dict[str, Callable[[Visit, Clicks], None]] = {
    "And without the renal patients?": without_the_renal_patients,
    "How do the renal patients do beside the others?": renal_against_the_others,
    "How do those with umbilical cord cells do?": only_umbilical_cord,
    "Does survival differ between the sources?": umbilical_cord_against_bone_marrow,
    "How many have both kidney and blood involved?": renal_and_haematological,
    "Do the women do otherwise than the whole cohort, of whom they are most?": women_against_everybody,
    "And as it was before?": back_from_a_filter,
    "How many are in remission at year 1 if who died before counts?": counting_the_dead,
    "How many have relapsed by year 3, allowing for deaths?": relapse_with_death_competing,
    "Does age matter?": young_against_old,
    "How many are the 50 % in remission at year 4?": who_is_behind_the_last_bar,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_what_if_question(visit: Visit, question: str) -> None:
    visit.open()
    clicks = Clicks(visit)
    QUESTIONS[question](visit, clicks)
    assert clicks.made <= MOST_CLICKS
    assert visit.complaints == []
