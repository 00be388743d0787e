"""What a click on a filter costs the server for 87 and for a million patients, on every page."""

from __future__ import annotations

import io
from statistics import median

import pandas as pd

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


def cohort(patients: int) -> dict[str, tuple[float, float, float]]:
    """Open a cohort as two files, and click on every page."""
    tables = zip(("patients", "visits"), synthetic_tables(patients, continuous=False), strict=True)
    for address in serve():
        with client(address) as session:
            session.open("cohort")
            session.drop("upload-0", {f"{name}.parquet": parquet(table) for name, table in tables})
            return {page: clicks(session, page) for page in PAGES}
    raise AssertionError


def measure() -> pd.DataFrame:
    """Return a row a page: how many times as long a click takes, and the kB that it sends."""
    small, large = cohort(SMALL), cohort(LARGE)
    rows = [
        (page or "overview", *(large[page][place] / small[page][place] for place in (0, 1)),
         small[page][2], large[page][2])
        for page in PAGES
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["page", "new question", "asked before", "kB at 87", "kB at 1,000,000"])
