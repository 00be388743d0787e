"""A registry on the usual pages: the same numbers as of its patients in one cohort, opened by a name."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.intake.assemble import SAMPLE_MAPPING
from analysis.registry.folder import Folder
from analysis.registry.importing import import_registry
from analysis.registry.registry_cohort import RegistryCohort
from tests.analysis.made import SAMPLE
from tests.analysis.registry.folders import TablesSource, sample_tables
from tests.pages.test_pages import go, open_app, said, tables
from tests.pages.test_rows_elsewhere import FILTERED, opened, words_of

pytest.importorskip("duckdb")
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


@pytest.mark.parametrize(
    "told", [{"folder": "x", "hide_below": 1}, {"folder": "x", "password": "y"}, {"hide_below": 5}]
)
def test_a_registry_that_is_set_up_wrongly_is_told(told: dict[str, object]) -> None:
    app = open_app()
    app.secrets["registries"] = {"Wrong": told}
    app = open_registry(go(app, "cohort"))
    assert not app.exception
    assert "Wrong is not" in app.error[0].value


def test_without_settings_no_registry_is_offered() -> None:
    assert not [each for each in go(open_app(), "cohort").selectbox if "registry" in each.label]
