"""The program that reads files, run by `reading`: a hostile file can end it, or use up what it is allowed, and no more.

It takes requests from its input and answers each on its output. Where the system can fork, each file is read by a copy
of the program, which has the libraries loaded already and ends with the file; elsewhere the program itself ends then.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO

from analysis.cohort.findings import CohortError
from analysis.intake import passing
from analysis.intake.content import tables_in
from analysis.intake.exchange import BROKEN, ENDED, FORKS, MEMORY, REFUSED, TABLES, TIME, Request, receive, send

LIBRARIES = ("openpyxl", "pyarrow.parquet", "pyreadstat")
SHORTEST_SECONDS = 1e-3  # none at all would be no limit


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests: all that come where each is answered by a copy, else one."""
    while line := requests.readline():
        request = Request(**json.loads(line))
        data = requests.read(request.size)
        send(answers, *(_answer_apart if FORKS else _answer)(request, data))
        if not FORKS:
            break


def _answer(request: Request, data: bytes) -> tuple[bytes, bytes]:
    """Return the tables of a file, or why there are none."""
    _limit_memory(request.memory)
    try:
        return TABLES, passing.packed(tables_in(data, request.file, request.folder))
    except CohortError as error:
        return REFUSED, passing.packed_refusal(error)
    except MemoryError:
        return MEMORY, b""


def _answer_apart(request: Request, data: bytes) -> tuple[bytes, bytes]:
    """Return the answer of a copy of this program."""
    came, goes = os.pipe()
    copy = os.fork()
    if not copy:
        try:
            signal.setitimer(signal.ITIMER_REAL, max(request.seconds, SHORTEST_SECONDS))  # ends the copy
            with os.fdopen(goes, "wb") as to:
                send(to, *_answer(request, data))
        finally:
            os._exit(0)
    os.close(goes)
    with os.fdopen(came, "rb") as source:
        kind, content = receive(source)
    _, ended = os.waitpid(copy, 0)
    if kind != ENDED:
        return kind, content
    late = os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGALRM
    return TIME if late else BROKEN, b""


def _limit_memory(most: int) -> None:
    """Let no more than so many bytes be taken from here on, where the system knows such a limit and keeps it."""
    with suppress(ImportError, OSError):
        import resource

        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + most, resource.RLIM_INFINITY))


def load() -> None:
    """Load the libraries before the first file comes, also those that are loaded when they are first asked for."""
    passing.unpacked(passing.packed(tables_in(b"a,b\n1,2\n", "")))
    for name in LIBRARIES:
        with suppress(ImportError):  # an optional extra
            import_module(name)


if __name__ == "__main__":
    load()
    gc.freeze()  # or each copy would copy what it only looks through
    serve(sys.stdin.buffer, sys.stdout.buffer)
