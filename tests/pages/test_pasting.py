"""Pasting a table, and dropping files again: each is parsed once."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.intake import reading
from analysis.intake.content import tables_in
from analysis.intake.raw import RawTable
from tests.pages.test_pages import assert_sound, go, open_app, said

PATIENTS = "patient_id\tfollow_up_months\tdied\na\t1.5\t0\nb\t2\t1\n"
VISITS = "patient_id\tmonths\tsledai\na\t0\t12\na\t1\t4\nb\t0\t8\n"


def paste(app: AppTest, text: str) -> AppTest:
    app.text_area(key="pasted").set_value(text)
    app = app.button(key="read_pasted").click().run()
    assert_sound(app)
    return app


def test_a_pasted_table_is_opened_as_a_file_is() -> None:
    app = paste(go(open_app(), "cohort"), PATIENTS)
    assert "2 of 2 patients" in said(app)


def test_leaving_the_box_does_not_draw_the_page_anew() -> None:
    """Or a click on the button is lost, if the page is drawn while the mouse is down."""
    app = go(open_app(), "cohort")
    assert app.text_area(key="pasted").form_id == app.button(key="read_pasted").form_id != ""


def test_blanks_between_columns_are_read_too() -> None:
    app = paste(go(open_app(), "cohort"), PATIENTS.replace("\t", "   "))
    assert "2 of 2 patients" in said(app)


def test_what_was_pasted_wrong_is_replaced_by_what_is_pasted_next() -> None:
    app = paste(go(open_app(), "cohort"), "a\ta\n1\t2\n")
    assert "This was not opened." in said(app)
    assert "87 of 87 patients" in said(app)
    app = paste(app, PATIENTS)
    assert "2 of 2 patients" in said(app)


def test_each_file_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(data: bytes, file: str) -> list[RawTable]:
        asked.append(file)
        return tables_in(data, file)

    monkeypatch.setattr(reading, "read_apart", counted)
    app = go(open_app(), "cohort")
    patients = ("p.csv", b"id,time,status\na,30,1\nb,60,2\nc,90,1\n", "text/csv")
    visits = ("v.csv", b"id,months,sledai\na,0,12\nb,0,8\nc,0,9\n", "text/csv")
    app = app.file_uploader(key="upload-0").set_value([patients]).run()
    assert_sound(app)
    app = app.file_uploader(key="upload-0").set_value([patients, visits]).run()
    assert_sound(app)
    app = app.run()
    assert sorted(asked) == ["p.csv", "v.csv"]
