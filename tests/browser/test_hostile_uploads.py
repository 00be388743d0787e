"""While one session drops a malicious file, another continues without delay."""

from threading import Thread

import pytest

from tests.analysis.intake.bursting import entities, lying_parquet, short_rows_in_csv
from tests.browser.client import client

UPLOAD = "upload-0"
LONGEST_WAIT_SECONDS = 1.0
REFUSED = b"This was not opened."
FILES = {
    "entities.xlsx": lambda: entities("utf-16"),
    "lying.parquet": lying_parquet,
    "short.csv": lambda: short_rows_in_csv(2_150_000),
    "early.csv": lambda: b"patient_id,follow_up_months,died,x\n" + b"".join(b"p%d,1,1\n" % n for n in range(100_000)),
    "line.csv": lambda: b"a,b\n" + b"1,2\n" * 100 + b"x" * 40_000_000,
    "values.csv": lambda: b"a\n" + b"\n".join(b"%d" % number for number in range(300_000)),
}
TAKEN = ("early.csv", "values.csv")  # opened, or with a question


@pytest.mark.parametrize("name", FILES)
def test_an_upload_does_not_delay_other_sessions(address: str, name: str) -> None:
    data = FILES[name]()
    with client(address) as first, client(address) as other:
        first.open("cohort")
        other.open("survival")
        alone, waits = [], []
        for chosen in (["UC"], []) * 3:
            other.choose("filter_msc_source", *chosen)
            alone.append(other.seconds)
        drops = Thread(target=first.drop, args=(UPLOAD, {name: data}))
        drops.start()
        while drops.is_alive() or not waits:
            for chosen in (["UC"], []):
                other.choose("filter_msc_source", *chosen)
                waits.append(other.seconds)
        assert max(waits) < max(alone) + LONGEST_WAIT_SECONDS
        assert (REFUSED in b"".join(first.received)) == (name not in TAKEN)
