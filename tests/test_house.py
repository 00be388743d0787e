"""The rules of the house: style, types, and which layer may import which."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "command",
    [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["importlinter"]],
    ids=" ".join,
)
def test_the_tools_have_no_complaint(command: list[str]) -> None:
    run = [sys.executable, "-m", *command]
    if command == ["importlinter"]:
        run = [str(Path(sys.executable).with_name("lint-imports"))]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_analysis_loads_nothing_heavy_at_import() -> None:
    heavy = "{'lifelines', 'altair', 'streamlit', 'scipy.stats', 'openpyxl'}"
    code = f"import sys, analysis; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("page", sorted((ROOT / "pages").glob("*.py")), ids=lambda page: page.stem)
def test_a_page_does_no_table_work(page: Path) -> None:
    surgery = {"groupby", "merge", "pivot_table", "apply"}
    tree = ast.parse(page.read_text(encoding="utf-8"))
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not called & surgery


def test_the_charts_are_checked_against_the_background_of_the_page() -> None:
    from analysis.figures.common.theme import Look, palette

    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for name, dark in (("light", False), ("dark", True)):
        assert theme[name]["backgroundColor"].lower() == palette(Look(dark=dark)).background.lower()
