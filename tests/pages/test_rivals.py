"""Where either of two columns could be the one asked for, both ways are shown, and one click chooses."""

from tests.pages.test_pages import assert_sound, go, open_app, said, tables

ROWS = "".join(f"p{row},{row + 1},{2 * row + 1},{row % 2}\n" for row in range(10))
FILE = ("x.csv", f"patient_id,OS_months,survival_months,died\n{ROWS}".encode(), "text/csv")


def test_two_columns_are_shown_side_by_side_and_one_click_chooses() -> None:
    app = go(open_app(), "cohort")
    app = app.file_uploader(key="upload-0").set_value([FILE]).run()
    assert_sound(app)
    receipts = tables(app)[""].set_index("With")
    assert list(receipts) == ["survival_months", "OS_months"]
    assert list(receipts.loc["Median follow-up"]) == ["13.0 months", "7.0 months"]
    assert list(receipts.loc["Deaths"]) == ["5", "5"]
    assert list(receipts.loc["Alive at 1 year"]) == ["61 %", "0 %"]  # the last one of the shorter died
    app = next(button for button in app.button if button.label == "Use OS\\_months").click().run()
    assert_sound(app)
    assert "One thing that only you can know" not in said(app)
    assert app.session_state["incoming"].mapping["patients.follow_up_months"].column == "OS_months"
