"""The Disease activity and Patients pages with every option."""

import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis import read_cohort
from tests.pages.test_pages import IGNORED, assert_sound, go, open_app, said, unfold


@pytest.mark.parametrize(
    ("summary", "comparison"),
    [
        ("Mean (95 % interval)", ""),
        ("Mean (95 % interval)", "msc_source"),
        ("Mean (standard deviation)", "msc_source"),
        ("Median (quartiles)", ""),
        ("Median (95 % interval)", "msc_source"),
        ("Geometric mean (95 % interval)", ""),
    ],
)
def test_every_line_and_band(summary: str, comparison: str) -> None:
    app = open_app()
    app.query_params["summary"] = summary
    app.query_params["compare"] = comparison
    app = go(app, "activity")
    assert_sound(app)
    assert summary in said(app)
    assert IGNORED not in said(app)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"values": "Change"}, "Mean change of SLEDAI"),
        ({"values": "Change in percent"}, "percent"),
        ({"schedule": "0, 6, 12"}, "Month 12"),
        ({"schedule": "tomorrow"}, "Month 48"),
        ({"within": "1"}, "Month 48"),
        ({"same_patients": "yes"}, "the same patients at every month"),
        ({"responds": "fall 7"}, "by 7 points or more"),
        ({"responds": "own", "response_kind": "fall", "response_by": "8"}, "by 8 points or more"),
        ({"responds": "own", "response_kind": "fall in percent", "response_percent": "30"}, "by 30 % or more"),
        ({"responds": "own", "response_kind": "at most", "response_limit": "4"}, "SLEDAI of at most 4 points"),
        ({"measure": "albumin_g_per_l"}, "How many patients have albumin of at least 35 g/L?"),
        ({"measure": "anti_dsdna_iu_per_ml"}, "Mean anti-dsDNA"),
        ({"axis": "Logarithmic"}, "Mean SLEDAI"),
        ({"measure": "egfr_ml_per_min_per_1_73m2"}, "eGFR was computed from creatinine, age and sex by CKD-EPI 2021"),
        ({"scheme": "bsr"}, "Gordon"),
        ({"models": "yes"}, "linear mixed model"),
        ({"measure": "proteinuria_g_per_24h"}, "Mean proteinuria 2.9 g/24 h at month 0 (82 patients)"),
        ({"measure": "albumin_g_per_l", "values": "Change"}, "Mean change of albumin 0.0 g/L at month 0"),
    ],
)
def test_every_option(options: dict[str, str], expected: str) -> None:
    app = open_app()
    for name, value in options.items():
        app.query_params[name] = value
    app = unfold(go(app, "activity"), "open_how_made")
    assert_sound(app)
    assert expected in said(app)
    assert IGNORED not in said(app)


@pytest.mark.parametrize(
    ("measure", "comparison"),
    [
        ("albumin_g_per_l", ""),
        ("albumin_g_per_l", "msc_source"),
        ("platelets_10e9_per_l", "msc_source"),
        ("prednisone_mg_per_day", ""),
    ],
)
def test_a_fall_of_points_and_its_bands_are_of_sledai_alone(measure: str, comparison: str) -> None:
    app = open_app()
    app.query_params["measure"] = measure
    app.query_params["compare"] = comparison
    app = go(app, "activity")
    assert_sound(app)
    words = said(app)
    assert not re.search(
        r"fall|or more|band of|SLEDAI (?!over)|worse|improve|Albumin (?!\()|Platelets (?!\()", words
    ), words


def test_the_fall_and_the_bands_of_sledai_are_there() -> None:
    words = said(go(open_app(), "activity"))
    assert "fall of SLEDAI by 4 points or more" in words
    assert "each band of SLEDAI" in words


def test_a_month_without_anybody_has_no_change_to_show() -> None:
    app = open_app()
    app.query_params["schedule"] = "0, 500"
    assert_sound(go(app, "activity"))


def test_one_patient_and_the_next() -> None:
    app = open_app()
    app.query_params["patient"] = "S020"
    app = go(app, "patients")
    assert_sound(app)
    assert app.selectbox(key="patient").value == "S020"
    next(button for button in app.button if button.label == "Next").click()
    app = app.run()
    assert app.selectbox(key="patient").value == "S021"
    assert_sound(app)


@pytest.mark.parametrize(
    ("sort", "words"), [("response", "longest in remission"), ("source", "by MSC source, longest")]
)
def test_lanes_are_sorted(sort: str, words: str) -> None:
    app = open_app()
    app.query_params["lanes"] = sort
    app = unfold(go(app, "patients"), "open_how_made")
    assert_sound(app)
    assert words in said(app)
    assert IGNORED not in said(app)


def of_mood(**options: str) -> AppTest:
    """Return the page with a measure that nobody but the file knows."""
    patients = b"patient_id,follow_up_months,died\na,60,0\nb,60,0\nc,60,0\n"
    rows = [(patient, month, month + place) for place, patient in enumerate("abc") for month in (0, 6, 12)]
    visits = pd.DataFrame(rows, columns=["patient_id", "months", "mood"])
    app = open_app()
    cohort = read_cohort(patients, visits)
    for name, value in {**options, "data": cohort.fingerprint[:12]}.items():
        app.query_params[name] = value
    app = app.run()
    app.session_state["opened"] = cohort
    app = go(app, "activity")
    assert_sound(app)
    return app


def test_of_an_unknown_measure_it_is_asked_which_values_are_better() -> None:
    asked = of_mood()
    (question,) = [each for each in asked.button_group if each.key == "better"]
    assert question.label.startswith("Which values of this measure are better?")
    assert "How many patients have" not in said(asked)
    told = said(of_mood(better="higher mood", responds="own", response_kind="rise", response_by="6"))
    assert "How many patients have a rise of mood by 6 or more?" in told
    assert IGNORED not in told


def test_what_is_better_of_one_measure_is_not_of_another() -> None:
    told = said(of_mood(better="higher spirits", responds="own", response_kind="rise", response_by="6"))
    assert "How many patients have" not in told


def test_of_a_known_measure_nothing_is_asked() -> None:
    for measure in ("sledai", "creatinine_umol_per_l", "albumin_g_per_l"):
        app = open_app()
        app.query_params["measure"] = measure
        assert not [each for each in go(app, "activity").button_group if each.key == "better"]
