"""The description of a canonical column: its label, kind, unit, range and synonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from analysis.cohort.response import KnownResponse

Kind = Literal["text", "number", "integer", "boolean", "category", "set", "date"]
Beyond = Literal["doubtful", "not used", "asked"]
Better = Literal["lower", "higher"]


@dataclass(frozen=True)
class Column:
    """A canonical column.

    Attributes
    ----------
    name, label
        Its name in the tables, and on the screen.
    kind
        How its values are parsed.
    unit
        As printed after a value; "" for none.
    low, high
        The plausible range, both included; None for no limit.
    beyond
        What happens to a value outside the range: it is used and "doubtful"; it is impossible and "not used"; or it
        shows that the column is on another scale, which is "asked".
    levels
        The values of a category, in order; empty if any text is allowed.
    others
        Whether a category may hold values other than its `levels`.
    ordered
        Whether the levels are ordered from less to more.
    synonyms
        Names in other files, the most specific first, normalised and without units.
    loose
        Ambiguous names, such as "time", that mean this column only if no better one is found.
    units
        Other units, each with the factor that converts it to `unit`.
    unit_words
        Other spellings of these units in a heading.
    unit_asked
        Whether the user is asked for the unit if the heading has none.
    usual
        The range, both included, of most values of a cohort: a unit that puts half of them outside is not theirs.
    test_strip
        Whether "2+" is a grade of a test strip rather than an amount.
    spellings
        Other words for each level, or for each element of a set.
    level_labels
        The meaning of each level, in words.
    beside
        Words that may stand beside one of these names in a heading and change nothing.
    better
        Whether a "lower" or a "higher" value is better for a patient with lupus; "" if that is not known.
    normal, normal_source
        The range of most healthy adults, both included, in `unit`, and who said so: author and year; None and "" if
        there is none that holds for all of them and for all laboratories.
    responses
        What counts as a response, the most usual first.
    scale
        "log" if values are compared by their ratios; else "".
    """

    name: str
    label: str
    kind: Kind
    unit: str = ""
    low: float | None = None
    high: float | None = None
    beyond: Beyond = "doubtful"
    levels: tuple[str, ...] = ()
    others: bool = False
    ordered: bool = False
    synonyms: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    units: Mapping[str, float] = field(default_factory=dict, compare=False)
    unit_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    unit_asked: bool = False
    usual: tuple[float, float] | None = None
    test_strip: bool = False
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    level_labels: Mapping[str, str] = field(default_factory=dict, compare=False)
    beside: frozenset[str] = field(default=frozenset(), compare=False)
    better: Better | Literal[""] = ""
    normal: tuple[float, float] | None = None
    normal_source: str = ""
    responses: tuple[KnownResponse, ...] = ()
    scale: Literal["", "log"] = ""
