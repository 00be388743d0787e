"""The process that reads files, started by `reading`; the worst a hostile file can do is to crash it.

It reads requests from standard input and answers on standard output. If the system can fork, each file is read in a
forked child, which has the libraries loaded and exits after the file; otherwise the process itself exits after one.
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

LIBRARIES = ("python_calamine", "pyarrow.parquet", "pyreadstat")
SHORTEST_SECONDS = 1e-3  # a timer of 0 would be no limit


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests: all of them if each is answered in a forked child, else only one."""
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
    """Return the answer of a forked child."""
    came, goes = os.pipe()
    copy = os.fork()
    if not copy:
        try:
            gc.disable()  # the child ends with its file, and looking through all cells again and again takes time
            signal.setitimer(signal.ITIMER_REAL, max(request.seconds, SHORTEST_SECONDS))  # kills the child
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
    """Limit the memory in bytes that this process can allocate from now on, if the system supports it."""
    with suppress(ImportError, OSError):
        import resource

        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + most, resource.RLIM_INFINITY))


def load() -> None:
    """Load all libraries, also those imported lazily, before the first file comes."""
    passing.unpacked(passing.packed(tables_in(b"a,b\n1,2\n", "")))
    for name in LIBRARIES:
        with suppress(ImportError):  # an optional extra
            import_module(name)


if __name__ == "__main__":
    load()
    gc.freeze()  # so that garbage collection in a child does not copy the shared pages
    serve(sys.stdin.buffer, sys.stdout.buffer)
