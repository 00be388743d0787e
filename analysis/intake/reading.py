"""Reading a file in a separate process with limits of memory and time, so that a hostile file cannot harm the app.

`reading_program` is that process. It is started ahead of the first file, since loading the libraries takes a second.
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

from analysis.cohort.findings import CohortError
from analysis.intake import passing
from analysis.intake.archives import GZIP, ZIP, unpacked_size
from analysis.intake.content import OLD_OFFICE
from analysis.intake.exchange import BROKEN, ENDED, FORKS, MEMORY, REFUSED, TIME, Request, receive
from analysis.intake.formats import LABELLED, format_of
from analysis.intake.json_tables import is_json
from analysis.intake.noticed import refuse_file
from analysis.intake.raw import RawTable

ROOT = Path(__file__).parents[2]
MEGABYTE = 1_000_000
MAX_BYTES = 500_000_000
# Memory for reading, beyond the 130 MB of the process itself. Short texts that are all distinct take some 23 times
# their size; compressed files, such as workbooks, up to eighty times.
LEAST_MEMORY, MOST_MEMORY = 150 * MEGABYTE, 8_000 * MEGABYTE
PER_BYTE, PER_PACKED_BYTE = 25, 100
PER_BYTE_OF_JSON = 60  # a value of one letter is an object
LEAST_SECONDS, MOST_SECONDS = 60, 300
SECONDS_A_MEGABYTE = 10
GRACE_SECONDS = 10  # The process stops at its own time limit; it is killed only this much later.
MOST_IDLE = 2
MOST_AT_ONCE = 2  # Other files wait, so that many uploads take no more memory than two.
# Threads would take memory of their own, and Arrow's default allocator reserves far more than it uses.
ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}

Program = subprocess.Popen[bytes]

_idle: list[Program] = []
_starting = threading.Lock()
_turn = threading.BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True)
class HeldFile:
    """A file in memory that is parsed only once, also where it is refused."""

    name: str
    data: bytes = field(repr=False)
    _read: list[RawTable] | CohortError | None = field(default=None, init=False, repr=False, compare=False)

    def getvalue(self) -> bytes:
        """Return the content; the method of an uploaded file."""
        return self.data

    @property
    def tables(self) -> list[RawTable]:
        """Its tables; see `parse`."""
        # Not `cached_property`, whose lock is shared by all instances in Python 3.11.
        if self._read is None:
            try:
                read: list[RawTable] | CohortError = parse(self.data, self.name)
            except CohortError as error:
                read = error
            object.__setattr__(self, "_read", read)
        if isinstance(self._read, CohortError):
            raise CohortError(self._read.findings)
        return cast(list[RawTable], self._read)

    @property
    def unread(self) -> HeldFile:
        """The file without the tables that were read from it, which take more memory."""
        return HeldFile(self.name, self.data)

    @property
    def refused(self) -> bool:
        """Whether it was parsed and is no table."""
        return isinstance(self._read, CohortError)


def prepare() -> None:
    """Start the process that will read the next file, unless one is idle, without waiting for it."""
    with _starting:
        if not _idle:
            _idle.append(start())


def parse(data: bytes, file: str) -> list[RawTable]:
    """Return the tables in the bytes of a file, read in a separate process.

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
    """Return the tables in the bytes of a file, read in a separate process, whatever the size of the file.

    Raises
    ------
    CohortError
        If the file is refused, exceeds the limit of memory or time, or crashes the process.
    """
    seconds = allowed_seconds(data)
    with _turn, _folder(data) as folder:
        kind, content = _ask(Request(file, len(data), allowed_memory(data), seconds, folder), data)
    if kind == REFUSED:
        raise passing.unpacked_refusal(content)
    packed = _is_packed(data)
    if kind == MEMORY or (kind == BROKEN and not packed):  # only lack of memory can crash the reading of a text
        refuse_file(file, "reading it takes more memory than any table of its size does. Save the table as CSV.")
    if kind == TIME:
        refuse_file(file, f"it takes more than {seconds:g} seconds to read. Leave out what is not needed.")
    if kind in (BROKEN, ENDED):
        what = "workbook" if data.startswith((ZIP, OLD_OFFICE)) else f"{format_of(data)} file".strip()
        refuse_file(file, f"the {what} is broken. Save the table as CSV and try again.")
    return passing.unpacked(content)


def full() -> bool:
    """Return whether the next file has to wait, because as many files as allowed are being read."""
    if _turn.acquire(blocking=False):
        _turn.release()
        return False
    return True


def allowed_memory(data: bytes) -> int:
    """Return the memory limit for reading a file, in bytes."""
    text = PER_BYTE_OF_JSON if is_json(data) else PER_BYTE
    each = PER_PACKED_BYTE if _is_packed(data) else text
    # What is packed can be JSON.
    return min(LEAST_MEMORY + max(each * len(data), PER_BYTE_OF_JSON * unpacked_size(data)), MOST_MEMORY)


def allowed_seconds(data: bytes) -> float:
    """Return the time limit for reading a file, in seconds."""
    size = max(len(data), unpacked_size(data))
    return min(LEAST_SECONDS + SECONDS_A_MEGABYTE * size / MEGABYTE, MOST_SECONDS)


def _is_packed(data: bytes) -> bool:
    """Return whether a file holds much more than its bytes."""
    return data.startswith((ZIP, GZIP, OLD_OFFICE)) or bool(format_of(data))


def start() -> Program:
    """Start a process that reads files."""
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
    """Return a temporary folder for libraries that read from disk only; it is always deleted."""
    needed = format_of(data) in LABELLED or data.startswith((ZIP, GZIP))  # archives can contain such a file
    return TemporaryDirectory() if needed else nullcontext("")


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
    except OSError:  # the process has died
        pass
    finally:
        late.cancel()
        if FORKS and kind != ENDED and len(_idle) < MOST_IDLE:
            _idle.append(program)
        else:
            _end(program)
    return kind, content


def _waiting() -> Program:
    """Return an idle process, or a new one."""
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
