"""Safe logging: text from outside cannot imitate a line of the log, and is cut to a limited length."""

from __future__ import annotations

import logging
import traceback

MOST_CHARACTERS = 1_000
MOST_LINES = 60  # the last lines of a traceback
MARGIN = "    | "  # before each line of a traceback, so that none looks like a log record


def keep_clean() -> None:
    """Clean all log records from here on, those of Streamlit and of the web server too."""
    logging.setLogRecordFactory(_clean_record)


def clean(text: str) -> str:
    """Return a text as one line of limited length, with unprintable characters escaped."""
    shown = text[:MOST_CHARACTERS] + ("…" if len(text) > MOST_CHARACTERS else "")
    if shown.isprintable():
        return shown
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "backslashreplace").decode() for sign in shown
    )


def _clean_record(*args: object, **kwargs: object) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)  # type: ignore[arg-type]
    record.msg, record.args = clean(_message(record)), ()
    if record.exc_info:
        lines = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n").split("\n")
        record.exc_text = "\n".join(MARGIN + clean(line) for line in lines[-MOST_LINES:])
    return record


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # the message does not fit its arguments
        return str(record.msg)
