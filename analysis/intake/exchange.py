"""The messages between the app and the process that reads files."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import IO

FORKS = hasattr(os, "fork")
# Kinds of answers: tables, or why there are none. `BROKEN`: the file crashed its reading; `ENDED`: no full answer came.
TABLES, REFUSED, MEMORY, TIME, BROKEN, ENDED = b"tables", b"refused", b"memory", b"time", b"broken", b"ended"
SIZE_BYTES = 8


@dataclass(frozen=True)
class Request:
    """A request to read a file; its content follows.

    Attributes
    ----------
    file
        The file name.
    size
        Size of the content in bytes.
    memory
        Memory limit in bytes, beyond what the process already uses.
    seconds
        Time limit.
    folder
        A temporary folder for libraries that read from disk only; "" if none is needed.
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
    """Return the kind and the content of an answer; `ENDED` if it is incomplete."""
    kind = source.readline().rstrip(b"\n")
    size_bytes = source.read(SIZE_BYTES)
    size = int.from_bytes(size_bytes, "big")
    content = source.read(size) if len(size_bytes) == SIZE_BYTES else b""
    return (kind, content) if len(size_bytes) == SIZE_BYTES and len(content) == size else (ENDED, b"")
