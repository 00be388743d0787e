"""Other words for the levels of a category, in the languages that files come in; case and blanks do not matter."""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, tuple[str, ...]]

SOURCES: Words = {
    "BM": (
        *("bone marrow", "bone-marrow", "BM-MSC", "BM-MSCs", "BMSC", "BMSCs", "hBM-MSC", "BM MSC", "BM-derived"),
        *("Knochenmark", "moelle osseuse", "médula ósea", "midollo osseo", "medula óssea", "骨髓"),
    ),
    "UC": (
        *("umbilical cord", "umbilical-cord", "UC-MSC", "UC-MSCs", "hUC-MSC", "hUC-MSCs", "hUCMSC", "UCMSC", "UC MSC"),
        *("Wharton's jelly", "Whartons jelly", "Wharton jelly", "WJ", "WJ-MSC", "WJ-MSCs", "cord", "cord tissue"),
        *(
            "umbilical cord tissue",
            "Nabelschnur",
            "cordon ombilical",
            "cordón umbilical",
            "cordão umbilical",
            "脐带",
            "臍帯",
        ),
    ),
    "AD": (
        *("adipose", "adipose tissue", "fat", "AD-MSC", "AD-MSCs", "ADSC", "ADSCs", "AT-MSC", "ASC", "adipose-derived"),
        *("Fettgewebe", "tissu adipeux", "tejido adiposo", "脂肪"),
    ),
    "AM": ("amnion", "amniotic", "amniotic membrane", "AM-MSC", "AM-MSCs", "hAM-MSC", "hAMSC", "羊膜"),
    "BM+UC": (
        *("UC+BM", "BM/UC", "UC/BM", "BM and UC", "UC and BM", "BM & UC", "BM;UC", "both BM and UC"),
        *("bone marrow and umbilical cord", "umbilical cord and bone marrow", "bone marrow + umbilical cord"),
    ),
}

ORGAN_WORDS: Words = {
    "renal": (
        *("kidney", "kidneys", "nephritis", "lupus nephritis", "LN", "nephropathy", "glomerulonephritis", "renal"),
        *("Niere", "Nieren", "rein", "reins", "riñón", "rene", "rim", "肾", "肾脏"),
    ),
    "musculoskeletal": (
        *("arthritis", "joint", "joints", "articular", "musculo-skeletal", "msk", "MSK", "myositis", "arthralgia"),
        *("Gelenke", "articulations", "articulaciones", "关节"),
    ),
    "skin": (
        *("cutaneous", "dermal", "dermatological", "dermatologic", "rash", "mucocutaneous", "Haut", "peau", "piel"),
        *("pelle", "pele", "皮肤"),
    ),
    "haematological": (
        *("haematologic", "hematologic", "hematological", "blood", "haem", "heme", "haematology", "hematology"),
        *("cytopenia", "thrombocytopenia", "Blut", "sang", "hematológico", "ematologico", "血液"),
    ),
    "cardiorespiratory": (
        *("cardio-respiratory", "cardiopulmonary", "cardio-pulmonary", "lung", "lungs", "pulmonary", "heart"),
        *("cardiac", "cardiovascular", "respiratory", "Lunge", "Herz", "poumon", "pulmón", "心肺"),
    ),
    "serositis": ("serosal", "pleuritis", "pleurisy", "pericarditis", "serosa", "浆膜炎"),
    "vasculitis": ("vascular", "vessels", "血管炎"),
    "mucosal": ("mucosa", "oral ulcers", "mouth ulcers", "mucous membranes", "黏膜"),
    "neuropsychiatric": (
        *("neuro-psychiatric", "neuro", "neurological", "neurologic", "CNS", "NPSLE", "np", "nervous system", "brain"),
        *("neurolupus", "ZNS", "SNC", "神经精神"),
    ),
    "constitutional": ("general", "fever", "systemic symptoms", "全身"),
}

SEXES: Words = {
    "female": (
        *("f", "female", "woman", "w", "weiblich", "frau", "femme", "féminin", "mujer", "femenino", "femmina"),
        *("femminile", "donna", "feminino", "mulher", "fem", "女", "女性"),
    ),
    "male": (
        *("m", "male", "man", "männlich", "maennlich", "mann", "homme", "masculin", "hombre", "masculino", "maschio"),
        *("maschile", "uomo", "homem", "masc", "男", "男性"),
    ),
}

REMISSIONS: Words = {
    "none": (
        *("no", "no remission", "not in remission", "NR", "no response", "active", "非缓解", "未缓解"),
        *("keine", "aucune", "ninguna", "nessuna", "nenhuma", "无"),
    ),
    "partial": (
        *("PR", "partial remission", "partial response", "部分缓解", "部分"),
        *("partiell", "teilweise", "Teilremission", "partielle", "parcial", "parziale"),
    ),
    "complete": (
        *("CR", "complete remission", "complete response", "full", "完全缓解", "完全"),
        *("komplett", "vollständig", "Vollremission", "complète", "totale", "completa", "total"),
    ),
}

ENDS: Words = {
    "died": ("dead", "death", "deceased", "死亡"),
    "lost": ("lost to follow-up", "lost to follow up", "LTFU", "LFU", "withdrawn", "withdrew", "drop-out", "失访"),
    "ongoing": (
        *("alive", "still followed", "end of study", "study end", "censored", "administrative", "in follow-up"),
        *("administrative censoring", "completed", "still in follow-up"),
    ),
}

# What a flag can say, and what a column for died can; "none" and "no" are answers, not missing values.
YES = (
    *("1", "true", "yes", "y", "checked", "ja", "j", "oui", "o", "sí", "si", "s", "sì", "sim", "wahr", "vrai", "是"),
    *("verdadero", "vero", "verdadeiro", "有"),
)
NO = (
    *("0", "false", "no", "n", "unchecked", "nein", "non", "não", "nao", "falsch", "faux", "否"),
    *("falso", "无"),
)
DEAD = (
    *(
        "dead",
        "died",
        "deceased",
        "death",
        "expired",
        "passed",
        "passed away",
        "demised",
        "demise",
        "fatal",
        "†",
        "dcd",
    ),
    *("exitus", "exitus letalis", "tot", "verstorben", "gestorben", "tod", "dood", "overleden", "gestorven"),
    *("décédé", "décédée", "decede", "decedee", "mort", "morte", "décès", "deces", "muerto", "muerta", "fallecido"),
    *("fallecida", "muerte", "deceduto", "deceduta", "morto", "morta", "decesso", "óbito", "obito", "falecido"),
    *("falecida", "fallecimiento", "fallecio", "falleció", "faleceu", "zgon", "zmarł", "zmarła", "zmarl", "zmarla"),
    *("nie żyje", "nie zyje", "død", "avliden", "死亡", "死", "去世", "已故", "已死亡"),
)
ALIVE = (
    *("alive", "living", "survived", "surviving", "survivor", "lebt", "lebend", "lebendig", "am leben", "vivant"),
    *("vivante", "en vie", "vivo", "viva", "vivente", "in vita", "vivos", "con vida", "in leven", "levend", "leeft"),
    *("żyje", "zyje", "lever", "levande", "存活", "生存", "活", "健在", "存命"),
)
