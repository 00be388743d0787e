"""Waiting for an engine: whoever asked is told how far it is, can stop it, and waits no longer than allowed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from math import inf
from threading import Thread
from time import monotonic
from typing import TypeVar

from analysis.registry.telling import TOLD_EVERY, tell

ASKING = "asking the engine"  # the name of the thread of a question
Answer = TypeVar("Answer")


class UnansweredError(Exception):
    """A question did not end when it was stopped."""


def answered(
    questions: Sequence[Callable[[], Answer]],
    words: str,
    *,
    stop: Callable[[], None],
    most_seconds: float,
    share: Callable[[], float | None] = lambda: None,
    seconds_to_stop: float = inf,
) -> list[Answer]:
    """Ask questions, each in a thread of its own, and return the answers.

    Parameters
    ----------
    questions
        Each returns an answer.
    words
        What is done, for whoever is told.
    stop
        Ends the questions from another thread: each then raises an exception. It is called again and again, as it has
        no effect on a question that is just about to begin.
    most_seconds
        After them the questions are stopped.
    share
        Returns the fraction that is done; None if it is not known.
    seconds_to_stop
        After them a question that was stopped is waited for no more.

    Raises
    ------
    UnansweredError
        If a question took too long, and did not end when it was stopped.
    Exception
        What the first question that failed has raised, or whoever was told.

    Examples
    --------
    >>> answered([lambda: 1, lambda: 2], "Counting", stop=lambda: None, most_seconds=5.0)
    [1, 2]
    """
    answers: list[Future[Answer]] = [Future() for _ in questions]
    threads = [
        Thread(target=_ask, args=each, name=ASKING, daemon=True) for each in zip(questions, answers, strict=True)
    ]
    begun = monotonic()
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            while thread.is_alive() and monotonic() - begun < most_seconds:
                thread.join(TOLD_EVERY)
                if thread.is_alive():
                    tell(share(), words)
    finally:
        given_up = monotonic() + seconds_to_stop
        while any(thread.is_alive() for thread in threads) and monotonic() < given_up:
            stop()
            for thread in threads:
                thread.join(TOLD_EVERY)
    if not all(answer.done() for answer in answers):
        raise UnansweredError
    return [answer.result() for answer in answers]


def _ask(question: Callable[[], Answer], answer: Future[Answer]) -> None:
    try:
        answer.set_result(question())
    except Exception as error:  # it is raised where the answer is waited for
        answer.set_exception(error)
