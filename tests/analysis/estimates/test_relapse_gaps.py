"""The gaps between relapses, by hand."""

from analysis.estimates.survival.relapse_gaps import relapse_gaps
from tests.analysis.estimates.test_mean_relapses import FIVE, made


def test_gaps_by_hand() -> None:
    people = {**FIVE, "F": (12, 0, [1, 4, 11])}
    result = relapse_gaps(made(people, arm=list("xxxyyy")), by="arm")
    # A 2 to 10; B 4; D 2 to 6; F 1 to 4 to 11.
    assert result.table.to_numpy(dtype=object).tolist()[:1] == [["x", 1, 2, 1, 8.0, 8.0, 8.0]]
    rows = result.table.iloc[1:]
    assert rows[["number", "patients", "again"]].to_numpy().tolist() == [[2, 1, 0], [1, 2, 2], [2, 2, 1], [3, 1, 0]]
    assert rows["median"].fillna(0).tolist() == [0, 3.5, 7, 0]
    assert "gaps appear shorter" in result.method
