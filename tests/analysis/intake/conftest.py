"""What the tests of reading share."""

from tempfile import TemporaryDirectory

import pytest

from analysis.intake import reading
from analysis.intake.content import tables_in
from analysis.intake.raw import RawTable


def tables_here(data: bytes, file: str) -> list[RawTable]:
    """Return the tables of a file, read in this process."""
    with TemporaryDirectory() as folder:
        return tables_in(data, file, folder)


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files without a program of its own, which hundreds of small tests would start again and again."""
    monkeypatch.setattr(reading, "read_apart", tables_here)
