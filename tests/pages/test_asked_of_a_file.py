"""What is asked of a file of visits, relapses and missing codes is answered on the page."""

from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import assert_sound, go, open_app

PATIENTS = ("A,30,0", "B,40,1", "C,50,0", "D,20,0")


def dropped(*files: tuple[str, list[str]]) -> AppTest:
    app = go(open_app(), "cohort")
    data = [(name, "\n".join(rows).encode(), "text/csv") for name, rows in files]
    app = app.file_uploader(key="upload-0").set_value(data).run()
    assert_sound(app)
    return app


def answered(app: AppTest) -> AppTest:
    app = next(button for button in app.button if button.label.startswith("Use th")).click().run()
    assert_sound(app)
    return app


def test_the_column_of_patients_of_rows_of_visits() -> None:
    rows = [f"{row},{month},{value}" for row in PATIENTS for month, value in ((0, 15), (12, 4))]
    app = dropped(("l.csv", ["Name,follow_up_months,died,months,sledai", *rows]))
    pills = next(each for each in app.button_group if each.key == "question_column_patients.patient_id")
    assert list(pills.options) == ["Name", "months", "sledai", "there is none"]
    pills.set_value("Name")
    app = answered(app)
    assert app.session_state["incoming"].mapping["patients.patient_id"].column == "Name"


def test_codes_of_relapse_and_a_99() -> None:
    rows = [f"{row},{2 if row[0] == 'A' else 1},{12 if row[0] == 'A' else row.split(',')[1]}" for row in PATIENTS]
    visits = [f"{row[0]},{month},{value}" for row in PATIENTS for month, value in ((0, 15), (12, 99))]
    app = dropped(
        ("p.csv", ["patient_id,follow_up_months,died,Relapse,Time to relapse (months)", *rows]),
        ("v.csv", ["patient_id,months,sledai", *visits]),
    )
    boxes = {each.key: each for each in app.selectbox}
    boxes["code_Relapse_1"].set_value("no")
    boxes["code_Relapse_2"].set_value("yes")
    app = answered(app)
    mapping = app.session_state["incoming"].mapping
    assert mapping["Relapse"].codes == {"1": "no", "2": "yes"}
    assert mapping["visits.sledai"].codes == {"99": None}
