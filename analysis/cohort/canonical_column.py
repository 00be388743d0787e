"""What is said of a canonical column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "number", "integer", "boolean", "category", "set", "date"]
Beyond = Literal["doubtful", "not used", "asked"]


@dataclass(frozen=True)
class Column:
    """A canonical column.

    Attributes
    ----------
    name, label
        As in the tables, and as on the screen.
    kind
        How its values are parsed.
    unit
        As printed behind a value; "" for none.
    low, high
        Plausible limits.
    beyond
        What becomes of a value beyond them: used and "doubtful"; "not used", where there can be none; or "asked", where
        such a value shows that the scale is another.
    levels
        The values of a category, in order; empty where any text is allowed.
    others
        Whether a category may hold values beside its `levels`.
    ordered
        Whether the levels stand for less and more.
    synonyms
        What other files call it, the most telling first; without units, capitals, blanks and accents.
    loose
        Names that only mean this column where nothing better is there, such as "time".
    units
        Other units it comes in, and what one of them is in `unit`.
    unit_words
        Other ways in which a heading writes these units.
    unit_asked
        Whether a heading without a unit is a question.
    test_strip
        Whether "2+" is a grade of a test strip and no amount.
    spellings
        Other words for its levels, or for the members of a set, each a list a level.
    level_labels
        What a level stands for.
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
    test_strip: bool = False
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    level_labels: Mapping[str, str] = field(default_factory=dict, compare=False)
