"""The encoding of a text that does not declare it, detected from the letters that it decodes to.

Each encoding is tried; letters that are usual in tables of its language support it. If none is supported, or more than
one, the file is refused: a wrong guess could turn every word into another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from analysis.intake.noticed import refuse_file

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
LOOKED_AT = 1_000_000  # bytes
MOST_WORDS = 5_000  # distinct words that are looked at
SHARE_OF_ZEROS = 0.6  # UTF-16 has a zero byte in every ASCII letter
UNCLEAR = (
    "the file is not in UTF-8, and its letters do not tell in what it is. In Excel, save it as CSV UTF-8; or save it "
    "as .xlsx."
)
WORD = re.compile(rb"[^\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]*[\x80-\xff][^\x00-\x2f]*")
ODD = re.compile(r"[\u0180-\u02ff\u0700-\u07ff]")  # phonetic signs and the like
LAST_OF_TWO_BYTES = "\u07ff"  # in UTF-8
HIGH = re.compile(r"[^\x00-\x7f]+")
LEAST = 0.25  # share of usual letters in the right encoding; in a wrong one it is below a tenth
LEAST_LETTERS = 3  # usual letters, unless all are usual: a single one can be chance
LEAST_ACCENTS = 0.9
AHEAD = 2  # times the share of usual letters in the next best encoding

# Frequent in any text, and the words of such tables: patient, number, age, sex, date, follow-up, death, kidney ...
SIMPLIFIED = set(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成"
    "方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工"
    "使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表"
    "化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结"
    "反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难"
    "且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔患编号龄姓随访亡"
    "存移植狼疮肾炎症节皮肤血液红斑蛋白抗补肌酐缓复间充质干细胞脐骨髓源累器官肺脑评索剂激素天周岁男轻中诊断疗效级检查尿药"
    "酸环磷酰胺吗替麦考酚酯羟氯喹泼尼松阴阳否末终失联止刘李陈杨赵黄吴徐孙朱胡郭何林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋"
    "余杜叶魏苏吕丁沈姜范江傅钟卢汪戴崔陆廖伟芳娜敏静丽强磊洋艳勇军杰娟涛超霞鹏"
)
TRADITIONAL = set(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成"
    "方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日者意無力它與長把機十民第公此已工使情"
    "明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體相見被利二等產或新制身果加西月話合回特代內信表化老給位次度任常"
    "先通教原提立及比員解水名真論處各入幾口認條平系氣題活更別女變總數安少報結反受目量再感建做接件計期直資命指許統區保至形空決"
    "治展科基書非則達放強即難且思完設式色路記品住告類求據程北死張交規取確觀清院識候帶導運患編號齡姓隨訪亡存移植狼瘡腎炎症節皮"
    "膚血液紅斑蛋白抗補肌酐緩復發間質幹細胞臍骨髓源累器官肺腦評劑激素週歲男診斷療效級檢查尿藥酸陰陽否終失聯陳林黃李王吳劉蔡楊"
)
KANJI = set(
    "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土"
    "木聞食車何南万毎白天母火右読友左休父雨患者番号齢性別期移植死亡追跡観察経過転帰腎皮膚関節血液神経蛋白尿抗体補体寛解再発部完"
    "全由来骨髄臍帯幹細胞薬量最終診断院度値検査群例無有不明歳週日数活動因症状治療評価点数氏住所可能用開始終了登録回法定在住内科"
    "佐藤鈴木高橋田中伊藤渡辺山本中村小林加藤吉田山口松井清斎"
)
HANGUL = set(
    "이다의가는에을를은로고한하지나자도과와여사들그리서으기시인어대있정수보아전일해만원제부라동오주상구연성스장국면비신조공"
    "게용위거년미식실의계분무적관치환자번호나이성별남여날짜추적기간월사망생존신장염피부관절혈액신경단백뇨항체보체완전관해"
    "재발부분골수제대줄기세포출처이식루푸스최종방문진단병원명활동점수키체중투여량약물전후유합병증코드등록김박최정강조윤임"
    "림황안송류홍예아니오개주일세코르티"
)
ENCODINGS = {
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
    "cp1252": "Windows-1252",
}
SIGNS = set("°µ±²³¼½¾×÷§€£©®«»‘’“”„‚‹›–—…•·´¨ªº¹¡¿\u00a0‰†‡™¬")
MOST_ACCENTS = 2  # side by side, as in "ção"
QUOTES = set("‘’“”„«»…\u00a0")
AMONG_LETTERS = set("’·-")


def encoding_of(data: bytes, file: str) -> tuple[str, str]:
    """Return the encoding of a text, and a note if it was detected; else "".

    Raises
    ------
    CohortError
        If it cannot be detected.
    """
    if data.startswith(UTF_16_MARKS):
        return "utf-16", ""
    sample = data[:LOOKED_AT]
    if b"\0" in sample:
        unmarked = _utf_16(sample, len(data))
        return unmarked, "the file is read as UTF-16, though it does not say so." if unmarked != "utf-8" else ""
    if _is_utf_8(data):
        return "utf-8", ""
    found = _most_usual(data)
    if not found:
        refuse_file(file, UNCLEAR)
    what = "accents" if found == "cp1252" else "it"
    return found, f"the file is not in UTF-8; it is read as {ENCODINGS[found]}. Look whether {what} came out right."


def _is_utf_8(data: bytes) -> bool:
    """Return whether a text is in UTF-8; a few Chinese words in GB 18030, such as 水平, are valid but odd UTF-8."""
    if data.isascii():
        return True
    try:
        text = data.decode()[:LOOKED_AT]
    except UnicodeDecodeError:
        return False
    return not ODD.search(text) or max(text) > LAST_OF_TWO_BYTES or not _most_usual(data)


def _utf_16(sample: bytes, size: int) -> str:
    """Return which UTF-16 a text with zero bytes but without a byte order mark is in; else "utf-8"."""
    if size % 2:
        return "utf-8"
    even = sample[: len(sample) // 2 * 2]
    for encoding, empty in (("utf-16-le", even[1::2]), ("utf-16-be", even[::2])):
        zeros = empty.count(0)
        if zeros > SHARE_OF_ZEROS * len(empty) > 1:
            return encoding
        text = even.decode(encoding, errors="replace")
        usual = sum(map(_usual_in_any, text))
        if zeros > 1 and "\n" in text and usual > LEAST_ACCENTS * len(text):
            return encoding
    return "utf-8"


def _usual_in_any(sign: str) -> bool:
    """Return whether a sign is ASCII, Latin, Chinese, Japanese or Korean."""
    return sign < "\u0250" or "\u3000" <= sign < "\u3100" or "\u4e00" <= sign < "\ua000" or "\uac00" <= sign < "\ud7a4"


def _most_usual(data: bytes) -> str:
    """Return the encoding with the largest share of usual letters; "" if it is small, or another one is close."""
    words = list(dict.fromkeys(WORD.findall(data[:LOOKED_AT])[: 4 * MOST_WORDS]))[:MOST_WORDS]
    shares = {encoding: _share(data, words, encoding) for encoding in ENCODINGS}
    best, second = sorted(shares, key=lambda encoding: shares[encoding], reverse=True)[:2]
    least = LEAST_ACCENTS if best == "cp1252" else LEAST
    return best if shares[best] >= least and shares[best] >= AHEAD * shares[second] else ""


def _share(data: bytes, words: list[bytes], encoding: str) -> float:
    """Return the share of usual letters among the non-ASCII ones; 0 if the bytes are invalid in the encoding."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    text = [word.decode(encoding, errors="replace") for word in words]
    if encoding == "cp1252":
        runs = [_are_accents(word, run) for word in text for run in HIGH.finditer(word)]
        return sum(runs) / max(len(runs), 1)
    letters = [sign for word in text for run in HIGH.findall(word) for sign in run if sign.isalpha()]
    usual = sum(map(_usual(encoding), letters))
    return usual / len(letters) if usual >= LEAST_LETTERS or 0 < usual == len(letters) else 0.0


@cache
def _usual(encoding: str) -> Callable[[str], bool]:
    """Return a function that tells whether a letter is usual in the language of an encoding."""
    if encoding in ("cp932", "euc_jp"):
        return lambda sign: "\u3041" <= sign <= "\u30fe" or sign in KANJI
    return {"gb18030": SIMPLIFIED, "big5": TRADITIONAL, "cp949": HANGUL}[encoding].__contains__


def _are_accents(word: str, run: re.Match[str]) -> bool:
    """Return whether non-ASCII letters stand where accented letters do in European words."""
    before, after = word[: run.start()][-1:], word[run.end() :][:1]
    signs = run.group()
    if len(signs) > 1 and not (before.isalpha() or after.isalpha()):
        return False
    if all(sign in SIGNS for sign in signs):
        return not (before.isalpha() and after.isalpha()) or signs in AMONG_LETTERS
    letters = [sign for sign in signs if sign not in QUOTES]
    capital_within = before.islower() and any(sign.isupper() for sign in letters)
    return len(letters) <= MOST_ACCENTS and not capital_within and all(sign.isalpha() for sign in letters)
