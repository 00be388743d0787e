"""Downloads: the files of each figure, the report, the saved session."""

import json
import re
from importlib.util import find_spec

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis import read_cohort
from analysis.estimates.survival.log_rank import LogRank
from analysis.figures.description.one_patient import ONE_PATIENT
from analysis.figures.description.treatments import TREATMENTS
from analysis.figures.registry import KINDS
from analysis.figures.scores.waterfall import WATERFALL
from analysis.figures.states.dots import DOTS
from analysis.figures.states.swimmer import SWIMMER
from analysis.figures.survival.beside_survival import BESIDE_SURVIVAL
from analysis.figures.survival.centres_at_month import CENTRE_SURVIVAL
from analysis.figures.survival.group_tests import log_rank_table
from analysis.figures.survival.incidence import INCIDENCE
from analysis.figures.yearly.centres_by_year import CENTRE_SHARES
from pages.shown import reporting
from pages.state import session_file
from pages.state.report_options import FIGURES as REPORTED
from tests.pages.test_pages import assert_sound, go, open_app, said, tables, unfold

FIGURES = [
    ("overview", ["overall_survival", "yearly_remission", "yearly_relapse", "sledai"]),
    ("survival", ["survival"]),
    ("response", ["remission", "relapse", "ledger_All", "every_remission", "every_relapse", "states_All"]),
    ("activity", ["trajectory", "waterfall"]),
    ("patients", ["patient_chart", "swimmer"]),
]
FOLDS = {"response": ("open_ledger", "open_ways", "open_states"), "activity": ("open_waterfall",)}


def labels(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


@pytest.mark.parametrize(("page", "figures"), FIGURES)
def test_every_figure_offers_its_files(page: str, figures: list[str]) -> None:
    app = go(open_app(), page)
    for fold in FOLDS.get(page, ()):
        app = unfold(app, fold)
    assert not app.exception
    for figure in figures:
        app = unfold(app, f"take_{figure}")
        assert_sound(app)
        assert {"PNG", "SVG", "PDF", "Numbers (CSV)", "Python script"} <= set(labels(app))
        app.session_state[f"take_{figure}"] = False


def test_curves_and_bars_have_a_script_in_r_and_the_ledger_has_none() -> None:
    app = go(open_app(), "survival")
    assert "R script with its data" in labels(unfold(app, "take_survival"))
    app = unfold(go(open_app(), "response"), "take_remission")
    assert "R script with its data" in labels(app)
    app = unfold(go(open_app(), "response"), "open_ledger")
    before = labels(app).count("R script with its data")
    app = unfold(app, "take_ledger_All")
    assert "Numbers (CSV)" in labels(app)
    assert labels(app).count("R script with its data") == before


def test_a_figure_goes_into_the_report_as_it_was() -> None:
    app = open_app()
    app.query_params["endpoint"] = "relapse"
    app.query_params["source"] = "UC"
    app = unfold(go(app, "survival"), "take_incidence")
    app = app.toggle(key="keep_incidence").set_value(True).run()
    app.button(key="clear_all").click()
    app = go(app.run(), "report")
    assert_sound(app)
    assert "Aalen" in said(app)
    assert "MSC source UC" in said(app)
    assert re.search(r'The figure "[^"]+" is of other patients: MSC source UC\.', said(app))
    (remove,) = [button for button in app.button if button.label == "Remove"]
    app = remove.click().run()
    assert "MSC source UC" not in said(app)


def test_the_table_of_the_paper_and_the_methods_are_there_at_once() -> None:
    app = go(open_app(), "report")
    table = tables(app)["Remission and relapse per year"].set_index("Outcome")
    assert [cell.split(":")[0] for cell in table.loc["Complete remission"]] == ["23/83", "12/39", "5/12", "3/6"]
    assert [cell.split(":")[0] for cell in table.loc["New relapse"]] == ["10/83", "7/39", "2/12", "1/6"]
    assert "Overall survival was estimated by the Kaplan-Meier method [" in said(app)
    app.session_state["open_references"] = True
    assert re.search(r"\d\. Kaplan EL, Meier P\.", said(app.run()))
    assert "Only 5 deaths" in said(app)


@pytest.mark.parametrize(
    ("options", "cell", "rule"),
    [
        ({}, r"withheld: fewer than 10 events \(5\).*", "10 events (5 a group) or 10 patients a group"),
        (
            {"few_events": "2", "few_patients": "5"},
            r"0\.\d+",
            "2 events (1 a group) or 5 patients a group",
        ),
    ],
)
def test_the_test_of_a_report_is_withheld_by_the_numbers_of_the_survival_page(
    options: dict[str, str], cell: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[pd.DataFrame] = []

    def kept(result: LogRank) -> pd.DataFrame:
        printed.append(log_rank_table(result))
        return printed[-1]

    monkeypatch.setattr(reporting, "log_rank_table", kept)
    app = open_app()
    for name, value in {"compare": "msc_source", **options}.items():
        app.query_params[name] = value
    app = go(app, "report")
    assert_sound(app)
    assert f"withheld below {rule}" in said(app)
    assert re.fullmatch(cell, printed[-1]["p"].iloc[0])


@pytest.mark.parametrize(
    ("package", "label", "told"),
    [("docx", "Report (Word)", "pip install '.[word]'"), ("pptx", "Slides (PowerPoint)", "pip install '.[slides]'")],
)
def test_a_file_that_needs_a_package_is_offered_or_the_package_named(
    package: str, label: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = go(open_app(), "report")
    assert label in labels(app)
    assert told not in " ".join(each.value for each in app.caption)
    for module in ("word", "archive"):
        monkeypatch.setattr(
            f"analysis.export.{module}.find_spec", lambda name: None if name == package else find_spec(name)
        )
    app = app.run()
    assert_sound(app)
    assert label not in labels(app)
    assert told in " ".join(each.value for each in app.caption)


def test_a_report_needs_a_figure() -> None:
    app = go(open_app(), "report")
    app = app.button_group(key="report_figures").set_value([]).run()
    assert "at least one figure" in said(app)
    assert "Report (HTML)" not in labels(app)


def saved(**changed: object) -> bytes:
    held = {
        "kind": session_file.KIND,
        "version": 1,
        "files": ["cohort.csv"],
        "mapping": {"format": "msc-lupus column mapping", "version": 1, "columns": {"died": "status"}},
        "asked": "source=UC&compare=msc_source&view=Mine~survival~endpoint%3Drelapse",
    }
    return json.dumps({**held, **changed}).encode()


def test_a_saved_session_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    app = go(open_app(), "report")
    app = app.file_uploader(key="session_file").upload("session.json", saved(), "application/json").run()
    assert_sound(app)
    assert "The session is loaded." in said(app)
    assert [view.name for view in app.session_state["views"]] == ["Mine"]
    assert app.session_state["expected_answers"] == {"died": "status"}
    (link,) = [link for link in app.get("page_link") if link.proto.label == "Go to what was in view"]
    assert "source=UC" in link.proto.query_string


@pytest.mark.parametrize("asked", ["embed=true&source=UC", "=&=&&view=a~b~c&%ED%A0%80=%00"])
def test_a_session_file_with_any_question_can_be_continued(asked: str) -> None:
    app = go(open_app(), "report")
    data = saved(asked=asked, files=["<b>![](x)\x00\n" + "n" * 10_000])
    app = app.file_uploader(key="session_file").upload("session.json", data, "application/json").run()
    assert_sound(app)
    (told,) = [each.value for each in app.markdown if "The session is loaded" in each.value]
    assert len(told) < 500
    assert "\x00" not in told


def test_an_invalid_session_file_changes_nothing() -> None:
    app = go(open_app(), "report")
    for data in (
        b"\xff",
        b"[]",
        b"{}",
        b'{"kind": "msc-lupus views"}',
        b"[" * 100_000,
        b" " * 1_000_001 + saved(),
        saved()[:-9],
        saved(kind="other"),
        saved(version=2),
        saved(version=float("nan")),
        saved(files=3),
        saved(files="cohort.csv"),
        saved(files=[1]),
        saved(mapping={"columns": {"x": 1}}),
        saved(mapping=[]),
        saved(asked=None),
        saved(asked={"a": 1}),
        saved(asked="source=\ud800"),
    ):
        app = app.file_uploader(key="session_file").upload("session.json", data, "application/json").run()
        assert_sound(app)
        assert "The session is loaded" not in said(app), data[:80]
        assert "expected_answers" not in app.session_state
        assert app.warning


def test_small_counts_are_hidden_wherever_a_file_is_made() -> None:
    app = open_app()
    app.query_params["share_least"] = "5"
    app = go(app, "report")
    assert_sound(app)
    assert "in another way when patients died" in " ".join(each.value for each in app.warning)
    app = app.button_group(key="report_figures").set_value(["Remission per year"]).run()
    assert_sound(app)
    assert "hidden/6" in said(app)
    assert "Only 5 deaths" not in said(app)
    app = unfold(go(app, "survival"), "take_survival")
    assert "counts below 5 are hidden" in said(app)
    assert "R script with its data" not in labels(app)
    app = unfold(go(app, "patients"), "take_swimmer")
    assert "Single patients are not shared" in said(app)
    assert "PNG" not in labels(app)


def test_what_may_not_be_shared_is_told_in_the_report() -> None:
    app = open_app()
    app.query_params["share_least"] = "10"
    app = go(app, "report")
    assert_sound(app)
    assert [warning for warning in app.warning if "How many are alive over time?" in warning.value]
    assert "Report (HTML)" in labels(app)


@pytest.mark.parametrize(
    ("share", "offered"),
    [({}, "Corrected copy (ZIP)"), ({"share_ids": "yes"}, "Copy for sharing (ZIP)"), ({"share_least": "5"}, "")],
)
def test_the_copy_of_the_tables_obeys_disclosure_control(share: dict[str, str], offered: str) -> None:
    app = open_app()
    patients = pd.DataFrame({"patient_id": ["a", "b"], "follow_up_months": [3, 4], "died": [0, 1]})
    app.session_state["uploaded"] = read_cohort(patients)
    for name, value in share.items():
        app.query_params[name] = value
    app = go(app, "cohort")
    assert_sound(app)
    copies = [label for label in labels(app) if label.startswith(("Corrected", "Copy"))]
    assert copies == ([offered] if offered else [])


# One at a time from its own page: of single patients, or of an endpoint, a measure or drugs that have to be chosen.
NOT_LISTED = {
    INCIDENCE,
    WATERFALL,
    SWIMMER,
    DOTS,
    ONE_PATIENT,
    TREATMENTS,
    BESIDE_SURVIVAL,
}
OF_CENTRES = {CENTRE_SHARES, CENTRE_SURVIVAL}  # in the report of the page of centres


def test_every_kind_of_figure_is_in_the_list_or_kept_from_it_for_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = {}
    make = reporting.standard_exhibits

    def kept(view, names):
        drawn.update(make(view, names))
        return drawn

    monkeypatch.setattr(reporting, "standard_exhibits", kept)
    app = go(open_app(), "report")
    app = app.button_group(key="report_figures").set_value(list(REPORTED)).run()
    assert_sound(app)
    assert set(drawn) == set(REPORTED)
    listed = {shown.drawing.kind for held in drawn.values() for shown in held}
    assert not listed & NOT_LISTED
    assert listed | NOT_LISTED | OF_CENTRES == set(KINDS)
