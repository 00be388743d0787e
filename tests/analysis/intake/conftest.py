"""Fixtures of the tests of reading."""

import pytest

from analysis.intake import reading
from analysis.intake.content import tables_in


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process, since a separate one for each of hundreds of small tests is slow."""
    monkeypatch.setattr(reading, "read_apart", tables_in)
