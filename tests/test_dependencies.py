"""What is imported is declared, what is declared is used, and the tested versions are among the allowed ones."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
FOR_USERS = [PROJECT["dependencies"], *(EXTRAS[name] for name in EXTRAS if name != "dev")]

APP = ["app.py", "pages/**/*.py", "analysis/**/*.py", "sample_data/**/*.py"]
OWN = {"pages", "analysis", "sample_data", "tests"}
PROGRAMS = {"ruff", "mypy", "import-linter", "pytest-xdist"}  # run, not imported


def names(lists: list[list[str]]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for each in lists for text in each}


def imported(file: Path) -> Iterator[str]:
    """Return the modules that a file imports; pytest.importorskip imports as well, and is silent where it cannot."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                yield from (each.name for each in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case ast.Call(func=ast.Attribute(attr="importorskip"), args=[ast.Constant(value=str(module)), *_]):
                yield module


def used(*patterns: str) -> set[str]:
    """Return the names under which the packages that files import are installed."""
    files = [file for pattern in patterns for file in ROOT.glob(pattern)]
    modules = {module.partition(".")[0] for file in files for module in imported(file)}
    installed = packages_distributions()
    foreign = modules - OWN - sys.stdlib_module_names
    return {canonicalize_name(name) for module in foreign for name in installed.get(module, [module])}


def test_the_app_imports_what_its_users_install_and_nothing_else() -> None:
    assert used(*APP) == names(FOR_USERS)


def test_the_tests_import_what_their_extra_installs_and_nothing_else() -> None:
    assert used("tests/**/*.py") - names(FOR_USERS) == names([EXTRAS["dev"]]) - names(FOR_USERS) - PROGRAMS


def test_what_is_tested_is_what_users_may_add() -> None:
    assert {text for name in EXTRAS for text in EXTRAS[name] if name != "dev"} <= set(EXTRAS["dev"])


def pins() -> list[str]:
    """Return the tested versions: a name, a version, often a marker, and hashes."""
    files = [ROOT / "deploy" / "requirements.txt", ROOT / "constraints.txt"]
    text = "".join(file.read_text(encoding="utf-8") for file in files).replace("\\\n", "")
    return [line for line in text.splitlines() if line != "-r deploy/requirements.txt"]


def test_every_tested_version_is_allowed() -> None:
    tested = [Requirement(entry.partition("--hash")[0]) for entry in pins()]
    for wanted in map(Requirement, PROJECT["dependencies"] + EXTRAS["dev"]):
        versions = [
            str(pin.specifier).removeprefix("==")
            for pin in tested
            if canonicalize_name(pin.name) == canonicalize_name(wanted.name)
        ]
        assert versions, f"{wanted.name} is among no tested versions"
        assert list(wanted.specifier.filter(versions)) == versions, f"{wanted} does not allow {versions}"


def test_every_tested_version_has_its_hashes_and_no_address() -> None:
    entry = re.compile(r"[a-z0-9.-]+==[\w.]+( ; [\w.<>!=' ]+)?( +--hash=sha256:[0-9a-f]{64})+")
    assert [each for each in pins() if not entry.fullmatch(each)] == []
