"""What the documentation shows runs, and prints what it says."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import analysis
from tests.analysis.made import SAMPLE

ROOT = Path(__file__).parents[2]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "docs/guide.md",
    "docs/python.md",
    "docs/centres.md",
    "docs/registry.md",
    "docs/warehouses.md",
)
CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def modules_with_examples() -> list[str]:
    names = ["analysis", *(found.name for found in pkgutil.walk_packages(analysis.__path__, "analysis."))]
    files = {name: (ROOT / name.replace(".", "/")) for name in names}
    sources = {name: path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
               for name, path in files.items()}  # fmt: skip
    return [name for name, source in sources.items() if ">>> " in source.read_text(encoding="utf-8")]


@pytest.fixture(autouse=True)
def sample_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly every example begins with the sample, and reading it takes longer than the example."""
    monkeypatch.setattr(analysis, "load_sample", lambda: SAMPLE)


@pytest.mark.parametrize("name", modules_with_examples())
def test_the_examples_of_a_docstring_print_what_they_say(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried
    assert not failed


@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text(encoding="utf-8")
    code = "\n".join(CODE.findall(text))
    names: dict[str, object] = {"__name__": "page"}
    exec(compile(code, page, "exec"), names)  # noqa: S102 -- what the page shows, line by line


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_refers_to_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", text)
    paths = re.findall(r"`((?:analysis|pages|tests|docs|sample_data|deploy)/[\w./-]*\w)`", text)
    base = (ROOT / page).parent
    missing = [link for link in links if not (base / link).exists()] + [
        path for path in paths if not (ROOT / path).exists()
    ]
    assert not missing


def test_the_table_of_public_names_is_complete() -> None:
    table = "\n".join(re.findall(r"^\|.*\|$", (ROOT / "docs" / "python.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", table)) | {"Cohort"} == set(analysis.__all__)
