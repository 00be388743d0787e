"""The Centres page: asked, answered, and put together."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analysis.centres.answer_record import AnswerRecord, PastAnswer
from analysis.centres.centre_answer import answer_question
from analysis.centres.centre_keys import KeyRing
from analysis.centres.centre_question import CentreQuestion
from analysis.centres.hidden_answer import answer_hidden
from analysis.centres.masked_answer import answer_masked, key_of_centre
from tests.analysis.made import SAMPLE
from tests.pages.test_pages import assert_sound, go, open_app, said, tables, unfold

JSON = "application/json"


def answers(question: CentreQuestion, number: int = 2) -> list[tuple[str, bytes, str]]:
    cohort, place_of = SAMPLE, np.arange(len(SAMPLE)) % number
    parts = {f"Centre {place}": cohort.subset(pd.Series(place_of == place)) for place in range(number)}
    return [
        (f"{name}.json", answer_question(part, question, name, synthetic=True).to_file(), JSON)
        for name, part in parts.items()
    ]


def put_together(files: list[tuple[str, bytes, str]]) -> AppTest:
    app = go(open_app(), "centres")
    return app.file_uploader(key="centre_answer_files").set_value(files).run()


def test_the_question_is_that_of_the_pages() -> None:
    app = open_app()
    app.query_params["compare"] = ["msc_source"]
    app.query_params["organ"] = ["renal"]
    app = unfold(go(app, "centres"), "open_centre_ask")
    assert_sound(app)
    assert "81 of 87" in said(app)
    assert [button.label for button in app.get("download_button")] == ["Question (JSON)"]


def test_a_median_cut_is_refused_as_it_differs_between_centres() -> None:
    app = open_app()
    app.query_params["compare"] = ["number:age_years"]
    app = unfold(go(app, "centres"), "open_centre_ask")
    assert "The median of each centre would be another one" in said(app)


def test_a_question_is_answered_with_all_that_leaves_in_view() -> None:
    app = unfold(go(open_app(), "centres"), "open_centre_answer")
    question = CentreQuestion("By source", {"compare": ("msc_source",)}).to_file()
    app = app.file_uploader(key="centre_question_file").upload("question.json", question, JSON).run()
    assert "Name your centre" in said(app)
    app = app.text_input(key="centre_name").set_value("West").run()
    assert_sound(app)
    assert "few of them can still be a person" in said(app)
    assert "Answer (JSON)" in [button.label for button in app.get("download_button")]


def test_two_centres_are_seen_together_and_apart() -> None:
    app = put_together(answers(CentreQuestion("By source", {"compare": ("msc_source",)})))
    assert_sound(app)
    assert "87 synthetic patients. Two centres, counts merged" in said(app)
    assert "28 % (19–38" in said(app)  # the published 23 of 83 in the first year
    assert "2 studies" not in said(unfold(app, "open_next_centre"))
    for compared in ("Between centres", "By MSC source"):
        app = app.segmented_control(key="centres_compared").set_value(compared).run()
        assert_sound(app)
    assert "stratified by Centre" in said(unfold(app, "open_how_made"))


def test_what_a_next_centre_would_see_is_drawn_at_chosen_times_and_in_the_report() -> None:
    app = unfold(put_together(answers(CentreQuestion("All"), 3)), "open_next_centre")
    assert_sound(app)
    told = said(app)
    assert "Year 1: 3 centres together 28 % (" in told
    assert "the true share of a next centre is expected between" in told
    assert "Month 12: 3 centres together 9" in told
    assert "Year 3" not in told
    app = app.number_input(key="next_centre_month").set_value(24).run()
    app = app.button_group(key="next_centre_years").set_value([3]).run()
    assert_sound(app)
    assert "Month 24: 3 centres together" in said(app)
    assert "Year 3: 3 centres together" in said(app)
    assert "Year 1: 3 centres" not in said(app)


def test_answers_that_do_not_fit_are_refused_in_words() -> None:
    first, second = answers(CentreQuestion("One"))[0], answers(CentreQuestion("Two"))[1]
    app = put_together([first, second])
    assert "These answers were not put together. Centre 1 answered another question" in said(app)


def test_another_file_is_refused_in_words() -> None:
    app = put_together([("a.json", b"{}", JSON), ("b.json", b"nothing", JSON)])
    assert "b.json: This file is not JSON, or was cut short." in said(app)
    app = put_together([("a.json", b"{}", JSON), ("b.json", b"{}", JSON)])
    assert "a.json: This file is another one, and no answer of one centre." in said(app)


def test_of_masked_answers_only_the_sum_is_seen() -> None:
    question, cohort = CentreQuestion("By source", {"compare": ("msc_source",)}, groups=("BM", "UC")), SAMPLE
    parts = [cohort.subset(pd.Series(np.arange(len(cohort)) % 3 == place)) for place in range(3)]
    own = [key_of_centre(part, question, f"Centre {place}") for place, part in enumerate(parts)]
    ring = KeyRing(tuple(key.public for key in own))
    masked = [answer_masked(part, question, key, ring)[0] for part, key in zip(parts, own, strict=True)]
    app = put_together([(f"{each.centre}.json", each.to_file(), JSON) for each in masked])
    assert_sound(app)
    assert "87 patients. Three centres, masked counts summed (Centre 0, Centre 1, Centre 2)" in said(app)
    assert "28 % (19–38) at year 1, 23 of 83 assessed" in said(app)
    app = app.segmented_control(key="centres_compared").set_value("By MSC source").run()
    assert_sound(app)
    app = put_together([(f"{each.centre}.json", each.to_file(), JSON) for each in masked[:2]])
    assert "Centre 2" in said(app)
    assert "were not put together" in said(app)


def test_an_answer_is_masked_in_two_steps() -> None:
    question, cohort = CentreQuestion("All"), SAMPLE
    others = [key_of_centre(cohort, question, name).public for name in ("North", "South")]
    app = unfold(go(open_app(), "centres"), "open_centre_answer")
    app = app.file_uploader(key="centre_question_file").upload("question.json", question.to_file(), JSON).run()
    app = app.text_input(key="centre_name").set_value("West").run()
    app = app.segmented_control(key="centre_how").set_value("Only the sum of all centres").run()
    app = app.button(key="make_keys").click().run()
    keys = [(f"{key.centre}.json", key.to_file(), JSON) for key in others]
    app = app.file_uploader(key="centre_key_files").set_value(keys).run()
    assert "A masked sum is of 3" in said(app)  # its own key is missing among them
    own = app.session_state["centre_own_key"]
    app = app.file_uploader(key="centre_key_files").set_value([*keys, ("West.json", own.public.to_file(), JSON)]).run()
    assert_sound(app)
    assert "Compare by telephone" in said(app)
    assert "Masked answer (JSON)" in [button.label for button in app.get("download_button")]


def test_while_small_counts_are_hidden_nothing_of_centres_is_taken_home() -> None:
    app = open_app()
    app.query_params["share_least"] = ["5"]
    app = go(app, "centres")
    app = app.file_uploader(key="centre_answer_files").set_value(answers(CentreQuestion("All"))).run()
    app.session_state["take_centres_remission"] = True
    app = app.run()
    assert_sound(app)
    assert "not possible for several centres together" in said(app)
    assert not [button.label for button in app.get("download_button")]


def asked_as(how: str, question: CentreQuestion) -> AppTest:
    """Open the answer to a question as the centre "West", and say what may be read."""
    app = unfold(go(open_app(), "centres"), "open_centre_answer")
    app = app.file_uploader(key="centre_question_file").upload("question.json", question.to_file(), JSON).run()
    app = app.text_input(key="centre_name").set_value("West").run()
    return app.segmented_control(key="centre_how").set_value(how).run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.get("download_button")]


def test_the_threshold_is_part_of_the_question() -> None:
    app = unfold(go(open_app(), "centres"), "open_centre_ask")
    assert "tells none from 1 to 4" in said(app)
    app = app.number_input(key="centre_least").set_value(8).run()
    assert_sound(app)
    assert "tells none from 1 to 7" in said(app)


def test_an_answer_with_small_counts_hidden_is_seen_cell_by_cell() -> None:
    app = asked_as("Its counts, small ones hidden", CentreQuestion("All"))
    assert_sound(app)
    assert "No count from 1 to below 5 leaves" in said(app)
    assert "142 numbers of 87 patients" in said(app)
    shown = app.dataframe[0].value
    assert "hidden: 0 to 5" in set(shown["told"])
    assert labels(app) == ["Answer with small counts hidden (JSON)"]


def test_centres_that_hide_small_counts_are_seen_between_limits() -> None:
    question, cohort = CentreQuestion("All"), SAMPLE
    hidden = [
        answer_hidden(cohort.subset(pd.Series(np.arange(len(cohort)) % 3 == place)), question, f"Centre {place}")
        for place in range(3)
    ]
    files = [(f"{each.centre}.json", each.to_file(), JSON) for each in hidden]
    app = put_together(files)
    assert_sound(app)
    assert "87 patients. Three centres, small counts hidden (Centre 0 29, Centre 1 29, Centre 2 29)" in said(app)
    assert "3 of 3 centres hide how many died in all (0 to 5 in each)." in said(app)
    assert "no tests, no hazard ratio, no medians" in said(app)
    shown = tables(app)
    assert shown["In complete remission, of those assessed"]["Centres hiding"].tolist()[0] == "3 of 3"
    assert labels(app) == ["Survival by month (CSV)", "Remission by year (CSV)", "Relapse by year (CSV)"]
    app = put_together([files[0], answers(question)[1]])
    assert "is with small counts hidden and Centre 1.json is with all counts" in said(app)
    changed = files[0][1].replace(b'"patients":29', b'"patients":28')
    app = put_together([("a.json", changed, JSON), files[1]])
    assert "a.json: This answer of one centre with small counts hidden was changed after it was made" in said(app)


@pytest.mark.parametrize("how", ["The counts of this centre", "Its counts, small ones hidden"])
def test_a_record_tells_what_left_before(how: str) -> None:
    question = CentreQuestion("All")
    app = asked_as(how, question)
    assert "centre_record_file" not in {each.key for each in app.get("file_uploader")}
    app = app.toggle(key="centre_record_kept").set_value(True).run()
    assert_sound(app)
    assert "Record (JSON, keep)" in labels(app)
    before = PastAnswer("Last year", "a" * 64, date(2025, 3, 2), "counts", 84, "b" * 64)
    kept = AnswerRecord("West", (before,)).to_file()
    app = app.file_uploader(key="centre_record_file").upload("West.record.json", kept, JSON).run()
    assert_sound(app)
    assert "Last year of 2025-03-02 was about 84 patients, this answer is about 87." in said(app)
    assert "of the 3 patients who differ" in said(app)
    assert tables(app)["What has left before"]["Patients"].tolist() == ["84"]
    app = app.file_uploader(key="centre_record_file").upload("West.record.json", kept[:-20], JSON).run()
    assert "This record was not opened. This file is not JSON" in said(app)
    assert "Record (JSON, keep)" not in labels(app)
    other = AnswerRecord("East", (before,)).to_file()
    app = app.file_uploader(key="centre_record_file").upload("East.record.json", other, JSON).run()
    assert "This is the record of East, and West answers now" in said(app)


def test_two_keys_of_one_name_are_told() -> None:
    question, cohort = CentreQuestion("All"), SAMPLE
    app = asked_as("Only the sum of all centres", question)
    app = app.button(key="make_keys").click().run()
    own = app.session_state["centre_own_key"].public
    first, second = (key_of_centre(cohort, question, "North").public for _ in range(2))
    keys = [(f"{place}.json", key.to_file(), JSON) for place, key in enumerate((own, first, second))]
    app = app.file_uploader(key="centre_key_files").set_value(keys).run()
    assert "There are two keys of North. Use one key of each centre." in said(app)
    same_name = [("key.json", key.to_file(), JSON) for key in (own, first)]
    app = app.file_uploader(key="centre_key_files").set_value(same_name).run()
    assert "Two files have the same name; rename one." in said(app)
    assert "Masked answer (JSON)" not in labels(app)


def test_a_masked_answer_leaves_the_view_with_its_cohort() -> None:
    question, cohort = CentreQuestion("All"), SAMPLE
    app = asked_as("Only the sum of all centres", question)
    app = app.button(key="make_keys").click().run()
    keys = [key_of_centre(cohort, question, name).public for name in ("North", "South")]
    keys.append(app.session_state["centre_own_key"].public)
    files = [(f"{key.centre}.json", key.to_file(), JSON) for key in keys]
    app = app.file_uploader(key="centre_key_files").set_value(files).run()
    assert "Masked answer (JSON)" in labels(app)
    app.session_state["uploaded"] = replace(cohort, name="Another", fingerprint="another cohort")
    app = app.run()
    assert_sound(app)
    assert "Masked answer (JSON)" not in labels(app)
    assert "Compare by telephone" not in said(app)
