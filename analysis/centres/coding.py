"""Tables of counts and definitions as JSON, exactly, and back; what is read may hold known kinds of values only."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from importlib import import_module
from math import isfinite, prod
from types import MappingProxyType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

Json = Any  # None, true, numbers, text, lists, and objects by name

# Only dataclasses of these modules are read.
MODULES = (
    *(f"analysis.cohort.{name}" for name in ("conditions", "filters", "grouping", "response")),
    *(
        f"analysis.facts.{name}"
        for name in (
            *("criteria", "endpoints", "grade_criteria", "item_criteria", "observed_times", "relapse"),
            *("relapse_by_year", "remission", "remission_by_year", "renal_flare", "scheduled_visits", "seen_between"),
        )
    ),
    *(
        f"analysis.counts.{name}"
        for name in (
            *("baseline_counts", "covariate_cells", "cumulative_doses", "death_counts", "event_counts", "extent"),
            *("groups", "leavers", "leaving", "measured_values", "paths", "places", "presence", "reasons"),
            *("reclassifications", "recorded_counts", "relapse_numbers", "relapse_paths", "seen_intervals"),
            *(
                "state_changes",
                "stays",
                "strata",
                "tally",
                "times_in_state",
                "trajectory_counts",
                "treatment_counts",
                "yearly_counts",
            ),
        )
    ),
)
NUMBERS = ("bool", "int8", "int64", "float64")
TEXT = "text"
MOST = 1 << 62  # the largest whole number
MOST_CELLS = 5_000_000  # numbers in all arrays of one file
ARRAYS = {"b": ("bool",), "i": ("int8", "int64"), "f": ("float64",), "O": (TEXT,)}


class CodingError(ValueError):
    """What is read is not a value of a known kind."""


def encoded(value: Any) -> Json:
    """Return a value as JSON.

    Parameters
    ----------
    value
        None, a truth value, a number, text, a tuple, a set of text, a mapping by text, an array, or a dataclass of
        `MODULES` of these; a function too, only to tell values apart, as it cannot be read back.

    Raises
    ------
    CodingError
        If it is of another kind.

    Examples
    --------
    >>> from analysis.cohort.grouping import Grouping
    >>> encoded((Grouping("renal"), 2.0))
    [{'is': 'Grouping', 'organ': 'renal'}, 2.0]
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, np.generic):
        return encoded(value.item())
    if isinstance(value, int | float):
        return value if isfinite(value) else {"number": str(value)}
    if isinstance(value, tuple | list):
        return [encoded(each) for each in value]
    if isinstance(value, frozenset):
        return {"set": sorted(map(str, value))}
    if isinstance(value, Mapping):
        return {"by": [[str(name), encoded(each)] for name, each in value.items()]}
    if isinstance(value, np.ndarray):
        return _encoded_array(value)
    if is_dataclass(value) and _known().get(type(value).__name__) is type(value):
        return {"is": type(value).__name__, **encoded_fields(value)}
    if callable(value):
        return {"function": f"{value.__module__}.{value.__qualname__}"}
    raise CodingError(f"A {type(value).__name__} does not go into a file.")


def encoded_fields(value: Any) -> dict[str, Json]:
    """Return the fields of a dataclass as JSON by name."""
    return {each.name: encoded(getattr(value, each.name)) for each in fields(value)}


def _encoded_array(array: NDArray[Any]) -> Json:
    held = {"array": array.dtype.name if array.dtype.name in NUMBERS else TEXT, "shape": list(array.shape)}
    flat = array.ravel()
    if held["array"] == TEXT:
        return {**held, "values": [encoded(each) for each in flat]}
    if array.dtype == np.float64:
        return {**held, "values": [encoded(each) for each in flat.tolist()]}
    numbers = flat.astype(np.int64)
    places = np.flatnonzero(numbers)
    if 2 * len(places) < len(numbers):  # mostly zeros
        return {**held, "at": np.diff(places, prepend=0).tolist(), "values": numbers[places].tolist()}
    return {**held, "values": numbers.tolist()}


@dataclass
class Decoder:
    """Reads values that `encoded` made, from one file.

    Attributes
    ----------
    cells
        How many values and numbers it may still hold, a part as often as it is named.
    parts, sizes
        Values of the file that others name by their place, and how many values and numbers each holds.
    """

    cells: int = MOST_CELLS
    parts: list[Any] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add_part(self, value: Json) -> None:
        """Read a value that others may name by its place."""
        before = self.cells
        self.parts.append(self.decoded(value))
        self.sizes.append(before - self.cells)

    def decoded(self, value: Json) -> Any:
        """Return the value.

        Raises
        ------
        CodingError
            If it is of no known kind, or a field of it has a value of another kind than it should.
        """
        self._take(1)
        if value is None or isinstance(value, bool | int | float | str):
            return _small(value)
        if isinstance(value, list):
            return tuple(self.decoded(each) for each in value)
        if not isinstance(value, dict):
            raise CodingError("A value is of no known kind.")
        if "is" in value:
            return self._dataclass(value)
        if "array" in value:
            return self._array(value)
        if list(value) == ["part"]:
            return self._part(value["part"])
        if list(value) == ["by"] and isinstance(value["by"], list):
            return {_text(name): self.decoded(each) for name, each in map(_pair, value["by"])}
        if list(value) == ["set"] and isinstance(value["set"], list):
            return frozenset(map(_text, value["set"]))
        if list(value) == ["number"] and value["number"] in ("nan", "inf", "-inf"):
            return float(value["number"])
        raise CodingError("An object is of no known kind.")

    def _dataclass(self, value: dict[str, Json]) -> Any:
        kind = _known().get(str(value["is"]))
        if kind is None:
            raise CodingError("An object is of no known kind.")
        return self.made(kind, {name: each for name, each in value.items() if name != "is"})

    def made(self, kind: type, value: Json) -> Any:
        """Return an object of a dataclass, given its fields as JSON.

        Raises
        ------
        CodingError
            If a field is missing, unknown, or of another kind than it should be.
        """
        names = [each.name for each in fields(kind)]
        if not isinstance(value, dict) or set(value) != set(names):
            raise CodingError(f"A {kind.__name__} holds {', '.join(names)}, and nothing else.")
        held = {name: self.decoded(value[name]) for name in names}
        for name, wanted in _kinds(kind).items():
            if not _fits(held[name], wanted):
                raise CodingError(f"{name} of a {kind.__name__} is of another kind than it should be.")
        made: Any = object.__new__(kind)
        for name, each in held.items():
            object.__setattr__(made, name, MappingProxyType(each) if isinstance(each, dict) else each)
        return made

    def _part(self, place: Json) -> Any:
        if type(place) is not int or not 0 <= place < len(self.parts):
            raise CodingError("It names a part that does not come before it.")
        self._take(self.sizes[place])
        return self.parts[place]

    def _take(self, size: int) -> None:
        self.cells -= size
        if self.cells < 0:
            raise CodingError("It holds more values than a file of its length should.")

    def _array(self, value: dict[str, Json]) -> NDArray[Any]:
        kind, shape, values = value["array"], value.get("shape", ()), value.get("values")
        if kind not in (*NUMBERS, TEXT) or not _whole(shape) or len(shape) > 4 or not isinstance(values, list):
            raise CodingError("A table of numbers does not say what it holds.")
        size = prod(shape)
        self._take(size)
        if kind == TEXT:
            made = np.empty(size, dtype=object)
            _check_length(values, size)
            words = [self.decoded(each) for each in values]
            if not all(isinstance(each, str | frozenset) for each in words):
                raise CodingError("A list of words holds something else.")
            made[:] = words
            return made.reshape(shape)
        if kind == "float64":
            _check_length(values, size)
            numbers = [self.decoded(each) for each in values]
            if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in numbers):
                raise CodingError("A table of numbers holds something else.")
            try:
                return np.array(numbers, dtype=np.float64).reshape(shape)
            except OverflowError as error:
                raise CodingError("A table of numbers holds one that is too large.") from error
        whole = self._integers(value, size)
        made = whole.astype(kind)
        if (made != whole).any():
            raise CodingError("A table of whole numbers holds one that is too large.")
        return made.reshape(shape)

    def _integers(self, value: dict[str, Json], size: int) -> NDArray[np.int64]:
        values = value["values"]
        if not all(isinstance(each, int) and not isinstance(each, bool) and abs(each) <= MOST for each in values):
            raise CodingError("A table of whole numbers holds something else.")
        if "at" not in value:
            _check_length(values, size)
            return np.array(values, dtype=np.int64)
        if not _whole(value["at"]) or len(value["at"]) != len(values):
            raise CodingError("A table of whole numbers does not say where they stand.")
        places = np.cumsum(np.array(value["at"], dtype=np.int64))
        if len(places) and (places[-1] >= size or (np.diff(places) <= 0).any()):
            raise CodingError("A table of whole numbers has some outside it.")
        numbers = np.zeros(size, dtype=np.int64)
        numbers[places] = values
        return numbers


def _small(value: Json) -> Json:
    if isinstance(value, int) and abs(value) > MOST:
        raise CodingError("A number is too large.")
    return value


def _pair(value: Json) -> tuple[Json, Json]:
    if not isinstance(value, list) or len(value) != 2:
        raise CodingError("A list by name holds something without a name.")
    return value[0], value[1]


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise CodingError("A name is not text.")
    return value


def _whole(values: Json) -> bool:
    return isinstance(values, list) and all(type(each) is int and 0 <= each <= MOST_CELLS for each in values)


def _check_length(values: list[Json], size: int) -> None:
    if len(values) != size:
        raise CodingError("A table of numbers has more or fewer than it says.")


@cache
def _known() -> dict[str, type]:
    known: dict[str, type] = {}
    for module in map(import_module, MODULES):
        known |= {name: each for name, each in vars(module).items() if _is_own(each, module.__name__)}
    return known


def _is_own(value: Any, module: str) -> bool:
    return isinstance(value, type) and is_dataclass(value) and value.__module__ == module


@cache
def _kinds(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


def _fits(value: Any, wanted: Any) -> bool:
    """Return whether a value is of the kind that a field wants."""
    if wanted is Any or wanted is object:
        return not isinstance(value, dict)
    origin, parts = get_origin(wanted), get_args(wanted)
    if origin is Literal:
        return isinstance(value, str | int | float) and value in parts
    if origin in (Union, types.UnionType):
        return any(_fits(value, each) for each in parts)
    if origin is tuple:
        return isinstance(value, tuple) and _items_fit(value, parts)
    if origin is np.ndarray:
        return isinstance(value, np.ndarray) and _array_fits(value, get_args(parts[1])[0])
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return isinstance(value, dict) and all(_fits(each, parts[1]) for each in value.values())
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is int:
        return type(value) is int
    return isinstance(wanted, type) and isinstance(value, wanted)


def _items_fit(values: tuple[Any, ...], wanted: tuple[Any, ...]) -> bool:
    if len(wanted) == 2 and wanted[1] is Ellipsis:
        return all(_fits(each, wanted[0]) for each in values)
    return len(values) == len(wanted) and all(map(_fits, values, wanted))


def _array_fits(array: NDArray[Any], wanted: Any) -> bool:
    if wanted is Any:
        return True
    kind = get_origin(wanted) or wanted
    return isinstance(kind, type) and np.issubdtype(array.dtype, kind)
