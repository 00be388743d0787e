"""What the tests of warehouses share: one server for all in a process."""

from collections.abc import Iterator

import pytest

from tests.analysis.registry.postgres_server import MISSING, Server, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if MISSING:
        pytest.skip(MISSING)
    with running() as server:
        yield server
