"""A warehouse that is asked over a few connections, and tells nothing of them when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from threading import Lock, Semaphore
from typing import Any, TypeVar

import pandas as pd

from analysis.registry.answering import UnansweredError, answered
from analysis.registry.count import COUNTING, EngineError
from analysis.registry.telling import TOLD_EVERY

MOST_SECONDS = 120
MOST_CONNECTIONS = 4
SECONDS_TO_STOP = 1.0  # a backend that cannot stop a question is then left alone with it
T = TypeVar("T")

OPENING = "cannot be opened. Look at its settings in the secrets of the server, and whether the warehouse runs."
LOST = "was lost before the question was answered. Ask again."
STOPPED = "did not answer in time, or was stopped. Ask for fewer groups, or of fewer patients."
FORBIDDEN = "has a role that may not read what is asked. Give the role the right to SELECT."
CHANGED = "has not the tables or columns that are asked for. Write them anew, or look at the catalogue."
FAILED = "did not answer. Ask again; if it stays so, look at the log of the warehouse."
# The first letters of the SQL standard's codes of errors that PostgreSQL gives.
OF_CODES = {"57014": STOPPED, "57P": LOST, "08": LOST, "42501": FORBIDDEN, "42": CHANGED, "3F": CHANGED}
OF_KINDS = {
    "AdminShutdown": LOST,
    "OperationalError": LOST,
    "InterfaceError": LOST,
    "InterruptException": STOPPED,
    "TimeoutError": STOPPED,
    "CatalogException": CHANGED,
    "BinderException": CHANGED,
    "TableNotFound": CHANGED,
    "IbisTypeError": CHANGED,
}


class NotThereError(EngineError):
    """What is asked for is not in the warehouse."""


@dataclass(frozen=True, repr=False)
class Opened:
    """A connection that is open.

    Attributes
    ----------
    backend
        Ibis's, which executes expressions.
    cancel
        Stops what it is executing, from another thread.
    alive
        Raises an error if the connection was lost while nobody asked.
    close
        Ends it.
    """

    backend: Any
    cancel: Callable[[], object]
    alive: Callable[[], object]
    close: Callable[[], object]


class Question:
    """What one question is asked over, so that it can be stopped from another thread, and no other one is."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._over: Opened | None = None
        self._stopped = False

    @contextmanager
    def over(self, opened: Opened) -> Iterator[None]:
        """Ask it over a connection, which is that of another question afterwards."""
        with self._lock:
            self._over = opened
        try:
            self.go_on()
            yield
        finally:
            with self._lock:
                self._over = None

    def go_on(self) -> None:
        """Raise an error if it was stopped."""
        if self._stopped:
            raise TimeoutError

    def stop(self) -> None:
        """Stop it, whether it waits for a connection or is being answered."""
        self._stopped = True
        with self._lock, suppress(Exception):  # a connection that is lost has nothing to stop
            if self._over is not None:
                self._over.cancel()


class Warehouse:
    """Where tables are asked for by expressions.

    No error that it raises holds the text, the cause or the context of another: a driver's text names hosts and users.

    Parameters
    ----------
    name
        What the operator calls it; it stands in messages.
    connect
        Opens one connection.
    most_seconds
        A question that takes longer is stopped.
    connections
        How many questions are answered at a time; others wait.
    """

    def __init__(
        self,
        name: str,
        connect: Callable[[], Opened],
        most_seconds: float = MOST_SECONDS,
        connections: int = MOST_CONNECTIONS,
    ) -> None:
        self.name = name
        self.connections = connections
        self._connect = connect
        self._most_seconds = most_seconds
        self._room = Semaphore(connections)
        self._lock = Lock()
        self._idle: list[Opened] = []

    def __repr__(self) -> str:
        return f"Warehouse({self.name!r})"

    def table(self, name: str) -> Any:
        """Return a table as an Ibis expression.

        Raises
        ------
        EngineError
            If it is not there (`NotThereError`), may not be read, or the warehouse does not answer.
        """
        return self.ask(lambda backend: backend.table(name))

    def select(self, query: str) -> Any:
        """Return a query of the operator's as an Ibis expression; errors as of `table`."""
        return self.ask(lambda backend: backend.sql(query, schema=_schema(backend, query)))

    def run(self, expression: Any) -> pd.DataFrame:
        """Return what an expression of Ibis gives.

        Raises
        ------
        EngineError
            As of `table`; also if it takes too long or was stopped.
        """
        return self.ask(lambda backend: backend.execute(expression))

    def ask(self, question: Callable[[Any], T]) -> T:
        """Return the answer to a question that a backend of Ibis is asked.

        Raises
        ------
        EngineError
            If there is none; the message has the reason.
        """
        return self.ask_together([question])[0]

    def ask_together(self, questions: Sequence[Callable[[Any], T]]) -> list[T]:
        """Return the answers to questions that are asked side by side, each over a connection; errors as of `ask`."""
        asked = [Question() for _ in questions]

        def stop() -> None:
            for each in asked:
                each.stop()

        with suppress(UnansweredError):
            return answered(
                [partial(self._answer, each, question) for each, question in zip(asked, questions, strict=True)],
                COUNTING,
                stop=stop,
                most_seconds=self._most_seconds,
                seconds_to_stop=SECONDS_TO_STOP,
            )
        raise self._error(STOPPED)

    def _answer(self, asked: Question, question: Callable[[Any], T]) -> T:
        # What is raised inside "except" would hold the driver's error as its context, whatever it says "from".
        try:
            with self._lent(asked) as opened:
                return question(opened.backend)
        except EngineError as error:
            raised = error
        except Exception as error:  # each warehouse has kinds of its own
            raised = self._error(_reason(error))
        raise raised

    def _error(self, reason: str) -> EngineError:
        kind = NotThereError if reason == CHANGED else EngineError
        return kind(f"The warehouse {self.name} {reason}")

    def close(self) -> None:
        """End all connections that nobody is using."""
        with self._lock:
            while self._idle:
                _end(self._idle.pop())

    @contextmanager
    def _lent(self, asked: Question) -> Iterator[Opened]:
        while not self._room.acquire(timeout=TOLD_EVERY):
            asked.go_on()
        try:
            opened = self._one_that_lives()
            try:
                with asked.over(opened):
                    yield opened
            finally:
                self._idle.append(opened)
        finally:
            self._room.release()

    def _one_that_lives(self) -> Opened:
        with self._lock:
            opened = self._idle.pop() if self._idle else None
        if opened is not None and not _lives(opened):
            _end(opened)
            opened = None
        return opened or self._new()

    def _new(self) -> Opened:
        try:
            return self._connect()
        except EngineError as error:
            reason = str(error)
        except Exception:  # its text names hosts and users
            reason = f"The warehouse {self.name} {OPENING}"
        raise EngineError(reason)


def _schema(backend: Any, query: str) -> Any:
    """Return the names and types of what a query gives; None where Ibis can find them without writing."""
    if backend.name != "postgres":
        return None
    # Ibis would make a view of it, which a role that may only read cannot.
    described = backend.con.execute(f"SELECT * FROM ({query}) AS asked LIMIT 0").description  # noqa: S608 -- operator's
    types = backend.compiler.type_mapper
    return {column.name: types.from_string(column.type_display) for column in described}


def _lives(opened: Opened) -> bool:
    try:
        opened.alive()
    except Exception:  # whatever it says: another is opened
        return False
    return True


def _end(opened: Opened) -> None:
    with suppress(Exception):  # it may be lost already
        opened.close()


def _reason(error: Exception) -> str:
    """Return in words why there is no answer, from the code or kind of an error, never from its text."""
    code = str(getattr(error, "sqlstate", None) or "")
    by_code = (reason for start, reason in OF_CODES.items() if code.startswith(start))
    return next(by_code, None) or OF_KINDS.get(type(error).__name__, FAILED)
