"""Pairwise masks: masked numbers look random, and only the sum of all centres can be read.

Each pair of centres has a secret that only the two can compute (X25519); from it comes a mask for every number, which
one of the two adds and the other subtracts. In the sum of all centres every mask is gone. The method is that of
Bonawitz and others (2017) without its recovery from centres that drop out: all must answer.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from importlib.util import find_spec
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.centres.centre_keys import PURPOSE, KeyRing, PrivateKey, PublicKey, is_centre_name
from analysis.centres.centre_question import LONGEST_NAME, CentreFileError
from analysis.cohort.arrays import Integers

Masked: TypeAlias = NDArray[np.uint64]


def masks_offered() -> bool:
    """Return whether the library of the masks is installed."""
    return find_spec("cryptography") is not None


def check_offered() -> None:
    """Raise an ImportError that says how to install the library of the masks, where it is not."""
    if not masks_offered():
        raise ImportError("Masked sums need cryptography: pip install 'msc-lupus-dashboard[centres]'.")


def new_key(centre: str, question: str, numbers: Integers) -> PrivateKey:
    """Return a new key of a centre, for its numbers and for no others.

    Parameters
    ----------
    centre
        Its name, on one line.
    question
        The digest of the question.
    numbers
        What it will answer.

    Raises
    ------
    CentreFileError
        If the name is none.
    ImportError
        If the library of the masks is not installed.
    """
    if not is_centre_name(centre):
        raise CentreFileError(f"The name of a centre is one line of 1 to {LONGEST_NAME} characters.")
    check_offered()
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    private = X25519PrivateKey.generate().private_bytes_raw()
    return PrivateKey(centre, question, private.hex(), _tag(private, numbers))


def masked(own: PrivateKey, ring: KeyRing, numbers: Integers) -> tuple[Masked, PrivateKey]:
    """Return the numbers of a centre under its masks, and its key with a note of having answered.

    Two different answers under the same masks would reveal their difference. So a key answers for the numbers that it
    was made for only, and with one set of keys only; the same answer can be made again.

    Parameters
    ----------
    own
        The private key of the centre.
    ring
        The keys of all centres, with its own.
    numbers
        Whole numbers.

    Returns
    -------
    The masked numbers, modulo 2 to the 64, and the private key to be kept from now on.

    Raises
    ------
    CentreFileError
        If the own key is not among the keys, or has answered or would answer something else.
    ImportError
        If the library of the masks is not installed.
    """
    check_offered()
    if own.question != ring.question:
        raise CentreFileError(f"The private key of {own.centre} was made for another question than these keys.")
    if ring.of(own.centre) != own.public:
        raise CentreFileError(
            f"The key of {own.centre} is not among these keys ({', '.join(ring.centres)}). "
            "Use the private key that was made with the key that you sent."
        )
    if own.answered not in ("", ring.digest):
        raise CentreFileError(
            "This private key has already answered, with other keys of the centres. A second answer would reveal what "
            "differs between the two: make a new key, as all centres have to."
        )
    if not hmac.compare_digest(own.made_for, _tag(bytes.fromhex(own.private), numbers)):
        raise CentreFileError(
            "The numbers of this cohort are others than when this key was made. Two answers with one key would reveal "
            "their difference: answer with the same file as then, or make a new key, as all centres have to."
        )
    return numbers.astype(np.int64).view(np.uint64) + mask_of(own, ring, len(numbers)), replace(
        own, answered=ring.digest
    )


def mask_of(own: PrivateKey, ring: KeyRing, size: int) -> Masked:
    """Return the mask of a centre: those that it shares with each other one, added or subtracted by order of keys.

    Raises
    ------
    CentreFileError
        If the key of another centre is none.
    """
    mask, mine = np.zeros(size, dtype=np.uint64), own.public
    for other in ring.keys:
        if other != mine:
            shared = shared_mask(own, other, ring, size)
            mask = mask + shared if mine.public < other.public else mask - shared
    return mask


def shared_mask(own: PrivateKey, other: PublicKey, ring: KeyRing, size: int) -> Masked:
    """Return the mask that only two centres can compute, for this question and these keys of all centres.

    Raises
    ------
    CentreFileError
        If the key of the other centre is none.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    try:
        agreed = X25519PrivateKey.from_private_bytes(bytes.fromhex(own.private)).exchange(
            X25519PublicKey.from_public_bytes(bytes.fromhex(other.public))
        )
    except ValueError as error:  # everybody could know what is agreed
        raise CentreFileError(f"The key of {other.centre} is none. Ask for a new one.") from error
    pair = bytes.fromhex("".join(sorted([own.public.public, other.public])))
    derived = HKDF(SHA256(), length=32, salt=bytes.fromhex(ring.digest), info=PURPOSE + pair)
    return stream_of(derived.derive(agreed), size)


def stream_of(secret: bytes, size: int) -> Masked:
    """Return numbers of 64 bits from a secret of 32 bytes, which makes nothing else: the stream of ChaCha20."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

    # A secret makes one stream only, so that counter and nonce may be 0.
    stream = Cipher(ChaCha20(secret, bytes(16)), mode=None).encryptor().update(bytes(8 * size))
    return np.frombuffer(stream, dtype="<u8").astype(np.uint64)


def _tag(private: bytes, numbers: Integers) -> str:
    return hmac.new(private, PURPOSE + numbers.astype("<i8").tobytes(), "sha256").hexdigest()
