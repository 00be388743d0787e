"""Values in a specification that change with the question: the end of an axis, a note, how wide the longest number is.

A figure writes such a value into a Vega expression with `varying`. In a picture or file the value itself stands there
(`settled`). In the browser the expression names it, and the value comes in a table beside the specification (`named`):
the specification is then the same for every question, and the browser only moves what is drawn already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

FACTS = "facts"  # the table of these values, and the variable that is its row
# Noncharacters of Unicode: no text has them, as JSON writes them as escapes.
_START, _MIDDLE, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_TOLD = re.compile(f"{_START}([^{_MIDDLE}]*){_MIDDLE}([^{_END}]*){_END}")

Value = bool | float | str | list[str]


def varying(name: str, value: Value) -> str:
    """Return a part of a Vega expression that stands for a value; the same name has the same value in a figure.

    Examples
    --------
    >>> from analysis.figures.common.varying import settled, varying
    >>> settled({"expr": f"width / {varying('bars', 12)}"})
    {'expr': 'width / 12'}
    >>> settled({"domain": [0, {"expr": varying("longest", 48.7)}]})
    {'domain': [0, 48.7]}
    """
    return f"{_START}{name}{_MIDDLE}{json.dumps(value)}{_END}"


def settled(value: Any) -> Any:
    """Return a specification with the values themselves in its expressions."""
    return _changed(value, lambda found: found[2], lambda found: json.loads(found[2]))


def named(spec: Any) -> tuple[Any, dict[str, float | str]]:
    """Return a specification that names its values, and the values by name; a list becomes lines of one text.

    Raises
    ------
    ValueError
        If a name has two values.
    """
    values: dict[str, float | str] = {}

    def reference(found: re.Match[str]) -> str:
        name, value = found[1], json.loads(found[2])
        of_lines = isinstance(value, list)
        kept = "\n".join(value) if of_lines else value
        if values.setdefault(name, kept) != kept:
            raise ValueError(f"A figure has two values of {name}: {values[name]!r} and {kept!r}.")
        return f"split({FACTS}.{name}, '\\n')" if of_lines else f"{FACTS}.{name}"

    return _changed(spec, reference, lambda found: {"expr": reference(found)}), values


def _changed(value: Any, within: Callable[[re.Match[str]], str], alone: Callable[[re.Match[str]], Any]) -> Any:
    """Return a specification with its values changed: within an expression, and where one is a whole expression."""
    if isinstance(value, list):
        return [_changed(each, within, alone) for each in value]
    if not isinstance(value, dict):
        return _TOLD.sub(within, value) if isinstance(value, str) and _START in value else value
    if set(value) == {"expr"} and (found := _TOLD.fullmatch(value["expr"])):
        return alone(found)
    return {key: _changed(each, within, alone) for key, each in value.items()}
