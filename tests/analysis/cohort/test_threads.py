"""One cohort used by many threads at once, as all sessions use the sample."""

import gc
import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

import numpy as np
import pytest

from analysis import Cohort, load_sample
from analysis.cohort.per_patient import SMALL_BYTES, Store, cached

THREADS = 8


@pytest.fixture(autouse=True)
def turns_are_short() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def at_once(ask: Callable[[int], object]) -> list[object]:
    begin = Barrier(THREADS)

    def go(thread: int) -> object:
        begin.wait()
        return ask(thread)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(go, range(THREADS)))


def test_eight_threads_hammer_one_store() -> None:
    owner, store, most = load_sample(), Store(32 * SMALL_BYTES), 64

    def ask(thread: int) -> bool:
        choices = [(7 * thread + 13 * turn) % most for turn in range(4000)]
        return all(store.once(owner, choice, lambda choice=choice: 2 * choice) == 2 * choice for choice in choices)

    assert at_once(ask) == [True] * THREADS
    assert len(store) == 32


def test_tables_of_a_selection_are_the_same_in_every_thread() -> None:
    sample = load_sample()
    women = sample.patients["sex"] == "female"
    visits = int(sample.visits["patient_id"].isin(sample.patients.loc[women, "patient_id"]).sum())

    def ask(_: int) -> bool:
        return all(
            len(sample.subset(women).visits) == len(sample.subset(women).visit_rows) == visits for _ in range(50)
        )

    assert at_once(ask) == [True] * THREADS


def test_no_thread_waits_for_the_computation_of_another() -> None:
    store, owner, started, done = Store(100 * SMALL_BYTES), load_sample(), Event(), Event()

    def long() -> str:
        started.set()
        assert done.wait(10)
        return "long"

    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(store.once, owner, "long", long)
        assert started.wait(10)
        assert store.once(owner, "short", lambda: "short") == "short"
        assert store.once(owner, "outer", lambda: store.once(owner, "inner", lambda: "inner")) == "inner"
        done.set()
        assert waiting.result() == "long"


def test_two_simultaneous_computations_give_one_result() -> None:
    store, owner, both = Store(100 * SMALL_BYTES), load_sample(), Barrier(2)

    def make() -> object:
        both.wait(10)
        return object()

    with ThreadPoolExecutor(2) as threads:
        first, second = (threads.submit(store.once, owner, "key", make) for _ in range(2))
        assert first.result() is second.result()


def test_cached_results_are_dropped_with_their_cohort() -> None:
    store, owner, other = Store(100 * SMALL_BYTES), replace(load_sample()), load_sample()
    store.once(owner, "key", object)
    kept = store.once(other, "key", object)
    assert len(store) == 2
    del owner
    gc.collect()
    assert len(store) == 1
    assert store.once(other, "key", object) is kept


def test_a_store_stays_within_its_capacity() -> None:
    store, owner = Store(10_000), load_sample()
    for place in range(5):
        store.once(owner, place, lambda: np.zeros(500))  # 4,000 bytes
    assert len(store) == 2
    too_large = store.once(owner, "large", lambda: np.zeros(5_000))
    assert store.once(owner, "large", lambda: np.ones(1)) is not too_large


def test_cohorts_with_equal_fingerprints_have_results_of_their_own() -> None:
    """Two cohorts with the same fingerprint may have their rows in a different order."""
    sample = load_sample()
    turned = replace(sample, patients=sample.patients[::-1].reset_index(drop=True))

    @cached
    def first_patient(cohort: Cohort) -> str:
        return str(cohort.patients["patient_id"].iloc[0])

    assert [first_patient(each) for each in (sample, turned)] == ["S001", sample.patients["patient_id"].iloc[-1]]
    place = sample.place_of("S001")
    assert turned.place_of("S001") == len(sample) - 1 - place
    assert (turned.visit_rows == len(sample) - 1 - sample.visit_rows).all()


@pytest.mark.parametrize("part", [False, True])
def test_a_cohort_can_be_sent_to_another_process(part: bool) -> None:
    cohort = load_sample()
    cohort = cohort.subset(cohort.patients["sex"] == "female") if part else cohort
    sent = pickle.loads(pickle.dumps(cohort))  # noqa: S301 -- made here
    assert sent.fingerprint == cohort.fingerprint
    assert sent.patients.equals(cohort.patients)
    assert sent.visits.equals(cohort.visits)
