"""Counting in a warehouse what was published there, and all else in the folder of the registry."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.registry.count import Count, Engine, EngineError
from analysis.registry.memory_engine import ANSWERS
from analysis.registry.published_tables import PublishedTables
from analysis.registry.warehouse import NotThereError


class PublishedEngine:
    """Sends each question to the warehouse if all that it needs was published there, else to the folder.

    Parameters
    ----------
    published
        What there is in the warehouse.
    warehouse, folder
        The two engines.
    content
        Returns the content of a derived table as codes of it are understood here, as of `Listed`.
    """

    def __init__(
        self, published: PublishedTables, warehouse: Engine, folder: Engine, content: Callable[[str], str]
    ) -> None:
        self._contents = published.contents
        self._warehouse = warehouse
        self._folder = folder
        self._content = content

    def count(self, asked: Count) -> tuple[pd.DataFrame, ...]:
        """Return the numbers as `Engine.count` promises; those of the questions asked last are kept."""
        if any(self._contents.get(table) != self._content(table) for table in asked.tables):
            return self._folder.count(asked)
        try:
            return ANSWERS.once(self, asked, lambda: self._warehouse.count(asked))
        except NotThereError:
            pass  # what is raised in here would hold it
        raise EngineError("The warehouse no longer holds what was published of the registry. Open it again.")
