"""Estimates are arithmetic on counts: a cohort is only passed on to be counted."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

import analysis.estimates

ROOT = Path(analysis.estimates.__file__).parent
ROOMS = ("common", "survival", "scores", "pooling")
MODULES = [path for room in ROOMS for path in sorted((ROOT / room).glob("*.py"))]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_estimates_import_no_function_of_a_cohort(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    held = {"cohort", "selection", "whole"}
    asked = [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in held
    ]
    assert not asked
    facts = [
        f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("analysis.facts")
        for name in node.names
        if asks_a_cohort(getattr(importlib.import_module(str(node.module)), name.name))
    ]
    assert not facts


def asks_a_cohort(fact: object) -> bool:
    """Return whether an imported object is a function of a cohort."""
    return inspect.isfunction(fact) and "cohort" in inspect.signature(fact).parameters
