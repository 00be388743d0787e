"""What reading a workbook costs beside python-calamine alone, on the same bytes in the same run."""

import io
from statistics import median
from time import perf_counter

import numpy as np
import openpyxl
import pandas as pd
from python_calamine import CalamineWorkbook

from analysis.intake.reading import parse

ROWS = 50_000
RUNS = 9


def workbook() -> bytes:
    """Return a workbook of 50,000 rows and ten columns: texts, numbers and dates, some cells empty."""
    random = np.random.default_rng(1)
    days = pd.Timestamp("2010-01-01") + pd.to_timedelta(random.integers(0, 3000, ROWS), unit="D")
    table = pd.DataFrame(
        {
            "patient_id": [f"SYN{number:06}" for number in range(ROWS)],
            "follow_up_months": random.gamma(2, 20, ROWS).round(1),
            "died": random.integers(0, 2, ROWS),
            "age_years": random.integers(10, 70, ROWS),
            "sex": random.choice(["female", "male"], ROWS),
            "transplant_date": [day.to_pydatetime() for day in days],
            "albumin_g_per_l": random.normal(38, 3, ROWS).round(1),
            "c3_g_per_l": random.normal(1, 0.2, ROWS).round(2),
            "msc_source": random.choice(["BM", "UC"], ROWS),
            "note": random.choice(["a", "b", ""], ROWS),
        }
    )
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Patients")
    sheet.append(list(table.columns))
    for row in table.itertuples(index=False):
        sheet.append([value if value != "" else None for value in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def measure() -> pd.DataFrame:
    """Return how many times as long the tables of the app take."""
    data = workbook()

    def alone() -> None:
        CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()

    parse(data, "p.xlsx")  # the program that reads has to start
    took: dict[str, list[float]] = {"alone": [], "parse": []}
    for _ in range(RUNS):
        for name, work in (("alone", alone), ("parse", lambda: parse(data, "p.xlsx"))):
            begun = perf_counter()
            work()
            took[name].append(perf_counter() - begun)
    ratio = median(took["parse"]) / median(took["alone"])
    return pd.DataFrame({"what": ["50,000 x 10 cells of .xlsx / python-calamine alone"], "value": [ratio]})


if __name__ == "__main__":
    print(measure().to_string(index=False))
