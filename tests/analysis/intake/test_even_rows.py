"""Plain texts read in a fraction of the time have the cells that the parser of pandas gives, or are left to it."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.intake.delimited import _cells, read_delimited
from analysis.intake.even_rows import even_rows

VALUES = st.text(
    st.sampled_from(["a", "b", "0", "7", ".", " ", "é", "死", "'", "#", "\\", "\u2028", "\x0b", "\x1c"]), max_size=3
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(table=TABLES, delimiter=st.sampled_from(",;\t|"), ends=st.booleans())
def test_the_cells_are_those_of_the_parser_of_pandas(table: list[list[str]], delimiter: str, ends: bool) -> None:
    body = ("\n".join(delimiter.join(row) for row in table) + "\n" * ends).encode()
    even = even_rows(body, delimiter, len(table[0]), pd.RangeIndex(2, 2 + len(table)))
    if even is not None:
        pd.testing.assert_frame_equal(even, _cells(body, delimiter, len(table[0]), 2, len(table[0]), "t.csv"))


def test_a_usual_text_is_read_so_and_others_are_not() -> None:
    def read(body: bytes, lines: int) -> pd.DataFrame | None:
        return even_rows(body, ",", 2, pd.RangeIndex(2, 2 + lines))

    usual = read("a,1\n死,\nNA,007".encode(), 3)
    assert usual is not None
    assert usual.to_numpy(dtype=object).tolist() == [["a", "1"], ["死", ""], ["NA", "007"]]
    assert usual.index.tolist() == [2, 3, 4]
    for body, lines in ((b'a,"1"\n', 1), (b"a,1\nb\n", 2), (b"a,1\nb,2,3\n", 2), (b"", 0)):
        assert read(body, lines) is None


def test_a_row_that_is_too_short_is_told_as_ever() -> None:
    table = read_delimited(b"id,x,y\na,1,2\nb,1\n", "t.csv")
    assert [note.row for note in table.rows] == [3]
