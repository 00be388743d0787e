"""What a click on a filter costs for 87 and for a million patients, on every page."""

from __future__ import annotations

import io
from statistics import median

import pandas as pd

from tests.benchmarks.felt import felt
from tests.benchmarks.synthetic import synthetic_tables
from tests.browser.client import Client, client
from tests.browser.serving import serve

SMALL, LARGE = 87, 1_000_000
PAGES = ("", "cohort", "survival", "response", "activity", "patients", "report")
SOURCES = ("UC", "BM", "AD")


def parquet(table: pd.DataFrame) -> bytes:
    """Return a table as a Parquet file, small enough to be uploaded."""
    held = io.BytesIO()
    table.to_parquet(held, compression="zstd")
    return held.getvalue()


def clicks(session: Client, page: str) -> tuple[float, float, float]:
    """Return seconds of a click to a new question, of one to a question that was asked before, and the most kB sent."""
    session.open(page)
    new, again, sent = [], [], []
    for source in SOURCES:
        session.choose("filter_msc_source", source)
        new.append(session.seconds)
        sent.append(session.kilobytes)
        session.choose("filter_msc_source")
        again.append(session.seconds)
        sent.append(session.kilobytes)
    return median(new), median(again), max(sent)


def files(patients: int) -> dict[str, bytes]:
    """Return a cohort as two files."""
    tables = zip(("patients", "visits"), synthetic_tables(patients, continuous=False), strict=True)
    return {f"{name}.parquet": parquet(table) for name, table in tables}


def cohort(dropped: dict[str, bytes]) -> dict[str, tuple[float, float, float]]:
    """Open a cohort, and click on every page."""
    for address in serve():
        with client(address) as session:
            session.open("cohort")
            session.drop("upload-0", dropped)
            return {page: clicks(session, page) for page in PAGES}
    raise AssertionError


def measure() -> pd.DataFrame:
    """Return a row a page: how many times as long a click takes, and the kB that it sends."""
    both = files(SMALL), files(LARGE)
    small, large = map(cohort, both)
    small_felt, large_felt = (list(felt(each).values()) for each in both)
    rows = [
        (
            page or "overview",
            *(large_felt[place][when] / small_felt[place][when] for when in (0, 1)),
            *(large[page][when] / small[page][when] for when in (0, 1)),
            small[page][2],
            large[page][2],
        )
        for place, page in enumerate(PAGES)
    ]
    columns = ["in a browser, new", "in a browser, asked before", "server, new", "server, asked before"]
    return pd.DataFrame(rows, columns=["page", *columns, "kB at 87", "kB at 1,000,000"])
