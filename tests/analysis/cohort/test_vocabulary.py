"""The vocabulary: an entry is all that a new column needs, and a mistake in it is reported."""

import re
import shutil
from pathlib import Path

import pytest

from analysis.cohort import vocabulary
from analysis.cohort.vocabulary import read_vocabulary
from analysis.cohort.vocabulary_entry import VocabularyError
from tests.running import ROOT, run_alone

TEXT = Path(vocabulary.__file__).with_name("vocabulary.toml").read_text(encoding="utf-8")
# The example in the comments of `vocabulary.toml`.
FERRITIN = "\n".join(re.findall(r"(?m)^# {5}(\S.*)$", TEXT))

TOLD = '[{ kind = "fall", amount = 4, source = "Furie et al. 2009" }]'

READ_AND_DRAWN = """
from analysis import read_cohort, trajectory
from analysis.cohort.column_words import column_label, in_unit

patients = b"patient_id,follow_up_months,died\\na,20,0\\nb,30,1\\n"
for heading, factor in {
    "Serum ferritin": 1, "FERRITINA SERICA": 1, "ferritin (ng/mL)": 1, "Ferritin mg/L": 1000, "ferritin_ug_per_l": 1
}.items():
    visits = f"patient_id,months,{heading}\\na,0,1.5\\nb,0,2.5\\na,3,\\nb,3,2 mg/L\\n".encode()
    values = read_cohort(patients, visits).visits.set_index(["patient_id", "months"])["ferritin_ug_per_l"]
    assert values["a", 0] == 1.5 * factor and values["b", 0] == 2.5 * factor and values["b", 3] == 2000, heading

summary = trajectory(read_cohort(patients, visits), "ferritin_ug_per_l").summary
assert summary["centre"].tolist()[:1] == [2.0]
print(column_label("baseline_ferritin_ug_per_l"), "|", in_unit("ferritin_ug_per_l"))
"""


def test_a_column_needs_nothing_but_an_entry(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "analysis", tmp_path / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    table = tmp_path / "analysis" / "cohort" / "vocabulary.toml"
    table.write_text(f"{TEXT}\n{FERRITIN}\n", encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(READ_AND_DRAWN, encoding="utf-8")
    ended = run_alone(script)
    assert ended.stderr == ""
    assert ended.stdout == "Baseline ferritin | ferritin in µg/L\n"


def test_synonyms_are_compared_without_capitals_blanks_and_accents() -> None:
    column = read_vocabulary(f"{TEXT}\n{FERRITIN}")["visits"]["ferritin_ug_per_l"]
    assert column.synonyms == ("ferritin", "serum_ferritin", "ferritina_serica")


def test_a_time_comes_in_every_unit_of_time() -> None:
    tables = read_vocabulary(f'{TEXT}\n[visits.since_biopsy_months]\nlabel = "B"\nkind = "number"\nunit = "months"\n')
    assert tables["visits"]["since_biopsy_months"].units == tables["visits"]["months"].units


@pytest.mark.parametrize(
    ("line", "instead", "words"),
    [
        ("label =", "lable =", "lable is not known. Known are label, kind, unit, "),
        ('label = "Ferritin"', "", "it has no label"),
        ('label = "Ferritin"', 'label = " "', "label must be a text in quotes, not ' '"),
        ('label = "Ferritin"', 'label = "SLEDAI"', r'its label "SLEDAI" is that of \[visits.sledai\]'),
        ('kind = "number"', "", "it has no kind"),
        ('kind = "number"', 'kind = "float"', "kind must be one of text, number, integer, .*, not 'float'"),
        ('kind = "number"', 'kind = "text"', "unit is for numbers, and its kind is text"),
        ('kind = "number"', 'kind = "number"\nordered = true', "ordered is for categories, and its kind is number"),
        ('kind = "number"', 'kind = "number"\nlevels = { a = ["b"] }', "levels is for categories and sets"),
        ('kind = "number"', 'kind = "number"\nunit_asked = "yes"', "unit_asked must be true or false, not 'yes'"),
        ("[1, 100000]", "[100000, 1]", r"range must be two numbers, the lower first, such as \[0, 40\], not"),
        ("[1, 100000]", '"1-100000"', "range must be two numbers"),
        ("range = [1, 100000]", 'beyond = "not used"', "beyond needs a range"),
        ("range =", 'beyond = "asks"\nrange =', "beyond must be one of doubtful, not used, asked, not 'asks'"),
        ("units =", 'beyond = "asked" #', 'beyond = "asked" needs the other scales in units'),
        ('unit = "µg/L"', "", "units needs its own unit"),
        ('"ng/mL" = 1', '"µg/L" = 1', 'its own unit "µg/L" is among the other units'),
        ('"ng/mL" = 1', '"ng/mL" = 0', "units must be other units and what one of them is in its own"),
        ("units =", 'unit_words = { "g/L" = ["gram"] }\nunits =', 'unit_words names "g/L", which is none of its units'),
        ("range =", 'better = "less"\nrange =', "better must be one of lower, higher, not 'less'"),
        ("range =", "normal = [30, 400]\nrange =", "normal and normal_source stand together"),
        ("range =", f"response = {TOLD}\nrange =", "response needs better"),
        ("range =", f'better = "higher"\nresponse = {TOLD}\nrange =', 'a response "fall" is none where a higher value'),
        (
            "range =",
            f'better = "lower"\nresponse = {TOLD.replace("4", "0")}\nrange =',
            "A fall or a rise is a",
        ),
        ("range =", 'better = "lower"\nresponse = ["fall 4"]\nrange =', "response must be responses in brackets"),
        ("range =", 'scale = "square"\nrange =', "scale must be one of log, not 'square'"),
        ('["Ferritin"', '["Serum albumin"', r'"serum_albumin" is a name of \[visits.albumin_g_per_l\] too'),
        ('["Ferritin"', '["albumin_g_per_l"', r'"albumin_g_per_l" is a name of \[visits.albumin_g_per_l\] too'),
        ('["Ferritin"', '["--"', "a synonym has no letters"),
        ("synonyms = [", "synonyms = [1, ", "synonyms must be names in brackets, such as"),
        ("synonyms =", 'shares_with = ["iron"]\nsynonyms =', "shares_with names iron, which is no entry of visits"),
    ],
)
def test_a_mistake_in_an_entry_is_reported_with_its_name(line: str, instead: str, words: str) -> None:
    assert line in FERRITIN
    with pytest.raises(VocabularyError, match=rf"^\[visits.ferritin_ug_per_l\]: {words}"):
        read_vocabulary(f"{TEXT}\n{FERRITIN.replace(line, instead, 1)}")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            "[visits.Ferritin_Level]\nlabel = 'B'\nkind = 'number'",
            r"^\[.*\]: its name must be written as \"ferritin_level\"",
        ),
        ("[visits.b]\nlabel = 'B'\nkind = 'set'", r"^\[visits.b\]: only organs can be a set"),
        ("[visits.b]\nsame_as = 'patients.nobody'", r"^\[visits.b\]: same_as stands alone and names an entry above"),
        ("[visits.b]\nlabel = 'B'\nsame_as = 'patients.sex'", r"^\[visits.b\]: same_as stands alone"),
        (
            "[visits.b]\nlabel = 'B'\nkind = 'category'\nlevels = { mild = ['low'], severe = ['Low'] }",
            r'^\[visits.b\]: "Low" stands for two levels, mild and severe',
        ),
        (
            "[visits.b]\nlabel = 'B'\nkind = 'category'\nlevels = { mild = [] }\nlevel_labels = { sever = 'Severe' }",
            r'^\[visits.b\]: level_labels names "sever", which is none of its levels',
        ),
        (
            "[visit.b]\nlabel = 'B'\nkind = 'number'",
            "must have the tables patients, visits, events, treatments, infusions, words, not .*, visit",
        ),
        ("[visits.sledai]\nlabel = 'B'", "not in the form of TOML: .*line"),
        ("[visits.b]\nlabel = B", "not in the form of TOML: .*line"),
    ],
)
def test_a_malformed_vocabulary_is_reported(entry: str, words: str) -> None:
    with pytest.raises(VocabularyError, match=words):
        read_vocabulary(f"{TEXT}\n{entry}\n")


def test_two_entries_may_share_a_synonym_where_one_of_them_says_so() -> None:
    shared = FERRITIN.replace('["Ferritin"', '["Serum albumin"').replace(
        "units =", 'shares_with = ["albumin_g_per_l"]\nunits ='
    )
    tables = read_vocabulary(f"{TEXT}\n{shared}")
    assert "serum_albumin" in tables["visits"]["ferritin_ug_per_l"].synonyms
