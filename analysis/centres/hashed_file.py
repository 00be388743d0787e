"""Files of JSON with the hash of their content, so that a changed number is found."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, TypeVar

from analysis.centres.centre_question import CentreFileError, check_file, read_json
from analysis.version import VERSION

Read = TypeVar("Read")


def hash_of(held: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an object of JSON in hexadecimal, whatever the order of its parts."""
    return sha256(json.dumps(held, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def hashed_file(kind: str, parts: Mapping[str, Any]) -> bytes:
    """Return an object of JSON as a file of a kind, with version and hash."""
    held = {"file": kind, "made_with": VERSION, **parts}
    return json.dumps({**held, "hash": hash_of(held)}, ensure_ascii=False, separators=(",", ":")).encode()


def read_hashed_file(
    data: bytes, kind: str, parts: set[str], most: int, *, any_version: bool = False
) -> dict[str, Any]:
    """Return the object in a file that `hashed_file` made.

    Parameters
    ----------
    data
        The file.
    kind, parts
        What it should be, and hold.
    most
        The most bytes that it may have.
    any_version
        Whether it may have been made with another version.

    Raises
    ------
    CentreFileError
        If it is of another kind or version, or was changed.
    """
    held = read_json(data, most)
    check_file(held, kind, {*parts, "hash"}, any_version=any_version)
    told = held.pop("hash")
    try:
        own = hash_of(held)
    except RecursionError as error:
        raise CentreFileError(f"This {kind} cannot be read, as it is nested too deeply.") from error
    if told != own:
        raise CentreFileError(f"This {kind} was changed after it was made: its hash is another one. Ask for it again.")
    return held


def kind_of(data: bytes, most: int) -> str:
    """Return what a file says that it is, such as "answer of one centre"; "" if it says nothing.

    Raises
    ------
    CentreFileError
        If it is no JSON, or has more than `most` bytes.
    """
    kind = read_json(data, most).get("file")
    return kind if isinstance(kind, str) else ""


def read_each(files: Mapping[str, bytes], read: Callable[[bytes], Read]) -> list[Read]:
    """Return what is read of each file.

    Parameters
    ----------
    files
        The name of each file to its bytes.
    read
        Reads one; raises a CentreFileError if it cannot be used.

    Raises
    ------
    CentreFileError
        If a file cannot be used; the message names it.
    """
    found = []
    for name, data in files.items():
        try:
            found.append(read(data))
        except CentreFileError as error:
            raise CentreFileError(f"{name}: {error}") from error
    return found
