"""Masked numbers look random, add up exactly, and no key answers twice."""

import hmac
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2

from analysis.centres import masks
from analysis.centres.centre_keys import (
    PURPOSE,
    KeyRing,
    PrivateKey,
    PublicKey,
    read_key,
    read_keys,
    read_private_key,
)
from analysis.centres.centre_question import CentreFileError
from analysis.centres.hashed_file import hash_of
from analysis.centres.masks import Masked, mask_of, masked, new_key, shared_mask, stream_of

QUESTION = sha256(b"a question").hexdigest()
ZEROS = np.zeros(4096, dtype=np.int64)
NAMES = ("North", "South", "East", "West")


def private_key(centre: str, numbers: NDArray[np.int64] = ZEROS) -> PrivateKey:
    """Return a key that is the same in every run."""
    secret = sha256(f"test {centre}".encode()).digest()
    return PrivateKey(centre, QUESTION, secret.hex(), masks._tag(secret, numbers))


def ring_of(keys: list[PrivateKey]) -> KeyRing:
    return KeyRing(tuple(key.public for key in keys))


@pytest.fixture
def keys() -> list[PrivateKey]:
    return [private_key(name) for name in NAMES]


@pytest.mark.parametrize("centres", [3, 7, 20])
def test_the_sum_of_all_is_exact_and_no_number_of_one_is_left(centres: int) -> None:
    chance = np.random.default_rng(centres)
    numbers = chance.integers(-(10**12), 10**12, (centres, 500))
    own = [new_key(f"centre {place}", QUESTION, held) for place, held in enumerate(numbers)]
    ring = ring_of(own)
    answers = [masked(key, ring, held)[0] for key, held in zip(own, numbers, strict=True)]
    total = np.sum(answers, axis=0, dtype=np.uint64).view(np.int64)
    assert total.tolist() == numbers.sum(axis=0).tolist()
    assert not any((answer.view(np.int64) == held).any() for answer, held in zip(answers, numbers, strict=True))


def share_as_uneven(numbers: Masked) -> float:
    """Return the p-value of Pearson's test that all bytes are equally frequent."""
    found = np.bincount(np.frombuffer(numbers.astype("<u8").tobytes(), dtype=np.uint8), minlength=256)
    expected = found.sum() / 256
    return float(chi2.sf(((found - expected) ** 2 / expected).sum(), 255))


def what_others_see(keys: list[PrivateKey], ring: KeyRing) -> Iterator[Masked]:
    """Yield all that any centres together can make of the masked zeros of the others, but their sum.

    They can add up answers, and take away the masks that they share with somebody.
    """
    answers = {key.centre: masked(key, ring, ZEROS)[0] for key in keys}
    for size in range(1, len(keys)):
        for some in combinations(keys, size):
            yield np.sum([answers[key.centre] for key in some], axis=0, dtype=np.uint64)
    for first, second in combinations(keys, 2):
        left = answers[first.centre]
        for other in keys:
            if other not in (first, second):
                shared = shared_mask(other, first.public, ring, len(left))
                left = left - shared if first.public.public < other.public.public else left + shared
        yield left


def test_what_any_others_see_of_masked_zeros_is_uniform(keys: list[PrivateKey]) -> None:
    seen = [share_as_uneven(each) for each in what_others_see(keys, ring_of(keys))]
    assert len(seen) == 14 + 6
    assert min(seen) > 0.001 / len(seen)


def test_a_pair_without_a_mask_would_be_seen(keys: list[PrivateKey], monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Masked] = masks.shared_mask
    pair = {key.public.public for key in keys[:2]}

    def without_one(own: PrivateKey, other: PublicKey, ring: KeyRing, size: int) -> Masked:
        none = {own.public.public, other.public} == pair
        return np.zeros(size, dtype=np.uint64) if none else real(own, other, ring, size)

    monkeypatch.setattr(masks, "shared_mask", without_one)
    assert min(share_as_uneven(each) for each in what_others_see(keys, ring_of(keys))) < 1e-100


def test_each_question_and_each_set_of_keys_has_its_own_masks(keys: list[PrivateKey]) -> None:
    ring, fewer = ring_of(keys), ring_of(keys[:3])
    asked_anew = [replace(key, question=sha256(b"another").hexdigest()) for key in keys]
    of_each = [
        shared_mask(keys[0], keys[1].public, ring, 8),
        shared_mask(keys[0], keys[1].public, fewer, 8),
        shared_mask(asked_anew[0], asked_anew[1].public, ring_of(asked_anew), 8),
        shared_mask(keys[0], keys[2].public, ring, 8),
    ]
    assert len({tuple(each.tolist()) for each in of_each}) == len(of_each)


def test_keys_and_stream_are_those_of_the_standards() -> None:
    # RFC 7748, section 5.2, after one iteration; RFC 8439, appendix A.1, test vector 1
    public = "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
    stream = "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
    assert PrivateKey("North", QUESTION, f"09{'00' * 31}", "").public.public == public
    assert stream_of(bytes(32), 4).astype("<u8").tobytes().hex() == stream


def test_the_shared_mask_is_that_of_a_derivation_by_hand(keys: list[PrivateKey]) -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    ring, (own, other) = ring_of(keys), keys[:2]
    pair = [X25519PrivateKey.from_private_bytes(bytes.fromhex(key.private)) for key in (other, own)]
    agreed = pair[0].exchange(pair[1].public_key())
    info = PURPOSE + b"".join(sorted(bytes.fromhex(key.public.public) for key in (own, other)))
    extracted = hmac.new(bytes.fromhex(ring.digest), agreed, "sha256").digest()  # RFC 5869
    secret = hmac.new(extracted, info + b"\x01", "sha256").digest()
    assert shared_mask(own, other.public, ring, 9).tolist() == stream_of(secret, 9).tolist()


def test_a_key_answers_once(keys: list[PrivateKey]) -> None:
    ring, own = ring_of(keys), keys[0]
    answer, kept = masked(own, ring, ZEROS)
    again, _ = masked(read_private_key(kept.to_file()), ring, ZEROS)
    assert answer.tolist() == again.tolist()  # the same answer tells nothing more
    with pytest.raises(CentreFileError, match="has already answered, with other keys"):
        masked(kept, ring_of(keys[:3]), ZEROS)
    for key in (own, kept):  # also the file from before the answer
        with pytest.raises(CentreFileError, match="others than when this key was made"):
            masked(key, ring, ZEROS + 1)


def test_a_key_answers_only_with_its_own_among_the_keys(keys: list[PrivateKey]) -> None:
    with pytest.raises(CentreFileError, match="The key of North is not among these keys \\(East, South, West\\)"):
        masked(keys[0], ring_of(keys[1:]), ZEROS)
    replaced = [new_key("North", QUESTION, ZEROS), *keys[1:]]
    with pytest.raises(CentreFileError, match="The key of North is not among these keys"):
        masked(keys[0], ring_of(replaced), ZEROS)
    with pytest.raises(CentreFileError, match="made for another question"):
        masked(replace(keys[0], question=sha256(b"another").hexdigest()), ring_of(keys), ZEROS)


def test_a_replaced_key_changes_the_code_that_centres_compare(keys: list[PrivateKey]) -> None:
    code = ring_of(keys).code
    assert ring_of(keys[::-1]).code == code
    assert [len(part) for part in code.split()] == [5] * 6
    assert ring_of([*keys[:3], new_key("West", QUESTION, ZEROS)]).code != code


def test_keys_that_do_not_belong_together_are_refused(keys: list[PrivateKey]) -> None:
    public = [key.public for key in keys]
    for held, words in (
        (public[:2], "3 to 100 centres, not 2"),
        ([*public, public[0]], "two keys of North"),
        ([*public, replace(public[0], centre="Middle")], "North and Middle sent the same key"),
        ([*public[1:], replace(public[0], question=sha256(b"another").hexdigest())], "for different questions"),
    ):
        with pytest.raises(CentreFileError, match=words):
            KeyRing(tuple(held))


def test_a_key_whose_secret_everybody_knows_is_refused(keys: list[PrivateKey]) -> None:
    ring = KeyRing((*(key.public for key in keys[:3]), PublicKey("West", QUESTION, "00" * 32)))
    with pytest.raises(CentreFileError, match="The key of West is none"):
        mask_of(keys[0], ring, 1)


def test_files_of_keys_are_read_or_refused_in_words(keys: list[PrivateKey]) -> None:
    files = {f"{key.centre}.json": key.public.to_file() for key in keys}
    assert read_keys(files) == ring_of(keys)
    assert read_private_key(keys[0].to_file()) == keys[0]
    public = files["North.json"]
    other_version = json.loads(public) | {"made_with": "0.0.0"}
    other_version["hash"] = hash_of({name: held for name, held in other_version.items() if name != "hash"})
    for data, words in (
        (keys[0].to_file(), "is a private key of one centre, and no key of one centre"),
        (public.replace(b"North", b"Nerth"), "key of one centre was changed"),
        (json.dumps(other_version).encode(), "made with version 0.0.0"),
        (b"{", "is not JSON"),
    ):
        with pytest.raises(CentreFileError, match=words):
            read_key(data)
        with pytest.raises(CentreFileError, match=rf"North\.json: .*{words}"):
            read_keys(files | {"North.json": data})
    with pytest.raises(CentreFileError, match="is a key of one centre, and no private key"):
        read_private_key(public)


def test_a_private_key_is_in_no_public_file_and_no_message(keys: list[PrivateKey]) -> None:
    own = keys[0]
    assert own.private.encode() not in own.public.to_file()
    assert own.private not in repr(own)


def test_without_the_library_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography", None)
    monkeypatch.setattr(masks, "find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"Masked sums need cryptography: pip install .*\[centres\]"):
        new_key("North", QUESTION, ZEROS)
