"""What a session holds, and thirty of them for ten minutes; as ratios where there is a ratio."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from time import monotonic, sleep

import pandas as pd

from tests.browser.client import client
from tests.browser.serving import Server, start

SESSIONS = 30
LOAD_SECONDS = 600
THINKING_SECONDS = 3.0  # between two clicks of one person
WARM_SECONDS = 45  # of as many sessions before, so that what the process keeps in any case is there
FORGETS_SECONDS = 10  # after which the server forgets a closed tab here
PAGES = ("", "cohort", "survival", "response", "activity", "patients", "report")
SOURCES = ("UC", "BM")


def megabytes(server: Server) -> float:
    """Return what the process holds; Linux only."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return float(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def use(address: str, number: int, until: float) -> list[float]:
    """Click through the pages as one person does; return how long each click took."""
    clicks, chance = [], random.Random(number)  # noqa: S311 -- no secret
    with client(address) as session:
        while monotonic() < until:
            session.open(chance.choice(PAGES))
            session.choose("filter_msc_source", chance.choice(SOURCES))
            clicks.append(session.seconds)
            sleep(chance.uniform(0, 2 * THINKING_SECONDS))
            session.choose("filter_msc_source")
            clicks.append(session.seconds)
            sleep(chance.uniform(0, 2 * THINKING_SECONDS))
    return clicks


def together(server: Server, lasting: float) -> tuple[list[list[float]], float]:
    """Let all use the app at once and leave; return their clicks, and what the process held at the end."""
    until = monotonic() + lasting
    with ThreadPoolExecutor(SESSIONS) as people:
        clicked = list(people.map(lambda number: use(server.address, number, until), range(SESSIONS)))
    held = megabytes(server)
    sleep(2 * FORGETS_SECONDS)
    return clicked, held


def measure() -> pd.DataFrame:
    """Return what was measured, each with its number; any error of a session ends the run."""
    server = start(settings={"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(FORGETS_SECONDS)})
    try:
        alone = use(server.address, 0, monotonic() + 30)
        _ = together(server, WARM_SECONDS)
        before = megabytes(server)
        clicked, during = together(server, LOAD_SECONDS)
        after = megabytes(server)
    finally:
        server.stop()
    clicks = [each for session in clicked for each in session]
    rows = [
        ("clicks of 30 sessions in ten minutes, none with an error", len(clicks)),
        ("median click among 30 / alone", median(clicks) / median(alone)),
        ("slowest of 100 clicks among 30 / median alone", sorted(clicks)[len(clicks) * 99 // 100] / median(alone)),
        ("MB of the process, beyond before, by session while they were there", (during - before) / SESSIONS),
        ("MB of the process after they left / before they came", after / before),
    ]
    return pd.DataFrame(rows, columns=["what", "value"])
