"""A registry on the usual pages: the same numbers as of its patients in one cohort, opened by a name."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.intake.assemble import SAMPLE_MAPPING
from analysis.registry.count import Count, EngineError
from analysis.registry.folder import Folder
from analysis.registry.ibis_engine import IbisEngine
from analysis.registry.importing import import_registry
from analysis.registry.publishing import publish
from analysis.registry.registry_cohort import RegistryCohort
from tests.analysis.made import SAMPLE
from tests.analysis.registry.folders import TablesSource, sample_tables
from tests.pages.test_pages import go, open_app, said, tables, unfold
from tests.pages.test_rows_elsewhere import FILTERED, opened, words_of

duckdb = pytest.importorskip("duckdb")
pytestmark = pytest.mark.newest  # the same pages on any versions are asked in test_pages.py

# All pages are compared without rows in test_rows_elsewhere.py, and the numbers of a registry in test_conformance.py.
PAGES = ("overview", "response")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    source = TablesSource(sample_tables())
    path = tmp_path_factory.mktemp("registry")
    return import_registry(source, path, patients_a_part=30, mapping=SAMPLE_MAPPING)


@pytest.mark.parametrize("page", PAGES)
def test_a_registry_says_what_its_patients_say(page: str, folder: Folder) -> None:
    registry, ordinary = (opened(cohort, page, **FILTERED) for cohort in (RegistryCohort(folder), SAMPLE))
    assert not registry.exception
    for title, table in tables(registry).items():
        assert table.equals(tables(ordinary)[title]), title
    unheard = words_of(registry) - words_of(ordinary)
    assert not [words for words in unheard if RegistryCohort.no_rows not in words and "Synthetic registry" not in words]


def with_registries(**registries: str) -> AppTest:
    app = open_app()
    app.secrets["registries"] = registries
    return go(app, "cohort")


def open_registry(app: AppTest) -> AppTest:
    return app.button(key="open_registry").click().run()


def test_a_registry_is_opened_by_its_name(folder: Folder) -> None:
    app = open_registry(with_registries(registry=str(folder.path)))
    assert not app.exception
    assert "Synthetic registry" in said(app)
    assert str(folder.path) not in said(app)


def test_a_registry_that_cannot_be_opened_is_told_without_its_path(tmp_path: Path) -> None:
    app = open_registry(with_registries(Lost=str(tmp_path / "nowhere")))
    assert not app.exception
    assert [each.value.replace("\\", "") for each in app.error] == [
        "Lost is not where it should be. Tell whoever runs this app."
    ]


def test_the_threshold_of_whoever_runs_it_cannot_be_lowered(folder: Folder) -> None:
    app = open_app()
    app.session_state["uploaded"] = RegistryCohort(folder, least=5)
    app.query_params["small"] = "0"
    app = go(app, "report")
    assert not app.exception
    assert "counts below 5 are hidden" in said(app)


@pytest.mark.filterwarnings("ignore:fetch_arrow_table")  # Ibis asks DuckDB in a way that is to go
def test_a_registry_is_counted_in_the_warehouse_of_its_settings(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ibis")
    RegistryCohort(folder).group_sizes("msc_source")
    file = {"backend": "duckdb", "file": str(tmp_path / "there.duckdb")}
    publish(folder, "writer", {"writer": {**file, "writes": True}})
    asked: list[Count] = []
    count = IbisEngine.count
    monkeypatch.setattr(IbisEngine, "count", lambda engine, each: asked.append(each) or count(engine, each))
    app = open_app()
    app.secrets["warehouses"] = {"there": file}
    app.secrets["registries"] = {"There": {"folder": str(folder.path), "counted_in": "there"}}
    app = open_registry(go(app, "cohort"))
    assert not app.exception
    assert "87 of 87 patients" in said(app)
    assert asked


@pytest.mark.filterwarnings("ignore:fetch_arrow_table")
def test_a_warehouse_without_the_tables_is_told(folder: Folder, tmp_path: Path) -> None:
    pytest.importorskip("ibis")
    with duckdb.connect(tmp_path / "none.duckdb") as made:
        made.execute("CREATE TABLE other AS SELECT 1 AS one")
    app = open_app()
    app.secrets["warehouses"] = {"none": {"backend": "duckdb", "file": str(tmp_path / "none.duckdb")}}
    app.secrets["registries"] = {"There": {"folder": str(folder.path), "counted_in": "none"}}
    app = open_registry(go(app, "cohort"))
    assert not app.exception
    assert [each.value.replace("\\", "") for each in app.error] == [
        "The warehouse none holds no tables of a registry. They have to be published."
    ]


@pytest.mark.parametrize("when", ["at once", "later"])
def test_an_engine_that_does_not_answer_is_told_and_asked_again(
    when: str, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(asked: Count) -> None:
        raise EngineError("The warehouse was lost before the question was answered. Ask again.")

    cohort = RegistryCohort(folder)
    app = open_app()
    app.session_state["uploaded"] = cohort
    if when == "later":
        go(app, "survival")
    with monkeypatch.context() as patched:
        patched.setattr(cohort.registered.asking.engine, "count", lost)
        app.query_params["source"] = "UC"
        app.query_params["compare"] = "sex"
        app.query_params["nothing"] = "of the kind"
        go(app, "survival")
        assert not app.exception
        assert {each.value for each in app.warning} == {
            "The warehouse was lost before the question was answered\\. Ask again\\."
        }
    go(app, "survival")
    assert not app.exception
    assert not app.warning
    assert "42 of 87 patients" in said(app)


@pytest.mark.parametrize(
    "told",
    [
        {"folder": "x", "hide_below": 1},
        {"folder": "x", "password": "y"},
        {"hide_below": 5},
        {"folder": "x", "rows": "yes"},
        {"folder": "x", "rows": 1000},
        {"folder": "x", "rows": True, "hide_below": 5},
    ],
)
def test_a_registry_that_is_set_up_wrongly_is_told(told: dict[str, object]) -> None:
    app = open_app()
    app.secrets["registries"] = {"Wrong": told}
    app = open_registry(go(app, "cohort"))
    assert not app.exception
    assert "Wrong is not set up" in app.error[0].value


def with_rows(folder: Folder) -> AppTest:
    """Return the page of patients with a filter on a registry whose rows whoever runs the app allows."""
    app = open_app()
    app.secrets["registries"] = {"registry": {"folder": str(folder.path), "rows": True}}
    return filtered(open_registry(go(app, "cohort")))


def filtered(app: AppTest) -> AppTest:
    app.query_params["source"] = "UC"
    app.query_params["compare"] = "sex"
    return go(app, "patients")


def asks_for_rows(app: AppTest) -> list[str]:
    return [button.label for button in app.button if button.key == "open_rows"]


def test_rows_are_opened_on_request_and_the_registry_is_one_click_away(folder: Folder) -> None:
    app = with_rows(folder)
    assert asks_for_rows(app) == ["Open the rows of these 42 patients"]
    assert not app.get("vega_lite_chart")
    app = app.button(key="open_rows").click().run()
    assert not app.exception
    assert app.get("vega_lite_chart")
    came_from = "Rows of the registry's 87 patients: MSC source UC"
    for words in ("Synthetic registry: 42 patients", "42 of 42 patients", came_from):
        assert words in said(app)
    assert app.query_params["compare"] == "sex"
    assert RegistryCohort.no_rows not in said(go(app, "cohort"))
    assert "MSC source UC" in said(unfold(go(app, "response"), "open_how_made"))
    app = app.button(key="back_to_registry").click().run()
    assert not app.exception
    assert "42 of 87 patients" in said(app)
    assert asks_for_rows(go(app, "patients"))
    assert "back_to_registry" not in {button.key for button in app.button}


def test_another_cohort_has_no_way_back(folder: Folder) -> None:
    app = with_rows(folder)
    app = app.button(key="open_rows").click().run()
    app = next(button for button in go(app, "cohort").button if button.label == "Forget this data").click().run()
    assert "87 of 87 patients" in said(app)
    assert "back_to_registry" not in {button.key for button in app.button}


def test_no_rows_unless_whoever_runs_it_allows_them(folder: Folder) -> None:
    app = filtered(open_registry(with_registries(registry=str(folder.path))))
    assert not app.exception
    assert not asks_for_rows(app)
    assert [each.value.replace("\\", "") for each in app.warning] == [
        f"This page shows patients one by one. {RegistryCohort.no_rows}"
    ]


def test_rows_of_too_many_are_refused_with_their_number(folder: Folder) -> None:
    app = open_app()
    app.session_state["uploaded"] = RegistryCohort(folder, most_rows=50)
    app = go(app, "patients")
    assert not app.exception
    assert not asks_for_rows(app)
    assert "87 patients are selected; the rows of at most 50 can be opened. Filter further." in said(app)
    assert "The Patients page opens the rows of up to 50 of them." in said(go(app, "overview"))


def test_rows_count_against_what_a_tab_may_hold(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    app = with_rows(folder)
    monkeypatch.setattr("pages.server.settings.most_bytes", lambda: 1000)
    app = app.button(key="open_rows").click().run()
    assert not app.exception
    assert "more memory than a tab may hold" in said(app)
    assert "42 of 87 patients" in said(app)


def test_without_settings_no_registry_is_offered() -> None:
    assert not [each for each in go(open_app(), "cohort").selectbox if "registry" in each.label]
