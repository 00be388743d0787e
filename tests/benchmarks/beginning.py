"""How long the app takes from the start of its process to the end of the first page, beside a bare page."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import pandas as pd

from tests.browser.client import client
from tests.browser.serving import ROOT, start

BARE = """
import pandas as pd
import streamlit as st

st.title("A page")
st.line_chart(pd.DataFrame({"a": [1, 2, 3]}))
st.dataframe(pd.DataFrame({"a": [1, 2, 3]}))
"""
STARTS = 7


def seconds_to_start(folder: Path) -> float:
    """Return the seconds from the start of the process to the end of the first page."""
    begun = perf_counter()
    server = start(folder=folder)
    try:
        with client(server.address) as session:
            session.open()
            return perf_counter() - begun
    finally:
        server.stop()


def measure() -> pd.DataFrame:
    """Return how many times as long the app takes."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "app.py").write_text(BARE, encoding="utf-8")
        seconds_to_start(ROOT)  # files that are read for the first time
        seconds_to_start(Path(folder))
        bare, app = zip(*((seconds_to_start(Path(folder)), seconds_to_start(ROOT)) for _ in range(STARTS)), strict=True)
    return pd.DataFrame({"what": ["start to first page / bare page"], "value": [median(app) / median(bare)]})
