"""One cohort asked by many threads at once, as the sample is by all sessions."""

import pickle
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from analysis import Cohort, load_sample
from analysis.cohort.known import MOST_KNOWN, Known

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


def test_eight_threads_hammer_one_cohort() -> None:
    cohort = load_sample()

    def twice(_: Cohort, choice: int) -> int:
        return 2 * choice

    def ask(thread: int) -> bool:
        choices = [(7 * thread + 13 * turn) % (2 * MOST_KNOWN) for turn in range(4000)]
        return all(cohort.remembered(twice, choice) == 2 * choice for choice in choices)

    assert at_once(ask) == [True] * THREADS


def test_tables_of_a_part_are_there_while_another_thread_lets_them_go() -> None:
    sample = load_sample()
    part = sample.subset(sample.patients["sex"] == "female")
    visits = int(sample.visits["patient_id"].isin(part.patients["patient_id"]).sum())

    def ask(thread: int) -> bool:
        for _ in range(100):
            if thread % 2:
                part.let_go()
            elif len(part.visits) != visits or len(part.visit_rows) != visits:
                return False
        return True

    assert at_once(ask) == [True] * THREADS


def test_nobody_waits_for_the_long_computation_of_another() -> None:
    known, started, done = Known(), Event(), Event()

    def long() -> str:
        started.set()
        assert done.wait(10)
        return "long"

    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(known.once, "long", long)
        assert started.wait(10)
        assert known.once("short", lambda: "short") == "short"
        assert known.once("outer", lambda: known.once("inner", lambda: "inner")) == "inner"
        done.set()
        assert waiting.result() == "long"


def test_what_two_make_at_once_is_one_thing() -> None:
    known, both = Known(), Barrier(2)

    def make() -> object:
        both.wait(10)
        return object()

    with ThreadPoolExecutor(2) as threads:
        first, second = (threads.submit(known.once, "key", make) for _ in range(2))
        assert first.result() is second.result()


def test_a_cohort_can_be_sent_to_another_process() -> None:
    sample = load_sample()
    sample.remembered(Cohort._ids)
    sent = pickle.loads(pickle.dumps(sample))  # noqa: S301 -- made here
    assert sent.fingerprint == sample.fingerprint
    assert sent.patients.equals(sample.patients)
