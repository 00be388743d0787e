"""Values that change with the question: written into files, named on the screen."""

import pytest

from analysis.figures.common.varying import named, settled, varying


def test_a_value_is_written_into_a_file_and_named_on_the_screen() -> None:
    spec = {"values": {"expr": f"sequence(0, {varying('longest', 48.7)}, 12)"}}
    assert settled(spec) == {"values": {"expr": "sequence(0, 48.7, 12)"}}
    assert named(spec) == ({"values": {"expr": "sequence(0, facts.longest, 12)"}}, {"longest": 48.7})


def test_a_value_alone_is_itself_in_a_file() -> None:
    spec = {"domain": [0, {"expr": varying("longest", 48.7)}], "words": {"expr": varying("words", ["a", "b c"])}}
    assert settled(spec) == {"domain": [0, 48.7], "words": ["a", "b c"]}
    words = {"expr": "split(facts.words, '\\n')"}
    assert named(spec) == (
        {"domain": [0, {"expr": "facts.longest"}], "words": words},
        {"longest": 48.7, "words": "a\nb c"},
    )


@pytest.mark.parametrize("text", ['"quoted"', "a\nb", "\ufdd0x\ufdd11\ufdd2", "żółć", "</script>"])
def test_any_text_comes_back(text: str) -> None:
    spec = {"title": {"expr": varying("title", text)}}
    assert settled(spec) == {"title": text}
    assert named(spec)[1] == {"title": text}


def test_one_name_has_one_value() -> None:
    with pytest.raises(ValueError, match=r"two values of longest: 12\.0 and 13\.0"):
        named({"domain": [{"expr": varying("longest", end)} for end in (12.0, 13.0)]})
