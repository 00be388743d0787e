"""Texts in the encodings of hospitals are read with their letters right, or refused: never with others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import CohortError
from analysis.intake.content import tables_in

TABLES = {
    "zh": "患者编号,年龄,性别,随访月,是否死亡\n001,34,女,12.5,否\n002,28,男,30,是\n",
    "zh names": "编号,姓名,随访月,死亡\n1,张伟,12,0\n2,欧阳震华,30,1\n3,尉迟恭,8,0\n4,濮存昕,9,1\n",
    "zh as if utf-8": "id,水平,g/24小时\n1,12,0\n2,30,1\n",
    "zh one word": "id,months,死亡\n1,12,0\n2,30,1\n",
    "tw": "病患編號,年齡,性別,追蹤月數,死亡\n001,34,女,12.5,否\n002,28,男,30,是\n",
    "ja": "患者番号,年齢,性別,観察期間(月),転帰\n001,34,女,12.5,生存\n002,28,男,30,死亡\n",
    "ja kana": "id,months,ステロイド量\n1,12,なし\n2,30,あり\n",
    "ko": "환자번호,나이,성별,추적기간,사망여부\n001,34,여,12.5,아니오\n002,28,남,30,예\n",
    "ko one word": "id,months,사망\n1,12,0\n2,30,1\n",
    "de": "Patient,Größe,Geschlecht,Überlebt\n1,170,männlich,ja\n2,165,weiblich,nein\n",
    "fr": "identifiant,décédé,Né le,traitement à l’entrée\n1,oui,2001,cortisone\n2,non,1999,été\n",
    "pt": "código,medicação,remissão,Última visita\n1,não,sim,2001\n2,sim,não,1999\n",
    "es": "paciente,año,situación,¿murió?\n1,2001,niña,sí\n2,1999,mujer,no\n",
    "signs": "id,temp °C,creatinine µmol/l,dose mg/m²\n1,36.5,80,1\n2,37,90,2\n",
    "capitals": "ID,ÂGE,DÉCÈS\n1,34,OUI\n2,28,NON\n",
}
IN = [
    *(
        ("zh", "gb18030"),
        ("zh", "gbk"),
        ("zh names", "gb18030"),
        ("zh one word", "gb18030"),
        ("zh as if utf-8", "gbk"),
        ("tw", "big5"),
    ),
    *(("ja", "cp932"), ("ja", "euc_jp"), ("ja kana", "cp932"), ("ja kana", "euc_jp"), ("ko", "cp949")),
    *(("ko", "euc_kr"), ("ko one word", "cp949")),
    *((name, "cp1252") for name in ("de", "fr", "pt", "es", "signs", "capitals")),
]


@pytest.mark.parametrize(("name", "encoding"), IN)
def test_letters_come_out_right_and_the_encoding_is_told(name: str, encoding: str) -> None:
    (table,) = tables_in(TABLES[name].encode(encoding), "p.csv")
    read = [list(table.cells.columns), *table.cells.astype(object).to_numpy().tolist()]
    assert read == [line.split(",") for line in TABLES[name].splitlines()]
    assert any("it is read as" in note for note in table.notes)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_language_is_read_in_unicode(name: str, encoding: str) -> None:
    (table,) = tables_in(TABLES[name].encode(encoding), "p.csv")
    first, *others = TABLES[name].splitlines()
    assert (",".join(table.cells.columns), len(table.cells)) == (first, len(others))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("номер,возраст,пол,умер\n1,34,женский,нет\n2,28,мужской,да\n", "cp1251"),
        ("номер,возраст,пол,умер\n1,34,женский,нет\n2,28,мужской,да\n", "koi8-r"),
        ("αριθμός,ηλικία,φύλο\n1,34,άνδρας\n", "cp1253"),
        ("numéro,décédé,âge\n1,oui,34\n", "mac-roman"),
        ("pacjent,płeć,zmarł,wiek\n1,mężczyzna,nie,34\n2,kobieta,tak,28\n", "cp1250"),
        ("id,months,x\n1,12,濮\n2,30,b\n", "gb18030"),
    ],
)
def test_letters_that_do_not_tell_their_encoding_are_refused(text: str, encoding: str) -> None:
    with pytest.raises(CohortError, match="its letters do not tell in what it is"):
        tables_in(text.encode(encoding), "p.csv")


WORDS = {"gb18030": TABLES["zh"], "cp932": TABLES["ja"], "cp949": TABLES["ko"], "cp1252": TABLES["de"] + TABLES["pt"]}


@given(st.data(), st.sampled_from(list(WORDS)))
def test_no_choice_of_words_is_read_with_other_letters(data: st.DataObject, encoding: str) -> None:
    known = [word for word in WORDS[encoding].replace("\n", ",").split(",") if not word.isascii()]
    chosen = data.draw(st.lists(st.sampled_from(known), min_size=3, max_size=6, unique=True))
    text = "id,n\n" + "".join(f"{place},{word}\n" for place, word in enumerate(chosen))
    try:
        (table,) = tables_in(text.encode(encoding), "p.csv")
    except CohortError:
        return
    assert table.cells["n"].tolist() == chosen
