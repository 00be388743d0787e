"""Public survival cohorts, written as three programs would write them, come out with their patients and deaths."""

import csv
import io

import pandas as pd
import pytest
from lifelines import datasets

from analysis import Source, read_cohort

Mapping = dict[str, str | Source | None]


def times(time: str, unit: str, died: str, event: object = 1) -> Mapping:
    return {"follow_up_months": Source(time, unit=unit), "died": Source(died, event=[event])}


def coded(*levels: str, first: int = 1) -> Source:
    return Source("sex", codes={str(code): level for code, level in enumerate(levels, first)})


COHORTS: dict[str, tuple[Mapping, int, int]] = {
    "load_rossi": (times("week", "weeks", "arrest"), 432, 114),
    "load_waltons": (times("T", "days", "E"), 163, 156),
    "load_gbsg2": (times("time", "days", "cens"), 686, 299),
    "load_kidney_transplant": (times("time", "days", "death"), 863, 140),
    "load_larynx": (times("time", "years", "death"), 90, 50),
    "load_lung": ({**times("time", "days", "status"), "sex": coded("male", "female")}, 228, 165),
    "load_leukemia": ({**times("t", "weeks", "status"), "sex": coded("female", "male", first=0)}, 42, 30),
    "load_g3": (times("time", "months", "event", "TRUE"), 17, 6),
    "load_lupus": (
        {
            **times("time_between_diagnosis_and_last_observation_(years)", "years", "dead", True),
            # Months without a day are months of a diagnosis here, and the years are exact.
            "transplant_date": None,
            "last_contact_date": None,
        },
        99,
        31,
    ),
}


def american(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False).encode()


def german(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, sep=";", decimal=",", lineterminator="\r\n", encoding="utf-8").encode("cp1252")


def excel_text(frame: pd.DataFrame) -> bytes:
    text = frame.to_csv(index=False, sep="\t", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    return text.encode("utf-16")


def parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("write", [american, german, excel_text, parquet], ids=lambda write: write.__name__)
@pytest.mark.parametrize("name", COHORTS)
def test_a_public_cohort_goes_in(name: str, write) -> None:
    mapping, patients, deaths = COHORTS[name]
    frame = getattr(datasets, name)()
    frame = frame.reset_index() if frame.index.name else frame
    cohort = read_cohort(write(frame), mapping=mapping)
    assert (len(cohort), int(cohort.patients["died"].sum())) == (patients, deaths)
    assert len(cohort.left_out) == 0
    source = mapping["follow_up_months"]
    assert isinstance(source, Source)
    unit = {"days": 1 / 30.4375, "weeks": 7 / 30.4375, "months": 1, "years": 12}[source.unit or ""]
    assert cohort.patients["follow_up_months"].sum() == pytest.approx(frame[source.column].sum() * unit)
