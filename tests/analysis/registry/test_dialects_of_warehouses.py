"""The SQL of three usual questions in the dialects of warehouses that no test can ask.

After a change that is meant: python -m tests.analysis.registry.test_dialects_of_warehouses writes it anew; read what
changed.
"""

from pathlib import Path

import pytest

from analysis.registry.count import Among, Count, StoredColumn, Within
from analysis.registry.ibis_engine import expression

ibis = pytest.importorskip("ibis")
WRITTEN = Path(__file__).with_name("dialects.sql")
DIALECTS = ("bigquery", "clickhouse", "snowflake", "trino")
SEX, AGE, PLACE, SLEDAI = (
    StoredColumn("patients", "sex"),
    StoredColumn("patients", "age_years"),
    StoredColumn("years", "place 1"),
    StoredColumn("months", "sledai"),
)
QUESTIONS = {
    "how many are of each sex": Count(keys=(SEX,)),
    "how many of the young, or of unknown age, have which place in year 1": Count(
        keys=(SEX,), where=(Among(SEX, (0.0, 1.0)), Within(AGE, float("-inf"), 40.5, missing=True)), of=(PLACE,)
    ),
    "how many have which place, and how many which score": Count(where=(Among(SEX, (0.0,)),), of=(PLACE, SLEDAI)),
}
TABLES = {
    "patients": {"sex": "int8", "age_years": "float64"},
    "years": {"place 1": "int8"},
    "months": {"sledai": "float64"},
}


def sql(dialect: str) -> str:
    tables = {name: ibis.table({"row": "int64", **columns}, name=name) for name, columns in TABLES.items()}
    texts = [
        f"-- {dialect}: {words}\n{ibis.to_sql(expression(asked, tables), dialect=dialect)};"
        for words, asked in QUESTIONS.items()
    ]
    return "\n\n".join(texts) + "\n"


@pytest.mark.newest  # another version of Ibis may write it otherwise and mean the same
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sql_of_a_dialect_is_the_one_that_was_read(dialect: str) -> None:
    assert sql(dialect) in WRITTEN.read_text(encoding="utf-8")


if __name__ == "__main__":
    WRITTEN.write_text("\n".join(map(sql, DIALECTS)), encoding="utf-8")
