"""The export of a whole registry, with more columns than a page can list."""

from tests.analysis.intake.test_set_aside import MANY, registry
from tests.pages.test_pages import assert_sound, go, open_app, said


def test_columns_are_chosen_by_name_and_can_be_given_up_again() -> None:
    app = go(open_app(), "cohort")
    app = app.file_uploader(key="upload-0").set_value([("r.csv", registry(), "text/csv")]).run()
    assert_sound(app)
    offered = app.multiselect(key="aside_patients")
    assert len(offered.options) == MANY - 10
    longest = max(len(box.options) for box in app.selectbox)
    assert longest < 50
    app = offered.set_value(["haq_item_7", "haq_item_9"]).run()
    assert_sound(app)
    assert "Kept as they are: relapse, haq_item_7, haq_item_9." in said(app)
    app = app.multiselect(key="aside_patients").set_value(["haq_item_9"]).run()
    assert_sound(app)
    assert "Kept as they are: relapse, haq_item_9." in said(app)
    assert app.multiselect(key="aside_patients").value == ["haq_item_9"]
