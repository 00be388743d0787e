"""What is written to the log: text from outside can neither look like a line of its own, nor be endless."""

from __future__ import annotations

import logging
import traceback

MOST_CHARACTERS = 1_000
MOST_LINES = 60  # of what led to an error, the last ones
MARGIN = "    | "  # No line of an error begins as a line of the log does.


def keep_clean() -> None:
    """Have all that is logged from here on written so: by the app, by Streamlit, and by what serves them."""
    logging.setLogRecordFactory(_clean_record)


def clean(text: str) -> str:
    """Return a text on one line, not too long, with what cannot be seen or moves the cursor written out."""
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
    except (TypeError, ValueError):  # words and what should stand in them do not fit
        return str(record.msg)
