"""Reading a file in a program of its own, within limits of memory and time: what harms the program harms nobody else.

`reading_program` is that program. It is started ahead of the first file, since loading the libraries takes a second.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from analysis.intake import passing
from analysis.intake.content import ZIP
from analysis.intake.exchange import BROKEN, ENDED, FORKS, MEMORY, REFUSED, TIME, Request, receive
from analysis.intake.formats import LABELLED, format_of
from analysis.intake.noticed import refuse_file
from analysis.intake.raw import RawTable

ROOT = Path(__file__).parents[2]
MEGABYTE = 1_000_000
MAX_BYTES = 500_000_000
# What reading may take beyond the program itself, which holds some 130 MB. Short texts that are all different
# take some 23 times their size; packed files, such as workbooks, up to eighty times.
LEAST_MEMORY, MOST_MEMORY = 150 * MEGABYTE, 8_000 * MEGABYTE
PER_BYTE, PER_PACKED_BYTE = 25, 100
LEAST_SECONDS, MOST_SECONDS = 60, 300
SECONDS_A_MEGABYTE = 10
GRACE_SECONDS = 10  # The program ends the reading by itself before it is ended from here.
MOST_IDLE = 2
MOST_AT_ONCE = 2  # The others wait, so that many files at once take no more memory than two.
# Threads take memory that nobody asked for, and Arrow's own allocator reserves far more than it uses.
ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}

Program = subprocess.Popen[bytes]

_idle: list[Program] = []
_starting = threading.Lock()
_turn = threading.BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True)
class HeldFile:
    """A file that is held in memory, and read once."""

    name: str
    data: bytes = field(repr=False)
    _read: list[RawTable] | None = field(default=None, init=False, repr=False, compare=False)

    def getvalue(self) -> bytes:
        """Return the content, as an uploaded file does."""
        return self.data

    @property
    def tables(self) -> list[RawTable]:
        """Return its tables; see `parse`."""
        # Not `cached_property`, which lets one file of all sessions be read at a time.
        if self._read is None:
            object.__setattr__(self, "_read", parse(self.data, self.name))
        return cast(list[RawTable], self._read)


def prepare() -> None:
    """Start the program that will read the next file, unless one waits already; this takes no time here."""
    with _starting:
        if not _idle:
            _idle.append(start())


def parse(data: bytes, file: str) -> list[RawTable]:
    """Return the tables in the bytes of a file, read by a program of its own.

    Raises
    ------
    CohortError
        If the file is too large, or refused by `read_apart`.
    """
    if len(data) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        refuse_file(file, f"the file is larger than {limit}. Leave out columns or rows that are not needed.")
    return read_apart(data, file)


def read_apart(data: bytes, file: str) -> list[RawTable]:
    """Return the tables in the bytes of a file.

    Raises
    ------
    CohortError
        Why the file is refused; also where reading it takes more memory or time than is allowed, or ends the program.
    """
    seconds = allowed_seconds(data)
    with _turn, _folder(data) as folder:
        kind, content = _ask(Request(file, len(data), allowed_memory(data), seconds, folder), data)
    if kind == REFUSED:
        raise passing.unpacked_refusal(content)
    packed = data.startswith(ZIP) or format_of(data)
    if kind == MEMORY or (kind == BROKEN and not packed):  # no text is broken in itself
        refuse_file(file, "reading it takes more memory than any table of its size does. Save the table as CSV.")
    if kind == TIME:
        refuse_file(file, f"it takes more than {seconds:g} seconds to read. Leave out what is not needed.")
    if kind in (BROKEN, ENDED):
        what = "workbook" if data.startswith(ZIP) else f"{format_of(data)} file".strip()
        refuse_file(file, f"the {what} is broken. Save the table as CSV and try again.")
    return passing.unpacked(content)


def full() -> bool:
    """Return whether as many files are read at this moment as may be, so that the next one waits."""
    if _turn.acquire(blocking=False):
        _turn.release()
        return False
    return True


def allowed_memory(data: bytes) -> int:
    """Return how many bytes reading a file may take."""
    each = PER_PACKED_BYTE if data.startswith(ZIP) or format_of(data) else PER_BYTE
    return min(LEAST_MEMORY + each * len(data), MOST_MEMORY)


def allowed_seconds(data: bytes) -> float:
    """Return how long reading a file may take."""
    return min(LEAST_SECONDS + SECONDS_A_MEGABYTE * len(data) / MEGABYTE, MOST_SECONDS)


def start() -> Program:
    """Start the program that reads files."""
    return subprocess.Popen(
        [sys.executable, "-m", "analysis.intake.reading_program"],
        cwd=ROOT,
        env=os.environ | ALONE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no console pops up on Windows
    )


def _folder(data: bytes) -> AbstractContextManager[str]:
    """Return a folder that is deleted in any case, for the libraries that read from the disk only."""
    return TemporaryDirectory() if format_of(data) in LABELLED else nullcontext("")


def _ask(request: Request, data: bytes) -> tuple[bytes, bytes]:
    program = _waiting()
    kind, content = ENDED, b""
    late = threading.Timer(request.seconds + GRACE_SECONDS, program.kill)
    late.start()
    try:
        to = cast(IO[bytes], program.stdin)
        to.write(request.line())
        to.write(data)
        to.flush()
        kind, content = receive(cast(IO[bytes], program.stdout))
    except OSError:  # the program is no more
        pass
    finally:
        late.cancel()
        if FORKS and kind != ENDED and len(_idle) < MOST_IDLE:
            _idle.append(program)
        else:
            _end(program)
    return kind, content


def _waiting() -> Program:
    """Return a program that waits for a file, or a new one."""
    with suppress(IndexError):
        while (program := _idle.pop()).poll() is not None:
            _end(program)
        return program
    return start()


def _end(program: Program) -> None:
    program.kill()
    program.communicate()


@atexit.register
def _end_all() -> None:
    while _idle:
        _end(_idle.pop())
