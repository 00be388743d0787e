"""What the app and the program that reads files say to each other."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import IO

FORKS = hasattr(os, "fork")
# Kinds of answers: tables, or why there are none. `BROKEN` is a file that ended its own reading.
TABLES, REFUSED, MEMORY, TIME, BROKEN, ENDED = b"tables", b"refused", b"memory", b"time", b"broken", b"ended"
SIZE_BYTES = 8


@dataclass(frozen=True)
class Request:
    """A file to be read.

    Attributes
    ----------
    file
        What the user calls it.
    size
        How many bytes it has; they follow the request.
    memory
        How many bytes of memory reading may take beyond those of the program.
    seconds
        How long it may take.
    folder
        Where the file may lie for libraries that read from the disk only; "" where none is needed.
    """

    file: str
    size: int
    memory: int
    seconds: float
    folder: str

    def line(self) -> bytes:
        """Return the request as one line."""
        return json.dumps(asdict(self)).encode() + b"\n"


def send(to: IO[bytes], kind: bytes, content: bytes) -> None:
    """Write an answer: its kind, its size, its content."""
    to.write(kind + b"\n" + len(content).to_bytes(SIZE_BYTES, "big"))
    to.write(content)
    to.flush()


def receive(source: IO[bytes]) -> tuple[bytes, bytes]:
    """Return the kind and the content of an answer; `ENDED` where it breaks off."""
    kind = source.readline().rstrip(b"\n")
    told = source.read(SIZE_BYTES)
    size = int.from_bytes(told, "big")
    content = source.read(size) if len(told) == SIZE_BYTES else b""
    return (kind, content) if len(told) == SIZE_BYTES and len(content) == size else (ENDED, b"")
