"""Keys of centres for a masked sum: one that is sent to all, one that is kept, and those of all centres together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from analysis.centres.centre_question import LONGEST_NAME, CentreFileError
from analysis.centres.hashed_file import hashed_file, read_each, read_hashed_file
from analysis.cohort.names import one_line

KEY, PRIVATE_KEY = "key of one centre", "private key of one centre"
FEWEST, MOST = 3, 100  # of two centres each would read the other's numbers
MOST_BYTES = 10_000
HEX_DIGITS = 64  # of 32 bytes
CODE_GROUPS, CODE_DIGITS = 6, 5
PURPOSE = b"masked sums of several centres, 1"


@dataclass(frozen=True)
class PublicKey:
    """The key that a centre sends to all others.

    Attributes
    ----------
    centre
        The name of the centre.
    question
        The digest of the question that it is for.
    public
        The X25519 public key in hexadecimal.
    """

    centre: str
    question: str
    public: str

    def to_file(self) -> bytes:
        """Return the key as a file of JSON, with its hash."""
        return hashed_file(KEY, vars(self))


@dataclass(frozen=True)
class PrivateKey:
    """The key that a centre keeps, for one answer of the numbers that it was made for.

    Attributes
    ----------
    centre, question
        As in `PublicKey`.
    private
        The X25519 private key in hexadecimal.
    made_for
        What tells the numbers of the centre from all others, and nothing else about them.
    answered
        The digest of the keys that it has answered with; "" before.
    """

    centre: str
    question: str
    private: str = field(repr=False)
    made_for: str = field(repr=False)
    answered: str = ""

    def to_file(self) -> bytes:
        """Return the key as a file of JSON, with its hash; it must not leave the centre."""
        return hashed_file(PRIVATE_KEY, vars(self))

    @property
    def public(self) -> PublicKey:
        """The key that is sent to all others."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        own = X25519PrivateKey.from_private_bytes(bytes.fromhex(self.private))
        return PublicKey(self.centre, self.question, own.public_key().public_bytes_raw().hex())


@dataclass(frozen=True)
class KeyRing:
    """The keys of all centres of a sum, by name.

    Attributes
    ----------
    keys
        One of each centre, sorted by its name.

    Raises
    ------
    CentreFileError
        If there are fewer than three, two are of one centre or are equal, or they are for different questions.
    """

    keys: tuple[PublicKey, ...]

    def __post_init__(self) -> None:
        if not FEWEST <= len(self.keys) <= MOST:
            raise CentreFileError(
                f"A masked sum is of {FEWEST} to {MOST} centres, not {len(self.keys)}: "
                "of two, each could subtract its own numbers."
            )
        first, *others = self.keys
        for other in others:
            if other.question != first.question:
                raise CentreFileError(f"The keys of {first.centre} and {other.centre} are for different questions.")
        names = [key.centre for key in self.keys]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise CentreFileError(f"There are two keys of {', '.join(twice)}. Use one key of each centre.")
        owner: dict[str, str] = {}
        for key in self.keys:
            if key.public in owner:
                raise CentreFileError(f"{owner[key.public]} and {key.centre} sent the same key.")
            owner[key.public] = key.centre
        object.__setattr__(self, "keys", tuple(sorted(self.keys, key=lambda key: key.centre)))

    @property
    def centres(self) -> tuple[str, ...]:
        """The names of the centres, sorted."""
        return tuple(key.centre for key in self.keys)

    @property
    def question(self) -> str:
        """The digest of the question."""
        return self.keys[0].question

    @property
    def digest(self) -> str:
        """SHA-256 of question, names and keys in hexadecimal."""
        held = [self.question, [[key.centre, key.public] for key in self.keys]]
        return sha256(PURPOSE + json.dumps(held, ensure_ascii=False).encode()).hexdigest()

    @property
    def code(self) -> str:
        """Digits that all centres compare by telephone: who passes the keys on could have sent own ones instead."""
        digits = f"{int(self.digest, 16) % 10 ** (CODE_GROUPS * CODE_DIGITS):0{CODE_GROUPS * CODE_DIGITS}d}"
        return " ".join(digits[start : start + CODE_DIGITS] for start in range(0, len(digits), CODE_DIGITS))

    def of(self, centre: str) -> PublicKey | None:
        """Return the key of a centre; None if it has none."""
        return next((key for key in self.keys if key.centre == centre), None)


def read_key(data: bytes) -> PublicKey:
    """Return the key in a file that `PublicKey.to_file` made.

    Raises
    ------
    CentreFileError
        If it is none, is of another version or was changed; a private key is told to be one.
    """
    held = read_hashed_file(data, KEY, {"centre", "question", "public"}, MOST_BYTES)
    return public_key(held["centre"], held["question"], held["public"])


def public_key(centre: object, question: object, public: object) -> PublicKey:
    """Return a key from values that were read.

    Raises
    ------
    CentreFileError
        If one is not what it should be.
    """
    if not isinstance(centre, str) or not is_centre_name(centre):
        raise CentreFileError("A key does not name its centre.")
    if not _is_hex(question) or not _is_hex(public):
        raise CentreFileError(f"The key of {centre} is none. Ask for it again.")
    return PublicKey(centre, str(question), str(public))


def read_private_key(data: bytes) -> PrivateKey:
    """Return the key in a file that `PrivateKey.to_file` made.

    Raises
    ------
    CentreFileError
        If it is none, is of another version or was changed.
    """
    parts = ("centre", "question", "private", "made_for", "answered")
    held = read_hashed_file(data, PRIVATE_KEY, set(parts), MOST_BYTES)
    centre, answered = held["centre"], held["answered"]
    if (
        not isinstance(centre, str)
        or not is_centre_name(centre)
        or not all(map(_is_hex, (held[name] for name in parts[1:4])))
    ):
        raise CentreFileError("This private key is none.")
    if answered != "" and not _is_hex(answered):
        raise CentreFileError("This private key does not say what it has answered.")
    return PrivateKey(*(held[name] for name in parts))


def read_keys(files: Mapping[str, bytes]) -> KeyRing:
    """Return the keys of all centres.

    Parameters
    ----------
    files
        The name of each file to its bytes.

    Raises
    ------
    CentreFileError
        If a file cannot be used, or they do not fit together; the message names the file or the centre.
    """
    keys = read_each(files, read_key)
    return KeyRing(tuple(keys))


def is_centre_name(text: str) -> bool:
    """Return whether a text can be the name of a centre: one line, neither blank nor long."""
    return bool(text.strip()) and text == one_line(text) and len(text) <= LONGEST_NAME


def _is_hex(text: object) -> bool:
    return isinstance(text, str) and len(text) == HEX_DIGITS and set(text) <= set("0123456789abcdef")
