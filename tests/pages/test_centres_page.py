"""The Centres page: asked, answered, and put together."""

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from analysis import load_sample
from analysis.centres.centre_answer import answer_question
from analysis.centres.centre_keys import KeyRing
from analysis.centres.centre_question import CentreQuestion
from analysis.centres.masked_answer import answer_masked, key_of_centre
from tests.pages.test_pages import assert_sound, go, open_app, said, unfold

JSON = "application/json"


def answers(question: CentreQuestion, number: int = 2) -> list[tuple[str, bytes, str]]:
    cohort, place_of = load_sample(), np.arange(len(load_sample())) % number
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
    question, cohort = CentreQuestion("By source", {"compare": ("msc_source",)}, groups=("BM", "UC")), load_sample()
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
    question, cohort = CentreQuestion("All"), load_sample()
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
