"""What the tests of reading share."""

import pytest

from analysis.intake import reading
from analysis.intake.content import tables_in


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files without a program of its own, which hundreds of small tests would start again and again."""
    monkeypatch.setattr(reading, "read_apart", tables_in)
