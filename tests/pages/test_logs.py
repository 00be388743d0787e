"""Text from outside in the log: on one line, of limited length, and as text only."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from pages.server import logs

FORGED = "a\n2026-01-01 Somebody signed in\r\x1b[31mred\u2028\u202e\0"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, StringIO]]:
    made = logging.getLogRecordFactory()
    logs.keep_clean()
    told = StringIO()
    logger = logging.Logger("of this test")
    logger.addHandler(logging.StreamHandler(told))
    yield logger, told
    logging.setLogRecordFactory(made)


def test_text_from_outside_stays_on_its_line(log: tuple[logging.Logger, StringIO]) -> None:
    logger, told = log
    logger.warning("Missing file %s", FORGED)
    assert told.getvalue() == ("Missing file a\\n2026-01-01 Somebody signed in\\r\\x1b[31mred\\u2028\\u202e\\x00\n")


def test_text_from_outside_is_cut(log: tuple[logging.Logger, StringIO]) -> None:
    logger, told = log
    logger.warning("x" * 10_000_000)
    assert len(told.getvalue()) < 1_100


def test_no_line_of_an_error_looks_like_a_line_of_the_log(log: tuple[logging.Logger, StringIO]) -> None:
    logger, told = log
    fault = KeyError(FORGED * 100)
    fault.__cause__ = ValueError(FORGED)
    logger.error("Uncaught app execution", exc_info=fault)
    first, *lines = told.getvalue().rstrip("\n").split("\n")
    assert first == "Uncaught app execution"
    assert lines
    assert all(line.startswith("    | ") and line.isprintable() and len(line) < 1_100 for line in lines)
    assert "ValueError" in told.getvalue()


def test_a_message_that_does_not_fit_its_arguments_is_logged(log: tuple[logging.Logger, StringIO]) -> None:
    logger, told = log
    logger.warning("%d patients", "many")
    assert told.getvalue() == "%d patients\n"
