"""Estimates for cohorts of lupus patients who received mesenchymal stem cells; the public names.

A name is imported when it is first used (PEP 562), so that importing `analysis` costs nothing; ``__init__.pyi`` lists
the names.
"""

import ast
from importlib import import_module
from pathlib import Path

_LISTED = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body
_MODULES = {name.name: line.module for line in _LISTED if isinstance(line, ast.ImportFrom) for name in line.names}

__all__ = list(_MODULES)


def __getattr__(name: str) -> object:
    """Import a public name; Python asks only when the module does not have it yet."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(str(_MODULES[name])), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
