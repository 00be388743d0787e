"""The rules of the house: style, types, and which layer may import which."""

import ast
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import analysis

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        pytest.param(["mypy"], marks=pytest.mark.long),
        ["importlinter"],
    ],
    ids=" ".join,
)
def test_the_tools_have_no_complaint(command: list[str]) -> None:
    run = [sys.executable, "-m", *command]
    if command == ["importlinter"]:
        run = [str(Path(sys.executable).with_name("lint-imports"))]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def loaded_by(code: str) -> set[str]:
    run = [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"]
    return set(subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_analysis_loads_nothing_of_it() -> None:
    loaded = loaded_by("import analysis")
    assert {name for name in loaded if name.partition(".")[0] == "analysis"} == {"analysis"}
    assert not loaded & {"numpy", "pandas"}


def test_no_public_name_of_the_analysis_loads_anything_heavy() -> None:
    loaded = loaded_by("from analysis import *")
    assert "analysis.estimates.survival.kaplan_meier" in loaded
    assert not loaded & {"lifelines", "altair", "streamlit", "scipy.stats", "openpyxl", "statsmodels"}


def functions_with_an_example(*rooms: str) -> dict[str, ast.FunctionDef]:
    files = [path for room in rooms for path in (ROOT / "analysis" / room).rglob("*.py")]
    nodes = [node for file in files for node in ast.parse(file.read_text(encoding="utf-8")).body]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return {node.name: node for node in functions if "Examples" in (ast.get_docstring(node) or "")}


def test_every_estimate_listing_and_rule_with_an_example_is_a_public_name() -> None:
    asked = functions_with_an_example("estimates", "listings")
    of_cohorts = {name for name, node in asked.items() if [each.arg for each in node.args.args][:1] == ["cohort"]}
    rules = {
        name
        for name, node in functions_with_an_example("facts").items()
        if node.returns and ast.unparse(node.returns) in {"RemissionRule", "RelapseRule"}
    }
    assert {"kaplan_meier", "yearly_members"} <= of_cohorts
    assert {"lldas", "selena_flare"} <= rules
    assert of_cohorts | rules <= set(analysis.__all__)


def test_the_analysis_says_which_name_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match="'kaplan'"):
        analysis.kaplan  # noqa: B018 -- the access is the test


OF_PAGES = sorted((ROOT / "pages").rglob("*.py"))
SURGERY = {"groupby", "merge", "pivot", "pivot_table", "melt", "apply", "concat", "sort_values", "value_counts"}


@pytest.mark.parametrize("file", OF_PAGES, ids=lambda file: str(file.relative_to(ROOT / "pages")))
def test_pages_do_no_table_work(file: Path) -> None:
    nodes = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    called = {node.func.attr for node in nodes if isinstance(node.func, ast.Attribute)}
    assert not called & {*SURGERY, "DataFrame", "Series"}


def test_no_two_files_of_pages_have_one_name() -> None:
    names = Counter(file.name for file in OF_PAGES if file.name != "__init__.py")
    assert [name for name, times in names.items() if times > 1] == []


def test_no_two_files_of_the_analysis_have_one_name_but_a_figure_and_its_estimate() -> None:
    files = [path.relative_to(ROOT / "analysis") for path in (ROOT / "analysis").rglob("*.py")]
    figures = {path.name: path for path in files if path.parts[0] == "figures" and path.name != "__init__.py"}
    others = [path for path in files if path.parts[0] != "figures" and path.name != "__init__.py"]
    assert len(figures) == sum(path.parts[0] == "figures" and path.name != "__init__.py" for path in files)
    assert [name for name, times in Counter(path.name for path in others).items() if times > 1] == []
    drawn = {path.name: path for path in others if path.name in figures}
    assert {name: path.parts for name, path in drawn.items()} == {
        name: ("estimates", *figures[name].parts[1:]) for name in drawn
    }


def test_the_charts_are_checked_against_the_background_of_the_page() -> None:
    from analysis.figures.common.theme import Look, palette

    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for name, dark in (("light", False), ("dark", True)):
        assert theme[name]["backgroundColor"].lower() == palette(Look(dark=dark)).background.lower()
